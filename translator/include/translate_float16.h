// What __half and __nv_bfloat16 have in common beyond plain arithmetic; included once for each, with
//     __H, __H2            the type and its pair
//     __NAMED(a, b)        a##half##b or a##bfloat16##b
//     __OUT(name)          __half2##name or __bfloat162##name
//     __IN(name, mode)     __##name##2half_##mode or __##name##2bfloat16_##mode
//     __WIDE(x), __BITS(u) x as a float; the value with the bits u

// ---- directed rounding: the neighbour, where rounding to nearest went the wrong way -------------------------------

__device__ inline __H __next_below(__H a)
{
    unsigned int bits = a.__x;
    return __BITS((unsigned short)(bits == 0 ? 0x8001u : (bits & 0x8000u) ? bits + 1 : bits - 1));
}
__device__ inline __H __next_above(__H a)
{
    unsigned int bits = a.__x;
    return __BITS((unsigned short)(bits == 0x8000u ? 0x0001u : (bits & 0x8000u) ? bits - 1 : bits + 1));
}
__device__ inline __H __IN(float, rd)(float x)
{
    __H nearest(x);
    return __WIDE(nearest) > x ? __next_below(nearest) : nearest;
}
__device__ inline __H __IN(float, ru)(float x)
{
    __H nearest(x);
    return __WIDE(nearest) < x ? __next_above(nearest) : nearest;
}
__device__ inline __H __IN(float, rz)(float x) { return x > 0.0f ? __IN(float, rd)(x) : __IN(float, ru)(x); }

// ---- from integers: exact in float, or rounded the same way twice; to nearest through a float rounded to odd ---------

