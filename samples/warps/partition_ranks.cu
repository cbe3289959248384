// Groups of threads that say the same, numbered: by their first lanes where labels part them, no before yes where a condition does.
//# launch = { kernel = "partition", grid = 1, block = 64 }
//# args   = [{ ranks = "zeros i32 64" }, { sizes = "zeros i32 64" }, { sides = "zeros i32 64" }, { count = "zeros i32 64" }, { flags = "zeros i32 64" }]
//# expect = { ranks = "i % 32 % 5 == 0 ? 0 : i % 32 % 5 == 1 || i % 32 % 5 == 4 ? 1 : 2", sizes = "3", sides = "i >= 32 && i < 48", count = "i < 32 ? 1 : 2", flags = "i >= 32 && i < 48" }

#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__global__ void partition(int* ranks, int* sizes, int* sides, int* count, int* flags)
{
    auto warp = cg::tiled_partition<32>(cg::this_thread_block());
    int i = threadIdx.x;
    int lane = warp.thread_rank();

    cg::coalesced_group squares = cg::labeled_partition(warp, lane * lane % 5);
    ranks[i] = squares.meta_group_rank();
    sizes[i] = squares.meta_group_size();

    // All lanes of the first warp say yes: they are one group.
    cg::coalesced_group side = cg::binary_partition(warp, i < 48);
    sides[i] = side.meta_group_rank();
    count[i] = side.meta_group_size();
    flags[i] = cg::labeled_partition(warp, i < 48).meta_group_rank();
}
