// The inverse trigonometric functions of doubles.
#pragma once
#include "math/double_parts.h"

// asin(x) = x + x * result, for |x| <= 1/2 and z = x * x.
__device__ inline double __asin_rest(double z)
{
    double q = 0.013884351642807552 + z * (0.012174935570810737 + z * (0.006503543245199747 + z * (0.01959429577137829 + z * (-0.016326647575096134 + z * 0.031981674775115446))));
    q = 0.03038195939522505 + z * (0.022371751945471547 + z * (0.017359795516757152 + z * q));
    return z * (0.16666666666665375 + z * (0.075000000003448 + z * (0.044642856821979666 + z * q)));
}

__device__ inline double asin(double x)
{
    double magnitude = fabs(x);
    if (magnitude <= 0.5) return copysign(magnitude + magnitude * __asin_rest(x * x), x);
    if (!(magnitude <= 1.0)) return CUDART_NAN;
    // pi/2 - 2 * asin(root), with the root in two parts: its rounding error would count twice.
    double z = 0.5 * (1.0 - magnitude);
    double root = sqrt(z);
    double head = __head26(root);
    double tail = root == 0.0 ? 0.0 : (z - __pinned(head * head)) / (root + head);
    double rest = 2.0 * (tail + root * __asin_rest(z)) - 6.123233995736766e-17;
    return copysign((1.5707963267948966 - 2.0 * head) - rest, x);
}

__device__ inline double acos(double x)
{
    double magnitude = fabs(x);
    if (magnitude <= 0.5) return 1.5707963267948966 - ((x + x * __asin_rest(x * x)) - 6.123233995736766e-17);
    if (!(magnitude <= 1.0)) return CUDART_NAN;
    double z = 0.5 * (1.0 - magnitude);
    double root = sqrt(z);
    double rest = 2.0 * (root + root * __asin_rest(z));
    return x > 0.0 ? rest : 3.1415926535897931 - (rest - 1.2246467991473532e-16);
}

// atan(x) for 0 <= x <= 1.
__device__ inline double __atan_kernel(double x)
{
    double z = x * x;
    double q = 0.016978036169585247 + z * (-0.009184563207700776 + z * (0.003855978904591402 + z * (-0.0011640738425764752 + z * (0.00022302299111247792 + z * -2.025862556973702e-5))));
    q = -0.052392327565327294 + z * (0.04673949083898888 + z * (-0.04092637410783974 + z * (0.03406780227926909 + z * (-0.025826791546517038 + z * q))));
    q = -0.09090901234938938 + z * (0.07692212926859131 + z * (-0.06665860342394224 + z * (0.058773076876155 + z * q)));
    q = -0.3333333333333186 + z * (0.1999999999975497 + z * (-0.1428571427133292 + z * (0.11111110678711565 + z * q)));
    return x + x * (z * q);
}

__device__ inline double atan(double x)
{
    double magnitude = fabs(x);
    double angle = magnitude > 1.0 ? 1.5707963267948966 - (__atan_kernel(1.0 / magnitude) - 6.123233995736766e-17) : __atan_kernel(magnitude);
    return copysign(angle, x);
}

// The angle of the point (x, y), between -pi and pi.
__device__ inline double atan2(double y, double x)
{
    if (isnan(x) || isnan(y)) return CUDART_NAN;
    double width = fabs(x);
    double height = fabs(y);
    double small = fmin(width, height);
    double large = fmax(width, height);
    double ratio = large == 0.0 ? 0.0 : small == large ? 1.0 : small / large;
    double angle = __atan_kernel(ratio);
    if (height > width) angle = 1.5707963267948966 - (angle - 6.123233995736766e-17);
    if (signbit(x)) angle = 3.1415926535897931 - (angle - 1.2246467991473532e-16);
    return copysign(angle, y);
}
