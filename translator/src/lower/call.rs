//! Calls: of functions, methods, function objects, overloaded operators and built-ins.

use super::*;
use ast::{Expr as Tree, ExprKind, OperatorName};
use ir::StmtKind;
use source::Code;

/// Statements that a recursion written out may have, every call counted.
const MOST_UNROLLED: u64 = 4096;

impl<'a> Sema<'a> {
    pub(super) fn lower_call(&mut self, callee: &'a Tree, args: &'a [Tree], span: Span) -> Result<Operand<'a>> {
        let inner = callee.without_parens();
        if let ExprKind::Name(name) = &inner.kind
            && let Some(result) = self.call_by_name(name, args, span)?
        {
            return Ok(result);
        }
        if let ExprKind::Binary { op: op @ (ast::BinaryOp::DotStar | ast::BinaryOp::ArrowStar), lhs, rhs } = &inner.kind {
            return self.call_member_pointer(*op == ast::BinaryOp::ArrowStar, (lhs, rhs), args, span);
        }
        let target = self.lower_expr(inner)?;
        let mark = self.mark();
        match target.kind {
            OperandKind::Functions(set) => {
                let args = self.lower_args(args)?;
                if set.name.starts_with('~') && set.entities.is_empty() {
                    if let Some(object) = &set.object
                        && self.needs_cleanup(object.ty)?
                    {
                        let address = self.address_of(object, span)?;
                        self.destroy(address, object.ty, span)?;
                    }
                    return Ok(Operand::void(span));
                }
                self.call_set(set, args, span)
            }
            _ if self.types.as_class(target.ty).is_some() => {
                let args = self.lower_args(args)?;
                let object = self.hold(target, mark)?;
                if self.operator_candidates(OperatorName::Call, std::slice::from_ref(&object))?.entities.is_empty() {
                    // An object that converts to a pointer to a function ([over.call.object]/2).
                    let pointer = self.builtin_operand(&object)?;
                    if self.is_function_pointer(pointer.ty) {
                        return self.call_pointer(pointer, args, span);
                    }
                }
                let mut operands = vec![object];
                operands.extend(args);
                self.call_operator(OperatorName::Call, operands, span)
            }
            _ => {
                let args = self.lower_args(args)?;
                let target = self.hold(target, mark)?;
                self.call_pointer(target, args, span)
            }
        }
    }

    /// Names that are types (`T(x)`), that only the arguments' namespaces know, or that the compiler treats by itself.
    fn call_by_name(&mut self, name: &'a ast::Name, args: &'a [Tree], span: Span) -> Result<Option<Operand<'a>>> {
        match self.lookup(name)? {
            Found::Nothing if !name.is_qualified() => {
                let args = self.lower_args(args)?;
                let types: Vec<CType> = args.iter().map(|arg| arg.ty).collect();
                let Some(key) = Self::key_of(name) else { return Ok(None) };
                let entities = self.lookup_by_arguments(key, &types);
                if entities.is_empty() {
                    let text = expr::last_text(name);
                    return match builtins::find(&text) {
                        Some(_) => fail(Code::E0220, format!("built-in `{text}` is not supported yet"), name.span),
                        None => Err(self.unknown_name(name)),
                    };
                }
                let given = match &name.last().args {
                    Some(given) => Some(self.eval_template_args(given)?),
                    None => None,
                };
                let set = FunctionSet {
                    entities,
                    args: given,
                    object: None,
                    by_arguments: None,
                    is_qualified: false,
                    name: expr::last_text(name),
                };
                self.call_set(set, args, span).map(Some)
            }
            Found::Type(ty) | Found::Argument(TemplateArg::Type(ty)) | Found::Local(LocalEntity::Type(ty)) => {
                self.lower_functional_cast(ty, args, span).map(Some)
            }
            Found::Argument(TemplateArg::Template(template)) => {
                let ty = self.template_type(template, name.last())?;
                self.lower_functional_cast(ty, args, span).map(Some)
            }
            ref found @ (Found::Entities(ref entities) | Found::Members { ref entities, .. }) => {
                let is_type = match entities.first() {
                    Some(Entity::Class(_) | Entity::Enum(_) | Entity::Alias(_)) => {
                        !entities.iter().any(|entity| matches!(entity, Entity::Function(_)))
                    }
                    Some(Entity::Template(id)) => {
                        matches!(self.templates[id.index()].tree, TemplateTree::Class(_) | TemplateTree::Alias(_))
                    }
                    _ => false,
                };
                if !is_type {
                    return Ok(None);
                }
                if let (Some(Entity::Template(id)), None) = (entities.first(), &name.last().args)
                    && self.template_without_args(*id)
                {
                    return self.deduce_class(*id, args, span).map(Some);
                }
                let ty = self.type_of_found(found.clone(), name.last())?;
                self.lower_functional_cast(ty, args, span).map(Some)
            }
            _ => Ok(None),
        }
    }

    pub(super) fn template_without_args(&self, id: TemplateId) -> bool {
        let info = &self.templates[id.index()];
        let mut class = self.f.ctx.class;
        while let Some(at) = class {
            if self.class(at).template.as_ref().is_some_and(|(template, _)| *template == id) {
                return false;
            }
            class = self.class(at).ctx.class;
        }
        matches!(info.tree, TemplateTree::Class(_)) && info.params.iter().any(|param| param.default.is_none())
    }

    /// `Pair(a, b)`
    fn deduce_class(&mut self, id: TemplateId, args: &'a [Tree], span: Span) -> Result<Operand<'a>> {
        let operands = self.unevaluated(|sema| sema.lower_args(args))?;
        let ty = self.deduce_class_args(id, &operands, span)?;
        self.lower_functional_cast(ty, args, span)
    }

    /// Arguments in order, packs expanded. Values that a later argument's effects could change are bound.
    pub(super) fn lower_args(&mut self, args: &'a [Tree]) -> Result<Vec<Operand<'a>>> {
        let mut out: Vec<Operand<'a>> = Vec::with_capacity(args.len());
        for arg in args {
            let mark = self.mark();
            let earlier = out.len();
            if let ExprKind::Pack(pattern) = &arg.kind {
                let mut names = Vec::new();
                names_in_expr(pattern, &mut names);
                out.extend(self.expand_packs(&names, arg.span, |sema| sema.lower_expr(pattern))?);
            } else {
                out.push(self.lower_expr(arg)?);
            }
            if self.mark() != mark {
                for operand in &mut out[..earlier] {
                    *operand = self.hold(operand.clone(), mark)?;
                }
            }
        }
        Ok(out)
    }

    pub(super) fn call_set(&mut self, set: FunctionSet<'a>, args: Vec<Operand<'a>>, span: Span) -> Result<Operand<'a>> {
        let (resolved, object) = self.resolve_set(set, &args, span)?;
        self.call_resolved(resolved, object.as_deref(), &args, span)
    }

    /// Which function of a set the arguments choose, and the object it is called on.
    #[allow(clippy::type_complexity)]
    pub(super) fn resolve_set(
        &mut self,
        set: FunctionSet<'a>,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<(Resolved, Option<Box<Operand<'a>>>)> {
        let mut entities = set.entities;
        if let Some(key) = set.by_arguments {
            let is_member =
                entities.iter().any(|entity| matches!(entity, Entity::Function(f) if self.function(*f).ctx.class.is_some()));
            if !is_member {
                let types: Vec<CType> = args.iter().map(|arg| arg.ty).collect();
                for entity in self.lookup_by_arguments(key, &types) {
                    if !entities.contains(&entity) {
                        entities.push(entity);
                    }
                }
            }
        }
        entities.retain(|entity| match entity {
            Entity::Function(_) => true,
            Entity::Template(id) => {
                matches!(self.templates[id.index()].tree, TemplateTree::Function(_) | TemplateTree::Lambda(_))
            }
            _ => false,
        });
        let candidates = Candidates { entities, args: set.args, name: set.name };
        let mut resolved = self.resolve_overload(&candidates, set.object.as_deref(), args, span)?;
        resolved.is_static = set.is_qualified;
        Ok((resolved, set.object))
    }

    /// Calls a method that needs no choice.
    pub fn call_method(
        &mut self,
        function: FnId,
        object: &Operand<'a>,
        args: Vec<Operand<'a>>,
        span: Span,
    ) -> Result<Operand<'a>> {
        let signature = self.signature(function)?;
        let mut conversions = Vec::new();
        for (arg, param) in args.iter().zip(&signature.params) {
            match self.implicit_conversion(arg, param.ty)? {
                Some(conversion) => conversions.push(conversion),
                None => return Err(self.no_conversion(arg, param.ty, span)),
            }
        }
        self.call_resolved(Resolved { function, conversions, is_method: true, is_static: false }, Some(object), &args, span)
    }

    pub(super) fn call_resolved(
        &mut self,
        resolved: Resolved,
        object: Option<&Operand<'a>>,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Operand<'a>> {
        let function = self.explicit_specialisation(resolved.function)?;
        if self.is_deleted(function) {
            let shown = self.show_signature(function);
            return fail(Code::E0204, format!("`{shown}` is deleted"), span);
        }
        if self.function(function).ast.specs().has(ast::Spec::Global) {
            return fail(Code::E0227, "a kernel cannot be called like a function", span);
        }
        if let Some(result) = self.call_builtin(function, &resolved, args, span)? {
            return Ok(result);
        }
        let mut values = Vec::new();
        if resolved.is_method && self.is_method(function) {
            let Some(object) = object else { return fail(Code::E0204, "a method needs an object", span) };
            if !resolved.is_static && self.is_virtual(function)? {
                return self.call_virtual(function, object, &resolved.conversions, args, span);
            }
            values.push(self.object_argument(function, object, span)?);
        }
        self.convert_args(function, &resolved.conversions, args, &mut values, span)?;
        self.emit_call(function, values, span)
    }

    /// The address of the object, as the class that has the method.
    fn object_argument(&mut self, function: FnId, object: &Operand<'a>, span: Span) -> Result<ExprId> {
        let address = self.address_of(object, span)?;
        let (Some(from), Some(to)) = (self.types.as_class(object.ty), self.function(function).ctx.class) else {
            return Ok(address);
        };
        let (from, to) = (self.class_type(from), self.class_type(to));
        self.upcast(address, from, to, span)
    }

    pub(super) fn convert_args(
        &mut self,
        function: FnId,
        conversions: &[ImplicitConversion],
        args: &[Operand<'a>],
        values: &mut Vec<ExprId>,
        span: Span,
    ) -> Result<()> {
        let signature = self.signature(function)?;
        for (index, (arg, conversion)) in args.iter().zip(conversions).enumerate() {
            let mark = self.mark();
            let value = self.apply_conversion(arg, conversion, arg.span)?;
            if index >= signature.params.len() {
                // What `...` takes is evaluated, but there is nothing on the device that could read it.
                continue;
            }
            for earlier in values.iter_mut() {
                *earlier = self.keep(*earlier, mark, span);
            }
            values.push(value);
        }
        for index in args.len()..signature.params.len() {
            let Some((default, ctx)) = self.default_argument(function, &signature, index)? else {
                return fail(Code::E0204, "an argument is missing", span);
            };
            let ty = signature.params[index].ty;
            let value = self.with_names(ctx, |sema| {
                let operand = sema.lower_expr(default)?;
                sema.convert(&operand, ty, span)
            })?;
            values.push(value);
        }
        Ok(())
    }

    /// Destructors and defaulted functions say `noexcept` by themselves ([except.spec]).
    fn may_throw(&mut self, function: FnId) -> Result<bool> {
        let info = self.function(function);
        let (tree, ctx) = (info.ast, info.ctx);
        if tree.kind() == ast::FunctionKind::Destructor || self.is_defaulted(tree) {
            return Ok(false);
        }
        match &tree.ty().noexcept {
            ast::Noexcept::Yes => Ok(false),
            ast::Noexcept::No => Ok(true),
            ast::Noexcept::If(condition) => {
                let signature = self.signature(function)?;
                let value = self.in_ctx(ctx, |sema| {
                    sema.declare_params_unevaluated(&signature.params);
                    sema.eval_constant(condition)
                });
                Ok(value?.1 == 0)
            }
        }
    }

    /// A function that turned out to call itself. With arguments that are known it may come to an end, a function for each level; otherwise
    /// it really calls itself, and the passes of a target without a stack see to that. `tried` was known when that was not yet.
    fn lower_recursive(
        &mut self,
        key: FunctionKey,
        tried: &[(u32, u64)],
        mut error: Failure,
        call: Span,
    ) -> Result<(ir::FuncId, CType)> {
        if key.known != tried {
            match self.lower_function(key.clone(), call) {
                Ok((func, result)) if crate::passes::prune::size_inlined(&self.module, func) <= MOST_UNROLLED => {
                    // What failed on the way, below a function that nobody had unrolled, need not fail elsewhere.
                    self.lowered.retain(|_, lowered| !matches!(lowered, LoweredFunction::Failed(_)));
                    return Ok((func, result));
                }
                Ok(_) => {}
                Err(unrolled) => error = unrolled,
            }
        }
        // The first call of the cycle decides.
        if self.call_chain.iter().any(|&on| self.calls_itself(on) && !self.stacked.contains(&on)) {
            return Err(error);
        }
        let round = self.round_with(key.function);
        self.stacked.extend(&round);
        // What was tried without a place is tried again with one.
        self.lowered.retain(|key, lowered| match lowered {
            LoweredFunction::Done { .. } => !round.contains(&key.function),
            LoweredFunction::Failed(_) => false,
            LoweredFunction::Running(_) => true,
        });
        self.lower_function(FunctionKey { known: Vec::new(), ..key }, call)
    }

    pub(super) fn calls_itself(&self, function: FnId) -> bool {
        self.rounds.iter().any(|round| round.contains(&function))
    }

    /// All functions that are in a round with this one, or with one that is.
    fn round_with(&self, function: FnId) -> Vec<FnId> {
        let mut found = vec![function];
        let mut next = 0;
        while let Some(&member) = found.get(next) {
            next += 1;
            for &other in self.rounds.iter().filter(|round| round.contains(&member)).flatten() {
                if !found.contains(&other) {
                    found.push(other);
                }
            }
        }
        found
    }

    /// The call statement, with the result bound.
    pub(super) fn emit_call(&mut self, function: FnId, args: Vec<ExprId>, span: Span) -> Result<Operand<'a>> {
        self.check_callee_space(function, span)?;
        if self.f.unevaluated > 0 {
            self.f.may_throw |= self.may_throw(function)?;
        }
        if self.f.unevaluated > 0
            && let Some(result) = self.signature(function)?.result
        {
            return self.result_probe(result, span);
        }
        // What calls itself is known by its definition.
        let function = self.defined_function(function)?;
        let params: Vec<TypeId> = args.iter().map(|&arg| self.ir_ty(arg)).collect();
        let known = self.known_arguments(function, &args)?;
        let lowered = self.lower_function(FunctionKey { function, params: params.clone(), known: known.clone() }, span);
        let (func, result) = match lowered {
            Err(error) if self.calls_itself(function) && !self.stacked.contains(&function) => {
                let constants = self.known_arguments(function, &args)?;
                self.lower_recursive(FunctionKey { function, params, known: constants }, &known, error, span)?
            }
            lowered => lowered?,
        };
        if self.f.unevaluated > 0 {
            return self.result_probe(result, span);
        }
        let ir_result = self.module.functions[func].result;
        if self.types.is_void(result) {
            self.push(StmtKind::Call { result: None, function: func, args }, span);
            return Ok(Operand::void(span));
        }
        let id = self.f.func.add_let(None, ir_result, span);
        let value = self.let_value(id, span);
        let is_constexpr = self.function(function).ast.specs().has(ast::Spec::Constexpr);
        let constant_args = is_constexpr && args.iter().all(|&arg| self.fold(arg).is_some());
        let stmt = ir::Stmt { kind: StmtKind::Call { result: Some(id), function: func, args }, span };
        if let (true, Some(scalar)) = (constant_args, self.module.tables.types.as_scalar(ir_result)) {
            // A constexpr function of constants is a constant.
            let block = ir::Block { stmts: vec![stmt.clone()] };
            if let Some(bits) = self.evaluate(&block, value) {
                let value = self.constant(scalar, bits, span);
                return Ok(Operand::value(result.unqualified(), value, span));
            }
        }
        self.push(stmt.kind, span);
        Ok(self.returned(result, value, span))
    }

    /// What a call gives: an object where the result is a reference.
    pub(super) fn returned(&self, result: CType, value: ExprId, span: Span) -> Operand<'a> {
        match *self.types.kind(result) {
            TypeKind::LvalueRef(target) => Operand::lvalue(target, Place::Memory(value), span),
            TypeKind::RvalueRef(target) => Operand { ty: target, kind: OperandKind::Xvalue(Place::Memory(value)), span },
            _ => Operand::value(result.unqualified(), value, span),
        }
    }

    pub(super) fn result_probe(&mut self, result: CType, span: Span) -> Result<Operand<'a>> {
        if self.types.is_void(result) {
            return Ok(Operand::void(span));
        }
        let mut operand = self.probe(result, span)?;
        if let (TypeKind::RvalueRef(_), OperandKind::Value(Some(value))) = (self.types.kind(result), &operand.kind) {
            operand.kind = OperandKind::Xvalue(Place::Value { value: *value, param: None });
        }
        Ok(operand)
    }
}
