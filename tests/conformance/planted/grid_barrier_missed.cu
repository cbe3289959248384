// One block ends before the barrier of the grid at which the others wait for it.
//# launch = { kernel = "k", grid = 3, block = 32 }
//# args   = [{ out = "zeros i32 96" }]
//# fails  = "E0627"

#include <cooperative_groups.h>

__global__ void k(int* out)
{
    if (blockIdx.x == 1)
        return;
    cooperative_groups::this_grid().sync();
    out[blockIdx.x * 32 + threadIdx.x] = 1;
}
