// Lengths of vectors in any number of dimensions, quotients beside remainders, NaNs by name, and the functions' names without suffix.
#pragma once
#include "math/float_pow.h"
#include "math/double_pow.h"

// sqrt(sum of squares) / 2^exponent, so that no square overflows or vanishes.
__device__ inline float __norm_parts(int dimensions, const float* a, int& exponent)
{
    float largest = 0.0f;
    bool infinite = false, undefined = false;
    exponent = 0;
    for (int i = 0; i < dimensions; i++) {
        infinite = infinite || isinf(a[i]);
        undefined = undefined || isnan(a[i]);
        largest = fmaxf(largest, fabsf(a[i]));
    }
    if (infinite) return CUDART_INF_F;
    if (undefined) return CUDART_NAN_F;
    if (largest == 0.0f) return 0.0f;
    exponent = ilogbf(largest);
    float sum = 0.0f;
    for (int i = 0; i < dimensions; i++) {
        float scaled = ldexpf(a[i], -exponent);
        sum += scaled * scaled;
    }
    return sqrtf(sum);
}
__device__ inline float normf(int dimensions, const float* a)
{
    int exponent;
    float length = __norm_parts(dimensions, a, exponent);
    return ldexpf(length, exponent);
}
__device__ inline float rnormf(int dimensions, const float* a)
{
    int exponent;
    float length = __norm_parts(dimensions, a, exponent);
    return ldexpf(1.0f / length, -exponent);
}
__device__ inline double __norm_parts(int dimensions, const double* a, int& exponent)
{
    double largest = 0.0;
    bool infinite = false, undefined = false;
    exponent = 0;
    for (int i = 0; i < dimensions; i++) {
        infinite = infinite || isinf(a[i]);
        undefined = undefined || isnan(a[i]);
        largest = fmax(largest, fabs(a[i]));
    }
    if (infinite) return CUDART_INF;
    if (undefined) return CUDART_NAN;
    if (largest == 0.0) return 0.0;
    exponent = ilogb(largest);
    double sum = 0.0;
    for (int i = 0; i < dimensions; i++) {
        double scaled = ldexp(a[i], -exponent);
        sum += scaled * scaled;
    }
    return sqrt(sum);
}
__device__ inline double norm(int dimensions, const double* a)
{
    int exponent;
    double length = __norm_parts(dimensions, a, exponent);
    return ldexp(length, exponent);
}
__device__ inline double rnorm(int dimensions, const double* a)
{
    int exponent;
    double length = __norm_parts(dimensions, a, exponent);
    return ldexp(1.0 / length, -exponent);
}

// remainder(x, y), and the quotient's sign and last three bits: what is left of x by 8y is divided by hand, without rounding. Where 8y is beyond all numbers, x is less.
__device__ inline float remquof(float x, float y, int* quotient)
{
    *quotient = 0;
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0f) return CUDART_NAN_F;
    if (isinf(y) || x == 0.0f) return x;
    float divisor = fabsf(y);
    float rest = divisor <= 4.25352934e37f ? fmodf(fabsf(x), 8.0f * divisor) : fabsf(x);
    int digits = 0;
    for (int bit = 4; bit > 0; bit >>= 1) {
        if (rest >= (float)bit * divisor) {
            rest -= (float)bit * divisor;
            digits += bit;
        }
    }
    float missing = divisor - rest;
    if (rest > missing || (rest == missing && (digits & 1))) {
        rest = -missing;
        digits += 1;
    }
    *quotient = signbit(x) != signbit(y) ? -(digits & 7) : digits & 7;
    return signbit(x) ? -rest : rest;
}
__device__ inline double remquo(double x, double y, int* quotient)
{
    *quotient = 0;
    if (isnan(x) || isnan(y) || isinf(x) || y == 0.0) return CUDART_NAN;
    if (isinf(y) || x == 0.0) return x;
    double divisor = fabs(y);
    double rest = divisor <= 2.2471164185778946e307 ? fmod(fabs(x), 8.0 * divisor) : fabs(x);
    int digits = 0;
    for (int bit = 4; bit > 0; bit >>= 1) {
        if (rest >= (double)bit * divisor) {
            rest -= (double)bit * divisor;
            digits += bit;
        }
    }
    double missing = divisor - rest;
    if (rest > missing || (rest == missing && (digits & 1))) {
        rest = -missing;
        digits += 1;
    }
    *quotient = signbit(x) != signbit(y) ? -(digits & 7) : digits & 7;
    return signbit(x) ? -rest : rest;
}
__device__ inline float remquo(float x, float y, int* quotient) { return remquof(x, y, quotient); }

__device__ inline float nanf(const char*) { return CUDART_NAN_F; }
__device__ inline double nan(const char*) { return CUDART_NAN; }

namespace std {
using ::remquo;
using ::remquof;
}
