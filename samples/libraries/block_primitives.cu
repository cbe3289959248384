// CUB's primitives for a block: a sum, an exclusive scan, and a sort of four keys a thread with their values.
//# launch = { kernel = "primitives", grid = 2, block = 64 }
//# args   = [{ keys = "expr f32 512 i % 256 * 79 % 256 - 100.5" }, { order = "zeros i32 512" }, { before = "zeros i32 128" }, { sums = "zeros i32 2" }]
//# expect = { keys = "i % 256 - 100.5", order = "i / 256 * 256 + i % 256 * 175 % 256", before = "i % 64 * (i % 64 - 1) / 2", sums = "2016" }
#include <cub/cub.cuh>

__global__ void primitives(float* keys, int* order, int* before, int* sums)
{
    typedef cub::BlockReduce<int, 64> Reduce;
    typedef cub::BlockScan<int, 64> Scan;
    typedef cub::BlockRadixSort<float, 64, 4, int> Sort;
    __shared__ typename Reduce::TempStorage forReduce;
    __shared__ typename Scan::TempStorage forScan;
    __shared__ typename Sort::TempStorage forSort;

    int thread = threadIdx.x;
    int sum = Reduce(forReduce).Sum(thread);
    if (thread == 0) sums[blockIdx.x] = sum;

    int partial;
    Scan(forScan).ExclusiveSum(thread, partial);
    before[blockIdx.x * 64 + thread] = partial;

    float key[4];
    int value[4];
    for (int i = 0; i < 4; i++) {
        value[i] = blockIdx.x * 256 + 4 * thread + i;
        key[i] = keys[value[i]];
    }
    Sort(forSort).Sort(key, value);
    for (int i = 0; i < 4; i++) {
        keys[blockIdx.x * 256 + 4 * thread + i] = key[i];
        order[blockIdx.x * 256 + 4 * thread + i] = value[i];
    }
}
