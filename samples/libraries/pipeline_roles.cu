// A pipeline whose threads have roles: 32 producers fill two stages, 64 consumers read them.
//# launch = { kernel = "reverse", grid = 2, block = 96 }
//# args   = [{ in = "expr i32 1280 i * 3" }, { out = "zeros i32 1280" }, { batches = 10 }]
//# expect.out = "in[i / 64 * 64 + 63 - i % 64] + 1"
#include <cooperative_groups.h>
#include <cuda/pipeline>

__global__ void reverse(const int* in, int* out, int batches)
{
    constexpr int stages = 2;
    __shared__ int tile[stages][64];
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, stages> state;
    auto block = cooperative_groups::this_thread_block();
    const auto role = block.thread_rank() < 64 ? cuda::pipeline_role::consumer : cuda::pipeline_role::producer;
    auto pipe = cuda::make_pipeline(block, &state, role);
    in += blockIdx.x * batches * 64;
    out += blockIdx.x * batches * 64;

    if (role == cuda::pipeline_role::producer) {
        for (int batch = 0; batch < batches; batch++) {
            pipe.producer_acquire();
            for (int k = threadIdx.x - 64; k < 64; k += 32)
                cuda::memcpy_async(&tile[batch % stages][k], in + batch * 64 + k, sizeof(int), pipe);
            pipe.producer_commit();
        }
    } else {
        for (int batch = 0; batch < batches; batch++) {
            pipe.consumer_wait();
            out[batch * 64 + threadIdx.x] = tile[batch % stages][63 - threadIdx.x] + 1;
            pipe.consumer_release();
        }
    }
}
