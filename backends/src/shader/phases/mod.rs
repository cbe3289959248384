//! Cuts a kernel at the barriers of its grid, because no shader can wait for other workgroups: one dispatch runs from one barrier to the next.
//!
//! ```text
//! a[i] = f(i)                  switch gridPhase.phase {
//! grid_barrier                   case 0 { a[i] = f(i); gridThreads[t].x = x; gridNext = 1 }
//! for k in 0..n {                case 1 { x = gridThreads[t].x; if k < n { b[i] = a[j]; gridNext = 2 } else { ...; gridNext = END } }
//!   b[i] = a[j]                  case 2 { ...; k += 1; if k < n { b[i] = a[j]; gridNext = 2 } else { ... } }
//!   grid_barrier               }
//! }
//! ```
//!
//! * [`flatten`] makes nodes of what stands between barriers. CUDA demands that all threads of the grid reach a barrier ("Grid Synchronization"), so the
//!   conditions of loops and branches around one are the same for all; an `if` is also cut by saving its condition.
//! * Threads that have returned stay with their block and do nothing: behind a return, statements ask whether the thread is `done`, and which way to go
//!   is decided by a vote of those that are not.
//! * A phase is a tree of nodes from one barrier to the next ones. It ends by saying which phase is next: the first thread of the grid writes it.
//!   The host dispatches phase after phase until it is [`END`](crate::launch_plan::END_OF_PHASES).
//! * What a later phase uses is kept in buffers: variables of the thread in `gridThreads`, shared memory in `gridBlocks` and `gridDynamic`. Values made of arguments and
//!   indices are computed again instead.
//!
//! * [`publish`] makes such barriers of memory fences, for targets that have none.
//!
//! *Needs*: at most one dynamic shared variable; all barriers of the grid in the kernel itself. *Leaves*: no `GridBarrier`; a kernel that is one `switch`.

mod flatten;
mod keep;
mod publish;
mod write;

pub(super) use flatten::{CutAt, Graph, Next, Node, NodeId, run as flatten};
pub(super) use keep::split_variables;

use super::Refusal;
use super::bind::Interface;
use super::rewrite::{Builder, block_has};
use ir::{FuncId, Module, StmtKind};

/// More nodes than this in one phase: branches around barriers have multiplied.
const MOST_NODES: usize = 2000;

/// `cut_at_fences`: the target has no fences, so those that can become barriers of the grid.
pub(super) fn run(module: &mut Module, kernel: FuncId, interface: &mut Interface, cut_at_fences: bool) -> Result<(), Refusal> {
    if cut_at_fences && publish::can(module, &module.functions[kernel]) {
        let (before, bindings) = (module.clone(), interface.bindings.len());
        publish::replace(&mut module.functions[kernel].body);
        if cut(module, kernel, interface).is_ok() {
            return Ok(());
        }
        // The emitter says what it thinks of fences.
        *module = before;
        interface.bindings.truncate(bindings);
    }
    if block_has(&module.functions[kernel].body, &mut |stmt| stmt.kind == StmtKind::GridBarrier) {
        cut(module, kernel, interface)?;
    }
    Ok(())
}

fn cut(module: &mut Module, kernel: FuncId, interface: &mut Interface) -> Result<(), Refusal> {
    let span = module.functions[kernel].span;
    let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let body = std::mem::take(&mut builder.function.body);
    let mut graph = flatten(&mut builder, body.stmts, CutAt::GridBarrier, span)?;
    keep::split_variables(&mut builder, &mut graph);
    interface.phases = write::run(module, kernel, interface, graph)?;
    Ok(())
}
