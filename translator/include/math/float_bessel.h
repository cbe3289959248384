// Bessel functions of floats. Below 8 a polynomial for each interval, times the distances from the zeros nearby, which makes the relative error small
// there too; from 8 on amplitude and phase, with an absolute error.
#pragma once
#include "math/float_exp.h"
#include "math/float_log.h"
#include "math/float_parts.h"
#include "math/float_trig.h"

// sqrt(pi * x / 2) * (J0(x) cos(t) + Y0(x) sin(t)) for t = x - 1/4 pi and w = 64 / (x * x).
__device__ inline float __bessel_p0(float w)
{
    float u = (w - 0.5f) * 2.0f;
    float p = 0.9994573f + u * (-0.00053636695f + u * (6.1503697e-06f + u * -2.0682378e-07f));
    return p;
}
// The same of Y0(x) cos(t) - J0(x) sin(t), times x / 8.
__device__ inline float __bessel_q0(float w)
{
    float u = (w - 0.5f) * 2.0f;
    float p = -1.4770822e-06f + u * (7.1045804e-08f + u * (-5.8175327e-09f + u * 6.752195e-10f));
    p = -0.015555114f + u * (6.8331494e-05f + u * p);
    return p;
}
// sqrt(pi * x / 2) * (J1(x) cos(t) + Y1(x) sin(t)) for t = x - 3/4 pi and w = 64 / (x * x).
__device__ inline float __bessel_p1(float w)
{
    float u = (w - 0.5f) * 2.0f;
    float p = 0.0008988045f + u * (-7.959594e-06f + u * (2.4710536e-07f + u * -1.4975125e-08f));
    p = 1.0009071f + u * p;
    return p;
}
// The same of Y1(x) cos(t) - J1(x) sin(t), times x / 8.
__device__ inline float __bessel_q1(float w)
{
    float u = (w - 0.5f) * 2.0f;
    float p = -9.621435e-05f + u * (1.8211397e-06f + u * (-8.3839126e-08f + u * 6.5833548e-09f));
    p = 0.046776876f + u * p;
    return p;
}
// J0(x) / (x * x - z * z) for t = x * x up to 16, z its first zero.
__device__ inline float __j0_first(float t)
{
    float u = (t - 8.0f) * 0.125f;
    float p = -0.00020060307f + u * (1.1671865e-05f + u * (-4.9397914e-07f + u * 1.5850585e-08f));
    p = -0.088662416f + u * (0.06466008f + u * (-0.017030107f + u * (0.0023496752f + u * p)));
    return p;
}
// J0(x) / ((x - z2) * (x - z3)) from 4 to 8.
__device__ inline float __j0_second(float x)
{
    float u = (x - 6.0f) * 0.5f;
    float p = 2.8276401e-05f + u * (-1.4968626e-05f + u * (-8.8302386e-07f + u * 4.0118752e-07f));
    p = 0.006374305f + u * (-0.0053897137f + u * (-0.00056027155f + u * (0.00036054742f + u * p)));
    p = -0.11828468f + u * (-0.030710075f + u * (0.042317823f + u * p));
    return p;
}
// J1(x) / (x * (x * x - z * z)) for t = x * x up to 16.
__device__ inline float __j1_first(float t)
{
    float u = (t - 8.0f) * 0.125f;
    float p = 0.00023283754f + u * (-1.6609767e-05f + u * (8.312719e-07f + u * -3.0750545e-08f));
    p = -0.02117489f + u * (0.010530564f + u * (-0.0020996102f + u * p));
    return p;
}
// J1(x) / ((x - z1) * (x - z2)) from 4 to 8.
__device__ inline float __j1_second(float x)
{
    float u = (x - 6.0f) * 0.5f;
    float p = 6.399199e-05f + u * (8.93436e-06f + u * (-2.1161782e-06f + u * -2.2439734e-07f));
    p = 0.0117910495f + u * (0.003908377f + u * (-0.0011677726f + u * (-0.000234244f + u * p)));
    p = 0.125646f + u * (-0.047160793f + u * (-0.035671186f + u * p));
    return p;
}
// Y0(x) - 2/pi log(x) J0(x) for t = x * x up to 1/4.
__device__ inline float __y0_regular(float t)
{
    float u = (t - 0.125f) * 8.0f;
    float p = 0.021701587f + u * (-0.00024801376f + u * (1.0427214e-06f + u * -2.302359e-09f));
    p = -0.05185365f + u * p;
    return p;
}
// Y0(x) / (x - z1) from 1/2 to 1.
__device__ inline float __y0_near_1(float x)
{
    float u = (x - 0.75f) * 4.0f;
    float p = -4.001008e-05f + u * (1.1748489e-05f + u * (-4.7726717e-06f + u * 1.4875569e-06f));
    p = -0.006398456f + u * (0.001776752f + u * (-0.00049417105f + u * (0.00014140469f + u * p)));
    p = 0.9553954f + u * (-0.14312738f + u * (0.02204124f + u * p));
    return p;
}
// From 1 to 2.
__device__ inline float __y0_near_2(float x)
{
    float u = (x - 1.5f) * 2.0f;
    float p = -3.6008987e-05f + u * (1.0713353e-05f + u * (-4.4139897e-06f + u * 1.3857267e-06f));
    p = -0.003490877f + u * (0.001543897f + u * (-0.00044293157f + u * (0.00012546686f + u * p)));
    p = 0.6306636f + u * (-0.18003519f + u * (0.012948756f + u * p));
    return p;
}
// Y0(x) / (x - z2) from 2 to 4.
__device__ inline float __y0_near_3(float x)
{
    float u = (x - 3.0f) * 1.0f;
    float p = -7.0469305e-06f + u * (1.8120295e-06f + u * (-1.0448564e-06f + u * 3.3021064e-07f));
    p = 0.0022737458f + u * (-0.0022782742f + u * (-0.00018543632f + u * (8.349402e-05f + u * p)));
    p = -0.3935037f + u * (-0.071870975f + u * (0.06520104f + u * p));
    return p;
}
// Y0(x) / ((x - z2) * (x - z3)) from 4 to 8.
__device__ inline float __y0_near_6(float x)
{
    float u = (x - 6.0f) * 0.5f;
    float p = 6.740639e-05f + u * (9.034744e-06f + u * (-2.0775924e-06f + u * -2.6945938e-07f));
    p = 0.012308838f + u * (0.0041280617f + u * (-0.0012065206f + u * (-0.00024920946f + u * p)));
    p = 0.12993065f + u * (-0.04577096f + u * (-0.0387134f + u * p));
    return p;
}
// (Y1(x) + 2 / (pi x) - 2/pi log(x) J1(x)) / x for t = x * x up to 1.
__device__ inline float __y1_regular(float t)
{
    float u = (t - 0.5f) * 2.0f;
    float p = 0.02572331f + u * (-0.0007123298f + u * (8.7102835e-06f + u * -6.066099e-08f));
    p = -0.16961268f + u * p;
    return p;
}
// Y1(x) / (x - z1) from 1 to 2.
__device__ inline float __y1_near_2(float x)
{
    float u = (x - 1.5f) * 2.0f;
    float p = 2.7332897e-05f + u * (-9.016224e-06f + u * (4.593495e-06f + u * -1.578774e-06f));
    p = 0.0024198461f + u * (-0.00076472544f + u * (0.0002578711f + u * (-8.693594e-05f + u * p)));
    p = 0.5914276f + u * (-0.047259953f + u * (0.0036065439f + u * (-0.0066992384f + u * p)));
    return p;
}
// From 2 to 4.
__device__ inline float __y1_near_3(float x)
{
    float u = (x - 3.0f) * 1.0f;
    float p = 1.33866315e-05f + u * (-4.4281887e-06f + u * (2.2420336e-06f + u * -7.734444e-07f));
    p = 0.0021650146f + u * (-0.00071456423f + u * (0.00010202977f + u * (-3.571056e-05f + u * p)));
    p = 0.40439796f + u * (-0.16911168f + u * (-0.024859827f + u * (0.008765631f + u * p)));
    return p;
}
// Y1(x) / (x - z2) from 4 to 8.
__device__ inline float __y1_near_6(float x)
{
    float u = (x - 6.0f) * 0.5f;
    float p = -8.839358e-05f + u * (2.5807325e-05f + u * (3.0988072e-06f + u * -8.6626574e-07f));
    p = -0.024698148f + u * (0.008984935f + u * (0.001955802f + u * (-0.0006332577f + u * p)));
    p = -0.30686396f + u * (0.16775765f + u * (0.15977846f + u * (-0.06771561f + u * p)));
    return p;
}
// I0(x) for t = x * x up to 16.
__device__ inline float __i0_small(float t)
{
    float p = 6.779769e-06f + t * (6.806928e-08f + t * (4.5265536e-10f + t * 3.0800015e-12f));
    p = 1.0f + t * (0.25f + t * (0.015624984f + t * (0.00043403564f + t * p)));
    return p;
}
// I1(x) / x for t = x * x up to 16.
__device__ inline float __i1_small(float t)
{
    float p = 6.78064e-07f + t * (5.6651834e-09f + t * (3.2638833e-11f + t * 1.8734591e-13f));
    p = 0.5f + t * (0.0625f + t * (0.0026041658f + t * (5.4253902e-05f + t * p)));
    return p;
}
// I0(x) exp(-x) sqrt(x) for w = 1 / x from 8 on.
__device__ inline float __i0_large(float w)
{
    float u = (w - 0.062505f) * 16.00128f;
    float p = 1.1109962e-05f + u * (1.475768e-06f + u * (3.62566e-07f + u * 1.0864358e-07f));
    p = 0.40217677f + u * (0.0033603087f + u * (0.00013619804f + u * p));
    return p;
}
// From 4 to 8.
__device__ inline float __i0_middle(float w)
{
    float u = (w - 0.1875f) * 16.0f;
    float p = -3.3854883e-06f + u * (-2.7831325e-06f + u * (8.4326246e-08f + u * 1.8947622e-07f));
    p = 0.40957263f + u * (0.0041291188f + u * (0.00027576604f + u * (3.222478e-05f + u * p)));
    return p;
}
// I1(x) exp(-x) sqrt(x) for w = 1 / x from 8 on.
__device__ inline float __i1_large(float w)
{
    float u = (w - 0.062505f) * 16.00128f;
    float p = -1.5000958e-05f + u * (-1.8252521e-06f + u * (-4.2091636e-07f + u * -1.2269162e-07f));
    p = 0.38939768f + u * (-0.009748836f + u * (-0.00021920566f + u * p));
    return p;
}
// From 4 to 8.
__device__ inline float __i1_middle(float w)
{
    float u = (w - 0.1875f) * 16.0f;
    float p = 2.8286704e-06f + u * (3.1388524e-06f + u * (-2.3608804e-08f + u * -2.0944907e-07f));
    p = 0.36885256f + u * (-0.010915796f + u * (-0.00039839672f + u * (-4.242705e-05f + u * p)));
    return p;
}

