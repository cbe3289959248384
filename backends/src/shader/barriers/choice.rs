//! A switch around barriers whose selector differs between threads, as conditions that the repair knows how to walk through.
//!
//! ```text
//! switch s {                      let selected = s
//!   case 1, 2 { a; break }        if selected == 1 || selected == 2 { a }
//!   case default { b }            else { b }
//! }
//! ```
//!
//! A `break` in the middle of a case leaves a loop of one round instead, unless a `continue` means a loop further out.

use super::super::rewrite::Builder;
use super::facts::jumps_in;
use ir::{BinaryOp, Block, Case, ExprId, LogicalOp, LoopForm, Stmt, StmtKind};
use source::Span;

/// The statement that does what the switch does. `None` if there is no such one.
pub(super) fn as_conditions(builder: &mut Builder<'_>, selector: ExprId, cases: &[Case], span: Span) -> Option<Stmt> {
    let cases: Vec<Case> =
        cases.iter().map(|case| Case { body: without_last_break(case.body.clone()), ..case.clone() }).collect();
    let jumps: Vec<_> = cases.iter().map(|case| jumps_in(&case.body)).collect();
    let breaks = jumps.iter().any(|jumps| jumps.breaks);
    if breaks && jumps.iter().any(|jumps| jumps.continues) {
        return None;
    }
    let mut chain = Block::default();
    for case in cases.iter().filter(|case| case.is_default) {
        chain = case.body.clone();
    }
    for case in cases.into_iter().rev().filter(|case| !case.is_default) {
        let condition = is_one_of(builder, selector, &case.values, span)?;
        let stmt = StmtKind::If { condition, accept: case.body, reject: chain };
        chain = Block { stmts: vec![Stmt { kind: stmt, span: case.span }] };
    }
    if !breaks {
        return Some(Stmt { kind: StmtKind::Scope(chain), span });
    }
    let until = Some(builder.boolean(true, span));
    let kind =
        StmtKind::Loop { form: LoopForm::DoWhile, condition: None, body: chain, update: Block::default(), until, unroll: None };
    Some(Stmt { kind, span })
}

fn is_one_of(builder: &mut Builder<'_>, selector: ExprId, values: &[u64], span: Span) -> Option<ExprId> {
    let scalar = builder.scalar_of(selector)?;
    let mut all = None;
    for &value in values {
        let label = builder.constant(scalar, value as i64, span);
        let equal = builder.binary(BinaryOp::Eq, selector, label, span);
        all = Some(match all {
            None => equal,
            Some(before) => builder.add(ir::Expr::Logical { op: LogicalOp::Or, a: before, b: equal }, span),
        });
    }
    all
}

fn without_last_break(mut block: Block) -> Block {
    match block.stmts.last_mut().map(|stmt| &mut stmt.kind) {
        Some(StmtKind::Break) => {
            block.stmts.pop();
        }
        Some(StmtKind::Scope(inner)) => *inner = without_last_break(std::mem::take(inner)),
        _ => {}
    }
    block
}
