// The last block to finish adds up what all blocks have left: __threadfence and a counter that wraps around.
//# launch  = { kernel = "sumInOneLaunch", grid = 5, block = 64 }
//# args    = [{ data = "iota i32 300" }, { partial = "zeros i32 5" }, { total = "fill -1 i32 1" }, { n = 300 }]
//# symbols = { finished = "zeros u32 1" }
//# expect  = { total = [44850], partial = "sum(k, 64 * i, min(64 * i + 64, 300), k)" }
#define BLOCK 64

__device__ unsigned int finished;

__global__ void sumInOneLaunch(const int* data, volatile int* partial, int* total, int n)
{
    __shared__ int sum;
    __shared__ bool last;

    int i = blockIdx.x * BLOCK + threadIdx.x;
    if (threadIdx.x == 0)
        sum = 0;
    __syncthreads();
    if (i < n)
        atomicAdd(&sum, data[i]);
    __syncthreads();

    if (threadIdx.x == 0) {
        partial[blockIdx.x] = sum;
        __threadfence();
        last = atomicInc(&finished, gridDim.x - 1) == gridDim.x - 1;
    }
    __syncthreads();

    if (last && threadIdx.x == 0) {
        int all = 0;
        for (int block = 0; block < gridDim.x; block++)
            all += partial[block];
        *total = all;
    }
}
