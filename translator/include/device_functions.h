// Intrinsics that are plain arithmetic: rounding and bit conversions, integer helpers, cached loads and stores.
#pragma once
#include "translate_builtins.h"
#include "math_functions.h"

// ---- arithmetic with its rounding in the name: round to nearest even is the only mode -----------------------

__device__ inline float __frcp_rn(float x) { return 1.0f / x; }
__device__ inline float __fmaf_ieee_rn(float x, float y, float z) { return __fmaf_rn(x, y, z); }
__device__ inline float __fsqrt_rn(float x) { return sqrtf(x); }
__device__ inline float __frsqrt_rn(float x) { return (float)(1.0 / sqrt((double)x)); }
__device__ inline double __drcp_rn(double x) { return 1.0 / x; }
__device__ inline double __dsqrt_rn(double x) { return sqrt(x); }

// ---- fast arithmetic -----------------------------------------------------------------------------------------

__device__ inline float fdividef(float x, float y) { return __fdividef(x, y); }
__device__ inline double fdivide(double x, double y) { return x / y; }
__device__ inline float __exp10f(float x) { return __expf(x * 2.30258509f); }
__device__ inline float __log10f(float x) { return __log2f(x) * 0.301029996f; }
__device__ inline void __sincosf(float x, float* sine, float* cosine)
{
    *sine = __sinf(x);
    *cosine = __cosf(x);
}
__device__ inline float __sin2pif(float x) { return __sinf(6.28318531f * x); }
__device__ inline float __cos2pif(float x) { return __cosf(6.28318531f * x); }
__device__ inline void __sincos2pif(float x, float* sine, float* cosine) { __sincosf(6.28318531f * x, sine, cosine); }
__device__ inline float __saturatef(float x) { return fminf(fmaxf(x, 0.0f), 1.0f); }

// ---- conversions: a C cast truncates, saturates, and gives 0 for NaN ----------------------------------------

__device__ inline int __float2int_rz(float x) { return (int)x; }
__device__ inline int __float2int_rn(float x) { return (int)rintf(x); }
__device__ inline int __float2int_rd(float x) { return (int)floorf(x); }
__device__ inline int __float2int_ru(float x) { return (int)ceilf(x); }
__device__ inline unsigned int __float2uint_rz(float x) { return (unsigned int)x; }
__device__ inline unsigned int __float2uint_rn(float x) { return (unsigned int)rintf(x); }
__device__ inline unsigned int __float2uint_rd(float x) { return (unsigned int)floorf(x); }
__device__ inline unsigned int __float2uint_ru(float x) { return (unsigned int)ceilf(x); }
__device__ inline long long __float2ll_rz(float x) { return (long long)x; }
__device__ inline long long __float2ll_rn(float x) { return (long long)rintf(x); }
__device__ inline long long __float2ll_rd(float x) { return (long long)floorf(x); }
__device__ inline long long __float2ll_ru(float x) { return (long long)ceilf(x); }
__device__ inline unsigned long long __float2ull_rz(float x) { return (unsigned long long)x; }
__device__ inline unsigned long long __float2ull_rn(float x) { return (unsigned long long)rintf(x); }
__device__ inline unsigned long long __float2ull_rd(float x) { return (unsigned long long)floorf(x); }
__device__ inline unsigned long long __float2ull_ru(float x) { return (unsigned long long)ceilf(x); }
__device__ inline int __double2int_rz(double x) { return (int)x; }
__device__ inline int __double2int_rn(double x) { return (int)rint(x); }
__device__ inline int __double2int_rd(double x) { return (int)floor(x); }
__device__ inline int __double2int_ru(double x) { return (int)ceil(x); }
__device__ inline unsigned int __double2uint_rz(double x) { return (unsigned int)x; }
__device__ inline unsigned int __double2uint_rn(double x) { return (unsigned int)rint(x); }
__device__ inline unsigned int __double2uint_rd(double x) { return (unsigned int)floor(x); }
__device__ inline unsigned int __double2uint_ru(double x) { return (unsigned int)ceil(x); }
__device__ inline long long __double2ll_rz(double x) { return (long long)x; }
__device__ inline long long __double2ll_rn(double x) { return (long long)rint(x); }
__device__ inline long long __double2ll_rd(double x) { return (long long)floor(x); }
__device__ inline long long __double2ll_ru(double x) { return (long long)ceil(x); }
__device__ inline unsigned long long __double2ull_rz(double x) { return (unsigned long long)x; }
__device__ inline unsigned long long __double2ull_rn(double x) { return (unsigned long long)rint(x); }
__device__ inline unsigned long long __double2ull_rd(double x) { return (unsigned long long)floor(x); }
__device__ inline unsigned long long __double2ull_ru(double x) { return (unsigned long long)ceil(x); }
__device__ inline float __double2float_rn(double x) { return (float)x; }
__device__ inline float __int2float_rn(int x) { return (float)x; }
__device__ inline float __uint2float_rn(unsigned int x) { return (float)x; }
__device__ inline float __ll2float_rn(long long x) { return (float)x; }
__device__ inline float __ull2float_rn(unsigned long long x) { return (float)x; }
__device__ inline double __int2double_rn(int x) { return (double)x; }
__device__ inline double __uint2double_rn(unsigned int x) { return (double)x; }
__device__ inline double __ll2double_rn(long long x) { return (double)x; }
__device__ inline double __ull2double_rn(unsigned long long x) { return (double)x; }

// ---- the halves of a double ----------------------------------------------------------------------------------

