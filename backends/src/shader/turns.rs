//! Threads that wait for each other at barrier objects take turns: each runs until it must wait, all meet at a barrier of the block, and each asks
//! again. So no thread needs another to make progress while it waits, which shaders do not promise.
//!
//! ```text
//! if warp == 0 {                         var turn = 0
//!   a                                    while {
//!   arrive(full)                           var going = true
//! } else {                          =>     while going { switch turn {
//!   while phase(full) == p {                 case 0 { if warp == 0 { a; arrive(full); turn = END; going = false } else { turn = 1 } }
//!     yield                                  case 1 { if phase(full) == p { turn = 1; going = false } else { turn = 2; going = false } }
//!   }                                        case 2 { b; turn = END; going = false }
//!   yield                                  } }
//!   b                                      if !vote.any(turn != END) { break }
//! }                                      }
//! ```
//!
//! Between a thread's last look at an object and what it does then stands a `yield`, and so a barrier of the block: what others wrote before they
//! arrived is there. What takes turns is the smallest part of the kernel, from a first `yield` to the last `yield` or arrival, that all threads come to
//! together (in flow that is uniform but for writable memory) and that is cut off from the others by barriers of the block: nobody waits in one part for
//! an arrival in another, because the barrier between them lets nobody on before all have come. Such barriers inside of the part, and operations of warps,
//! are refused: whoever waits there would hold up those that it waits for.
//!
//! *Needs*: legal addresses; functions with `yield`s inlined; arrivals are counted. *Leaves*: no `yield`, no arrival; one vote of the block for all turns, in flow
//! that the repair of [`barriers`](super::barriers) can do with as with any other. Asked for by both targets.

use super::Options;
use super::barriers::facts::jumps;
use super::finish;
use super::phases::{CutAt, Graph, Next, NodeId, flatten, split_variables};
use super::refusal::Refusal;
use super::rewrite::{Builder, block_has, stmt_has};
use super::single_exit::has_return;
use super::uniformity::{Class, Returns, Uniformity, is_sync, pure_functions};
use ir::{BinaryOp, Block, BlockVote, Case, Expr, ExprId, FuncId, LocalId, LoopForm, Module, Scalar, Stmt, StmtKind};
use source::Span;

pub(super) fn run(module: &mut Module, kernel: FuncId, options: &Options) -> Result<(), Refusal> {
    if !block_has(&module.functions[kernel].body, &mut waits_or_arrives) {
        return Ok(());
    }
    let (read_only, pure) = (finish::read_only(module, kernel, options), pure_functions(module));
    let flow = Uniformity::of(&module.functions[kernel], &module.tables, &read_only, &pure, Returns::Ignored);
    let mut body = std::mem::take(&mut module.functions[kernel].body);
    let builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let mut turns = Turns { builder, flow };
    turns.block(&mut body)?;
    remove_arrivals(&mut body);
    module.functions[kernel].body = body;
    Ok(())
}

/// They are counted.
fn remove_arrivals(block: &mut Block) {
    block.stmts.retain(|stmt| !matches!(stmt.kind, StmtKind::Arrive { .. }));
    block.stmts.iter_mut().flat_map(|stmt| stmt.kind.blocks_mut()).for_each(remove_arrivals);
}

fn waits_or_arrives(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Yield | StmtKind::Arrive { .. })
}

/// Does the statement hold up all threads of the block until all have come?
fn cuts_off(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Barrier | StmtKind::BlockVote { .. } | StmtKind::BlockBroadcast { .. })
}

fn yields(stmt: &Stmt) -> bool {
    stmt.kind == StmtKind::Yield
}

/// From the first statement that waits to the last that waits or arrives.
fn waiting_part(stmts: &[Stmt]) -> Option<(usize, usize)> {
    let first = stmts.iter().position(has_yield)?;
    let last = stmts.iter().rposition(|stmt| stmt_has(stmt, &mut waits_or_arrives))?;
    Some((first, last.max(first)))
}

