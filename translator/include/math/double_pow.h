// Powers and roots of doubles.
#pragma once
#include "math/double_exp.h"
#include "math/double_log.h"

// 1 / sqrt(x + tail), with a tail below x's last place: 1 / root, corrected by what the root's and the quotient's rounding lost.
__device__ inline double __rsqrt_parts(double x, double tail)
{
    double root = sqrt(x);
    double y = 1.0 / root;
    double rootHead = __head26(root), rootTail = root - rootHead;
    double yHead = __head26(y), yTail = y - yHead;
    double rootLost = ((x - __pinned(rootHead * rootHead)) - 2.0 * rootHead * rootTail) - rootTail * rootTail + tail;
    double yLost = ((1.0 - __pinned(rootHead * yHead)) - (rootHead * yTail + rootTail * yHead)) - rootTail * yTail;
    return y + y * (yLost - 0.5 * rootLost * (y * y));
}
__device__ inline double rsqrt(double x)
{
    if (!(x > 0.0 && x < CUDART_INF)) return 1.0 / sqrt(x);
    if (x < 1e-290) return __rsqrt_parts(x * 18014398509481984.0, 0.0) * 134217728.0;  // 2^54, 2^27
    return __rsqrt_parts(x, 0.0);
}

// log2(x) for finite x > 0 in two parts, the first of 26 bits, together good to about 64: the method of fdlibm's pow.
__device__ inline double __log2_parts(double x, double& tail)
{
    int exponent;
    double f = __split_binade(x, exponent);
    double e = (double)exponent;

    // s = f / (2 + f), in two parts.
    double sum = 2.0 + f;
    double s = f / sum;
    double sHead = __head26(s);
    double sumHead = __head26(sum);
    double sumTail = f - __pinned(sumHead - 2.0);
    double sTail = (__pinned(f - __pinned(sHead * sumHead)) - sHead * sumTail) / sum;
    s = sHead + sTail;

    // log(1 + f) = 2/3 * s * (3 + s^2 + r), the bracket in two parts.
    double z = s * s;
    double r = 0.2727267655102904 + z * (0.23080135984127587 + z * (0.19885226786309632 + z * 0.19794493035773833));
    r = z * z * (0.6000000000000338 + z * (0.42857142855149377 + z * (0.33333333779880503 + z * r))) + sTail * (sHead + s);
    double square = __pinned(sHead * sHead);
    double bracketHead = __head26(3.0 + square + r);
    double bracketTail = r - __pinned(__pinned(bracketHead - 3.0) - square);
    double u = __pinned(sHead * bracketHead);
    double v = sTail * bracketHead + bracketTail * s;

    // Times 2 / (3 ln 2), plus the exponent.
    double head = __head26(u + v);
    tail = v - __pinned(head - u);
    u = __pinned(head * 0.9617966860532761);
    v = head * 7.872699542894897e-9 + tail * 0.9617966939259756;
    head = __head26(e + (u + v));
    tail = v - __pinned(__pinned(head - e) - u);
    return head;
}

// x^y for finite x > 0 and finite y.
__device__ inline double __power_of_positive(double x, double y)
{
    double tail;
    double head = __log2_parts(x, tail);
    double limited = fmin(fmax(y, -1e20), 1e20);
    double yHead = __head26(limited);
    double product = __pinned(yHead * head);
    double small = (limited - yHead) * head + limited * tail;
    double exponent = product + small;
    if (exponent >= 1024.0) return CUDART_INF;
    if (exponent < -1076.0) return 0.0;
    double n = rint(exponent);
    double f = __pinned(product - n);
    double sum = f + small;
    return __scaled_product_exp(sum, (f - sum) + small, 0.6931471675634384, 1.2996506893889889e-08, (int)n);
}

__device__ inline double pow(double x, double y)
{
    if (x == 1.0 || y == 0.0) return 1.0;
    if (isnan(x) || isnan(y)) return CUDART_NAN;

    double magnitude = fabs(x);
    bool whole = trunc(y) == y;
    if (x < 0.0 && !whole && !isinf(x)) return CUDART_NAN;
    bool odd = whole && fabs(y) < 9007199254740992.0 && ((long long)y & 1);
    double power;
    if (magnitude == 1.0)
        power = 1.0;
    else if (isinf(y))
        power = (magnitude > 1.0) == (y > 0.0) ? CUDART_INF : 0.0;
    else if (magnitude == 0.0 || isinf(magnitude))
        power = (magnitude == 0.0) == (y < 0.0) ? CUDART_INF : 0.0;
    else
        power = __power_of_positive(magnitude, y);
    return signbit(x) && odd ? -power : power;
}

