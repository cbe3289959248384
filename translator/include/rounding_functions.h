// Arithmetic and conversions with directed rounding (CUDA math API, "__fadd_rd" and its kind), in integer arithmetic: exact whatever a
// device does with rounding modes, subnormals and reassociation.
#pragma once
#include "translate_builtins.h"
#include "math/float_parts.h"
#include "math/double_parts.h"

enum { __TOWARD_ZERO, __DOWNWARD, __UPWARD };

// What the algorithms below need to know of float and double: a word that holds a value's bits.
template <typename T> struct __binary {};
template <> struct __binary<float> {
    typedef unsigned int word;
    static constexpr int width = 32, precision = 24, bias = 127;
    __device__ static unsigned int bits(float x) { return __float_as_uint(x); }
    __device__ static float make(unsigned int bits) { return __uint_as_float(bits); }
    __device__ static int zeros(unsigned int x) { return __clz((int)x); }
    __device__ static unsigned int high(unsigned int x, unsigned int y) { return __umulhi(x, y); }
    __device__ static float nan() { return __uint_as_float(0x7fffffffu); }
};
template <> struct __binary<double> {
    typedef unsigned long long word;
    static constexpr int width = 64, precision = 53, bias = 1023;
    __device__ static unsigned long long bits(double x) { return (unsigned long long)__double_as_longlong(x); }
    __device__ static double make(unsigned long long bits) { return __longlong_as_double((long long)bits); }
    __device__ static int zeros(unsigned long long x) { return __clzll((long long)x); }
    __device__ static unsigned long long high(unsigned long long x, unsigned long long y) { return __umul64hi(x, y); }
    __device__ static double nan() { return __longlong_as_double((long long)0xfff8000000000000ull); }
};

// x >> count, with a one in the lowest bit if ones were lost.
template <typename W> __device__ inline W __shift_jam(W x, int count, int width)
{
    if (count <= 0) return x;
    if (count >= width) return x != 0 ? 1 : 0;
    return x >> count | ((x << (width - count)) != 0 ? 1 : 0);
}

// (-1)^negative * significand * 2^(exponent - width + 1), rounded; the highest bit of the significand is set, its lowest is sticky.
template <typename T>
__device__ inline T __rounded(bool negative, int exponent, typename __binary<T>::word significand, int mode)
{
    typedef __binary<T> B;
    typedef typename B::word W;
    bool away = mode == (negative ? __DOWNWARD : __UPWARD);
    W sign = negative ? (W)1 << (B::width - 1) : 0;
    W infinity = (((W)1 << (B::width - B::precision)) - 1) << (B::precision - 1);
    if (exponent > B::bias) return B::make(sign | (infinity - (away ? 0 : 1)));
    int biased = exponent + B::bias;
    if (biased < 1) {
        significand = __shift_jam<W>(significand, 1 - biased, B::width);
        biased = 0;
    } else {
        biased -= 1;  // the leading bit of the significand adds the one again
    }
    W kept = significand >> (B::width - B::precision);
    if (away && (significand & (((W)1 << (B::width - B::precision)) - 1)) != 0) kept += 1;
    return B::make(sign | (((W)biased << (B::precision - 1)) + kept));
}

// The significand of a finite x that is not 0, its highest bit set: |x| = significand * 2^(exponent - width + 1).
template <typename T>
__device__ inline typename __binary<T>::word __normalised(T x, int& exponent)
{
    typedef __binary<T> B;
    typedef typename B::word W;
    W bits = B::bits(x) << 1 >> 1;
    int biased = (int)(bits >> (B::precision - 1));
    W significand = biased > 0 ? bits << (B::width - B::precision) | (W)1 << (B::width - 1) : bits << (B::width - B::precision);
    if (biased == 0) biased = 1;
    int shift = B::zeros(significand);
    exponent = biased - B::bias - shift;
    return significand << shift;
}

