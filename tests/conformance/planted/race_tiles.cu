// The barrier of a tile orders nothing for the next tile, whose values are read behind it.
//# launch = { kernel = "k", grid = 1, block = 128 }
//# args   = [{ out = "zeros i32 128" }]
//# fails  = "E0637"
#include <cooperative_groups.h>

__global__ void k(int* out)
{
    __shared__ int values[128];
    auto tile = cooperative_groups::tiled_partition<64>(cooperative_groups::this_thread_block());
    values[threadIdx.x] = threadIdx.x; // <--
    tile.sync();
    out[threadIdx.x] = values[(threadIdx.x + 64) % 128]; // <--
}
