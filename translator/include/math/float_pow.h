// Powers and roots of floats.
#pragma once
#include "math/float_exp.h"
#include "math/float_log.h"

__device__ inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }

// log2(x) for finite x > 0 in two parts, the first of 11 bits, together good to about 32: the method of fdlibm's pow.
__device__ inline float __log2_parts(float x, float& tail)
{
    int exponent;
    float f = __split_binade(x, exponent);
    float e = (float)exponent;

    // s = f / (2 + f), in two parts.
    float sum = 2.0f + f;
    float s = f / sum;
    float sHead = __head11(s);
    float sumHead = __head12(sum);
    float sumTail = f - __pinned(sumHead - 2.0f);
    float sTail = (__pinned(f - __pinned(sHead * sumHead)) - sHead * sumTail) / sum;
    s = sHead + sTail;

    // log(1 + f) = 2/3 * s * (3 + s^2 + r), the bracket in two parts.
    float z = s * s;
    float r = z * z * (0.600002289f + z * (0.428206891f + z * 0.351281375f)) + sTail * (sHead + s);
    float square = __pinned(sHead * sHead);
    float bracketHead = __head11(3.0f + square + r);
    float bracketTail = r - __pinned(__pinned(bracketHead - 3.0f) - square);
    float u = __pinned(sHead * bracketHead);
    float v = sTail * bracketHead + bracketTail * s;

    // Times 2 / (3 ln 2), plus the exponent.
    float head = __head11(u + v);
    tail = v - __pinned(head - u);
    u = __pinned(head * 0.9614257813f);
    v = head * 0.0003709126904f + tail * 0.961796701f;
    head = __head11(e + (u + v));
    tail = v - __pinned(__pinned(head - e) - u);
    return head;
}

// x^y for finite x > 0 and finite y.
__device__ inline float __power_of_positive(float x, float y)
{
    float tail;
    float head = __log2_parts(x, tail);
    float limited = fminf(fmaxf(y, -4e9f), 4e9f);
    float yHead = __head11(limited);
    float product = __pinned(yHead * head);
    float small = (limited - yHead) * head + limited * tail;
    float exponent = product + small;
    if (exponent >= 128.0f) return CUDART_INF_F;
    if (exponent < -150.0f) return 0.0f;
    float n = rintf(exponent);
    return __scaled_exp((__pinned(product - n) + small) * 0.693147182f, (int)n);
}

__device__ inline float powf(float x, float y)
{
    if (x == 1.0f || y == 0.0f) return 1.0f;
    if (isnan(x) || isnan(y)) return CUDART_NAN_F;

    float magnitude = fabsf(x);
    bool whole = truncf(y) == y;
    if (x < 0.0f && !whole && !isinf(x)) return CUDART_NAN_F;
    bool odd = whole && fabsf(y) < 16777216.0f && ((int)y & 1);
    float power;
    if (magnitude == 1.0f)
        power = 1.0f;
    else if (isinf(y))
        power = (magnitude > 1.0f) == (y > 0.0f) ? CUDART_INF_F : 0.0f;
    else if (magnitude == 0.0f || isinf(magnitude))
        power = (magnitude == 0.0f) == (y < 0.0f) ? CUDART_INF_F : 0.0f;
    else
        power = __power_of_positive(magnitude, y);
    return signbit(x) && odd ? -power : power;
}

// Repeated squaring, as pow(float, int) does.
__device__ inline float powif(float x, int n)
{
    unsigned int rest = n < 0 ? 0u - (unsigned int)n : (unsigned int)n;
    float result = 1.0f;
    for (; rest != 0; rest >>= 1) {
        if (rest & 1) result *= x;
        x *= x;
    }
    return n < 0 ? 1.0f / result : result;
}

// |x| = (root * (1 + correction) * scale)^3, with a root of 12 bits and a correction below 2^-10.
// A third of the exponent gives the root to 5 %; each of Halley's steps triples the correct digits.
__device__ inline float __cube_root_parts(float x, float& correction, float& scale)
{
    float magnitude = fabsf(x);
    scale = 1.0f;
    if (magnitude < 1e-37f) {      // so that the cube of the first guess is a normal number
        magnitude *= 16777216.0f;  // 2^24
        scale = 0.00390625f;       // 2^-8
    } else if (magnitude > 1e37f) {
        magnitude *= 5.96046448e-8f;
        scale = 256.0f;
    }
    float root = __int_as_float(__float_as_int(magnitude) / 3 + 709958130);
    float cube = root * root * root;
    root = __head12(root * ((magnitude + magnitude + cube) / (magnitude + cube + cube)));
    float quotient = magnitude / (root * root);  // the square is exact
    correction = (quotient - root) / (root + root + quotient);
    return root;
}

