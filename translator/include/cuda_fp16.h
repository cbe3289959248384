// Half precision, held as its bits: conversions are integer arithmetic and exact, operations compute in float and
// round once more, which gives the rounding that CUDA prescribes.
#pragma once
#include "cuda_runtime.h"
#include "round_to_odd.h"
#include "rounding_functions.h"

// ---- bits ------------------------------------------------------------------------------------------------------

__host__ __device__ inline unsigned short __float_to_half_bits(float value)
{
    unsigned int bits = __float_as_uint(value);
    unsigned int sign = bits >> 16 & 0x8000u;
    bits &= 0x7fffffffu;
    if (bits > 0x7f800000u) return 0x7fff;                 // NaN
    if (bits >= 0x477ff000u) return (unsigned short)(sign | 0x7c00u);  // 65520 and more
    if (bits >= 0x38800000u) return (unsigned short)(sign | ((bits + 0xfffu + (bits >> 13 & 1u) - 0x38000000u) >> 13));
    if (bits <= 0x33000000u) return (unsigned short)sign;  // 2^-25 and less
    // Subnormal: units of 2^-24.
    unsigned int shift = 126u - (bits >> 23);
    unsigned int significand = (bits & 0x7fffffu) | 0x800000u;
    unsigned int units = significand >> shift;
    unsigned int rest = significand & ((1u << shift) - 1u);
    unsigned int middle = 1u << (shift - 1u);
    if (rest > middle || (rest == middle && (units & 1u))) units++;
    return (unsigned short)(sign | units);
}

__host__ __device__ inline float __half_bits_to_float(unsigned short value)
{
    unsigned int sign = (value & 0x8000u) << 16;
    unsigned int exponent = value >> 10 & 0x1fu;
    unsigned int fraction = value & 0x3ffu;
    if (exponent == 0u) return __uint_as_float(sign | __float_as_uint((float)fraction * 5.96046448e-8f));
    if (exponent == 31u) return __uint_as_float(sign | 0x7f800000u | fraction << 13);
    return __uint_as_float(sign | (exponent + 112u) << 23 | fraction << 13);
}

// ---- the types -------------------------------------------------------------------------------------------------

// Bits without a constructor.
struct __align__(2) __half_raw {
    unsigned short x;
};
struct __align__(4) __half2_raw {
    unsigned short x;
    unsigned short y;
};

struct __align__(2) __half {
    unsigned short __x;

    __half() = default;
    __host__ __device__ __half(const __half_raw& raw) : __x(raw.x) {}
    __host__ __device__ operator __half_raw() const { __half_raw raw = {__x}; return raw; }
    __host__ __device__ __half(float value) : __x(__float_to_half_bits(value)) {}
    __host__ __device__ __half(double value) : __x(__float_to_half_bits(__round_to_odd(value))) {}
    __host__ __device__ __half(int value) : __x(__float_to_half_bits(__integer_to_odd(value < 0, value < 0 ? 0u - (unsigned int)value : (unsigned int)value))) {}
    __host__ __device__ __half(unsigned int value) : __x(__float_to_half_bits(__integer_to_odd(false, value))) {}
    __host__ __device__ operator float() const { return __half_bits_to_float(__x); }
};
typedef __half half;

struct __align__(4) __half2 {
    __half x;
    __half y;

    __half2() = default;
    __host__ __device__ __half2(const __half2_raw& raw) { x.__x = raw.x; y.__x = raw.y; }
    __host__ __device__ operator __half2_raw() const { __half2_raw raw = {x.__x, y.__x}; return raw; }
    __host__ __device__ __half2(const __half& a, const __half& b) : x(a), y(b) {}
};
typedef __half2 half2;

__device__ inline __half __half_from_bits(unsigned short bits)
{
    __half value;
    value.__x = bits;
    return value;
}

// ---- conversions -----------------------------------------------------------------------------------------------

