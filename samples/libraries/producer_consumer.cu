// One warp copies, the others compute, with two buffers: barrier objects say which buffer is ready to be filled and which is filled
// (CUDA guide, "Spatial Partitioning"). Whoever waits waits for arrivals in another place.
//# launch = { kernel = "scale", grid = 2, block = 128 }
//# args   = [{ in = "expr f32 1920 i * 0.25" }, { out = "zeros f32 1920" }, { n = 960 }]
//# expect.out = "in[i] * 2 + 1"
#include <cuda/barrier>

using barrier = cuda::barrier<cuda::thread_scope_block>;

const int Length = 96;

__device__ void produce(barrier ready[], barrier filled[], float* buffer, const float* in, int n)
{
    for (int batch = 0; batch < n / Length; batch++) {
        ready[batch % 2].arrive_and_wait();
        for (int k = threadIdx.x; k < Length; k += 32)
            buffer[batch % 2 * Length + k] = in[batch * Length + k];
        barrier::arrival_token token = filled[batch % 2].arrive();
    }
}

__device__ void consume(barrier ready[], barrier filled[], const float* buffer, float* out, int n)
{
    barrier::arrival_token first = ready[0].arrive();
    barrier::arrival_token second = ready[1].arrive();
    int k = threadIdx.x - 32;
    for (int batch = 0; batch < n / Length; batch++) {
        filled[batch % 2].arrive_and_wait();
        out[batch * Length + k] = buffer[batch % 2 * Length + k] * 2 + 1;
        barrier::arrival_token token = ready[batch % 2].arrive();
    }
}

__global__ void scale(const float* in, float* out, int n)
{
    __shared__ float buffer[2 * Length];
    __shared__ barrier bar[4];
    if (threadIdx.x < 4)
        init(bar + threadIdx.x, blockDim.x);
    __syncthreads();
    in += blockIdx.x * n;
    out += blockIdx.x * n;
    if (threadIdx.x < 32)
        produce(bar, bar + 2, buffer, in, n);
    else
        consume(bar, bar + 2, buffer, out, n);
}