__device__ inline float cbrtf(float x)
{
    if (x == 0.0f || !isfinite(x)) return x;
    float correction, scale;
    float root = __cube_root_parts(x, correction, scale);
    return copysignf((root + root * correction) * scale, x);
}

__device__ inline float rcbrtf(float x)
{
    if (x == 0.0f || !isfinite(x)) return 1.0f / x;
    float correction, scale;
    float root = __cube_root_parts(x, correction, scale);
    float head = __head12(1.0f / root);
    float error = 1.0f - head * root;  // exact
    error = (error - correction) + (error * (error - correction) + correction * correction);
    return copysignf((head + head * error) / scale, x);
}

__device__ inline float hypotf(float x, float y)
{
    if (isinf(x) || isinf(y)) return CUDART_INF_F;
    if (isnan(x) || isnan(y)) return CUDART_NAN_F;
    float large = fmaxf(fabsf(x), fabsf(y));
    float small = fminf(fabsf(x), fabsf(y));
    if (large > 1e18f) {
        large *= 5.42101086e-20f;  // 2^-64
        small *= 5.42101086e-20f;
        return sqrtf(large * large + small * small) * 1.84467441e+19f;
    }
    if (large < 1e-15f) {  // also of the smaller one the square is a normal number, or too small to matter
        large *= 7.92281625e+28f;  // 2^96
        small *= 7.92281625e+28f;
        return sqrtf(large * large + small * small) * 1.26217745e-29f;
    }
    return sqrtf(large * large + small * small);
}
// A sum of squares, divided by the square of `scale`, a power of two that keeps the sum and the reciprocal of its root in range.
__device__ inline float __scaled_squares(float x, float y, float z, float w, float& scale)
{
    scale = 1.0f;
    if (isinf(x) || isinf(y) || isinf(z) || isinf(w)) return CUDART_INF_F;
    if (isnan(x) || isnan(y) || isnan(z) || isnan(w)) return CUDART_NAN_F;
    float largest = fmaxf(fmaxf(fabsf(x), fabsf(y)), fmaxf(fabsf(z), fabsf(w))), inverse = 1.0f;
    if (largest > 1e18f) {
        inverse = 1.35525272e-20f;  // 2^-66
        scale = 7.37869763e+19f;
    } else if (largest < 1e-15f) {  // any square is a normal number, or too small to matter
        inverse = 7.92281625e+28f;  // 2^96
        scale = 1.26217745e-29f;
    }
    x *= inverse;
    y *= inverse;
    z *= inverse;
    w *= inverse;
    return (x * x + y * y) + (z * z + w * w);
}
__device__ inline float norm4df(float x, float y, float z, float w)
{
    float scale, squares = __scaled_squares(x, y, z, w, scale);
    return sqrtf(squares) * scale;
}
__device__ inline float rnorm4df(float x, float y, float z, float w)
{
    float scale, squares = __scaled_squares(x, y, z, w, scale);
    float length = sqrtf(squares), r = 1.0f / length;
    if (!(squares > 0.0f) || !isfinite(squares)) return r / scale;
    // What the root and the quotient lost; products of heads are exact.
    float length_head = __head12(length), length_tail = length - length_head, r_head = __head12(r), r_tail = r - r_head;
    float quotient = ((1.0f - r_head * length_head) - (r_head * length_tail + r_tail * length_head)) - r_tail * length_tail;
    float root = ((squares - length_head * length_head) - 2.0f * length_head * length_tail) - length_tail * length_tail;
    return (r + r * (quotient - 0.5f * root / squares)) / scale;
}
__device__ inline float norm3df(float x, float y, float z) { return norm4df(x, y, z, 0.0f); }
__device__ inline float rnorm3df(float x, float y, float z) { return rnorm4df(x, y, z, 0.0f); }
__device__ inline float rhypotf(float x, float y) { return rnorm4df(x, y, 0.0f, 0.0f); }
