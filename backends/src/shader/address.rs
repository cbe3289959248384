//! An address as root, terms and constant: `root + Σ index * stride + constant`, all in bytes.
//!
//! Every chain of `Field`, `Element`, `Offset` and `PointerCast` has this form, whatever types it goes through. So casts
//! cost nothing, and whether an access fits a type is a question of strides: [`plan`] finds the way from a variable's type
//! down to the accessed one, or says that there is none.
//!
//! **Arithmetic on indices is done in 32 bits.** A binding holds at most 2^31 bytes, so the true index of an access in
//! bounds is below 2^31, and the low 32 bits of it follow from the low 32 bits of its parts under `+ - *`. Accesses out of
//! bounds are undefined in CUDA.

use super::Refusal;
use super::narrow::truncate;
use super::rewrite::Builder;
use ir::{BinaryOp, Expr, ExprId, Function, GlobalId, LocalId, Scalar, Type, TypeId, Types};
use source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Root {
    Global(GlobalId),
    Local(LocalId),
    /// A device function's parameter: pointer to a whole local of the caller.
    Param(u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) index: ExprId,
    pub(super) stride: i64,
    /// The index is below this, because it selects from an array of this length.
    pub(super) bound: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Address {
    pub(super) root: Root,
    pub(super) terms: Vec<Term>,
    pub(super) constant: i64,
}

impl Address {
    pub(super) fn of(root: Root) -> Address {
        Address { root, terms: Vec::new(), constant: 0 }
    }

    pub(super) fn plus(&self, bytes: i64) -> Address {
        Address { constant: self.constant + bytes, ..self.clone() }
    }

    pub(super) fn step(&self, term: Term) -> Address {
        let mut stepped = self.clone();
        stepped.terms.push(term);
        stepped
    }

    /// Is it the root's own address?
    pub(super) fn is_start(&self) -> bool {
        self.terms.is_empty() && self.constant == 0
    }

    /// The largest number that divides every stride and the constant; 0 at the root's start.
    pub(super) fn granularity(&self) -> u64 {
        self.terms.iter().map(|term| term.stride).chain([self.constant]).fold(0, |all, stride| gcd(all, stride.unsigned_abs()))
    }

    fn add_index(&mut self, builder: &Builder<'_>, index: ExprId, stride: i64, bound: Option<u64>) {
        match builder.expr(index) {
            Expr::Const { .. } | Expr::Zero(_) => {
                let value = builder.const_value(index).unwrap_or(0);
                self.constant = self.constant.wrapping_add(value.wrapping_mul(stride));
            }
            _ => self.terms.push(Term { index, stride, bound }),
        }
    }
}

pub(super) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The address that `id` gives. `leaf` answers for what is no chain: pointer variables, parameters, values.
pub(super) fn address_of(
    builder: &mut Builder<'_>,
    id: ExprId,
    leaf: &mut impl FnMut(&mut Builder<'_>, ExprId) -> Result<Address, Refusal>,
) -> Result<Address, Refusal> {
    match builder.expr(id) {
        Expr::GlobalAddr(global) => Ok(Address::of(Root::Global(global))),
        Expr::LocalAddr(local) => Ok(Address::of(Root::Local(local))),
        Expr::PointerCast { base, .. } => address_of(builder, base, leaf),
        Expr::Field { base, index } => {
            let address = address_of(builder, base, leaf)?;
            Ok(address.plus(field_offset(&builder.tables.types, pointee(builder, base), index)))
        }
        Expr::Element { base, index } => {
            let mut address = address_of(builder, base, leaf)?;
            let stride = size(builder, pointee(builder, id));
            let bound = match builder.kind(pointee(builder, base)) {
                Type::Array { count, .. } => count,
                _ => None,
            };
            address.add_index(builder, index, stride, bound);
            Ok(address)
        }
        Expr::Offset { base, index } => {
            let mut address = address_of(builder, base, leaf)?;
            let stride = size(builder, pointee(builder, id));
            address.add_index(builder, index, stride, None);
            Ok(address)
        }
        _ => leaf(builder, id),
    }
}

/// A chain that starts at a variable or a parameter; everything else is a defect of the passes before.
pub(super) fn chain_address(builder: &mut Builder<'_>, id: ExprId) -> Result<Address, Refusal> {
    address_of(builder, id, &mut |builder, leaf| match builder.expr(leaf) {
        Expr::Param(index) => Ok(Address::of(Root::Param(index))),
        Expr::Load { .. } => Err(Refusal::PointerInMemory { span: builder.span(leaf) }),
        Expr::IntToPointer { .. } => Err(Refusal::PointerBits { span: builder.span(leaf) }),
        Expr::Zero(_) | Expr::Undef(_) => Err(Refusal::Rootless { span: builder.span(leaf) }),
        other => Err(Refusal::Internal { span: builder.span(leaf), what: format!("an address made by {other:?}") }),
    })
}

/// The variable or parameter at the start of a chain.
pub(super) fn root_of(function: &Function, id: ExprId) -> Option<Root> {
    match *function.expr(id) {
        Expr::GlobalAddr(global) => Some(Root::Global(global)),
        Expr::LocalAddr(local) => Some(Root::Local(local)),
        Expr::Param(index) => Some(Root::Param(index)),
        Expr::Field { base, .. } | Expr::Element { base, .. } | Expr::Offset { base, .. } | Expr::PointerCast { base, .. } => {
            root_of(function, base)
        }
        _ => None,
    }
}

pub(super) fn pointee(builder: &Builder<'_>, id: ExprId) -> TypeId {
    match builder.tables.types.as_pointer(builder.ty(id)) {
        Some((pointee, _)) => pointee,
        None => unreachable!("an address has a pointer type"),
    }
}

/// Bytes of a type; 1 for `void`, as compilers count in `void*` arithmetic.
fn size(builder: &Builder<'_>, ty: TypeId) -> i64 {
    builder.tables.types.size_of(ty).max(1) as i64
}

fn field_offset(types: &Types, ty: TypeId, index: u32) -> i64 {
    match types.get(ty) {
        Type::Struct(definition) => types.structs()[definition].fields[index as usize].offset as i64,
        Type::Vector { scalar, .. } => (scalar.size() * u64::from(index)) as i64,
        _ => 0,
    }
}

/// `Σ index * stride / unit + constant / unit` as `i32`, or `u32` where every part is unsigned.
pub(super) fn index_value(builder: &mut Builder<'_>, terms: &[(ExprId, i64)], constant: i64, span: Span) -> ExprId {
    let unsigned = |builder: &Builder<'_>, id: ExprId| {
        let id = strip_widening(builder, id);
        builder.scalar_of(id).is_some_and(|scalar| !scalar.is_signed()) && builder.const_value(id).is_none()
    };
    let all_unsigned = !terms.is_empty()
        && constant >= 0
        && terms.iter().all(|&(index, factor)| factor > 0 && (unsigned(builder, index) || builder.const_value(index).is_some()))
        && terms.iter().any(|&(index, _)| unsigned(builder, index));
    let scalar = if all_unsigned { Scalar::U32 } else { Scalar::I32 };
    let mut sum = None;
    for &(index, factor) in terms {
        let index = truncate(builder, index, scalar);
        let scaled = builder.with_constant(BinaryOp::Mul, index, factor, span);
        sum = Some(match sum {
            None => scaled,
            Some(sum) => builder.binary(BinaryOp::Add, sum, scaled, span),
        });
    }
    match sum {
        Some(sum) => builder.with_constant(BinaryOp::Add, sum, constant, span),
        None => builder.constant(if constant >= 0 { Scalar::U32 } else { Scalar::I32 }, constant, span),
    }
}

fn strip_widening(builder: &Builder<'_>, id: ExprId) -> ExprId {
    match builder.expr(id) {
        Expr::Convert { value, to }
            if to.is_int() && builder.scalar_of(value).is_some_and(|from| from.is_int() && from.size() < to.size()) =>
        {
            strip_widening(builder, value)
        }
        _ => id,
    }
}

/// One step from a type to a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Field(u32),
    /// Terms (by position in the address) with their factors, and a constant.
    Element {
        terms: Vec<(usize, i64)>,
        constant: i64,
    },
}

