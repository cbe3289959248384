// The parts of a float: classes, sign, exponent, whole part, remainder. All of it is exact.
#pragma once
#include "math_constants.h"

#ifndef NAN
#define NAN CUDART_NAN_F
#define INFINITY CUDART_INF_F
#define HUGE_VALF CUDART_INF_F
#define HUGE_VAL CUDART_INF
#endif

__device__ inline bool isnan(float x) { return (__float_as_uint(x) & 0x7fffffffu) > 0x7f800000u; }
__device__ inline bool isinf(float x) { return (__float_as_uint(x) & 0x7fffffffu) == 0x7f800000u; }
__device__ inline bool isfinite(float x) { return (__float_as_uint(x) & 0x7fffffffu) < 0x7f800000u; }
__device__ inline bool isnormal(float x) { return isfinite(x) && (__float_as_uint(x) & 0x7f800000u) != 0; }
__device__ inline bool signbit(float x) { return __float_as_int(x) < 0; }

// Drivers may reorder float arithmetic, but not across an integer operation. Clearing the last bit holds a value
// where it was computed: it is 0 already where products and differences are exact, which is most often the case.
__device__ inline float __pinned(float x) { return __int_as_float(__float_as_int(x) & -2); }

// The leading 12 and 11 bits of the significand: products of two such parts are exact.
__device__ inline float __head12(float x) { return __int_as_float(__float_as_int(x) & -4096); }
__device__ inline float __head11(float x) { return __int_as_float(__float_as_int(x) & -8192); }

// Halfway cases away from zero.
__device__ inline float roundf(float x)
{
    float whole = truncf(x);
    return fabsf(x - whole) >= 0.5f ? whole + copysignf(1.0f, x) : whole;
}
__device__ inline float nearbyintf(float x) { return rintf(x); }
__device__ inline long lrintf(float x) { return (long)rintf(x); }
__device__ inline long lroundf(float x) { return (long)roundf(x); }
__device__ inline long long llrintf(float x) { return (long long)rintf(x); }
__device__ inline long long llroundf(float x) { return (long long)roundf(x); }

// x * 2^n, rounded once: on the way down x stays normal until the last step.
__device__ inline float ldexpf(float x, int n)
{
    n = min(max(n, -300), 300);
    for (; n > 127; n -= 127)
        x *= 1.70141183e+38f;  // 2^127
    for (int step = 0; step < 2 && n < -126; step++, n += 102)
        x *= 1.97215226e-31f;  // 2^-102
    return x * __int_as_float((max(n, -126) + 127) << 23);
}
__device__ inline float scalbnf(float x, int n) { return ldexpf(x, n); }
__device__ inline float scalblnf(float x, long n) { return ldexpf(x, (int)min(max(n, -300l), 300l)); }

// x = result * 2^exponent with the result in [0.5, 1); zeros, infinities and NaN come back with exponent 0.
__device__ inline float frexpf(float x, int* exponent)
{
    *exponent = 0;
    if (x == 0.0f || !isfinite(x)) return x;
    int shift = 0;
    if (fabsf(x) < 1.17549435e-38f) {
        x *= 16777216.0f;
        shift = -24;
    }
    int bits = __float_as_int(x);
    *exponent = (bits >> 23 & 0xff) - 126 + shift;
    return __int_as_float((bits & 0x807fffff) | 0x3f000000);
}

__device__ inline int ilogbf(float x)
{
    if (x == 0.0f) return -2147483647 - 1;
    if (!isfinite(x)) return isnan(x) ? -2147483647 - 1 : 2147483647;
    int exponent;
    frexpf(x, &exponent);
    return exponent - 1;
}
__device__ inline float logbf(float x)
{
    if (x == 0.0f) return -CUDART_INF_F;
    if (!isfinite(x)) return fabsf(x);
    return (float)ilogbf(x);
}

__device__ inline float modff(float x, float* whole)
{
    *whole = truncf(x);
    return copysignf(isinf(x) ? 0.0f : x - *whole, x);
}

__device__ inline float fdimf(float x, float y) { return isnan(x) || isnan(y) ? x + y : x > y ? x - y : 0.0f; }

// The significand as an integer in [2^23, 2^24), with x = significand * 2^(exponent - 150); x is finite and not 0.
__device__ inline unsigned int __significand(float x, int& exponent)
{
    unsigned int bits = __float_as_uint(x) & 0x7fffffffu;
    exponent = (int)(bits >> 23);
    if (exponent > 0) return (bits & 0x7fffffu) | 0x800000u;
    int shift = __clz((int)bits) - 8;
    exponent = 1 - shift;
    return bits << shift;
}

// significand * 2^(exponent - 150), which must be representable.
__device__ inline float __from_significand(unsigned int significand, int exponent)
{
    if (significand == 0) return 0.0f;
    int shift = __clz((int)significand) - 8;
    significand <<= shift;
    exponent -= shift;
    if (exponent > 0) return __uint_as_float((significand & 0x7fffffu) | (unsigned int)exponent << 23);
    return __uint_as_float(significand >> (1 - exponent));
}

// |x| modulo |y|, by long division of the significands; `odd` is the last bit of the quotient.
__device__ inline float __remainder_magnitude(float x, float y, bool& odd)
{
    odd = false;
    if (fabsf(x) < fabsf(y)) return fabsf(x);
    int exponentX, exponentY;
    unsigned int remainder = __significand(x, exponentX);
    unsigned int divisor = __significand(y, exponentY);
    int steps = exponentX - exponentY;
    for (; steps >= 8; steps -= 8)
        remainder = (remainder % divisor) << 8;
    if (steps > 0) remainder = (remainder % divisor) << steps;
    odd = (remainder / divisor & 1) != 0;
    return __from_significand(remainder % divisor, exponentY);
}

__device__ inline float fmodf(float x, float y)
{
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0f) return CUDART_NAN_F;
    if (isinf(y) || x == 0.0f) return x;
    bool odd;
    return copysignf(__remainder_magnitude(x, y, odd), x);
}

// x - y * rint(x / y), without rounding.
__device__ inline float remainderf(float x, float y)
{
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0f) return CUDART_NAN_F;
    if (isinf(y) || x == 0.0f) return x;
    bool odd;
    float r = __remainder_magnitude(x, y, odd);
    float rest = fabsf(y) - r;
    if (r > rest || (r == rest && odd)) r = -rest;
    return signbit(x) ? -r : r;
}

__device__ inline float nextafterf(float x, float y)
{
    if (isnan(x) || isnan(y)) return CUDART_NAN_F;
    if (x == y) return y;
    if (x == 0.0f) return copysignf(CUDART_MIN_DENORM_F, y);
    return __int_as_float(__float_as_int(x) + ((x < y) == (x > 0.0f) ? 1 : -1));
}
