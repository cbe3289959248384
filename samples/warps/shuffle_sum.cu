// The sum of a block with shuffles: each warp adds its values without shared memory, the first warp adds the sums of all warps.
//# launch = { kernel = "blockSum", grid = 4, block = 256 }
//# args   = [{ data = "random -100 100 i32 1000" }, { sums = "zeros i32 4" }, { n = 1000 }]
//# expect = { sums = "sum(k, 256 * i, min(256 * i + 256, 1000), data[k])" }

__inline__ __device__ int warpSum(int value)
{
    for (int offset = warpSize / 2; offset > 0; offset /= 2)
        value += __shfl_down_sync(0xffffffffu, value, offset);
    return value;
}

__global__ void blockSum(const int* data, int* sums, int n)
{
    __shared__ int partial[32];  // one for each warp

    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int lane = threadIdx.x % warpSize;
    int warp = threadIdx.x / warpSize;

    int value = warpSum(i < n ? data[i] : 0);
    if (lane == 0)
        partial[warp] = value;
    __syncthreads();

    if (warp == 0) {
        value = lane < blockDim.x / warpSize ? partial[lane] : 0;
        value = warpSum(value);
        if (lane == 0)
            sums[blockIdx.x] = value;
    }
}
