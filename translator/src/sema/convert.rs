//! Implicit conversions: whether there is one, how good it is (C++ [over.ics.rank]), and the IR that does it.

use super::*;
use crate::lower::{Operand, OperandKind, Place};
use ast::{FunctionKind, Spec};
use ir::{Expr, ExprId, Scalar};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConversionRank {
    Exact,
    Promotion,
    Conversion,
    User,
    Ellipsis,
}

/// How an argument becomes a parameter.
#[derive(Clone, Debug)]
pub struct ImplicitConversion {
    pub rank: ConversionRank,
    pub to: CType,
    pub kind: ConversionKind,
    /// Smaller is better among equal ranks: qualifiers that were added, distance to a base, pointer to bool.
    pub penalty: u32,
}

#[derive(Clone, Debug)]
pub enum ConversionKind {
    /// Between scalars, pointers, or a class and itself or its base.
    Standard,
    /// A reference to the object itself or to its base.
    Bind,
    /// A reference to a temporary that this conversion makes.
    BindTemporary(Box<ImplicitConversion>),
    Constructor(FnId),
    /// A conversion function, and what is to be done with its result.
    Function(FnId, Box<ImplicitConversion>),
    /// `{..}`
    Braced,
    Ellipsis,
}

impl<'a> Sema<'a> {
    pub fn implicit_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        self.conversion(from, to, true)
    }

    /// `user`: may constructors and conversion functions take part? At most one does ([over.best.ics]).
    fn conversion(&mut self, from: &Operand<'a>, to: CType, user: bool) -> Result<Option<ImplicitConversion>> {
        let found = match *self.types.kind(to) {
            TypeKind::LvalueRef(target) => self.bind_reference(from, to, target, false, user)?,
            TypeKind::RvalueRef(target) => self.bind_reference(from, to, target, true, user)?,
            _ => self.value_conversion(from, to, user)?,
        };
        Ok(found)
    }

    fn value_conversion(&mut self, from: &Operand<'a>, to: CType, user: bool) -> Result<Option<ImplicitConversion>> {
        if let OperandKind::Braced(init) = from.kind {
            return self.braced_conversion(init, to);
        }
        if let OperandKind::Functions(_) = from.kind {
            return Ok(None);
        }
        if let Some((rank, penalty)) = self.standard_conversion(from, to)? {
            return Ok(Some(ImplicitConversion { rank, to, kind: ConversionKind::Standard, penalty }));
        }
        if user { self.user_conversion(from, to) } else { Ok(None) }
    }

    fn braced_conversion(&mut self, init: &'a ast::BraceInit, to: CType) -> Result<Option<ImplicitConversion>> {
        let rank = match self.types.kind(to) {
            TypeKind::Class(_) | TypeKind::Array(..) => ConversionRank::User,
            _ if init.items.len() <= 1 => ConversionRank::Exact,
            _ => return Ok(None),
        };
        if let Some(class) = self.types.as_class(to) {
            if self.class(class).ast.members.is_none() {
                return Ok(None);
            }
            let too_many = !self.has_user_constructor(class)? && {
                self.layout_class(class, init.span)?;
                init.items.len() > self.class(class).fields.len() + self.class(class).bases.len()
            };
            if too_many {
                return Ok(None);
            }
        }
        Ok(Some(ImplicitConversion { rank, to, kind: ConversionKind::Braced, penalty: 0 }))
    }

    fn bind_reference(
        &mut self,
        from: &Operand<'a>,
        to: CType,
        target: CType,
        is_rvalue_ref: bool,
        user: bool,
    ) -> Result<Option<ImplicitConversion>> {
        let direct = !matches!(from.kind, OperandKind::Braced(_) | OperandKind::Functions(_));
        let is_lvalue = from.is_lvalue();
        if direct && target.is_qualified_at_least(from.ty) {
            let related = self.related(from.ty, target)?;
            if let Some(distance) = related {
                let fits = if is_rvalue_ref { !is_lvalue } else { is_lvalue || target.is_const && !target.is_volatile };
                if fits {
                    let added =
                        u32::from(target.is_const != from.ty.is_const) + u32::from(target.is_volatile != from.ty.is_volatile);
                    // An rvalue prefers `T&&` to `const T&` ([over.ics.rank]/3.2.3).
                    let penalty = added + 8 * distance + u32::from(!is_rvalue_ref && !is_lvalue) * 4;
                    let rank = if distance == 0 { ConversionRank::Exact } else { ConversionRank::Conversion };
                    let kind = match (&from.kind, is_lvalue) {
                        (OperandKind::Value(_), _) => {
                            let inner =
                                ImplicitConversion { rank, to: target.unqualified(), kind: ConversionKind::Standard, penalty: 0 };
                            ConversionKind::BindTemporary(Box::new(inner))
                        }
                        _ => ConversionKind::Bind,
                    };
                    return Ok(Some(ImplicitConversion { rank, to, kind, penalty }));
                }
                return Ok(None);
            }
        } else if direct && self.related(from.ty, target)?.is_some() {
            return Ok(None);
        }
        if !is_rvalue_ref && (!target.is_const || target.is_volatile) {
            return Ok(None);
        }
        let Some(inner) = self.conversion(from, target.unqualified(), user)? else { return Ok(None) };
        let (rank, penalty) = (inner.rank, inner.penalty + u32::from(!is_rvalue_ref) * 4);
        Ok(Some(ImplicitConversion { rank, to, kind: ConversionKind::BindTemporary(Box::new(inner)), penalty }))
    }

    /// 0 for the same type, the distance for a base, arrays by their elements.
    fn related(&mut self, from: CType, to: CType) -> Result<Option<u32>> {
        if from.same(to) {
            return Ok(Some(0));
        }
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::Class(derived), TypeKind::Class(base)) => Ok(self.base_path(derived, base)?.map(|path| path.len() as u32)),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) if a.same(b) && (n == m || m.is_none()) => {
                Ok(b.is_qualified_at_least(a).then_some(0))
            }
            _ => Ok(None),
        }
    }

    /// Conversions without classes ([conv]), and those of a class to itself or a base.
    fn standard_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<(ConversionRank, u32)>> {
        use ConversionRank::{Conversion, Exact, Promotion};
        let source = self.decay(from.ty).unqualified();
        let target = to.unqualified();
        if source == target {
            return Ok(Some((Exact, 0)));
        }
        let (a, b) = (self.types.kind(source).clone(), self.types.kind(target).clone());
        if let (TypeKind::Class(derived), TypeKind::Class(base)) = (&a, &b) {
            return Ok(self.base_path(*derived, *base)?.map(|path| (Conversion, path.len() as u32)));
        }
        match (&a, &b) {
            (TypeKind::Pointer(from), TypeKind::Pointer(to)) => return self.pointer_conversion(*from, *to),
            (TypeKind::Nullptr, TypeKind::Pointer(_)) => return Ok(Some((Conversion, 0))),
            (TypeKind::Pointer(_) | TypeKind::Nullptr, TypeKind::Bool) => return Ok(Some((Conversion, 50))),
            (TypeKind::Int(_), TypeKind::Pointer(_) | TypeKind::Nullptr) if self.is_null_literal(from) => {
                return Ok(Some((Conversion, 0)));
            }
            _ => {}
        }
        let from_enum = matches!(a, TypeKind::Enum(_));
        if from_enum && self.is_scoped_enum(source) || !(self.types.is_arithmetic(source) || from_enum) {
            return Ok(None);
        }
        if !self.types.is_arithmetic(target) {
            return Ok(None);
        }
        let promoted = self.promoted_type(source)?;
        let promotes = promoted == target || matches!((&a, &b), (TypeKind::Float, TypeKind::Double));
        Ok(Some((if promotes { Promotion } else { Conversion }, 0)))
    }

    fn is_null_literal(&self, from: &Operand<'a>) -> bool {
        match from.kind {
            OperandKind::Value(Some(value)) => matches!(self.f.func.expr(value), Expr::Const { bits: 0, .. }),
            _ => false,
        }
    }

    fn pointer_conversion(&mut self, from: CType, to: CType) -> Result<Option<(ConversionRank, u32)>> {
        if !to.is_qualified_at_least(from) {
            return Ok(None);
        }
        let added = u32::from(to.is_const != from.is_const) + u32::from(to.is_volatile != from.is_volatile);
        if from.same(to) {
            return Ok(Some((ConversionRank::Exact, added)));
        }
        // `T**` to `const T* const*` and arrays behind pointers ([conv.qual]).
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) if to.is_const => {
                return Ok(self.pointer_conversion(a, b)?.filter(|(rank, _)| *rank == ConversionRank::Exact));
            }
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) if n == m && a.same(b) && b.is_qualified_at_least(a) => {
                return Ok(Some((ConversionRank::Exact, 1)));
            }
            (TypeKind::Class(derived), TypeKind::Class(base)) => {
                return Ok(self.base_path(derived, base)?.map(|path| (ConversionRank::Conversion, path.len() as u32)));
            }
            (_, TypeKind::Void) => return Ok(Some((ConversionRank::Conversion, 40))),
            _ => {}
        }
        Ok(None)
    }

    /// The type after integral promotion ([conv.prom]).
    pub fn promoted_type(&mut self, ty: CType) -> Result<CType> {
        let ty = self.enum_to_int(ty)?;
        Ok(match self.types.kind(ty) {
            TypeKind::Bool => CType::INT,
            TypeKind::Int(kind) => match kind {
                IntKind::Wchar => CType::INT,
                IntKind::Char32 => CType::UINT,
                kind if kind.rank() < IntKind::Int.rank() => CType::INT,
                _ => ty,
            },
            _ => ty,
        })
    }

    fn user_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        if self.depth > MAX_DEPTH - 20 {
            return Ok(None);
        }
        self.depth += 1;
        let found = self.find_user_conversion(from, to);
        self.depth -= 1;
        found
    }

    fn find_user_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        let mut best: Option<ImplicitConversion> = None;
        if let Some(class) = self.types.as_class(to) {
            if self.complete_members(class).is_err() {
                return Ok(None);
            }
            if let Some(function) = self.converting_constructor(class, from)? {
                let kind = ConversionKind::Constructor(function);
                best = Some(ImplicitConversion { rank: ConversionRank::User, to, kind, penalty: 0 });
            }
        }
        let Some(class) = self.types.as_class(from.ty) else { return Ok(best) };
        let Found::Members { entities, .. } = self.lookup_in_class(class, NameKey::Conversion, false)? else { return Ok(best) };
        for entity in entities {
            let Entity::Function(function) = entity else { continue };
            if self.function(function).ast.specs().has(Spec::Explicit) && !matches!(self.types.kind(to), TypeKind::Bool) {
                continue;
            }
            let Some(result) = self.signature(function)?.result else { continue };
            let probe = self.probe(result, from.span)?;
            let Some(then) = self.conversion(&probe, to, false)? else { continue };
            let penalty = 100 * then.rank as u32 + then.penalty;
            if best.as_ref().is_none_or(|known| penalty < known.penalty && !matches!(known.kind, ConversionKind::Constructor(_)))
            {
                let kind = ConversionKind::Function(function, Box::new(then));
                best = Some(ImplicitConversion { rank: ConversionRank::User, to, kind, penalty });
            }
        }
        Ok(best)
    }

    /// An operand of a type that is not evaluated: to ask for conversions of a function's result.
    pub fn probe(&mut self, ty: CType, span: Span) -> Result<Operand<'a>> {
        let target = self.types.strip_ref(ty);
        let ir = self.ir_type(target, span)?;
        let is_lvalue = matches!(self.types.kind(ty), TypeKind::LvalueRef(_));
        if is_lvalue {
            let pointer = self.module.tables.types.pointer(ir, ir::Space::Global);
            let address = self.zero(pointer, span);
            return Ok(Operand::lvalue(target, Place::Memory(address), span));
        }
        let undef = self.f.func.exprs.add(ir::ExprData { expr: Expr::Undef(ir), ty: ir }, span);
        Ok(Operand::value(target, undef, span))
    }

    /// The constructor without `explicit` that takes the operand, with conversions that are no user conversions.
    fn converting_constructor(&mut self, class: ClassId, from: &Operand<'a>) -> Result<Option<FnId>> {
        let mut best: Option<(ConversionRank, u32, FnId)> = None;
        for entity in self.constructors(class)? {
            let function = match entity {
                Entity::Function(function) => function,
                Entity::Template(template) => match self.deduce_candidate(template, &[], std::slice::from_ref(from), from.span) {
                    Ok(function) => function,
                    Err(_) => continue,
                },
                _ => continue,
            };
            if self.function(function).ast.specs().has(Spec::Explicit) || self.is_deleted(function) {
                continue;
            }
            let signature = self.signature(function)?;
            let Some(first) = signature.params.first() else { continue };
            let rest_has_defaults = signature.params[1..].iter().all(|param| param.ast.default.is_some() || param.pack.is_some());
            let is_copy = self.types.strip_ref(first.ty).same(self.class_type(class));
            if !rest_has_defaults || is_copy {
                continue;
            }
            if let Some(found) = self.conversion(from, first.ty, false)? {
                let better = best.is_none_or(|(rank, penalty, _)| (found.rank, found.penalty) < (rank, penalty));
                if better {
                    best = Some((found.rank, found.penalty, function));
                }
            }
        }
        Ok(best.map(|(_, _, function)| function))
    }

    pub fn class_type(&mut self, class: ClassId) -> CType {
        self.types.intern(TypeKind::Class(class))
    }

    pub fn is_deleted(&self, function: FnId) -> bool {
        matches!(self.function(function).ast, FunctionTree::Function(tree)
            if matches!(tree.body, ast::FunctionBody::Delete) && tree.kind != FunctionKind::DeductionGuide)
    }

    /// Converts, or says that it cannot be done.
    pub fn convert(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Result<ExprId> {
        match self.implicit_conversion(from, to)? {
            Some(conversion) => self.apply_conversion(from, &conversion, span),
            None => Err(self.no_conversion(from, to, span)),
        }
    }

    pub fn no_conversion(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Failure {
        let shown = match from.kind {
            OperandKind::Braced(_) => "a braced list".to_string(),
            OperandKind::Functions(ref set) => format!("function `{}`", set.name),
            _ => format!("`{}`", self.show(from.ty)),
        };
        failure(Code::E0203, format!("no conversion from {shown} to `{}`", self.show(to)), span)
    }

    /// The IR of a conversion: a value, or an address where `to` is a reference.
    pub fn apply_conversion(&mut self, from: &Operand<'a>, conversion: &ImplicitConversion, span: Span) -> Result<ExprId> {
        match &conversion.kind {
            ConversionKind::Standard => self.standard_value(from, conversion.to, span),
            ConversionKind::Bind => {
                let target = self.types.strip_ref(conversion.to);
                let address = self.address_of(from, span)?;
                self.upcast(address, from.ty, target, span)
            }
            ConversionKind::BindTemporary(inner) => {
                let value = self.apply_conversion(from, inner, span)?;
                let ty = self.ir_ty(value);
                let local = self.declare_temporary(ty, Some(value), span);
                Ok(self.local_addr(local, span))
            }
            ConversionKind::Constructor(function) => {
                let class = conversion.to.unqualified();
                self.construct_with(*function, class, vec![from.clone()], span)
            }
            ConversionKind::Function(function, then) => {
                let result = self.call_method(*function, from, Vec::new(), span)?;
                self.apply_conversion(&result, then, span)
            }
            ConversionKind::Braced => match from.kind {
                OperandKind::Braced(init) => self.init_value_braced(conversion.to.unqualified(), init, span),
                _ => Err(Failure::Poisoned),
            },
            ConversionKind::Ellipsis => {
                let value = self.rvalue(from)?;
                let ty = self.decay(from.ty).unqualified();
                let to = match self.types.kind(ty) {
                    TypeKind::Float => CType::DOUBLE,
                    _ if self.types.is_integral(ty) || self.is_enum(ty) => self.promoted_type(ty)?,
                    _ => ty,
                };
                self.convert_value(value, ty, to, span)
            }
        }
    }

    fn standard_value(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Result<ExprId> {
        if let (Some(derived), Some(base)) = (self.types.as_class(from.ty), self.types.as_class(to)) {
            if derived != base {
                let address = self.address_of(from, span)?;
                let address = self.upcast(address, from.ty, to, span)?;
                return self.load(address, false, span);
            }
            return self.copy_class(from, base, span);
        }
        let value = self.rvalue(from)?;
        let source = self.decay(from.ty).unqualified();
        self.convert_value(value, source, to.unqualified(), span)
    }

    /// Converts a scalar or pointer that both types allow, explicitly too.
    pub fn convert_value(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        if from.same(to) {
            return Ok(value);
        }
        let from = self.enum_to_int(from)?;
        let to = self.enum_to_int(to)?;
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) => self.convert_pointer(value, a, b, span),
            (TypeKind::Nullptr, TypeKind::Pointer(_)) => {
                let ty = self.ir_type(to, span)?;
                Ok(self.zero(ty, span))
            }
            (TypeKind::Pointer(_) | TypeKind::Nullptr, TypeKind::Bool) => self.truth_of(value, span),
            (TypeKind::Int(_), TypeKind::Pointer(_) | TypeKind::Nullptr) => {
                let ty = self.ir_type(to, span)?;
                if matches!(self.f.func.expr(value), Expr::Const { bits: 0, .. }) {
                    return Ok(self.zero(ty, span));
                }
                let value = self.convert_scalar(value, Scalar::U64, span)?;
                self.add(Expr::IntToPointer { value, to: ty }, span)
            }
            (TypeKind::Pointer(_), TypeKind::Int(kind)) => {
                let value = self.add(Expr::PointerToInt(value), span)?;
                self.convert_scalar(value, kind.scalar(), span)
            }
            (_, TypeKind::Bool) if self.types.is_arithmetic(from) => self.truth_of(value, span),
            _ if self.types.is_arithmetic(from) && self.types.is_arithmetic(to) => {
                let ty = self.ir_type(to, span)?;
                match self.module.tables.types.as_scalar(ty) {
                    Some(scalar) => self.convert_scalar(value, scalar, span),
                    None => fail(Code::E0203, "no conversion between these types", span),
                }
            }
            _ => fail(Code::E0203, format!("no conversion from `{}` to `{}`", self.show(from), self.show(to)), span),
        }
    }

    /// Keeps the space; changes the pointee where the types differ in more than qualifiers.
    fn convert_pointer(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        if from.same(to) || self.same_layout(from, to) {
            return Ok(value);
        }
        if let (Some(derived), Some(base)) = (self.types.as_class(from), self.types.as_class(to))
            && self.base_path(derived, base)?.is_some()
        {
            return self.upcast(value, from, to, span);
        }
        let pointee = match self.ir_type(to, span) {
            Ok(ty) => ty,
            Err(_) if matches!(self.types.kind(to), TypeKind::Class(_)) => {
                let pointer = self.types.pointer(to);
                let ty = self.ir_type(pointer, span)?;
                match self.module.tables.types.as_pointer(ty) {
                    Some((pointee, _)) => pointee,
                    None => return Err(Failure::Poisoned),
                }
            }
            Err(error) => return Err(error),
        };
        let Some((old, space)) = self.module.tables.types.as_pointer(self.ir_ty(value)) else {
            return fail(Code::E0399, "internal error while lowering: a pointer is needed", span);
        };
        if old == pointee {
            return Ok(value);
        }
        let ty = self.module.tables.types.pointer(pointee, space);
        if let Expr::Zero(_) = self.f.func.expr(value) {
            return Ok(self.zero(ty, span));
        }
        self.add(Expr::PointerCast { base: value, to: ty }, span)
    }

    /// Types that differ in qualifiers below the top only.
    fn same_layout(&self, a: CType, b: CType) -> bool {
        match (self.types.kind(a), self.types.kind(b)) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) => a.same(*b) || self.same_layout(*a, *b),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) => n == m && (a.same(*b) || self.same_layout(*a, *b)),
            _ => a.same(b),
        }
    }

    /// The address of a base within an object.
    pub fn upcast(&mut self, address: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        let (Some(derived), Some(base)) = (self.types.as_class(from), self.types.as_class(to)) else { return Ok(address) };
        if derived == base {
            return Ok(address);
        }
        let Some(path) = self.base_path(derived, base)? else { return Ok(address) };
        self.follow_steps(address, derived, &path, span)
    }

    /// Walks from an object's address to a subobject's.
    pub fn follow_steps(&mut self, address: ExprId, class: ClassId, steps: &[MemberStep], span: Span) -> Result<ExprId> {
        let (mut address, mut class) = (address, class);
        for step in steps {
            self.layout_class(class, span)?;
            let (index, next) = match *step {
                MemberStep::Base(index) => {
                    let base = self.class(class).bases[index as usize].clone();
                    (base.ir_index, base.class)
                }
                MemberStep::Field(index) => {
                    let field = &self.class(class).fields[index as usize];
                    let (ir_index, ty) = (field.ir_index, field.ty);
                    let Some(next) = self.types.as_class(ty) else { return Err(Failure::Poisoned) };
                    (Some(ir_index), next)
                }
            };
            address = match index {
                Some(index) => self.add(Expr::Field { base: address, index }, span)?,
                None => self.cast_to_class(address, next, span)?,
            };
            class = next;
        }
        Ok(address)
    }

    /// An empty base has the address of the object.
    fn cast_to_class(&mut self, address: ExprId, class: ClassId, span: Span) -> Result<ExprId> {
        let ty = self.class_type(class);
        let pointee = self.ir_type(ty, span)?;
        let space = self.module.tables.types.as_pointer(self.ir_ty(address)).map_or(ir::Space::Generic, |(_, space)| space);
        let to = self.module.tables.types.pointer(pointee, space);
        self.add(Expr::PointerCast { base: address, to }, span)
    }
}
