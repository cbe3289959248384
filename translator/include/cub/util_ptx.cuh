// CUB's names for the lane of a thread and what is around it.
#pragma once
namespace cub {
__device__ inline unsigned int LaneId() { return __thread_rank() % 32; }
__device__ inline unsigned int WarpId() { return __thread_rank() / 32; }
__device__ inline unsigned int LaneMaskEq() { return 1u << LaneId(); }
__device__ inline unsigned int LaneMaskLt() { return (1u << LaneId()) - 1; }
__device__ inline unsigned int LaneMaskLe() { return 0xffffffffu >> (31 - LaneId()); }
__device__ inline unsigned int LaneMaskGt() { return ~LaneMaskLe(); }
__device__ inline unsigned int LaneMaskGe() { return 0xffffffffu << LaneId(); }
template <int LOGICAL_WARP_THREADS, typename T> __device__ T ShuffleIndex(T input, int src_lane, unsigned int member_mask)
{
    return __shfl_sync(member_mask, input, src_lane, LOGICAL_WARP_THREADS);
}
}
