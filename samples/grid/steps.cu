// A list of steps over the whole grid: a `switch` around barriers of the grid, in a loop that one of the steps ends.
//# launch = { kernel = "run", grid = 2, block = 64 }
//# args   = [{ steps = "list i32 0 1 2 0 3 0" }, { x = "iota i32 100" }, { n = 100 }]
//# expect = { x = "(n - (i + 1) % n) % n + 10" }
#include <cooperative_groups.h>

enum Step { Rotate, Reverse, Raise, Stop };

__global__ void run(const int* steps, int* x, int n)
{
    auto grid = cooperative_groups::this_grid();
    int i = grid.thread_rank();
    for (int k = 0;; k++) {
        int value = 0;
        switch (steps[k]) {
        case Rotate:
            if (i < n)
                value = x[(i + 1) % n];
            grid.sync();
            break;
        case Reverse:
            if (i < n)
                value = x[n - 1 - i];
            grid.sync();
            break;
        case Raise:
            if (i < n)
                x[i] += 10;
            grid.sync();
            continue;
        default:
            return;
        }
        if (i < n)
            x[i] = value;
        grid.sync();
    }
}
