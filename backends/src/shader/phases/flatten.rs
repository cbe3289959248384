//! Makes a graph of the body: nodes of statements without barriers of the grid, and what comes behind each.

use crate::shader::Refusal;
use crate::shader::rewrite::{Builder, block_has, stmt_has};
use ir::{Block, ExprId, LocalId, Scalar, Stmt, StmtKind};
use source::Span;

pub(super) type NodeId = usize;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) stmts: Vec<Stmt>,
    pub(super) next: Next,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    Goto(NodeId),
    /// The condition is the same for all threads of the grid.
    Branch(ExprId, NodeId, NodeId),
    /// A barrier of the grid.
    Barrier(NodeId),
    End,
}

#[derive(Debug)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) start: NodeId,
}

pub(super) fn run(builder: &mut Builder<'_>, stmts: Vec<Stmt>, span: Span) -> Result<Graph, Refusal> {
    let mut flattener = Flattener { builder, nodes: Vec::new(), span };
    let end = flattener.node(Vec::new(), Next::End);
    let start = flattener.stmts(stmts, end, Ctx::default())?;
    Ok(Graph { nodes: flattener.nodes, start })
}

/// Where statements stand.
#[derive(Clone, Copy, Default)]
struct Ctx {
    /// Threads for which this is false do nothing here.
    guard: Option<LocalId>,
    /// Where `break` and `continue` of the loop around lead, if it is cut.
    jumps: Option<(NodeId, NodeId)>,
}

struct Flattener<'a, 'b> {
    builder: &'a mut Builder<'b>,
    nodes: Vec<Node>,
    span: Span,
}

fn has_barrier(stmt: &Stmt) -> bool {
    stmt_has(stmt, &mut |stmt| stmt.kind == StmtKind::GridBarrier)
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
        for stmt in stmts.into_iter().rev() {
            if has_barrier(&stmt) || ctx.jumps.is_some() && jumps_out(&stmt) {
                next = self.plain(&mut plain, next, ctx);
                next = self.cut(stmt, next, ctx)?;
            } else {
                plain.push(stmt);
            }
        }
        Ok(self.plain(&mut plain, next, ctx))
    }

    /// A node of what was collected from the end.
    fn plain(&mut self, reversed: &mut Vec<Stmt>, next: NodeId, ctx: Ctx) -> NodeId {
        if reversed.is_empty() {
            return next;
        }
        let mut stmts = std::mem::take(reversed);
        stmts.reverse();
        if let Some(guard) = ctx.guard {
            let span = stmts[0].span;
            let condition = self.builder.load_local(guard, span);
            let kind = StmtKind::If { condition, accept: Block { stmts }, reject: Block::default() };
            stmts = vec![Stmt { kind, span }];
        }
        self.node(stmts, Next::Goto(next))
    }

    fn refuse<T>(&self, span: Span, why: &'static str) -> Result<T, Refusal> {
        Err(Refusal::GridBarrier { span: if span.is_none() { self.span } else { span }, why })
    }

    fn cut(&mut self, stmt: Stmt, next: NodeId, ctx: Ctx) -> Result<NodeId, Refusal> {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::GridBarrier => Ok(self.node(Vec::new(), Next::Barrier(next))),
            StmtKind::Scope(block) => self.stmts(block.stmts, next, ctx),
            StmtKind::Break | StmtKind::Continue if ctx.guard.is_some() => self.refuse(span, "a jump depends on the thread"),
            StmtKind::Break => Ok(ctx.jumps.map_or(next, |(leave, _)| leave)),
            StmtKind::Continue => Ok(ctx.jumps.map_or(next, |(_, again)| again)),
            StmtKind::If { condition, accept, reject } => {
                let has_loop = |block: &Block| {
                    block
                        .stmts
                        .iter()
                        .any(|stmt| stmt_has(stmt, &mut |stmt| matches!(stmt.kind, StmtKind::Loop { .. }) && has_barrier(stmt)))
                };
                let jumps = |block: &Block| ctx.jumps.is_some() && block.stmts.iter().any(jumps_out);
                if [&accept, &reject].into_iter().any(|block| has_loop(block) || jumps(block)) {
                    if ctx.guard.is_some() {
                        return self.refuse(span, "a loop around it depends on the thread");
                    }
                    let accept = self.stmts(accept.stmts, next, ctx)?;
                    let reject = self.stmts(reject.stmts, next, ctx)?;
                    return Ok(self.node(Vec::new(), Next::Branch(condition, accept, reject)));
                }
                self.guarded(condition, accept, reject, next, ctx, span)
            }
            StmtKind::Loop { .. } if ctx.guard.is_some() => self.refuse(span, "a loop around it depends on the thread"),
            StmtKind::Loop { condition, body, update, until, .. } => {
                // The head comes first, since the body leads back to it.
                let head = self.node(Vec::new(), Next::End);
                let tail = match until {
                    Some(until) => self.node(Vec::new(), Next::Branch(until, next, head)),
                    None => self.node(Vec::new(), Next::Goto(head)),
                };
                let outside = Ctx { jumps: None, ..ctx };
                let update = self.stmts(update.stmts, tail, outside)?;
                let body = self.stmts(body.stmts, update, Ctx { jumps: Some((next, update)), ..ctx })?;
                self.nodes[head].next = match condition {
                    Some(condition) => Next::Branch(condition, body, next),
                    None => Next::Goto(body),
                };
                Ok(head)
            }
            _ => self.refuse(span, "it stands in a `switch`"),
        }
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
            if let Some(outer) = ctx.guard {
                let outer = self.builder.load_local(outer, span);
                value = self.builder.add(ir::Expr::Logical { op: ir::LogicalOp::And, a: outer, b: value }, span);
            }
            head.push(Stmt { kind: StmtKind::Declare { local: guard, init: Some(value) }, span });
        }
        Ok(self.node(head, Next::Goto(next)))
    }
}