/// Can no thread wait in one round of a loop for an arrival in another one? Then a barrier stands in front of all that waits or arrives, or behind it.
fn rounds_are_cut_off(body: &[Stmt]) -> bool {
    let concerns = |stmt: &Stmt| stmt_has(stmt, &mut waits_or_arrives);
    let (first, last) = (body.iter().position(concerns), body.iter().rposition(concerns));
    let cut = |stmts: &[Stmt]| stmts.iter().any(cuts_off);
    first.zip(last).is_none_or(|(first, last)| cut(&body[..first]) || cut(&body[last..]))
}

/// Does control leave a statement otherwise than at its end?
fn jumps_in_stmts(stmts: &[Stmt]) -> bool {
    stmts.iter().map(jumps).any(|jumps| jumps.returns || jumps.breaks || jumps.continues)
}

fn has_yield(stmt: &Stmt) -> bool {
    stmt_has(stmt, &mut yields)
}

/// A thread that has nothing left to do.
const END: i64 = 0xffff_ffff;

struct Turns<'a> {
    builder: Builder<'a>,
    flow: Uniformity,
}

impl Turns<'_> {
    /// Part by part, the last one first: what stands behind a part must know its variables.
    fn block(&mut self, block: &mut Block) -> Result<(), Refusal> {
        let mut end = block.stmts.len();
        while end > 0 {
            let start = block.stmts[..end - 1].iter().rposition(cuts_off).map_or(0, |cut| cut + 1);
            if let Some((first, last)) = waiting_part(&block.stmts[start..end]) {
                self.part(block, start + first, start + last)?;
            }
            end = start;
        }
        Ok(())
    }

    fn part(&mut self, block: &mut Block, first: usize, last: usize) -> Result<(), Refusal> {
        if first == last && self.is_entered_by_all(&block.stmts[first]) {
            return block.stmts[first].kind.blocks_mut().try_for_each(|nested| self.block(nested));
        }
        let behind = block.stmts.split_off(last + 1);
        let part = block.stmts.split_off(first);
        self.take_turns(part, behind, &mut block.stmts)
    }

    /// Do all threads of the block that come to this statement go the same way in it?
    fn is_entered_by_all(&self, stmt: &Stmt) -> bool {
        let uniform = |value: ExprId| self.flow.expr(self.builder.function, value) <= Class::Memory;
        match &stmt.kind {
            StmtKind::Scope(_) => true,
            StmtKind::If { condition, .. } => uniform(*condition),
            // A jump would lead out of the part that takes turns.
            StmtKind::Switch { selector, cases } => {
                let ends = |case: &Case| case.body.stmts.iter().rposition(|stmt| stmt.kind == StmtKind::Break);
                let jumps = |case: &Case| {
                    let inner = &case.body.stmts[..ends(case).unwrap_or(case.body.stmts.len())];
                    jumps_in_stmts(inner)
                };
                uniform(*selector) && !cases.iter().any(jumps)
            }
            StmtKind::Loop { condition, body, update, until, .. } => {
                let jumps = jumps_in_stmts(&body.stmts) || jumps_in_stmts(&update.stmts);
                let cut_off = rounds_are_cut_off(&body.stmts) && !block_has(update, &mut waits_or_arrives);
                !jumps && cut_off && condition.is_none_or(uniform) && until.is_none_or(uniform)
            }
            _ => false,
        }
    }

    /// `part` in turns, then what stands behind it.
    fn take_turns(&mut self, part: Vec<Stmt>, behind: Vec<Stmt>, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = part[0].span;
        let mut sync = None;
        for stmt in &part {
            stmt_has(stmt, &mut |stmt| {
                if is_sync(stmt) && !waits_or_arrives(stmt) {
                    sync.get_or_insert(stmt.span);
                }
                false
            });
        }
        if let Some(span) = sync {
            return Err(Refusal::WaitAmongWaits { span });
        }
        let returns = part.iter().any(has_return);
        let mut graph = flatten(&mut self.builder, part, CutAt::Yield, span)?;
        pass_by_empty(&mut graph);
        // Behind the turns the same variables are known.
        graph.nodes.push(super::phases::Node { stmts: behind, next: Next::End });
        let moved = split_variables(&mut self.builder, &mut graph);
        let behind = graph.nodes.pop().map(|node| node.stmts).unwrap_or_default();
        out.extend(moved.into_iter().map(|local| Stmt { kind: StmtKind::Declare { local, init: None }, span }));
        let returned = graph.returned.filter(|_| returns);
        if let Some(returned) = returned {
            let init = Some(self.builder.boolean(false, span));
            out.push(Stmt { kind: StmtKind::Declare { local: returned, init }, span });
        }
        let word = self.builder.scalar_ty(Scalar::U32);
        let flag = self.builder.scalar_ty(Scalar::Bool);
        let turn = self.builder.function.add_local("turn", word, span);
        let going = self.builder.function.add_local("going", flag, span);
        let mut cases = Cases { builder: &mut self.builder, numbers: Cases::numbers(&graph), graph, turn, going, span };
        let looping = cases.rounds();
        let first = cases.number(cases.graph.start);
        let init = Some(self.builder.constant(Scalar::U32, first, span));
        out.push(Stmt { kind: StmtKind::Declare { local: turn, init }, span });
        out.push(looping);
        if let Some(returned) = returned {
            let condition = self.builder.load_local(returned, span);
            let accept = Block { stmts: vec![Stmt { kind: StmtKind::Return(None), span }] };
            out.push(Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span });
        }
        out.extend(behind);
        Ok(())
    }
}

