//! Under which condition a thread takes part, and what that makes of statements and values.
//!
//! ```text
//! let v = in_x[t]                var v = zero
//! y[t] = v              =>       if live { v = in_x[t]; y[t] = v }
//! ```

use super::super::rewrite::{Builder, rebuild};
use super::super::uniformity::{Class, reads_memory};
use super::facts::Counts;
use super::{Ctx, Flag, Out, Repair};
use ir::{BinaryOp, Block, BlockVote, Expr, ExprId, LetId, LocalId, LogicalOp, Scalar, Stmt, StmtKind, UnaryOp};
use rustc_hash::FxHashMap;
use source::Span;

impl Repair<'_> {
    /// Puts the waiting statements under `if live`. What they bind and others use becomes a variable in front.
    pub(super) fn flush(&mut self, ctx: &Ctx, out: &mut Out) {
        let waiting = std::mem::take(&mut out.waiting);
        if waiting.is_empty() {
            return;
        }
        let span = waiting[0].span;
        let inside = self.hoist(waiting, &mut out.done);
        match self.active(ctx, span) {
            Some(condition) => {
                let stmt = self.guarded(condition, inside, span);
                out.done.push(stmt);
            }
            None => out.done.extend(inside),
        }
    }

    pub(super) fn hoist(&mut self, stmts: Vec<Stmt>, done: &mut Vec<Stmt>) -> Vec<Stmt> {
        let here = Counts::of(self.builder.function, &stmts);
        let mut inside = Vec::new();
        for stmt in stmts {
            match stmt.kind {
                StmtKind::Declare { local, init } if self.counts.locals.get(&local) != here.locals.get(&local) => {
                    self.uniform.set_varying(local);
                    let zero = self.zero(self.builder.function.locals[local].ty, stmt.span);
                    done.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span: stmt.span });
                    if let Some(init) = init {
                        inside.push(self.builder.store_local(local, init, stmt.span));
                    }
                }
                ref kind => {
                    let outside = kind
                        .result()
                        .filter(|id| self.counts.lets.get(id) != here.lets.get(id) && self.counts.lets.contains_key(id));
                    inside.push(stmt.clone());
                    if let Some(id) = outside {
                        let local = self.value_variable(id, stmt.span, done);
                        let value = self.builder.add(Expr::Let(id), stmt.span);
                        inside.push(self.builder.store_local(local, value, stmt.span));
                    }
                }
            }
        }
        inside
    }

    pub(super) fn value_variable(&mut self, id: LetId, span: Span, done: &mut Vec<Stmt>) -> LocalId {
        let value = self.builder.function.lets[id].clone();
        let name = value.name.unwrap_or_else(|| "value".into());
        let local = self.builder.function.add_local(name, value.ty, span);
        self.uniform.set_varying(local);
        let zero = self.zero(value.ty, span);
        done.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
        self.values.insert(id, local);
        local
    }

    /// Threads that take no part may read it: it holds something defined.
    pub(super) fn zero(&mut self, ty: ir::TypeId, span: Span) -> ExprId {
        self.builder.add(Expr::Zero(ty), span)
    }

    /// Reads of values that have become variables. (Statements nested in `stmt` are handled when their turn comes, or here if they stay as they are.)
    pub(super) fn replace_values(&mut self, stmt: &mut Stmt) {
        if self.values.is_empty() {
            return;
        }
        let values = self.values.clone();
        let builder = &mut self.builder;
        replace_in(builder, stmt, &values);
    }

    /// `if condition { stmts }`; a lone `if c` inside joins it, `if condition && c`, where evaluating `c` harms nobody.
    pub(super) fn guarded(&mut self, condition: ExprId, mut stmts: Vec<Stmt>, span: Span) -> Stmt {
        if let [Stmt { kind: StmtKind::If { condition: inner, accept, reject }, .. }] = stmts.as_mut_slice()
            && reject.stmts.is_empty()
            && !reads_memory(self.builder.function, self.builder.tables, *inner)
        {
            let both = self.builder.add(Expr::Logical { op: LogicalOp::And, a: condition, b: *inner }, span);
            return plain_if(both, std::mem::take(&mut accept.stmts), span);
        }
        plain_if(condition, stmts, span)
    }

    /// The condition under which a thread takes part; `None` if all do.
    pub(super) fn active(&mut self, ctx: &Ctx, span: Span) -> Option<ExprId> {
        let mut all = None;
        for flag in &ctx.flags {
            let value = self.flag(*flag, span);
            all = Some(match all {
                None => value,
                Some(before) => self.builder.add(Expr::Logical { op: LogicalOp::And, a: before, b: value }, span),
            });
        }
        all
    }

    pub(super) fn flag(&mut self, flag: Flag, span: Span) -> ExprId {
        match flag {
            Flag::Value(id) => self.builder.add(Expr::Let(id), span),
            Flag::Variable(local) => self.builder.load_local(local, span),
        }
    }

    pub(super) fn flag_variable(&mut self, name: &str, value: bool, span: Span, out: &mut Vec<Stmt>) -> LocalId {
        let ty = self.builder.scalar_ty(Scalar::Bool);
        let local = self.builder.function.add_local(name, ty, span);
        self.uniform.set_varying(local);
        let init = Some(self.builder.boolean(value, span));
        out.push(Stmt { kind: StmtKind::Declare { local, init }, span });
        local
    }

    pub(super) fn bind_flag(&mut self, name: &str, value: ExprId, span: Span, done: &mut Vec<Stmt>) -> Flag {
        let ty = self.builder.scalar_ty(Scalar::Bool);
        let result = self.builder.function.add_let(Some(name.into()), ty, span);
        self.uniform.set_varying_let(result);
        done.push(Stmt { kind: StmtKind::Let { result, value }, span });
        Flag::Value(result)
    }

    /// A condition evaluated by the threads that take part, and false for the others.
    pub(super) fn wanted(&mut self, condition: ExprId, ctx: &Ctx, span: Span, out: &mut Out) -> ExprId {
        let Some(active) = self.active(ctx, span) else { return condition };
        if !reads_memory(self.builder.function, self.builder.tables, condition) {
            return self.builder.add(Expr::Logical { op: LogicalOp::And, a: active, b: condition }, span);
        }
        let local = self.flag_variable("wants", false, span, &mut out.done);
        let store = self.builder.store_local(local, condition, span);
        let store = self.guarded(active, vec![store], span);
        out.done.push(store);
        self.builder.load_local(local, span)
    }

    /// A value whose evaluation may harm threads that take no part: they get zero.
    pub(super) fn read_by_active(&mut self, value: ExprId, ctx: &Ctx, span: Span, out: &mut Out) -> ExprId {
        if !reads_memory(self.builder.function, self.builder.tables, value) {
            return value;
        }
        let Some(active) = self.active(ctx, span) else { return value };
        let ty = self.builder.ty(value);
        let local = self.builder.function.add_local("value", ty, span);
        self.uniform.set_varying(local);
        let zero = self.zero(ty, span);
        out.done.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
        let store = self.builder.store_local(local, value, span);
        let store = self.guarded(active, vec![store], span);
        out.done.push(store);
        self.builder.load_local(local, span)
    }

    pub(super) fn vote(&mut self, value: ExprId, span: Span, done: &mut Vec<Stmt>) -> ExprId {
        let ty = self.builder.scalar_ty(Scalar::I32);
        let result = self.builder.function.add_let(Some("any".into()), ty, span);
        done.push(Stmt { kind: StmtKind::BlockVote { result, op: BlockVote::Any, value }, span });
        let any = self.builder.add(Expr::Let(result), span);
        self.builder.with_constant(BinaryOp::Ne, any, 0, span)
    }

    pub(super) fn broadcast(&mut self, value: ExprId, span: Span, done: &mut Vec<Stmt>) -> ExprId {
        let ty = self.builder.ty(value);
        let result = self.builder.function.add_let(None, ty, span);
        done.push(Stmt { kind: StmtKind::BlockBroadcast { result, value }, span });
        self.builder.add(Expr::Let(result), span)
    }

    /// The condition, broadcast if only memory keeps it from being uniform and all threads are here.
    pub(super) fn made_uniform(&mut self, condition: ExprId, ctx: &Ctx, span: Span, out: &mut Out) -> ExprId {
        if self.class(condition) == Class::Memory && ctx.flags.is_empty() {
            return self.broadcast(condition, span, &mut out.done);
        }
        condition
    }

    pub(super) fn not(&mut self, value: ExprId, span: Span) -> ExprId {
        if let Expr::Unary { op: UnaryOp::Not, value } = self.builder.expr(value) {
            return value;
        }
        if let Expr::Binary { op, a, b } = self.builder.expr(value)
            && self.builder.scalar_of(a).is_some_and(Scalar::is_int)
            && let Some(op) = opposite(op)
        {
            return self.builder.add(Expr::Binary { op, a, b }, span);
        }
        self.builder.add(Expr::Unary { op: UnaryOp::Not, value }, span)
    }
}

pub(super) fn plain_if(condition: ExprId, stmts: Vec<Stmt>, span: Span) -> Stmt {
    Stmt { kind: StmtKind::If { condition, accept: Block { stmts }, reject: Block::default() }, span }
}

fn opposite(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Eq => BinaryOp::Ne,
        BinaryOp::Ne => BinaryOp::Eq,
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Le => BinaryOp::Gt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::Ge => BinaryOp::Lt,
        _ => return None,
    })
}

fn replace_in(builder: &mut Builder<'_>, stmt: &mut Stmt, values: &FxHashMap<LetId, LocalId>) {
    stmt.kind.operands_mut(|operand| {
        *operand = rebuild(builder, *operand, &mut |builder, old, expr| match expr {
            Expr::Let(id) => values.get(id).map(|local| {
                let span = builder.span(old);
                builder.load_local(*local, span)
            }),
            _ => None,
        });
    });
    // Nested statements see the replacement now: they may be moved as they are.
    for block in stmt.kind.blocks_mut() {
        block.stmts.iter_mut().for_each(|inner| replace_in(builder, inner, values));
    }
}