// x * y + z with one rounding: the product in two words, the sum aligned to the larger of both, what falls off sticky.
template <typename T>
__device__ inline T __fma_directed(T x, T y, T z, int mode)
{
    typedef __binary<T> B;
    typedef typename B::word W;
    if (isnan(x) || isnan(y) || isnan(z)) return B::nan();
    bool negative = signbit(x) != signbit(y);
    if (isinf(x) || isinf(y)) {
        if (x == 0 || y == 0 || (isinf(z) && signbit(z) != negative)) return B::nan();
        return isinf(x) ? (negative ? -fabs(x) : fabs(x)) : (negative ? -fabs(y) : fabs(y));
    }
    if (isinf(z)) return z;
    if (x == 0 || y == 0) {
        if (z != 0) return z;
        bool below = negative == signbit(z) ? negative : mode == __DOWNWARD;
        return B::make(below ? (W)1 << (B::width - 1) : 0);
    }
    int exponentX, exponentY;
    W significandX = __normalised(x, exponentX) >> 1;
    W significandY = __normalised(y, exponentY);
    // Two words: bit 2 * width - 2 stands for 2^exponent.
    int exponent = exponentX + exponentY + 1;
    W high = B::high(significandX, significandY);
    W low = significandX * significandY;
    if (z != 0) {
        int exponentZ;
        W highZ = __normalised(z, exponentZ) >> 1;
        W lowZ = 0;
        int distance = exponent - exponentZ;
        exponent = max(exponent, exponentZ);
        // The smaller one moves right.
        W* movedHigh = distance > 0 ? &highZ : &high;
        W* movedLow = distance > 0 ? &lowZ : &low;
        distance = abs(distance);
        if (distance >= B::width) {
            *movedLow = __shift_jam<W>(*movedHigh | (*movedLow != 0 ? 1 : 0), distance - B::width, B::width);
            *movedHigh = 0;
        } else if (distance > 0) {
            W lost = *movedLow << (B::width - distance);
            *movedLow = *movedHigh << (B::width - distance) | *movedLow >> distance | (lost != 0 ? 1 : 0);
            *movedHigh >>= distance;
        }
        if (negative == signbit(z)) {
            low += lowZ;
            high += highZ + (low < lowZ ? 1 : 0);
        } else {
            if (high < highZ || (high == highZ && low < lowZ)) {
                negative = !negative;
                W swapped = high;
                high = highZ;
                highZ = swapped;
                swapped = low;
                low = lowZ;
                lowZ = swapped;
            }
            high -= highZ + (low < lowZ ? 1 : 0);
            low -= lowZ;
        }
    }
    if (high == 0) {
        if (low == 0) return B::make(mode == __DOWNWARD ? (W)1 << (B::width - 1) : 0);
        high = low;
        low = 0;
        exponent -= B::width;
    }
    int shift = B::zeros(high);
    if (shift > 0) {
        high = high << shift | low >> (B::width - shift);
        low <<= shift;
    }
    return __rounded<T>(negative, exponent + 1 - shift, high | (low != 0 ? 1 : 0), mode);
}

template <typename T> __device__ inline T __mul_directed(T x, T y, int mode)
{
    T product = x * y;
    if (x == 0 || y == 0 || !isfinite(x) || !isfinite(y)) return product;
    return __fma_directed<T>(x, y, 0, mode);
}

// Long division of the significands, as many bits at a time as the remainder leaves room for.
template <typename T>
__device__ inline T __div_directed(T x, T y, int mode)
{
    typedef __binary<T> B;
    typedef typename B::word W;
    T quotient = x / y;
    if (x == 0 || y == 0 || !isfinite(x) || !isfinite(y)) return quotient;
    int exponentX, exponentY;
    W rest = __normalised(x, exponentX) >> (B::width - B::precision);
    W divisor = __normalised(y, exponentY) >> (B::width - B::precision);
    int exponent = exponentX - exponentY;
    if (rest < divisor) {
        rest <<= 1;
        exponent -= 1;
    }
    W result = 1;
    rest -= divisor;
    for (int left = B::width - 1; left > 0;) {
        int bits = min(left, B::width - B::precision);
        rest <<= bits;
        result = result << bits | rest / divisor;
        rest %= divisor;
        left -= bits;
    }
    return __rounded<T>(signbit(x) != signbit(y), exponent, result | (rest != 0 ? 1 : 0), mode);
}

// The root to nearest is one of the two neighbours of the exact one: its square says which.
template <typename T>
__device__ inline T __sqrt_directed(T x, int mode)
{
    typedef __binary<T> B;
    typedef typename B::word W;
    T root = sqrt(x);
    if (!(x > 0) || isinf(x)) return root;
    int exponentX, exponentR;
    W exact = __normalised(x, exponentX) >> (B::width - B::precision);
    W rounded = __normalised(root, exponentR) >> (B::width - B::precision);
    // rounded^2 beside exact * 2^shift.
    int shift = B::precision - 1 + exponentX - 2 * exponentR;
    W squareHigh = B::high(rounded, rounded);
    W squareLow = rounded * rounded;
    W exactHigh = exact >> (B::width - shift);
    W exactLow = exact << shift;
    bool above = squareHigh > exactHigh || (squareHigh == exactHigh && squareLow > exactLow);
    bool below = squareHigh < exactHigh || (squareHigh == exactHigh && squareLow < exactLow);
    W bits = B::bits(root);
    if (above && mode != __UPWARD) bits -= 1;
    if (below && mode == __UPWARD) bits += 1;
    return B::make(bits);
}

