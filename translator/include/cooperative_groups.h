// Cooperative groups: the block, tiles of a warp, and the threads that happen to be together.
#pragma once
#include "cuda_runtime.h"

namespace cooperative_groups {

// ---- the block -----------------------------------------------------------------------------------------------

struct thread_block {
    __device__ static void sync() { __syncthreads(); }
    __device__ static dim3 group_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    __device__ static dim3 thread_index() { return dim3(threadIdx.x, threadIdx.y, threadIdx.z); }
    __device__ static dim3 group_dim() { return blockDim; }
    __device__ static dim3 dim_threads() { return blockDim; }
    __device__ static unsigned int thread_rank() { return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z); }
    __device__ static unsigned int num_threads() { return blockDim.x * blockDim.y * blockDim.z; }
    __device__ static unsigned int size() { return num_threads(); }
};

__device__ inline thread_block this_thread_block()
{
    thread_block block;
    return block;
}

// ---- the grid: its geometry; a barrier over all blocks is not shipped yet -----------------------------------

struct grid_group {
    __device__ static dim3 group_dim() { return gridDim; }
    __device__ static dim3 dim_blocks() { return gridDim; }
    __device__ static dim3 block_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    __device__ static unsigned long long num_blocks() { return (unsigned long long)gridDim.x * gridDim.y * gridDim.z; }
    __device__ static unsigned long long block_rank() { return blockIdx.x + (unsigned long long)gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z); }
    __device__ static unsigned long long num_threads() { return num_blocks() * thread_block::num_threads(); }
    __device__ static unsigned long long size() { return num_threads(); }
    __device__ static unsigned long long thread_rank() { return block_rank() * thread_block::num_threads() + thread_block::thread_rank(); }
};

__device__ inline grid_group this_grid()
{
    grid_group grid;
    return grid;
}

// ---- tiles: Size neighbouring lanes of a warp ------------------------------------------------------------------

template <unsigned int Size, typename Parent = void>
struct thread_block_tile {
    __device__ static unsigned int lane() { return thread_block::thread_rank() & 31u; }
    __device__ static unsigned int mask() { return (0xffffffffu >> (32u - Size)) << (lane() & ~(Size - 1u)); }

    __device__ static unsigned int thread_rank() { return thread_block::thread_rank() & (Size - 1u); }
    __device__ static constexpr unsigned int size() { return Size; }
    __device__ static constexpr unsigned int num_threads() { return Size; }
    __device__ static unsigned int meta_group_rank() { return thread_block::thread_rank() / Size; }
    __device__ static unsigned int meta_group_size() { return (thread_block::num_threads() + Size - 1u) / Size; }

    __device__ void sync() const { __syncwarp(mask()); }
    template <typename T> __device__ T shfl(T value, int from) const { return __shfl_sync(mask(), value, from, (int)Size); }
    template <typename T> __device__ T shfl_up(T value, unsigned int delta) const { return __shfl_up_sync(mask(), value, delta, (int)Size); }
    template <typename T> __device__ T shfl_down(T value, unsigned int delta) const { return __shfl_down_sync(mask(), value, delta, (int)Size); }
    template <typename T> __device__ T shfl_xor(T value, unsigned int lanes) const { return __shfl_xor_sync(mask(), value, (int)lanes, (int)Size); }
    __device__ int any(int predicate) const { return __any_sync(mask(), predicate); }
    __device__ int all(int predicate) const { return __all_sync(mask(), predicate); }
    __device__ unsigned int ballot(int predicate) const { return __ballot_sync(mask(), predicate) >> (lane() & ~(Size - 1u)) & (0xffffffffu >> (32u - Size)); }
    template <typename T> __device__ unsigned int match_any(T value) const { return __match_any_sync(mask(), value) >> (lane() & ~(Size - 1u)); }
};

template <unsigned int Size, typename Parent>
__device__ inline thread_block_tile<Size> tiled_partition(const Parent&)
{
    thread_block_tile<Size> tile;
    return tile;
}

// ---- the lanes that are active together ------------------------------------------------------------------------

struct coalesced_group {
    unsigned int members;

    __device__ static unsigned int lane() { return thread_block::thread_rank() & 31u; }
    __device__ unsigned int size() const { return (unsigned int)__popc(members); }
    __device__ unsigned int num_threads() const { return size(); }
    __device__ unsigned int thread_rank() const { return (unsigned int)__popc(members & ((1u << lane()) - 1u)); }
    __device__ void sync() const { __syncwarp(members); }
    __device__ int any(int predicate) const { return __any_sync(members, predicate); }
    __device__ int all(int predicate) const { return __all_sync(members, predicate); }

    // The lane of the member of a rank.
    __device__ int lane_of(unsigned int rank) const
    {
        unsigned int rest = members;
        for (unsigned int i = 0; i < rank; i++)
            rest &= rest - 1u;
        return __ffs((int)rest) - 1;
    }
    template <typename T> __device__ T shfl(T value, unsigned int from) const { return __shfl_sync(members, value, lane_of(from), 32); }
};

__device__ inline coalesced_group coalesced_threads()
{
    coalesced_group group;
    group.members = __activemask();
    return group;
}

// ---- the same as functions ---------------------------------------------------------------------------------------

template <typename Group> __device__ inline void sync(const Group& group) { group.sync(); }
template <typename Group> __device__ inline unsigned int thread_rank(const Group& group) { return group.thread_rank(); }
template <typename Group> __device__ inline unsigned int group_size(const Group& group) { return group.size(); }

}  // namespace cooperative_groups
