//! Statements: everything that has an effect, and structured control flow.
//!
//! **Scope.** A `Let` and a `Declare` are visible to the statements behind them in their block, and in blocks nested
//! there. A loop's `condition` sees what surrounds the loop; `update` does not see the body's declarations; `until` sees
//! those of `update`.
//!
//! **Uniformity.** As in CUDA, a barrier must be reached by all live (not yet returned) threads of the block or by none;
//! the shader passes make it so for targets that demand more.

use crate::expr::{ExprId, LetId, LocalId};
use crate::module::FuncId;
use crate::types::Scalar;
use ir_derive::Operands;
use source::Span;

/// Statements in order. Nested blocks are scopes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    pub stmts: Vec<Stmt>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

/// Cycles that pass with each reading of the clock.
pub const TICK: u64 = 32;

/// What a failed `assert` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    pub expression: String,
    pub file: String,
    pub line: u32,
    /// As `__PRETTY_FUNCTION__` shows it: `void k(int)`.
    pub function: String,
}

/// The derived `operands` are those of the statement itself, not of statements nested in it.
#[derive(Clone, Debug, PartialEq, Operands)]
pub enum StmtKind {
    /// Binds a value. Its name is in the function's table.
    Let {
        result: LetId,
        value: ExprId,
    },
    /// An automatic variable starts its life, each time control comes by: with `init`, or with undefined content.
    Declare {
        local: LocalId,
        init: Option<ExprId>,
    },
    Store {
        pointer: ExprId,
        value: ExprId,
        volatile: bool,
    },
    /// A function may call itself, directly or through others.
    Call {
        result: Option<LetId>,
        function: FuncId,
        args: Vec<ExprId>,
    },

    /// `{ ... }`, and the scope of a `for` loop's variable: `Scope { Declare i; Loop }`.
    Scope(Block),
    If {
        condition: ExprId,
        accept: Block,
        reject: Block,
    },
    /// One loop for all of C's:
    ///
    /// ```text
    /// loop { if (condition is there and false) break; body; /* continue comes here */ update; if (until is there and true) break }
    /// ```
    Loop {
        /// What the source wrote; emitters use it for spelling only.
        form: LoopForm,
        condition: Option<ExprId>,
        body: Block,
        update: Block,
        until: Option<ExprId>,
        /// `#pragma unroll`: `Some(0)` asks for full unrolling, `Some(1)` for none.
        unroll: Option<u32>,
    },
    /// `break` in a case leaves the switch. Values are the bits of the selector's type.
    Switch {
        selector: ExprId,
        cases: Vec<Case>,
    },
    /// Leaves the innermost loop or switch.
    Break,
    /// Goes to `update` of the innermost loop.
    Continue,
    Return(Option<ExprId>),

    /// `__syncthreads()`: all live threads of the block arrive; orders shared and global memory.
    Barrier,
    /// A thread arrives at a barrier object (`cuda::barrier`): what it wrote is there for those who learn of its arrival. Who does is a matter of atomics on
    /// the object's memory, under the condition [`ArrivalsCount`](crate::Geometry::ArrivalsCount). Where a pass proves that all threads of the block come
    /// here together, and that they arrive at one object, it may make this a barrier and that condition false. `object` is a number read from the object: if it
    /// is the same for all threads because it was read at one address, they arrive at one object.
    Arrive {
        object: ExprId,
    },
    /// A thread that waits for others lets them go on before it looks again. Behind it all is there that they wrote before what it has seen.
    Yield,
    /// `this_grid().sync()`: all threads of the grid arrive; orders global memory. Blocks that have ended do not come, so there must be none.
    GridBarrier,
    /// `__syncwarp(mask)`: the same among the lanes of the mask, or all.
    WarpBarrier {
        mask: Option<ExprId>,
    },
    /// The same among the threads of a tile: those whose rank in the block, divided by `threads` (a `u32`), is the caller's. For tiles of several
    /// warps (CUDA guide, "Thread Block Tile").
    TileBarrier {
        threads: ExprId,
    },
    /// `__threadfence()` and its kind: orders memory, waits for nobody.
    Fence(Scope),
    /// Read, modify and write as one step, relaxed. `result` is the old value. `compare` is for `CompareExchange` alone.
    Atomic {
        result: Option<LetId>,
        op: AtomicOp,
        pointer: ExprId,
        value: ExprId,
        compare: Option<ExprId>,
        scope: Scope,
    },
    /// `__syncthreads_or/_and/_count`: a barrier, and the answer of all live threads; `value` is `bool`, the result `i32`.
    BlockVote {
        result: LetId,
        op: BlockVote,
        value: ExprId,
    },
    /// A barrier, and the value that an arbitrary live thread has. Made by passes where the values are known to be equal.
    BlockBroadcast {
        result: LetId,
        value: ExprId,
    },
    /// 32-lane warp operations, with the mask of the lanes that take part.
    Warp {
        result: LetId,
        op: WarpOp,
        mask: Option<ExprId>,
        args: Vec<ExprId>,
    },

