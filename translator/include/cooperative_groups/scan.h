// Scans over a tile or over the lanes of a coalesced group. Terms meet in the order of NVIDIA's headers, so that sums round as theirs do.
#pragma once
#include "cooperative_groups/reduce.h"

namespace cooperative_groups {

// As many rounds for all groups of lanes, whatever their size.
template <typename Group, typename T, typename Op>
__device__ inline T __scan_lanes(const Group& group, unsigned int most, T value, Op& op)
{
    unsigned int rank = group.thread_rank();
    for (unsigned int distance = 1u; distance < most; distance *= 2u) {
        T before = group.shfl_up(value, distance);
        if (rank >= distance)
            value = op(value, before);
    }
    return value;
}

// The value of the member before; the first one has a value that is zero.
template <typename Group, typename T>
__device__ inline T __shift(const Group& group, T value)
{
    T before = group.shfl_up(value, 1u);
    return group.thread_rank() == 0u ? T() : before;
}

// What the warps before this one have together, and what all have.
template <unsigned int Size, typename Parent, typename T, typename Op>
__device__ inline T __scan_warps(const thread_block_tile<Size, Parent>& tile, T of_lanes, Op& op, T& total)
{
    constexpr unsigned int warps = Size / 32u;
    T all[warps];
    auto warp = tiled_partition<32>(tile);
    tile.__tell(warp.shfl(of_lanes, 31), all);
    for (unsigned int distance = 1u; distance < warps; distance *= 2u)
        for (unsigned int i = warps - 1u; i >= distance; i--)
            all[i] = op(all[i], all[i - distance]);
    total = all[warps - 1u];
    unsigned int rank = warp.meta_group_rank();
    return rank == 0u ? T() : all[rank - 1u];
}

template <unsigned int Size, typename Parent, typename T, typename Op>
__device__ inline T inclusive_scan(const thread_block_tile<Size, Parent>& tile, T value, Op&& op)
{
    if constexpr (Size > 32u) {
        auto warp = tiled_partition<32>(tile);
        T of_lanes = __scan_lanes(warp, 32u, value, op);
        T total;
        T before = __scan_warps(tile, of_lanes, op, total);
        return warp.meta_group_rank() == 0u ? of_lanes : op(of_lanes, before);
    } else {
        return __scan_lanes(tile, Size, value, op);
    }
}

template <typename T, typename Op>
__device__ inline T inclusive_scan(const coalesced_group& group, T value, Op&& op)
{
    return __scan_lanes(group, 32u, value, op);
}

template <typename Group, typename T>
__device__ inline T inclusive_scan(const Group& group, T value)
{
    return inclusive_scan(group, value, plus<T>());
}

template <unsigned int Size, typename Parent, typename T, typename Op>
__device__ inline T exclusive_scan(const thread_block_tile<Size, Parent>& tile, T value, Op&& op)
{
    if constexpr (Size > 32u) {
        auto warp = tiled_partition<32>(tile);
        T of_lanes = __scan_lanes(warp, 32u, value, op);
        T total;
        T before = __scan_warps(tile, of_lanes, op, total);
        T shifted = __shift(warp, of_lanes);
        if (warp.thread_rank() == 0u)
            return before;
        return warp.meta_group_rank() == 0u ? shifted : op(shifted, before);
    } else {
        return __shift(tile, __scan_lanes(tile, Size, value, op));
    }
}

template <typename T, typename Op>
__device__ inline T exclusive_scan(const coalesced_group& group, T value, Op&& op)
{
    return __shift(group, __scan_lanes(group, 32u, value, op));
}

template <typename Group, typename T>
__device__ inline T exclusive_scan(const Group& group, T value)
{
    return exclusive_scan(group, value, plus<T>());
}

// ---- behind what a cuda::atomic or cuda::atomic_ref held, which takes up the whole group --------------------------------

template <typename Group, typename Atomic, typename T, typename Op>
__device__ inline T __take_up(const Group& group, Atomic& destination, T all, Op& op)
{
    T old = T();
    unsigned int last = group.size() - 1u;
    if (group.thread_rank() == last)
        old = __update(destination, all, op);
    return group.shfl(old, last);
}

// The lane's own result, and what comes before all lanes of its warp.
template <unsigned int Size, typename Parent, typename Atomic, typename T, typename Op>
__device__ inline T __scan_update(const thread_block_tile<Size, Parent>& tile, Atomic& destination, T value, Op& op, T& before)
{
    if constexpr (Size > 32u) {
        auto warp = tiled_partition<32>(tile);
        T of_lanes = __scan_lanes(warp, 32u, value, op);
        T total;
        T of_warps = __scan_warps(tile, of_lanes, op, total);
        T old = __take_up(tile, destination, total, op);
        before = warp.meta_group_rank() == 0u ? old : op(of_warps, old);
        return of_lanes;
    } else {
        T of_lanes = __scan_lanes(tile, Size, value, op);
        before = __take_up(tile, destination, of_lanes, op);
        return of_lanes;
    }
}

template <typename Atomic, typename T, typename Op>
__device__ inline T __scan_update(const coalesced_group& group, Atomic& destination, T value, Op& op, T& before)
{
    T of_lanes = __scan_lanes(group, 32u, value, op);
    before = __take_up(group, destination, of_lanes, op);
    return of_lanes;
}

template <typename Group, typename Atomic, typename T, typename Op>
__device__ inline T inclusive_scan_update(const Group& group, Atomic&& destination, T value, Op&& op)
{
    T before;
    T of_lanes = __scan_update(group, destination, value, op, before);
    return op(before, of_lanes);
}

template <typename Group, typename Atomic, typename T>
__device__ inline T inclusive_scan_update(const Group& group, Atomic&& destination, T value)
{
    return inclusive_scan_update(group, destination, value, plus<T>());
}

template <unsigned int Size, typename Parent, typename Atomic, typename T, typename Op>
__device__ inline T exclusive_scan_update(const thread_block_tile<Size, Parent>& tile, Atomic&& destination, T value, Op&& op)
{
    T before;
    T of_lanes = __scan_update(tile, destination, value, op, before);
    if constexpr (Size > 32u) {
        auto warp = tiled_partition<32>(tile);
        T shifted = __shift(warp, of_lanes);
        return warp.thread_rank() == 0u ? before : op(shifted, before);
    } else {
        return op(before, __shift(tile, of_lanes));
    }
}

template <typename Atomic, typename T, typename Op>
__device__ inline T exclusive_scan_update(const coalesced_group& group, Atomic&& destination, T value, Op&& op)
{
    T before;
    T of_lanes = __scan_update(group, destination, value, op, before);
    return op(before, __shift(group, of_lanes));
}

template <typename Group, typename Atomic, typename T>
__device__ inline T exclusive_scan_update(const Group& group, Atomic&& destination, T value)
{
    return exclusive_scan_update(group, destination, value, plus<T>());
}

}  // namespace cooperative_groups
