// 8-bit floats, held as their bits: e4m3 (no infinities, one NaN, up to 448) and e5m2 (IEEE's shape, up to 57344). Conversions are integer
// arithmetic and exact: to nearest, ties to even; what is too large becomes the largest finite value (__NV_SATFINITE) or infinity, for e4m3
// NaN (__NV_NOSAT). A NaN is 0x7f, whatever its sign was. There is no arithmetic on these types, as in CUDA.
#pragma once
#include "cuda_bf16.h"
#include "cuda_fp16.h"

typedef unsigned char __nv_fp8_storage_t;
typedef unsigned short int __nv_fp8x2_storage_t;
typedef unsigned int __nv_fp8x4_storage_t;

typedef enum __nv_saturation_t { __NV_NOSAT, __NV_SATFINITE } __nv_saturation_t;
typedef enum __nv_fp8_interpretation_t { __NV_E4M3, __NV_E5M2 } __nv_fp8_interpretation_t;

// ---- one value ---------------------------------------------------------------------------------------------------

__host__ __device__ inline __nv_fp8_storage_t __nv_cvt_float_to_fp8(float x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind)
{
    unsigned int bits = __float_as_uint(x);
    unsigned int sign = bits >> 24 & 0x80u;
    unsigned int magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return 0x7f;
    // Bits of the fraction that go, and the exponent of the least normal value, as a float has it.
    unsigned int drop = kind == __NV_E4M3 ? 20u : 21u;
    unsigned int least = kind == __NV_E4M3 ? 121u : 113u;
    unsigned int exponent = magnitude >> 23;
    unsigned int significand = magnitude;
    if (exponent < least) {
        // A subnormal result: its units are all that is kept.
        drop += least - exponent;
        if (exponent == 0u || drop > 25u) return (__nv_fp8_storage_t)sign;
        significand = (magnitude & 0x7fffffu) | 0x800000u;
    } else {
        significand -= (least - 1u) << 23;
    }
    unsigned int code = (significand + (1u << (drop - 1u)) - 1u + (significand >> drop & 1u)) >> drop;
    unsigned int finite = kind == __NV_E4M3 ? 0x7eu : 0x7bu;
    if (code > finite) code = saturate == __NV_SATFINITE ? finite : finite + 1u;
    return (__nv_fp8_storage_t)(sign | code);
}

// A float rounded to odd carries what decides the second rounding. A double's NaN keeps its sign and, as e5m2, its first bits.
__host__ __device__ inline __nv_fp8_storage_t __nv_cvt_double_to_fp8(double x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind)
{
    if (isnan(x)) {
        unsigned int high = (unsigned int)(__double_as_longlong(x) >> 32);
        return (__nv_fp8_storage_t)((high >> 24 & 0x80u) | (kind == __NV_E4M3 ? 0x7fu : 0x7eu | (high >> 18 & 1u)));
    }
    return __nv_cvt_float_to_fp8(__round_to_odd(x), saturate, kind);
}
__host__ __device__ inline __nv_fp8_storage_t __nv_cvt_halfraw_to_fp8(__half_raw x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind)
{
    return __nv_cvt_float_to_fp8(__half_bits_to_float(x.x), saturate, kind);
}
__host__ __device__ inline __nv_fp8_storage_t __nv_cvt_bfloat16raw_to_fp8(__nv_bfloat16_raw x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind)
{
    return __nv_cvt_float_to_fp8(__bfloat16_bits_to_float(x.x), saturate, kind);
}