/// Whatever leads to a node that only leads on leads there.
fn pass_by_empty(graph: &mut Graph) {
    let beyond = |mut id: NodeId| {
        // A circle of such nodes is a loop that does nothing.
        for _ in 0..graph.nodes.len() {
            match graph.nodes[id].next {
                Next::Goto(next) if graph.nodes[id].stmts.is_empty() => id = next,
                _ => break,
            }
        }
        id
    };
    let next: Vec<Next> = graph
        .nodes
        .iter()
        .map(|node| match node.next {
            Next::Goto(next) => Next::Goto(beyond(next)),
            Next::Branch(condition, accept, reject) => Next::Branch(condition, beyond(accept), beyond(reject)),
            Next::Barrier(next) => Next::Barrier(beyond(next)),
            Next::End => Next::End,
        })
        .collect();
    graph.start = beyond(graph.start);
    graph.nodes.iter_mut().zip(next).for_each(|(node, next)| node.next = next);
}

/// Does the node do nothing but to end?
fn is_end(graph: &Graph, id: NodeId) -> bool {
    graph.nodes[id].stmts.is_empty() && matches!(graph.nodes[id].next, Next::End)
}

/// The nodes as cases of a switch. A node that one other leads to, within its turn, is written there.
struct Cases<'a, 'b> {
    builder: &'a mut Builder<'b>,
    graph: Graph,
    /// For each node that is a case its number.
    numbers: Vec<Option<i64>>,
    turn: LocalId,
    going: LocalId,
    span: Span,
}

impl Cases<'_, '_> {
    fn numbers(graph: &Graph) -> Vec<Option<i64>> {
        // What leads nowhere from the start is not counted.
        let mut within = vec![0; graph.nodes.len()];
        let mut is_case = vec![false; graph.nodes.len()];
        is_case[graph.start] = true;
        let mut pending = vec![graph.start];
        let mut seen = vec![false; graph.nodes.len()];
        while let Some(id) = pending.pop() {
            if std::mem::replace(&mut seen[id], true) {
                continue;
            }
            let next: &[NodeId] = match &graph.nodes[id].next {
                Next::Goto(next) => &[*next],
                Next::Branch(_, accept, reject) => &[*accept, *reject],
                Next::Barrier(next) => {
                    is_case[*next] = true;
                    pending.push(*next);
                    &[]
                }
                Next::End => &[],
            };
            next.iter().for_each(|next| within[*next] += 1);
            pending.extend(next);
        }
        let mut count = 0;
        let number = |(id, is_case): (usize, bool)| {
            ((is_case || within[id] > 1) && !is_end(graph, id)).then(|| {
                count += 1;
                count - 1
            })
        };
        is_case.into_iter().enumerate().map(number).collect()
    }

