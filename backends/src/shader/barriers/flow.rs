//! Conditions, loops and switches around barriers: broadcast where memory alone keeps them from being uniform, votes otherwise.
//!
//! ```text
//! while i < n { barrier; i += 32 }      while { looping = looping && i < n; if !vote.any(looping) { break }
//!                                 =>            barrier; if looping { i += 32 } }
//! ```

use super::super::uniformity::{Class, contains_sync};
use super::facts::jumps_in;
use super::predicate::plain_if;
use super::{Ctx, Flag, Out, Repair, Target, choice};
use ir::{Block, Case, Expr, ExprId, LogicalOp, LoopForm, Stmt, StmtKind};
use source::Span;

impl Repair<'_> {
    /// A structured statement with barriers inside.
    pub(super) fn structure(&mut self, stmt: Stmt, ctx: &Ctx, out: &mut Out) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Scope(block) => {
                let block = self.block(block, ctx);
                out.done.push(Stmt { kind: StmtKind::Scope(block), span });
            }
            StmtKind::If { condition, accept, reject } => self.if_with_sync(condition, accept, reject, span, ctx, out),
            StmtKind::Loop { form, condition, body, update, until, unroll } => {
                let parts = LoopParts { form, condition, body, update, until, unroll, span };
                self.loop_with_sync(parts, ctx, out);
            }
            StmtKind::Switch { selector, cases } => {
                let class = self.class(selector);
                let can_broadcast = class == Class::Memory && ctx.flags.is_empty();
                if class != Class::Uniform && !can_broadcast {
                    let selected = self.read_by_active(selector, ctx, span, out);
                    let selected = self.builder.bind("selected", selected, &mut out.done);
                    if let Expr::Let(id) = *self.builder.function.expr(selected) {
                        self.uniform.set_varying_let(id);
                    }
                    if let Some(stmt) = choice::as_conditions(&mut self.builder, selected, &cases, span) {
                        return self.structure(stmt, ctx, out);
                    } // What is left is found by the check at the end.
                }
                let selector = if can_broadcast { self.broadcast(selector, span, &mut out.done) } else { selector };
                // `break` leaves the switch here; a `continue` still means the loop.
                let inner = Ctx { sync_after: true, target: ctx.target, ..ctx.clone() };
                let cases = cases.into_iter().map(|case| Case { body: self.case_body(case.body, &inner), ..case }).collect();
                out.done.push(Stmt { kind: StmtKind::Switch { selector, cases }, span });
            }
            kind => out.done.push(Stmt { kind, span }),
        }
    }

    pub(super) fn case_body(&mut self, mut body: Block, ctx: &Ctx) -> Block {
        let last = body.stmts.pop_if(|stmt| matches!(stmt.kind, StmtKind::Break));
        let mut block = self.block(body, ctx);
        block.stmts.extend(last);
        block
    }

    fn if_with_sync(&mut self, condition: ExprId, accept: Block, reject: Block, span: Span, ctx: &Ctx, out: &mut Out) {
        let class = self.class(condition);
        if class == Class::Uniform || (class == Class::Memory && ctx.flags.is_empty()) {
            let condition = if class == Class::Uniform { condition } else { self.broadcast(condition, span, &mut out.done) };
            let (accept, reject) = (self.block(accept, ctx), self.block(reject, ctx));
            return out.done.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
        }
        let asks = self.from_memory.depends(self.builder.function, self.builder.tables, condition);
        let wanted = self.wanted(condition, ctx, span, out);
        let wanted = self.bind_flag("inside", wanted, span, &mut out.done);
        self.voted_block(wanted, asks, accept, ctx, span, out);
        if !reject.stmts.is_empty() {
            let refused = self.flag(wanted, span);
            let refused = self.not(refused, span);
            let refused = match self.active(ctx, span) {
                Some(active) => self.builder.add(Expr::Logical { op: LogicalOp::And, a: active, b: refused }, span),
                None => refused,
            };
            let refused = self.bind_flag("otherwise", refused, span, &mut out.done);
            self.voted_block(refused, asks, reject, ctx, span, out);
        }
    }

    /// All threads go in if one wants to; the others do nothing there. Whether one wants to is not asked where the condition is one on indices
    /// and arguments: almost always one does, and the question costs as much as what it would save.
    fn voted_block(&mut self, wanted: Flag, asks: bool, block: Block, ctx: &Ctx, span: Span, out: &mut Out) {
        let mut inner = ctx.clone();
        inner.flags.push(wanted);
        if !block.stmts.iter().any(contains_sync) {
            return out.done.extend(self.block(block, &inner).stmts);
        }
        let value = self.flag(wanted, span);
        let condition = asks.then(|| self.vote(value, span, &mut out.done));
        let accept = self.block(block, &inner);
        let Some(condition) = condition else {
            return out.done.push(Stmt { kind: StmtKind::Scope(accept), span });
        };
        out.done.push(Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span });
    }

    fn loop_with_sync(&mut self, mut parts: LoopParts, ctx: &Ctx, out: &mut Out) {
        let condition = parts.condition.map_or(Class::Uniform, |condition| self.class(condition));
        let until = parts.until.map_or(Class::Uniform, |until| self.class(until));
        let divergent_jump = self.has_divergent_jump(&parts.body, ctx);
        if condition.max(until) == Class::Uniform && !divergent_jump {
            let inner = Ctx { sync_after: true, target: None, in_sync_loop: true, in_plain_loop: false, ..ctx.clone() };
            parts.body = self.block(parts.body, &inner);
            parts.update = self.block(parts.update, &inner);
            return out.done.push(parts.into_stmt());
        }
        if condition.max(until) <= Class::Memory && !divergent_jump && ctx.flags.is_empty() {
            return self.broadcast_loop(parts, ctx, out);
        }
        self.voted_loop(parts, ctx, out);
    }

    /// The conditions are uniform but for memory: they are broadcast in each round.
    fn broadcast_loop(&mut self, mut parts: LoopParts, ctx: &Ctx, out: &mut Out) {
        let span = parts.span;
        let inner = Ctx { sync_after: true, target: None, in_sync_loop: true, in_plain_loop: false, ..ctx.clone() };
        let mut body = Vec::new();
        if let Some(condition) = parts.condition.take() {
            let go = if self.class(condition) == Class::Uniform { condition } else { self.broadcast(condition, span, &mut body) };
            let stop = self.not(go, span);
            body.push(plain_if(stop, vec![Stmt { kind: StmtKind::Break, span }], span));
        }
        body.extend(self.block(parts.body, &inner).stmts);
        parts.body = Block { stmts: body };
        parts.update = self.block(parts.update, &inner);
        if let Some(until) = parts.until.take() {
            let until =
                if self.class(until) == Class::Uniform { until } else { self.broadcast(until, span, &mut parts.update.stmts) };
            parts.until = Some(until);
        }
        parts.form = LoopForm::While;
        out.done.push(parts.into_stmt());
    }

    /// The loop runs until no thread wants another round.
    fn voted_loop(&mut self, mut parts: LoopParts, ctx: &Ctx, out: &mut Out) {
        let span = parts.span;
        let looping = self.flag_variable("looping", true, span, &mut out.done);
        let mut round = ctx.clone();
        round.flags.push(Flag::Variable(looping));
        round.sync_after = true;
        round.in_plain_loop = false;
        round.in_sync_loop = true;

        let mut body = Out::default();
        if let Some(condition) = parts.condition.take() {
            let wanted = self.wanted(condition, &round, span, &mut body);
            body.done.push(self.builder.store_local(looping, wanted, span));
        }
        let some = self.active(&round, span).map(|active| self.vote(active, span, &mut body.done));
        if let Some(some) = some {
            let stop = self.not(some, span);
            body.done.push(plain_if(stop, vec![Stmt { kind: StmtKind::Break, span }], span));
        }
        let continues = jumps_in(&parts.body).continues;
        let mut inner = round.clone();
        let going = continues.then(|| {
            let going = self.flag_variable("going", true, span, &mut body.done);
            inner.flags.push(Flag::Variable(going));
            going
        });
        inner.target = Some(Target { looping: Some(looping), going });
        body.done.extend(self.block(parts.body, &inner).stmts);
        parts.body = Block { stmts: body.done };

        let mut update = Out::default();
        self.stmts(parts.update.stmts, &mut round.clone(), &mut update);
        self.flush(&round, &mut update);
        if let Some(until) = parts.until.take() {
            let more = self.not(until, span);
            let store = self.builder.store_local(looping, more, span);
            update.waiting.push(store);
            self.flush(&round, &mut update);
        }
        parts.update = Block { stmts: update.done };
        parts.form = LoopForm::While;
        out.done.push(parts.into_stmt());
    }
}

struct LoopParts {
    form: LoopForm,
    condition: Option<ExprId>,
    body: Block,
    update: Block,
    until: Option<ExprId>,
    unroll: Option<u32>,
    span: Span,
}

impl LoopParts {
    fn into_stmt(self) -> Stmt {
        let LoopParts { form, condition, body, update, until, unroll, span } = self;
        Stmt { kind: StmtKind::Loop { form, condition, body, update, until, unroll }, span }
    }
}
