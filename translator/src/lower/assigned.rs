//! Parameters that a function assigns in the statements of its outermost block: they live in locals from the start, so that the body
//! need not be lowered a second time when the assignment is met.
//!
//! ```text
//! void k(float* p, int n) { p += threadIdx.x; .. if (n < 0) n = 0; .. }      `p`; `n` is found on the way
//! ```
//!
//! Only what is certain counts: an assignment further inside may be in a branch that is not lowered.

use ast::{Block, Expr, ExprKind, StmtKind, Symbol, UnaryOp};

/// Is there a statement `name = ..`, `name += ..`, `++name` or `name++`, with no jump out of the block in front of it?
pub(super) fn is_assigned(name: Symbol, body: Option<&Block>) -> bool {
    let stmts = body.map_or(&[][..], |block| &block.stmts);
    let reached = stmts.iter().take_while(|stmt| !matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Goto(_)));
    reached.into_iter().any(|stmt| matches!(&stmt.kind, StmtKind::Expr(expr) if target(expr) == Some(name)))
}

/// The variable that an expression changes.
fn target(expr: &Expr) -> Option<Symbol> {
    match &expr.without_parens().kind {
        ExprKind::Assign { lhs, .. } => named(lhs),
        ExprKind::Unary { op: UnaryOp::Increment | UnaryOp::Decrement, operand } | ExprKind::Postfix { operand, .. } => {
            named(operand)
        }
        _ => None,
    }
}

fn named(expr: &Expr) -> Option<Symbol> {
    match &expr.without_parens().kind {
        ExprKind::Name(name) => name.as_ident(),
        _ => None,
    }
}
