// Exponential and hyperbolic functions of floats.
#pragma once
#include "math/float_parts.h"

// 2^n * e^r for |r| <= ln(2) / 2 and n from -151 to 128.
__device__ inline float __scaled_exp(float r, int n)
{
    float q = 0.5f + r * (0.166666672f + r * (0.0416662656f + r * (0.00833326392f + r * (0.00139464694f + r * 0.000199187809f))));
    int bits = __float_as_int(1.0f + (r + r * r * q));
    if (n >= -125) return __int_as_float(bits + n * 0x800000);
    return __int_as_float(bits + (n + 64) * 0x800000) * 5.42101086e-20f;  // 2^-64: one rounding into the subnormals
}

// e^x * 2^scale.
__device__ inline float __exp_times_power(float x, int scale)
{
    float n = rintf(x * 1.44269502f);
    float r = __pinned(x - n * 0.693145752f) - n * 1.42860677e-6f;
    return __scaled_exp(r, (int)n + scale);
}

__device__ inline float expf(float x)
{
    if (x > 88.7228317f) return CUDART_INF_F;
    if (!(x > -104.0f)) return isnan(x) ? x : 0.0f;
    return __exp_times_power(x, 0);
}

__device__ inline float exp2f(float x)
{
    if (x >= 128.0f) return CUDART_INF_F;
    if (!(x > -150.0f)) return isnan(x) ? x : 0.0f;
    float n = rintf(x);
    return __scaled_exp((x - n) * 0.693147182f, (int)n);
}

__device__ inline float exp10f(float x)
{
    if (x > 38.5318375f) return CUDART_INF_F;
    if (!(x > -45.2f)) return isnan(x) ? x : 0.0f;
    float n = rintf(x * 3.32192802f);
    float r = __pinned(x - n * 0.301025391f) - n * 4.60503907e-6f;
    return __scaled_exp(r * 2.30258512f, (int)n);
}

// e^r - 1 for |r| <= 1/2.
__device__ inline float __expm1_kernel(float r)
{
    float q = 0.166666672f + r * (0.0416666605f + r * (0.00833314192f + r * (0.0013889306f + r * (0.000199735907f + r * 2.47907628e-5f))));
    return r + r * r * (0.5f + r * q);
}

__device__ inline float expm1f(float x)
{
    if (isnan(x) || x == 0.0f) return x;
    if (fabsf(x) < 0.5f) return __expm1_kernel(x);
    if (x < -17.5f) return -1.0f;
    if (x > 87.0f) return expf(x);
    float n = rintf(x * 1.44269502f);
    float r = __pinned(x - n * 0.693145752f) - n * 1.42860677e-6f;
    float power = __int_as_float((127 + (int)n) << 23);
    float inverse = __int_as_float((127 - (int)n) << 23);
    float k = __expm1_kernel(r);
    return power * (n > 20.0f ? (k - inverse) + 1.0f : k + (1.0f - inverse));
}

__device__ inline float coshf(float x)
{
    float magnitude = fabsf(x);
    if (!(magnitude <= 89.4159851f)) return isnan(x) ? x : CUDART_INF_F;
    float half = __exp_times_power(magnitude, -1);
    return half + 0.25f / half;
}

__device__ inline float sinhf(float x)
{
    float magnitude = fabsf(x);
    if (magnitude < 1.0f) {
        float z = x * x;
        float q = 0.166666672f + z * (0.00833335053f + z * (0.000198360663f + z * 2.8174386e-6f));
        return copysignf(magnitude + magnitude * (z * q), x);
    }
    if (!(magnitude <= 89.4159851f)) return isnan(x) ? x : copysignf(CUDART_INF_F, x);
    float half = __exp_times_power(magnitude, -1);
    return copysignf(half - 0.25f / half, x);
}

__device__ inline float tanhf(float x)
{
    float magnitude = fabsf(x);
    if (magnitude < 0.55f) {
        float z = x * x;
        float q = -0.333333164f + z * (0.133325934f + z * (-0.0538528375f + z * (0.0210732277f + z * -0.00627563661f)));
        return copysignf(magnitude + magnitude * (z * q), x);
    }
    if (magnitude > 10.0f) return copysignf(1.0f, x);
    return copysignf(1.0f - 2.0f / (expf(2.0f * magnitude) + 1.0f), x);
}
