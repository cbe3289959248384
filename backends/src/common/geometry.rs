//! What of the launch geometry functions look at.

use ir::{Axis, Expr, Function, Geometry, Module};

/// What a function of a program looks at, in no order. Its arena holds nothing that it does not use.
pub fn each_geometry(function: &Function, visit: &mut impl FnMut(Geometry)) {
    for (_, data) in function.exprs.iter() {
        if let Expr::Geometry(geometry) = data.expr {
            visit(geometry);
        }
    }
}

/// May the launch of the program be taken to have one dimension? Not if the block is known to have more.
pub fn is_linear(module: &Module, block: Option<[u32; 3]>) -> bool {
    block.is_none_or(|block| block[1..] == [1, 1]) && looks_only_at_x(module)
}

/// No function looks at y or z. For a launch of one dimension the rank of a thread is its `threadIdx.x` then, and the rank of a
/// block its `blockIdx.x`: neither takes a division.
fn looks_only_at_x(module: &Module) -> bool {
    let mut only_x = true;
    for (_, function) in module.functions.iter() {
        each_geometry(function, &mut |geometry| {
            only_x &= match geometry {
                Geometry::ThreadIdx(axis) | Geometry::BlockIdx(axis) | Geometry::BlockDim(axis) | Geometry::GridDim(axis) => {
                    axis == Axis::X
                }
                Geometry::ThreadRank
                | Geometry::BlockRank
                | Geometry::Lane
                | Geometry::Warp
                | Geometry::ThreadCount
                | Geometry::ArrivalsCount => true,
            };
        });
    }
    only_x
}
