//! Arrivals at barrier objects become barriers of the block, where all threads arrive at one object together.
//!
//! ```text
//! let token = bar.arrive()      barrier
//! work()                  =>    work()
//! bar.wait(token)
//! ```
//!
//! `cuda::barrier` counts arrivals, and a wait ends when the phase of its token is complete. Let every arrival of a kernel stand in flow that is the same
//! for all threads, at an object that is the same for all, whose count divides the number of threads (the shipped header checks the count).
//! Then one round of arrivals completes whole phases, and to let nobody on before all have arrived is one of the schedules that CUDA
//! allows: no thread needs another to be beyond an arrival in order to come to it. Behind the barrier each token's phase is complete,
//! so waits are nothing, and may stand where only some threads come by. Threads that have returned have dropped out or never arrive.
//!
//! In other flow an arrival may complete a phase that other threads wait for elsewhere. Then the kernel is made legal once more with arrivals that are
//! counted ([`choose`]), and its threads take [`turns`](super::super::turns).
//!
//! The objects themselves are left without a reader, and so their initialisation goes too.
//!
//! *Needs*: legal addresses; functions with arrivals inlined. *Leaves*: `Barrier`s, which the repair of barriers sees. Asked for by both targets.

use super::super::prune;
use super::super::refusal::Refusal;
use super::super::uniformity::{Returns, Uniformity, pure_functions};
use crate::common::effects::{Root, root};
use ir::{Block, Expr, FuncId, Function, Geometry, GlobalId, Module, Scalar, Space, StmtKind};
use rustc_hash::FxHashSet;

/// What the arrivals of a kernel are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shader) enum Arrivals {
    Barriers,
    Counted,
}

/// Settles it for the whole module: nothing is counted that need not be.
pub(in crate::shader) fn choose(module: &mut Module, arrivals: Arrivals) {
    let bits = u64::from(arrivals == Arrivals::Counted);
    for (_, function) in module.functions.iter_mut() {
        for (_, data) in function.exprs.iter_mut() {
            if data.expr == Expr::Geometry(Geometry::ArrivalsCount) {
                data.expr = Expr::Const { scalar: Scalar::U32, bits };
            }
        }
    }
}

pub(in crate::shader) fn run(
    module: &mut Module,
    kernel: FuncId,
    read_only: impl FnOnce(&Module) -> FxHashSet<GlobalId>,
) -> Result<(), Refusal> {
    let mut arrives = false;
    module.functions[kernel].body.walk(&mut |stmt| arrives |= matches!(stmt.kind, StmtKind::Arrive { .. }));
    if !arrives {
        return Ok(());
    }
    let (read_only, pure) = (read_only(module), pure_functions(module));
    let flow = Uniformity::of(&module.functions[kernel], &module.tables, &read_only, &pure, Returns::Ignored);
    if let Some(span) = flow.divergent_arrival {
        return Err(Refusal::LoneArrival { span });
    }
    make_barriers(&mut module.functions[kernel].body);
    let unread = unread_shared(module);
    let function = &mut module.functions[kernel];
    let mut body = std::mem::take(&mut function.body);
    remove_stores(function, &unread, &mut body);
    function.body = body;
    prune::run(module);
    Ok(())
}

/// Shared variables that are only ever stored to.
fn unread_shared(module: &Module) -> FxHashSet<GlobalId> {
    let globals = module.tables.globals.iter();
    let mut unread: FxHashSet<_> = globals.filter(|(_, global)| global.space == Space::Shared).map(|(id, _)| id).collect();
    for (_, function) in module.functions.iter() {
        let mut read = |pointer| {
            if let Some(Root::Global(global)) = root(function, pointer) {
                unread.remove(&global);
            }
        };
        function.evaluated().for_each(|(_, expr)| {
            if let Expr::Load { pointer, .. } = expr {
                read(*pointer);
            }
        });
        function.body.walk(&mut |stmt| {
            if !matches!(stmt.kind, StmtKind::Store { .. }) {
                stmt.kind.operands(&mut read);
            }
        });
    }
    unread
}

fn remove_stores(function: &Function, unread: &FxHashSet<GlobalId>, block: &mut Block) {
    block.stmts.retain(|stmt| match stmt.kind {
        StmtKind::Store { pointer, .. } => {
            !matches!(root(function, pointer), Some(Root::Global(global)) if unread.contains(&global))
        }
        _ => true,
    });
    block.stmts.iter_mut().flat_map(|stmt| stmt.kind.blocks_mut()).for_each(|block| remove_stores(function, unread, block));
}

fn make_barriers(block: &mut Block) {
    for stmt in &mut block.stmts {
        if matches!(stmt.kind, StmtKind::Arrive { .. }) {
            stmt.kind = StmtKind::Barrier;
        }
        stmt.kind.blocks_mut().for_each(make_barriers);
    }
}
