// Logarithms of doubles, and the inverse hyperbolic functions made of them.
#pragma once
#include "math/double_parts.h"

// x = (1 + result) * 2^exponent for finite x > 0, with 1 + result between sqrt(1/2) and sqrt(2).
__device__ inline double __split_binade(double x, int& exponent)
{
    exponent = 0;
    if (x < 2.2250738585072014e-308) {
        x *= 18014398509481984.0;  // 2^54
        exponent = -54;
    }
    long long bits = __double_as_longlong(x) - 0x3fe6a09e667f3bcdll;
    exponent += (int)(bits >> 52);
    return __longlong_as_double((bits & 0xfffffffffffffll) + 0x3fe6a09e667f3bcdll) - 1.0;
}

// log(1 + f) = f - (f^2/2 - result).
__device__ inline double __log1p_rest(double f)
{
    double s = f / (2.0 + f);
    double z = s * s;
    double r = 0.2222219856381838 + z * (0.1818356484583392 + z * (0.15314036400045591 + z * 0.1479609975718104));
    r = z * (0.6666666666666734 + z * (0.39999999999414315 + z * (0.2857142874247316 + z * r)));
    return s * (0.5 * f * f + r);
}

// The logarithms' values outside 0 < x < infinity.
__device__ inline double __log_outside(double x) { return x == 0.0 ? -CUDART_INF : x > 0.0 ? x : CUDART_NAN; }

__device__ inline double log(double x)
{
    if (!(x > 0.0 && x < CUDART_INF)) return __log_outside(x);
    int exponent;
    double f = __split_binade(x, exponent);
    double e = (double)exponent;
    return e * 0.693147180559663 - ((0.5 * f * f - (__log1p_rest(f) + e * 2.8235290563031577e-13)) - f);
}

__device__ inline double log2(double x)
{
    if (!(x > 0.0 && x < CUDART_INF)) return __log_outside(x);
    int exponent;
    double f = __split_binade(x, exponent);
    double head = __head26(f - 0.5 * f * f);
    double tail = ((f - head) - 0.5 * f * f) + __log1p_rest(f);
    return ((tail * 1.4426950408889634 + head * 1.9259629911266175e-8) + head * 1.4426950216293335) + (double)exponent;
}

__device__ inline double log10(double x)
{
    if (!(x > 0.0 && x < CUDART_INF)) return __log_outside(x);
    int exponent;
    double f = __split_binade(x, exponent);
    double e = (double)exponent;
    double head = __head26(f - 0.5 * f * f);
    double tail = ((f - head) - 0.5 * f * f) + __log1p_rest(f);
    double small = (tail * 0.43429448190325182 + head * 4.798111141615973e-9) + e * 1.4205023227266099e-13;
    double product = head * 0.4342944771051407;
    double whole = e * 0.30102999566383914;
    double sum = whole + product;
    return e == 0.0 ? product + small : sum + (((whole - sum) + product) + small);
}

__device__ inline double log1p(double x)
{
    if (x == 0.0) return x;
    if (!(x > -1.0 && x < CUDART_INF)) return x == -1.0 ? -CUDART_INF : x > 0.0 ? x : CUDART_NAN;
    if (x > -0.29 && x < 0.41) return x - (0.5 * x * x - __log1p_rest(x));

    // 1 + x = u + lost, and log(u + lost) is log(u) + lost / u.
    double u = __pinned(1.0 + x);
    double lost = x >= 1.0 ? 1.0 - (u - x) : x - (u - 1.0);
    int exponent;
    double f = __split_binade(u, exponent);
    double e = (double)exponent;
    return e * 0.693147180559663 - ((0.5 * f * f - (__log1p_rest(f) + (e * 2.8235290563031577e-13 + lost / u))) - f);
}

__device__ inline double asinh(double x)
{
    double magnitude = fabs(x);
    if (magnitude > 1e100) return copysign(log(magnitude) + 0.69314718055994531, x);
    double square = magnitude * magnitude;
    return copysign(log1p(magnitude + square / (1.0 + sqrt(1.0 + square))), x);
}

__device__ inline double acosh(double x)
{
    if (!(x >= 1.0)) return CUDART_NAN;
    if (x > 1e100) return log(x) + 0.69314718055994531;
    double t = x - 1.0;
    return log1p(t + sqrt(2.0 * t + t * t));
}

__device__ inline double atanh(double x)
{
    double magnitude = fabs(x);
    return copysign(0.5 * log1p(2.0 * magnitude / (1.0 - magnitude)), x);
}
