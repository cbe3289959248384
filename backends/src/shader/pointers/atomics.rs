//! Atomic operations where the pointer may point into several variables, or into the thread's own memory.
//!
//! ```text
//! old = atomic_add(p, n)       var old = 0; if p == 0 { old = atomic_add(a[i], n) } else { old = atomic_add(b[i], n) }
//! old = atomic_add(&mine, n)   let old = mine; mine = old + n
//! ```
//!
//! Nobody else sees a thread's own memory, so `cuda::atomic<int>` as a local variable is a plain one (CUDA guide, "Thread Scopes").

use super::super::Refusal;
use super::super::address::{Root, root_of};
use super::super::helpers::updated;
use super::super::rewrite::Builder;
use super::Rewriter;
use ir::{AtomicOp, BinaryOp, Expr, ExprId, LetId, Stmt, StmtKind};
use source::Span;

impl Rewriter<'_, '_> {
    /// An atomic operation in one of several variables.
    pub(super) fn branching_atomic(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        let StmtKind::Atomic { result, op, pointer, value, compare, scope } = stmt.kind else { return Ok(()) };
        let ty = self.builder.ty(pointer);
        let place = self.pointed(pointer)?;
        let value = self.value(value)?;
        let compare = compare.map(|compare| self.value(compare)).transpose()?;
        let old = result.map(|result| {
            let data = self.builder.function.lets[result].clone();
            self.builder.function.add_local(data.name.unwrap_or_else(|| "old".into()), data.ty, span)
        });
        let zero = old.map(|local| self.builder.add(Expr::Zero(self.builder.function.locals[local].ty), span));
        out.extend(old.map(|local| Stmt { kind: StmtKind::Declare { local, init: zero }, span }));
        self.branch(&place, ty, span, out, &mut |builder, pointer| {
            let fresh = old.map(|local| builder.function.add_let(None, builder.function.locals[local].ty, span));
            let mut stmts = match root_of(builder.function, pointer) {
                Some(Root::Local(_)) => plainly(builder, fresh, op, pointer, value, compare, span),
                _ => vec![Stmt { kind: StmtKind::Atomic { result: fresh, op, pointer, value, compare, scope }, span }],
            };
            if let (Some(local), Some(fresh)) = (old, fresh) {
                let fresh = builder.add(Expr::Let(fresh), span);
                stmts.push(builder.store_local(local, fresh, span));
            }
            stmts
        })?;
        if let (Some(local), Some(result)) = (old, result) {
            let value = self.builder.load_local(local, span);
            out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        }
        Ok(())
    }

    /// The only variable that the pointer points into is a local one.
    pub(super) fn local_atomic(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        let StmtKind::Atomic { result, op, pointer, value, compare, .. } = stmt.kind else { return Ok(()) };
        let pointer = self.value(pointer)?;
        let value = self.value(value)?;
        let compare = compare.map(|compare| self.value(compare)).transpose()?;
        out.extend(plainly(self.builder, result, op, pointer, value, compare, span));
        Ok(())
    }
}

/// Reads, computes and writes.
fn plainly(
    builder: &mut Builder<'_>,
    result: Option<LetId>,
    op: AtomicOp,
    pointer: ExprId,
    value: ExprId,
    compare: Option<ExprId>,
    span: Span,
) -> Vec<Stmt> {
    let ty = builder.ty(value);
    let old = result.unwrap_or_else(|| builder.function.add_let(None, ty, span));
    let loaded = builder.load(pointer, span);
    let mut stmts = vec![Stmt { kind: StmtKind::Let { result: old, value: loaded }, span }];
    let old = builder.add(Expr::Let(old), span);
    let new = match compare {
        Some(compare) => {
            let condition = builder.binary(BinaryOp::Eq, old, compare, span);
            builder.add(Expr::Select { condition, accept: value, reject: old }, span)
        }
        None => updated(builder, op, old, value),
    };
    if op != AtomicOp::Load {
        stmts.push(Stmt { kind: StmtKind::Store { pointer, value: new, volatile: false }, span });
    }
    stmts
}
