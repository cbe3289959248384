// Barrier objects of parts of a block: each warp has its own and goes as many rounds as it likes, then threads drop out of a common one, and
// a function runs at the end of each of its phases.
//# launch = { kernel = "parts", grid = 1, block = 128 }
//# args   = [{ in = "expr i32 128 (i * 7) % 50" }, { turned = "zeros i32 128" }, { sums = "zeros i32 8" }]
//# expect.turned = "sum(r, 0, i / 32 + 1, in[i / 32 * 32 + 31 - i % 32] + r)"
//# expect.sums   = "sum(k, 0, 128, k % 8 >= i ? in[k] : 0)"
#include <cuda/barrier>

struct Add {
    int* values;
    int* sums;
    int* phase;

    __device__ void operator()()
    {
        int sum = 0;
        for (int i = 0; i < 128; i++) {
            sum += values[i];
            values[i] = 0;
        }
        sums[(*phase)++] = sum;
    }
};

__global__ void parts(const int* in, int* turned, int* sums)
{
    __shared__ cuda::barrier<cuda::thread_scope_block> own[4];
    __shared__ cuda::barrier<cuda::thread_scope_block, Add> common;
    __shared__ int values[128];
    __shared__ int phase;
    int i = threadIdx.x, warp = i / 32, lane = i % 32;
    if (lane == 0)
        init(&own[warp], 32);
    if (i == 0) {
        init(&common, 128, Add{values, sums, &phase});
        phase = 0;
    }
    __syncthreads();

    int total = 0;
    for (int round = 0; round <= warp; round++) {
        values[i] = in[i] + round;
        own[warp].arrive_and_wait();
        total += values[warp * 32 + 31 - lane];
        own[warp].arrive_and_wait();
    }
    turned[i] = total;

    // Thread i takes part in phases 0 to i % 8.
    for (int round = 0; round <= i % 8; round++) {
        values[i] = in[i];
        if (round == i % 8)
            common.arrive_and_drop();
        else
            common.arrive_and_wait();
    }
}
