//! Jumps that pass a barrier: where not all threads take them together, they clear a flag.
//!
//! ```text
//! if c { return }               if c { live = false }
//! barrier                =>     barrier
//! y[i] = 1                      if live { y[i] = 1 }
//! ```

use super::super::uniformity::Class;
use super::facts::{JumpKinds, jumps, jumps_in, simple_return};
use super::predicate::plain_if;
use super::{Ctx, Flag, Out, Repair};
use ir::{Block, Case, ExprId, LocalId, Stmt, StmtKind};
use source::Span;

impl Repair<'_> {
    pub(super) fn is_uniform_jump(&self, stmt: &Stmt, ctx: &Ctx) -> bool {
        let jump = jumps(stmt);
        ctx.in_sync_loop && (jump.breaks || jump.continues)
    }

    /// A jump that all threads of a loop with barriers take together: those that take no part must take it too.
    pub(super) fn uniform_jump(&mut self, stmt: Stmt, ctx: &Ctx, out: &mut Out) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Scope(block) => {
                let block = self.block(block, ctx);
                out.done.push(Stmt { kind: StmtKind::Scope(block), span });
            }
            StmtKind::If { condition, accept, reject } => {
                let condition = self.made_uniform(condition, ctx, span, out);
                let (accept, reject) = (self.block(accept, ctx), self.block(reject, ctx));
                out.done.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
            }
            kind => out.done.push(Stmt { kind, span }),
        }
    }

    /// Does control leave this statement by a jump that passes a barrier?
    pub(super) fn escapes(&self, stmt: &Stmt, ctx: &Ctx) -> bool {
        let jump = jumps(stmt);
        (jump.returns && ctx.sync_after) || (ctx.target.is_some() && (jump.breaks || jump.continues))
    }

    /// Does the body leave or restart the loop where not all threads do? A condition on memory counts only where it cannot be broadcast.
    pub(super) fn has_divergent_jump(&self, body: &Block, ctx: &Ctx) -> bool {
        let limit = if ctx.flags.is_empty() { Class::Memory } else { Class::Uniform };
        self.divergent_jump_in(body, Class::Uniform, limit)
    }

    pub(super) fn divergent_jump_in(&self, block: &Block, flow: Class, limit: Class) -> bool {
        block.stmts.iter().any(|stmt| match &stmt.kind {
            StmtKind::Break | StmtKind::Continue => flow > limit,
            StmtKind::If { condition, accept, reject } => {
                let flow = flow.max(self.class(*condition));
                self.divergent_jump_in(accept, flow, limit) || self.divergent_jump_in(reject, flow, limit)
            }
            StmtKind::Scope(block) => self.divergent_jump_in(block, flow, limit),
            StmtKind::Switch { selector, cases } => {
                let flow = flow.max(self.class(*selector));
                cases.iter().any(|case| jumps_in(&case.body).continues && flow != Class::Uniform)
            }
            _ => false,
        })
    }

    /// Do some threads return where others go on? Inside loops a condition on memory counts, since it may come to be evaluated by some threads only.
    pub(super) fn has_divergent_return(&self, block: &Block, flow: Class, limit: Class) -> bool {
        block.stmts.iter().any(|stmt| match &stmt.kind {
            StmtKind::Return(_) => flow > limit,
            StmtKind::If { condition, accept, reject } => {
                let flow = flow.max(self.class(*condition));
                self.has_divergent_return(accept, flow, limit) || self.has_divergent_return(reject, flow, limit)
            }
            StmtKind::Loop { condition, body, .. } => {
                let flow = condition.map_or(flow, |condition| flow.max(self.class(condition)));
                self.has_divergent_return(body, flow, Class::Uniform)
            }
            StmtKind::Switch { selector, cases } => {
                let flow = flow.max(self.class(*selector));
                cases.iter().any(|case| self.has_divergent_return(&case.body, flow, limit))
            }
            StmtKind::Scope(block) => self.has_divergent_return(block, flow, limit),
            _ => false,
        })
    }

    /// A statement without barriers that control may leave by a jump past one.
    pub(super) fn escape(&mut self, stmt: Stmt, ctx: &mut Ctx, out: &mut Out) {
        let span = stmt.span;
        if let Some(condition) = simple_return(&stmt)
            && self.class(condition) != Class::Uniform
            && self.live.is_none()
            && ctx.flags.is_empty()
            && ctx.target.is_none()
            && !ctx.in_plain_loop
        {
            let stays = self.not(condition, span);
            let live = self.bind_flag("live", stays, span, &mut out.done);
            self.live = Some(live);
            ctx.flags.push(live);
            return;
        }
        match stmt.kind {
            StmtKind::Return(_) => self.leave(stmt.kind, self.live_variable(), ctx, span, out),
            StmtKind::Break if ctx.target.is_some() => {
                self.leave(stmt.kind, ctx.target.and_then(|target| target.looping), ctx, span, out)
            }
            StmtKind::Continue if ctx.target.is_some() => {
                self.leave(stmt.kind, ctx.target.and_then(|target| target.going), ctx, span, out)
            }
            StmtKind::Scope(block) => {
                let block = self.block(block, ctx);
                out.done.push(Stmt { kind: StmtKind::Scope(block), span });
            }
            StmtKind::If { condition, accept, reject } => self.if_with_escape(condition, accept, reject, span, ctx, out),
            StmtKind::Loop { form, condition, body, update, until, unroll } => {
                let inner = Ctx { flags: Vec::new(), target: None, in_sync_loop: false, in_plain_loop: true, ..ctx.clone() };
                let body = self.block(body, &inner);
                self.plain(Stmt { kind: StmtKind::Loop { form, condition, body, update, until, unroll }, span }, ctx, out);
                self.flush(ctx, out);
                self.leave_outer(ctx, span, out);
            }
            StmtKind::Switch { selector, cases } => {
                let inner = Ctx { flags: Vec::new(), in_sync_loop: false, in_plain_loop: true, ..ctx.clone() };
                let cases = cases.into_iter().map(|case| Case { body: self.case_body(case.body, &inner), ..case }).collect();
                self.plain(Stmt { kind: StmtKind::Switch { selector, cases }, span }, ctx, out);
                self.flush(ctx, out);
                self.leave_outer(ctx, span, out);
            }
            kind => out.done.push(Stmt { kind, span }),
        }
    }

    pub(super) fn live_variable(&self) -> Option<LocalId> {
        match self.live {
            Some(Flag::Variable(local)) => Some(local),
            _ => None,
        }
    }

    /// The thread takes no part any more; in a loop without barriers it leaves the loop as well.
    pub(super) fn leave(&mut self, jump: StmtKind, flag: Option<LocalId>, ctx: &Ctx, span: Span, out: &mut Out) {
        let Some(flag) = flag else {
            // All threads come here together: the jump may stay. (If not, the check at the end finds it.)
            return out.done.push(Stmt { kind: jump, span });
        };
        let no = self.builder.boolean(false, span);
        let store = self.builder.store_local(flag, no, span);
        out.done.push(store);
        if ctx.in_plain_loop {
            out.done.push(Stmt { kind: StmtKind::Break, span });
        }
    }

    /// Behind a loop without barriers that threads may have left for good, inside another such loop.
    pub(super) fn leave_outer(&mut self, ctx: &Ctx, span: Span, out: &mut Out) {
        if !ctx.in_plain_loop {
            return;
        }
        let Some(live) = self.live_variable() else { return };
        let live = self.builder.load_local(live, span);
        let dead = self.not(live, span);
        out.done.push(plain_if(dead, vec![Stmt { kind: StmtKind::Break, span }], span));
    }

    pub(super) fn if_with_escape(
        &mut self,
        condition: ExprId,
        accept: Block,
        reject: Block,
        span: Span,
        ctx: &Ctx,
        out: &mut Out,
    ) {
        let together = !ctx.in_plain_loop && !ctx.apart;
        let condition = if together { self.made_uniform(condition, ctx, span, out) } else { condition };
        if self.class(condition) == Class::Uniform && together {
            // All threads jump together, those that take no part too.
            let stmt =
                StmtKind::If { condition, accept: self.jump_together(accept, ctx), reject: self.jump_together(reject, ctx) };
            return out.done.push(Stmt { kind: stmt, span });
        }
        let inner = Ctx { flags: Vec::new(), apart: true, ..ctx.clone() };
        let (accept, reject) = (self.nested(accept, &inner), self.nested(reject, &inner));
        let stmt = Stmt { kind: StmtKind::If { condition, accept, reject }, span };
        match self.active(ctx, span) {
            Some(active) => {
                let stmt = self.guarded(active, vec![stmt], span);
                out.done.push(stmt);
            }
            None => out.done.push(stmt),
        }
    }

    pub(super) fn jump_together(&mut self, mut block: Block, ctx: &Ctx) -> Block {
        let jump = block.stmts.pop_if(|stmt| matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue));
        let mut block = self.block(block, ctx);
        block.stmts.extend(jump);
        block
    }

    /// A block inside a condition, without flags of its own: behind a statement that may clear a flag, the rest is guarded by it.
    pub(super) fn nested(&mut self, block: Block, ctx: &Ctx) -> Block {
        let mut out: Vec<Stmt> = Vec::new();
        let mut stmts = block.stmts.into_iter();
        while let Some(stmt) = stmts.next() {
            let escapes = self.escapes(&stmt, ctx);
            let span = stmt.span;
            let jumped = jumps(&stmt);
            let mut part = Out::default();
            let mut stmt = stmt;
            self.replace_values(&mut stmt);
            if escapes {
                self.escape(stmt, &mut ctx.clone(), &mut part)
            } else {
                part.done.push(stmt)
            }
            out.append(&mut part.done);
            if escapes {
                let rest = Block { stmts: stmts.by_ref().collect() };
                if !rest.stmts.is_empty() && !ctx.in_plain_loop {
                    let rest = self.nested(rest, ctx);
                    match self.cleared(jumped, ctx, span) {
                        Some(condition) => out.push(plain_if(condition, rest.stmts, span)),
                        None => out.extend(rest.stmts),
                    }
                } else if !rest.stmts.is_empty() {
                    out.extend(self.nested(rest, ctx).stmts);
                }
            }
        }
        Block { stmts: out }
    }

    /// The flags that a jump may have cleared still hold.
    pub(super) fn cleared(&mut self, jumped: JumpKinds, ctx: &Ctx, span: Span) -> Option<ExprId> {
        let mut flags = Vec::new();
        if jumped.returns {
            flags.extend(self.live_variable().map(Flag::Variable));
        }
        if let Some(target) = ctx.target {
            if jumped.breaks {
                flags.extend(target.looping.map(Flag::Variable));
            }
            if jumped.continues {
                flags.extend(target.going.map(Flag::Variable));
            }
        }
        self.active(&Ctx { flags, ..Default::default() }, span)
    }
}
