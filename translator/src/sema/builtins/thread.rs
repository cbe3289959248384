//! Synchronisation of a block and order of memory.

use super::{Builtin, Operation, row};
use ir::{BlockVote, Geometry, Scope};

const SYNC: &str = "Synchronization Functions";
const FENCE: &str = "Memory Fence Functions";

pub(super) const TABLE: &[Builtin] = &[
    row("__syncthreads", Operation::Barrier, SYNC),
    row("__block_arrive", Operation::Arrive, "Asynchronous Barrier"),
    row("__arrivals_count", Operation::Geometry(Geometry::ArrivalsCount), "Asynchronous Barrier"),
    row("__turn", Operation::Yield, "Asynchronous Barrier"),
    row("__tile_sync", Operation::TileBarrier, "Cooperative Groups, Thread Block Tile"),
    row("__grid_sync", Operation::GridBarrier, "Grid Synchronization"),
    row("__thread_rank", Operation::Geometry(Geometry::ThreadRank), "Thread Hierarchy"),
    row("__thread_count", Operation::Geometry(Geometry::ThreadCount), "Thread Hierarchy"),
    row("__syncthreads_count", Operation::BlockVote(BlockVote::Count), SYNC),
    row("__syncthreads_and", Operation::BlockVote(BlockVote::All), SYNC),
    row("__syncthreads_or", Operation::BlockVote(BlockVote::Any), SYNC),
    row("__threadfence_block", Operation::Fence(Scope::Block), FENCE),
    row("__threadfence", Operation::Fence(Scope::Device), FENCE),
    row("__threadfence_system", Operation::Fence(Scope::System), FENCE),
    row("__trap", Operation::Trap, "Trap function"),
    row("__nanosleep", Operation::Nothing, "Nanosleep Function"),
    row("__builtin_assume", Operation::Nothing, "Compiler Optimization Hint Functions"),
    row("__builtin_expect", Operation::First, "Compiler Optimization Hint Functions"),
    row("__builtin_unreachable", Operation::Nothing, "Compiler Optimization Hint Functions"),
    row("clock", Operation::Clock, "Time Function"),
    row("clock64", Operation::Clock, "Time Function"),
];
