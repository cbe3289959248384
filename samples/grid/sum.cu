// One launch sums up an array: each block its part, then, behind a barrier of the whole grid, the first block what all have left.
// The value of `mine` and the shared memory of each block live on behind the barrier.
//# launch = { kernel = "sum", grid = 70, block = 32 }
//# args   = [{ data = "iota i32 2200" }, { partial = "zeros i32 70" }, { out = "fill -1 i32 2240" }, { n = 2200 }]
//# expect = { partial = "sum(k, 32 * i, min(32 * i + 32, 2200), k)", out = "2200 * 2199 / 2 + (i < 2200 ? i : 0) + i / 32" }
#include <cooperative_groups.h>
namespace cg = cooperative_groups;

__global__ void sum(const int* data, int* partial, int* out, int n)
{
    __shared__ int tile[32];
    __shared__ int number;
    cg::grid_group grid = cg::this_grid();
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int mine = i < n ? data[i] : 0;
    tile[threadIdx.x] = mine;
    if (threadIdx.x == 0)
        number = blockIdx.x;
    __syncthreads();
    for (int stride = 16; stride > 0; stride /= 2) {
        if (threadIdx.x < stride)
            tile[threadIdx.x] += tile[threadIdx.x + stride];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        partial[blockIdx.x] = tile[0];
    grid.sync();

    int total = 0;
    for (int block = 0; block < gridDim.x; block++)
        total += partial[block];
    out[i] = total + mine + number;
}
