//! Warp operations of 32 lanes, for devices whose subgroups have any size or that have none: lanes exchange through shared memory.
//!
//! ```text
//! let other = warp.shuffle_down[m](x, 16u32, 32)      let other = call shuffleDown(&turn, bits of x, 16u32, 32u32)
//! let mask = warp.ballot[m](x > 0.0)                  let mask = call ballot(&round, m, x > 0.0)
//! warp_barrier                                        barrier
//! tile_barrier(64u32)                                 barrier
//! ```
//!
//! A barrier of a shader is for the whole block. So each operation counts as one from the start: [`barriers`](super::barriers) has made the
//! control flow around it uniform by walking all threads through it together, and says with the mask `active ? mask : 0` who takes part. That
//! different warps, or lanes that diverged, meet at one operation in this way does no harm: CUDA promises nothing about their order.
//!
//! What [`functions`] does costs a barrier for each operation, and a store and a load for each thread. Where the warps are the device's
//! subgroups ([`Options::subgroups`](super::Options::subgroups)), [`native`] does the same without memory or barrier.
//!
//! *Needs*: behind the repair of barriers; functions with warp operations inlined. *Leaves*: no warp operations but those of subgroups
//! ([`is_native`]) and those on values that are not of 32 bits, which are refused (the shipped headers make two exchanges for the wider
//! types of CUDA).

mod functions;
mod native;

use self::functions::{Exchange, Fold, Lanes, Move};
use super::rewrite::{Builder, stmt_has};
use super::{Refusal, transplant};
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, LetId, LocalId, LogicalOp, Module, Scalar, Stmt, StmtKind, WARP_SIZE, WarpOp};
use source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// How lanes learn of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    Memory,
    Subgroups,
}

/// Is this an operation of a subgroup: all lanes take part, and a shuffle reads from a lane that is there?
pub(super) fn is_native(stmt: &Stmt) -> bool {
    let StmtKind::Warp { op, mask: None, .. } = stmt.kind else { return false };
    matches!(
        op,
        WarpOp::Shuffle
            | WarpOp::Ballot
            | WarpOp::ReduceAdd
            | WarpOp::ReduceMin
            | WarpOp::ReduceMax
            | WarpOp::ReduceAnd
            | WarpOp::ReduceOr
            | WarpOp::ReduceXor
    )
}

pub(super) fn run(module: &mut Module, kernel: FuncId, through: Through) -> Result<(), Refusal> {
    let is_warp =
        |stmt: &Stmt| matches!(stmt.kind, StmtKind::Warp { .. } | StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. });
    let body = std::mem::take(&mut module.functions[kernel].body);
    if !body.stmts.iter().any(|stmt| stmt_has(stmt, &mut |stmt| is_warp(stmt))) {
        module.functions[kernel].body = body;
        return Ok(());
    }
    if through == Through::Memory && module.warp_size != WARP_SIZE {
        let what = "an exchange of warps that are not of 32 lanes".to_string();
        return Err(Refusal::Internal { span: module.functions[kernel].span, what });
    }
    let mut wanted = BTreeSet::new();
    let mut scan = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    body.walk(&mut |stmt| wanted.extend(exchange_of(&mut scan, stmt).map(|(exchange, _)| exchange)));
    let functions = make_functions(module, &wanted, through);
    let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let word = builder.scalar_ty(Scalar::U32);
    let mut lower = Lower {
        turn: builder.function.add_local("turn", word, Span::NONE),
        round: builder.function.add_local("round", word, Span::NONE),
        builder,
        functions,
        through,
    };
    let mut stmts = if through == Through::Memory { lower.state(&wanted) } else { Vec::new() };
    stmts.extend(lower.block(body).stmts);
    module.functions[kernel].body = Block { stmts };
    Ok(())
}

/// Functions by what they do; a vote has a second one that comes first.
struct Functions {
    exchanges: BTreeMap<Exchange, FuncId>,
    clear_votes: Option<FuncId>,
}

fn make_functions(module: &mut Module, wanted: &BTreeSet<Exchange>, through: Through) -> Functions {
    let wanted: Vec<Exchange> = wanted.iter().copied().collect();
    let text = match through {
        Through::Memory => functions::module_text(&wanted),
        Through::Subgroups => native::module_text(&wanted, module.warp_size),
    };
    let places: Vec<FuncId> = transplant::import(module, &module_of(text));
    let find = |name: &str| places.iter().copied().find(|id| module.functions[*id].name == name);
    Functions {
        exchanges: wanted.iter().filter_map(|exchange| Some((*exchange, find(&exchange.name())?))).collect(),
        clear_votes: find("clearVotes"),
    }
}

