//! Expressions, one function for each kind.

use super::casts::CastKind;
use super::literals::int_kind_for;
use super::*;
use ast::{Expr as Tree, ExprKind, Name, NamedCast, UnaryOp as UnaryTree};
use ir::{Axis, Expr, Geometry, Scalar, StmtKind};
use source::Code;

/// Operators may be nested this deep in one expression.
const MAX_EXPRESSION_DEPTH: u32 = 1000;

impl<'a> Sema<'a> {
    pub fn lower_expr(&mut self, tree: &'a Tree) -> Result<Operand<'a>> {
        if self.f.depth >= MAX_EXPRESSION_DEPTH {
            return fail(Code::E0216, "expression is nested too deeply", tree.span);
        }
        self.f.depth += 1;
        let result = self.lower_expr_kind(tree);
        self.f.depth -= 1;
        result
    }

    fn lower_expr_kind(&mut self, tree: &'a Tree) -> Result<Operand<'a>> {
        let span = tree.span;
        match &tree.kind {
            ExprKind::Int(literal) => self.lower_int(literal, span),
            ExprKind::Float(literal) => self.lower_float(literal, span),
            ExprKind::Char(literal) => self.lower_char(literal, span),
            ExprKind::Str(literal) => {
                let element = CType::int(IntKind::Char).with_const();
                let ty = self.types.array(element, Some(literal.value.len() as u64 + 1));
                Ok(Operand { ty, kind: OperandKind::Text(literal), span })
            }
            ExprKind::Bool(value) => {
                let value = self.constant(Scalar::Bool, u64::from(*value), span);
                Ok(Operand::value(CType::BOOL, value, span))
            }
            ExprKind::Nullptr => {
                let ty = self.ir_type(CType::NULLPTR, span)?;
                let value = self.zero(ty, span);
                Ok(Operand::value(CType::NULLPTR, value, span))
            }
            ExprKind::This => self.lower_this(span),
            ExprKind::Name(name) => self.lower_name(name),
            ExprKind::Paren(inner) => self.lower_expr(inner),
            ExprKind::Unary { op, operand } => self.lower_unary(*op, operand, span),
            ExprKind::Postfix { op, operand } => self.lower_postfix(*op, operand, span, true),
            ExprKind::Binary { op, lhs, rhs } => self.lower_binary(*op, lhs, rhs, span),
            ExprKind::Assign { op, lhs, rhs } => self.lower_assign(*op, lhs, rhs, span, true),
            ExprKind::Conditional { condition, then, otherwise } => {
                self.lower_conditional(condition, then.as_deref(), otherwise, span)
            }
            ExprKind::Comma { lhs, rhs } => self.lower_comma(lhs, rhs, span),
            ExprKind::Call { callee, args } => self.lower_call(callee, args, span),
            ExprKind::Launch(_) => fail(Code::E0227, "kernels cannot launch kernels yet", span),
            ExprKind::Index { base, index } => self.lower_index(base, index, span),
            ExprKind::Member { base, arrow, name } => self.lower_member(base, *arrow, name, span),
            ExprKind::CCast { ty, operand } => {
                let to = self.resolve_type(ty)?;
                self.lower_cast(to, operand, CastKind::C, span)
            }
            ExprKind::NamedCast { cast, ty, operand } => {
                let kind = match cast {
                    NamedCast::Dynamic => return fail(Code::E0231, "`dynamic_cast` is not available on the device", span),
                    NamedCast::Reinterpret => CastKind::Reinterpret,
                    NamedCast::Static => CastKind::Static,
                    NamedCast::Const => CastKind::Const,
                };
                let to = self.resolve_type(ty)?;
                self.lower_cast(to, operand, kind, span)
            }
            ExprKind::Construct { ty, args } => {
                let to = match self.deduced_call_type(ty, args, span)? {
                    Some(deduced) => deduced,
                    None => self.resolve_type(ty)?,
                };
                self.lower_functional_cast(to, args, span)
            }
            ExprKind::ConstructBraced { ty, init } => {
                let to = match self.deduced_cast_type(ty, init, span)? {
                    Some(deduced) => deduced,
                    None => self.resolve_type(ty)?,
                };
                self.braced_operand(to, init, span)
            }
            ExprKind::Braced(init) => Ok(Operand { ty: CType::VOID, kind: OperandKind::Braced(init), span }),
            ExprKind::SizeofExpr(operand) | ExprKind::AlignofExpr(operand) if self.named_type(operand)?.is_some() => {
                // Syntax did not know that the name is a type's.
                let ty = self.named_type(operand)?.unwrap_or(CType::VOID);
                let (size, align) = self.size_and_align(ty, span)?;
                let is_size = matches!(tree.kind, ExprKind::SizeofExpr(_));
                Ok(self.size_value(if is_size { size } else { align }, span))
            }
            ExprKind::SizeofExpr(operand) => {
                let typed = self.unevaluated(|sema| sema.lower_expr(operand))?;
                if matches!(typed.kind, OperandKind::Lvalue(Place::Bits { .. }) | OperandKind::Functions(_)) {
                    return fail(Code::E0304, "bit-fields and functions have no size", span);
                }
                let ty = typed.ty;
                self.size_operand(ty, span)
            }
            ExprKind::SizeofType(ty) => {
                let ty = self.resolve_type(ty)?;
                self.size_operand(ty, span)
            }
            ExprKind::SizeofPack(ident) => self.lower_sizeof_pack(ident, span),
            ExprKind::AlignofType(ty) => {
                let ty = self.resolve_type(ty)?;
                let (_, align) = self.size_and_align(ty, span)?;
                Ok(self.size_value(align, span))
            }
            ExprKind::AlignofExpr(operand) => {
                let ty = self.unevaluated(|sema| Ok(sema.lower_expr(operand)?.ty))?;
                let (_, align) = self.size_and_align(ty, span)?;
                Ok(self.size_value(align, span))
            }
            ExprKind::NoexceptExpr(operand) => {
                let outer = std::mem::replace(&mut self.f.may_throw, false);
                let typed = self.unevaluated(|sema| sema.lower_expr(operand));
                let may_throw = std::mem::replace(&mut self.f.may_throw, outer);
                typed?;
                let value = self.constant(Scalar::Bool, u64::from(!may_throw), span);
                Ok(Operand::value(CType::BOOL, value, span))
            }
            ExprKind::TypeTrait { name, args } => self.lower_trait(name, args, span),
            ExprKind::Lambda(lambda) => self.lower_lambda(lambda, span),
            ExprKind::Fold(fold) => self.lower_fold(fold, span),
            ExprKind::New(new) => self.lower_new(new, span),
            ExprKind::Delete { array, operand, .. } => self.lower_delete(*array, operand, span),
            ExprKind::Throw(_) => fail(Code::E0223, "exceptions are not available on the device", span),
            ExprKind::TypeidType(_) | ExprKind::TypeidExpr(_) => {
                fail(Code::E0231, "`typeid` is not available on the device", span)
            }
            ExprKind::Pack(_) => fail(Code::E0230, "a pack cannot be expanded here", span),
            ExprKind::StmtExpr(block) => self.lower_statement_expression(block, span),
            ExprKind::Error => Err(Failure::Poisoned),
        }
    }

    /// An expression whose value nobody wants.
    pub(super) fn lower_discarded(&mut self, tree: &'a Tree) -> Result<()> {
        match &tree.kind {
            ExprKind::Paren(inner) => self.lower_discarded(inner),
            ExprKind::Assign { op, lhs, rhs } => self.lower_assign(*op, lhs, rhs, tree.span, false).map(drop),
            ExprKind::Postfix { op, operand } => self.lower_postfix(*op, operand, tree.span, false).map(drop),
            ExprKind::Unary { op: op @ (UnaryTree::Increment | UnaryTree::Decrement), operand } => {
                self.lower_prefix(*op, operand, tree.span, false).map(drop)
            }
            ExprKind::Comma { lhs, rhs } => {
                self.lower_discarded(lhs)?;
                self.lower_discarded(rhs)
            }
            ExprKind::Conditional { condition, then: Some(then), otherwise } => {
                let condition = self.lower_condition(condition)?;
                let (accept, ()) = self.block(|sema| sema.lower_discarded(then))?;
                let (reject, ()) = self.block(|sema| sema.lower_discarded(otherwise))?;
                if !accept.stmts.is_empty() || !reject.stmts.is_empty() {
                    self.push(StmtKind::If { condition, accept, reject }, tree.span);
                }
                Ok(())
            }
            ExprKind::CCast { ty, operand } if matches!(ty.kind, ast::TypeKind::Builtin(ast::Builtin::Void)) => {
                self.lower_discarded(operand)
            }
            _ => {
                let operand = self.lower_expr(tree)?;
                if matches!(operand.kind, OperandKind::Value(Some(_))) && self.needs_cleanup(operand.ty)? {
                    self.address_of(&operand, tree.span)?;
                }
                if let (OperandKind::Lvalue(place), true) = (&operand.kind, operand.ty.is_volatile) {
                    let value = self.read_place(*place, operand.ty, tree.span)?;
                    let ty = self.ir_ty(value);
                    let result = self.f.func.add_let(None, ty, tree.span);
                    self.push(StmtKind::Let { result, value }, tree.span);
                }
                Ok(())
            }
        }
    }

    fn named_type(&mut self, tree: &'a Tree) -> Result<Option<CType>> {
        let ExprKind::Name(name) = &tree.without_parens().kind else { return Ok(None) };
        let found = self.lookup(name)?;
        let is_type = match &found {
            Found::Type(_) | Found::Argument(TemplateArg::Type(_)) | Found::Local(LocalEntity::Type(_)) => true,
            Found::Entities(entities) | Found::Members { entities, .. } => {
                matches!(entities.first(), Some(Entity::Class(_) | Entity::Enum(_) | Entity::Alias(_)))
                    && entities.iter().all(|entity| matches!(entity, Entity::Class(_) | Entity::Enum(_) | Entity::Alias(_)))
            }
            _ => false,
        };
        Ok(if is_type { Some(self.type_of_found(found, name.last())?) } else { None })
    }

    /// `a, b`, which classes may overload.
    fn lower_comma(&mut self, lhs: &'a Tree, rhs: &'a Tree, span: Span) -> Result<Operand<'a>> {
        let overloaded = self.overloads_comma && {
            let left = self.unevaluated(|sema| sema.lower_expr(lhs))?;
            matches!(self.types.kind(left.ty), TypeKind::Class(_) | TypeKind::Enum(_))
                && !self.operator_candidates(ast::OperatorName::Comma, std::slice::from_ref(&left))?.entities.is_empty()
        };
        if overloaded {
            let left = self.lower_expr(lhs)?;
            let mark = self.mark();
            let right = self.lower_expr(rhs)?;
            let left = self.hold(left, mark)?;
            return match self.try_operator(ast::OperatorName::Comma, vec![left, right.clone()], span)? {
                Some(result) => Ok(result),
                None => Ok(right),
            };
        }
        self.lower_discarded(lhs)?;
        self.lower_expr(rhs)
    }

    pub(crate) fn size_value(&mut self, size: u64, span: Span) -> Operand<'a> {
        let value = self.constant(Scalar::U64, size, span);
        Operand::value(CType::SIZE, value, span)
    }