// e5m2 is the upper half of a half; e4m3 has a bit of the exponent less.
__host__ __device__ inline __half_raw __nv_cvt_fp8_to_halfraw(__nv_fp8_storage_t x, __nv_fp8_interpretation_t kind)
{
    unsigned int bits = (unsigned int)x << 8;
    unsigned int sign = bits & 0x8000u;
    unsigned int magnitude = bits & 0x7fffu;
    __half_raw result;
    if (kind == __NV_E5M2) {
        result.x = (unsigned short)(magnitude > 0x7c00u ? 0x7fffu : bits);
    } else if (magnitude >= 0x0800u) {
        result.x = (unsigned short)(magnitude == 0x7f00u ? 0x7fffu : sign | ((magnitude >> 1) + 0x2000u));
    } else {
        // Subnormal: so many units of 2^-9, each of them a normal half.
        unsigned int units = magnitude >> 8;
        unsigned int top = units >= 4u ? 2u : units >= 2u ? 1u : 0u;
        unsigned int normal = (top + 6u) << 10 | (units << (10u - top) & 0x3ffu);
        result.x = (unsigned short)(units == 0u ? sign : sign | normal);
    }
    return result;
}
__host__ __device__ inline __nv_bfloat16_raw __nv_cvt_fp8_to_bf16raw(__nv_fp8_storage_t x, __nv_fp8_interpretation_t kind)
{
    __nv_bfloat16_raw result;
    result.x = __float_to_bfloat16_bits(__half_bits_to_float(__nv_cvt_fp8_to_halfraw(x, kind).x));
    return result;
}
__host__ __device__ inline float __fp8_to_float(unsigned int x, __nv_fp8_interpretation_t kind)
{
    return __half_bits_to_float(__nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)x, kind).x);
}

// ---- pairs: the first one is the low byte ----------------------------------------------------------------------------

#define __FP8_PAIR(name, T, one, first, second)                                                                                          \
    __host__ __device__ inline __nv_fp8x2_storage_t name(T x, __nv_saturation_t saturate, __nv_fp8_interpretation_t kind)                  \
    {                                                                                                                                      \
        return (__nv_fp8x2_storage_t)(one(first, saturate, kind) | one(second, saturate, kind) << 8);                                      \
    }
__FP8_PAIR(__nv_cvt_float2_to_fp8x2, float2, __nv_cvt_float_to_fp8, x.x, x.y)
__FP8_PAIR(__nv_cvt_double2_to_fp8x2, double2, __nv_cvt_double_to_fp8, x.x, x.y)
__FP8_PAIR(__nv_cvt_halfraw2_to_fp8x2, __half2_raw, __nv_cvt_float_to_fp8, __half_bits_to_float(x.x), __half_bits_to_float(x.y))
__FP8_PAIR(__nv_cvt_bfloat16raw2_to_fp8x2, __nv_bfloat162_raw, __nv_cvt_float_to_fp8, __bfloat16_bits_to_float(x.x), __bfloat16_bits_to_float(x.y))
#undef __FP8_PAIR
__host__ __device__ inline __half2_raw __nv_cvt_fp8x2_to_halfraw2(__nv_fp8x2_storage_t x, __nv_fp8_interpretation_t kind)
{
    __half2_raw result;
    result.x = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)x, kind).x;
    result.y = __nv_cvt_fp8_to_halfraw((__nv_fp8_storage_t)(x >> 8), kind).x;
    return result;
}
__host__ __device__ inline __nv_bfloat162_raw __nv_cvt_fp8x2_to_bf162raw(__nv_fp8x2_storage_t x, __nv_fp8_interpretation_t kind)
{
    __nv_bfloat162_raw result;
    result.x = __nv_cvt_fp8_to_bf16raw((__nv_fp8_storage_t)x, kind).x;
    result.y = __nv_cvt_fp8_to_bf16raw((__nv_fp8_storage_t)(x >> 8), kind).x;
    return result;
}

// ---- the types -------------------------------------------------------------------------------------------------------

#define __FP8_ONE __nv_fp8_e4m3
#define __FP8_TWO __nv_fp8x2_e4m3
#define __FP8_FOUR __nv_fp8x4_e4m3
#define __FP8_KIND __NV_E4M3
#include "translate_float8.h"
#undef __FP8_ONE
#undef __FP8_TWO
#undef __FP8_FOUR
#undef __FP8_KIND

#define __FP8_ONE __nv_fp8_e5m2
#define __FP8_TWO __nv_fp8x2_e5m2
#define __FP8_FOUR __nv_fp8x4_e5m2
#define __FP8_KIND __NV_E5M2
#include "translate_float8.h"
#undef __FP8_ONE
#undef __FP8_TWO
#undef __FP8_FOUR
#undef __FP8_KIND
