// Scans over a tile of a warp or over the lanes of a coalesced group.
#pragma once
#include "cooperative_groups/reduce.h"

namespace cooperative_groups {

template <typename Group, typename T, typename Op>
__device__ inline T inclusive_scan(const Group& group, T value, Op op)
{
    unsigned int rank = group.thread_rank();
    for (unsigned int distance = 1u; distance < 32u; distance *= 2u) {
        T before = group.shfl_up(value, distance);
        if (rank >= distance)
            value = op(before, value);
    }
    return value;
}

template <typename Group, typename T>
__device__ inline T inclusive_scan(const Group& group, T value)
{
    return inclusive_scan(group, value, plus<T>());
}

// The first member gets a value that is zero.
template <typename Group, typename T, typename Op>
__device__ inline T exclusive_scan(const Group& group, T value, Op op)
{
    T before = group.shfl_up(inclusive_scan(group, value, op), 1u);
    return group.thread_rank() == 0u ? T() : before;
}

template <typename Group, typename T>
__device__ inline T exclusive_scan(const Group& group, T value)
{
    return exclusive_scan(group, value, plus<T>());
}

}  // namespace cooperative_groups
