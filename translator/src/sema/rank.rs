//! Which of two implicit conversion sequences is better (C++ [over.ics.rank]).
//!
//! A standard conversion sequence is kept as its rank and its [`Shape`]: the step that is no mere adjustment, the type it ends with, and
//! how a reference is bound. A user-defined one keeps the rank and shape of what follows its function, which are compared only if both
//! sequences call the same function.

use super::*;
use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConversionRank {
    Exact,
    Promotion,
    Conversion,
    User,
    Ellipsis,
}

/// What decides among sequences of one rank.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub from: CType,
    /// The type that the sequence ends with: without a reference, with the qualifiers of what a reference is bound to.
    pub target: CType,
    pub step: Step,
    pub reference: Option<Binding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Identity, adjustments of qualifiers, promotions, conversions without an order of their own.
    Plain,
    /// A pointer or `nullptr` to `bool`.
    PointerToBool,
    /// `T*` to `void*`.
    ToVoid,
    /// A class, or a pointer to it, to a base.
    ToBase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub rvalue_ref: bool,
    pub to_rvalue: bool,
    /// The object of a method without a reference qualifier.
    pub object: bool,
}

impl Shape {
    pub fn plain(from: CType, target: CType) -> Shape {
        Shape { from, target, step: Step::Plain, reference: None }
    }
}

impl<'a> Sema<'a> {
    /// `Less` is better; `Equal` are also those that have no order.
    pub(crate) fn compare_conversions(&mut self, a: &ImplicitConversion, b: &ImplicitConversion) -> Result<Ordering> {
        if a.rank != b.rank {
            return Ok(a.rank.cmp(&b.rank));
        }
        match a.rank {
            ConversionRank::Ellipsis => Ok(Ordering::Equal),
            ConversionRank::User => match (a.user_function(), b.user_function()) {
                (Some(x), Some(y)) if x == y => self.compare_standard((a.second, &a.shape), (b.second, &b.shape)),
                _ => Ok(Ordering::Equal),
            },
            _ => self.compare_standard((a.rank, &a.shape), (b.rank, &b.shape)),
        }
    }

    /// Two standard conversion sequences ([over.ics.rank]/3.2 and /4).
    pub(super) fn compare_standard(&mut self, a: (ConversionRank, &Shape), b: (ConversionRank, &Shape)) -> Result<Ordering> {
        if a.0 != b.0 {
            return Ok(a.0.cmp(&b.0));
        }
        let (rank, a, b) = (a.0, a.1, b.1);
        let to_bool = (a.step == Step::PointerToBool).cmp(&(b.step == Step::PointerToBool));
        if to_bool != Ordering::Equal {
            return Ok(to_bool);
        }
        let by_base = self.compare_bases(a, b)?;
        if by_base != Ordering::Equal {
            return Ok(by_base);
        }
        if rank == ConversionRank::Promotion {
            let by_enum = self.compare_enum_promotions(a, b)?;
            if by_enum != Ordering::Equal {
                return Ok(by_enum);
            }
        }
        if let (Some(x), Some(y)) = (a.reference, b.reference)
            && !x.object
            && !y.object
            && x.rvalue_ref != y.rvalue_ref
            && x.to_rvalue
            && y.to_rvalue
        {
            return Ok(if x.rvalue_ref { Ordering::Less } else { Ordering::Greater });
        }
        // Binding a reference is no conversion of qualifiers: beside a value its own qualifiers do not count.
        let (x, y) = match a.reference.is_some() == b.reference.is_some() {
            true => (a.target, b.target),
            false => (a.target.unqualified(), b.target.unqualified()),
        };
        Ok(self.compare_qualifiers(x, y).unwrap_or(Ordering::Equal))
    }

    /// `B*` to `A*` is better than to `void*`; the nearer base is better.
    fn compare_bases(&mut self, a: &Shape, b: &Shape) -> Result<Ordering> {
        match (a.step, b.step) {
            (Step::ToBase, Step::ToVoid) => return Ok(Ordering::Less),
            (Step::ToVoid, Step::ToBase) => return Ok(Ordering::Greater),
            // The same class, or a pointer to it, beside its base.
            (Step::Plain, Step::ToVoid) | (Step::ToBase, Step::ToBase) => {}
            _ => return Ok(Ordering::Equal),
        }
        let class = |sema: &Self, ty: CType| {
            let ty = sema.types.pointee(ty).unwrap_or(ty);
            sema.types.as_class(ty)
        };
        let (Some(x), Some(y)) = (class(self, a.target), class(self, b.target)) else { return Ok(Ordering::Equal) };
        if x == y {
            return Ok(Ordering::Equal);
        }
        if self.base_path(x, y)?.is_some() {
            return Ok(Ordering::Less);
        }
        if self.base_path(y, x)?.is_some() {
            return Ok(Ordering::Greater);
        }
        Ok(Ordering::Equal)
    }

    /// An enum with a fixed type goes to that type rather than to what the type is promoted to.
    fn compare_enum_promotions(&mut self, a: &Shape, b: &Shape) -> Result<Ordering> {
        let TypeKind::Enum(id) = *self.types.kind(a.from) else { return Ok(Ordering::Equal) };
        if self.enums[id.index()].ast.underlying.is_none() {
            return Ok(Ordering::Equal);
        }
        let own = self.enum_to_int(a.from)?;
        Ok(b.target.same(own).cmp(&a.target.same(own)))
    }

    /// Types that differ in qualifiers alone: the one whose qualifiers are a proper subset comes first. `None` for unlike types.
    fn compare_qualifiers(&self, a: CType, b: CType) -> Option<Ordering> {
        let below = match (self.types.kind(a), self.types.kind(b)) {
            _ if a.same(b) => Ordering::Equal,
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) => self.compare_qualifiers(*a, *b)?,
            (TypeKind::Array(a, _), TypeKind::Array(b, _)) => self.compare_qualifiers(*a, *b)?,
            _ => return None,
        };
        let (more, less) = (a.is_qualified_at_least(b), b.is_qualified_at_least(a));
        let here = match (more, less) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => return None,
        };
        match (here, below) {
            (Ordering::Equal, other) | (other, Ordering::Equal) => Some(other),
            (a, b) if a == b => Some(a),
            _ => None,
        }
    }
}