__host__ __device__ inline float __half2float(__half a) { return __half_bits_to_float(a.__x); }
__host__ __device__ inline __half __float2half(float a) { return __half(a); }
__host__ __device__ inline __half __float2half_rn(float a) { return __half(a); }
__host__ __device__ inline __half __double2half(double a) { return __half(a); }
__host__ __device__ inline __half2 __float2half2_rn(float a) { return __half2(__half(a), __half(a)); }
__host__ __device__ inline __half2 __floats2half2_rn(float a, float b) { return __half2(__half(a), __half(b)); }
__host__ __device__ inline __half2 __float22half2_rn(float2 a) { return __half2(__half(a.x), __half(a.y)); }
__host__ __device__ inline float2 __half22float2(__half2 a) { return make_float2(__half2float(a.x), __half2float(a.y)); }
__host__ __device__ inline float __low2float(__half2 a) { return __half2float(a.x); }
__host__ __device__ inline float __high2float(__half2 a) { return __half2float(a.y); }
__host__ __device__ inline __half __low2half(__half2 a) { return a.x; }
__host__ __device__ inline __half __high2half(__half2 a) { return a.y; }
__host__ __device__ inline __half2 __halves2half2(__half a, __half b) { return __half2(a, b); }
__host__ __device__ inline __half2 make_half2(__half a, __half b) { return __half2(a, b); }
__host__ __device__ inline __half2 __half2half2(__half a) { return __half2(a, a); }
__host__ __device__ inline __half2 __lowhigh2highlow(__half2 a) { return __half2(a.y, a.x); }
__device__ inline int __half2int_rn(__half a) { return (int)rintf(__half2float(a)); }
__device__ inline int __half2int_rz(__half a) { return (int)__half2float(a); }
__device__ inline unsigned int __half2uint_rn(__half a) { return (unsigned int)rintf(__half2float(a)); }
__device__ inline __half __int2half_rn(int a) { return __half(a); }
__device__ inline __half __uint2half_rn(unsigned int a) { return __half(a); }
__device__ inline unsigned short __half_as_ushort(__half a) { return a.__x; }
__device__ inline short __half_as_short(__half a) { return (short)a.__x; }
__device__ inline __half __ushort_as_half(unsigned short a) { return __half_from_bits(a); }
__device__ inline __half __short_as_half(short a) { return __half_from_bits((unsigned short)a); }

// ---- arithmetic ------------------------------------------------------------------------------------------------

__device__ inline __half operator+(const __half& a, const __half& b) { return __half(__half2float(a) + __half2float(b)); }
__device__ inline __half2 operator+(const __half2& a, const __half2& b) { return __half2(a.x + b.x, a.y + b.y); }
__device__ inline __half& operator+=(__half& a, const __half& b) { return a = a + b; }
__device__ inline __half2& operator+=(__half2& a, const __half2& b) { return a = a + b; }
__device__ inline __half __hadd(__half a, __half b) { return a + b; }
__device__ inline __half2 __hadd2(__half2 a, __half2 b) { return a + b; }
__device__ inline __half operator-(const __half& a, const __half& b) { return __half(__half2float(a) - __half2float(b)); }
__device__ inline __half2 operator-(const __half2& a, const __half2& b) { return __half2(a.x - b.x, a.y - b.y); }
__device__ inline __half& operator-=(__half& a, const __half& b) { return a = a - b; }
__device__ inline __half2& operator-=(__half2& a, const __half2& b) { return a = a - b; }
__device__ inline __half __hsub(__half a, __half b) { return a - b; }
__device__ inline __half2 __hsub2(__half2 a, __half2 b) { return a - b; }
__device__ inline __half operator*(const __half& a, const __half& b) { return __half(__half2float(a) * __half2float(b)); }
__device__ inline __half2 operator*(const __half2& a, const __half2& b) { return __half2(a.x * b.x, a.y * b.y); }
__device__ inline __half& operator*=(__half& a, const __half& b) { return a = a * b; }
__device__ inline __half2& operator*=(__half2& a, const __half2& b) { return a = a * b; }
__device__ inline __half __hmul(__half a, __half b) { return a * b; }
__device__ inline __half2 __hmul2(__half2 a, __half2 b) { return a * b; }
__device__ inline __half operator/(const __half& a, const __half& b) { return __half(__half2float(a) / __half2float(b)); }
__device__ inline __half2 operator/(const __half2& a, const __half2& b) { return __half2(a.x / b.x, a.y / b.y); }
__device__ inline __half& operator/=(__half& a, const __half& b) { return a = a / b; }
__device__ inline __half2& operator/=(__half2& a, const __half2& b) { return a = a / b; }
__device__ inline __half __hdiv(__half a, __half b) { return a / b; }
__device__ inline __half2 __h2div(__half2 a, __half2 b) { return a / b; }
__device__ inline __half __hneg(__half a) { return __half_from_bits((unsigned short)(a.__x ^ 0x8000u)); }
__device__ inline __half __habs(__half a) { return __half_from_bits((unsigned short)(a.__x & 0x7fffu)); }
__device__ inline __half2 __hneg2(__half2 a) { return __half2(__hneg(a.x), __hneg(a.y)); }
__device__ inline __half2 __habs2(__half2 a) { return __half2(__habs(a.x), __habs(a.y)); }
__device__ inline __half operator-(const __half& a) { return __hneg(a); }
__device__ inline __half2 operator-(const __half2& a) { return __hneg2(a); }
__device__ inline __half __hfma(__half a, __half b, __half c) { return __half(__fma_to_odd(__half2float(a), __half2float(b), __half2float(c))); }
__device__ inline __half2 __hfma2(__half2 a, __half2 b, __half2 c) { return __half2(__hfma(a.x, b.x, c.x), __hfma(a.y, b.y, c.y)); }
__device__ inline __half __hadd_sat(__half a, __half b) { return __half(__saturatef(__half2float(a) + __half2float(b))); }
__device__ inline __half __hmul_sat(__half a, __half b) { return __half(__saturatef(__half2float(a) * __half2float(b))); }

