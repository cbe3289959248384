// Logarithms of floats, and the inverse hyperbolic functions made of them.
#pragma once
#include "math/float_parts.h"

// x = (1 + result) * 2^exponent for finite x > 0, with 1 + result between sqrt(1/2) and sqrt(2).
__device__ inline float __split_binade(float x, int& exponent)
{
    exponent = 0;
    if (x < 1.17549435e-38f) {
        x *= 8388608.0f;
        exponent = -23;
    }
    int bits = __float_as_int(x) - 0x3f3504f3;
    exponent += bits >> 23;
    return __int_as_float((bits & 0x7fffff) + 0x3f3504f3) - 1.0f;
}

// log(1 + f) = f - (f^2/2 - result).
__device__ inline float __log1p_rest(float f)
{
    float s = f / (2.0f + f);
    float z = s * s;
    float r = z * (0.666666627f + z * (0.400003403f + z * (0.285369217f + z * 0.235899776f)));
    return s * (0.5f * f * f + r);
}

// The logarithms' values outside 0 < x < infinity.
__device__ inline float __log_outside(float x) { return x == 0.0f ? -CUDART_INF_F : x > 0.0f ? x : CUDART_NAN_F; }

__device__ inline float logf(float x)
{
    if (!(x > 0.0f && x < CUDART_INF_F)) return __log_outside(x);
    int exponent;
    float f = __split_binade(x, exponent);
    float e = (float)exponent;
    return e * 0.693145752f - ((0.5f * f * f - (__log1p_rest(f) + e * 1.42860677e-6f)) - f);
}

__device__ inline float log2f(float x)
{
    if (!(x > 0.0f && x < CUDART_INF_F)) return __log_outside(x);
    int exponent;
    float f = __split_binade(x, exponent);
    float head = __head12(f - 0.5f * f * f);
    float tail = ((f - head) - 0.5f * f * f) + __log1p_rest(f);
    return ((tail * 1.44269502f + head * 0.000312228396f) + head * 1.44238281f) + (float)exponent;
}

__device__ inline float log10f(float x)
{
    if (!(x > 0.0f && x < CUDART_INF_F)) return __log_outside(x);
    int exponent;
    float f = __split_binade(x, exponent);
    float e = (float)exponent;
    float head = __head12(f - 0.5f * f * f);
    float tail = ((f - head) - 0.5f * f * f) + __log1p_rest(f);
    float small = (tail * 0.434294492f + head * 9.03803375e-5f) + e * 4.60503907e-6f;
    return (small + head * 0.434204102f) + e * 0.301025391f;
}

__device__ inline float log1pf(float x)
{
    if (x == 0.0f) return x;
    if (!(x > -1.0f && x < CUDART_INF_F)) return x == -1.0f ? -CUDART_INF_F : x > 0.0f ? x : CUDART_NAN_F;
    if (x > -0.29f && x < 0.41f) return x - (0.5f * x * x - __log1p_rest(x));

    // 1 + x = u + lost, and log(u + lost) is log(u) + lost / u.
    float u = __pinned(1.0f + x);
    float lost = x >= 1.0f ? 1.0f - (u - x) : x - (u - 1.0f);
    int exponent;
    float f = __split_binade(u, exponent);
    float e = (float)exponent;
    return e * 0.693145752f - ((0.5f * f * f - (__log1p_rest(f) + (e * 1.42860677e-6f + lost / u))) - f);
}

__device__ inline float asinhf(float x)
{
    float magnitude = fabsf(x);
    if (magnitude > 1e10f) return copysignf(logf(magnitude) + 0.693147182f, x);
    float square = magnitude * magnitude;
    return copysignf(log1pf(magnitude + square / (1.0f + sqrtf(1.0f + square))), x);
}

__device__ inline float acoshf(float x)
{
    if (!(x >= 1.0f)) return CUDART_NAN_F;
    if (x > 1e10f) return logf(x) + 0.693147182f;
    float t = x - 1.0f;
    return log1pf(t + sqrtf(2.0f * t + t * t));
}

__device__ inline float atanhf(float x)
{
    float magnitude = fabsf(x);
    return copysignf(0.5f * log1pf(2.0f * magnitude / (1.0f - magnitude)), x);
}
