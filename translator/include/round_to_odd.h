// Rounding to odd: what keeps a second rounding, to 16 bits, right.
#pragma once
#include "math_functions.h"

// The nearest float with an odd significand, unless x is a float: a second rounding then does no harm.
__host__ __device__ inline float __round_to_odd(double x)
{
    float nearest = (float)x;
    int bits = __float_as_int(nearest);
    if ((double)nearest == x || (bits & 1) || !isfinite(nearest)) return nearest;
    return __int_as_float(bits + ((fabs(x) > fabs((double)nearest)) ? 1 : -1));
}

// An integer as a float, rounded to odd.
__host__ __device__ inline float __integer_to_odd(bool negative, unsigned int magnitude)
{
    if (magnitude >= 0x1000000u) magnitude = (magnitude & 0xffffff00u) | ((magnitude & 0xffu) != 0u ? 0x100u : 0u);
    return negative ? -(float)magnitude : (float)magnitude;
}

// a * b + c for a product that a float holds, rounded to odd.
__device__ inline float __fma_to_odd(float a, float b, float c)
{
    float product = a * b;
    float sum = product + c;
    float back = sum - product;
    float error = (product - (sum - back)) + (c - back);
    int bits = __float_as_int(sum);
    if (error == 0.0f || (bits & 1) || !isfinite(sum)) return sum;
    return __int_as_float(bits + ((error > 0.0f) == (sum > 0.0f) ? 1 : -1));
}
