// Asynchronous copies of 16 bytes, two tiles ahead, by the pipeline primitives: the filter reads a tile while later ones are under way. What lies
// beyond the signal's end is filled with zeros by the copy itself.
//# launch  = { kernel = "smooth", grid = 3, block = 32 }
//# args    = [{ signal = "expr f32 1000 (i * 7) % 32" }, { smoothed = "zeros f32 1000" }, { n = 1000 }, { tiles = 3 }]
//# expect  = { smoothed = { value = "(i % 128 > 0 ? signal[i - 1] : 0) + 2 * signal[i] + (i % 128 < 127 && i < 999 ? signal[i + 1] : 0)", ulp = 0 } }
#include <cuda_pipeline.h>

const int STAGES = 3;

__device__ void fetch(float* tile, const float* signal, int from, int n)
{
    // The number of bytes to zero, of 16.
    int beyond = min(max(from + 4 - n, 0), 4);
    __pipeline_memcpy_async(tile, signal + (beyond < 4 ? from : 0), 16, beyond * sizeof(float));
}

__global__ void smooth(const float* signal, float* smoothed, int n, int tiles)
{
    __shared__ alignas(16) float tile[STAGES][128];
    int first = blockIdx.x * tiles * 128;
    int mine = threadIdx.x * 4;

    for (int ahead = 0; ahead < STAGES - 1; ahead++) {
        if (ahead < tiles)
            fetch(&tile[ahead][mine], signal, first + ahead * 128 + mine, n);
        __pipeline_commit();
    }
    for (int t = 0; t < tiles; t++) {
        int next = t + STAGES - 1;
        if (next < tiles)
            fetch(&tile[next % STAGES][mine], signal, first + next * 128 + mine, n);
        __pipeline_commit();
        __pipeline_wait_prior(STAGES - 1);
        __syncthreads();

        const float* x = tile[t % STAGES];
        for (int i = threadIdx.x; i < 128; i += blockDim.x) {
            float left = i > 0 ? x[i - 1] : 0.0f;
            float right = i < 127 ? x[i + 1] : 0.0f;
            if (first + t * 128 + i < n)
                smoothed[first + t * 128 + i] = left + 2.0f * x[i] + right;
        }
        __syncthreads();
    }
}