/// The way from a variable of type `ty` to a `target` at `address`; the type it arrives at is `target`, or an integer of
/// the same size. `None` if no chain of fields and elements goes there.
pub(super) fn plan(types: &Types, ty: TypeId, address: &Address, target: TypeId) -> Option<(Vec<Step>, TypeId)> {
    let mut walk =
        Walk { types, address, left: (0..address.terms.len()).collect(), constant: address.constant, steps: Vec::new() };
    let mut at = ty;
    let mut outermost = true;
    loop {
        if walk.left.is_empty() && walk.constant == 0 && is_like(types, at, target) {
            return Some((walk.steps, at));
        }
        at = match types.get(at) {
            Type::Array { element, count } => walk.element(element, count, outermost)?,
            Type::Struct(definition) => walk.field(definition)?,
            Type::Vector { scalar, count } => return walk.component(at, scalar, count, target),
            _ => return None,
        };
        outermost = false;
    }
}

struct Walk<'a> {
    types: &'a Types,
    address: &'a Address,
    left: Vec<usize>,
    constant: i64,
    steps: Vec<Step>,
}

impl Walk<'_> {
    fn element(&mut self, element: TypeId, count: Option<u64>, outermost: bool) -> Option<TypeId> {
        let size = self.types.size_of(element) as i64;
        if size == 0 {
            return None;
        }
        let mut terms = Vec::new();
        let mut left = Vec::new();
        for &position in &self.left {
            let term = self.address.terms[position];
            if term.stride % size == 0 {
                // An inner array must hold the index by itself; at the outermost level the whole variable is there.
                let fits = |bound: u64, count: u64| {
                    bound.checked_mul(term.stride.unsigned_abs()).is_some_and(|reach| reach <= count * size as u64)
                };
                if !outermost && !matches!((term.bound, count), (Some(bound), Some(count)) if fits(bound, count)) {
                    return None;
                }
                terms.push((position, term.stride / size));
            } else if term.stride.abs() > size {
                return None;
            } else {
                left.push(position);
            }
        }
        let constant = self.constant.div_euclid(size);
        if !outermost && !(0..count.unwrap_or(0) as i64).contains(&constant) {
            return None;
        }
        if let Some(count) = count
            && terms.is_empty()
            && !(0..count as i64).contains(&constant)
        {
            return None;
        }
        self.constant = self.constant.rem_euclid(size);
        self.left = left;
        self.steps.push(Step::Element { terms, constant });
        Some(element)
    }

    fn field(&mut self, definition: ir::StructId) -> Option<TypeId> {
        let fields = &self.types.structs()[definition].fields;
        let inside = |field: &ir::Field| {
            let (start, size) = (field.offset as i64, self.types.size_of(field.ty) as i64);
            (start..start + size).contains(&self.constant)
        };
        let (index, field) = fields.iter().enumerate().find(|(_, field)| inside(field))?;
        self.constant -= field.offset as i64;
        self.steps.push(Step::Field(index as u32));
        Some(field.ty)
    }

    fn component(mut self, vector: TypeId, scalar: Scalar, count: u8, target: TypeId) -> Option<(Vec<Step>, TypeId)> {
        let (size, wanted) = (scalar.size() as i64, self.types.as_scalar(target)?);
        let index = self.constant / size;
        if !self.left.is_empty()
            || self.constant % size != 0
            || !(0..i64::from(count)).contains(&index)
            || !like_scalars(scalar, wanted)
        {
            return None;
        }
        self.steps.push(Step::Field(index as u32));
        let component = self.types.lookup(Type::Scalar(scalar)).unwrap_or(vector);
        Some((self.steps, component))
    }
}

