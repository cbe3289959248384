//! Makes a graph of the body: nodes of statements without barriers of the grid, and what comes behind each.

use crate::shader::Refusal;
use crate::shader::rewrite::{Builder, block_has, stmt_has};
use crate::shader::single_exit::{self, has_return};
use ir::{BinaryOp, Block, BlockVote, Case, Expr, ExprId, LocalId, LogicalOp, Scalar, Stmt, StmtKind};
use source::Span;

pub(in crate::shader) type NodeId = usize;

#[derive(Clone, Debug)]
pub(in crate::shader) struct Node {
    pub(in crate::shader) stmts: Vec<Stmt>,
    pub(in crate::shader) next: Next,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::shader) enum Next {
    Goto(NodeId),
    /// For phases the condition is the same for all threads of the grid.
    Branch(ExprId, NodeId, NodeId),
    /// Where the body is cut.
    Barrier(NodeId),
    End,
}

#[derive(Debug)]
pub(in crate::shader) struct Graph {
    pub(in crate::shader) nodes: Vec<Node>,
    pub(in crate::shader) start: NodeId,
    /// Has the thread returned? There if one may; its declaration is the first statement of phases.
    pub(in crate::shader) returned: Option<LocalId>,
}

/// What cuts a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shader) enum CutAt {
    GridBarrier,
    /// Threads go different ways, and whoever returns goes to the end.
    Yield,
}

impl CutAt {
    fn is(self, stmt: &Stmt) -> bool {
        match self {
            CutAt::GridBarrier => stmt.kind == StmtKind::GridBarrier,
            CutAt::Yield => stmt.kind == StmtKind::Yield,
        }
    }

    fn is_in(self, stmt: &Stmt) -> bool {
        stmt_has(stmt, &mut |stmt| self.is(stmt))
    }
}

pub(in crate::shader) fn run(builder: &mut Builder<'_>, mut stmts: Vec<Stmt>, at: CutAt, span: Span) -> Result<Graph, Refusal> {
    if at == CutAt::GridBarrier {
        stmts.pop_if(|stmt| matches!(stmt.kind, StmtKind::Return(_)));
    }
    let done = stmts.iter().any(has_return).then(|| {
        let flag = builder.scalar_ty(Scalar::Bool);
        builder.function.add_local("done", flag, span)
    });
    let mut flattener = Flattener { builder, nodes: Vec::new(), done, at, end: 0, span };
    flattener.end = flattener.node(Vec::new(), Next::End);
    let mut start = flattener.stmts(stmts, flattener.end, Ctx::default())?;
    if let Some(done) = done.filter(|_| at == CutAt::GridBarrier) {
        let init = Some(flattener.builder.boolean(false, span));
        start = flattener.node(vec![Stmt { kind: StmtKind::Declare { local: done, init }, span }], Next::Goto(start));
    }
    Ok(Graph { nodes: flattener.nodes, start, returned: done })
}

/// Where statements stand.
#[derive(Clone, Copy, Default)]
struct Ctx {
    /// Threads for which this is false do nothing here.
    guard: Option<LocalId>,
    /// Where `break` and `continue` of the loop or switch around lead, if it is cut.
    jumps: Option<(NodeId, NodeId)>,
    /// Some threads may have returned.
    returned: bool,
}

struct Flattener<'a, 'b> {
    builder: &'a mut Builder<'b>,
    nodes: Vec<Node>,
    /// Has the thread returned? There if one may.
    done: Option<LocalId>,
    at: CutAt,
    end: NodeId,
    span: Span,
}

/// Does the statement jump to the loop around it?
fn jumps_out(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => true,
        StmtKind::Loop { .. } => false,
        StmtKind::Switch { cases, .. } => {
            let continues = |stmt: &Stmt| stmt.kind == StmtKind::Continue;
            cases.iter().any(|case| block_has(&case.body, &mut |stmt| continues(stmt)))
        }
        kind => kind.blocks().into_iter().any(|block| block.stmts.iter().any(jumps_out)),
    }
}

impl Flattener<'_, '_> {
    fn node(&mut self, stmts: Vec<Stmt>, next: Next) -> NodeId {
        self.nodes.push(Node { stmts, next });
        self.nodes.len() - 1
    }

