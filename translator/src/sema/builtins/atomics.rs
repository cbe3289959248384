//! Atomic functions at device scope; `find` makes those of the other two scopes.

use super::{Builtin, Operation, row};
use ir::{AtomicOp, Scope};

const fn atomic(name: &'static str, op: AtomicOp) -> Builtin {
    row(name, Operation::Atomic(op, Scope::Device), "Atomic Functions")
}

/// What `cuda::atomic` is made of.
const fn internal(name: &'static str, op: AtomicOp) -> Builtin {
    row(name, Operation::Atomic(op, Scope::Device), "CUDA C++ Standard Library, cuda::atomic")
}

pub(super) const TABLE: &[Builtin] = &[
    atomic("atomicAdd", AtomicOp::Add),
    atomic("atomicSub", AtomicOp::Sub),
    atomic("atomicExch", AtomicOp::Exchange),
    atomic("atomicMin", AtomicOp::Min),
    atomic("atomicMax", AtomicOp::Max),
    atomic("atomicInc", AtomicOp::Inc),
    atomic("atomicDec", AtomicOp::Dec),
    atomic("atomicCAS", AtomicOp::CompareExchange),
    atomic("atomicAnd", AtomicOp::And),
    atomic("atomicOr", AtomicOp::Or),
    atomic("atomicXor", AtomicOp::Xor),
    internal("__atomicLoad", AtomicOp::Load),
    internal("__atomicStore", AtomicOp::Store),
    internal("__atomicCompareExchange", AtomicOp::CompareExchange),
];
