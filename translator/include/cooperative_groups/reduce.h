// Reductions over a tile of a warp or over the lanes of a coalesced group.
#pragma once
#include "cooperative_groups.h"

namespace cooperative_groups {

template <typename T> struct plus {
    __device__ T operator()(T a, T b) const { return a + b; }
};
template <typename T> struct less {
    __device__ T operator()(T a, T b) const { return b < a ? b : a; }
};
template <typename T> struct greater {
    __device__ T operator()(T a, T b) const { return a < b ? b : a; }
};
template <typename T> struct bit_and {
    __device__ T operator()(T a, T b) const { return a & b; }
};
template <typename T> struct bit_or {
    __device__ T operator()(T a, T b) const { return a | b; }
};
template <typename T> struct bit_xor {
    __device__ T operator()(T a, T b) const { return a ^ b; }
};

template <unsigned int Size, typename Parent, typename T, typename Op>
__device__ inline T reduce(const thread_block_tile<Size, Parent>& tile, T value, Op op)
{
    for (unsigned int distance = Size / 2u; distance > 0u; distance /= 2u)
        value = op(value, tile.shfl_xor(value, distance));
    return value;
}

// Neighbours first; the member of rank 0 has the result in the end. As many rounds for all groups, whatever their size.
template <typename T, typename Op>
__device__ inline T reduce(const coalesced_group& group, T value, Op op)
{
    unsigned int rank = group.thread_rank();
    unsigned int size = group.size();
    for (unsigned int distance = 1u; distance < 32u; distance *= 2u) {
        T other = group.shfl_down(value, distance);
        if (rank % (2u * distance) == 0u && rank + distance < size)
            value = op(value, other);
    }
    return group.shfl(value, 0u);
}

// The members add to `destination` what they have together.
template <typename Group, typename T, typename Op>
__device__ inline void reduce_store_async(const Group& group, T* destination, T value, Op op)
{
    T result = reduce(group, value, op);
    if (group.thread_rank() == 0u)
        *destination = result;
}

}  // namespace cooperative_groups
