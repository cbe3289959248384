// Asserts that hold, in a kernel with barriers and in a function it calls: they cost a test and change nothing.
//# launch = { kernel = "shift", grid = 4, block = 64 }
//# args   = [{ n = 250 }, { data = "iota i32 250" }]
//# expect = { data = "i % 64 == 63 || i == 249 ? data[i] : data[i + 1]", past_end = "untouched" }
#include <cassert>

__device__ int checked(const int* tile, int i, int count)
{
    assert(i >= 0 && i < count);
    return tile[i];
}

__global__ void shift(int n, int* data)
{
    __shared__ int tile[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int count = min((int)blockDim.x, n - (int)(blockIdx.x * blockDim.x));
    assert(blockDim.x == 64);
    if (i < n)
        tile[threadIdx.x] = data[i];
    __syncthreads();
    if (i < n && threadIdx.x + 1 < count)
        data[i] = checked(tile, threadIdx.x + 1, count);
}