/// The module that the text says. The kernels of a program mostly want the same functions, so it is read once for the process.
fn module_of(text: String) -> Arc<Module> {
    static READ: Mutex<BTreeMap<String, Arc<Module>>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let module = read.entry(text).or_insert_with_key(|text| match ir::text::parse(text) {
        Ok(mut module) => {
            module.forget_spans();
            Arc::new(module)
        }
        Err(error) => unreachable!("the functions of this pass are IR: {error}"),
    });
    Arc::clone(module)
}

/// The function that a warp operation needs, and for whom; `None` where none is needed or the value is not of 32 bits.
fn exchange_of(builder: &mut Builder<'_>, stmt: &Stmt) -> Option<(Exchange, Participants)> {
    let StmtKind::Warp { op, mask, args, .. } = &stmt.kind else { return None };
    let who = participants(builder, *mask);
    let scalar = args.first().and_then(|value| builder.scalar_of(*value));
    if scalar.is_some_and(|scalar| scalar != Scalar::Bool && scalar.size() != 4) {
        return None;
    }
    let exchange = match op {
        WarpOp::Any | WarpOp::All | WarpOp::Ballot => Exchange::Ballot,
        WarpOp::ActiveMask if who.lanes == Lanes::Present => Exchange::Ballot,
        WarpOp::ActiveMask => return None,
        WarpOp::MatchAny => Exchange::MatchAny(who.lanes),
        WarpOp::MatchAll => Exchange::MatchAll(who.lanes),
        op => match (Move::of(*op), Fold::of(*op, scalar?)) {
            (Some(kind), _) => Exchange::Shuffle(kind, who.lanes),
            (_, Some(fold)) => Exchange::Reduce(fold, who.lanes),
            (None, None) => return None,
        },
    };
    Some((exchange, who))
}

/// Who takes part, as far as the code says.
#[derive(Clone, Copy)]
struct Participants {
    lanes: Lanes,
    /// With `Present`: the condition under which this thread does.
    active: Option<ExprId>,
    mask: Option<ExprId>,
}

/// Reads what the repair of barriers wrote: `active ? mask : 0`.
fn participants(builder: &Builder<'_>, mask: Option<ExprId>) -> Participants {
    let Some(mask) = mask else { return Participants { lanes: Lanes::All, active: None, mask: None } };
    match builder.expr(mask) {
        Expr::Select { condition, reject, .. } if builder.const_value(reject) == Some(0) => {
            Participants { lanes: Lanes::Present, active: Some(condition), mask: Some(mask) }
        }
        _ if builder.const_value(mask) == Some(0xffff_ffff) => Participants { lanes: Lanes::All, active: None, mask: None },
        _ => Participants { lanes: Lanes::Named, active: None, mask: Some(mask) },
    }
}

struct Lower<'a> {
    builder: Builder<'a>,
    functions: Functions,
    through: Through,
    /// Which half of the exchange is next, and which word of the votes.
    turn: LocalId,
    round: LocalId,
}

