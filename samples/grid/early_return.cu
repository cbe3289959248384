// Threads beyond the data return before a loop with barriers of the grid: they stay away from all of its rounds.
//# launch = { kernel = "rotate", grid = 3, block = 64 }
//# args   = [{ x = "iota i32 192" }, { n = 150 }, { rounds = 5 }]
//# expect = { x = "i < n ? (i + rounds) % n : i" }
#include <cooperative_groups.h>

__global__ void rotate(int* x, int n, int rounds)
{
    auto grid = cooperative_groups::this_grid();
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    for (int round = 0; round < rounds; round++) {
        int next = x[(i + 1) % n];
        grid.sync();
        x[i] = next;
        grid.sync();
    }
}
