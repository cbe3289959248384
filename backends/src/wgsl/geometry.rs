//! Which launch geometry each function needs, with its callees, and whether x alone is enough.

use crate::common::calls::Calls;
use crate::common::geometry::{each_geometry, is_linear};
use ir::{FuncId, Function, Geometry, Module, StmtKind};
use rustc_hash::FxHashMap;

/// Threads of a block, where it is not known to have one dimension.
pub const THREADS: &str = "blockDimX * blockDimY * blockDimZ";

/// What a function must know. In a kernel these are computed, in other functions they are parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The rank of the thread in its block: `thread`.
    pub thread: bool,
    /// `threadIdx`, as a vector.
    pub thread_idx: bool,
    /// The rank of the block in its grid: `block`.
    pub block: bool,
    /// `blockIdx`, as a vector.
    pub block_idx: bool,
}

impl Needs {
    fn add(&mut self, other: Needs) -> bool {
        let before = *self;
        self.thread |= other.thread;
        self.thread_idx |= other.thread_idx;
        self.block |= other.block;
        self.block_idx |= other.block_idx;
        *self != before
    }
}

#[derive(Debug)]
pub struct GeometryUse {
    pub needs: FxHashMap<FuncId, Needs>,
    /// No function looks at y or z.
    pub linear: bool,
}

/// Looks at all functions of the module.
pub fn analyse(module: &Module, calls: &Calls, full: bool, block: Option<[u32; 3]>) -> GeometryUse {
    let linear = !full && is_linear(module, block);
    let mut needs: FxHashMap<FuncId, Needs> =
        module.functions.iter().map(|(id, function)| (id, own_needs(function, linear))).collect();
    let calls: Vec<(FuncId, FuncId)> =
        module.functions.handles().flat_map(|id| calls.of_function(id).iter().map(move |callee| (id, *callee))).collect();
    while calls.iter().any(|(caller, callee)| {
        let callee = needs[callee];
        needs.get_mut(caller).is_some_and(|needs| needs.add(callee))
    }) {}
    GeometryUse { needs, linear }
}

fn own_needs(function: &Function, linear: bool) -> Needs {
    let mut needs = Needs::default();
    each_geometry(function, &mut |geometry| match geometry {
        Geometry::ThreadIdx(_) if !linear => needs.thread_idx = true,
        Geometry::BlockIdx(_) if !linear => needs.block_idx = true,
        Geometry::ThreadIdx(_) | Geometry::ThreadRank | Geometry::Lane | Geometry::Warp => needs.thread = true,
        Geometry::BlockIdx(_) | Geometry::BlockRank => needs.block = true,
        Geometry::BlockDim(_) | Geometry::GridDim(_) | Geometry::ThreadCount | Geometry::ArrivalsCount => {}
    });
    function.body.walk(&mut |stmt| {
        needs.thread |= matches!(stmt.kind, StmtKind::BlockVote { .. } | StmtKind::BlockBroadcast { .. });
    });
    needs
}
