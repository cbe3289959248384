// Half and bfloat16: loads and stores of 16 bits, arithmetic that rounds as CUDA's does, pairs in one register.
//# launch = { kernel = "axpy", grid = 2, block = 64 }
//# args   = [
//#   { a = { bytes = "003e" } }, { x = "expr f16 200 i * 0.25 - 20" }, { y = "expr f16 200 i * 0.375" }, { z = "zeros f16 200" },
//#   { norm = "zeros f32 100" }, { rounded = "zeros bf16 100" }, { pairs = 100 },
//# ]
//# expect = { z = "f16(1.5 * x[i] + y[i])", norm = "x[2*i] * x[2*i] + x[2*i + 1] * x[2*i + 1]", rounded = "bf16(f32(y[2*i] / 3.0))" }
#include <cuda_bf16.h>
#include <cuda_fp16.h>

__global__ void axpy(half a, const half2* x, const half2* y, half2* z, float* norm, __nv_bfloat16* rounded, int pairs)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= pairs) return;

    half2 v = x[i];
    z[i] = __hfma2(__half2half2(a), v, y[i]);
    float2 wide = __half22float2(v);
    norm[i] = wide.x * wide.x + wide.y * wide.y;
    rounded[i] = __float2bfloat16(__low2float(y[i]) / 3.0f);
}
