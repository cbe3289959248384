//! 64-bit integer arithmetic in 32 bits where the result is provably the same.
//!
//! [`truncate`] gives the low 32 bits of an integer expression. The low 32 bits of `a + b`, `a - b`, `a * b`, `a & b`,
//! `a | b`, `a ^ b`, `-a`, `~a` and `a << constant` depend on the low 32 bits of the operands alone (arithmetic modulo 2^64
//! goes over into arithmetic modulo 2^32, because 2^32 divides 2^64), and those of a conversion from a narrower integer are
//! the extended value's. Everything else is computed as written and then cut.

use super::rewrite::Builder;
use ir::{BinaryOp, Expr, ExprId, Scalar, UnaryOp};

/// The low 32 bits of `id`, as `to` (`i32` or `u32`).
pub(super) fn truncate(builder: &mut Builder<'_>, id: ExprId, to: Scalar) -> ExprId {
    let span = builder.span(id);
    let Some(from) = builder.scalar_of(id) else { return id };
    if from == to {
        return id;
    }
    if let Some(value) = builder.const_value(id).filter(|_| matches!(builder.expr(id), Expr::Const { .. })) {
        return builder.constant(to, value, span);
    }
    match builder.expr(id) {
        Expr::Convert { value, .. } if from.size() == 8 && builder.scalar_of(value).is_some_and(Scalar::is_int) => {
            let inner = builder.scalar_of(value).unwrap_or(from);
            if inner.size() < 4 { builder.convert(value, to, span) } else { truncate(builder, value, to) }
        }
        Expr::Binary { op, a, b } if from.size() == 8 && is_modular(op) => {
            let a = truncate(builder, a, to);
            let b = truncate(builder, b, to);
            builder.binary(op, a, b, span)
        }
        Expr::Binary { op: BinaryOp::Shl, a, b }
            if from.size() == 8 && builder.const_value(b).is_some_and(|by| (0..32).contains(&by)) =>
        {
            let a = truncate(builder, a, to);
            builder.binary(BinaryOp::Shl, a, b, span)
        }
        Expr::Binary { op: BinaryOp::Shl, b, .. } if from.size() == 8 && builder.const_value(b).is_some_and(|by| by >= 32) => {
            builder.constant(to, 0, span)
        }
        Expr::Unary { op: op @ (UnaryOp::Neg | UnaryOp::BitNot), value } if from.size() == 8 => {
            let value = truncate(builder, value, to);
            builder.add(Expr::Unary { op, value }, span)
        }
        Expr::Select { condition, accept, reject } if from.size() == 8 => {
            let accept = truncate(builder, accept, to);
            let reject = truncate(builder, reject, to);
            builder.add(Expr::Select { condition, accept, reject }, span)
        }
        _ => builder.convert(id, to, span),
    }
}

fn is_modular(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor)
}
