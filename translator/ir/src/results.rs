//! The type of the value that a statement binds, from its operands; what [`infer`](crate::infer) is for expressions.

use crate::arena::Arena;
use crate::expr::ExprId;
use crate::infer::TypeError;
use crate::module::{Function, Tables};
use crate::stmt::{AtomicOp, StmtKind, WarpOp};
use crate::types::{Scalar, Space, Type, TypeId, Types};

fn fail<T>(message: impl Into<String>) -> Result<T, TypeError> {
    Err(TypeError(message.into()))
}

/// The type of `kind`'s result, if it may have one: `void` for a call of a function that returns nothing. Checks the
/// operands that the result depends on, whether or not the statement binds it.
pub fn result_type(
    tables: &mut Tables,
    functions: &Arena<Function>,
    function: &Function,
    kind: &StmtKind,
) -> Result<Option<TypeId>, TypeError> {
    let types = &mut tables.types;
    match kind {
        StmtKind::Let { value, .. } => Ok(Some(function.ty(*value))),
        StmtKind::BlockBroadcast { value, .. } => match types.as_scalar(function.ty(*value)) {
            Some(_) => Ok(Some(function.ty(*value))),
            None => fail("a broadcast needs a scalar"),
        },
        StmtKind::BlockVote { value, .. } => {
            need_bool(types, function, *value)?;
            Ok(Some(types.scalar(Scalar::I32)))
        }
        StmtKind::Clock { scalar: scalar @ (Scalar::I32 | Scalar::I64), .. } => Ok(Some(types.scalar(*scalar))),
        StmtKind::Clock { .. } => fail("a clock gives an `i32` or an `i64`"),
        StmtKind::Call { function: callee, args, .. } => {
            let Some(callee) = functions.get(*callee) else { return fail("there is no such function") };
            let params: Vec<TypeId> = callee.params.iter().map(|param| param.ty).collect();
            let given: Vec<TypeId> = args.iter().map(|arg| function.ty(*arg)).collect();
            if params == given { Ok(Some(callee.result)) } else { fail("the arguments do not fit the parameters") }
        }
        StmtKind::Atomic { op, pointer, value, compare, .. } => {
            atomic(types, function, *op, *pointer, *value, *compare).map(Some)
        }
        StmtKind::Warp { op, args, .. } => warp(types, function, *op, args).map(Some),
        _ => Ok(None),
    }
}

fn need_bool(types: &Types, function: &Function, value: ExprId) -> Result<(), TypeError> {
    if types.as_scalar(function.ty(value)) == Some(Scalar::Bool) { Ok(()) } else { fail("a vote needs a bool") }
}

fn atomic(
    types: &Types,
    function: &Function,
    op: AtomicOp,
    pointer: ExprId,
    value: ExprId,
    compare: Option<ExprId>,
) -> Result<TypeId, TypeError> {
    let Some((pointee, space)) = types.as_pointer(function.ty(pointer)) else { return fail("an atomic needs a pointer") };
    if space == Space::Constant {
        return fail(format!("an atomic on {} memory", space.name()));
    }
    if function.ty(value) != pointee || compare.is_some_and(|compare| function.ty(compare) != pointee) {
        return fail("the operands of an atomic differ from its pointee");
    }
    if compare.is_some() != (op == AtomicOp::CompareExchange) {
        return fail("`compare` belongs to `compare_exchange`, and to nothing else");
    }
    let moves_bits = matches!(op, AtomicOp::Exchange | AtomicOp::CompareExchange | AtomicOp::Load | AtomicOp::Store);
    let ok = match types.get(pointee) {
        Type::Scalar(Scalar::Bool) => matches!(op, AtomicOp::Load | AtomicOp::Store),
        Type::Scalar(Scalar::I8 | Scalar::U8 | Scalar::I16 | Scalar::U16) => moves_bits,
        Type::Scalar(scalar) if scalar.is_float() => {
            moves_bits || matches!(op, AtomicOp::Add | AtomicOp::Sub | AtomicOp::Min | AtomicOp::Max)
        }
        Type::Scalar(scalar) => !matches!(op, AtomicOp::Inc | AtomicOp::Dec) || !scalar.is_signed(),
        Type::Pointer { .. } => moves_bits,
        _ => false,
    };
    if ok { Ok(pointee) } else { fail(format!("atomic `{op:?}` does not work on this type")) }
}

fn warp(types: &mut Types, function: &Function, op: WarpOp, args: &[ExprId]) -> Result<TypeId, TypeError> {
    let scalar_of = |types: &Types, index: usize| types.as_scalar(function.ty(args[index]));
    let arity = match op {
        WarpOp::ActiveMask => 0,
        WarpOp::Shuffle | WarpOp::ShuffleUp | WarpOp::ShuffleDown | WarpOp::ShuffleXor => 3,
        _ => 1,
    };
    if args.len() != arity {
        return fail(format!("`{op:?}` takes {arity} operands"));
    }
    if op == WarpOp::ActiveMask {
        return Ok(types.scalar(Scalar::U32));
    }
    let Some(scalar) = scalar_of(types, 0) else { return fail(format!("`{op:?}` needs scalars")) };
    match op {
        WarpOp::Any | WarpOp::All | WarpOp::Ballot => {
            need_bool(types, function, args[0])?;
            Ok(types.scalar(if op == WarpOp::Ballot { Scalar::U32 } else { Scalar::I32 }))
        }
        WarpOp::ActiveMask | WarpOp::MatchAny | WarpOp::MatchAll => Ok(types.scalar(Scalar::U32)),
        WarpOp::Shuffle | WarpOp::ShuffleUp | WarpOp::ShuffleDown | WarpOp::ShuffleXor => {
            let integer = |index| scalar_of(types, index).is_some_and(Scalar::is_int);
            if integer(1) && integer(2) { Ok(function.ty(args[0])) } else { fail("lane and width of a shuffle are integers") }
        }
        WarpOp::ReduceAdd | WarpOp::ReduceMin | WarpOp::ReduceMax | WarpOp::ReduceAnd | WarpOp::ReduceOr | WarpOp::ReduceXor => {
            let bitwise = matches!(op, WarpOp::ReduceAnd | WarpOp::ReduceOr | WarpOp::ReduceXor);
            if scalar == Scalar::Bool || (bitwise && scalar.is_float()) {
                fail(format!("`{op:?}` of {}", scalar.name()))
            } else {
                Ok(function.ty(args[0]))
            }
        }
    }
}
