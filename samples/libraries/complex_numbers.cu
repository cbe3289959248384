// Complex numbers, as cuComplex.h has them and as thrust has them: points on a circle, multiplied, divided, and their distance from zero.
//# launch = { kernel = "turn", grid = 2, block = 64 }
//# args   = [{ z = "expr f32 200 i % 2 == 0 ? 3 + i / 4 : 4 - i / 8" }, { squares = "zeros f32 200" }, { inverses = "zeros f32 200" }, { sizes = "zeros f32 100" }, { n = 100 }]
//# expect.squares  = "i % 2 == 0 ? z[i] * z[i] - z[i + 1] * z[i + 1] : 2 * z[i - 1] * z[i]"
//# expect.inverses = { rel = 1e-5, abs = 1e-9, value = "i % 2 == 0 ? z[i] / (z[i] * z[i] + z[i + 1] * z[i + 1]) : -z[i] / (z[i - 1] * z[i - 1] + z[i] * z[i])" }
//# expect.sizes    = { ulp = 3, value = "hypot(z[2 * i], z[2 * i + 1])" }
#include <cuComplex.h>
#include <thrust/complex.h>

__global__ void turn(const cuFloatComplex* z, cuFloatComplex* squares, thrust::complex<float>* inverses, float* sizes, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    squares[i] = cuCmulf(z[i], z[i]);
    thrust::complex<float> w(cuCrealf(z[i]), cuCimagf(z[i]));
    inverses[i] = 1.0f / w;
    sizes[i] = thrust::abs(w);
}
