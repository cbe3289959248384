// A tile of 24,576 bytes: more than WebGPU's 16 KiB of shared memory. Where a device has no room for it, it stands in global memory, once for each block, and
// its barriers order that instead. The small array beside it stays in shared memory.
//# launch = { kernel = "turnRows", grid = 5, block = 64, shared = 256 }
//# args   = [{ data = "iota i32 30720" }, { out = "zeros i32 30720" }, { sums = "zeros i32 5" }, { hits = "zeros i32 5" }]
//# expect = { out = "i / 6144 * 6144 + 6143 - i % 6144", sums = "sum(k, i * 6144, i * 6144 + 6144, k)", hits = "2048" }

__global__ void turnRows(const int* data, int* out, int* sums, int* hits)
{
    __shared__ int tile[96][64];
    __shared__ int count;
    extern __shared__ int partial[];

    int t = threadIdx.x;
    int first = blockIdx.x * 96 * 64;
    if (t == 0) count = 0;
    for (int row = 0; row < 96; row++)
        tile[row][t] = data[first + row * 64 + t];
    __syncthreads();

    int sum = 0;
    for (int row = 0; row < 96; row++) {
        out[first + row * 64 + t] = tile[95 - row][63 - t];
        sum += tile[row][t];
        if (tile[row][t] % 3 == 0) atomicAdd(&count, 1);
    }
    partial[t] = sum;
    __syncthreads();

    for (int stride = 32; stride > 0; stride /= 2) {
        if (t < stride) partial[t] += partial[t + stride];
        __syncthreads();
    }
    if (t == 0) {
        sums[blockIdx.x] = partial[0];
        hits[blockIdx.x] = count;
    }
}
