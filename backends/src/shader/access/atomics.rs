//! Atomics on a variable's view: the target's own, a loop where it has none, a part of a wider word, two words for one.
//!
//! **64-bit atomics in two words.** Where a device has none, `atomicAdd` and `atomicSub` change the low word, and then the high word
//! with the carry (or borrow) that the low one's old value tells; `atomicAnd`, `Or` and `Xor` change both words. The result is exact when all
//! threads are through, because the words' operations commute, and every overflow of the low word is carried once, by the thread that
//! caused it. In between the two words may not belong together, so this is done only where nobody can see that: no old value is used,
//! no other kind of atomic and no volatile access touches the variable. (A plain read must be ordered behind
//! the atomics by a barrier or a fence in any case: CUDA guide, "Memory Consistency Model".) Everything else is refused: exchange,
//! minimum and maximum of two words cannot be had without a lock, and WGSL promises neither the order nor the progress that a lock needs.

use super::super::Refusal;
use super::super::address::{Address, Root};
use super::super::helpers::Helper;
use super::super::views::{Form, View, is_commuting};
use super::Rewriter;
use ir::{AtomicOp, BinaryOp, Block, Expr, ExprId, GlobalId, LetId, Scalar, Scope, Space, Stmt, StmtKind, TypeId};
use source::Span;

/// An atomic statement but for its address.
pub(super) struct Atomic {
    pub(super) result: Option<LetId>,
    pub(super) op: AtomicOp,
    pub(super) value: ExprId,
    pub(super) compare: Option<ExprId>,
    pub(super) scope: Scope,
    pub(super) span: Span,
}

/// Shaders have neither float arithmetic on atomics nor wrapping counters.
fn needs_loop(op: AtomicOp, scalar: Scalar) -> bool {
    match op {
        AtomicOp::Inc | AtomicOp::Dec => true,
        AtomicOp::Add | AtomicOp::Sub | AtomicOp::Min | AtomicOp::Max => scalar.is_float(),
        AtomicOp::And
        | AtomicOp::Or
        | AtomicOp::Xor
        | AtomicOp::Exchange
        | AtomicOp::CompareExchange
        | AtomicOp::Load
        | AtomicOp::Store => false,
    }
}