// ---- the functions ---------------------------------------------------------------------------------------------------

// x - zero, where the zero is the sum of two parts. Close to it only the difference from the first part is exact, so that it is held.
__device__ inline float __past_zero(float x, float zero, float rest) { return __pinned(x - zero) - rest; }

// From 8 on, by amplitude and phase: with c = cos x and s = sin x, cos(x - pi/4) is (c + s) / sqrt 2 and sin(x - pi/4) is (s - c) / sqrt 2.
__device__ inline float __bessel_far(float x, float p, float q, float cosine, float sine)
{
    return 0.5641896f / sqrtf(x) * (p * cosine - 8.0f / x * q * sine);
}
__device__ inline float __bessel_w(float x)
{
    float inverse = 8.0f / x;
    return inverse * inverse;
}

__device__ inline float j0f(float x)
{
    x = fabsf(x);
    if (x < 4.0f) return __past_zero(x, 2.4048254f, 1.08705905e-07f) * (x + 2.4048254f) * __j0_first(x * x);
    if (x < 8.0f) return __past_zero(x, 5.520078f, -7.1934146e-08f) * (__past_zero(x, 8.653728f, 3.8147792e-07f) * __j0_second(x));
    if (!(x < CUDART_INF_F)) return isnan(x) ? x : 0.0f;
    float s = sinf(x), c = cosf(x), w = __bessel_w(x);
    return __bessel_far(x, __bessel_p0(w), __bessel_q0(w), c + s, s - c);
}

