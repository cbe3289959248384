// Counters in shared memory without atomics.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "mod 8 i32 128" }, { out = "zeros i32 8" }]
//# fails  = "E0637"

__global__ void k(const int* in, int* out)
{
    __shared__ int counts[8];
    if (threadIdx.x < 8)
        counts[threadIdx.x] = 0;
    __syncthreads();
    counts[in[blockIdx.x * 64 + threadIdx.x]]++; // <--
    __syncthreads();
    if (threadIdx.x < 8)
        atomicAdd(&out[threadIdx.x], counts[threadIdx.x]);
}
