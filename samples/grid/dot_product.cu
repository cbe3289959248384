// A dot product as a function with barriers of the grid and dynamic shared memory, called twice: the tile of each block lives on between the phases.
//# launch = { kernel = "norms", grid = 6, block = 32, shared = 128 }
//# args   = [{ n = 190 }, { x = "expr f32 190 i % 5" }, { y = "expr f32 190 i % 3 + 1" }, { partial = "zeros f32 6" }, { result = "zeros f32 3" }]
//# expect = { partial = "-sum(k, 32 * i, min(32 * i + 32, 190), (k % 5) * (k % 5))", result = [757, 1140, 1897] }
#include <cooperative_groups.h>
using namespace cooperative_groups;

__device__ float dot(const float* a, const float* b, int n, float* partial)
{
    extern __shared__ float tile[];
    grid_group grid = this_grid();
    float sum = 0.0f;
    for (int i = grid.thread_rank(); i < n; i += grid.size())
        sum += a[i] * b[i];
    tile[threadIdx.x] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (threadIdx.x < stride)
            tile[threadIdx.x] += tile[threadIdx.x + stride];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        partial[blockIdx.x] = tile[0];
    grid.sync();
    float all = 0.0f;
    for (int block = 0; block < gridDim.x; block++)
        all += partial[block];
    grid.sync();
    return all;
}

__global__ void norms(int n, const float* x, const float* y, float* partial, float* result)
{
    extern __shared__ float tile[];
    float xy = dot(x, y, n, partial);
    float xx = dot(x, x, n, partial);
    if (threadIdx.x == 0)
        partial[blockIdx.x] = -tile[0];
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        result[0] = xy;
        result[1] = xx;
        result[2] = xy + xx;
    }
}