__device__ inline float j1f(float x)
{
    float sign = copysignf(1.0f, x);
    float magnitude = fabsf(x);
    if (magnitude < 1e-30f) return 0.5f * x;
    x = magnitude;
    if (x < 4.0f) return sign * (x * (__past_zero(x, 3.831706f, -7.685059e-08f) * (x + 3.831706f))) * __j1_first(x * x);
    if (x < 8.0f) return sign * (__past_zero(x, 3.831706f, -7.685059e-08f) * (__past_zero(x, 7.015587f, -1.8321172e-07f) * __j1_second(x)));
    if (!(x < CUDART_INF_F)) return isnan(x) ? x : copysignf(0.0f, sign);
    float s = sinf(x), c = cosf(x), w = __bessel_w(x);
    return sign * __bessel_far(x, __bessel_p1(w), __bessel_q1(w), s - c, -(s + c));
}

__device__ inline float y0f(float x)
{
    if (!(x > 0.0f)) return x == 0.0f ? -CUDART_INF_F : CUDART_NAN_F;
    if (x < 0.5f) return __y0_regular(x * x) + 0.63661975f * (logf(x) * j0f(x));
    if (x < 1.0f) return __past_zero(x, 0.893577f, -1.3357979e-08f) * __y0_near_1(x);
    if (x < 2.0f) return __past_zero(x, 0.893577f, -1.3357979e-08f) * __y0_near_2(x);
    if (x < 4.0f) return __past_zero(x, 3.9576783f, 1.0129118e-07f) * __y0_near_3(x);
    if (x < 8.0f) return __past_zero(x, 3.9576783f, 1.0129118e-07f) * (__past_zero(x, 7.086051f, 7.305812e-08f) * __y0_near_6(x));
    if (!(x < CUDART_INF_F)) return 0.0f;
    float s = sinf(x), c = cosf(x), w = __bessel_w(x);
    return __bessel_far(x, __bessel_p0(w), __bessel_q0(w), s - c, -(c + s));
}