    /// The node where the statements begin; behind them `next` comes. From the last to the first.
    fn stmts(&mut self, stmts: Vec<Stmt>, next: NodeId, ctx: Ctx) -> Result<NodeId, Refusal> {
        let mut next = next;
        let mut plain: Vec<Stmt> = Vec::new();
        // In front of the first return nobody has returned yet.
        let mut before = stmts.iter().position(has_return).unwrap_or(stmts.len());
        let each_returns = self.at == CutAt::Yield;
        if ctx.returned {
            before = 0;
        } else if each_returns {
            // Whoever returns is not there any more.
            before = stmts.len();
        }
        for (index, stmt) in stmts.into_iter().enumerate().rev() {
            let here = Ctx { returned: index > before || ctx.returned, ..ctx };
            let is_cut = self.at.is_in(&stmt) || each_returns && has_return(&stmt);
            if is_cut || ctx.jumps.is_some() && jumps_out(&stmt) {
                next = self.plain(&mut plain, next, Ctx { returned: index + 1 > before || ctx.returned, ..ctx });
                next = self.cut(stmt, next, here)?;
            } else if has_return(&stmt) {
                next = self.plain(&mut plain, next, Ctx { returned: true, ..ctx });
                plain = self.returns(stmt);
                plain.reverse();
                next = self.plain(&mut plain, next, here);
            } else {
                plain.push(stmt);
            }
        }
        Ok(self.plain(&mut plain, next, Ctx { returned: ctx.returned, ..ctx }))
    }

    /// What a statement without barriers does, and whether the thread returns in it.
    fn returns(&mut self, stmt: Stmt) -> Vec<Stmt> {
        match self.done {
            Some(done) => single_exit::leave(self.builder, vec![stmt], done),
            None => vec![stmt],
        }
    }

    /// A node of what was collected from the end.
    fn plain(&mut self, reversed: &mut Vec<Stmt>, next: NodeId, ctx: Ctx) -> NodeId {
        if reversed.is_empty() {
            return next;
        }
        let mut stmts = std::mem::take(reversed);
        stmts.reverse();
        let span = stmts[0].span;
        if let Some(condition) = self.takes_part(ctx, span) {
            let kind = StmtKind::If { condition, accept: Block { stmts }, reject: Block::default() };
            stmts = vec![Stmt { kind, span }];
        }
        self.node(stmts, Next::Goto(next))
    }

    /// The condition under which a thread does something here; `None` if all do.
    fn takes_part(&mut self, ctx: Ctx, span: Span) -> Option<ExprId> {
        let guard = ctx.guard.map(|guard| self.builder.load_local(guard, span));
        let Some(done) = self.done.filter(|_| ctx.returned) else { return guard };
        let done = self.builder.load_local(done, span);
        let live = self.builder.not(done, span);
        Some(match guard {
            Some(guard) => self.builder.add(Expr::Logical { op: LogicalOp::And, a: live, b: guard }, span),
            None => live,
        })
    }

