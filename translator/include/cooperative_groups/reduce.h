// Reductions over a tile or over the lanes of a coalesced group. Terms meet in the order of NVIDIA's headers, so that sums round as theirs do.
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
__device__ inline T reduce(const thread_block_tile<Size, Parent>& tile, T value, Op&& op)
{
    if constexpr (Size > 32u) {
        T all[Size / 32u];
        tile.__tell(reduce(tiled_partition<32>(tile), value, op), all);
        for (unsigned int count = Size / 64u; count > 0u; count /= 2u)
            for (unsigned int i = 0u; i < count; i++)
                all[i] = op(all[i], all[i + count]);
        return all[0];
    } else {
        for (unsigned int distance = Size / 2u; distance > 0u; distance /= 2u)
            value = op(value, tile.shfl_xor(value, distance));
        return value;
    }
}

// A whole warp reduces as a tile does; in other groups each member takes up those before it, and the last one has all.
// As many rounds for all groups, whatever their size.
template <typename T, typename Op>
__device__ inline T reduce(const coalesced_group& group, T value, Op&& op)
{
    unsigned int rank = group.thread_rank();
    bool is_warp = group.size() == 32u;
    for (unsigned int distance = 1u; distance < 32u; distance *= 2u) {
        bool takes = is_warp || rank >= distance;
        unsigned int from = is_warp ? rank ^ (16u / distance) : takes ? rank - distance : rank;
        T other = group.shfl(value, from);
        if (takes)
            value = op(value, other);
    }
    return group.shfl(value, group.size() - 1u);
}

// ---- to memory, by one member: an object by its address, or a cuda::atomic or cuda::atomic_ref -------------------------

template <typename Group, typename Destination, typename T, typename Op>
__device__ inline void reduce_store_async(const Group& group, Destination&& destination, T value, Op&& op)
{
    T result = reduce(group, value, op);
    if (group.thread_rank() == 0u) {
        if constexpr (std::is_pointer<typename std::remove_reference<Destination>::type>::value)
            *destination = result;
        else
            destination.store(result, destination.__relaxed);
    }
}

// What the destination held before, relaxed.
template <typename Atomic, typename T, typename Op>
__device__ inline T __update(Atomic& destination, T value, const Op& op)
{
    T old = destination.load(destination.__relaxed);
    while (!destination.compare_exchange_weak(old, op(old, value), destination.__relaxed))
        ;
    return old;
}
#define __TRANSLATE_UPDATE(OP, FETCH)                                                               \
    template <typename Atomic, typename T>                                                          \
    __device__ inline T __update(Atomic& destination, T value, const OP<T>&)                        \
    {                                                                                               \
        return destination.FETCH(value, destination.__relaxed);                                     \
    }
__TRANSLATE_UPDATE(plus, fetch_add)
__TRANSLATE_UPDATE(less, fetch_min)
__TRANSLATE_UPDATE(greater, fetch_max)
__TRANSLATE_UPDATE(bit_and, fetch_and)
__TRANSLATE_UPDATE(bit_or, fetch_or)
__TRANSLATE_UPDATE(bit_xor, fetch_xor)
#undef __TRANSLATE_UPDATE

template <typename Group, typename Atomic, typename T, typename Op>
__device__ inline void reduce_update_async(const Group& group, Atomic&& destination, T value, Op&& op)
{
    T result = reduce(group, value, op);
    if (group.thread_rank() == 0u)
        __update(destination, result, op);
}

}  // namespace cooperative_groups