__device__ inline float y1f(float x)
{
    if (!(x > 0.0f)) return x == 0.0f ? -CUDART_INF_F : CUDART_NAN_F;
    if (x < 1.0f) {
        float pole = -0.63661975f / x;
        return x < 1e-9f ? pole : pole + (x * __y1_regular(x * x) + 0.63661975f * (logf(x) * j1f(x)));
    }
    if (x < 2.0f) return __past_zero(x, 2.1971414f, -8.288927e-08f) * __y1_near_2(x);
    if (x < 4.0f) return __past_zero(x, 2.1971414f, -8.288927e-08f) * __y1_near_3(x);
    if (x < 8.0f) return __past_zero(x, 5.429681f, 2.1651435e-07f) * __y1_near_6(x);
    if (!(x < CUDART_INF_F)) return 0.0f;
    float s = sinf(x), c = cosf(x), w = __bessel_w(x);
    return __bessel_far(x, __bessel_p1(w), __bessel_q1(w), -(s + c), -(s - c));
}

// Forward from orders 0 and 1 where that is stable; else backward from an order that is small enough, and scaled by 1 = J0 + 2 J2 + 2 J4 + ...
__device__ inline float jnf(int n, float x)
{
    if (n < 0 || isnan(x)) return CUDART_NAN_F;
    if (n == 0) return j0f(x);
    if (n == 1) return j1f(x);
    float magnitude = fabsf(x);
    float sign = (n & 1) != 0 && x < 0.0f ? -1.0f : 1.0f;
    if (magnitude == 0.0f || magnitude == CUDART_INF_F) return copysignf(0.0f, sign);  // a driver may take any product with 0 for 0
    if (magnitude > (float)n) {
        float before = j0f(magnitude), current = j1f(magnitude);
        for (int k = 1; k < n; k++) {
            float next = (float)(2 * k) / magnitude * current - before;
            before = current;
            current = next;
        }
        return sign * current;
    }
    if (magnitude * magnitude < (float)n * 1e-8f) {
        // The first term of the series, (x / 2)^n / n!.
        float half = 0.5f * magnitude, term = 1.0f;
        for (int k = 1; k <= n && term > 0.0f; k++) term = term * half / (float)k;
        return sign * term;
    }
    int start = 2 * ((n + (int)sqrtf(60.0f * (float)n)) / 2) + 2;
    float after = 0.0f, current = 1.0f, sum = 0.0f, result = 0.0f;
    for (int k = start; k > 0; k--) {
        float below = (float)(2 * k) / magnitude * current - after;
        after = current;
        current = below;
        if (fabsf(current) > 1e10f) {
            current /= 1e10f;
            after /= 1e10f;
            sum /= 1e10f;
            result /= 1e10f;
        }
        if ((k & 1) != 0 && k > 1) sum += 2.0f * current;
        if (k - 1 == n) result = current;
    }
    return sign * (result / (sum + current));
}

__device__ inline float ynf(int n, float x)
{
    if (n < 0 || !(x >= 0.0f)) return CUDART_NAN_F;
    if (n == 0) return y0f(x);
    if (n == 1) return y1f(x);
    if (x == 0.0f) return -CUDART_INF_F;
    if (x == CUDART_INF_F) return 0.0f;
    float before = y0f(x), current = y1f(x);
    for (int k = 1; k < n && current > -CUDART_INF_F; k++) {
        // Halves, of which the first is no larger than the result.
        float next = 2.0f * ((float)k / x * current - 0.5f * before);
        before = current;
        current = next;
    }
    return current;
}

// e^x in two halves: it is infinite before these functions are.
__device__ inline float cyl_bessel_i0f(float x)
{
    x = fabsf(x);
    if (x < 4.0f) return __i0_small(x * x);
    if (!(x < CUDART_INF_F)) return x;
    float w = 1.0f / x;
    float p = (x < 8.0f ? __i0_middle(w) : __i0_large(w)) / sqrtf(x);
    float half = expf(0.5f * x);
    return p * half * half;
}
__device__ inline float cyl_bessel_i1f(float x)
{
    float magnitude = fabsf(x);
    if (magnitude < 4.0f) return x * __i1_small(x * x);
    if (!(magnitude < CUDART_INF_F)) return x;
    float w = 1.0f / magnitude;
    float p = (magnitude < 8.0f ? __i1_middle(w) : __i1_large(w)) / sqrtf(magnitude);
    float half = expf(0.5f * magnitude);
    return copysignf(p * half * half, x);
}
