// Sums, products and fused multiply-adds of both halves of a float2 (CUDA Math API, "Single Precision Intrinsics"): what the functions of
// one float give for each.
#pragma once
#include "rounding_functions.h"

#define __PAIRED(mode)                                                                                                        \
    __device__ inline float2 __fadd2_##mode(float2 x, float2 y) { return {__fadd_##mode(x.x, y.x), __fadd_##mode(x.y, y.y)}; } \
    __device__ inline float2 __fmul2_##mode(float2 x, float2 y) { return {__fmul_##mode(x.x, y.x), __fmul_##mode(x.y, y.y)}; } \
    __device__ inline float2 __ffma2_##mode(float2 x, float2 y, float2 z)                                                     \
    {                                                                                                                         \
        return {__fmaf_##mode(x.x, y.x, z.x), __fmaf_##mode(x.y, y.y, z.y)};                                                  \
    }
__PAIRED(rn)
__PAIRED(rz)
__PAIRED(rd)
__PAIRED(ru)
#undef __PAIRED
