// The vector types of 32 bytes by their alignment, 16 bytes or 32; `double4` and its kind without one have 16.
#pragma once
#include "vector_types.h"

#define __ALIGNED(name, T, bytes)                                                        \
    struct __align__(bytes) name { T x, y, z, w; };                                      \
    __host__ __device__ inline name make_##name(T x, T y, T z, T w) { return {x, y, z, w}; }
#define __ALIGNED_BOTH(name, T) __ALIGNED(name##_16a, T, 16) __ALIGNED(name##_32a, T, 32)
__ALIGNED_BOTH(long4, long)
__ALIGNED_BOTH(ulong4, unsigned long)
__ALIGNED_BOTH(longlong4, long long)
__ALIGNED_BOTH(ulonglong4, unsigned long long)
__ALIGNED_BOTH(double4, double)
#undef __ALIGNED_BOTH
#undef __ALIGNED
