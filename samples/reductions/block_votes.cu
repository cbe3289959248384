// __syncthreads_count, _and, _or: a barrier that also tells every thread what the others voted. The threads past the end have left,
// and the votes repeat until no thread has work: the number of rounds is the same for all threads of a block, but known to none before.
//# launch = { kernel = "rounds", grid = 4, block = 64 }
//# args   = [{ n = 230 }, { work = "mod 7 i32 230" }, { counts = "zeros i32 4" }, { most = "zeros i32 4" }, { flags = "zeros i32 4" }]
//# expect = { work = "0", counts = "count(k, 64 * i, min(230, 64 * i + 64), k % 7 > 3)", most = "6", flags = "i == 3 ? 2 : 0" }

__device__ int vote(int left)
{
    __threadfence_block();
    return __syncthreads_or(left > 0);
}

__global__ void rounds(int n, int* work, int* counts, int* most, int* flags)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    int left = work[i];
    int many = __syncthreads_count(left > 3);
    int round = 0;
    while (vote(left)) {
        left--;
        if (left < 0)
            left = 0;
        round++;
    }
    int last = __syncthreads_and(blockIdx.x == 3);
    int first = __syncthreads_and(threadIdx.x < 200 ? 1 : 0);
    if (threadIdx.x == 0) {
        counts[blockIdx.x] = many;
        most[blockIdx.x] = round;
        flags[blockIdx.x] = last ? first + 1 : 0;
    }
    work[i] = left;
    __threadfence_system();
}