impl Lower<'_> {
    /// What must be there before the first operation.
    fn state(&mut self, wanted: &BTreeSet<Exchange>) -> Vec<Stmt> {
        let span = Span::NONE;
        let mut out = Vec::new();
        let mut start = |lower: &mut Self, local| {
            let init = Some(lower.builder.constant(Scalar::U32, 0, span));
            out.push(Stmt { kind: StmtKind::Declare { local, init }, span });
        };
        if wanted.iter().any(|exchange| *exchange != Exchange::Ballot) {
            start(self, self.turn);
        }
        if let Some(function) = self.functions.clear_votes {
            start(self, self.round);
            out.push(Stmt { kind: StmtKind::Call { result: None, function, args: Vec::new() }, span });
        }
        out
    }

    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::new();
        for mut stmt in block.stmts {
            for nested in stmt.kind.blocks_mut() {
                *nested = self.block(std::mem::take(nested));
            }
            match stmt.kind {
                StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. } => {
                    out.push(Stmt { kind: StmtKind::Barrier, span: stmt.span })
                }
                StmtKind::Warp { .. } => self.operation(stmt, &mut out),
                _ => out.push(stmt),
            }
        }
        Block { stmts: out }
    }

    fn operation(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) {
        let exchange = exchange_of(&mut self.builder, &stmt);
        let span = stmt.span;
        let StmtKind::Warp { result, op, ref args, .. } = stmt.kind else { return out.push(stmt) };
        let before = out.len();
        let value = match exchange {
            Some((Exchange::Ballot, who)) => self.vote(op, who, args.first().copied(), span, out),
            Some(exchange) => self.exchange(op, exchange, args, span, out),
            None if op == WarpOp::ActiveMask && self.through == Through::Memory => self.lanes_of_the_block(span),
            None if op == WarpOp::ActiveMask => {
                let everybody = self.builder.boolean(true, span);
                self.of_subgroup(WarpOp::Ballot, everybody, span, out)
            }
            None => return out.push(stmt),
        };
        // An answer that is the operation's own needs no second name.
        if let [.., Stmt { kind: StmtKind::Call { result: Some(answer), .. } | StmtKind::Warp { result: answer, .. }, .. }] =
            &mut out[before..]
            && matches!(self.builder.expr(value), Expr::Let(id) if id == *answer)
        {
            *answer = result;
            return;
        }
        out.push(Stmt { kind: StmtKind::Let { result, value }, span });
    }

    fn call(&mut self, exchange: Exchange, args: Vec<ExprId>, span: Span, out: &mut Vec<Stmt>) -> ExprId {
        let ty = self.builder.scalar_ty(Scalar::U32);
        let result: LetId = self.builder.function.add_let(None, ty, span);
        let function = self.functions.exchanges[&exchange];
        out.push(Stmt { kind: StmtKind::Call { result: Some(result), function, args }, span });
        self.builder.add(Expr::Let(result), span)
    }

    /// An operation of all lanes.
    fn of_subgroup(&mut self, op: WarpOp, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> ExprId {
        let ty = match op {
            WarpOp::Ballot => self.builder.scalar_ty(Scalar::U32),
            _ => self.builder.ty(value),
        };
        let result: LetId = self.builder.function.add_let(None, ty, span);
        out.push(Stmt { kind: StmtKind::Warp { result, op, mask: None, args: vec![value] }, span });
        self.builder.add(Expr::Let(result), span)
    }

    /// A shuffle, match or reduction: of the bits of the value.
    fn exchange(
        &mut self,
        op: WarpOp,
        (exchange, who): (Exchange, Participants),
        args: &[ExprId],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> ExprId {
        let mut call = Vec::new();
        match (self.through, exchange) {
            (Through::Subgroups, Exchange::Reduce(_, Lanes::All)) => return self.of_subgroup(op, args[0], span, out),
            (Through::Subgroups, _) => {}
            (Through::Memory, _) => call.push(self.builder.add(Expr::LocalAddr(self.turn), span)),
        }
        call.extend(who.mask);
        call.extend(args.iter().map(|arg| self.builder.reinterpret(*arg, Scalar::U32, span)));
        let answer = self.call(exchange, call, span, out);
        match (exchange, self.builder.scalar_of(args[0])) {
            (Exchange::Shuffle(..) | Exchange::Reduce(..), Some(scalar)) => self.builder.reinterpret(answer, scalar, span),
            _ => answer,
        }
    }

    fn vote(&mut self, op: WarpOp, who: Participants, vote: Option<ExprId>, span: Span, out: &mut Vec<Stmt>) -> ExprId {
        let mut yes = match vote {
            Some(vote) if op == WarpOp::All => self.builder.not(vote, span),
            Some(vote) => vote,
            None => self.builder.boolean(true, span),
        };
        if let Some(active) = who.active {
            yes = match vote {
                Some(_) => self.builder.add(Expr::Logical { op: LogicalOp::And, a: active, b: yes }, span),
                None => active,
            };
        }
        let votes = match self.through {
            Through::Memory => {
                let everybody = self.builder.constant(Scalar::U32, 0xffff_ffff, span);
                let round = self.builder.add(Expr::LocalAddr(self.round), span);
                self.call(Exchange::Ballot, vec![round, who.mask.unwrap_or(everybody), yes], span, out)
            }
            Through::Subgroups => {
                let votes = self.of_subgroup(WarpOp::Ballot, yes, span, out);
                who.mask.map_or(votes, |mask| self.builder.binary(BinaryOp::And, votes, mask, span))
            }
        };
        let compare = match op {
            WarpOp::Any => BinaryOp::Ne,
            WarpOp::All => BinaryOp::Eq,
            _ => return votes,
        };
        let answer = self.builder.with_constant(compare, votes, 0, span);
        self.builder.convert(answer, Scalar::I32, span)
    }

    /// `(1 << lanes that the block has from here) - 1`; the shift gives 0 for 32 and more.
    fn lanes_of_the_block(&mut self, span: Span) -> ExprId {
        let threads = self.builder.add(Expr::Geometry(ir::Geometry::ThreadCount), span);
        let rank = self.builder.add(Expr::Geometry(ir::Geometry::ThreadRank), span);
        let lane = self.builder.add(Expr::Geometry(ir::Geometry::Lane), span);
        let first = self.builder.binary(BinaryOp::Sub, rank, lane, span);
        let lanes = self.builder.binary(BinaryOp::Sub, threads, first, span);
        let one = self.builder.constant(Scalar::U32, 1, span);
        let end = self.builder.binary(BinaryOp::Shl, one, lanes, span);
        self.builder.with_constant(BinaryOp::Sub, end, 1, span)
    }
}