    fn size_operand(&mut self, ty: CType, span: Span) -> Result<Operand<'a>> {
        let size = self.size_of(ty, span)?;
        Ok(self.size_value(size, span))
    }

    fn lower_sizeof_pack(&mut self, ident: &ast::Ident, span: Span) -> Result<Operand<'a>> {
        let count = match self.f.find_local(ident.name) {
            Some(LocalEntity::Pack(objects)) => objects.len(),
            _ => match self.env_lookup(self.f.ctx.env, ident.name) {
                Some(TemplateArg::Pack(items)) => items.len(),
                _ => return fail(Code::E0230, format!("`{ident}` is no pack"), span),
            },
        };
        Ok(self.size_value(count as u64, span))
    }

    fn lower_this(&mut self, span: Span) -> Result<Operand<'a>> {
        match self.f.this {
            Some(this) => {
                let ty = self.types.pointer(this.class);
                Ok(Operand::value(ty, this.pointer, span))
            }
            None => fail(Code::E0237, "`this` is available in methods only", span),
        }
    }

    pub(crate) fn lower_name(&mut self, name: &'a Name) -> Result<Operand<'a>> {
        let found = self.lookup(name)?;
        let span = name.span;
        match found {
            Found::Nothing => match self.geometry(name, span)? {
                Some(operand) => Ok(operand),
                None => self.unfound_name(name),
            },
            Found::Local(LocalEntity::Object(object)) => Ok(self.object_operand(object, span)),
            Found::Local(LocalEntity::Enumerator(id, index)) => self.enumerator(id, index, span),
            Found::Local(LocalEntity::Poisoned) => Err(Failure::Poisoned),
            Found::Local(LocalEntity::Functions(entities)) => self.function_operand(name, entities, None, false),
            Found::Argument(TemplateArg::Value(ty, bits)) => {
                let ir = self.ir_type(ty, span)?;
                match self.module.tables.types.as_scalar(ir) {
                    Some(scalar) => {
                        let value = self.constant(scalar, bits, span);
                        Ok(Operand::value(ty, value, span))
                    }
                    None => {
                        let value = self.zero(ir, span);
                        Ok(Operand::value(ty, value, span))
                    }
                }
            }
            Found::Entities(entities) => self.entities_operand(name, entities),
            Found::Members { class, steps, entities } => self.member_name(name, class, &steps, entities),
            Found::Local(LocalEntity::Pack(_)) | Found::Argument(TemplateArg::Pack(_)) => {
                fail(Code::E0230, "a pack must be expanded with `...`", span)
            }
            Found::Local(_) | Found::Argument(_) | Found::Type(_) => {
                fail(Code::E0233, format!("`{}` is a type, but a value is needed here", last_text(name)), span)
            }
        }
    }

    /// Functions that only their arguments' namespaces know may follow.
    fn unfound_name(&mut self, name: &'a Name) -> Result<Operand<'a>> {
        if name.is_qualified() {
            return Err(self.unknown_name(name));
        }
        if let Some(function) = self.f.current {
            let text = match last_text(name).as_str() {
                "__func__" | "__FUNCTION__" => Some(self.function(function).name.clone()),
                "__PRETTY_FUNCTION__" => Some(self.show_pretty(function)),
                _ => None,
            };
            if let Some(text) = text {
                let element = CType::int(IntKind::Char).with_const();
                let ty = self.types.array(element, Some(text.len() as u64 + 1));
                let address = self.text_address(text.as_bytes(), name.span)?;
                return Ok(Operand::lvalue(ty, Place::Memory(address), name.span));
            }
        }
        Err(self.unknown_name(name))
    }

    fn object_operand(&mut self, object: Object, span: Span) -> Operand<'a> {
        if let Some((ty, bits, name)) = object.constant
            && let Ok(ir) = self.ir_type(ty, span)
            && let Some(scalar) = self.module.tables.types.as_scalar(ir)
        {
            let value = match name {
                Some(id) => {
                    let name = self.module.tables.constants[id].name.clone();
                    self.named_constant(&name, scalar, bits, span).0
                }
                None => self.constant(scalar, bits, span),
            };
            let param = match object.place {
                Place::Value { param, .. } => param,
                _ => None,
            };
            return Operand::lvalue(object.ty, Place::Value { value, param }, span);
        }
        Operand::lvalue(object.ty, object.place, span)
    }

    pub(super) fn enumerator(&mut self, id: EnumId, index: u32, span: Span) -> Result<Operand<'a>> {
        self.complete_enum(id)?;
        let info = &self.enums[id.index()];
        let Some(&value) = info.values.get(index as usize) else {
            return fail(Code::E0211, "the enumerator's value is not known yet", span);
        };
        let (underlying, done) = (info.underlying, info.state == Completion::Done);
        let name = info.ast.items.iter().flatten().nth(index as usize).map(|item| item.name.name);
        // Inside its own list an enumerator has the type of its value ([dcl.enum]/5).
        let ty = if done { self.types.intern(TypeKind::Enum(id)) } else { CType::int(int_kind_for(value)) };
        let ir = self.ir_type(if done { underlying } else { ty }, span)?;
        let scalar = self.module.tables.types.as_scalar(ir).unwrap_or(Scalar::I32);
        let expr = match name {
            Some(name) if done => self.named_constant(name.as_str(), scalar, value as u64, span).0,
            _ => self.constant(scalar, value as u64, span),
        };
        Ok(Operand::value(ty, expr, span))
    }

    fn entities_operand(&mut self, name: &'a Name, entities: Vec<Entity>) -> Result<Operand<'a>> {
        let span = name.span;
        match entities.first() {
            Some(Entity::Enumerator(id, index)) => self.enumerator(*id, *index, span),
            Some(Entity::Variable(var)) => {
                let info = &self.vars[var.index()];
                if info.specs.has(ast::Spec::Extern)
                    && info.ctx.ns == NsId(0)
                    && let Some(operand) = self.geometry(name, span)?
                {
                    return Ok(operand);
                }
                self.variable_operand(*var, span)
            }
            Some(Entity::Template(id)) if matches!(self.templates[id.index()].tree, TemplateTree::Variable(..)) => {
                let args = match &name.last().args {
                    Some(args) => self.eval_template_args(args)?,
                    None => Vec::new(),
                };
                let var = self.instantiate_variable(*id, args, span)?;
                self.variable_operand(var, span)
            }
            _ if entities.iter().any(|entity| matches!(entity, Entity::Function(_) | Entity::Template(_))) => {
                self.function_operand(name, entities, None, true)
            }
            _ => fail(Code::E0233, format!("`{}` is not a value", last_text(name)), span),
        }
    }

    pub(super) fn function_operand(
        &mut self,
        name: &'a Name,
        entities: Vec<Entity>,
        object: Option<Box<Operand<'a>>>,
        by_arguments: bool,
    ) -> Result<Operand<'a>> {
        let args = match &name.last().args {
            Some(args) => Some(self.eval_template_args(args)?),
            None => None,
        };
        let key = if by_arguments && !name.is_qualified() { Self::key_of(name) } else { None };
        let set =
            FunctionSet { entities, args, object, by_arguments: key, is_qualified: name.is_qualified(), name: last_text(name) };
        Ok(Operand { ty: CType::VOID, kind: OperandKind::Functions(set), span: name.span })
    }

    /// `threadIdx` and its kind: values of the types that CUDA gives them.
    fn geometry(&mut self, name: &Name, span: Span) -> Result<Option<Operand<'a>>> {
        let Some(symbol) = name.symbol() else { return Ok(None) };
        let part: fn(Axis) -> Geometry = match symbol.as_str() {
            "threadIdx" => Geometry::ThreadIdx,
            "blockIdx" => Geometry::BlockIdx,
            "blockDim" => Geometry::BlockDim,
            "gridDim" => Geometry::GridDim,
            "warpSize" => {
                let value = self.named_constant("warpSize", Scalar::I32, 32, span).0;
                return Ok(Some(Operand::value(CType::INT.with_const(), value, span)));
            }
            _ => return Ok(None),
        };
        let (ty, ir) = self.geometry_type(matches!(symbol.as_str(), "blockDim" | "gridDim"), span)?;
        let mut parts = Vec::with_capacity(3);
        for axis in [Axis::X, Axis::Y, Axis::Z] {
            parts.push(self.add(Expr::Geometry(part(axis)), span)?);
        }
        let value = self.add(Expr::Construct { ty: ir, parts }, span)?;
        Ok(Some(Operand::lvalue(ty.with_const(), Place::Value { value, param: None }, span)))
    }

    /// `dim3` for sizes, `uint3` for indices; each is looked up once.
    fn geometry_type(&mut self, is_size: bool, span: Span) -> Result<(CType, TypeId)> {
        if let Some(known) = self.geometry_types[usize::from(is_size)] {
            return Ok(known);
        }
        let name = if is_size { "dim3" } else { "uint3" };
        let entities = self.lookup_in_namespace(NsId(0), NameKey::Ident(Symbol::new(name)));
        let Some(Entity::Class(class)) = entities.first().copied() else {
            return fail(Code::E0201, format!("unknown name `{name}`: CUDA's own headers are missing"), span);
        };
        let ty = self.class_type(class);
        let ir = self.ir_type(ty, span)?;
        self.geometry_types[usize::from(is_size)] = Some((ty, ir));
        Ok((ty, ir))
    }

    fn lower_index(&mut self, base: &'a Tree, index: &'a [Tree], span: Span) -> Result<Operand<'a>> {
        let [index] = index else { return fail(Code::E0230, "an index of several values is not supported", span) };
        let base = self.lower_expr(base)?;
        let place_mark = self.mark();
        if self.types.as_class(base.ty).is_some() {
            let index = self.lower_expr(index)?;
            let operands = vec![base.clone(), index.clone()];
            if let Some(result) = self.try_operator(ast::OperatorName::Index, operands, span)? {
                return Ok(result);
            }
            let pointer = self.builtin_operand(&base)?;
            if !self.types.is_pointer(pointer.ty) {
                return self.call_operator(ast::OperatorName::Index, vec![base, index], span);
            }
            let index = self.builtin_operand(&index)?;
            return self.index_into(&pointer, index, place_mark, span);
        }
        let index = self.lower_expr(index)?;
        // `i[a]` is `a[i]`.
        let (base, index) = match self.types.kind(index.ty) {
            TypeKind::Pointer(_) | TypeKind::Array(..) => (index, base),
            _ => (base, index),
        };
        if self.types.as_class(index.ty).is_some() {
            let to = CType::LONG;
            let value = self.convert(&index, to, span)?;
            return self.index_into(&base, Operand::value(to, value, span), place_mark, span);
        }
        self.index_into(&base, index, place_mark, span)
    }

    fn index_into(&mut self, base: &Operand<'a>, index: Operand<'a>, mark: emit::Mark, span: Span) -> Result<Operand<'a>> {
        let index_value = self.index_value(&index)?;
        if let (TypeKind::Array(element, _), OperandKind::Lvalue(_) | OperandKind::Xvalue(_) | OperandKind::Text(_)) =
            (self.types.kind(base.ty).clone(), &base.kind)
        {
            let address = self.address_of(base, span)?;
            let address = self.keep(address, mark, span);
            let pointer = self.add(Expr::Element { base: address, index: index_value }, span)?;
            return Ok(Operand::lvalue(element, Place::Memory(pointer), span));
        }
        let Some(pointee) = self.types.pointee(base.ty) else {
            let shown = self.show(base.ty);
            return fail(Code::E0206, format!("`{shown}` cannot be indexed"), span);
        };
        let pointer = self.rvalue(base)?;
        let pointer = self.keep(pointer, mark, span);
        let pointer = self.offset(pointer, index_value, pointee, span)?;
        Ok(Operand::lvalue(pointee, Place::Memory(pointer), span))
    }

    /// `pointer + index`; nothing is added for a literal 0.
    pub(super) fn offset(&mut self, pointer: ExprId, index: ExprId, pointee: CType, span: Span) -> Result<ExprId> {
        if self.types.is_void(pointee) {
            return fail(Code::E0206, "`void*` has no elements", span);
        }
        if let TypeKind::Class(class) = *self.types.kind(pointee) {
            self.layout_class(class, span)?;
        }
        if matches!(self.f.func.expr(index), Expr::Const { bits: 0, .. }) {
            return Ok(pointer);
        }
        self.add(Expr::Offset { base: pointer, index }, span)
    }

    /// An index as an integer of at least 32 bits.
    pub(super) fn index_value(&mut self, index: &Operand<'a>) -> Result<ExprId> {
        let ty = index.ty.unqualified();
        if !(self.types.is_integral(ty) || self.is_enum(ty) && !self.is_scoped_enum(ty)) {
            let shown = self.show(ty);
            return fail(Code::E0206, format!("an index must be an integer, not `{shown}`"), index.span);
        }
        let value = self.rvalue(index)?;
        let promoted = self.promoted_type(ty)?;
        self.convert_value(value, ty, promoted, index.span)
    }

    /// `T(a, b)`
    pub(super) fn lower_functional_cast(&mut self, to: CType, args: &'a [Tree], span: Span) -> Result<Operand<'a>> {
        if self.types.as_class(to).is_some() {
            let args = self.lower_args(args)?;
            return self.construct_operand(to, args, span);
        }
        match args {
            [] => {
                if self.types.is_void(to) {
                    return Ok(Operand::void(span));
                }
                let ir = self.ir_type(to, span)?;
                let value = self.zero(ir, span);
                Ok(Operand::value(to.unqualified(), value, span))
            }
            [only] => self.lower_cast(to, only, CastKind::C, span),
            _ => fail(Code::E0214, format!("`{}` takes one value", self.show(to)), span),
        }
    }

    /// GNU's `({ .. })`: the value of the last statement.
    fn lower_statement_expression(&mut self, block: &'a ast::Block, span: Span) -> Result<Operand<'a>> {
        self.push_scope();
        let result = self.lower_statement_value(block, span);
        let closed = self.close_scope(span);
        closed.and(result)
    }

    fn lower_statement_value(&mut self, block: &'a ast::Block, span: Span) -> Result<Operand<'a>> {
        let Some((last, before)) = block.stmts.split_last() else { return Ok(Operand::void(span)) };
        for stmt in before {
            self.lower_stmt(stmt)?;
        }
        let ast::StmtKind::Expr(value) = &last.kind else {
            self.lower_stmt(last)?;
            return Ok(Operand::void(span));
        };
        let operand = self.lower_expr(value)?;
        if self.types.is_void(operand.ty) {
            return Ok(operand);
        }
        let value = self.rvalue(&operand)?;
        let ty = self.decay(operand.ty).unqualified();
        let value = self.bind(value, None, span);
        Ok(Operand::value(ty, value, span))
    }

    /// The declared type of what a name or a member access without parentheses denotes; else the type and category ([dcl.type.decltype]).
    pub fn decltype(&mut self, tree: &'a Tree) -> Result<CType> {
        self.selected_field = None;
        let operand = self.unevaluated(|sema| sema.lower_expr(tree))?;
        let selected = self.selected_field.take();
        if let OperandKind::Functions(set) = &operand.kind
            && let Some(function) = self.single_function(set)?
        {
            let ty = self.function_type(function)?;
            return Ok(if matches!(tree.kind, ExprKind::Name(_)) { ty } else { self.types.pointer(ty) });
        }
        if let ExprKind::Name(name) = &tree.kind {
            if let Some(LocalEntity::Object(object)) = name.as_ident().and_then(|symbol| self.f.find_local(symbol)) {
                return Ok(object.declared);
            }
            return Ok(selected.unwrap_or(operand.ty));
        }
        if let ExprKind::Member { .. } = &tree.kind {
            return Ok(selected.unwrap_or(operand.ty));
        }
        Ok(match operand.kind {
            OperandKind::Lvalue(_) | OperandKind::Text(_) => self.types.lvalue_ref(operand.ty),
            OperandKind::Xvalue(_) => self.types.rvalue_ref(operand.ty),
            _ => operand.ty,
        })
    }
}

pub(super) fn last_text(name: &Name) -> String {
    match name.symbol() {
        Some(symbol) => symbol.as_str().to_string(),
        None => "operator".to_string(),
    }
}
