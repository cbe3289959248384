// The gamma function of floats and its logarithm.
#pragma once
#include "math/float_pow.h"
#include "math/float_trig.h"

// Gamma(1 + t) for 0 <= t <= 1.
__device__ inline float __gamma_kernel(float t)
{
    float p = -0.015883496f;
    p = 0.940037489f + t * (-0.818563938f + t * (0.588388741f + t * (-0.310526639f + t * (0.103223093f + t * p))));
    p = -0.577215672f + t * (0.989054143f + t * (-0.907403886f + t * (0.980508268f + t * (-0.971618116f + t * p))));
    return 1.0f + t * p;
}

// Gamma(x) * 2^-shift for x >= 4, by Stirling's series: the exponent of 2, (x - 1/2) * (log2(x) - log2(e)) - log2(e) / 2, in two parts.
__device__ inline float __gamma_large(float x, int shift)
{
    float tail;
    float head = __log2_parts(x, tail);
    float difference = head - 1.44238281f;
    head = __head11(difference);
    tail = (difference - head) + (tail - 0.000312228396f);
    float y = x - 0.5f;
    float yHead = __head11(y);
    float product = __pinned(yHead * head);
    float small = ((y - yHead) * head + y * tail) - 0.72134752044448170f;
    float exponent = product + small;
    float whole = rintf(exponent);
    float power = __scaled_exp((__pinned(product - whole) + small) * 0.693147182f, (int)whole - shift);
    float t = 1.0f / x;
    float p = 0.00157425273f;
    p = 2.50662827f + t * (0.208885595f + t * (0.00870614499f + t * (-0.00675183022f + t * (-0.000400644814f + t * p))));
    return power * p;
}

__device__ inline float tgammaf(float x)
{
    if (isnan(x) || x == -CUDART_INF_F || (x < 0.0f && truncf(x) == x)) return CUDART_NAN_F;
    if (x == 0.0f) return copysignf(CUDART_INF_F, x);
    if (x >= 4.0f) return x > 35.0401f ? CUDART_INF_F : __gamma_large(x, 0);
    if (x < -4.0f) {
        // Gamma(x) = -pi / (x * sin(pi * x) * Gamma(-x)); beyond the range of Gamma(-x) with a part of its exponent apart.
        if (x < -44.0f) {
            float half = 0.5f * floorf(x);
            return truncf(half) == half ? 0.0f : -0.0f;
        }
        int shift = x < -30.0f ? 64 : 0;
        float inverse = -3.14159265358979324f / (x * sinpif(x) * __gamma_large(-x, shift));
        return shift == 0 ? inverse : inverse * 5.42101086e-20f;
    }
    // Gamma(x + 1) = x * Gamma(x), up or down to 1 <= x <= 2.
    float above = 1.0f;
    for (; x >= 2.0f; above *= x)
        x -= 1.0f;
    float below = 1.0f;
    for (; x < 0.0f; x += 1.0f)
        below *= x;
    if (x < 1.0f) return __gamma_kernel(x) / (below * x);
    return above * __gamma_kernel(x - 1.0f) / below;
}

// log(Gamma(1 + t)) for |t| <= 1/2.
__device__ inline float __lgamma_one(float t)
{
    float p = -0.058302138f + t * (0.179739267f + t * -0.167297333f);
    p = 0.169134513f + t * (-0.143652916f + t * (0.131095514f + t * (-0.116579369f + t * (0.0653093085f + t * p))));
    p = -0.577215672f + t * (0.82246691f + t * (-0.400685519f + t * (0.270594269f + t * (-0.207398206f + t * p))));
    return t == 0.0f ? 0.0f : t * p;
}

// log(Gamma(2 + t)) for |t| <= 1/2.
__device__ inline float __lgamma_two(float t)
{
    float p = 0.00287886872f + t * (-0.00118748483f + t * (0.000570251257f + t * -0.000250562036f));
    p = 0.422784328f + t * (0.322467029f + t * (-0.0673522949f + t * (0.0205816254f + t * (-0.00738592073f + t * p))));
    return t == 0.0f ? 0.0f : t * p;
}

// log(Gamma(3 + t)) for -1/2 <= t <= 1.
__device__ inline float __lgamma_three(float t)
{
    float p = -0.00113769667f + t * (0.000290204596f + t * (-7.42777556e-05f + t * 1.26229315e-05f));
    p = 0.693147182f + t * (0.922784328f + t * (0.197467044f + t * (-0.025685288f + t * (0.00495535461f + t * p))));
    return p;
}

// log(Gamma(x)) for x > 0.
__device__ inline float __lgamma_positive(float x)
{
    if (x < 0.5f) return x < 1e-30f ? -logf(x) : __lgamma_one(x) - logf(x);
    if (x < 1.5f) return __lgamma_one(x - 1.0f);
    if (x < 2.5f) return __lgamma_two(x - 2.0f);
    if (x < 4.0f) return __lgamma_three(x - 3.0f);
    if (x > 1e34f) return x * (logf(x) - 1.0f);
    float t = 1.0f / x;
    float z = t * t;
    // Stirling's series.
    float series = t * (0.083333333333333333f + z * (-0.0027777777777777778f + z * (0.00079365079365079365f + z * (-0.00059523809523809524f))));
    return (x - 0.5f) * (logf(x) - 1.0f) + (0.41893853320467274f + series);
}

__device__ inline float lgammaf(float x)
{
    if (isnan(x)) return x;
    if (isinf(x)) return CUDART_INF_F;
    if (x > 0.0f) return __lgamma_positive(x);
    if (truncf(x) == x) return CUDART_INF_F;
    // |Gamma(x) * Gamma(-x)| = pi / |x * sin(pi * x)|
    float magnitude = -x;
    if (magnitude < 1e-10f) return -logf(magnitude);
    return logf(3.14159265358979324f / (magnitude * fabsf(sinpif(magnitude)))) - __lgamma_positive(magnitude);
}
