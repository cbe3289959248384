// Exponential and hyperbolic functions of doubles.
#pragma once
#include "math/double_parts.h"

// 2^n * e^(r + tail) for |r| <= ln(2) / 2, a tail below its last bit, and n from -1077 to 1024.
__device__ inline double __scaled_exp(double r, double tail, int n)
{
    double q = 2.4801489844360321e-5 + r * (2.7557216004789316e-6 + r * (2.7631317830812759e-7 + r * 2.5117948712012710e-8));
    q = 0.0083333333333070328 + r * (0.0013888888947102577 + r * (0.00019841269917737162 + r * q));
    q = 0.50000000000000133 + r * (0.16666666666666699 + r * (0.041666666666515126 + r * q));
    long long bits = __double_as_longlong(1.0 + (r + (r * r * q + tail)));
    if (n >= -1021) return __longlong_as_double(bits + n * 0x10000000000000ll);
    return __longlong_as_double(bits + (n + 128) * 0x10000000000000ll) * 2.9387358770557188e-39;  // 2^-128
}

// e^x.
__device__ inline double __exp_in_range(double x)
{
    double n = rint(x * 1.4426950408889634);
    double difference = x - n * 0.693147180559663;
    double first = __pinned(difference);
    double second = n * 2.8235290563031577e-13;
    double r = first - second;
    double tail = __pinned(difference - first) + ((first - r) - second);
    return __scaled_exp(r, tail, (int)n);
}

__device__ inline double exp(double x)
{
    if (x > 709.78271289338397) return CUDART_INF;
    if (!(x > -745.2)) return isnan(x) ? x : 0.0;
    return __exp_in_range(x);
}

// 2^n * e^((f + tail) * (head + rest)), with a head of 26 bits.
__device__ inline double __scaled_product_exp(double f, double tail, double head, double rest, int n)
{
    double leading = __head26(f);
    double first = __pinned(leading * head);
    double second = (f - leading) * head + (f * rest + tail * head);
    double r = first + second;
    return __scaled_exp(r, (first - r) + second, n);
}

__device__ inline double exp2(double x)
{
    if (x >= 1024.0) return CUDART_INF;
    if (!(x > -1076.0)) return isnan(x) ? x : 0.0;
    double n = rint(x);
    return __scaled_product_exp(x - n, 0.0, 0.6931471675634384, 1.2996506893889889e-08, (int)n);
}

__device__ inline double exp10(double x)
{
    if (x > 308.25471555991669) return CUDART_INF;
    if (!(x > -324.0)) return isnan(x) ? x : 0.0;
    double n = rint(x * 3.3219280948873623);
    double difference = x - n * 0.30102999566383914;
    double first = __pinned(difference);
    double second = n * 1.4205023227266099e-13;
    double r = first - second;
    double tail = __pinned(difference - first) + ((first - r) - second);
    return __scaled_product_exp(r, tail, 2.3025850653648376, 2.7629208037533617e-08, (int)n);
}

// e^(r + tail) - 1 for |r| <= 1/2.
__device__ inline double __expm1_kernel(double r, double tail)
{
    double q = 2.4801587728979419e-5 + r * (2.7557318263781165e-6 + r * (2.7557031246482430e-7 + r * (2.5052366503105717e-8 + r * (2.0969583697271625e-9 + r * 1.6060245651697332e-10))));
    q = 0.0083333333333325247 + r * (0.0013888888888582249 + r * (0.00019841269842635573 + r * q));
    return r + (r * r * (0.5 + r * (0.16666666666666669 + r * (0.0416666666666676 + r * q))) + tail);
}

__device__ inline double expm1(double x)
{
    if (isnan(x) || x == 0.0) return x;
    if (fabs(x) < 0.5) return __expm1_kernel(x, 0.0);
    if (x < -37.5) return -1.0;
    if (x > 709.0) return exp(x);
    double n = rint(x * 1.4426950408889634);
    double difference = x - n * 0.693147180559663;
    double first = __pinned(difference);
    double second = n * 2.8235290563031577e-13;
    double r = first - second;
    double tail = __pinned(difference - first) + ((first - r) - second);
    double inverse = n < 1022.0 ? __power_of_two(-(int)n) : 0.0;
    double k = __expm1_kernel(r, tail);
    return __power_of_two((int)n) * (n > 50.0 ? (k - inverse) + 1.0 : k + (1.0 - inverse));
}

// e^x / 2 in two parts, for 0 <= x <= 711.
__device__ inline double __half_exp_parts(double x, double& rest)
{
    double n = rint(x * 1.4426950408889634);
    double difference = x - n * 0.693147180559663;
    double first = __pinned(difference);
    double second = n * 2.8235290563031577e-13;
    double r = first - second;
    double tail = __pinned(difference - first) + ((first - r) - second);
    double k = __expm1_kernel(r, tail);
    double e = 1.0 + k;
    double power = __power_of_two((int)n - 2);  // n may be 1025
    rest = ((1.0 - e) + k) * power * 2.0;
    return e * power * 2.0;
}

__device__ inline double cosh(double x)
{
    double magnitude = fabs(x);
    if (!(magnitude <= 710.47586007394386)) return isnan(x) ? x : CUDART_INF;
    double rest;
    double half = __half_exp_parts(magnitude, rest);
    return half + (0.25 / half + rest);
}

__device__ inline double sinh(double x)
{
    double magnitude = fabs(x);
    if (magnitude < 1.0) {
        double z = x * x;
        double q = 2.5052108345642666e-8 + z * (1.6059050705737477e-10 + z * (7.646476368762318e-13 + z * 2.848398109116746e-15));
        q = 0.16666666666666666 + z * (0.0083333333333333332 + z * (0.0001984126984126959 + z * (2.7557319224120236e-6 + z * q)));
        return copysign(magnitude + magnitude * (z * q), x);
    }
    if (!(magnitude <= 710.47586007394386)) return isnan(x) ? x : copysign(CUDART_INF, x);
    double rest;
    double half = __half_exp_parts(magnitude, rest);
    return copysign(half - (0.25 / half - rest), x);
}

__device__ inline double tanh(double x)
{
    double magnitude = fabs(x);
    if (magnitude < 0.55) {
        double z = x * x;
        double q = 0.00058983233462958029 + z * (-0.00023821109429462335 + z * (9.395927102506791e-5 + z * (-3.2954116719741867e-5 + z * 7.441284407383572e-6)));
        q = -0.0088632353356484073 + z * (0.0035921251524408467 + z * (-0.0014558057412559099 + z * q));
        q = -0.33333333333333331 + z * (0.13333333333333067 + z * (-0.05396825396804348 + z * (0.02186948852780796 + z * q)));
        return copysign(magnitude + magnitude * (z * q), x);
    }
    if (magnitude > 20.0) return copysign(1.0, x);
    double rest;
    double half = __half_exp_parts(2.0 * magnitude, rest);
    double sum = half + 0.5;
    rest += (half - sum) + 0.5;
    double quotient = 1.0 / sum;
    return copysign(1.0 - (quotient - quotient * quotient * rest), x);
}
