// CUDA's complex numbers as C has them: float2 and double2 with functions.
#pragma once
#include "cuda_runtime.h"

typedef float2 cuFloatComplex;
typedef double2 cuDoubleComplex;
typedef cuFloatComplex cuComplex;

__host__ __device__ inline float cuCrealf(cuFloatComplex x) { return x.x; }
__host__ __device__ inline float cuCimagf(cuFloatComplex x) { return x.y; }
__host__ __device__ inline cuFloatComplex make_cuFloatComplex(float r, float i) { return make_float2(r, i); }
__host__ __device__ inline cuComplex make_cuComplex(float r, float i) { return make_float2(r, i); }
__host__ __device__ inline cuFloatComplex cuConjf(cuFloatComplex x) { return make_float2(x.x, -x.y); }
__host__ __device__ inline cuFloatComplex cuCaddf(cuFloatComplex x, cuFloatComplex y) { return make_float2(x.x + y.x, x.y + y.y); }
__host__ __device__ inline cuFloatComplex cuCsubf(cuFloatComplex x, cuFloatComplex y) { return make_float2(x.x - y.x, x.y - y.y); }
__host__ __device__ inline cuFloatComplex cuCmulf(cuFloatComplex x, cuFloatComplex y)
{
    return make_float2(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
}
// The divisor is scaled by the sum of its parts, so that its square stays in range.
__host__ __device__ inline cuFloatComplex cuCdivf(cuFloatComplex x, cuFloatComplex y)
{
    float scale = 1.0f / (fabsf(y.x) + fabsf(y.y));
    float a = x.x * scale, b = x.y * scale, c = y.x * scale, d = y.y * scale;
    float inverse = 1.0f / (c * c + d * d);
    return make_float2((a * c + b * d) * inverse, (b * c - a * d) * inverse);
}
__host__ __device__ inline float cuCabsf(cuFloatComplex x)
{
    float a = fabsf(x.x), b = fabsf(x.y);
    float large = a > b ? a : b, small = a > b ? b : a;
    if (large == 0.0f || large > 3.402823466e38f || small > 3.402823466e38f) return large + small;
    float ratio = small / large;
    return large * sqrtf(1.0f + ratio * ratio);
}
// x * y + z
__host__ __device__ inline cuFloatComplex cuCfmaf(cuFloatComplex x, cuFloatComplex y, cuFloatComplex z)
{
    return make_float2(x.x * y.x + z.x - x.y * y.y, x.x * y.y + z.y + x.y * y.x);
}

__host__ __device__ inline double cuCreal(cuDoubleComplex x) { return x.x; }
__host__ __device__ inline double cuCimag(cuDoubleComplex x) { return x.y; }
__host__ __device__ inline cuDoubleComplex make_cuDoubleComplex(double r, double i) { return make_double2(r, i); }
__host__ __device__ inline cuDoubleComplex cuConj(cuDoubleComplex x) { return make_double2(x.x, -x.y); }
__host__ __device__ inline cuDoubleComplex cuCadd(cuDoubleComplex x, cuDoubleComplex y) { return make_double2(x.x + y.x, x.y + y.y); }
__host__ __device__ inline cuDoubleComplex cuCsub(cuDoubleComplex x, cuDoubleComplex y) { return make_double2(x.x - y.x, x.y - y.y); }
__host__ __device__ inline cuDoubleComplex cuCmul(cuDoubleComplex x, cuDoubleComplex y)
{
    return make_double2(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);
}
__host__ __device__ inline cuDoubleComplex cuCdiv(cuDoubleComplex x, cuDoubleComplex y)
{
    double scale = 1.0 / (fabs(y.x) + fabs(y.y));
    double a = x.x * scale, b = x.y * scale, c = y.x * scale, d = y.y * scale;
    double inverse = 1.0 / (c * c + d * d);
    return make_double2((a * c + b * d) * inverse, (b * c - a * d) * inverse);
}
__host__ __device__ inline double cuCabs(cuDoubleComplex x)
{
    double a = fabs(x.x), b = fabs(x.y);
    double large = a > b ? a : b, small = a > b ? b : a;
    if (large == 0.0 || large > 1.79769313486231570e+308 || small > 1.79769313486231570e+308) return large + small;
    double ratio = small / large;
    return large * sqrt(1.0 + ratio * ratio);
}
__host__ __device__ inline cuDoubleComplex cuCfma(cuDoubleComplex x, cuDoubleComplex y, cuDoubleComplex z)
{
    return make_double2(x.x * y.x + z.x - x.y * y.y, x.x * y.y + z.y + x.y * y.x);
}
__host__ __device__ inline cuDoubleComplex cuComplexFloatToDouble(cuFloatComplex x) { return make_double2(x.x, x.y); }
__host__ __device__ inline cuFloatComplex cuComplexDoubleToFloat(cuDoubleComplex x) { return make_float2((float)x.x, (float)x.y); }