    fn number(&self, node: NodeId) -> i64 {
        self.numbers[node].unwrap_or(END)
    }

    /// Turn after turn, until no thread has anything left to do.
    fn rounds(&mut self) -> Stmt {
        let span = self.span;
        let mut cases: Vec<Case> = Vec::new();
        for node in 0..self.graph.nodes.len() {
            if let Some(number) = self.numbers[node] {
                let body = Block { stmts: self.node(node) };
                cases.push(Case { values: vec![number as u64], is_default: false, body, falls_through: false, span });
            }
        }
        // Nobody is anywhere else, and a switch wants a default.
        if let Some(last) = cases.last_mut() {
            last.is_default = true;
        }
        let selector = self.builder.load_local(self.turn, span);
        let switch = Stmt { kind: StmtKind::Switch { selector, cases }, span };
        let going = self.builder.load_local(self.going, span);
        let at_work = self.turn_is_not_end();
        let own_turn = self.looping(Some(going), vec![switch]);
        let ty = self.builder.scalar_ty(Scalar::I32);
        let result = self.builder.function.add_let(None, ty, span);
        let vote = Stmt { kind: StmtKind::BlockVote { result, op: BlockVote::Any, value: at_work }, span };
        let answer = self.builder.add(Expr::Let(result), span);
        let condition = self.builder.with_constant(BinaryOp::Eq, answer, 0, span);
        let accept = Block { stmts: vec![Stmt { kind: StmtKind::Break, span }] };
        let leave = Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span };
        let init = Some(self.turn_is_not_end());
        let declare = Stmt { kind: StmtKind::Declare { local: self.going, init }, span };
        self.looping(None, vec![declare, own_turn, vote, leave])
    }

    fn turn_is_not_end(&mut self) -> ExprId {
        let turn = self.builder.load_local(self.turn, self.span);
        self.builder.with_constant(BinaryOp::Ne, turn, END, self.span)
    }

    fn looping(&self, condition: Option<ExprId>, stmts: Vec<Stmt>) -> Stmt {
        let (form, body, update) = (LoopForm::While, Block { stmts }, Block::default());
        Stmt { kind: StmtKind::Loop { form, condition, body, update, until: None, unroll: None }, span: self.span }
    }

    fn node(&mut self, id: NodeId) -> Vec<Stmt> {
        let mut out = std::mem::take(&mut self.graph.nodes[id].stmts);
        match self.graph.nodes[id].next {
            Next::Goto(next) => out.extend(self.follow(next)),
            Next::Branch(condition, accept, reject) => {
                let span = self.builder.span(condition);
                let (accept, reject) = (Block { stmts: self.follow(accept) }, Block { stmts: self.follow(reject) });
                out.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
            }
            Next::Barrier(next) => {
                let number = self.number(next);
                out.extend(self.rest(number));
            }
            Next::End => out.extend(self.rest(END)),
        }
        out
    }

    /// On to a node within the same turn.
    fn follow(&mut self, next: NodeId) -> Vec<Stmt> {
        match self.numbers[next] {
            Some(number) => vec![self.set_turn(number)],
            None => self.node(next),
        }
    }

    fn set_turn(&mut self, number: i64) -> Stmt {
        let value = self.builder.constant(Scalar::U32, number, self.span);
        self.builder.store_local(self.turn, value, self.span)
    }

    /// The thread's turn is over; it goes on at `number`.
    fn rest(&mut self, number: i64) -> [Stmt; 2] {
        let stop = self.builder.boolean(false, self.span);
        [self.set_turn(number), self.builder.store_local(self.going, stop, self.span)]
    }
}
