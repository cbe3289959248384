// Tiles of several warps: sums, scans and votes of 64 and of 128 threads, an exchange in shared memory between the tile's own barriers, and tiles that
// take different ways.
//# launch = { kernel = "large_tiles", grid = 2, block = 256 }
//# args   = [{ data = "expr i32 512 (i * 7) % 23 - 11" }, { total = "zeros i32 512" }, { before = "zeros i32 512" }, { upto = "zeros i32 512" }, { votes = "zeros i32 512" }, { turned = "zeros i32 512" }, { sent = "zeros i32 512" }]
//# expect.total  = "sum(k, i / 128 * 128, i / 128 * 128 + 128, data[k])"
//# expect.before = "sum(k, i / 64 * 64, i, data[k])"
//# expect.upto   = "most(k, i / 128 * 128, i + 1, data[k])"
//# expect.votes  = "count(k, i / 64 * 64, i / 64 * 64 + 64, data[k] > 10) > 0 ? 1 + 2 * (count(k, i / 64 * 64, i / 64 * 64 + 64, data[k] > -11) == 64 ? 1 : 0) : 0"
//# expect.turned = "i / 64 % 2 == 0 ? data[i / 64 * 64 + 63 - i % 64] : -data[i]"
//# expect.sent   = "data[i / 64 * 64 + 45] * 10 + i / 64 % 4"
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>

namespace cg = cooperative_groups;

__global__ void large_tiles(const int* data, int* total, int* before, int* upto, int* votes, int* turned, int* sent)
{
    __shared__ cg::block_tile_memory<256> scratch;
    __shared__ int shared[256];
    cg::thread_block block = cg::this_thread_block(scratch);
    auto tile = cg::tiled_partition<64>(block);
    auto pair = cg::tiled_partition<128>(block);
    int rank = block.thread_rank();
    int i = blockIdx.x * blockDim.x + rank;
    int value = data[i];

    total[i] = cg::reduce(pair, value, cg::plus<int>());
    before[i] = cg::exclusive_scan(tile, value);
    upto[i] = cg::inclusive_scan(pair, value, cg::greater<int>());
    votes[i] = tile.any(value > 10) ? 1 + 2 * tile.all(value > -11) : 0;

    // Every other tile turns its values round, with barriers that the others do not come to.
    if (tile.meta_group_rank() % 2 == 0) {
        shared[rank] = value;
        tile.sync();
        turned[i] = shared[tile.meta_group_rank() * tile.size() + tile.size() - 1 - tile.thread_rank()];
    } else {
        turned[i] = -value;
    }

    sent[i] = tile.shfl(value, 45) * 10 + (int)tile.meta_group_rank();
}
