// Warp functions for 64-bit values, from two 32-bit exchanges each, and the rarer votes.
#pragma once
#include "translate_builtins.h"

#define __TRANSLATE_WIDE_SHUFFLES(T)                                                                                    \
    __device__ inline T __shfl_sync(unsigned int mask, T value, int lane, int width = 32)                               \
    {                                                                                                                   \
        unsigned int low = __shfl_sync(mask, (unsigned int)value, lane, width);                                         \
        unsigned int high = __shfl_sync(mask, (unsigned int)((unsigned long long)value >> 32), lane, width);            \
        return (T)((unsigned long long)high << 32 | low);                                                               \
    }                                                                                                                   \
    __device__ inline T __shfl_up_sync(unsigned int mask, T value, unsigned int delta, int width = 32)                  \
    {                                                                                                                   \
        unsigned int low = __shfl_up_sync(mask, (unsigned int)value, delta, width);                                     \
        unsigned int high = __shfl_up_sync(mask, (unsigned int)((unsigned long long)value >> 32), delta, width);        \
        return (T)((unsigned long long)high << 32 | low);                                                               \
    }                                                                                                                   \
    __device__ inline T __shfl_down_sync(unsigned int mask, T value, unsigned int delta, int width = 32)                \
    {                                                                                                                   \
        unsigned int low = __shfl_down_sync(mask, (unsigned int)value, delta, width);                                   \
        unsigned int high = __shfl_down_sync(mask, (unsigned int)((unsigned long long)value >> 32), delta, width);      \
        return (T)((unsigned long long)high << 32 | low);                                                               \
    }                                                                                                                   \
    __device__ inline T __shfl_xor_sync(unsigned int mask, T value, int laneMask, int width = 32)                       \
    {                                                                                                                   \
        unsigned int low = __shfl_xor_sync(mask, (unsigned int)value, laneMask, width);                                 \
        unsigned int high = __shfl_xor_sync(mask, (unsigned int)((unsigned long long)value >> 32), laneMask, width);    \
        return (T)((unsigned long long)high << 32 | low);                                                               \
    }

__TRANSLATE_WIDE_SHUFFLES(long)
__TRANSLATE_WIDE_SHUFFLES(unsigned long)
__TRANSLATE_WIDE_SHUFFLES(long long)
__TRANSLATE_WIDE_SHUFFLES(unsigned long long)
#undef __TRANSLATE_WIDE_SHUFFLES

__device__ inline double __shfl_sync(unsigned int mask, double value, int lane, int width = 32)
{
    return __longlong_as_double(__shfl_sync(mask, __double_as_longlong(value), lane, width));
}
__device__ inline double __shfl_up_sync(unsigned int mask, double value, unsigned int delta, int width = 32)
{
    return __longlong_as_double(__shfl_up_sync(mask, __double_as_longlong(value), delta, width));
}
__device__ inline double __shfl_down_sync(unsigned int mask, double value, unsigned int delta, int width = 32)
{
    return __longlong_as_double(__shfl_down_sync(mask, __double_as_longlong(value), delta, width));
}
__device__ inline double __shfl_xor_sync(unsigned int mask, double value, int laneMask, int width = 32)
{
    return __longlong_as_double(__shfl_xor_sync(mask, __double_as_longlong(value), laneMask, width));
}

// Equal 64-bit values have equal halves.
__device__ inline unsigned int __match_any_sync(unsigned int mask, unsigned long long value)
{
    return __match_any_sync(mask, (unsigned int)value) & __match_any_sync(mask, (unsigned int)(value >> 32));
}
__device__ inline unsigned int __match_any_sync(unsigned int mask, long long value)
{
    return __match_any_sync(mask, (unsigned long long)value);
}
__device__ inline unsigned int __match_any_sync(unsigned int mask, unsigned long value)
{
    return __match_any_sync(mask, (unsigned long long)value);
}
__device__ inline unsigned int __match_any_sync(unsigned int mask, long value)
{
    return __match_any_sync(mask, (unsigned long long)value);
}
__device__ inline unsigned int __match_any_sync(unsigned int mask, double value)
{
    return __match_any_sync(mask, (unsigned long long)__double_as_longlong(value));
}

// 1 if the predicate's truth is the same in all lanes of the mask.
__device__ inline int __uni_sync(unsigned int mask, int predicate)
{
    unsigned int votes = __ballot_sync(mask, predicate);
    return votes == 0 || votes == mask;
}

// `same` tells whether all lanes of the mask have one value; then the answer is these lanes.
#define __TRANSLATE_MATCH_ALL(T)                                                                                        \
    __device__ inline unsigned int __match_all_sync(unsigned int mask, T value, int* same)                              \
    {                                                                                                                   \
        unsigned int here = __ballot_sync(mask, 1);                                                                     \
        *same = __match_any_sync(mask, value) == here;                                                                  \
        return *same ? here : 0u;                                                                                       \
    }

__TRANSLATE_MATCH_ALL(int)
__TRANSLATE_MATCH_ALL(unsigned int)
__TRANSLATE_MATCH_ALL(long)
__TRANSLATE_MATCH_ALL(unsigned long)
__TRANSLATE_MATCH_ALL(long long)
__TRANSLATE_MATCH_ALL(unsigned long long)
__TRANSLATE_MATCH_ALL(float)
__TRANSLATE_MATCH_ALL(double)
#undef __TRANSLATE_MATCH_ALL

// Before Volta: the lanes that are there. Templates, so that a program's own functions of these names win.
template <typename T> __device__ inline T __shfl(T value, int lane, int width = 32) { return __shfl_sync(__activemask(), value, lane, width); }
template <typename T> __device__ inline T __shfl_up(T value, unsigned int delta, int width = 32) { return __shfl_up_sync(__activemask(), value, delta, width); }
template <typename T> __device__ inline T __shfl_down(T value, unsigned int delta, int width = 32) { return __shfl_down_sync(__activemask(), value, delta, width); }
template <typename T> __device__ inline T __shfl_xor(T value, int laneMask, int width = 32) { return __shfl_xor_sync(__activemask(), value, laneMask, width); }
template <typename T> __device__ inline int __any(T predicate) { return __any_sync(__activemask(), predicate); }
template <typename T> __device__ inline int __all(T predicate) { return __all_sync(__activemask(), predicate); }
template <typename T> __device__ inline unsigned int __ballot(T predicate) { return __ballot_sync(__activemask(), predicate); }
