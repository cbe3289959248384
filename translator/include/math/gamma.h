// The gamma function and its logarithm under their names without suffix, for floats and integers too.
#pragma once
#include "math_functions.h"
#include "math/float_gamma.h"
#include "math/double_gamma.h"

__device__ inline float tgamma(float x) { return tgammaf(x); }
__device__ inline float lgamma(float x) { return lgammaf(x); }
template <typename T> __device__ inline typename __only_if<__is_integral(T)>::type tgamma(T x) { return tgamma((double)x); }
template <typename T> __device__ inline typename __only_if<__is_integral(T)>::type lgamma(T x) { return lgamma((double)x); }

namespace std {
using ::lgamma;
using ::lgammaf;
using ::tgamma;
using ::tgammaf;
}
