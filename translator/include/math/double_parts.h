// The parts of a double: classes, sign, exponent, whole part, remainder. All of it is exact.
#pragma once
#include "math_constants.h"

__device__ inline bool isnan(double x) { return (__double_as_longlong(x) & 0x7fffffffffffffffll) > 0x7ff0000000000000ll; }
__device__ inline bool isinf(double x) { return (__double_as_longlong(x) & 0x7fffffffffffffffll) == 0x7ff0000000000000ll; }
__device__ inline bool isfinite(double x) { return (__double_as_longlong(x) & 0x7fffffffffffffffll) < 0x7ff0000000000000ll; }
__device__ inline bool isnormal(double x) { return isfinite(x) && fabs(x) >= 2.2250738585072014e-308; }
__device__ inline bool signbit(double x) { return __double_as_longlong(x) < 0; }

// As for floats: holds a value where it was computed; and the leading 26 bits, of which products are exact.
__device__ inline double __pinned(double x) { return __longlong_as_double(__double_as_longlong(x) & -2ll); }
__device__ inline double __head26(double x) { return __longlong_as_double(__double_as_longlong(x) & -134217728ll); }

// 2^n for n from -1022 to 1023.
__device__ inline double __power_of_two(int n) { return __longlong_as_double((long long)(n + 1023) << 52); }

__device__ inline double round(double x)
{
    double whole = trunc(x);
    return fabs(x - whole) >= 0.5 ? whole + copysign(1.0, x) : whole;
}
__device__ inline double nearbyint(double x) { return rint(x); }
__device__ inline long lrint(double x) { return (long)rint(x); }
__device__ inline long lround(double x) { return (long)round(x); }
__device__ inline long long llrint(double x) { return (long long)rint(x); }
__device__ inline long long llround(double x) { return (long long)round(x); }

// x * 2^n, rounded once: on the way down x stays normal until the last step.
__device__ inline double ldexp(double x, int n)
{
    n = min(max(n, -2200), 2200);
    for (; n > 1023; n -= 1023)
        x *= __power_of_two(1023);
    for (int step = 0; step < 2 && n < -1022; step++, n += 969)
        x *= __power_of_two(-969);
    return x * __power_of_two(max(n, -1022));
}
__device__ inline double scalbn(double x, int n) { return ldexp(x, n); }
__device__ inline double scalbln(double x, long n) { return ldexp(x, (int)min(max(n, -2200l), 2200l)); }

// x = result * 2^exponent with the result in [0.5, 1); zeros, infinities and NaN come back with exponent 0.
__device__ inline double frexp(double x, int* exponent)
{
    *exponent = 0;
    if (x == 0.0 || !isfinite(x)) return x;
    int shift = 0;
    if (!isnormal(x)) {
        x *= 18014398509481984.0;  // 2^54
        shift = -54;
    }
    long long bits = __double_as_longlong(x);
    *exponent = (int)(bits >> 52 & 0x7ff) - 1022 + shift;
    return __longlong_as_double((bits & 0x800fffffffffffffll) | 0x3fe0000000000000ll);
}

__device__ inline int ilogb(double x)
{
    if (x == 0.0) return -2147483647 - 1;
    if (!isfinite(x)) return isnan(x) ? -2147483647 - 1 : 2147483647;
    int exponent;
    frexp(x, &exponent);
    return exponent - 1;
}
__device__ inline double logb(double x)
{
    if (x == 0.0) return -CUDART_INF;
    if (!isfinite(x)) return fabs(x);
    return (double)ilogb(x);
}

__device__ inline double modf(double x, double* whole)
{
    *whole = trunc(x);
    return copysign(isinf(x) ? 0.0 : x - *whole, x);
}

__device__ inline double fdim(double x, double y) { return isnan(x) || isnan(y) ? x + y : x > y ? x - y : 0.0; }

// The significand as an integer in [2^52, 2^53), with x = significand * 2^(exponent - 1075); x is finite and not 0.
__device__ inline unsigned long long __significand(double x, int& exponent)
{
    unsigned long long bits = (unsigned long long)__double_as_longlong(x) & 0x7fffffffffffffffull;
    exponent = (int)(bits >> 52);
    if (exponent > 0) return (bits & 0xfffffffffffffull) | 0x10000000000000ull;
    int shift = __clzll((long long)bits) - 11;
    exponent = 1 - shift;
    return bits << shift;
}

// significand * 2^(exponent - 1075), which must be representable.
__device__ inline double __from_significand(unsigned long long significand, int exponent)
{
    if (significand == 0) return 0.0;
    int shift = __clzll((long long)significand) - 11;
    significand <<= shift;
    exponent -= shift;
    if (exponent <= 0) return __longlong_as_double((long long)(significand >> (1 - exponent)));
    return __longlong_as_double((long long)((significand & 0xfffffffffffffull) | (unsigned long long)exponent << 52));
}

// |x| modulo |y|, by long division of the significands; `odd` is the last bit of the quotient.
__device__ inline double __remainder_magnitude(double x, double y, bool& odd)
{
    odd = false;
    if (fabs(x) < fabs(y)) return fabs(x);
    int exponentX, exponentY;
    unsigned long long remainder = __significand(x, exponentX);
    unsigned long long divisor = __significand(y, exponentY);
    int steps = exponentX - exponentY;
    for (; steps >= 11; steps -= 11)
        remainder = (remainder % divisor) << 11;
    if (steps > 0) remainder = (remainder % divisor) << steps;
    odd = (remainder / divisor & 1) != 0;
    return __from_significand(remainder % divisor, exponentY);
}

__device__ inline double fmod(double x, double y)
{
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0) return CUDART_NAN;
    if (isinf(y) || x == 0.0) return x;
    bool odd;
    return copysign(__remainder_magnitude(x, y, odd), x);
}

// x - y * rint(x / y), without rounding.
__device__ inline double remainder(double x, double y)
{
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0) return CUDART_NAN;
    if (isinf(y) || x == 0.0) return x;
    bool odd;
    double r = __remainder_magnitude(x, y, odd);
    double rest = fabs(y) - r;
    if (r > rest || (r == rest && odd)) r = -rest;
    return signbit(x) ? -r : r;
}

__device__ inline double nextafter(double x, double y)
{
    if (isnan(x) || isnan(y)) return CUDART_NAN;
    if (x == y) return y;
    if (x == 0.0) return copysign(CUDART_MIN_DENORM, y);
    return __longlong_as_double(__double_as_longlong(x) + ((x < y) == (x > 0.0) ? 1 : -1));
}