// ---- comparison ------------------------------------------------------------------------------------------------

__device__ inline bool operator==(const __half& a, const __half& b) { return __half2float(a) == __half2float(b); }
__device__ inline bool __heq(__half a, __half b) { return a == b; }
__device__ inline bool operator!=(const __half& a, const __half& b) { return __half2float(a) != __half2float(b); }
__device__ inline bool __hne(__half a, __half b) { return a != b; }
__device__ inline bool operator<(const __half& a, const __half& b) { return __half2float(a) < __half2float(b); }
__device__ inline bool __hlt(__half a, __half b) { return a < b; }
__device__ inline bool operator<=(const __half& a, const __half& b) { return __half2float(a) <= __half2float(b); }
__device__ inline bool __hle(__half a, __half b) { return a <= b; }
__device__ inline bool operator>(const __half& a, const __half& b) { return __half2float(a) > __half2float(b); }
__device__ inline bool __hgt(__half a, __half b) { return a > b; }
__device__ inline bool operator>=(const __half& a, const __half& b) { return __half2float(a) >= __half2float(b); }
__device__ inline bool __hge(__half a, __half b) { return a >= b; }
__device__ inline bool __hisnan(__half a) { return isnan(__half2float(a)); }
__device__ inline int __hisinf(__half a) { return isinf(__half2float(a)) ? (__half2float(a) > 0.0f ? 1 : -1) : 0; }
__device__ inline __half __hmin(__half a, __half b) { return __half(fminf(__half2float(a), __half2float(b))); }
__device__ inline __half __hmax(__half a, __half b) { return __half(fmaxf(__half2float(a), __half2float(b))); }
__device__ inline __half2 __hmin2(__half2 a, __half2 b) { return __half2(__hmin(a.x, b.x), __hmin(a.y, b.y)); }
__device__ inline __half2 __hmax2(__half2 a, __half2 b) { return __half2(__hmax(a.x, b.x), __hmax(a.y, b.y)); }

// ---- functions -------------------------------------------------------------------------------------------------

__device__ inline __half hsqrt(__half a) { return __half(sqrtf(__half2float(a))); }
__device__ inline __half2 h2sqrt(__half2 a) { return __half2(hsqrt(a.x), hsqrt(a.y)); }
__device__ inline __half hrsqrt(__half a) { return __half(rsqrtf(__half2float(a))); }
__device__ inline __half2 h2rsqrt(__half2 a) { return __half2(hrsqrt(a.x), hrsqrt(a.y)); }
__device__ inline __half hexp(__half a) { return __half(expf(__half2float(a))); }
__device__ inline __half2 h2exp(__half2 a) { return __half2(hexp(a.x), hexp(a.y)); }
__device__ inline __half hexp2(__half a) { return __half(exp2f(__half2float(a))); }
__device__ inline __half2 h2exp2(__half2 a) { return __half2(hexp2(a.x), hexp2(a.y)); }
__device__ inline __half hexp10(__half a) { return __half(exp10f(__half2float(a))); }
__device__ inline __half2 h2exp10(__half2 a) { return __half2(hexp10(a.x), hexp10(a.y)); }
__device__ inline __half hlog(__half a) { return __half(logf(__half2float(a))); }
__device__ inline __half2 h2log(__half2 a) { return __half2(hlog(a.x), hlog(a.y)); }
__device__ inline __half hlog2(__half a) { return __half(log2f(__half2float(a))); }
__device__ inline __half2 h2log2(__half2 a) { return __half2(hlog2(a.x), hlog2(a.y)); }
__device__ inline __half hlog10(__half a) { return __half(log10f(__half2float(a))); }
__device__ inline __half2 h2log10(__half2 a) { return __half2(hlog10(a.x), hlog10(a.y)); }
__device__ inline __half hsin(__half a) { return __half(sinf(__half2float(a))); }
__device__ inline __half2 h2sin(__half2 a) { return __half2(hsin(a.x), hsin(a.y)); }
__device__ inline __half hcos(__half a) { return __half(cosf(__half2float(a))); }
__device__ inline __half2 h2cos(__half2 a) { return __half2(hcos(a.x), hcos(a.y)); }
__device__ inline __half hfloor(__half a) { return __half(floorf(__half2float(a))); }
__device__ inline __half2 h2floor(__half2 a) { return __half2(hfloor(a.x), hfloor(a.y)); }
__device__ inline __half hceil(__half a) { return __half(ceilf(__half2float(a))); }
__device__ inline __half2 h2ceil(__half2 a) { return __half2(hceil(a.x), hceil(a.y)); }
__device__ inline __half htrunc(__half a) { return __half(truncf(__half2float(a))); }
__device__ inline __half2 h2trunc(__half2 a) { return __half2(htrunc(a.x), htrunc(a.y)); }
__device__ inline __half hrint(__half a) { return __half(rintf(__half2float(a))); }
__device__ inline __half2 h2rint(__half2 a) { return __half2(hrint(a.x), hrint(a.y)); }
__device__ inline __half hrcp(__half a) { return __half(1.0f / __half2float(a)); }
__device__ inline __half2 h2rcp(__half2 a) { return __half2(hrcp(a.x), hrcp(a.y)); }

