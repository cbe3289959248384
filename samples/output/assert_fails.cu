// An assert that fails ends the launch with an error, whatever the other threads do: those at the barrier do not wait for the ones that failed.
//# launch = { kernel = "halve", grid = 2, block = 64 }
//# args   = [{ n = 100 }, { data = "expr i32 100 i == 77 ? 7 : 2 * i" }]
//# expect = { data = "anything" }
//# fails  = "E0633"
#include <cassert>

__device__ int half_of(int value)
{
    assert(value % 2 == 0);
    return value / 2;
}

__global__ void halve(int n, int* data)
{
    __shared__ int tile[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        tile[threadIdx.x] = half_of(data[i]);
    __syncthreads();
    if (i < n)
        data[i] = tile[63 - threadIdx.x];
}