// |x| = (root * (1 + correction) * scale)^3, with a root of 26 bits and a correction below 2^-20.
// A third of the exponent gives the root to 5 %; each of Halley's steps triples the correct digits.
__device__ inline double __cube_root_parts(double x, double& correction, double& scale)
{
    double magnitude = fabs(x);
    scale = 1.0;
    if (magnitude < 2.2250738585072014e-308) {
        magnitude *= 18014398509481984.0;  // 2^54
        scale = 3.814697265625e-6;         // 2^-18
    } else if (magnitude > 1e307) {
        magnitude *= 5.5511151231257827e-17;
        scale = 262144.0;
    }
    double root = __longlong_as_double(__double_as_longlong(magnitude) / 3 + 0x2a9f7893782da1cell);
    for (int step = 0; step < 2; step++) {
        double cube = root * root * root;
        root *= (magnitude + magnitude + cube) / (magnitude + cube + cube);
    }
    root = __head26(root);
    double quotient = magnitude / (root * root);  // the square is exact
    correction = (quotient - root) / (root + root + quotient);
    return root;
}

__device__ inline double cbrt(double x)
{
    if (x == 0.0 || !isfinite(x)) return x;
    double correction, scale;
    double root = __cube_root_parts(x, correction, scale);
    return copysign((root + root * correction) * scale, x);
}

__device__ inline double rcbrt(double x)
{
    if (x == 0.0 || !isfinite(x)) return 1.0 / x;
    double correction, scale;
    double root = __cube_root_parts(x, correction, scale);
    double head = __head26(1.0 / root);
    double error = 1.0 - head * root;  // exact
    error = (error - correction) + (error * (error - correction) + correction * correction);
    return copysign((head + head * error) / scale, x);
}

__device__ inline double hypot(double x, double y)
{
    if (isinf(x) || isinf(y)) return CUDART_INF;
    if (isnan(x) || isnan(y)) return CUDART_NAN;
    double large = fmax(fabs(x), fabs(y));
    double small = fmin(fabs(x), fabs(y));
    double scale = 1.0;
    if (large > 1e150)
        scale = __power_of_two(700);
    else if (large < 1e-140)
        scale = __power_of_two(-700);
    large /= scale;
    small /= scale;
    return sqrt(large * large + small * small) * scale;
}
// A sum of squares and what its last addition lost, both divided by the square of `scale`, a power of two that keeps them in range.
__device__ inline double __scaled_squares(double x, double y, double z, double w, double& tail, double& scale)
{
    scale = 1.0;
    tail = 0.0;
    if (isinf(x) || isinf(y) || isinf(z) || isinf(w)) return CUDART_INF;
    if (isnan(x) || isnan(y) || isnan(z) || isnan(w)) return CUDART_NAN;
    double largest = fmax(fmax(fabs(x), fabs(y)), fmax(fabs(z), fabs(w)));
    if (largest > 1e150)
        scale = __power_of_two(700);
    else if (largest < 1e-140)
        scale = __power_of_two(-700);
    x /= scale;
    y /= scale;
    z /= scale;
    w /= scale;
    double first = x * x + y * y, second = z * z + w * w;
    double sum = __pinned(first + second);
    tail = fmin(first, second) - (sum - fmax(first, second));
    return sum;
}
__device__ inline double norm4d(double x, double y, double z, double w)
{
    double tail, scale, squares = __scaled_squares(x, y, z, w, tail, scale);
    return sqrt(squares) * scale;
}
__device__ inline double rnorm4d(double x, double y, double z, double w)
{
    double tail, scale, squares = __scaled_squares(x, y, z, w, tail, scale);
    if (!(squares > 0.0 && squares < CUDART_INF)) return 1.0 / sqrt(squares);
    return __rsqrt_parts(squares, tail) / scale;
}
__device__ inline double norm3d(double x, double y, double z) { return norm4d(x, y, z, 0.0); }
__device__ inline double rnorm3d(double x, double y, double z) { return rnorm4d(x, y, z, 0.0); }
__device__ inline double rhypot(double x, double y) { return rnorm4d(x, y, 0.0, 0.0); }
