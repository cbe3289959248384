// Barriers of the grid in a loop whose end is found by all blocks together: values spread from neighbour to neighbour until nothing changes.
//# launch  = { kernel = "spread", grid = 9, block = 16 }
//# args    = [{ a = "expr i32 140 i == 70 ? 40 : 0" }, { b = "zeros i32 140" }, { n = 140 }, { rounds = "zeros i32 1" }]
//# symbols = { changed = "zeros i32 2" }
//# expect  = { a = "max(0, 40 - abs(i - 70))", b = "max(0, 40 - abs(i - 70))", rounds = "40", changed = "0" }
#include <cooperative_groups.h>
using namespace cooperative_groups;

__device__ int changed[2];

__global__ void spread(int* a, int* b, int n, int* rounds)
{
    grid_group grid = this_grid();
    int i = grid.thread_rank();
    int round = 0;
    bool more;
    do {
        int* from = a;
        int flag = round % 2;
        if (i < n) {
            int best = from[i];
            if (i > 0)
                best = max(best, from[i - 1] - 1);
            if (i + 1 < n)
                best = max(best, from[i + 1] - 1);
            b[i] = best;
            if (best != from[i])
                atomicExch(&changed[flag], 1);
        }
        grid.sync();
        more = changed[flag] != 0;
        if (i < n)
            a[i] = b[i];
        if (i == 0)
            changed[1 - flag] = 0;
        round++;
        grid.sync();
    } while (more);
    if (i == 0)
        *rounds = round;
}
