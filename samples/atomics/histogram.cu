// Byte histogram: each block counts in shared memory, then adds its counts to the whole.
//# launch = { kernel = "histogram", grid = 3, block = 128 }
//# args   = [{ data = "expr u8 1000 i * i % 251" }, { bins = "zeros u32 256" }, { n = 1000 }]
//# expect = { bins = "count(k, 0, 1000, data[k] == i)", past_end = "untouched" }
#define BINS 256

__global__ void histogram(const unsigned char* data, unsigned int* bins, int n)
{
    __shared__ unsigned int local[BINS];
    for (int bin = threadIdx.x; bin < BINS; bin += blockDim.x)
        local[bin] = 0;
    __syncthreads();

    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x)
        atomicAdd(&local[data[i]], 1u);
    __syncthreads();

    for (int bin = threadIdx.x; bin < BINS; bin += blockDim.x)
        if (local[bin] != 0)
            atomicAdd(&bins[bin], local[bin]);
}
