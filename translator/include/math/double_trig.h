// Sine, cosine and tangent of doubles, for arguments of any size.
#pragma once
#include "math/double_parts.h"

// sin(r + tail) = r + result, for |r| <= pi/4 and a tail below its last bit.
__device__ inline double __sin_rest(double r, double tail)
{
    double z = r * r;
    double q = 2.7557313691916835e-6 + z * (-2.5050758112329413e-8 + z * 1.5896795423134729e-10);
    q = -0.16666666666666632 + z * (0.0083333333333224153 + z * (-0.00019841269829807924 + z * q));
    return r * (z * q) + tail * (1.0 - 0.5 * z);
}

// cos(r + tail) = (1 - r^2/2, rounded) + result.
__device__ inline double __cos_rest(double r, double tail)
{
    double z = r * r;
    double q = -2.7557314352277083e-7 + z * (2.0875723264407075e-9 + z * -1.1359647299909745e-11);
    q = 0.0416666666666666 + z * (-0.0013888888888874125 + z * (2.4801587289482035e-5 + z * q));
    double w = 1.0 - 0.5 * z;
    return ((1.0 - w) - 0.5 * z) + (z * z * q - r * tail);
}

__device__ inline double __sin_kernel(double r, double tail) { return copysign(r + __sin_rest(r, tail), r); }
__device__ inline double __cos_kernel(double r, double tail) { return (1.0 - 0.5 * (r * r)) + __cos_rest(r, tail); }

// The digits of 2/pi in base 2^64, with a zero in front.
__device__ inline unsigned long long __two_over_pi_wide(int digit)
{
    switch (digit) {
    case 1: return 0xa2f9836e4e441529ull;
    case 2: return 0xfc2757d1f534ddc0ull;
    case 3: return 0xdb6295993c439041ull;
    case 4: return 0xfe5163abdebbc561ull;
    case 5: return 0xb7246e3a424dd2e0ull;
    case 6: return 0x06492eea09d1921cull;
    case 7: return 0xfe1deb1cb129a73eull;
    case 8: return 0xe88235f52ebb4484ull;
    case 9: return 0xe99c7026b45f7e41ull;
    case 10: return 0x3991d639835339f4ull;
    case 11: return 0x9c845f8bbdf9283bull;
    case 12: return 0x1ff897ffde05980full;
    case 13: return 0xef2f118b5a0a6d1full;
    case 14: return 0x6d367ecf27cb09b7ull;
    case 15: return 0x4f463f669e5fea2dull;
    case 16: return 0x7527bac7ebe5f17bull;
    case 17: return 0x3d0739f78a5292eaull;
    case 18: return 0x6bfb5fb11f8d5d08ull;
    case 19: return 0x56033046fc7b6babull;
    case 20: return 0xf0cfbc209af4361dull;
    default: return 0ull;
    }
}

// Payne and Hanek's reduction in integers: x * 2/pi modulo 4 needs only 192 bits of 2/pi, those at x's exponent.
__device__ inline double __reduce_large(double x, int& quadrant, double& tail)
{
    unsigned long long bits = (unsigned long long)__double_as_longlong(x);
    int position = (int)(bits >> 52 & 0x7ff) - 1013;
    int digit = position >> 6;
    int shift = position & 63;
    unsigned long long w2 = __two_over_pi_wide(digit), w1 = __two_over_pi_wide(digit + 1), w0 = __two_over_pi_wide(digit + 2);
    if (shift != 0) {
        w2 = w2 << shift | w1 >> (64 - shift);
        w1 = w1 << shift | w0 >> (64 - shift);
        w0 = w0 << shift | __two_over_pi_wide(digit + 3) >> (64 - shift);
    }

    // The upper 128 of the lower 192 bits of the product: two bits of quadrant, then the fraction.
    unsigned long long m = (bits & 0xfffffffffffffull) | 0x10000000000000ull;
    unsigned long long low = m * w1 + __umul64hi(m, w0);
    unsigned long long high = m * w2 + __umul64hi(m, w1) + (low < m * w1 ? 1ull : 0ull);
    quadrant = (int)((high + 0x2000000000000000ull) >> 62);
    high = high << 2 | low >> 62;
    low <<= 2;

    // The fraction is signed and lies between -1/2 and 1/2; bring its first bit to the front.
    bool negative = (long long)high < 0;
    if (negative) {
        low = ~low + 1ull;
        high = ~high + (low == 0ull ? 1ull : 0ull);
    }
    int zeros = __clzll((long long)high);
    unsigned long long fraction = zeros == 0 ? high : high << zeros | low >> (64 - zeros);
    unsigned long long angle = __umul64hi(fraction, 0xc90fdaa22168c235ull);  // pi/2 * 2^63
    unsigned long long leading = angle & ~0x7ffull;
    double scale = __power_of_two(-63 - zeros);
    double sign = negative != ((long long)bits < 0) ? -scale : scale;
    double first = (double)leading * sign;
    double second = (double)(angle - leading) * sign;
    if ((long long)bits < 0) quadrant = -quadrant;
    double r = first + second;
    tail = (first - r) + second;
    return r;
}