// ---- what both types of 16 bits have ----------------------------------------------------------------------------

#define __H __half
#define __H2 __half2
#define __NAMED(a, b) a##half##b
#define __OUT(name) __half2##name
#define __IN(name, mode) __##name##2half_##mode
#define __WIDE(x) __half2float(x)
#define __BITS(u) __half_from_bits(u)
#include "translate_float16.h"
#undef __H
#undef __H2
#undef __NAMED
#undef __OUT
#undef __IN
#undef __WIDE
#undef __BITS

// ---- warps -----------------------------------------------------------------------------------------------------

__device__ inline __half __shfl_sync(unsigned int mask, __half value, int lane, int width = 32)
{
    return __half_from_bits((unsigned short)__shfl_sync(mask, (unsigned int)value.__x, lane, width));
}
__device__ inline __half2 __shfl_sync(unsigned int mask, __half2 value, int lane, int width = 32)
{
    return __half2(__shfl_sync(mask, value.x, lane, width), __shfl_sync(mask, value.y, lane, width));
}
__device__ inline __half __shfl_up_sync(unsigned int mask, __half value, unsigned int delta, int width = 32)
{
    return __half_from_bits((unsigned short)__shfl_up_sync(mask, (unsigned int)value.__x, delta, width));
}
__device__ inline __half2 __shfl_up_sync(unsigned int mask, __half2 value, unsigned int delta, int width = 32)
{
    return __half2(__shfl_up_sync(mask, value.x, delta, width), __shfl_up_sync(mask, value.y, delta, width));
}
__device__ inline __half __shfl_down_sync(unsigned int mask, __half value, unsigned int delta, int width = 32)
{
    return __half_from_bits((unsigned short)__shfl_down_sync(mask, (unsigned int)value.__x, delta, width));
}
__device__ inline __half2 __shfl_down_sync(unsigned int mask, __half2 value, unsigned int delta, int width = 32)
{
    return __half2(__shfl_down_sync(mask, value.x, delta, width), __shfl_down_sync(mask, value.y, delta, width));
}
__device__ inline __half __shfl_xor_sync(unsigned int mask, __half value, int laneMask, int width = 32)
{
    return __half_from_bits((unsigned short)__shfl_xor_sync(mask, (unsigned int)value.__x, laneMask, width));
}
__device__ inline __half2 __shfl_xor_sync(unsigned int mask, __half2 value, int laneMask, int width = 32)
{
    return __half2(__shfl_xor_sync(mask, value.x, laneMask, width), __shfl_xor_sync(mask, value.y, laneMask, width));
}

// ---- atomics ---------------------------------------------------------------------------------------------------

__device__ inline __half atomicAdd(__half* address, __half value)
{
    unsigned short seen = *(unsigned short*)address, old;
    do {
        old = seen;
        seen = atomicCAS((unsigned short*)address, old, (__half_from_bits(old) + value).__x);
    } while (seen != old);
    return __half_from_bits(old);
}

// Each half is added atomically, as CUDA has it.
__device__ inline __half2 atomicAdd(__half2* address, __half2 value)
{
    __half2 old;
    old.x = atomicAdd(&address->x, value.x);
    old.y = atomicAdd(&address->y, value.y);
    return old;
}
