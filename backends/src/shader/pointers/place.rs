//! Where a pointer expression points to, and the chains that accesses go through.

use super::super::Refusal;
use super::super::address::{Address, Root, Term, address_of, gcd, root_expr, root_of};
use super::super::narrow::truncate;
use super::analysis::{Cell, Target, heap_unit};
use super::{Rewriter, additive_pointer};
use ir::{BinaryOp, Expr, ExprId, Scalar, Space, TypeId, UnaryOp};
use rustc_hash::FxHashMap;
use source::Span;

/// Where a pointer points to: an address, in which `roots[which]` may stand for the root if there are several.
/// Without roots it is always null, or never given a value.
#[derive(Clone, Debug)]
pub(super) struct Pointed {
    pub(super) roots: Vec<Root>,
    /// The number of the root, -1 for null; there if roots differ or the pointer may be null.
    pub(super) which: Option<ExprId>,
    pub(super) nullable: bool,
    pub(super) address: Address,
}

impl Pointed {
    pub(super) fn at(address: Address) -> Pointed {
        Pointed { roots: vec![address.root], which: None, nullable: false, address }
    }

    pub(super) fn null() -> Pointed {
        Pointed::of(&Target { may_be_null: true, ..Target::default() })
    }

    /// The start of one of the target's roots.
    pub(super) fn of(target: &Target) -> Pointed {
        // Nobody asks for the address of a pointer that points nowhere.
        let root = target.roots.first().copied().unwrap_or(Root::Param(u32::MAX));
        let roots = target.roots.clone();
        Pointed { roots, which: None, nullable: target.may_be_null, address: Address::of(root) }
    }

    /// The address, if there is only one root to point into.
    pub(super) fn single(self, span: Span) -> Result<Address, Refusal> {
        match self.roots.len() {
            0 => Err(Refusal::Rootless { span }),
            1 => Ok(self.address),
            _ => Err(Refusal::ManyRoots { span, name: String::new() }),
        }
    }
}

impl Rewriter<'_, '_> {
    /// Where a pointer expression points to, with no pointer variables in it.
    pub(super) fn pointed(&mut self, id: ExprId) -> Result<Pointed, Refusal> {
        let mut leaf = id;
        let mut rewritten: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        loop {
            leaf = match self.builder.expr(leaf) {
                Expr::Element { base, index } | Expr::Offset { base, index } => {
                    rewritten.insert(index, self.value(index)?);
                    base
                }
                Expr::Field { base, .. } | Expr::PointerCast { base, .. } => base,
                _ => break,
            };
        }
        let start = self.leaf(leaf)?;
        let inner = start.address.terms.len();
        let mut address = address_of(self.builder, id, &mut |_, _| Ok(start.address.clone()))?;
        for term in &mut address.terms[inner..] {
            term.index = rewritten.get(&term.index).copied().unwrap_or(term.index);
        }
        Ok(Pointed { address, ..start })
    }

    fn leaf(&mut self, leaf: ExprId) -> Result<Pointed, Refusal> {
        let span = self.builder.span(leaf);
        match self.builder.expr(leaf) {
            Expr::GlobalAddr(global) => Ok(Pointed::at(Address::of(Root::Global(global)))),
            Expr::LocalAddr(local) => Ok(Pointed::at(Address::of(Root::Local(local)))),
            Expr::Param(index) => Ok(Pointed::at(Address::of(Root::Param(index)))),
            Expr::Let(id) => Ok(self.bound.get(&Cell::Let(id)).cloned().unwrap_or_else(Pointed::null)),
            Expr::Select { condition, accept, reject } => self.select(condition, accept, reject, span),
            Expr::Load { pointer, .. } => match self.builder.expr(pointer) {
                Expr::LocalAddr(local) => Ok(self.cell(local)),
                _ => self.loaded(leaf, pointer, span),
            },
            Expr::IntToPointer { value, .. } => match additive_pointer(self.builder, value) {
                Some(_) => self.shifted(value),
                None => {
                    let address = self.value(value)?;
                    let address = truncate(self.builder, address, Scalar::U32);
                    self.heap_place(leaf, address, span).ok_or(Refusal::PointerBits { span })
                }
            },
            Expr::Zero(_) | Expr::Undef(_) => match self.interface.heap {
                Some(heap) => Ok(Pointed::at(Address::of(Root::Global(heap)))),
                None => Ok(Pointed::null()),
            },
            _ => Err(Refusal::PointerInMemory { span }),
        }
    }

    /// `address(p) + n`
    fn shifted(&mut self, value: ExprId) -> Result<Pointed, Refusal> {
        match self.builder.expr(value) {
            Expr::PointerToInt(pointer) => self.pointed(pointer),
            Expr::Convert { value, .. } => self.shifted(value),
            Expr::Binary { a, b, .. } => {
                let (pointer, distance) = if additive_pointer(self.builder, a).is_some() { (a, b) } else { (b, a) };
                let mut place = self.shifted(pointer)?;
                let index = self.value(distance)?;
                match self.builder.const_value(index) {
                    Some(bytes) => place.address.constant += bytes,
                    None => place.address.terms.push(Term { index, stride: 1, bound: None }),
                }
                Ok(place)
            }
            _ => Err(Refusal::PointerBits { span: self.builder.span(value) }),
        }
    }

