//! Makes fused multiply-adds where nvcc's `-fmad=true` may: a product that an addition or subtraction of the same expression uses.
//!
//! ```text
//! a * b + c   =>   fma(a, b, c)
//! a * b - c   =>   fma(a, b, -c)
//! c - a * b   =>   fma(-a, b, c)
//! ```
//!
//! *Needs* nothing. *Leaves* `AddRn`, `MulRn` and their kind alone. The interpreter and all targets then round alike.

use ir::{BinaryOp, Expr, ExprId, Function, MathFn, Module, Scalar, Tables, UnaryOp};

/// Contracts in the functions that `may_contract` names: those of the shipped headers are written without, and measured so.
pub fn run(module: &mut Module, may_contract: impl Fn(&Function) -> bool) {
    let Module { functions, tables, .. } = module;
    for (_, func) in functions.iter_mut() {
        if may_contract(func) {
            contract_function(func, tables);
        }
    }
}

fn contract_function(func: &mut Function, tables: &mut Tables) {
    let mut reached = Vec::new();
    func.walk_all(&mut |id| reached.push(id));
    for id in reached {
        let Expr::Binary { op, a, b } = *func.expr(id) else { continue };
        if !matches!(tables.types.as_scalar(func.ty(id)), Some(Scalar::F32 | Scalar::F64)) {
            continue;
        }
        if let Some(args) = fused(func, tables, op, a, b) {
            func.exprs[id].expr = Expr::Math { function: MathFn::Fma, args };
        }
    }
}

fn fused(func: &mut Function, tables: &mut Tables, op: BinaryOp, a: ExprId, b: ExprId) -> Option<Vec<ExprId>> {
    match (op, factors(func, a), factors(func, b)) {
        (BinaryOp::Add, Some((x, y)), _) => Some(vec![x, y, b]),
        (BinaryOp::Add, None, Some((x, y))) => Some(vec![x, y, a]),
        (BinaryOp::Sub, Some((x, y)), _) => Some(vec![x, y, negate(func, tables, b)?]),
        (BinaryOp::Sub, None, Some((x, y))) => Some(vec![negate(func, tables, x)?, y, a]),
        _ => None,
    }
}

fn factors(func: &Function, id: ExprId) -> Option<(ExprId, ExprId)> {
    match func.expr(id) {
        Expr::Binary { op: BinaryOp::Mul, a, b } => Some((*a, *b)),
        _ => None,
    }
}

fn negate(func: &mut Function, tables: &mut Tables, value: ExprId) -> Option<ExprId> {
    let span = func.exprs.span(value);
    func.add(tables, Expr::Unary { op: UnaryOp::Neg, value }, span).ok()
}
