// The error function of floats and its relatives.
#pragma once
#include "math/float_exp.h"

__device__ inline float erff(float x)
{
    float magnitude = fabsf(x);
    if (magnitude < 1.0f) {
        // One operation, of which no part is subnormal before the result is.
        if (magnitude < 1e-10f) return 1.12837917f * x;
        float z = x * x;
        float q = -0.37612626f + z * (0.112835854f + z * (-0.026853811f + z * (0.00518832775f + z * (-0.000801019371f + z * 7.85386583e-5f))));
        return copysignf(magnitude + magnitude * (0.128379166f + z * q), x);
    }
    if (magnitude > 3.93f) return copysignf(1.0f, x);
    // 1 - e^p(|x|)
    float a = magnitude;
    float p = -0.638145268f + a * (-0.10310635f + a * (0.0218378641f + a * (-0.00294760708f + a * 0.000186373858f)));
    p = -0.000341587729f + a * (-1.1270889f + a * p);
    return isnan(x) ? x : copysignf(1.0f - expf(p), x);
}

// e^(x*x) * erfc(x) for x >= 0.45.
__device__ inline float __erfcx_kernel(float x)
{
    float t = (x - 2.0f) / (x + 2.0f);
    float p = -0.00802401081f + t * (0.00872666109f + t * (0.00121485756f + t * (-0.00146716228f + t * (-0.000309926545f + t * 0.000212717772f))));
    p = 1.27697837f + t * (-0.0927638113f + t * (-0.166030377f + t * (0.164050549f + t * (-0.0542205721f + t * p))));
    return p / (1.0f + 2.0f * x);
}

// 2^64 * e^(-scale * x * x): the square is split, because its rounding error would be magnified; times 2^64 no part is subnormal.
__device__ inline float __exp_minus_square(float x, float scale)
{
    float head = __head12(x);
    float whole = __exp_times_power(-scale * (head * head), 64);
    return whole + whole * __expm1_kernel(scale * ((head - x) * (head + x)));
}

__device__ inline float erfcf(float x)
{
    if (!(fabsf(x) >= 0.47f)) return 1.0f - erff(x);
    if (x > 10.06f) return 0.0f;
    float magnitude = fminf(fabsf(x), 10.06f);
    float tail = __exp_minus_square(magnitude, 1.0f) * __erfcx_kernel(magnitude) * 5.42101086e-20f;  // 2^-64
    return x < 0.0f ? 2.0f - tail : tail;
}

// The normal distribution: the area below x.
__device__ inline float normcdff(float x)
{
    if (!(fabsf(x) >= 0.67f)) return 0.5f * erfcf(-0.707106769f * x);
    if (x < -14.3f) return 0.0f;
    float magnitude = fminf(fabsf(x), 14.3f);
    float tail = __exp_minus_square(magnitude, 0.5f) * __erfcx_kernel(0.707106769f * magnitude) * 2.71050543e-20f;  // 2^-65
    return x < 0.0f ? tail : 1.0f - tail;
}