    /// `c ? p : q`: the selected index, and the selected root if they differ.
    fn select(&mut self, condition: ExprId, accept: ExprId, reject: ExprId, span: Span) -> Result<Pointed, Refusal> {
        let condition = self.value(condition)?;
        let (a, b) = (self.pointed(accept)?, self.pointed(reject)?);
        let mut roots = a.roots.clone();
        roots.extend(b.roots.iter().filter(|root| !a.roots.contains(root)));
        let nullable = a.nullable || b.nullable;
        let which = (roots.len() > 1 || nullable && !roots.is_empty()).then(|| {
            let accept = self.renumber(&a, &roots, span);
            let reject = self.renumber(&b, &roots, span);
            self.builder.add(Expr::Select { condition, accept, reject }, span)
        });
        let address = match (a.roots.is_empty(), b.roots.is_empty()) {
            // Where null points to does not matter.
            (false, true) => a.address,
            (true, false) => b.address,
            _ => {
                let unit = gcd(a.address.granularity(), b.address.granularity()) as i64;
                let mut address = Address::of(a.address.root);
                if unit != 0 {
                    let accept = self.distance(&a.address, unit, span);
                    let reject = self.distance(&b.address, unit, span);
                    let index = self.builder.add(Expr::Select { condition, accept, reject }, span);
                    address.terms.push(Term { index, stride: unit, bound: None });
                }
                address
            }
        };
        Ok(Pointed { roots, which, nullable, address })
    }

    /// The place in the heap at byte `address`, for a pointer of the type of `pointer`.
    pub(super) fn heap_place(&mut self, pointer: ExprId, address: ExprId, span: Span) -> Option<Pointed> {
        let heap = self.interface.heap?;
        let unit = heap_unit(self.builder, pointer);
        let index = self.builder.with_constant(BinaryOp::Shr, address, i64::from(unit.trailing_zeros()), span);
        let terms = vec![Term { index, stride: unit as i64, bound: None }];
        Some(Pointed::at(Address { root: Root::Global(heap), terms, constant: 0 }))
    }

    pub(super) fn load(
        &mut self,
        place: &Pointed,
        pointer_ty: TypeId,
        ty: TypeId,
        volatile: bool,
        span: Span,
    ) -> Result<ExprId, Refusal> {
        self.need_memory(place, span)?;
        let place = &self.in_windows(place, None, span)?;
        let mut value = None;
        for (index, root) in self.roots_in_scope(place).into_iter().rev() {
            let address = self.address_in(place, root);
            let pointer = self.emit(&address, pointer_ty, span);
            let here = self.builder.add(Expr::Load { pointer, volatile }, span);
            value = Some(match (value, place.which) {
                (Some(reject), Some(which)) => {
                    let condition = self.is_root(which, index, span);
                    self.builder.add(Expr::Select { condition, accept: here, reject }, span)
                }
                _ => here,
            });
        }
        Ok(value.unwrap_or_else(|| self.builder.add(Expr::Zero(ty), span)))
    }

    /// A pointer as a chain from its root. Chains that are one already keep their steps.
    pub(super) fn pointer(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        if matches!(self.builder.expr(id), Expr::GlobalAddr(_) | Expr::LocalAddr(_) | Expr::Param(_)) {
            return Ok(id);
        }
        if root_of(self.builder.function, id).is_some() {
            return self.rebuild_chain(id);
        }
        let place = self.pointed(id)?;
        if place.roots.len() == 1 && self.roots_in_scope(&place).is_empty() {
            return Err(Refusal::Rootless { span });
        }
        if self.is_windowed(&place) {
            return Err(Refusal::Internal {
                span,
                what: "an address in a heap of several windows that is no operand of an access".into(),
            });
        }
        let address = place.single(span)?;
        Ok(self.emit(&address, self.builder.ty(id), span))
    }

    fn rebuild_chain(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        let old = self.builder.expr(id);
        let new = match old.clone() {
            Expr::Field { base, index } => Expr::Field { base: self.rebuild_chain(base)?, index },
            Expr::Element { base, index } => Expr::Element { base: self.rebuild_chain(base)?, index: self.value(index)? },
            Expr::Offset { base, index } => Expr::Offset { base: self.rebuild_chain(base)?, index: self.value(index)? },
            Expr::PointerCast { base, to } => Expr::PointerCast { base: self.rebuild_chain(base)?, to },
            _ => return Ok(id),
        };
        Ok(if new == old { id } else { self.builder.add(new, span) })
    }

    /// A chain with exactly this address: arrays of bytes stand for the strides.
    pub(super) fn emit(&mut self, address: &Address, ty: TypeId, span: Span) -> ExprId {
        let mut place = root_expr(self.builder, address.root, span);
        let space = self.builder.tables.types.as_pointer(self.builder.ty(place)).map_or(Space::Generic, |(_, space)| space);
        let byte = self.builder.scalar_ty(Scalar::U8);
        for term in &address.terms {
            let stride = term.stride.unsigned_abs();
            let unit = if stride == 1 { byte } else { self.builder.tables.types.array(byte, Some(stride)) };
            let index = match term.stride {
                ..0 => self.builder.add(Expr::Unary { op: UnaryOp::Neg, value: term.index }, span),
                _ => term.index,
            };
            let stepped = term.bound.map_or(unit, |bound| self.builder.tables.types.array(unit, Some(bound)));
            let to = self.builder.tables.types.pointer(stepped, space);
            let base = self.builder.add(Expr::PointerCast { base: place, to }, span);
            place = match term.bound {
                Some(_) => self.builder.element(base, index, span),
                None => self.builder.add(Expr::Offset { base, index }, span),
            };
        }
        if address.constant != 0 {
            let to = self.builder.tables.types.pointer(byte, space);
            let base = self.builder.add(Expr::PointerCast { base: place, to }, span);
            let index = self.builder.constant(Scalar::I64, address.constant, span);
            place = self.builder.add(Expr::Offset { base, index }, span);
        }
        // A whole variable as it is.
        if self.builder.ty(place) == ty {
            return place;
        }
        self.builder.add(Expr::PointerCast { base: place, to: ty }, span)
    }
}
