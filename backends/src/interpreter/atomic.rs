//! What an atomic writes. Threads are switched only where they wait, so reading and writing in one instruction is atomic.

use super::numbers::{binary, math2};
use ir::{AtomicOp, BinaryOp, MathFn, Scalar};

/// The new value, from canonical values; `None` where nothing is written.
pub(super) fn apply(op: AtomicOp, scalar: Scalar, old: u64, value: u64, compare: Option<u64>) -> Option<u64> {
    let by = |op: BinaryOp| binary(op, scalar).map(|f| f(old, value));
    match op {
        AtomicOp::Add => by(BinaryOp::Add),
        AtomicOp::Sub => by(BinaryOp::Sub),
        AtomicOp::And => by(BinaryOp::And),
        AtomicOp::Or => by(BinaryOp::Or),
        AtomicOp::Xor => by(BinaryOp::Xor),
        AtomicOp::Min => math2(MathFn::Min, scalar).map(|f| f(old, value)),
        AtomicOp::Max => math2(MathFn::Max, scalar).map(|f| f(old, value)),
        AtomicOp::Exchange | AtomicOp::Store => Some(value),
        AtomicOp::CompareExchange => (compare == Some(old)).then_some(value),
        AtomicOp::Inc => Some(if old >= value { 0 } else { old + 1 }),
        AtomicOp::Dec => Some(if old == 0 || old > value { value } else { old - 1 }),
        AtomicOp::Load => None,
    }
}
