//! Operations of the 32 lanes of a warp.

use super::{Builtin, Operation, row};
use ir::WarpOp;

const SHUFFLE: &str = "Warp Shuffle Functions";
const VOTE: &str = "Warp Vote Functions";
const MATCH: &str = "Warp Match Functions";
const REDUCE: &str = "Warp Reduce Functions";

pub(super) const TABLE: &[Builtin] = &[
    row("__syncwarp", Operation::WarpBarrier, "Synchronization Functions"),
    row("__shfl_sync", Operation::Shuffle(WarpOp::Shuffle), SHUFFLE),
    row("__shfl_up_sync", Operation::Shuffle(WarpOp::ShuffleUp), SHUFFLE),
    row("__shfl_down_sync", Operation::Shuffle(WarpOp::ShuffleDown), SHUFFLE),
    row("__shfl_xor_sync", Operation::Shuffle(WarpOp::ShuffleXor), SHUFFLE),
    row("__all_sync", Operation::Vote(WarpOp::All), VOTE),
    row("__any_sync", Operation::Vote(WarpOp::Any), VOTE),
    row("__ballot_sync", Operation::Vote(WarpOp::Ballot), VOTE),
    row("__activemask", Operation::ActiveMask, VOTE),
    row("__match_any_sync", Operation::Match(WarpOp::MatchAny), MATCH),
    row("__reduce_add_sync", Operation::Reduce(WarpOp::ReduceAdd), REDUCE),
    row("__reduce_min_sync", Operation::Reduce(WarpOp::ReduceMin), REDUCE),
    row("__reduce_max_sync", Operation::Reduce(WarpOp::ReduceMax), REDUCE),
    row("__reduce_and_sync", Operation::Reduce(WarpOp::ReduceAnd), REDUCE),
    row("__reduce_or_sync", Operation::Reduce(WarpOp::ReduceOr), REDUCE),
    row("__reduce_xor_sync", Operation::Reduce(WarpOp::ReduceXor), REDUCE),
];
