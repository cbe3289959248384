// The functions of C's and C++'s <math.h> under their names without suffix, and CUDA's further overloads.
#pragma once
#include "translate_builtins.h"
#include "math/float_parts.h"
#include "math/float_exp.h"
#include "math/float_log.h"
#include "math/float_trig.h"
#include "math/float_inverse_trig.h"
#include "math/float_pow.h"
#include "math/float_erf.h"
#include "math/double_parts.h"
#include "math/double_exp.h"
#include "math/double_log.h"
#include "math/double_trig.h"
#include "math/double_inverse_trig.h"
#include "math/double_pow.h"
#include "math/double_erf.h"

#define MAXFLOAT 3.40282347e+38f
#define M_E 2.7182818284590452354
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_1_PI 0.31830988618379067154
#define M_2_PI 0.63661977236758134308
#define M_2_SQRTPI 1.12837916709551257390
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440

template <bool Condition> struct __only_if {};
template <> struct __only_if<true> { typedef double type; };

// One argument: float and double as they are, integers as double.
#define __TRANSLATE_INTEGERS(name) template <typename T> __device__ inline typename __only_if<__is_integral(T)>::type name(T x) { return name((double)x); }
#define __TRANSLATE_UNARY(name)                                            \
    __device__ inline float name(float x) { return name##f(x); }          \
    __TRANSLATE_INTEGERS(name)

__TRANSLATE_INTEGERS(sqrt)
__TRANSLATE_INTEGERS(floor)
__TRANSLATE_INTEGERS(ceil)
__TRANSLATE_INTEGERS(trunc)
__TRANSLATE_INTEGERS(rint)
__TRANSLATE_INTEGERS(fabs)

__TRANSLATE_UNARY(exp)
__TRANSLATE_UNARY(exp2)
__TRANSLATE_UNARY(exp10)
__TRANSLATE_UNARY(expm1)
__TRANSLATE_UNARY(log)
__TRANSLATE_UNARY(log2)
__TRANSLATE_UNARY(log10)
__TRANSLATE_UNARY(log1p)
__TRANSLATE_UNARY(sin)
__TRANSLATE_UNARY(cos)
__TRANSLATE_UNARY(tan)
__TRANSLATE_UNARY(asin)
__TRANSLATE_UNARY(acos)
__TRANSLATE_UNARY(atan)
__TRANSLATE_UNARY(sinh)
__TRANSLATE_UNARY(cosh)
__TRANSLATE_UNARY(tanh)
__TRANSLATE_UNARY(asinh)
__TRANSLATE_UNARY(acosh)
__TRANSLATE_UNARY(atanh)
__TRANSLATE_UNARY(cbrt)
__TRANSLATE_UNARY(erf)
__TRANSLATE_UNARY(erfc)
__TRANSLATE_UNARY(round)
__TRANSLATE_UNARY(nearbyint)
__TRANSLATE_UNARY(rsqrt)
__TRANSLATE_UNARY(sinpi)
__TRANSLATE_UNARY(cospi)
__TRANSLATE_UNARY(rcbrt)
__TRANSLATE_UNARY(logb)
#undef __TRANSLATE_UNARY
#undef __TRANSLATE_INTEGERS

// Two arguments: two floats as floats, anything else as double.
#define __TRANSLATE_MIXED(name)                                                                                            \
    template <typename T, typename U>                                                                                       \
    __device__ inline typename __only_if<__is_arithmetic(T) && __is_arithmetic(U)>::type name(T x, U y) { return name((double)x, (double)y); }
#define __TRANSLATE_BINARY(name)                                                   \
    __device__ inline float name(float x, float y) { return name##f(x, y); }      \
    __TRANSLATE_MIXED(name)

__TRANSLATE_MIXED(fmin)
__TRANSLATE_MIXED(fmax)
__TRANSLATE_MIXED(copysign)
__TRANSLATE_BINARY(pow)
__TRANSLATE_BINARY(atan2)
__TRANSLATE_BINARY(fmod)
__TRANSLATE_BINARY(remainder)
__TRANSLATE_BINARY(hypot)
__TRANSLATE_BINARY(rhypot)
__TRANSLATE_BINARY(fdim)
__TRANSLATE_BINARY(nextafter)
#undef __TRANSLATE_BINARY
#undef __TRANSLATE_MIXED

__device__ inline void sincos(float x, float* sine, float* cosine) { sincosf(x, sine, cosine); }
__device__ inline void sincospi(float x, float* sine, float* cosine) { sincospif(x, sine, cosine); }
__device__ inline float normcdf(float x) { return normcdff(x); }
__device__ inline float ldexp(float x, int n) { return ldexpf(x, n); }
__device__ inline float scalbn(float x, int n) { return ldexpf(x, n); }
__device__ inline float frexp(float x, int* exponent) { return frexpf(x, exponent); }
__device__ inline float modf(float x, float* whole) { return modff(x, whole); }
__device__ inline int ilogb(float x) { return ilogbf(x); }
__device__ inline long lround(float x) { return lroundf(x); }
__device__ inline long lrint(float x) { return lrintf(x); }
__device__ inline long long llround(float x) { return llroundf(x); }
__device__ inline long long llrint(float x) { return llrintf(x); }

// ---- CUDA's min, max and abs ---------------------------------------------------------------------------------

__device__ inline long labs(long x) { return abs(x); }
__device__ inline long long llabs(long long x) { return abs(x); }
__device__ inline unsigned int umin(unsigned int x, unsigned int y) { return min(x, y); }
__device__ inline unsigned int umax(unsigned int x, unsigned int y) { return max(x, y); }
__device__ inline long long llmin(long long x, long long y) { return min(x, y); }
__device__ inline long long llmax(long long x, long long y) { return max(x, y); }
__device__ inline unsigned long long ullmin(unsigned long long x, unsigned long long y) { return min(x, y); }
__device__ inline unsigned long long ullmax(unsigned long long x, unsigned long long y) { return max(x, y); }

#define __TRANSLATE_MIXED(S, U)                                            \
    __device__ inline U min(S x, U y) { return min((U)x, y); }             \
    __device__ inline U min(U x, S y) { return min(x, (U)y); }             \
    __device__ inline U max(S x, U y) { return max((U)x, y); }             \
    __device__ inline U max(U x, S y) { return max(x, (U)y); }
__TRANSLATE_MIXED(int, unsigned int)
__TRANSLATE_MIXED(long, unsigned long)
__TRANSLATE_MIXED(long long, unsigned long long)
__TRANSLATE_MIXED(float, double)
#undef __TRANSLATE_MIXED
