// An inclusive scan of each warp's 32 values, and of a block of 100 threads: the last warp has four lanes, and nobody else.
//# launch = { kernel = "warpScan", grid = 2, block = 100 }
//# args   = [{ data = "random -50 50 i32 200" }, { scan = "zeros i32 200" }]
//# expect = { scan = "sum(k, i / 100 * 100 + i % 100 / 32 * 32, i + 1, data[k])" }

__global__ void warpScan(const int* data, int* scan)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int lane = threadIdx.x & 31;

    int sum = data[i];
    for (int delta = 1; delta < 32; delta *= 2) {
        int before = __shfl_up_sync(0xffffffffu, sum, delta);
        if (lane >= delta)
            sum += before;
    }
    scan[i] = sum;
}