#define __FROM_INTEGER(name, T, toFloat)                                                            \
    __device__ inline __H __IN(name, rd)(T x) { return __IN(float, rd)(__##toFloat##2float_rd(x)); } \
    __device__ inline __H __IN(name, ru)(T x) { return __IN(float, ru)(__##toFloat##2float_ru(x)); } \
    __device__ inline __H __IN(name, rz)(T x) { return __IN(float, rz)(__##toFloat##2float_rz(x)); }
__FROM_INTEGER(short, short, int)
__FROM_INTEGER(ushort, unsigned short, uint)
__FROM_INTEGER(int, int, int)
__FROM_INTEGER(uint, unsigned int, uint)
__FROM_INTEGER(ll, long long, ll)
__FROM_INTEGER(ull, unsigned long long, ull)
#undef __FROM_INTEGER
__device__ inline __H __IN(short, rn)(short x) { return __H((int)x); }
__device__ inline __H __IN(ushort, rn)(unsigned short x) { return __H((unsigned int)x); }
__device__ inline __H __IN(ull, rn)(unsigned long long x)
{
    float cut = __ull2float_rz(x);
    bool exact = (unsigned long long)cut == x;
    return __H(__uint_as_float(__float_as_uint(cut) | (exact ? 0u : 1u)));
}
__device__ inline __H __IN(ll, rn)(long long x)
{
    __H magnitude = __IN(ull, rn)(x < 0 ? 0ull - (unsigned long long)x : (unsigned long long)x);
    return x < 0 ? __BITS((unsigned short)(magnitude.__x ^ 0x8000u)) : magnitude;
}

// ---- to integers, which saturate; NaN becomes 0, of 64 bits the highest bit ("Half Precision Conversion and Data Movement") -----------------------------------------------------------------------------------

#define __TO_INTEGER(name, T, narrow)                                                       \
    __device__ inline T __OUT(name##_rd)(__H a) { return (T)narrow(floorf(__WIDE(a))); }    \
    __device__ inline T __OUT(name##_ru)(__H a) { return (T)narrow(ceilf(__WIDE(a))); }
#define __TO_INTEGER4(name, T, narrow)                                                      \
    __TO_INTEGER(name, T, narrow)                                                           \
    __device__ inline T __OUT(name##_rn)(__H a) { return (T)narrow(rintf(__WIDE(a))); }     \
    __device__ inline T __OUT(name##_rz)(__H a) { return (T)narrow(__WIDE(a)); }
#define __TO_SHORT(x) min(max((int)(x), -32768), 32767)
#define __TO_USHORT(x) min(max((int)(x), 0), 65535)
#define __AS_IT_IS(x) (x)
#define __OR_HIGHEST_BIT(x) (isnan(x) ? -9223372036854775808.0f : (x))
__TO_INTEGER(int, int, __AS_IT_IS)
__TO_INTEGER(uint, unsigned int, __AS_IT_IS)
__TO_INTEGER4(short, short, __TO_SHORT)
__TO_INTEGER4(ushort, unsigned short, __TO_USHORT)
__TO_INTEGER4(ll, long long, __OR_HIGHEST_BIT)
__TO_INTEGER4(ull, unsigned long long, __OR_HIGHEST_BIT)
__device__ inline unsigned int __OUT(uint_rz)(__H a) { return (unsigned int)__WIDE(a); }
__device__ inline signed char __OUT(char_rz)(__H a) { return (signed char)min(max((int)__WIDE(a), -128), 127); }
__device__ inline unsigned char __OUT(uchar_rz)(__H a) { return (unsigned char)min(max((int)__WIDE(a), 0), 255); }
#undef __TO_INTEGER
#undef __TO_INTEGER4
#undef __TO_SHORT
#undef __TO_USHORT
#undef __AS_IT_IS
#undef __OR_HIGHEST_BIT

// ---- arithmetic ------------------------------------------------------------------------------------------------------

__device__ inline __H __hadd_rn(__H a, __H b) { return a + b; }
__device__ inline __H __hsub_rn(__H a, __H b) { return a - b; }
__device__ inline __H __hmul_rn(__H a, __H b) { return a * b; }
__device__ inline __H2 __hadd2_rn(__H2 a, __H2 b) { return a + b; }
__device__ inline __H2 __hsub2_rn(__H2 a, __H2 b) { return a - b; }
__device__ inline __H2 __hmul2_rn(__H2 a, __H2 b) { return a * b; }
__device__ inline __H __hsub_sat(__H a, __H b) { return __H(__saturatef(__WIDE(a) - __WIDE(b))); }
__device__ inline __H __hfma_sat(__H a, __H b, __H c) { return __H(__saturatef(__WIDE(__hfma(a, b, c)))); }
__device__ inline __H2 __hadd2_sat(__H2 a, __H2 b) { return __H2(__hadd_sat(a.x, b.x), __hadd_sat(a.y, b.y)); }
__device__ inline __H2 __hsub2_sat(__H2 a, __H2 b) { return __H2(__hsub_sat(a.x, b.x), __hsub_sat(a.y, b.y)); }
__device__ inline __H2 __hmul2_sat(__H2 a, __H2 b) { return __H2(__hmul_sat(a.x, b.x), __hmul_sat(a.y, b.y)); }
__device__ inline __H2 __hfma2_sat(__H2 a, __H2 b, __H2 c) { return __H2(__hfma_sat(a.x, b.x, c.x), __hfma_sat(a.y, b.y, c.y)); }
// Negative results become zero.
__device__ inline __H __hfma_relu(__H a, __H b, __H c)
{
    __H sum = __hfma(a, b, c);
    return __WIDE(sum) < 0.0f ? __BITS(0) : sum;
}
__device__ inline __H2 __hfma2_relu(__H2 a, __H2 b, __H2 c) { return __H2(__hfma_relu(a.x, b.x, c.x), __hfma_relu(a.y, b.y, c.y)); }
// a * b + c of complex numbers, real parts in x.
__device__ inline __H2 __hcmadd(__H2 a, __H2 b, __H2 c)
{
    __H real = __hfma(__hneg(a.y), b.y, __hfma(a.x, b.x, c.x));
    __H imaginary = __hfma(a.y, b.x, __hfma(a.x, b.y, c.y));
    return __H2(real, imaginary);
}

__device__ inline __H2 __NAMED(__low2, 2)(__H2 a) { return __H2(a.x, a.x); }
__device__ inline __H2 __NAMED(__high2, 2)(__H2 a) { return __H2(a.y, a.y); }
__device__ inline __H2 __NAMED(__lows2, 2)(__H2 a, __H2 b) { return __H2(a.x, b.x); }
__device__ inline __H2 __NAMED(__highs2, 2)(__H2 a, __H2 b) { return __H2(a.y, b.y); }

__device__ inline __H htanh(__H a) { return __H(tanhf(__WIDE(a))); }
__device__ inline __H2 h2tanh(__H2 a) { return __H2(htanh(a.x), htanh(a.y)); }
__device__ inline __H htanh_approx(__H a) { return __H(tanhf(__WIDE(a))); }
__device__ inline __H2 h2tanh_approx(__H2 a) { return __H2(htanh(a.x), htanh(a.y)); }

// ---- comparison: with NaN an ordered one is false, an unordered one (u) true ---------------------------------------------

__device__ inline __H __hmin_nan(__H a, __H b) { return __hisnan(a) ? a : __hisnan(b) ? b : __hmin(a, b); }
__device__ inline __H __hmax_nan(__H a, __H b) { return __hisnan(a) ? a : __hisnan(b) ? b : __hmax(a, b); }
__device__ inline __H2 __hmin2_nan(__H2 a, __H2 b) { return __H2(__hmin_nan(a.x, b.x), __hmin_nan(a.y, b.y)); }
__device__ inline __H2 __hmax2_nan(__H2 a, __H2 b) { return __H2(__hmax_nan(a.x, b.x), __hmax_nan(a.y, b.y)); }
__device__ inline __H2 __hisnan2(__H2 a) { return __H2(__H(__hisnan(a.x) ? 1.0f : 0.0f), __H(__hisnan(a.y) ? 1.0f : 0.0f)); }

// Of pairs: 1 or 0 each, a mask of 16 bits each, and (b) whether both hold.
#define __OF_PAIRS(name)                                                                                                                              \
    __device__ inline __H2 __h##name##2(__H2 a, __H2 b) { return __H2(__H(__h##name(a.x, b.x) ? 1.0f : 0.0f), __H(__h##name(a.y, b.y) ? 1.0f : 0.0f)); } \
    __device__ inline unsigned int __h##name##2_mask(__H2 a, __H2 b) { return (__h##name(a.x, b.x) ? 0xffffu : 0u) | (__h##name(a.y, b.y) ? 0xffff0000u : 0u); } \
    __device__ inline bool __hb##name##2(__H2 a, __H2 b) { return __h##name(a.x, b.x) && __h##name(a.y, b.y); }
#define __COMPARISON(name)                                                                                                  \
    __device__ inline bool __h##name##u(__H a, __H b) { return __hisnan(a) || __hisnan(b) || __h##name(a, b); }             \
    __OF_PAIRS(name)                                                                                                        \
    __OF_PAIRS(name##u)
__COMPARISON(eq)
__COMPARISON(ne)
__COMPARISON(lt)
__COMPARISON(le)
__COMPARISON(gt)
__COMPARISON(ge)
#undef __COMPARISON
#undef __OF_PAIRS