// r + tail with x = quadrant * pi/2 + r + tail, |r| <= pi/4; only the last two bits of the quadrant count.
__device__ inline double __reduce_angle(double x, int& quadrant, double& tail)
{
    tail = 0.0;
    quadrant = 0;
    if (fabs(x) < CUDART_PIO4) return x;
    if (fabs(x) < 1e6) {
        double n = rint(x * CUDART_2_OVER_PI);
        quadrant = (int)n;
        double difference = x - n * 1.570796325802803;
        double first = __pinned(difference);
        double product = __pinned(n * 9.920935791635221e-10);
        double second = __pinned(first - product);
        double lost = __pinned(difference - first) + ((first - second) - product);
        product = __pinned(n * 5.17018297889025e-19);
        double third = __pinned(second - product);
        lost += ((second - third) - product) - n * 2.9038559739793605e-28;
        double r = third + lost;
        tail = (third - r) + lost;
        return r;
    }
    return isfinite(x) ? __reduce_large(x, quadrant, tail) : CUDART_NAN;
}

__device__ inline double sin(double x)
{
    int quadrant;
    double tail;
    double r = __reduce_angle(x, quadrant, tail);
    double value = (quadrant & 1) ? __cos_kernel(r, tail) : __sin_kernel(r, tail);
    return (quadrant & 2) ? -value : value;
}

__device__ inline double cos(double x)
{
    int quadrant;
    double tail;
    double r = __reduce_angle(x, quadrant, tail);
    double value = (quadrant & 1) ? __sin_kernel(r, tail) : __cos_kernel(r, tail);
    return ((quadrant + 1) & 2) ? -value : value;
}

__device__ inline double tan(double x)
{
    int quadrant;
    double tail;
    double r = __reduce_angle(x, quadrant, tail);
    if (r == 0.0) return r;

    // Sine and cosine with what their rounding lost, then the quotient with what that costs.
    double rest = __sin_rest(r, tail);
    double sine = r + rest;
    double sineLost = (r - sine) + rest;
    double w = 1.0 - 0.5 * (r * r);
    rest = __cos_rest(r, tail);
    double cosine = w + rest;
    double cosineLost = (w - cosine) + rest;
    if (quadrant & 1) {
        double quotient = -cosine / sine;
        return quotient - (cosineLost + quotient * sineLost) / sine;
    }
    double quotient = sine / cosine;
    return quotient + (sineLost - quotient * cosineLost) / cosine;
}

// Both of r + tail behind so many quarters of a turn.
__device__ inline void __sincos_kernel(double r, double tail, int quadrant, double& sine, double& cosine)
{
    double s = __sin_kernel(r, tail);
    double c = __cos_kernel(r, tail);
    sine = (quadrant & 1) ? c : s;
    cosine = (quadrant & 1) ? s : c;
    if (quadrant & 2) sine = -sine;
    if ((quadrant + 1) & 2) cosine = -cosine;
}

__device__ inline void sincos(double x, double* sine, double* cosine)
{
    int quadrant;
    double tail;
    double r = __reduce_angle(x, quadrant, tail);
    double s, c;
    __sincos_kernel(r, tail, quadrant, s, c);
    *sine = s;
    *cosine = c;
}

// Of pi * x: the reduction is exact, and pi * t is held in two parts.
__device__ inline void sincospi(double x, double* sine, double* cosine)
{
    double turn = isfinite(x) ? x - 2.0 * trunc(0.5 * x) : CUDART_NAN;
    double n = rint(2.0 * turn);
    double t = turn - 0.5 * n;
    double head = __head26(t);
    double first = __pinned(head * 3.1415926218032837);
    double second = (t - head) * 3.1415926218032837 + t * 3.178650954705639e-8;
    double r = first + second;
    double s, c;
    __sincos_kernel(r, (first - r) + second, (int)n, s, c);
    *sine = s == 0.0 ? copysign(0.0, x) : s;
    *cosine = c == 0.0 ? 0.0 : c;
}

__device__ inline double sinpi(double x)
{
    double sine, cosine;
    sincospi(x, &sine, &cosine);
    return sine;
}

__device__ inline double cospi(double x)
{
    double sine, cosine;
    sincospi(x, &sine, &cosine);
    return cosine;
}
