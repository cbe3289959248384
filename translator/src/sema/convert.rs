//! Implicit conversions: whether there is one and how good it is (C++ [over.best.ics], [conv], [dcl.init.ref]).
//!
//! `rank.rs` compares what is found here, `apply.rs` makes the IR of it.

use super::*;
use crate::lower::{Operand, OperandKind, Place};
use ast::FunctionKind;
use ir::Expr;

/// How an argument becomes a parameter.
#[derive(Clone, Debug)]
pub struct ImplicitConversion {
    pub rank: ConversionRank,
    pub to: CType,
    pub kind: ConversionKind,
    /// Rank and shape of the standard conversion; for a user-defined one, of the second.
    pub second: ConversionRank,
    pub shape: Shape,
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
    /// Several user conversions, none better than the others: an error if the call chooses it ([over.best.ics]/10).
    Ambiguous(FnId, FnId),
    /// The address of a function.
    Address(FnId),
    /// `{..}`
    Braced,
    Ellipsis,
}

/// What may take part in a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Standard conversions alone: at most one user conversion is made ([over.best.ics]/4).
    Standard,
    /// `T x = e`, arguments, `return e`.
    Implicit,
    /// Casts and conditions: `explicit` conversion functions too ([over.match.conv]).
    Explicit,
}

impl ImplicitConversion {
    pub fn standard(rank: ConversionRank, to: CType, kind: ConversionKind, shape: Shape) -> ImplicitConversion {
        ImplicitConversion { rank, to, kind, second: rank, shape }
    }

    /// The constructor or conversion function that a user-defined sequence calls.
    pub fn user_function(&self) -> Option<FnId> {
        match &self.kind {
            ConversionKind::Constructor(function) | ConversionKind::Function(function, _) => Some(*function),
            ConversionKind::BindTemporary(inner) => inner.user_function(),
            _ => None,
        }
    }
}