__device__ inline int __double2hiint(double x) { return (int)(__double_as_longlong(x) >> 32); }
__device__ inline int __double2loint(double x) { return (int)__double_as_longlong(x); }
__device__ inline double __hiloint2double(int high, int low)
{
    return __longlong_as_double((long long)high << 32 | (unsigned int)low);
}

// ---- integers ------------------------------------------------------------------------------------------------

__device__ inline int __mul24(int x, int y) { return ((x << 8) >> 8) * ((y << 8) >> 8); }
__device__ inline unsigned int __umul24(unsigned int x, unsigned int y) { return (x & 0xffffffu) * (y & 0xffffffu); }
__device__ inline int mul24(int x, int y) { return __mul24(x, y); }
__device__ inline unsigned int umul24(unsigned int x, unsigned int y) { return __umul24(x, y); }
__device__ inline int mulhi(int x, int y) { return __mulhi(x, y); }
__device__ inline unsigned int umulhi(unsigned int x, unsigned int y) { return __umulhi(x, y); }

// Averages that cannot overflow: rounded down, and (__r) up.
__device__ inline int __hadd(int x, int y) { return (x & y) + ((x ^ y) >> 1); }
__device__ inline int __rhadd(int x, int y) { return (x | y) - ((x ^ y) >> 1); }
__device__ inline unsigned int __uhadd(unsigned int x, unsigned int y) { return (x & y) + ((x ^ y) >> 1); }
__device__ inline unsigned int __urhadd(unsigned int x, unsigned int y) { return (x | y) - ((x ^ y) >> 1); }

// |x - y| + z.
__device__ inline unsigned int __sad(int x, int y, unsigned int z)
{
    return (x > y ? (unsigned int)x - (unsigned int)y : (unsigned int)y - (unsigned int)x) + z;
}
__device__ inline unsigned int __usad(unsigned int x, unsigned int y, unsigned int z) { return (x > y ? x - y : y - x) + z; }

// Four bytes chosen by the low three bits of each selector nibble from the eight bytes of y:x.
__device__ inline unsigned int __byte_perm(unsigned int x, unsigned int y, unsigned int selector)
{
    unsigned int result = 0;
    for (int i = 0; i < 4; i++) {
        unsigned int source = selector >> (4 * i);
        unsigned int word = (source & 4) ? y : x;
        result |= ((word >> (8 * (source & 3))) & 0xff) << (8 * i);
    }
    return result;
}

// The upper word of high:low shifted left, or the lower word of it shifted right; by shift mod 32, or (c) at most 32.
__device__ inline unsigned int __funnelshift_l(unsigned int low, unsigned int high, unsigned int shift)
{
    shift &= 31;
    return shift == 0 ? high : high << shift | low >> (32 - shift);
}
__device__ inline unsigned int __funnelshift_r(unsigned int low, unsigned int high, unsigned int shift)
{
    shift &= 31;
    return shift == 0 ? low : low >> shift | high << (32 - shift);
}
__device__ inline unsigned int __funnelshift_lc(unsigned int low, unsigned int high, unsigned int shift)
{
    return shift >= 32 ? low : __funnelshift_l(low, high, shift);
}
__device__ inline unsigned int __funnelshift_rc(unsigned int low, unsigned int high, unsigned int shift)
{
    return shift >= 32 ? high : __funnelshift_r(low, high, shift);
}

__device__ inline unsigned short __nv_bswap16(unsigned short x) { return (unsigned short)(x << 8 | x >> 8); }
__device__ inline unsigned int __nv_bswap32(unsigned int x) { return __byte_perm(x, 0, 0x0123); }
__device__ inline unsigned long long __nv_bswap64(unsigned long long x)
{
    return (unsigned long long)__nv_bswap32((unsigned int)x) << 32 | __nv_bswap32((unsigned int)(x >> 32));
}

// The place of the set bit that is `offset` set bits away from `base`, upwards or, below zero, downwards; 0xffffffff if there is none (PTX ISA, "fns").
__device__ inline unsigned int __fns(unsigned int mask, unsigned int base, int offset)
{
    if (offset == 0) return (mask >> base & 1u) != 0u ? base : 0xffffffffu;
    int step = offset > 0 ? 1 : -1;
    int left = offset > 0 ? offset : -offset;
    for (int at = (int)base; at >= 0 && at < 32; at += step) {
        left -= (int)(mask >> at & 1u);
        if (left == 0) return (unsigned int)at;
    }
    return 0xffffffffu;
}

// ---- cached loads and stores: the hints have no counterpart, so they are plain accesses -----------------------

template <typename T> __device__ inline T __ldg(const T* address) { return *address; }
template <typename T> __device__ inline T __ldca(const T* address) { return *address; }
template <typename T> __device__ inline T __ldcg(const T* address) { return *address; }
template <typename T> __device__ inline T __ldcs(const T* address) { return *address; }
template <typename T> __device__ inline T __ldcv(const T* address) { return *address; }
template <typename T> __device__ inline T __ldlu(const T* address) { return *address; }
template <typename T, typename U> __device__ inline void __stwb(T* address, U value) { *address = value; }
template <typename T, typename U> __device__ inline void __stcg(T* address, U value) { *address = value; }
template <typename T, typename U> __device__ inline void __stcs(T* address, U value) { *address = value; }
template <typename T, typename U> __device__ inline void __stwt(T* address, U value) { *address = value; }

__device__ inline void* __builtin_assume_aligned(const void* address, size_t) { return (void*)address; }
