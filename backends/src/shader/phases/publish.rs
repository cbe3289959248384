//! Makes barriers of the grid of memory fences, for targets that have no fences.
//!
//! ```text
//! partial[block] = sum                       partial[block] = sum
//! fence.device                               grid_barrier
//! last = atomic.inc(count) == blocks - 1     last = atomic.inc(count) == blocks - 1
//! ```
//!
//! A fence waits for nobody. That all blocks come to it before one goes on is one of the orders in which CUDA may run them, and between two
//! dispatches everything becomes visible, which is more than the fence asks for. Two things must hold:
//! * each thread comes to it a fixed number of times, so no loop stands around it (an `if` may);
//! * no thread waits for another block before it: a loop whose end depends on memory that the kernel writes could run for ever.

use crate::shader::address::{Root, root_of};
use crate::shader::rewrite::{block_has, stmt_has};
use ir::{Block, Expr, ExprId, Function, GlobalId, LetId, LocalId, Module, Scope, Space, Stmt, StmtKind};
use rustc_hash::FxHashSet;

fn is_fence(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Fence(Scope::Device | Scope::System))
}

/// Does the kernel publish data by a fence that can become a barrier of the grid?
pub(super) fn can(module: &Module, function: &Function) -> bool {
    let body = &function.body;
    let mut loops: Vec<&Stmt> = Vec::new();
    body.walk(&mut |stmt| {
        if matches!(stmt.kind, StmtKind::Loop { .. }) {
            loops.push(stmt);
        }
    });
    let written = written(module, function);
    let in_the_way = |stmt: &&Stmt| stmt_has(stmt, &mut is_fence) || waits(module, function, stmt, &written);
    block_has(body, &mut is_fence) && !loops.iter().any(in_the_way)
}

pub(super) fn replace(body: &mut Block) {
    body.walk_mut(&mut |stmt| {
        if is_fence(stmt) {
            stmt.kind = StmtKind::GridBarrier;
        }
    });
}

/// Global memory that the kernel writes; `None`: it may be any.
fn written(module: &Module, function: &Function) -> Option<FxHashSet<GlobalId>> {
    let mut written = Some(FxHashSet::default());
    function.body.walk(&mut |stmt| match stmt.kind {
        StmtKind::Store { pointer, .. } | StmtKind::Atomic { pointer, .. } => match (root_of(function, pointer), &mut written) {
            (Some(Root::Global(global)), Some(found)) if module.tables.globals[global].space == Space::Global => {
                found.insert(global);
            }
            (Some(_), _) => {}
            (None, _) => written = None,
        },
        // What a function writes is not looked for.
        StmtKind::Call { .. } => written = None,
        _ => {}
    });
    written
}

/// May the loop end by what another block writes?
fn waits(module: &Module, function: &Function, stmt: &Stmt, written: &Option<FxHashSet<GlobalId>>) -> bool {
    let mut taint = Taint { module, function, written, lets: FxHashSet::default(), locals: FxHashSet::default() };
    loop {
        let before = taint.lets.len() + taint.locals.len();
        taint.spread(stmt);
        if taint.lets.len() + taint.locals.len() == before {
            return taint.ends(stmt);
        }
    }
}

/// Names whose values come from memory that other blocks may write.
struct Taint<'a> {
    module: &'a Module,
    function: &'a Function,
    written: &'a Option<FxHashSet<GlobalId>>,
    lets: FxHashSet<LetId>,
    locals: FxHashSet<LocalId>,
}

impl Taint<'_> {
    fn spread(&mut self, stmt: &Stmt) {
        match stmt.kind {
            StmtKind::Let { result, value } if self.has(value) => {
                self.lets.insert(result);
            }
            StmtKind::Atomic { result: Some(result), .. } | StmtKind::Call { result: Some(result), .. } => {
                self.lets.insert(result);
            }
            StmtKind::Declare { local, init: Some(value) } if self.has(value) => {
                self.locals.insert(local);
            }
            StmtKind::Store { pointer, value, .. } if self.has(value) => {
                if let Some(Root::Local(local)) = root_of(self.function, pointer) {
                    self.locals.insert(local);
                }
            }
            _ => {}
        }
        stmt.kind.blocks().for_each(|block| block.stmts.iter().for_each(|stmt| self.spread(stmt)));
    }

    fn has(&self, root: ExprId) -> bool {
        let mut found = false;
        self.function.walk_expr(root, &mut |id| {
            found |= match *self.function.expr(id) {
                Expr::Let(result) => self.lets.contains(&result),
                Expr::Load { pointer, volatile } => match root_of(self.function, pointer) {
                    Some(Root::Local(local)) => self.locals.contains(&local),
                    Some(Root::Global(global)) if self.module.tables.globals[global].space == Space::Global => {
                        volatile || self.written.as_ref().is_none_or(|written| written.contains(&global))
                    }
                    // Shared memory is the block's own; constants are nobody's.
                    Some(Root::Global(_)) => volatile,
                    Some(Root::Param(_)) | None => true,
                },
                _ => false,
            }
        });
        found
    }

    /// Does a way out of the loop depend on such a value?
    fn ends(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        let mut visit = |stmt: &Stmt| match &stmt.kind {
            StmtKind::Loop { condition, until, .. } => {
                found |= condition.iter().chain(until).any(|&condition| self.has(condition));
            }
            StmtKind::If { condition, .. } => {
                let leaves = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Break | StmtKind::Return(_));
                found |= stmt_has(stmt, &mut |stmt| leaves(stmt)) && self.has(*condition);
            }
            _ => {}
        };
        visit(stmt);
        stmt.kind.blocks().for_each(|block| block.walk(&mut visit));
        found
    }
}
