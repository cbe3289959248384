// Cooperative groups of lanes: scans, a partition by a predicate, the lanes that came along, and one thread that acts for all.
//# launch = { kernel = "groups", grid = 1, block = 64 }
//# args   = [{ data = "expr i32 64 (i * 5) % 17" }, { scan = "zeros i32 64" }, { before = "zeros i32 64" }, { same = "zeros i32 64" }, { counts = "zeros i32 4" }, { pairs = "zeros f32 64" }]
//# expect.scan   = "sum(k, i / 16 * 16, i + 1, data[k])"
//# expect.before = "sum(k, i / 32 * 32, i, data[k] % 2 == data[i] % 2 ? data[k] : 0)"
//# expect.same   = "sum(k, i / 32 * 32, i / 32 * 32 + 32, data[k] % 2 == data[i] % 2 ? data[k] : 0)"
//# expect.counts = "count(k, 0, 64, data[k] % 4 == i)"
//# expect.pairs  = "data[i ^ 1] * 0.5"
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cooperative_groups/scan.h>

namespace cg = cooperative_groups;

struct Pair {
    int id;
    float half;
};

__global__ void groups(const int* data, int* scan, int* before, int* same, int* counts, float* pairs)
{
    cg::thread_block block = cg::this_thread_block();
    auto warp = cg::tiled_partition<32>(block);
    auto half = cg::tiled_partition<16>(warp);
    int i = block.thread_rank();
    int value = data[i];

    scan[i] = cg::inclusive_scan(half, value);

    cg::coalesced_group alike = cg::binary_partition(warp, value % 2 == 1);
    before[i] = cg::exclusive_scan(alike, value, cg::plus<int>());
    same[i] = cg::reduce(alike, value, cg::plus<int>());

    for (int rest = 0; rest < 4; rest++)
        if (value % 4 == rest) {
            cg::coalesced_group here = cg::coalesced_threads();
            cg::invoke_one(here, [=] { atomicAdd(&counts[rest], (int)here.size()); });
        }

    Pair mine = { i, value * 0.5f };
    Pair other = warp.shfl_xor(mine, 1);
    pairs[i] = other.id == (i ^ 1) ? other.half : -1.0f;
}
