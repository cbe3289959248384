// 5,000 blocks and a barrier of the grid: far more than could be resident at once on a GPU, where CUDA would refuse the launch. Cut into phases it has no limit.
//# launch = { kernel = "reverse", grid = 5000, block = 16 }
//# args   = [{ data = "iota i32 80000" }]
//# expect = { data = "79999 - i" }
#include <cooperative_groups.h>

__global__ void reverse(int* data)
{
    int count = gridDim.x * blockDim.x;
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int other = data[count - 1 - i];
    cooperative_groups::this_grid().sync();
    data[i] = other;
}
