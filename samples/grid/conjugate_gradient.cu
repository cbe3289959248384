// Conjugate gradients in one launch: matrix-vector products and dot products of the whole grid, with a barrier of the grid behind each, until the
// residual is small. The matrix has 4 on its diagonal and -1 beside it; the right side is chosen so that the solution is 1 everywhere.
//# launch = { kernel = "solve", grid = 12, block = 64 }
//# args   = [{ n = 700 }, { b = "expr f32 700 i == 0 || i == 699 ? 3 : 2" }, { x = "zeros f32 700" }, { r = "zeros f32 700" }, { p = "zeros f32 700" }, { q = "zeros f32 700" }, { partial = "zeros f32 12" }, { steps = "zeros i32 1" }]
//# expect = { x = { value = "1", abs = 1e-4 }, r = "anything", p = "anything", q = "anything", partial = "anything", steps = "anything" }
#include <cooperative_groups.h>
namespace cg = cooperative_groups;

#define BLOCK 64

// The dot product of two vectors, the same for all threads of the grid.
__device__ float dot(const float* a, const float* b, int n, float* partial, const cg::grid_group& grid)
{
    __shared__ float tile[BLOCK];
    int i = blockIdx.x * BLOCK + threadIdx.x;
    tile[threadIdx.x] = i < n ? a[i] * b[i] : 0.0f;
    __syncthreads();
    for (int stride = BLOCK / 2; stride > 0; stride /= 2) {
        if (threadIdx.x < stride)
            tile[threadIdx.x] += tile[threadIdx.x + stride];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        partial[blockIdx.x] = tile[0];
    grid.sync();
    if (threadIdx.x == 0) {
        float sum = 0.0f;
        for (int block = 0; block < gridDim.x; block++)
            sum += partial[block];
        tile[0] = sum;
    }
    __syncthreads();
    float sum = tile[0];
    grid.sync();
    return sum;
}

__device__ float product(const float* v, int i, int n)
{
    float left = i > 0 ? v[i - 1] : 0.0f;
    float right = i + 1 < n ? v[i + 1] : 0.0f;
    return 4.0f * v[i] - left - right;
}

__global__ void solve(int n, const float* b, float* x, float* r, float* p, float* q, float* partial, int* steps)
{
    cg::grid_group grid = cg::this_grid();
    int i = blockIdx.x * BLOCK + threadIdx.x;
    if (i < n) {
        r[i] = b[i] - product(x, i, n);
        p[i] = r[i];
    }
    float rr = dot(r, r, n, partial, grid);
    int step = 0;
    while (rr > 1e-8f && step < 100) {
        if (i < n)
            q[i] = product(p, i, n);
        float alpha = rr / dot(p, q, n, partial, grid);
        if (i < n) {
            x[i] += alpha * p[i];
            r[i] -= alpha * q[i];
        }
        float before = rr;
        rr = dot(r, r, n, partial, grid);
        if (i < n)
            p[i] = r[i] + rr / before * p[i];
        step++;
        grid.sync();
    }
    if (i == 0)
        *steps = step;
}