    /// `clock()` (`i32`) and `clock64()` (`i64`): a counter of the thread, which starts at 0 and rises by [`TICK`] with each reading before it is
    /// read. CUDA's is one for each multiprocessor and rises with each cycle.
    Clock {
        result: LetId,
        scalar: Scalar,
    },
    /// `__trap()`, a failed `assert`: the launch ends with an error.
    Trap,
    Assert {
        condition: ExprId,
        assertion: Box<Assertion>,
    },
    /// `printf`; the format is C's. What a `%s` takes is a pointer.
    Printf {
        format: String,
        args: Vec<ExprId>,
    },
}

impl StmtKind {
    /// The blocks nested directly in this statement, in source order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        let (plain, cases): ([Option<&Block>; 2], &[Case]) = match self {
            StmtKind::Scope(block) => ([Some(block), None], &[]),
            StmtKind::If { accept, reject, .. } => ([Some(accept), Some(reject)], &[]),
            StmtKind::Loop { body, update, .. } => ([Some(body), Some(update)], &[]),
            StmtKind::Switch { cases, .. } => ([None, None], cases),
            _ => ([None, None], &[]),
        };
        plain.into_iter().flatten().chain(cases.iter().map(|case| &case.body))
    }

    pub fn blocks_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        let (plain, cases): ([Option<&mut Block>; 2], &mut [Case]) = match self {
            StmtKind::Scope(block) => ([Some(block), None], &mut []),
            StmtKind::If { accept, reject, .. } => ([Some(accept), Some(reject)], &mut []),
            StmtKind::Loop { body, update, .. } => ([Some(body), Some(update)], &mut []),
            StmtKind::Switch { cases, .. } => ([None, None], cases),
            _ => ([None, None], &mut []),
        };
        plain.into_iter().flatten().chain(cases.iter_mut().map(|case| &mut case.body))
    }

    /// The value that this statement binds.
    pub fn result(&self) -> Option<LetId> {
        match self {
            StmtKind::Let { result, .. }
            | StmtKind::BlockVote { result, .. }
            | StmtKind::BlockBroadcast { result, .. }
            | StmtKind::Clock { result, .. }
            | StmtKind::Warp { result, .. } => Some(*result),
            StmtKind::Call { result, .. } | StmtKind::Atomic { result, .. } => *result,
            _ => None,
        }
    }
}

impl Block {
    /// Calls `visit` with every statement of this block and of the blocks nested in it, outer before inner.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Stmt)) {
        for stmt in &self.stmts {
            visit(stmt);
            // Most have none, and to see that at once is much of what a walk costs.
            match &stmt.kind {
                StmtKind::Scope(block) => block.walk(visit),
                StmtKind::If { accept, reject, .. } => [accept, reject].into_iter().for_each(|block| block.walk(visit)),
                StmtKind::Loop { body, update, .. } => [body, update].into_iter().for_each(|block| block.walk(visit)),
                StmtKind::Switch { cases, .. } => cases.iter().for_each(|case| case.body.walk(visit)),
                _ => {}
            }
        }
    }

    pub fn walk_mut(&mut self, visit: &mut impl FnMut(&mut Stmt)) {
        for stmt in &mut self.stmts {
            visit(stmt);
            match &mut stmt.kind {
                StmtKind::Scope(block) => block.walk_mut(visit),
                StmtKind::If { accept, reject, .. } => [accept, reject].into_iter().for_each(|block| block.walk_mut(visit)),
                StmtKind::Loop { body, update, .. } => [body, update].into_iter().for_each(|block| block.walk_mut(visit)),
                StmtKind::Switch { cases, .. } => cases.iter_mut().for_each(|case| case.body.walk_mut(visit)),
                _ => {}
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoopForm {
    For,
    While,
    DoWhile,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Several labels may share a body: `case 1: case 2:`.
    pub values: Vec<u64>,
    pub is_default: bool,
    pub body: Block,
    /// Control that reaches the end of the body goes on in the next case.
    pub falls_through: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    Block,
    Device,
    System,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AtomicOp {
    Add,
    Sub,
    Min,
    Max,
    And,
    Or,
    Xor,
    Exchange,
    CompareExchange,
    /// `old >= value ? 0 : old + 1`
    Inc,
    /// `old == 0 || old > value ? value : old - 1`
    Dec,
    /// Reads; `value` is ignored and the same as the loaded type.
    Load,
    Store,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockVote {
    Any,
    All,
    Count,
}

/// CUDA guide, "Warp Vote/Match/Reduce/Shuffle Functions". Shuffles take value, lane (or delta, or xor mask) and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WarpOp {
    Any,
    All,
    Ballot,
    ActiveMask,
    MatchAny,
    MatchAll,
    Shuffle,
    ShuffleUp,
    ShuffleDown,
    ShuffleXor,
    ReduceAdd,
    ReduceMin,
    ReduceMax,
    ReduceAnd,
    ReduceOr,
    ReduceXor,
}
