// A barrier object: threads arrive, work on something of their own, and wait only then. Each row of 128 is reversed through shared memory; the
// square is computed between arrival and wait. Threads without an element of the last block arrive like all others.
//# launch  = { kernel = "reverseRows", grid = 4, block = 128 }
//# args    = [{ x = "iota i32 500" }, { reversed = "zeros i32 500" }, { n = 500 }]
//# expect  = { reversed = "{ let first = i / 128 * 128; let count = min(128, n - first); first + count - 1 - i % 128 + i * i }" }
#include <cuda/barrier>
#pragma nv_diag_suppress static_var_with_dynamic_init

using barrier = cuda::barrier<cuda::thread_scope_block>;

__global__ void reverseRows(const int* x, int* reversed, int n)
{
    __shared__ int row[128];
    __shared__ barrier ready;
    int first = blockIdx.x * blockDim.x;
    int i = first + threadIdx.x;
    int count = min(128, n - first);

    if (threadIdx.x == 0)
        init(&ready, blockDim.x);
    __syncthreads();

    if (i < n)
        row[threadIdx.x] = x[i];
    barrier::arrival_token token = ready.arrive();
    int square = i * i;

    if (i < n) {
        ready.wait(std::move(token));
        reversed[i] = row[count - 1 - threadIdx.x] + square;
    }
}
