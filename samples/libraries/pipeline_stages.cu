// cuda::pipeline with two stages for a whole block: while one batch is summed, the next is on its way. Committing and releasing a stage
// are what all threads of the block do together.
//# launch  = { kernel = "sumBatches", grid = 3, block = 64 }
//# args    = [{ x = "iota i32 1920" }, { sums = "zeros i32 192" }, { batches = 10 }]
//# expect  = { sums = "sum(b, 0, 10, x[i / 64 * 640 + b * 64 + 63 - i % 64])" }
#include <cooperative_groups.h>
#include <cuda/pipeline>
#pragma nv_diag_suppress static_var_with_dynamic_init

__global__ void sumBatches(const int* x, int* sums, int batches)
{
    auto block = cooperative_groups::this_thread_block();
    __shared__ int stage[2][64];
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
    auto pipeline = cuda::make_pipeline(block, &state);

    x += blockIdx.x * batches * block.size();
    int sum = 0;
    for (int computed = 0, fetched = 0; computed < batches; computed++) {
        for (; fetched < batches && fetched < computed + 2; fetched++) {
            pipeline.producer_acquire();
            cuda::memcpy_async(block, stage[fetched % 2], x + fetched * block.size(), sizeof(int) * block.size(), pipeline);
            pipeline.producer_commit();
        }
        pipeline.consumer_wait();
        sum += stage[computed % 2][block.size() - 1 - block.thread_rank()];
        pipeline.consumer_release();
    }
    sums[blockIdx.x * block.size() + block.thread_rank()] = sum;
}