    /// Is there a loop or switch in it that is cut?
    fn has_cut(&self, block: &Block) -> bool {
        let cut = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Loop { .. } | StmtKind::Switch { .. }) && self.at.is_in(stmt);
        block.stmts.iter().any(|stmt| stmt_has(stmt, &mut |stmt| cut(stmt)))
    }

    /// A node that goes one way or the other, the same for all threads of the grid that have not returned. The others ask those of their block.
    fn branch(&mut self, condition: ExprId, accept: NodeId, reject: NodeId, ctx: Ctx) -> Node {
        let span = self.builder.span(condition);
        let Some(live) = self.takes_part(Ctx { guard: None, ..ctx }, span) else {
            return Node { stmts: Vec::new(), next: Next::Branch(condition, accept, reject) };
        };
        let value = self.builder.add(Expr::Logical { op: LogicalOp::And, a: live, b: condition }, span);
        let ty = self.builder.scalar_ty(Scalar::I32);
        let result = self.builder.function.add_let(None, ty, span);
        let vote = Stmt { kind: StmtKind::BlockVote { result, op: BlockVote::Any, value }, span };
        let answer = self.builder.add(Expr::Let(result), span);
        let condition = self.builder.with_constant(BinaryOp::Ne, answer, 0, span);
        Node { stmts: vec![vote], next: Next::Branch(condition, accept, reject) }
    }

    fn add(&mut self, node: Node) -> NodeId {
        self.node(node.stmts, node.next)
    }

    fn refuse<T>(&self, span: Span, why: &'static str) -> Result<T, Refusal> {
        Err(Refusal::GridBarrier { span: if span.is_none() { self.span } else { span }, why })
    }

    fn cut(&mut self, stmt: Stmt, next: NodeId, ctx: Ctx) -> Result<NodeId, Refusal> {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::GridBarrier | StmtKind::Yield => Ok(self.node(Vec::new(), Next::Barrier(next))),
            StmtKind::Return(_) => {
                let set = self.builder.boolean(true, span);
                let stmts = self.done.map(|done| self.builder.store_local(done, set, span));
                Ok(self.node(stmts.into_iter().collect(), Next::Goto(self.end)))
            }
            StmtKind::Scope(block) => self.stmts(block.stmts, next, ctx),
            StmtKind::Break | StmtKind::Continue if ctx.guard.is_some() => self.refuse(span, "a jump depends on the thread"),
            StmtKind::Break => Ok(ctx.jumps.map_or(next, |(leave, _)| leave)),
            StmtKind::Continue => Ok(ctx.jumps.map_or(next, |(_, again)| again)),
            StmtKind::If { condition, accept, reject } => {
                let jumps = |block: &Block| ctx.jumps.is_some() && block.stmts.iter().any(jumps_out);
                let blocks = [&accept, &reject];
                if self.at == CutAt::Yield || blocks.into_iter().any(|block| self.has_cut(block) || jumps(block)) {
                    if ctx.guard.is_some() {
                        return self.refuse(span, "a loop around it depends on the thread");
                    }
                    let accept = self.stmts(accept.stmts, next, ctx)?;
                    let reject = self.stmts(reject.stmts, next, ctx)?;
                    let node = self.branch(condition, accept, reject, ctx);
                    return Ok(self.add(node));
                }
                self.guarded(condition, accept, reject, next, ctx, span)
            }
            StmtKind::Loop { .. } | StmtKind::Switch { .. } if ctx.guard.is_some() => {
                self.refuse(span, "a loop or switch around it depends on the thread")
            }
            StmtKind::Loop { condition, body, update, until, .. } => {
                let returns =
                    self.at == CutAt::GridBarrier && [&body, &update].into_iter().any(|block| block.stmts.iter().any(has_return));
                let ctx = Ctx { returned: ctx.returned || returns, ..ctx };
                // The head comes first, since the body leads back to it.
                let head = self.node(Vec::new(), Next::End);
                let tail = match until {
                    Some(until) => {
                        let more = self.builder.not(until, span);
                        let node = self.branch(more, head, next, ctx);
                        self.add(node)
                    }
                    None => self.node(Vec::new(), Next::Goto(head)),
                };
                let outside = Ctx { jumps: None, ..ctx };
                let update = self.stmts(update.stmts, tail, outside)?;
                let body = self.stmts(body.stmts, update, Ctx { jumps: Some((next, update)), ..ctx })?;
                // Where all threads have returned nobody goes on.
                let condition = condition.or_else(|| returns.then(|| self.builder.boolean(true, span)));
                self.nodes[head] = match condition {
                    Some(condition) => self.branch(condition, body, next, ctx),
                    None => Node { stmts: Vec::new(), next: Next::Goto(body) },
                };
                Ok(head)
            }
            StmtKind::Switch { selector, cases } => self.switch(selector, cases, next, ctx, span),
            _ => self.refuse(span, "it is part of another statement"),
        }
    }

    /// The cases one after the other, each asked for by its labels. None falls through.
    fn switch(&mut self, selector: ExprId, cases: Vec<Case>, next: NodeId, ctx: Ctx, span: Span) -> Result<NodeId, Refusal> {
        let ty = self.builder.ty(selector);
        let selected = self.builder.function.add_local("selected", ty, span);
        let value = self.builder.load_local(selected, span);
        let inside = Ctx { jumps: Some((next, ctx.jumps.map_or(next, |(_, again)| again))), ..ctx };
        let mut otherwise = next;
        let mut labelled = Vec::new();
        for case in cases {
            let entry = self.stmts(case.body.stmts, next, inside)?;
            if case.is_default {
                otherwise = entry;
            } else {
                labelled.push((case.values, entry));
            }
        }
        for (values, entry) in labelled.into_iter().rev() {
            for label in values {
                let condition = self.builder.with_constant(BinaryOp::Eq, value, label as i64, span);
                let node = self.branch(condition, entry, otherwise, ctx);
                otherwise = self.add(node);
            }
        }
        let declare = Stmt { kind: StmtKind::Declare { local: selected, init: Some(selector) }, span };
        Ok(self.node(vec![declare], Next::Goto(otherwise)))
    }

    /// An `if` whose condition is kept for the parts of its arms.
    fn guarded(
        &mut self,
        condition: ExprId,
        accept: Block,
        reject: Block,
        next: NodeId,
        ctx: Ctx,
        span: Span,
    ) -> Result<NodeId, Refusal> {
        let flag = self.builder.scalar_ty(Scalar::Bool);
        let mut next = next;
        let mut head = Vec::new();
        let inner = Ctx { jumps: None, ..ctx };
        for (block, holds) in [(reject, false), (accept, true)] {
            if block.stmts.is_empty() {
                continue;
            }
            let guard = self.builder.function.add_local("taken", flag, span);
            next = self.stmts(block.stmts, next, Ctx { guard: Some(guard), ..inner })?;
            let mut value = if holds { condition } else { self.builder.not(condition, span) };
            if let Some(outer) = self.takes_part(ctx, span) {
                value = self.builder.add(Expr::Logical { op: LogicalOp::And, a: outer, b: value }, span);
            }
            head.push(Stmt { kind: StmtKind::Declare { local: guard, init: Some(value) }, span });
        }
        Ok(self.node(head, Next::Goto(next)))
    }
}
