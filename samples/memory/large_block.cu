// A block of 1,000 threads: more than many devices allow in a workgroup. There one invocation carries several threads, and variables that live on behind a
// barrier become arrays. Barriers in a loop, votes, an early return, and values that cross barriers.
//# launch = { kernel = "shuffle", grid = 3, block = [50, 20] }
//# args   = [{ n = 2900 }, { data = "iota i32 2900" }, { out = "zeros i32 2900" }, { counts = "zeros i32 3" }, { any = "zeros i32 3" }]
//# expect = { out = "2 * 1000 * (i / 1000) + (i < 2000 ? 999 : 899)", counts = "i < 2 ? 500 : 450", any = "i == 2" }

__global__ void shuffle(int n, const int* data, int* out, int* counts, int* any)
{
    __shared__ int tile[1000];
    int rank = threadIdx.x + blockDim.x * threadIdx.y;
    int first = blockIdx.x * blockDim.x * blockDim.y;
    int i = first + rank;
    int here = min(1000, n - first);
    if (i >= n) return;

    int mine = data[i];
    tile[rank] = mine;
    int even = __syncthreads_count(mine % 2 == 0);
    int large = __syncthreads_or(mine >= 2500);
    // Turn the tile round, half of it in each of two rounds.
    int other = 0;
    for (int round = 0; round < 2; round++) {
        if (rank % 2 == round)
            other = tile[here - 1 - rank];
        __syncthreads();
    }
    out[i] = other + mine;
    if (rank == 0) {
        counts[blockIdx.x] = even;
        any[blockIdx.x] = large;
    }
}
