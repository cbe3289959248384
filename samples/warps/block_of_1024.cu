// Shuffles, votes and a scan in a block of 1,024 threads: where workgroups have 256 invocations, each carries four threads.
//# launch = { kernel = "ranks", grid = 3, block = 1024 }
//# args   = [{ data = "random 0 100 i32 3000" }, { place = "zeros i32 3072" }, { total = "zeros i32 3" }, { n = 3000 }]
//# expect = { place = "i < 3000 && data[i] % 3 == 0 ? sum(k, i - i % 1024, i, data[k] % 3 == 0 ? 1 : 0) : -1", total = "sum(k, 1024 * i, min(1024 * i + 1024, 3000), data[k] % 3 == 0 ? 1 : 0)" }

__global__ void ranks(const int* data, int* place, int* total, int n)
{
    __shared__ int before[32];  // in the warps of lower number

    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int lane = threadIdx.x & 31;
    int warp = threadIdx.x >> 5;

    bool chosen = i < n && data[i] % 3 == 0;
    unsigned votes = __ballot_sync(0xffffffffu, chosen);
    if (lane == 0)
        before[warp] = __popc(votes);
    __syncthreads();

    if (warp == 0) {
        int own = before[lane];
        int sum = own;
        for (int step = 1; step < 32; step *= 2) {
            int other = __shfl_up_sync(0xffffffffu, sum, step);
            if (lane >= step)
                sum += other;
        }
        before[lane] = sum - own;
        if (lane == 31)
            total[blockIdx.x] = sum;
    }
    __syncthreads();

    place[i] = chosen ? before[warp] + __popc(votes & ((1u << lane) - 1)) : -1;
}