/// Equal, or integers of one size: those convert without loss.
fn is_like(types: &Types, at: TypeId, target: TypeId) -> bool {
    at == target || matches!((types.as_scalar(at), types.as_scalar(target)), (Some(a), Some(b)) if like_scalars(a, b))
}

fn like_scalars(a: Scalar, b: Scalar) -> bool {
    a == b || a.is_int() && b.is_int() && a.size() == b.size()
}

/// The address expression for a plan.
pub(super) fn emit_steps(builder: &mut Builder<'_>, root: ExprId, address: &Address, steps: &[Step], span: Span) -> ExprId {
    let mut place = root;
    for step in steps {
        place = match step {
            Step::Field(index) => builder.field(place, *index, span),
            Step::Element { terms, constant } => {
                let terms: Vec<(ExprId, i64)> =
                    terms.iter().map(|&(position, factor)| (address.terms[position].index, factor)).collect();
                let index = index_value(builder, &terms, *constant, span);
                builder.element(place, index, span)
            }
        };
    }
    place
}

pub(super) fn root_expr(builder: &mut Builder<'_>, root: Root, span: Span) -> ExprId {
    let expr = match root {
        Root::Global(global) => Expr::GlobalAddr(global),
        Root::Local(local) => Expr::LocalAddr(local),
        Root::Param(index) => Expr::Param(index),
    };
    builder.add(expr, span)
}
