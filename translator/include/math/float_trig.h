// Sine, cosine and tangent of floats, for arguments of any size.
#pragma once
#include "math/float_parts.h"

// sin(r) and cos(r) for |r| <= pi/4.
__device__ inline float __sin_kernel(float r)
{
    float z = r * r;
    float q = -0.166666672f + z * (0.00833332911f + z * (-0.000198393347f + z * 2.71830504e-6f));
    return copysignf(r + r * (z * q), r);
}
__device__ inline float __cos_kernel(float r)
{
    float z = r * r;
    float q = 0.0416666456f + z * (-0.00138873665f + z * 2.44383664e-5f);
    float w = 1.0f - 0.5f * z;
    return w + (((1.0f - w) - 0.5f * z) + z * z * q);
}

// The digits of 2/pi in base 2^32, with a zero in front.
__device__ inline unsigned int __two_over_pi(int digit)
{
    switch (digit) {
    case 1: return 0xa2f9836eu;
    case 2: return 0x4e441529u;
    case 3: return 0xfc2757d1u;
    case 4: return 0xf534ddc0u;
    case 5: return 0xdb629599u;
    case 6: return 0x3c439041u;
    case 7: return 0xfe5163abu;
    default: return 0u;
    }
}

// Payne and Hanek's reduction in integers: x * 2/pi modulo 4 needs only 96 bits of 2/pi, those at x's exponent.
__device__ inline float __reduce_large(float x, int& quadrant)
{
    unsigned int bits = __float_as_uint(x);
    int position = (int)(bits >> 23 & 0xff) - 120;
    int digit = position >> 5;
    int shift = position & 31;
    unsigned int w2 = __two_over_pi(digit), w1 = __two_over_pi(digit + 1), w0 = __two_over_pi(digit + 2);
    if (shift != 0) {
        w2 = w2 << shift | w1 >> (32 - shift);
        w1 = w1 << shift | w0 >> (32 - shift);
        w0 = w0 << shift | __two_over_pi(digit + 3) >> (32 - shift);
    }

    // The upper 64 of the lower 96 bits of the product: two bits of quadrant, then the fraction.
    unsigned int m = (bits & 0x7fffffu) | 0x800000u;
    unsigned int low = m * w1 + __umulhi(m, w0);
    unsigned int high = m * w2 + __umulhi(m, w1) + (low < m * w1 ? 1u : 0u);
    quadrant = (int)((high + 0x20000000u) >> 30);
    high = high << 2 | low >> 30;
    low <<= 2;

    // The fraction is signed and lies between -1/2 and 1/2; bring its first bit to the front.
    bool negative = (int)high < 0;
    if (negative) {
        low = ~low + 1u;
        high = ~high + (low == 0u ? 1u : 0u);
    }
    int zeros = __clz((int)high);
    unsigned int fraction = zeros == 0 ? high : high << zeros | low >> (32 - zeros);
    float r = (float)__umulhi(fraction, 0xc90fdaa2u) * __int_as_float((96 - zeros) << 23);  // pi/2 * 2^31
    if (negative != ((int)bits < 0)) r = -r;
    if ((int)bits < 0) quadrant = -quadrant;
    return r;
}

// r with x = quadrant * pi/2 + r, |r| <= pi/4; only the last two bits of the quadrant count.
__device__ inline float __reduce_angle(float x, int& quadrant)
{
    quadrant = 0;
    if (fabsf(x) < 0.785398185f) return x;
    if (fabsf(x) < 400.0f) {
        float n = rintf(x * CUDART_2_OVER_PI_F);
        quadrant = (int)n;
        float difference = x - n * 1.57073975f;
        float first = __pinned(difference);
        float product = __pinned(n * 5.65797091e-5f);
        float second = __pinned(first - product);
        float lost = __pinned(difference - first) + ((first - second) - product);
        float r = second + (lost - n * 9.92093629e-10f);
        // Near a multiple of pi/2 these 72 bits of it are too few: 252.898209 leaves 4.2e-9.
        if (fabsf(r) > 1e-5f) return r;
    }
    return isfinite(x) ? __reduce_large(x, quadrant) : CUDART_NAN_F;
}

__device__ inline float sinf(float x)
{
    int quadrant;
    float r = __reduce_angle(x, quadrant);
    float value = (quadrant & 1) ? __cos_kernel(r) : __sin_kernel(r);
    return (quadrant & 2) ? -value : value;
}

__device__ inline float cosf(float x)
{
    int quadrant;
    float r = __reduce_angle(x, quadrant);
    float value = (quadrant & 1) ? __sin_kernel(r) : __cos_kernel(r);
    return ((quadrant + 1) & 2) ? -value : value;
}

__device__ inline float tanf(float x)
{
    int quadrant;
    float r = __reduce_angle(x, quadrant);
    float sine = __sin_kernel(r);
    float cosine = __cos_kernel(r);
    return (quadrant & 1) ? -cosine / sine : sine / cosine;
}

__device__ inline void sincosf(float x, float* sine, float* cosine)
{
    int quadrant;
    float r = __reduce_angle(x, quadrant);
    float s = __sin_kernel(r);
    float c = __cos_kernel(r);
    if (quadrant & 1) {
        float t = s;
        s = c;
        c = -t;
    }
    *sine = (quadrant & 2) ? -s : s;
    *cosine = (quadrant & 2) ? -c : c;
}

// sin(pi * t) and cos(pi * t) for |t| <= 1/4; the leading term pi * t is held in two parts.
__device__ inline float __sinpi_kernel(float t)
{
    float head = __head12(t);
    float z = t * t;
    float q = -5.16771269f + z * (2.55016279f + z * (-0.599205911f + z * 0.0810286701f));
    float small = ((t - head) * 3.140625f + t * 0.000967653597f) + t * (z * q);
    return copysignf(__pinned(head * 3.140625f) + small, t);
}
__device__ inline float __cospi_kernel(float t)
{
    float z = t * t;
    float q = 4.0587101f + z * (-1.33511603f + z * 0.231879413f);
    float head = __int_as_float(__float_as_int(t) & -65536);  // 8 bits: the product below is exact
    float square = __pinned(head * head * 4.875f);
    float w = 1.0f - square;
    return w + (((1.0f - w) - square) - ((t - head) * (t + head) * 4.875f + z * 0.0598022006f) + z * z * q);
}

__device__ inline void sincospif(float x, float* sine, float* cosine)
{
    float turn = isfinite(x) ? x - 2.0f * truncf(0.5f * x) : CUDART_NAN_F;
    float n = rintf(2.0f * turn);
    int quadrant = (int)n;
    float t = turn - 0.5f * n;
    float s = (quadrant & 1) ? __cospi_kernel(t) : __sinpi_kernel(t);
    float c = (quadrant & 1) ? __sinpi_kernel(t) : __cospi_kernel(t);
    s = (quadrant & 2) ? -s : s;
    // Tiny ones by one operation, of which no part is subnormal before the result is.
    *sine = fabsf(x) < 1e-10f ? 3.14159274f * x : s == 0.0f ? copysignf(0.0f, x) : s;
    *cosine = c == 0.0f ? 0.0f : ((quadrant + 1) & 2) ? -c : c;
}

__device__ inline float sinpif(float x)
{
    float sine, cosine;
    sincospif(x, &sine, &cosine);
    return sine;
}

__device__ inline float cospif(float x)
{
    float sine, cosine;
    sincospif(x, &sine, &cosine);
    return cosine;
}
