//! Rewrites a body so that it returns at its end only, because an inlined body has no way out, and a barrier must be
//! reached by all.
//!
//! ```text
//! if a { return x }            if a { result = x } else { rest; result = y }
//! rest
//! return y
//!
//! loop { if a { return x } }   loop { if a { result = x; done = true; break } }
//! rest                         if !done { rest }
//! ```
//!
//! *Needs*: nothing. *Leaves*: no `Return`; the value is in the expression that [`run`] gives.

use super::rewrite::{Builder, stmt_has};
use ir::{Block, ExprId, LocalId, Scalar, Stmt, StmtKind, Type};
use source::Span;

/// The body without returns, and the value returned.
pub(super) fn run(builder: &mut Builder<'_>, body: Block) -> (Vec<Stmt>, Option<ExprId>) {
    let mut stmts = body.stmts;
    if let Some(Stmt { kind: StmtKind::Return(value), .. }) = stmts.last()
        && !stmts[..stmts.len() - 1].iter().any(has_return)
    {
        let value = *value;
        stmts.pop();
        return (stmts, value);
    }
    if !stmts.iter().any(has_return) {
        return (stmts, None);
    }
    let span = builder.function.span;
    let result_ty = builder.function.result;
    let returns_value = builder.kind(result_ty) != Type::Void;
    let result = returns_value.then(|| builder.function.add_local("result", result_ty, span));
    let flag = builder.scalar_ty(Scalar::Bool);
    let done = builder.function.add_local("done", flag, span);
    let mut exit = Exit { builder, result, done, done_is_read: false };
    let body = exit.block(stmts, Context::Function);
    let done_is_read = exit.done_is_read;
    let mut out = Vec::new();
    if let Some(local) = result {
        out.push(Stmt { kind: StmtKind::Declare { local, init: None }, span });
    }
    let mut body = Block { stmts: body };
    if done_is_read {
        let init = Some(builder.boolean(false, span));
        out.push(Stmt { kind: StmtKind::Declare { local: done, init }, span });
    } else {
        remove_stores(builder, &mut body, done);
    }
    out.append(&mut body.stmts);
    let value = result.map(|local| builder.load_local(local, span));
    (out, value)
}

/// Statements of a kernel that end where they would return, and say so in `done`, which is false before them.
pub(super) fn leave(builder: &mut Builder<'_>, stmts: Vec<Stmt>, done: LocalId) -> Vec<Stmt> {
    Exit { builder, result: None, done, done_is_read: false }.block(stmts, Context::Function)
}

pub(super) fn has_return(stmt: &Stmt) -> bool {
    stmt_has(stmt, &mut |stmt| matches!(stmt.kind, StmtKind::Return(_)))
}

/// Control never reaches the end of the block.
fn always_returns(block: &Block) -> bool {
    match block.stmts.last().map(|stmt| &stmt.kind) {
        Some(StmtKind::Return(_)) => true,
        Some(StmtKind::If { accept, reject, .. }) => always_returns(accept) && always_returns(reject),
        Some(StmtKind::Scope(block)) => always_returns(block),
        _ => false,
    }
}

fn remove_stores(builder: &Builder<'_>, block: &mut Block, local: LocalId) {
    block.stmts.retain(|stmt| match stmt.kind {
        StmtKind::Store { pointer, .. } => !matches!(builder.expr(pointer), ir::Expr::LocalAddr(other) if other == local),
        _ => true,
    });
    for stmt in &mut block.stmts {
        for nested in stmt.kind.blocks_mut() {
            remove_stores(builder, nested, local);
        }
    }
}

/// What a `Break` would leave here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Function,
    LoopOrSwitch,
}

struct Exit<'a, 'b> {
    builder: &'a mut Builder<'b>,
    result: Option<LocalId>,
    done: LocalId,
    done_is_read: bool,
}

impl Exit<'_, '_> {
    fn block(&mut self, stmts: Vec<Stmt>, context: Context) -> Vec<Stmt> {
        let mut out = Vec::new();
        let mut rest = stmts.into_iter();
        while let Some(stmt) = rest.next() {
            if !has_return(&stmt) {
                out.push(stmt);
                continue;
            }
            let span = stmt.span;
            match stmt.kind {
                StmtKind::Return(value) => {
                    self.leave(value, context, span, &mut out);
                    return out;
                }
                StmtKind::If { condition, mut accept, mut reject } if context == Context::Function => {
                    let (first, second) = (always_returns(&accept), always_returns(&reject));
                    if first {
                        reject.stmts.extend(rest.by_ref());
                    } else if second {
                        accept.stmts.extend(rest.by_ref());
                    }
                    let accept = Block { stmts: self.block(accept.stmts, context) };
                    let reject = Block { stmts: self.block(reject.stmts, context) };
                    out.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
                    if !first && !second {
                        self.after(rest.collect(), context, span, &mut out);
                    }
                    return out;
                }
                mut kind => {
                    let inner = match kind {
                        StmtKind::Loop { .. } | StmtKind::Switch { .. } => Context::LoopOrSwitch,
                        _ => context,
                    };
                    // Inside of a loop or switch a return breaks out, so what follows it there needs no guard.
                    let guarded = inner == Context::LoopOrSwitch && !matches!(kind, StmtKind::If { .. } | StmtKind::Scope(_))
                        || context == Context::Function;
                    for nested in kind.blocks_mut() {
                        nested.stmts = self.block(std::mem::take(&mut nested.stmts), inner);
                    }
                    out.push(Stmt { kind, span });
                    if guarded {
                        self.after(rest.collect(), context, span, &mut out);
                        return out;
                    }
                }
            }
        }
        out
    }

    fn leave(&mut self, value: Option<ExprId>, context: Context, span: Span, out: &mut Vec<Stmt>) {
        if let (Some(result), Some(value)) = (self.result, value) {
            out.push(self.builder.store_local(result, value, span));
        }
        let set = self.builder.boolean(true, span);
        out.push(self.builder.store_local(self.done, set, span));
        if context == Context::LoopOrSwitch {
            out.push(Stmt { kind: StmtKind::Break, span });
        }
    }

    /// `rest`, which runs only if nothing returned before it.
    fn after(&mut self, rest: Vec<Stmt>, context: Context, span: Span, out: &mut Vec<Stmt>) {
        match context {
            Context::Function if rest.is_empty() => {}
            Context::Function => {
                self.done_is_read = true;
                let done = self.builder.load_local(self.done, span);
                let condition = self.builder.not(done, span);
                let accept = Block { stmts: self.block(rest, context) };
                out.push(Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span });
            }
            Context::LoopOrSwitch => {
                self.done_is_read = true;
                let condition = self.builder.load_local(self.done, span);
                let accept = Block { stmts: vec![Stmt { kind: StmtKind::Break, span }] };
                out.push(Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span });
                out.extend(self.block(rest, context));
            }
        }
    }
}
