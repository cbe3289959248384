// bfloat16, held as its bits: conversions are integer arithmetic and exact, operations compute in float and
// round once more, which gives the rounding that CUDA prescribes.
#pragma once
#include "cuda_runtime.h"
#include "round_to_odd.h"
#include "rounding_functions.h"

// ---- bits ------------------------------------------------------------------------------------------------------

__host__ __device__ inline unsigned short __float_to_bfloat16_bits(float value)
{
    unsigned int bits = __float_as_uint(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
    return (unsigned short)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

__host__ __device__ inline float __bfloat16_bits_to_float(unsigned short value) { return __uint_as_float((unsigned int)value << 16); }

// ---- the types -------------------------------------------------------------------------------------------------

// Bits without a constructor.
struct __align__(2) __nv_bfloat16_raw {
    unsigned short x;
};
struct __align__(4) __nv_bfloat162_raw {
    unsigned short x;
    unsigned short y;
};

struct __align__(2) __nv_bfloat16 {
    unsigned short __x;

    __nv_bfloat16() = default;
    __host__ __device__ __nv_bfloat16(const __nv_bfloat16_raw& raw) : __x(raw.x) {}
    __host__ __device__ operator __nv_bfloat16_raw() const { __nv_bfloat16_raw raw = {__x}; return raw; }
    __host__ __device__ __nv_bfloat16(float value) : __x(__float_to_bfloat16_bits(value)) {}
    __host__ __device__ __nv_bfloat16(double value) : __x(__float_to_bfloat16_bits(__round_to_odd(value))) {}
    __host__ __device__ __nv_bfloat16(int value) : __x(__float_to_bfloat16_bits(__integer_to_odd(value < 0, value < 0 ? 0u - (unsigned int)value : (unsigned int)value))) {}
    __host__ __device__ __nv_bfloat16(unsigned int value) : __x(__float_to_bfloat16_bits(__integer_to_odd(false, value))) {}
    __host__ __device__ operator float() const { return __bfloat16_bits_to_float(__x); }
};
typedef __nv_bfloat16 nv_bfloat16;

struct __align__(4) __nv_bfloat162 {
    __nv_bfloat16 x;
    __nv_bfloat16 y;

    __nv_bfloat162() = default;
    __host__ __device__ __nv_bfloat162(const __nv_bfloat162_raw& raw) { x.__x = raw.x; y.__x = raw.y; }
    __host__ __device__ operator __nv_bfloat162_raw() const { __nv_bfloat162_raw raw = {x.__x, y.__x}; return raw; }
    __host__ __device__ __nv_bfloat162(const __nv_bfloat16& a, const __nv_bfloat16& b) : x(a), y(b) {}
};
typedef __nv_bfloat162 nv_bfloat162;

__device__ inline __nv_bfloat16 __bfloat16_from_bits(unsigned short bits)
{
    __nv_bfloat16 value;
    value.__x = bits;
    return value;
}

// ---- conversions -----------------------------------------------------------------------------------------------

__host__ __device__ inline float __bfloat162float(__nv_bfloat16 a) { return __bfloat16_bits_to_float(a.__x); }
__host__ __device__ inline __nv_bfloat16 __float2bfloat16(float a) { return __nv_bfloat16(a); }
__host__ __device__ inline __nv_bfloat16 __float2bfloat16_rn(float a) { return __nv_bfloat16(a); }
__host__ __device__ inline __nv_bfloat16 __double2bfloat16(double a) { return __nv_bfloat16(a); }
__host__ __device__ inline __nv_bfloat162 __float2bfloat162_rn(float a) { return __nv_bfloat162(__nv_bfloat16(a), __nv_bfloat16(a)); }
__host__ __device__ inline __nv_bfloat162 __floats2bfloat162_rn(float a, float b) { return __nv_bfloat162(__nv_bfloat16(a), __nv_bfloat16(b)); }
__host__ __device__ inline __nv_bfloat162 __float22bfloat162_rn(float2 a) { return __nv_bfloat162(__nv_bfloat16(a.x), __nv_bfloat16(a.y)); }
__host__ __device__ inline float2 __bfloat1622float2(__nv_bfloat162 a) { return make_float2(__bfloat162float(a.x), __bfloat162float(a.y)); }
__host__ __device__ inline float __low2float(__nv_bfloat162 a) { return __bfloat162float(a.x); }
__host__ __device__ inline float __high2float(__nv_bfloat162 a) { return __bfloat162float(a.y); }
__host__ __device__ inline __nv_bfloat16 __low2bfloat16(__nv_bfloat162 a) { return a.x; }
__host__ __device__ inline __nv_bfloat16 __high2bfloat16(__nv_bfloat162 a) { return a.y; }
__host__ __device__ inline __nv_bfloat162 __halves2bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
__host__ __device__ inline __nv_bfloat162 make_bfloat162(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat162(a, b); }
__host__ __device__ inline __nv_bfloat162 __bfloat162bfloat162(__nv_bfloat16 a) { return __nv_bfloat162(a, a); }
__host__ __device__ inline __nv_bfloat162 __lowhigh2highlow(__nv_bfloat162 a) { return __nv_bfloat162(a.y, a.x); }
__device__ inline int __bfloat162int_rn(__nv_bfloat16 a) { return (int)rintf(__bfloat162float(a)); }
__device__ inline int __bfloat162int_rz(__nv_bfloat16 a) { return (int)__bfloat162float(a); }
__device__ inline unsigned int __bfloat162uint_rn(__nv_bfloat16 a) { return (unsigned int)rintf(__bfloat162float(a)); }
__device__ inline __nv_bfloat16 __int2bfloat16_rn(int a) { return __nv_bfloat16(a); }
__device__ inline __nv_bfloat16 __uint2bfloat16_rn(unsigned int a) { return __nv_bfloat16(a); }
__device__ inline unsigned short __bfloat16_as_ushort(__nv_bfloat16 a) { return a.__x; }
__device__ inline short __bfloat16_as_short(__nv_bfloat16 a) { return (short)a.__x; }
__device__ inline __nv_bfloat16 __ushort_as_bfloat16(unsigned short a) { return __bfloat16_from_bits(a); }
__device__ inline __nv_bfloat16 __short_as_bfloat16(short a) { return __bfloat16_from_bits((unsigned short)a); }

// ---- arithmetic ------------------------------------------------------------------------------------------------

__device__ inline __nv_bfloat16 operator+(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __nv_bfloat16(__bfloat162float(a) + __bfloat162float(b)); }
__device__ inline __nv_bfloat162 operator+(const __nv_bfloat162& a, const __nv_bfloat162& b) { return __nv_bfloat162(a.x + b.x, a.y + b.y); }
__device__ inline __nv_bfloat16& operator+=(__nv_bfloat16& a, const __nv_bfloat16& b) { return a = a + b; }
__device__ inline __nv_bfloat162& operator+=(__nv_bfloat162& a, const __nv_bfloat162& b) { return a = a + b; }
__device__ inline __nv_bfloat16 __hadd(__nv_bfloat16 a, __nv_bfloat16 b) { return a + b; }
__device__ inline __nv_bfloat162 __hadd2(__nv_bfloat162 a, __nv_bfloat162 b) { return a + b; }
__device__ inline __nv_bfloat16 operator-(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __nv_bfloat16(__bfloat162float(a) - __bfloat162float(b)); }
__device__ inline __nv_bfloat162 operator-(const __nv_bfloat162& a, const __nv_bfloat162& b) { return __nv_bfloat162(a.x - b.x, a.y - b.y); }
__device__ inline __nv_bfloat16& operator-=(__nv_bfloat16& a, const __nv_bfloat16& b) { return a = a - b; }
__device__ inline __nv_bfloat162& operator-=(__nv_bfloat162& a, const __nv_bfloat162& b) { return a = a - b; }
__device__ inline __nv_bfloat16 __hsub(__nv_bfloat16 a, __nv_bfloat16 b) { return a - b; }
__device__ inline __nv_bfloat162 __hsub2(__nv_bfloat162 a, __nv_bfloat162 b) { return a - b; }
__device__ inline __nv_bfloat16 operator*(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __nv_bfloat16(__bfloat162float(a) * __bfloat162float(b)); }
__device__ inline __nv_bfloat162 operator*(const __nv_bfloat162& a, const __nv_bfloat162& b) { return __nv_bfloat162(a.x * b.x, a.y * b.y); }
__device__ inline __nv_bfloat16& operator*=(__nv_bfloat16& a, const __nv_bfloat16& b) { return a = a * b; }
__device__ inline __nv_bfloat162& operator*=(__nv_bfloat162& a, const __nv_bfloat162& b) { return a = a * b; }
__device__ inline __nv_bfloat16 __hmul(__nv_bfloat16 a, __nv_bfloat16 b) { return a * b; }
__device__ inline __nv_bfloat162 __hmul2(__nv_bfloat162 a, __nv_bfloat162 b) { return a * b; }
__device__ inline __nv_bfloat16 operator/(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __nv_bfloat16(__bfloat162float(a) / __bfloat162float(b)); }
__device__ inline __nv_bfloat162 operator/(const __nv_bfloat162& a, const __nv_bfloat162& b) { return __nv_bfloat162(a.x / b.x, a.y / b.y); }
__device__ inline __nv_bfloat16& operator/=(__nv_bfloat16& a, const __nv_bfloat16& b) { return a = a / b; }
__device__ inline __nv_bfloat162& operator/=(__nv_bfloat162& a, const __nv_bfloat162& b) { return a = a / b; }
__device__ inline __nv_bfloat16 __hdiv(__nv_bfloat16 a, __nv_bfloat16 b) { return a / b; }
__device__ inline __nv_bfloat162 __h2div(__nv_bfloat162 a, __nv_bfloat162 b) { return a / b; }
__device__ inline __nv_bfloat16 __hneg(__nv_bfloat16 a) { return __bfloat16_from_bits((unsigned short)(a.__x ^ 0x8000u)); }
__device__ inline __nv_bfloat16 __habs(__nv_bfloat16 a) { return __bfloat16_from_bits((unsigned short)(a.__x & 0x7fffu)); }
__device__ inline __nv_bfloat162 __hneg2(__nv_bfloat162 a) { return __nv_bfloat162(__hneg(a.x), __hneg(a.y)); }
__device__ inline __nv_bfloat162 __habs2(__nv_bfloat162 a) { return __nv_bfloat162(__habs(a.x), __habs(a.y)); }
__device__ inline __nv_bfloat16 operator-(const __nv_bfloat16& a) { return __hneg(a); }
__device__ inline __nv_bfloat162 operator-(const __nv_bfloat162& a) { return __hneg2(a); }
__device__ inline __nv_bfloat16 __hfma(__nv_bfloat16 a, __nv_bfloat16 b, __nv_bfloat16 c) { return __nv_bfloat16(__fma_to_odd(__bfloat162float(a), __bfloat162float(b), __bfloat162float(c))); }
__device__ inline __nv_bfloat162 __hfma2(__nv_bfloat162 a, __nv_bfloat162 b, __nv_bfloat162 c) { return __nv_bfloat162(__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)); }
__device__ inline __nv_bfloat16 __hadd_sat(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat16(__saturatef(__bfloat162float(a) + __bfloat162float(b))); }
__device__ inline __nv_bfloat16 __hmul_sat(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat16(__saturatef(__bfloat162float(a) * __bfloat162float(b))); }

// ---- comparison ------------------------------------------------------------------------------------------------

__device__ inline bool operator==(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __bfloat162float(a) == __bfloat162float(b); }
__device__ inline bool __heq(__nv_bfloat16 a, __nv_bfloat16 b) { return a == b; }
__device__ inline bool operator!=(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __bfloat162float(a) != __bfloat162float(b); }
__device__ inline bool __hne(__nv_bfloat16 a, __nv_bfloat16 b) { return a != b; }
__device__ inline bool operator<(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __bfloat162float(a) < __bfloat162float(b); }
__device__ inline bool __hlt(__nv_bfloat16 a, __nv_bfloat16 b) { return a < b; }
__device__ inline bool operator<=(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __bfloat162float(a) <= __bfloat162float(b); }
__device__ inline bool __hle(__nv_bfloat16 a, __nv_bfloat16 b) { return a <= b; }
__device__ inline bool operator>(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __bfloat162float(a) > __bfloat162float(b); }
__device__ inline bool __hgt(__nv_bfloat16 a, __nv_bfloat16 b) { return a > b; }
__device__ inline bool operator>=(const __nv_bfloat16& a, const __nv_bfloat16& b) { return __bfloat162float(a) >= __bfloat162float(b); }
__device__ inline bool __hge(__nv_bfloat16 a, __nv_bfloat16 b) { return a >= b; }
__device__ inline bool __hisnan(__nv_bfloat16 a) { return isnan(__bfloat162float(a)); }
__device__ inline int __hisinf(__nv_bfloat16 a) { return isinf(__bfloat162float(a)) ? (__bfloat162float(a) > 0.0f ? 1 : -1) : 0; }
__device__ inline __nv_bfloat16 __hmin(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat16(fminf(__bfloat162float(a), __bfloat162float(b))); }
__device__ inline __nv_bfloat16 __hmax(__nv_bfloat16 a, __nv_bfloat16 b) { return __nv_bfloat16(fmaxf(__bfloat162float(a), __bfloat162float(b))); }
__device__ inline __nv_bfloat162 __hmin2(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmin(a.x, b.x), __hmin(a.y, b.y)); }
__device__ inline __nv_bfloat162 __hmax2(__nv_bfloat162 a, __nv_bfloat162 b) { return __nv_bfloat162(__hmax(a.x, b.x), __hmax(a.y, b.y)); }

