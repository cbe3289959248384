// Cooperative groups: the block as an object, and a sum that every thread of it takes part in.
//# launch = { kernel = "sumOfBlock", grid = 3, block = 64 }
//# args   = [{ data = "iota i32 150" }, { sums = "zeros i32 3" }, { n = 150 }]
//# expect = { sums = "sum(k, 64 * i, min(64 * i + 64, 150), k)", past_end = "untouched" }
#include <cooperative_groups.h>

namespace cg = cooperative_groups;

__device__ int sumOver(cg::thread_block block, int* scratch, int value)
{
    scratch[block.thread_rank()] = value;
    for (int half = block.size() / 2; half > 0; half /= 2) {
        block.sync();
        if (block.thread_rank() < half)
            scratch[block.thread_rank()] += scratch[block.thread_rank() + half];
    }
    block.sync();
    return scratch[0];
}

__global__ void sumOfBlock(const int* data, int* sums, int n)
{
    __shared__ int scratch[64];
    cg::thread_block block = cg::this_thread_block();
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int sum = sumOver(block, scratch, i < n ? data[i] : 0);
    if (block.thread_rank() == 0)
        sums[blockIdx.x] = sum;
}
