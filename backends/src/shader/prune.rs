//! Takes out what a template instance or an inlined function left without use: branches on constants, values and
//! variables that nobody reads.
//!
//! ```text
//! if 256 >= 512 { barrier }
//! let unused = x + 1              (nothing)
//! var same: Empty = zero
//! ```
//!
//! Only what has no effect goes; a volatile load is an effect.
//!
//! *Needs*: nothing. *Leaves*: less.

use super::rewrite::Builder;
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, LetId, LocalId, LogicalOp, Module, Scalar, Stmt, StmtKind, UnaryOp};
use std::collections::HashSet;

pub(super) fn run(module: &mut Module) {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let mut body = std::mem::take(&mut builder.function.body);
        fold_branches(&builder, &mut body);
        // A value may be used by an unused one alone.
        while remove_unused(builder.function, &mut body) {}
        builder.function.body = body;
    }
}

fn fold_branches(builder: &Builder<'_>, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        if let StmtKind::If { condition, accept, reject } = &mut stmt.kind
            && let Some(value) = truth(builder, *condition)
        {
            let mut taken = std::mem::take(if value { accept } else { reject });
            fold_branches(builder, &mut taken);
            block.stmts.append(&mut taken.stmts);
            continue;
        }
        for nested in stmt.kind.blocks_mut() {
            fold_branches(builder, nested);
        }
        block.stmts.push(stmt);
    }
}

/// The value of a condition that depends on constants alone.
fn truth(builder: &Builder<'_>, id: ExprId) -> Option<bool> {
    match builder.expr(id) {
        Expr::Const { scalar: Scalar::Bool, bits } => Some(bits & 1 == 1),
        Expr::Unary { op: UnaryOp::Not, value } => truth(builder, value).map(|value| !value),
        Expr::Logical { op, a, b } => match (op, truth(builder, a)) {
            (LogicalOp::And, Some(false)) => Some(false),
            (LogicalOp::Or, Some(true)) => Some(true),
            (_, Some(_)) => truth(builder, b),
            (_, None) => None,
        },
        Expr::Binary { op, a, b } => {
            let scalar = builder.scalar_of(a).filter(|scalar| scalar.is_int())?;
            let (a, b) = (builder.const_value(a)?, builder.const_value(b)?);
            let order = if scalar.is_signed() { a.cmp(&b) } else { (a as u64).cmp(&(b as u64)) };
            match op {
                BinaryOp::Eq => Some(order.is_eq()),
                BinaryOp::Ne => Some(order.is_ne()),
                BinaryOp::Lt => Some(order.is_lt()),
                BinaryOp::Le => Some(order.is_le()),
                BinaryOp::Gt => Some(order.is_gt()),
                BinaryOp::Ge => Some(order.is_ge()),
                _ => None,
            }
        }
        _ => None,
    }
}

#[derive(Default)]
struct Uses {
    lets: HashSet<LetId>,
    locals: HashSet<LocalId>,
}

fn remove_unused(function: &Function, body: &mut Block) -> bool {
    let mut uses = Uses::default();
    body.walk(&mut |stmt| match &stmt.kind {
        // The store itself does not make its target used.
        StmtKind::Store { pointer, value, .. } if matches!(function.expr(*pointer), Expr::LocalAddr(_)) => {
            note(function, *value, &mut uses)
        }
        kind => kind.operands(|operand| note(function, operand, &mut uses)),
    });
    remove_from(function, body, &uses)
}

fn note(function: &Function, root: ExprId, uses: &mut Uses) {
    function.walk_expr(root, &mut |id| match function.expr(id) {
        Expr::Let(id) => {
            uses.lets.insert(*id);
        }
        Expr::LocalAddr(local) => {
            uses.locals.insert(*local);
        }
        _ => {}
    });
}

fn remove_from(function: &Function, block: &mut Block, uses: &Uses) -> bool {
    let before = block.stmts.len();
    block.stmts.retain(|stmt| !is_unused(function, stmt, uses));
    let mut changed = block.stmts.len() != before;
    for stmt in &mut block.stmts {
        for nested in stmt.kind.blocks_mut() {
            changed |= remove_from(function, nested, uses);
        }
    }
    changed
}

fn is_unused(function: &Function, stmt: &Stmt, uses: &Uses) -> bool {
    let is_plain = |value: ExprId| {
        let mut plain = true;
        function.walk_expr(value, &mut |id| plain &= !matches!(function.expr(id), Expr::Load { volatile: true, .. }));
        plain
    };
    match &stmt.kind {
        StmtKind::Let { result, value } => !uses.lets.contains(result) && is_plain(*value),
        StmtKind::Declare { local, init } => !uses.locals.contains(local) && init.is_none_or(is_plain),
        StmtKind::Store { pointer, value, volatile: false } => match function.expr(*pointer) {
            Expr::LocalAddr(local) => !uses.locals.contains(local) && is_plain(*value),
            _ => false,
        },
        StmtKind::If { condition, accept, reject } => accept.stmts.is_empty() && reject.stmts.is_empty() && is_plain(*condition),
        StmtKind::Scope(block) => block.stmts.is_empty(),
        _ => false,
    }
}
