// Operators for reductions and scans, and the pair that an argmax is made of.
#pragma once
#include "cuda_runtime.h"
#include "functional"

namespace cub {

struct Sum {
    template <typename T> __host__ __device__ T operator()(const T& a, const T& b) const { return a + b; }
};
struct Max {
    template <typename T> __host__ __device__ T operator()(const T& a, const T& b) const { return a < b ? b : a; }
};
struct Min {
    template <typename T> __host__ __device__ T operator()(const T& a, const T& b) const { return b < a ? b : a; }
};
struct Equality {
    template <typename T> __host__ __device__ bool operator()(const T& a, const T& b) const { return a == b; }
};
struct Inequality {
    template <typename T> __host__ __device__ bool operator()(const T& a, const T& b) const { return !(a == b); }
};

template <typename Key, typename Value>
struct KeyValuePair {
    Key key;
    Value value;
};
// Of equal values the one with the smaller key.
struct ArgMax {
    template <typename K, typename V>
    __host__ __device__ KeyValuePair<K, V> operator()(const KeyValuePair<K, V>& a, const KeyValuePair<K, V>& b) const
    {
        return b.value > a.value || (a.value == b.value && b.key < a.key) ? b : a;
    }
};
struct ArgMin {
    template <typename K, typename V>
    __host__ __device__ KeyValuePair<K, V> operator()(const KeyValuePair<K, V>& a, const KeyValuePair<K, V>& b) const
    {
        return b.value < a.value || (a.value == b.value && b.key < a.key) ? b : a;
    }
};

// The number of a thread in its block.
template <int X, int Y, int Z>
__device__ inline int __row_major_thread()
{
    if constexpr (Z > 1) return (int)((threadIdx.z * Y + threadIdx.y) * X + threadIdx.x);
    else if constexpr (Y > 1) return (int)(threadIdx.y * X + threadIdx.x);
    else return (int)threadIdx.x;
}

}  // namespace cub
