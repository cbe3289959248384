//! Statements.

use crate::*;
use source::Span;

pub(in crate::parse) struct Head {
    pub init: Option<Stmt>,
    pub condition: Condition,
}

#[derive(Default)]
pub(in crate::parse) struct AsmParts {
    pub outputs: Vec<AsmOperand>,
    pub inputs: Vec<AsmOperand>,
    pub clobbers: Vec<StrLit>,
}

pub(in crate::parse) fn stmt(kind: StmtKind, lo: u32, hi: u32) -> Stmt {
    Stmt { kind, span: Span::new(lo, hi) }
}

pub(in crate::parse) fn labelled(mut labels: Vec<Stmt>, inner: Stmt, lo: u32, hi: u32) -> Stmt {
    labels.push(inner);
    stmt(StmtKind::Block(Block { stmts: labels, span: Span::new(lo, hi) }), lo, hi)
}

pub(in crate::parse) fn if_stmt(constexpr: bool, head: Box<Head>, then: Stmt, otherwise: Option<Stmt>, lo: u32, hi: u32) -> Stmt {
    let Head { init, condition } = *head;
    let node = If { constexpr, init, condition, then, otherwise };
    stmt(StmtKind::If(Box::new(node)), lo, hi)
}

pub(in crate::parse) fn switch_stmt(head: Box<Head>, body: Stmt, lo: u32, hi: u32) -> Stmt {
    let Head { init, condition } = *head;
    stmt(StmtKind::Switch(Box::new(Switch { init, condition, body })), lo, hi)
}

pub(in crate::parse) fn while_stmt(unroll: Option<Box<Unroll>>, condition: Box<Condition>, body: Stmt, lo: u32, hi: u32) -> Stmt {
    stmt(StmtKind::While(Box::new(While { unroll: unroll.map(|u| *u), condition: *condition, body })), lo, hi)
}

pub(in crate::parse) fn do_stmt(unroll: Option<Box<Unroll>>, body: Stmt, condition: Box<Expr>, lo: u32, hi: u32) -> Stmt {
    stmt(StmtKind::DoWhile(Box::new(DoWhile { unroll: unroll.map(|u| *u), body, condition: *condition })), lo, hi)
}

pub(in crate::parse) fn for_stmt(
    unroll: Option<Box<Unroll>>,
    init: Stmt,
    condition: Option<Box<Condition>>,
    step: Option<Box<Expr>>,
    body: Stmt,
    lo: u32,
    hi: u32,
) -> Stmt {
    let node = For { unroll: unroll.map(|u| *u), init, condition: condition.map(|c| *c), step: step.map(|e| *e), body };
    stmt(StmtKind::For(Box::new(node)), lo, hi)
}

pub(in crate::parse) fn range_for(
    unroll: Option<Box<Unroll>>,
    init: Option<Stmt>,
    variable: Box<Decl>,
    range: Box<Expr>,
    body: Stmt,
    lo: u32,
    hi: u32,
) -> Stmt {
    let node = RangeFor { unroll: unroll.map(|u| *u), init, variable: *variable, range: *range, body };
    stmt(StmtKind::RangeFor(Box::new(node)), lo, hi)
}

pub(in crate::parse) fn asm_stmt(words: Vec<bool>, template: StrLit, parts: Option<Box<AsmParts>>, lo: u32, hi: u32) -> Stmt {
    let AsmParts { outputs, inputs, clobbers } = *parts.unwrap_or_default();
    let node = Asm { volatile: words.contains(&true), template, outputs, inputs, clobbers };
    stmt(StmtKind::Asm(Box::new(node)), lo, hi)
}
