// The inverse trigonometric functions of floats.
#pragma once
#include "math/float_parts.h"

// asin(x) = x + x * result, for |x| <= 1/2 and z = x * x.
__device__ inline float __asin_rest(float z)
{
    return z * (0.166667536f + z * (0.0749523193f + z * (0.0454784445f + z * (0.0241405349f + z * 0.0422312543f))));
}

__device__ inline float asinf(float x)
{
    float magnitude = fabsf(x);
    if (magnitude <= 0.5f) return copysignf(magnitude + magnitude * __asin_rest(x * x), x);
    if (!(magnitude <= 1.0f)) return CUDART_NAN_F;
    // pi/2 - 2 * asin(root), with the root in two parts: its rounding error would count twice.
    float z = 0.5f * (1.0f - magnitude);
    float root = sqrtf(z);
    float head = __head11(root);
    float tail = root == 0.0f ? 0.0f : (z - __pinned(head * head)) / (root + head);
    float rest = 2.0f * (tail + root * __asin_rest(z)) + 4.37113883e-8f;
    return copysignf((1.57079637f - 2.0f * head) - rest, x);
}

__device__ inline float acosf(float x)
{
    float magnitude = fabsf(x);
    if (magnitude <= 0.5f) return 1.57079637f - ((x + x * __asin_rest(x * x)) + 4.37113883e-8f);
    if (!(magnitude <= 1.0f)) return CUDART_NAN_F;
    float z = 0.5f * (1.0f - magnitude);
    float root = sqrtf(z);
    float rest = 2.0f * (root + root * __asin_rest(z));
    return x > 0.0f ? rest : 3.14159274f - (rest + 8.74227766e-8f);
}

// atan(x) for 0 <= x <= 1.
__device__ inline float __atan_kernel(float x)
{
    float z = x * x;
    float q = 0.109521754f + z * (-0.0840342194f + z * (0.0579571463f + z * (-0.0311774295f + z * (0.0109143946f + z * -0.00179357664f))));
    q = -0.333332986f + z * (0.199985474f + z * (-0.142642394f + z * q));
    return x + x * (z * q);
}

__device__ inline float atanf(float x)
{
    float magnitude = fabsf(x);
    float angle = magnitude > 1.0f ? 1.57079637f - (__atan_kernel(1.0f / magnitude) + 4.37113883e-8f) : __atan_kernel(magnitude);
    return copysignf(angle, x);
}

// The angle of the point (x, y), between -pi and pi.
__device__ inline float atan2f(float y, float x)
{
    if (isnan(x) || isnan(y)) return CUDART_NAN_F;
    float width = fabsf(x);
    float height = fabsf(y);
    float small = fminf(width, height);
    float large = fmaxf(width, height);
    float ratio = large == 0.0f ? 0.0f : small == large ? 1.0f : small / large;
    float angle = __atan_kernel(ratio);
    if (height > width) angle = 1.57079637f - (angle + 4.37113883e-8f);
    if (signbit(x)) angle = 3.14159274f - (angle + 8.74227766e-8f);
    return copysignf(angle, y);
}