impl Rewriter<'_> {
    pub(super) fn atomic(&mut self, address: &Address, ty: TypeId, atomic: &Atomic, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = atomic.span;
        let view = self.view(address.root, span)?;
        let Some(scalar) = self.module.tables.types.as_scalar(ty) else {
            return Err(Refusal::AtomicType { span, what: "something that is no scalar" });
        };
        let global = match address.root {
            Root::Global(global) if self.module.tables.globals[global].space != Space::Constant => global,
            _ => return Err(Refusal::AtomicType { span, what: "local memory" }),
        };
        if scalar.size() == 8 && !self.options.features.atomic_int64 {
            return self.atomic_in_halves(address, scalar, atomic, out);
        }
        let Some((place, found)) = self.place(address, ty, view, span) else {
            return self.atomic_on_part(address, scalar, view, global, atomic, out);
        };
        let Some(found_scalar) = self.module.tables.types.as_scalar(found) else {
            return Err(Refusal::Access { span, why: "an atomic operation on something that is no scalar" });
        };
        let orders_otherwise = matches!(atomic.op, AtomicOp::Min | AtomicOp::Max) && found_scalar != scalar;
        if needs_loop(atomic.op, scalar) || orders_otherwise {
            let index = match self.function.expr(place) {
                Expr::Element { base, index } if matches!(self.function.expr(*base), Expr::GlobalAddr(_)) => Some(*index),
                Expr::GlobalAddr(_) => None,
                _ => return Err(Refusal::Access { span, why: "this atomic operation needs a one-dimensional array" }),
            };
            let helper = Helper::Update { global, op: atomic.op, scalar, indexed: index.is_some() };
            self.call_update(helper, index, atomic, out);
            return Ok(());
        }
        let value = self.as_type(atomic.value, ty, found, span);
        let compare = atomic.compare.map(|compare| self.as_type(compare, ty, found, span));
        let result = match atomic.result {
            Some(result) if found != ty => {
                let raw = self.function.add_let(None, found, span);
                Some((raw, Some(result)))
            }
            other => other.map(|result| (result, None)),
        };
        let kind = StmtKind::Atomic {
            result: result.map(|(raw, _)| raw),
            op: atomic.op,
            pointer: place,
            value,
            compare,
            scope: atomic.scope,
        };
        out.push(Stmt { kind, span });
        if let Some((raw, Some(result))) = result {
            let value = self.builder().add(Expr::Let(raw), span);
            let value = self.builder().reinterpret(value, scalar, span);
            out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        }
        debug_assert_eq!(found_scalar.size(), scalar.size());
        Ok(())
    }

    fn call_update(&mut self, helper: Helper, at: Option<ExprId>, atomic: &Atomic, out: &mut Vec<Stmt>) {
        let span = atomic.span;
        let function = self.helpers.get(self.module, helper, span);
        let mut args: Vec<ExprId> = at.into_iter().map(|at| self.builder().convert(at, Scalar::U32, span)).collect();
        args.push(atomic.value);
        args.extend(atomic.compare);
        out.push(Stmt { kind: StmtKind::Call { result: atomic.result, function, args }, span });
    }

    /// An atomic on a part of the words that the variable is made of: the word is exchanged as a whole.
    fn atomic_on_part(
        &mut self,
        address: &Address,
        scalar: Scalar,
        view: View,
        global: GlobalId,
        atomic: &Atomic,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let span = atomic.span;
        let word = match view.form {
            Form::Words(word) if scalar.size() < word.size() => word,
            _ => return Err(Refusal::Access { span, why: "an atomic operation on a part of a larger element" }),
        };
        match atomic.op {
            AtomicOp::Load => {
                let value = self.load_from_words(address, scalar, word, false, span);
                let kind = atomic.result.map(|result| StmtKind::Let { result, value });
                out.extend(kind.map(|kind| Stmt { kind, span }));
            }
            AtomicOp::Store => self.store_to_words(address, scalar, word, atomic.value, false, span, out),
            op => {
                let byte = self.byte(address, span);
                self.call_update(Helper::UpdatePart { global, op, scalar, word }, Some(byte), atomic, out);
            }
        }
        Ok(())
    }

    /// See the head of this file.
    fn atomic_in_halves(
        &mut self,
        address: &Address,
        scalar: Scalar,
        atomic: &Atomic,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let span = atomic.span;
        let refuse = |what| Err(Refusal::AtomicType { span, what });
        if scalar.is_float() {
            return refuse("double");
        }
        if !is_commuting(atomic.op) {
            return refuse("64-bit integers");
        }
        if atomic.result.is_some_and(|result| self.used[result.index()]) {
            return refuse("64-bit integers whose old value is used");
        }
        if self.views.observed.contains(&address.root) {
            return refuse("64-bit integers that are seen while they change");
        }
        let [low, high] = self.halves(atomic.value, span, out);
        let [low_place, high_place] = [0, 1].map(|more| self.word(address, Scalar::U32, more, span));
        let one = |result, op, pointer, value| Stmt {
            kind: StmtKind::Atomic { result, op, pointer, value, compare: None, scope: atomic.scope },
            span,
        };
        if !matches!(atomic.op, AtomicOp::Add | AtomicOp::Sub) {
            out.push(one(None, atomic.op, low_place, low));
            out.push(one(None, atomic.op, high_place, high));
            return Ok(());
        }
        let mut builder = self.builder();
        let low = builder.bind("low", low, out);
        let word = builder.scalar_ty(Scalar::U32);
        let before = builder.function.add_let(Some("before".into()), word, span);
        out.push(one(Some(before), atomic.op, low_place, low));
        let before = builder.add(Expr::Let(before), span);
        let overflows = match atomic.op {
            AtomicOp::Sub => builder.binary(BinaryOp::Lt, before, low, span),
            _ => {
                let sum = builder.binary(BinaryOp::Add, before, low, span);
                builder.binary(BinaryOp::Lt, sum, low, span)
            }
        };
        let carry = builder.convert(overflows, Scalar::U32, span);
        let more = builder.binary(BinaryOp::Add, high, carry, span);
        let more = builder.bind("more", more, out);
        let zero = builder.constant(Scalar::U32, 0, span);
        let condition = builder.binary(BinaryOp::Ne, more, zero, span);
        let accept = Block { stmts: vec![one(None, atomic.op, high_place, more)] };
        out.push(Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span });
        Ok(())
    }
}
