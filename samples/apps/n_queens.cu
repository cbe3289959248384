// How many ways there are to put n queens on a board of n by n so that none threatens another. Each thread has a place for the first queen and
// tries the rest by recursion.
//# launch = { kernel = "n_queens", grid = 1, block = 8 }
//# args   = [{ n = 8 }, { ways = "zeros i32 8" }, { total = "zeros i32 1" }]
//# expect = { ways = [4, 8, 16, 18, 18, 16, 8, 4], total = [92] }

__device__ int place(int row, int n, unsigned columns, unsigned left, unsigned right)
{
    if (row == n)
        return 1;
    int ways = 0;
    unsigned free = ~(columns | left | right) & ((1u << n) - 1);
    while (free != 0) {
        unsigned queen = free & (0u - free);
        free ^= queen;
        ways += place(row + 1, n, columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return ways;
}

__global__ void n_queens(int n, int* ways, int* total)
{
    int first = blockIdx.x * blockDim.x + threadIdx.x;
    if (first < n) {
        unsigned queen = 1u << first;
        ways[first] = place(1, n, queen, queen << 1, queen >> 1);
        atomicAdd(total, ways[first]);
    }
}
