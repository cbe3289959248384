// Tiles of eight lanes reduce, scan and vote, each on its own.
//# launch = { kernel = "tiles", grid = 1, block = 64 }
//# args   = [{ data = "expr i32 64 (i * 7) % 13" }, { sum = "zeros i32 64" }, { most = "zeros i32 8" }, { odd = "zeros u32 8" }]
//# expect.sum  = "sum(k, i / 8 * 8, i / 8 * 8 + 8, data[k])"
//# expect.most = "most(k, 8 * i, 8 * i + 8, data[k])"
//# expect.odd  = "sum(k, 0, 8, (data[8 * i + k] % 2) << k)"
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

namespace cg = cooperative_groups;

__global__ void tiles(const int* data, int* sum, int* most, unsigned* odd)
{
    cg::thread_block block = cg::this_thread_block();
    cg::thread_block_tile<8> tile = cg::tiled_partition<8>(block);

    int value = data[block.thread_rank()];
    sum[block.thread_rank()] = cg::reduce(tile, value, cg::plus<int>());
    int largest = cg::reduce(tile, value, cg::greater<int>());
    unsigned votes = tile.ballot(value % 2);
    if (tile.thread_rank() == 0) {
        most[tile.meta_group_rank()] = largest;
        odd[tile.meta_group_rank()] = votes;
    }
}