// ---- functions -------------------------------------------------------------------------------------------------

__device__ inline __nv_bfloat16 hsqrt(__nv_bfloat16 a) { return __nv_bfloat16(sqrtf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2sqrt(__nv_bfloat162 a) { return __nv_bfloat162(hsqrt(a.x), hsqrt(a.y)); }
__device__ inline __nv_bfloat16 hrsqrt(__nv_bfloat16 a) { return __nv_bfloat16(rsqrtf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2rsqrt(__nv_bfloat162 a) { return __nv_bfloat162(hrsqrt(a.x), hrsqrt(a.y)); }
__device__ inline __nv_bfloat16 hexp(__nv_bfloat16 a) { return __nv_bfloat16(expf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2exp(__nv_bfloat162 a) { return __nv_bfloat162(hexp(a.x), hexp(a.y)); }
__device__ inline __nv_bfloat16 hexp2(__nv_bfloat16 a) { return __nv_bfloat16(exp2f(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2exp2(__nv_bfloat162 a) { return __nv_bfloat162(hexp2(a.x), hexp2(a.y)); }
__device__ inline __nv_bfloat16 hexp10(__nv_bfloat16 a) { return __nv_bfloat16(exp10f(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2exp10(__nv_bfloat162 a) { return __nv_bfloat162(hexp10(a.x), hexp10(a.y)); }
__device__ inline __nv_bfloat16 hlog(__nv_bfloat16 a) { return __nv_bfloat16(logf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2log(__nv_bfloat162 a) { return __nv_bfloat162(hlog(a.x), hlog(a.y)); }
__device__ inline __nv_bfloat16 hlog2(__nv_bfloat16 a) { return __nv_bfloat16(log2f(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2log2(__nv_bfloat162 a) { return __nv_bfloat162(hlog2(a.x), hlog2(a.y)); }
__device__ inline __nv_bfloat16 hlog10(__nv_bfloat16 a) { return __nv_bfloat16(log10f(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2log10(__nv_bfloat162 a) { return __nv_bfloat162(hlog10(a.x), hlog10(a.y)); }
__device__ inline __nv_bfloat16 hsin(__nv_bfloat16 a) { return __nv_bfloat16(sinf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2sin(__nv_bfloat162 a) { return __nv_bfloat162(hsin(a.x), hsin(a.y)); }
__device__ inline __nv_bfloat16 hcos(__nv_bfloat16 a) { return __nv_bfloat16(cosf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2cos(__nv_bfloat162 a) { return __nv_bfloat162(hcos(a.x), hcos(a.y)); }
__device__ inline __nv_bfloat16 hfloor(__nv_bfloat16 a) { return __nv_bfloat16(floorf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2floor(__nv_bfloat162 a) { return __nv_bfloat162(hfloor(a.x), hfloor(a.y)); }
__device__ inline __nv_bfloat16 hceil(__nv_bfloat16 a) { return __nv_bfloat16(ceilf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2ceil(__nv_bfloat162 a) { return __nv_bfloat162(hceil(a.x), hceil(a.y)); }
__device__ inline __nv_bfloat16 htrunc(__nv_bfloat16 a) { return __nv_bfloat16(truncf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2trunc(__nv_bfloat162 a) { return __nv_bfloat162(htrunc(a.x), htrunc(a.y)); }
__device__ inline __nv_bfloat16 hrint(__nv_bfloat16 a) { return __nv_bfloat16(rintf(__bfloat162float(a))); }
__device__ inline __nv_bfloat162 h2rint(__nv_bfloat162 a) { return __nv_bfloat162(hrint(a.x), hrint(a.y)); }
__device__ inline __nv_bfloat16 hrcp(__nv_bfloat16 a) { return __nv_bfloat16(1.0f / __bfloat162float(a)); }
__device__ inline __nv_bfloat162 h2rcp(__nv_bfloat162 a) { return __nv_bfloat162(hrcp(a.x), hrcp(a.y)); }

// ---- what both types of 16 bits have ----------------------------------------------------------------------------

#define __H __nv_bfloat16
#define __H2 __nv_bfloat162
#define __NAMED(a, b) a##bfloat16##b
#define __OUT(name) __bfloat162##name
#define __IN(name, mode) __##name##2bfloat16_##mode
#define __WIDE(x) __bfloat162float(x)
#define __BITS(u) __bfloat16_from_bits(u)
#include "translate_float16.h"
#undef __H
#undef __H2
#undef __NAMED
#undef __OUT
#undef __IN
#undef __WIDE
#undef __BITS

// ---- warps -----------------------------------------------------------------------------------------------------

__device__ inline __nv_bfloat16 __shfl_sync(unsigned int mask, __nv_bfloat16 value, int lane, int width = 32)
{
    return __bfloat16_from_bits((unsigned short)__shfl_sync(mask, (unsigned int)value.__x, lane, width));
}
__device__ inline __nv_bfloat162 __shfl_sync(unsigned int mask, __nv_bfloat162 value, int lane, int width = 32)
{
    return __nv_bfloat162(__shfl_sync(mask, value.x, lane, width), __shfl_sync(mask, value.y, lane, width));
}
__device__ inline __nv_bfloat16 __shfl_up_sync(unsigned int mask, __nv_bfloat16 value, unsigned int delta, int width = 32)
{
    return __bfloat16_from_bits((unsigned short)__shfl_up_sync(mask, (unsigned int)value.__x, delta, width));
}
__device__ inline __nv_bfloat162 __shfl_up_sync(unsigned int mask, __nv_bfloat162 value, unsigned int delta, int width = 32)
{
    return __nv_bfloat162(__shfl_up_sync(mask, value.x, delta, width), __shfl_up_sync(mask, value.y, delta, width));
}
__device__ inline __nv_bfloat16 __shfl_down_sync(unsigned int mask, __nv_bfloat16 value, unsigned int delta, int width = 32)
{
    return __bfloat16_from_bits((unsigned short)__shfl_down_sync(mask, (unsigned int)value.__x, delta, width));
}
__device__ inline __nv_bfloat162 __shfl_down_sync(unsigned int mask, __nv_bfloat162 value, unsigned int delta, int width = 32)
{
    return __nv_bfloat162(__shfl_down_sync(mask, value.x, delta, width), __shfl_down_sync(mask, value.y, delta, width));
}
__device__ inline __nv_bfloat16 __shfl_xor_sync(unsigned int mask, __nv_bfloat16 value, int laneMask, int width = 32)
{
    return __bfloat16_from_bits((unsigned short)__shfl_xor_sync(mask, (unsigned int)value.__x, laneMask, width));
}
__device__ inline __nv_bfloat162 __shfl_xor_sync(unsigned int mask, __nv_bfloat162 value, int laneMask, int width = 32)
{
    return __nv_bfloat162(__shfl_xor_sync(mask, value.x, laneMask, width), __shfl_xor_sync(mask, value.y, laneMask, width));
}

// ---- atomics ---------------------------------------------------------------------------------------------------

__device__ inline __nv_bfloat16 atomicAdd(__nv_bfloat16* address, __nv_bfloat16 value)
{
    unsigned short seen = *(unsigned short*)address, old;
    do {
        old = seen;
        seen = atomicCAS((unsigned short*)address, old, (__bfloat16_from_bits(old) + value).__x);
    } while (seen != old);
    return __bfloat16_from_bits(old);
}

// Each half is added atomically, as CUDA has it.
__device__ inline __nv_bfloat162 atomicAdd(__nv_bfloat162* address, __nv_bfloat162 value)
{
    __nv_bfloat162 old;
    old.x = atomicAdd(&address->x, value.x);
    old.y = atomicAdd(&address->y, value.y);
    return old;
}
