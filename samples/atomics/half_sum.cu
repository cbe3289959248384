// Sums in half and bfloat16, and a pair of halves in one word.
//# launch  = { kernel = "sums", grid = 2, block = 64 }
//# args    = [{ half = "zeros f16 3" }, { pair = "zeros f16 2" }, { brain = "zeros bf16 1" }, { n = 100 }]
//# expect  = { half = "i == 2 ? 0 : 50", pair = "(i + 1) * 100", brain = [25] }
#include <cuda_bf16.h>
#include <cuda_fp16.h>

__global__ void sums(__half* half, __half2* pair, __nv_bfloat16* brain, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    atomicAdd(&half[i % 2], __float2half(1.0f));
    atomicAdd(pair, __floats2half2_rn(1.0f, 2.0f));
    atomicAdd(brain, __float2bfloat16(0.25f));
}
