// The gamma function at whole numbers is a factorial, the inverse error function undoes the error function, and half precision rounds as it is told.
//# launch = { kernel = "special", grid = 2, block = 64 }
//# args   = [{ x = "expr f32 100 0.01 * (i + 1)" }, { out = "zeros f32 500" }, { halves = "zeros f16 200" }, { n = 100 }]
//# expect.out = { rel = 5e-6, abs = 1e-7, value = ''' {
//#   let n = i / 5 % 12; let y = x[i / 5]; let k = i % 5; let factorial = product(j, 1, n + 1, j);
//#   k == 0 ? factorial : k == 1 ? log(factorial) : k == 2 ? y : k == 3 ? exp(y * y) * erfc(y) : n % 4 + 0.25
//# } ''' }
//# expect.halves = "(i % 2 == 0 ? floor((1 + 0.00048828125 * (i / 2)) * 1024) : ceil((1 + 0.00048828125 * (i / 2)) * 1024)) / 1024"
#include <cuda_fp16.h>

__global__ void special(const float* x, float* out, __half* halves, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    float* row = out + 5 * i;
    row[0] = tgammaf(i % 12 + 1.0f);
    row[1] = lgammaf(i % 12 + 1.0f);
    row[2] = erfinvf(erff(x[i]));
    row[3] = erfcxf(x[i]);
    int quotient;
    float rest = remquof(i % 12 * 4.0f + 0.25f, 4.0f, &quotient);
    row[4] = rest + quotient % 4;

    float between = 1.0f + 0.00048828125f * i;
    halves[2 * i] = __float2half_rd(between);
    halves[2 * i + 1] = __float2half_ru(between);
}