#define __DIRECTED(suffix, mode)                                                                                              \
    __device__ inline float __fadd_##suffix(float x, float y) { return __fma_directed<float>(x, 1.0f, y, mode); }             \
    __device__ inline float __fsub_##suffix(float x, float y) { return __fma_directed<float>(x, 1.0f, -y, mode); }            \
    __device__ inline float __fmul_##suffix(float x, float y) { return __mul_directed<float>(x, y, mode); }                   \
    __device__ inline float __fmaf_##suffix(float x, float y, float z) { return __fma_directed<float>(x, y, z, mode); }       \
    __device__ inline float __fmaf_ieee_##suffix(float x, float y, float z) { return __fma_directed<float>(x, y, z, mode); }  \
    __device__ inline float __fdiv_##suffix(float x, float y) { return __div_directed<float>(x, y, mode); }                   \
    __device__ inline float __frcp_##suffix(float x) { return __div_directed<float>(1.0f, x, mode); }                         \
    __device__ inline float __fsqrt_##suffix(float x) { return __sqrt_directed<float>(x, mode); }                             \
    __device__ inline double __dadd_##suffix(double x, double y) { return __fma_directed<double>(x, 1.0, y, mode); }          \
    __device__ inline double __dsub_##suffix(double x, double y) { return __fma_directed<double>(x, 1.0, -y, mode); }         \
    __device__ inline double __dmul_##suffix(double x, double y) { return __mul_directed<double>(x, y, mode); }               \
    __device__ inline double __fma_##suffix(double x, double y, double z) { return __fma_directed<double>(x, y, z, mode); }   \
    __device__ inline double __ddiv_##suffix(double x, double y) { return __div_directed<double>(x, y, mode); }               \
    __device__ inline double __drcp_##suffix(double x) { return __div_directed<double>(1.0, x, mode); }                       \
    __device__ inline double __dsqrt_##suffix(double x) { return __sqrt_directed<double>(x, mode); }
__DIRECTED(rz, __TOWARD_ZERO)
__DIRECTED(rd, __DOWNWARD)
__DIRECTED(ru, __UPWARD)
#undef __DIRECTED

// ---- conversions ---------------------------------------------------------------------------------------------

__device__ inline float __integer_directed(bool negative, unsigned int magnitude, int mode)
{
    if (magnitude == 0) return 0.0f;
    int shift = __clz((int)magnitude);
    return __rounded<float>(negative, 31 - shift, magnitude << shift, mode);
}
__device__ inline float __wide_directed(bool negative, unsigned long long magnitude, int mode)
{
    if (magnitude == 0) return 0.0f;
    int shift = __clzll((long long)magnitude);
    magnitude <<= shift;
    return __rounded<float>(negative, 63 - shift, (unsigned int)(magnitude >> 32) | ((unsigned int)magnitude != 0 ? 1 : 0), mode);
}
__device__ inline double __wide_double_directed(bool negative, unsigned long long magnitude, int mode)
{
    if (magnitude == 0) return 0.0;
    int shift = __clzll((long long)magnitude);
    return __rounded<double>(negative, 63 - shift, magnitude << shift, mode);
}
__device__ inline float __narrowed_directed(double x, int mode)
{
    if (x == 0.0 || !isfinite(x)) return (float)x;
    int exponent;
    unsigned long long significand = __normalised(x, exponent);
    return __rounded<float>(signbit(x), exponent, (unsigned int)(significand >> 32) | ((unsigned int)significand != 0 ? 1 : 0), mode);
}

#define __DIRECTED(suffix, mode)                                                                                                                                    \
    __device__ inline float __int2float_##suffix(int x) { return __integer_directed(x < 0, x < 0 ? 0u - (unsigned int)x : (unsigned int)x, mode); }                 \
    __device__ inline float __uint2float_##suffix(unsigned int x) { return __integer_directed(false, x, mode); }                                                    \
    __device__ inline float __ll2float_##suffix(long long x) { return __wide_directed(x < 0, x < 0 ? 0ull - (unsigned long long)x : (unsigned long long)x, mode); }  \
    __device__ inline float __ull2float_##suffix(unsigned long long x) { return __wide_directed(false, x, mode); }                                                  \
    __device__ inline double __ll2double_##suffix(long long x) { return __wide_double_directed(x < 0, x < 0 ? 0ull - (unsigned long long)x : (unsigned long long)x, mode); }  \
    __device__ inline double __ull2double_##suffix(unsigned long long x) { return __wide_double_directed(false, x, mode); }                                         \
    __device__ inline float __double2float_##suffix(double x) { return __narrowed_directed(x, mode); }
__DIRECTED(rz, __TOWARD_ZERO)
__DIRECTED(rd, __DOWNWARD)
__DIRECTED(ru, __UPWARD)
#undef __DIRECTED