impl<'a> Sema<'a> {
    pub fn implicit_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        self.conversion(from, to, Allowed::Implicit)
    }

    /// As a cast or a condition converts.
    pub fn explicit_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        self.conversion(from, to, Allowed::Explicit)
    }

    pub(crate) fn conversion(&mut self, from: &Operand<'a>, to: CType, allowed: Allowed) -> Result<Option<ImplicitConversion>> {
        match *self.types.kind(to) {
            TypeKind::LvalueRef(target) => self.bind_reference(from, to, target, false, allowed),
            TypeKind::RvalueRef(target) => self.bind_reference(from, to, target, true, allowed),
            _ => self.value_conversion(from, to, allowed),
        }
    }

    fn value_conversion(&mut self, from: &Operand<'a>, to: CType, allowed: Allowed) -> Result<Option<ImplicitConversion>> {
        if let OperandKind::Braced(init) = from.kind {
            return self.braced_conversion(init, to);
        }
        if let OperandKind::Functions(set) = &from.kind {
            let found = match *self.types.kind(to) {
                TypeKind::MemberPointer(owner, method) => self.method_for_pointer(set, owner, method)?,
                _ => self.function_for_pointer(set, to)?,
            };
            let Some(function) = found else { return Ok(None) };
            let (kind, shape) = (ConversionKind::Address(function), Shape::plain(to, to));
            return Ok(Some(ImplicitConversion::standard(ConversionRank::Exact, to, kind, shape)));
        }
        if let Some((rank, step)) = self.standard_conversion(from, to)? {
            let shape = Shape { from: from.ty.unqualified(), target: to.unqualified(), step, reference: None };
            return Ok(Some(ImplicitConversion::standard(rank, to, ConversionKind::Standard, shape)));
        }
        if allowed == Allowed::Standard {
            return Ok(None);
        }
        if let Some(found) = self.closure_conversion(from, to)? {
            return Ok(Some(found));
        }
        self.user_conversion(from, to, allowed)
    }

    /// A lambda without captures to a pointer to a function.
    fn closure_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<ImplicitConversion>> {
        let Some(class) = self.types.as_class(from.ty).filter(|_| self.is_function_pointer(to)) else { return Ok(None) };
        let Some(function) = self.closure_function(class) else { return Ok(None) };
        let ty = self.function_type(function)?;
        if !self.types.pointee(to).is_some_and(|pointee| pointee.same(ty)) {
            return Ok(None);
        }
        let (rank, second) = (ConversionRank::User, ConversionRank::Exact);
        let (kind, shape) = (ConversionKind::Address(function), Shape::plain(to, to));
        Ok(Some(ImplicitConversion { rank, to, kind, second, shape }))
    }

    /// [over.ics.list]: a class by its constructors or as an aggregate, a scalar by its one item.
    fn braced_conversion(&mut self, init: &'a ast::BraceInit, to: CType) -> Result<Option<ImplicitConversion>> {
        let shape = Shape::plain(to, to.unqualified());
        let braced = |rank| Some(ImplicitConversion::standard(rank, to, ConversionKind::Braced, shape));
        if let Some(class) = self.types.as_class(to) {
            if self.class(class).ast.members.is_none() {
                return Ok(None);
            }
            self.layout_class(class, init.span)?;
            if !self.has_user_constructor(class)? {
                let fits = init.items.len() as u64 <= self.most_items(to)?;
                return Ok(if fits { braced(ConversionRank::User) } else { None });
            }
            let args = self.unevaluated(|sema| sema.braced_operands(init));
            let Ok(args) = args else { return Ok(braced(ConversionRank::User)) };
            if let [only] = &args[..]
                && self.types.as_class(only.ty) == Some(class)
            {
                return Ok(braced(ConversionRank::Exact));
            }
            let candidates = Candidates { entities: self.constructors(class)?, args: None, name: String::new() };
            let fits = init.items.is_empty() || self.try_overload(&candidates, None, &args, init.span)?.is_ok();
            return Ok(if fits { braced(ConversionRank::User) } else { None });
        }
        match (self.types.kind(to).clone(), &init.items[..]) {
            (TypeKind::Array(element, count), items) => {
                if count.is_some_and(|count| items.len() as u64 > count) {
                    return Ok(None);
                }
                // The worst conversion of an item ([over.ics.list]/6).
                let Ok(items) = self.unevaluated(|sema| sema.braced_operands(init)) else {
                    return Ok(braced(ConversionRank::User));
                };
                let mut worst = ConversionRank::Exact;
                for item in &items {
                    let Some(found) = self.conversion(item, element.unqualified(), Allowed::Implicit)? else { return Ok(None) };
                    worst = worst.max(found.rank);
                }
                Ok(braced(worst))
            }
            (_, []) => Ok(braced(ConversionRank::Exact)),
            (_, [only]) => {
                let Ok(item) = self.unevaluated(|sema| sema.lower_expr(&only.value)) else {
                    return Ok(braced(ConversionRank::Exact));
                };
                let inner = self.conversion(&item, to, Allowed::Implicit)?;
                Ok(inner.and_then(|inner| braced(inner.rank)))
            }
            _ => Ok(None),
        }
    }

    /// How many items a list for an aggregate may have: inner braces may be left out ([dcl.init.aggr]/15).
    fn most_items(&mut self, ty: CType) -> Result<u64> {
        if let TypeKind::Array(element, Some(count)) = *self.types.kind(ty) {
            return Ok(self.most_items(element)?.saturating_mul(count));
        }
        let Some(class) = self.types.as_class(ty) else { return Ok(1) };
        if self.class(class).ast.key == ast::ClassKey::Union || self.has_user_constructor(class)? {
            return Ok(1);
        }
        let info = self.class(class);
        let members: Vec<CType> = info.fields.iter().map(|field| field.ty).collect();
        let bases: Vec<ClassId> = info.bases.iter().map(|base| base.class).collect();
        let mut room = 0u64;
        for base in bases {
            let base = self.class_type(base);
            room = room.saturating_add(self.most_items(base)?.max(1));
        }
        for member in members {
            room = room.saturating_add(self.most_items(member)?.max(1));
        }
        Ok(room)
    }

    /// [dcl.init.ref] and [over.ics.ref].
    fn bind_reference(
        &mut self,
        from: &Operand<'a>,
        to: CType,
        target: CType,
        rvalue_ref: bool,
        allowed: Allowed,
    ) -> Result<Option<ImplicitConversion>> {
        if let OperandKind::Functions(_) = from.kind
            && let TypeKind::Function(_) = self.types.kind(target)
        {
            let pointer = self.types.pointer(target);
            return Ok(self.value_conversion(from, pointer, allowed)?.map(|found| ImplicitConversion { to, ..found }));
        }
        let direct = !matches!(from.kind, OperandKind::Braced(_) | OperandKind::Functions(_));
        let is_lvalue = from.is_lvalue();
        let binding = Binding { rvalue_ref, to_rvalue: !is_lvalue, object: false };
        let held = self.innermost_element(target);
        let takes_rvalues = rvalue_ref || held.is_const && !held.is_volatile;
        let related = if direct { self.related(from.ty, target)? } else { None };
        if let Some(step) = related {
            let fits = if is_lvalue { !rvalue_ref } else { takes_rvalues };
            if !fits || !target.is_qualified_at_least(from.ty) {
                return Ok(None);
            }
            let rank = if step == Step::ToBase { ConversionRank::Conversion } else { ConversionRank::Exact };
            let shape = Shape { from: from.ty.unqualified(), target, step, reference: Some(binding) };
            let kind = match &from.kind {
                OperandKind::Value(_) => {
                    let inner = Shape { reference: None, ..shape };
                    let inner = ImplicitConversion::standard(rank, target.unqualified(), ConversionKind::Standard, inner);
                    ConversionKind::BindTemporary(Box::new(inner))
                }
                _ => ConversionKind::Bind,
            };
            return Ok(Some(ImplicitConversion::standard(rank, to, kind, shape)));
        }
        if direct
            && allowed != Allowed::Standard
            && self.types.as_class(from.ty).is_some()
            && let Some(found) = self.reference_conversion(from, to, target, rvalue_ref, allowed)?
        {
            return Ok(Some(found));
        }
        if !takes_rvalues {
            return Ok(None);
        }
        let Some(inner) = self.conversion(from, target.unqualified(), allowed)? else { return Ok(None) };
        let reference = Some(Binding { to_rvalue: true, ..binding });
        let shape = Shape {
            target: self.types.qualify(inner.shape.target, target.is_const, target.is_volatile),
            reference,
            ..inner.shape
        };
        let (rank, second) = (inner.rank, inner.second);
        Ok(Some(ImplicitConversion { rank, to, kind: ConversionKind::BindTemporary(Box::new(inner)), second, shape }))
    }

    /// What an array of arrays is made of, whose qualifiers are the array's ([basic.type.qualifier]/3).
    fn innermost_element(&self, ty: CType) -> CType {
        match *self.types.kind(ty) {
            TypeKind::Array(element, _) => self.innermost_element(element),
            _ => ty,
        }
    }

    /// Is a reference to `to` related to an object of type `from`: the same type, or a base ([dcl.init.ref]/4)?
    pub(super) fn related(&mut self, from: CType, to: CType) -> Result<Option<Step>> {
        if from.same(to) {
            return Ok(Some(Step::Plain));
        }
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::Class(derived), TypeKind::Class(base)) => Ok(self.unique_base(derived, base)?.then_some(Step::ToBase)),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) if n == m || m.is_none() => {
                Ok(self.adds_qualifiers(a, b).then_some(Step::Plain))
            }
            _ => Ok(None),
        }
    }

    /// The same type, or arrays of it, with more qualifiers: those of an array are its elements' ([basic.type.qualifier]/3).
    fn adds_qualifiers(&self, from: CType, to: CType) -> bool {
        match (self.types.kind(from), self.types.kind(to)) {
            _ if from.same(to) => to.is_qualified_at_least(from),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) => n == m && self.adds_qualifiers(*a, *b),
            _ => false,
        }
    }

    fn unique_base(&mut self, derived: ClassId, base: ClassId) -> Result<bool> {
        Ok(self.base_path(derived, base)?.is_some() && !self.is_ambiguous_base(derived, base)?)
    }

    /// Conversions without classes ([conv]), and those of a class to itself or a base.
    pub(super) fn standard_conversion(&mut self, from: &Operand<'a>, to: CType) -> Result<Option<(ConversionRank, Step)>> {
        use ConversionRank::{Conversion, Exact, Promotion};
        let source = self.decay(from.ty).unqualified();
        let target = to.unqualified();
        if source == target {
            return Ok(Some((Exact, Step::Plain)));
        }
        let (a, b) = (self.types.kind(source).clone(), self.types.kind(target).clone());
        if let (TypeKind::Class(derived), TypeKind::Class(base)) = (&a, &b) {
            return Ok(self.unique_base(*derived, *base)?.then_some((Conversion, Step::ToBase)));
        }
        match (&a, &b) {
            (TypeKind::Pointer(from), TypeKind::Pointer(to)) => return self.pointer_conversion(*from, *to),
            (TypeKind::Nullptr, TypeKind::Pointer(_)) => return Ok(Some((Conversion, Step::Plain))),
            (TypeKind::MemberPointer(base, a), TypeKind::MemberPointer(derived, b)) if a == b => {
                let (Some(base), Some(derived)) = (self.types.as_class(*base), self.types.as_class(*derived)) else {
                    return Ok(None);
                };
                return Ok(self.unique_base(derived, base)?.then_some((Conversion, Step::Plain)));
            }
            (TypeKind::MemberPointer(..), TypeKind::Bool) => return Ok(Some((Conversion, Step::PointerToBool))),
            (TypeKind::Nullptr, TypeKind::MemberPointer(..)) => return Ok(Some((Conversion, Step::Plain))),
            (TypeKind::Int(_), TypeKind::MemberPointer(..)) if self.is_null_literal(from) => {
                return Ok(Some((Conversion, Step::Plain)));
            }
            (TypeKind::Pointer(_), TypeKind::Bool) => return Ok(Some((Conversion, Step::PointerToBool))),
            (TypeKind::Int(_), TypeKind::Pointer(_) | TypeKind::Nullptr) if self.is_null_literal(from) => {
                return Ok(Some((Conversion, Step::Plain)));
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
        let promotes = self.promotes_to(source, target)?;
        Ok(Some((if promotes { Promotion } else { Conversion }, Step::Plain)))
    }

    /// [conv.prom], [conv.fpprom]; an enum with a fixed type also goes to that type.
    fn promotes_to(&mut self, source: CType, target: CType) -> Result<bool> {
        if let TypeKind::Enum(id) = *self.types.kind(source)
            && self.enums[id.index()].ast.underlying.is_some()
            && self.enum_to_int(source)? == target
        {
            return Ok(true);
        }
        let widens = (source, target) == (CType::FLOAT, CType::DOUBLE);
        Ok(widens || self.promoted_type(source)? == target && !self.types.is_floating(source))
    }

    /// A literal 0 ([conv.ptr]/1), also as a macro, which `NULL` is; a constant with a name is none.
    fn is_null_literal(&self, from: &Operand<'a>) -> bool {
        matches!(from.kind, OperandKind::Value(Some(value)) if self.is_zero_literal(value))
    }

    pub(super) fn is_zero_literal(&self, value: ir::ExprId) -> bool {
        match *self.f.func.expr(value) {
            Expr::Const { bits, .. } => bits == 0,
            Expr::NamedConst(constant) => {
                self.module.tables.constants[constant].bits == 0 && self.macro_uses.contains_key(&self.f.func.exprs.span(value))
            }
            _ => false,
        }
    }

    fn pointer_conversion(&mut self, from: CType, to: CType) -> Result<Option<(ConversionRank, Step)>> {
        if !to.is_qualified_at_least(from) {
            return Ok(None);
        }
        if from.same(to) {
            return Ok(Some((ConversionRank::Exact, Step::Plain)));
        }
        // `T**` to `const T* const*` and arrays behind pointers ([conv.qual]).
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) if to.is_const || a == b => {
                return Ok(self.pointer_conversion(a, b)?.filter(|(rank, _)| *rank == ConversionRank::Exact));
            }
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) if n == m && self.adds_qualifiers(a, b) => {
                return Ok(Some((ConversionRank::Exact, Step::Plain)));
            }
            (TypeKind::Class(derived), TypeKind::Class(base)) => {
                return Ok(self.unique_base(derived, base)?.then_some((ConversionRank::Conversion, Step::ToBase)));
            }
            (TypeKind::Function(_), TypeKind::Void) => return Ok(None),
            (_, TypeKind::Void) => return Ok(Some((ConversionRank::Conversion, Step::ToVoid))),
            _ => {}
        }
        Ok(None)
    }

    /// The type after integral promotion ([conv.prom]).
    pub fn promoted_type(&mut self, ty: CType) -> Result<CType> {
        if let TypeKind::Enum(id) = *self.types.kind(ty)
            && self.enums[id.index()].ast.underlying.is_none()
            && !self.is_scoped_enum(ty)
        {
            self.complete_enum(id)?;
            return Ok(promoted_enum(&self.enums[id.index()].values));
        }
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

    pub fn class_type(&mut self, class: ClassId) -> CType {
        self.types.intern(TypeKind::Class(class))
    }

    pub fn is_deleted(&self, function: FnId) -> bool {
        matches!(self.function(function).ast, FunctionTree::Function(tree)
            if matches!(tree.body, ast::FunctionBody::Delete) && tree.kind != FunctionKind::DeductionGuide)
    }
}

/// An enum without a fixed type goes to the first of these that holds all its values ([conv.prom]/3).
fn promoted_enum(values: &[i128]) -> CType {
    let holds = |low: i128, high: i128| values.iter().all(|value| (low..=high).contains(value));
    let kind = if holds(i128::from(i32::MIN), i128::from(i32::MAX)) {
        IntKind::Int
    } else if holds(0, i128::from(u32::MAX)) {
        IntKind::UInt
    } else if holds(i128::from(i64::MIN), i128::from(i64::MAX)) {
        IntKind::Long
    } else {
        IntKind::ULong
    };
    CType::int(kind)
}
