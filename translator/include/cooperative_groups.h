// Cooperative groups: the block, tiles of lanes and of whole warps, and the threads that happen to be together.
#pragma once
#include "cuda_runtime.h"
#include "type_traits"

namespace cooperative_groups {

// ---- the block -----------------------------------------------------------------------------------------------

struct thread_block {
    __device__ static void sync() { __syncthreads(); }
    __device__ static dim3 group_index() { return dim3(blockIdx.x, blockIdx.y, blockIdx.z); }
    __device__ static dim3 thread_index() { return dim3(threadIdx.x, threadIdx.y, threadIdx.z); }
    __device__ static dim3 group_dim() { return blockDim; }
    __device__ static dim3 dim_threads() { return blockDim; }
    __device__ static unsigned int thread_rank() { return __thread_rank(); }
    __device__ static unsigned int num_threads() { return __thread_count(); }
    __device__ static unsigned int size() { return num_threads(); }

    // Arriving early and waiting later is allowed; to arrive when waiting is as good.
    struct arrival_token {};
    __device__ static arrival_token barrier_arrive() { return arrival_token(); }
    __device__ static void barrier_wait(arrival_token) { sync(); }
};

__device__ inline thread_block this_thread_block()
{
    thread_block block;
    return block;
}

// ---- the grid: a kernel is cut into phases at its barriers --------------------------------------------------

struct grid_group {
    __device__ static void sync() { __grid_sync(); }
    __device__ static bool is_valid() { return true; }
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

// ---- lanes of a warp: what tiles and coalesced groups have in common ----------------------------------------------

__device__ inline unsigned int __lane() { return thread_block::thread_rank() & 31u; }

// The bits of `lanes` at the places of `members`, side by side.
__device__ inline unsigned int __pack_lanes(unsigned int members, unsigned int lanes)
{
    unsigned int packed = 0u;
    unsigned int rank = 0u;
    for (unsigned int rest = members; rest != 0u; rest &= rest - 1u) {
        if ((lanes & rest & (0u - rest)) != 0u)
            packed |= 1u << rank;
        rank += 1u;
    }
    return packed;
}

// The lane of the member of a rank.
__device__ inline int __lane_of(unsigned int members, unsigned int rank)
{
    if (members == 0xffffffffu)
        return (int)rank;
    unsigned int rest = members;
    for (unsigned int i = 0u; i < rank; i++)
        rest &= rest - 1u;
    return __ffs((int)rest) - 1;
}

// Any trivially copyable type may be exchanged: those that no intrinsic takes go word by word, or as one halfword.
template <typename T, int Kind> struct __exchange {
    __device__ static T shfl(unsigned int mask, T value, int from, int width) { return __shfl_sync(mask, value, from, width); }
    __device__ static T shfl_up(unsigned int mask, T value, unsigned int delta, int width) { return __shfl_up_sync(mask, value, delta, width); }
    __device__ static T shfl_down(unsigned int mask, T value, unsigned int delta, int width) { return __shfl_down_sync(mask, value, delta, width); }
    __device__ static T shfl_xor(unsigned int mask, T value, int lanes, int width) { return __shfl_xor_sync(mask, value, lanes, width); }
};

template <typename T> struct __exchange<T, 1> {
    static_assert(sizeof(T) % 4 == 0 && sizeof(T) <= 32, "a group exchanges whole words, 32 bytes at most");
    struct words {
        unsigned int word[sizeof(T) / 4];
    };
#define __TRANSLATE_EXCHANGE(NAME, INTRINSIC, OPERAND)                                          \
    __device__ static T NAME(unsigned int mask, T value, OPERAND operand, int width)            \
    {                                                                                           \
        words bits = *reinterpret_cast<words*>(&value);                                         \
        for (int i = 0; i < (int)(sizeof(T) / 4); i++)                                          \
            bits.word[i] = INTRINSIC(mask, bits.word[i], operand, width);                       \
        return *reinterpret_cast<T*>(&bits);                                                    \
    }
    __TRANSLATE_EXCHANGE(shfl, __shfl_sync, int)
    __TRANSLATE_EXCHANGE(shfl_up, __shfl_up_sync, unsigned int)
    __TRANSLATE_EXCHANGE(shfl_down, __shfl_down_sync, unsigned int)
    __TRANSLATE_EXCHANGE(shfl_xor, __shfl_xor_sync, int)
#undef __TRANSLATE_EXCHANGE
};

template <typename T> struct __exchange<T, 2> {
#define __TRANSLATE_EXCHANGE(NAME, INTRINSIC, OPERAND)                                                                  \
    __device__ static T NAME(unsigned int mask, T value, OPERAND operand, int width)                                    \
    {                                                                                                                   \
        unsigned int word = *reinterpret_cast<unsigned short*>(&value);                                                 \
        unsigned short bits = (unsigned short)INTRINSIC(mask, word, operand, width);                                    \
        return *reinterpret_cast<T*>(&bits);                                                                            \
    }
    __TRANSLATE_EXCHANGE(shfl, __shfl_sync, int)
    __TRANSLATE_EXCHANGE(shfl_up, __shfl_up_sync, unsigned int)
    __TRANSLATE_EXCHANGE(shfl_down, __shfl_down_sync, unsigned int)
    __TRANSLATE_EXCHANGE(shfl_xor, __shfl_xor_sync, int)
#undef __TRANSLATE_EXCHANGE
};

template <typename T> struct __exchange_kind {
    static constexpr int value = std::is_arithmetic<T>::value ? 0 : sizeof(T) == 2 ? 2 : 1;
};

// ---- tiles: Size neighbouring threads --------------------------------------------------------------------------

template <unsigned int Size> struct __any_tile {
    static_assert(Size != 0u && Size <= 1024u && (Size & (Size - 1u)) == 0u, "a tile's size is a power of two");
    unsigned int meta_rank;
    unsigned int meta_size;

    __device__ static unsigned int thread_rank() { return thread_block::thread_rank() & (Size - 1u); }
    __device__ static constexpr unsigned int size() { return Size; }
    __device__ static constexpr unsigned int num_threads() { return Size; }
    __device__ unsigned int meta_group_rank() const { return meta_rank; }
    __device__ unsigned int meta_group_size() const { return meta_size; }
};

// Lanes of a warp.
template <unsigned int Size, bool SeveralWarps> struct __tile : __any_tile<Size> {
    __device__ static unsigned int first_lane() { return __lane() & ~(Size - 1u); }
    __device__ static unsigned int mask()
    {
        if constexpr (Size == 32u) return 0xffffffffu;
        else return (0xffffffffu >> (32u - Size)) << first_lane();
    }
    __device__ static unsigned int own(unsigned int lanes)
    {
        if constexpr (Size == 32u) return lanes;
        else return (lanes >> first_lane()) & (0xffffffffu >> (32u - Size));
    }

    __device__ void sync() const { __syncwarp(mask()); }
    template <typename T> __device__ T shfl(T value, int from) const { return __exchange<T, __exchange_kind<T>::value>::shfl(mask(), value, from, (int)Size); }
    template <typename T> __device__ T shfl_up(T value, unsigned int delta) const { return __exchange<T, __exchange_kind<T>::value>::shfl_up(mask(), value, delta, (int)Size); }
    template <typename T> __device__ T shfl_down(T value, unsigned int delta) const { return __exchange<T, __exchange_kind<T>::value>::shfl_down(mask(), value, delta, (int)Size); }
    template <typename T> __device__ T shfl_xor(T value, unsigned int lanes) const { return __exchange<T, __exchange_kind<T>::value>::shfl_xor(mask(), value, (int)lanes, (int)Size); }
    __device__ int any(int predicate) const { return __any_sync(mask(), predicate); }
    __device__ int all(int predicate) const { return __all_sync(mask(), predicate); }
    __device__ unsigned int ballot(int predicate) const { return own(__ballot_sync(mask(), predicate)); }
    template <typename T> __device__ unsigned int match_any(T value) const { return own(__match_any_sync(mask(), value)); }
    template <typename T> __device__ unsigned int match_all(T value, int& same) const { return own(__match_all_sync(mask(), value, &same)); }
};

// Whole warps. They exchange through shared memory, one word for each warp of the block; a second barrier lets nobody write the next word too early.
template <unsigned int Size> struct __tile<Size, true> : __any_tile<Size> {
    static constexpr unsigned int __warps = Size / 32u;

    template <typename T> __device__ static T* __words()
    {
        static_assert(sizeof(T) <= 8, "a tile of more than 32 threads exchanges 8 bytes at most");
        __shared__ T words[32];
        return words;
    }
    __device__ static unsigned int __warp() { return thread_block::thread_rank() / 32u; }
    __device__ static unsigned int __first_warp() { return __warp() & ~(__warps - 1u); }

    __device__ void sync() const { __tile_sync(Size); }

    template <typename T> __device__ T shfl(T value, unsigned int from) const
    {
        T* word = &__words<T>()[__first_warp()];
        if (this->thread_rank() == from)
            *word = value;
        sync();
        T result = *word;
        sync();
        return result;
    }

    // What each warp says, to all threads.
    template <typename T> __device__ void __tell(T of_warp, T (&all)[__warps]) const
    {
        T* words = __words<T>();
        if (__lane() == 0u)
            words[__warp()] = of_warp;
        sync();
        for (unsigned int i = 0u; i < __warps; i++)
            all[i] = words[__first_warp() + i];
        sync();
    }

    __device__ unsigned int __votes(int predicate) const
    {
        int all[__warps];
        __tell(predicate, all);
        unsigned int votes = 0u;
        for (unsigned int i = 0u; i < __warps; i++)
            votes += all[i] != 0 ? 1u : 0u;
        return votes;
    }
    __device__ int any(int predicate) const { return __votes(__any_sync(0xffffffffu, predicate)) != 0u; }
    __device__ int all(int predicate) const { return __votes(__all_sync(0xffffffffu, predicate)) == __warps; }
};

template <unsigned int Size, typename Parent = void>
struct thread_block_tile : __tile<Size, (Size > 32u)> {
    // A tile whose type tells its parent is one whose type does not.
    __device__ operator thread_block_tile<Size, void>() const
    {
        thread_block_tile<Size, void> tile;
        tile.meta_rank = this->meta_rank;
        tile.meta_size = this->meta_size;
        return tile;
    }
};

template <unsigned int Size, typename Parent>
__device__ inline thread_block_tile<Size, Parent> tiled_partition(const Parent& parent)
{
    thread_block_tile<Size, Parent> tile;
    tile.meta_rank = parent.thread_rank() / Size;
    tile.meta_size = (parent.num_threads() + Size - 1u) / Size;
    return tile;
}

// Scratch memory that large tiles want on older GPUs.
template <unsigned int MostThreads = 1024u> struct block_tile_memory {};

template <unsigned int MostThreads>
__device__ inline thread_block this_thread_block(block_tile_memory<MostThreads>&)
{
    return this_thread_block();
}

// As CUDA 11 had it.
namespace experimental {
template <unsigned int WordSize = 8u, unsigned int MostThreads = 1024u> struct block_tile_memory {};

template <unsigned int WordSize, unsigned int MostThreads>
__device__ inline thread_block this_thread_block(block_tile_memory<WordSize, MostThreads>&)
{
    return cooperative_groups::this_thread_block();
}

template <unsigned int Size, typename Parent>
__device__ inline thread_block_tile<Size, Parent> tiled_partition(const Parent& parent)
{
    return cooperative_groups::tiled_partition<Size>(parent);
}
}  // namespace experimental

__device__ inline thread_block_tile<1> this_thread()
{
    thread_block_tile<1> tile;
    tile.meta_rank = 0u;
    tile.meta_size = 1u;
    return tile;
}

// ---- the lanes that are active together ------------------------------------------------------------------------

struct coalesced_group {
    unsigned int members;
    unsigned int meta_rank;
    unsigned int meta_size;

    __device__ unsigned int size() const { return (unsigned int)__popc((int)members); }
    __device__ unsigned int num_threads() const { return size(); }
    __device__ unsigned int thread_rank() const { return (unsigned int)__popc((int)(members & ((1u << __lane()) - 1u))); }
    __device__ unsigned int meta_group_rank() const { return meta_rank; }
    __device__ unsigned int meta_group_size() const { return meta_size; }

    __device__ void sync() const { __syncwarp(members); }
    __device__ int any(int predicate) const { return __any_sync(members, predicate); }
    __device__ int all(int predicate) const { return __all_sync(members, predicate); }
    __device__ unsigned int ballot(int predicate) const { return __pack_lanes(members, __ballot_sync(members, predicate)); }
    template <typename T> __device__ unsigned int match_any(T value) const { return __pack_lanes(members, __match_any_sync(members, value)); }
    template <typename T> __device__ unsigned int match_all(T value, int& same) const { return __pack_lanes(members, __match_all_sync(members, value, &same)); }

    template <typename T> __device__ T __from_lane(T value, int lane) const { return __exchange<T, __exchange_kind<T>::value>::shfl(members, value, lane, 32); }
    template <typename T> __device__ T shfl(T value, unsigned int from) const { return __from_lane(value, __lane_of(members, from)); }
    template <typename T> __device__ T shfl_up(T value, unsigned int delta) const
    {
        unsigned int rank = thread_rank();
        return __from_lane(value, rank >= delta ? __lane_of(members, rank - delta) : (int)__lane());
    }
    template <typename T> __device__ T shfl_down(T value, unsigned int delta) const
    {
        unsigned int rank = thread_rank();
        return __from_lane(value, rank + delta < size() ? __lane_of(members, rank + delta) : (int)__lane());
    }
};

__device__ inline coalesced_group __group_of(unsigned int members, unsigned int meta_rank, unsigned int meta_size)
{
    coalesced_group group;
    group.members = members;
    group.meta_rank = meta_rank;
    group.meta_size = meta_size;
    return group;
}

__device__ inline coalesced_group coalesced_threads() { return __group_of(__activemask(), 0u, 1u); }

// ---- groups by what their threads say ----------------------------------------------------------------------------

__device__ inline unsigned int __members(const coalesced_group& group) { return group.members; }
template <unsigned int Size, typename Parent> __device__ inline unsigned int __members(const thread_block_tile<Size, Parent>& tile) { return tile.mask(); }

template <typename Group>
__device__ inline coalesced_group binary_partition(const Group& group, bool predicate)
{
    unsigned int all = __members(group);
    unsigned int yes = __ballot_sync(all, predicate);
    if (yes == all || yes == 0u)
        return __group_of(all, 0u, 1u);
    return __group_of(predicate ? yes : all & ~yes, predicate ? 1u : 0u, 2u);
}

template <typename Group, typename Label>
__device__ inline coalesced_group labeled_partition(const Group& group, Label label)
{
    unsigned int all = __members(group);
    unsigned int members = __match_any_sync(all, label);
    // Groups are in the order of their first lanes.
    unsigned int first = members & (0u - members);
    unsigned int firsts = __ballot_sync(all, 1u << __lane() == first);
    return __group_of(members, __popc(firsts & (first - 1u)), __popc(firsts));
}

template <typename Group>
__device__ inline coalesced_group labeled_partition(const Group& group, bool label)
{
    return binary_partition(group, label);
}

// The lanes that a pipeline of the group synchronises, if it is one of lanes.
template <typename Group> struct __is_in_warp : std::false_type {};
template <> struct __is_in_warp<coalesced_group> : std::true_type {};
template <unsigned int Size, typename Parent> struct __is_in_warp<thread_block_tile<Size, Parent>> : std::integral_constant<bool, (Size <= 32u)> {};
__device__ inline unsigned int __synced_lanes(const coalesced_group& group) { return group.members; }
template <unsigned int Size, typename Parent> __device__ inline unsigned int __synced_lanes(const thread_block_tile<Size, Parent>& tile) { return tile.mask(); }

// ---- tiles whose size is known when the kernel runs: a power of two up to 32 ------------------------------------------

__device__ inline void __check_tile_size(unsigned int size)
{
    if (size == 0u || size > 32u || (size & (size - 1u)) != 0u)
        __trap();
}

__device__ inline coalesced_group tiled_partition(const coalesced_group& parent, unsigned int size)
{
    __check_tile_size(size);
    if (parent.size() <= size)
        return parent;
    // Members whose ranks lie in one multiple of the size.
    unsigned int rank = parent.thread_rank();
    unsigned int members = 0u;
    unsigned int at = 0u;
    for (unsigned int rest = parent.members; rest != 0u; rest &= rest - 1u) {
        if (at / size == rank / size)
            members |= rest & (0u - rest);
        at += 1u;
    }
    return __group_of(members, rank / size, (parent.size() + size - 1u) / size);
}

// ---- any group: of a block or of lanes ---------------------------------------------------------------------------

struct thread_group {
    bool is_block;
    coalesced_group lanes;

    __device__ thread_group(const thread_block&) : is_block(true), lanes() {}
    __device__ thread_group(const coalesced_group& group) : is_block(false), lanes(group) {}
    template <unsigned int Size, typename Parent>
    __device__ thread_group(const thread_block_tile<Size, Parent>& tile) : is_block(false), lanes(__group_of(tile.mask(), tile.meta_rank, tile.meta_size))
    {
    }

    __device__ void sync() const
    {
        if (is_block)
            __syncthreads();
        else
            lanes.sync();
    }
    __device__ unsigned int size() const { return is_block ? thread_block::num_threads() : lanes.size(); }
    __device__ unsigned int num_threads() const { return size(); }
    __device__ unsigned int thread_rank() const { return is_block ? thread_block::thread_rank() : lanes.thread_rank(); }
};

__device__ inline thread_group tiled_partition(const thread_block& block, unsigned int size)
{
    __check_tile_size(size);
    unsigned int rank = block.thread_rank();
    unsigned int first = rank & ~(size - 1u);
    unsigned int members = block.num_threads() - first < size ? block.num_threads() - first : size;
    unsigned int mask = (0xffffffffu >> (32u - members)) << (first & 31u);
    return __group_of(mask, rank / size, (block.num_threads() + size - 1u) / size);
}

__device__ inline thread_group tiled_partition(const thread_group& parent, unsigned int size)
{
    if (parent.is_block)
        return tiled_partition(this_thread_block(), size);
    return tiled_partition(parent.lanes, size);
}

// ---- one thread for all --------------------------------------------------------------------------------------------

template <typename Group, typename Function, typename... Args>
__device__ inline void invoke_one(const Group& group, Function&& function, Args&&... args)
{
    if (group.thread_rank() == 0u)
        function(static_cast<Args&&>(args)...);
}

template <typename Group, typename Function, typename... Args>
__device__ inline auto invoke_one_broadcast(const Group& group, Function&& function, Args&&... args)
    -> typename std::remove_reference<decltype(function(static_cast<Args&&>(args)...))>::type
{
    typename std::remove_reference<decltype(function(static_cast<Args&&>(args)...))>::type result = {};
    if (group.thread_rank() == 0u)
        result = function(static_cast<Args&&>(args)...);
    return group.shfl(result, 0);
}

// ---- the same as functions ---------------------------------------------------------------------------------------

template <typename Group> __device__ inline void sync(const Group& group) { group.sync(); }
template <typename Group> __device__ inline unsigned int thread_rank(const Group& group) { return group.thread_rank(); }
template <typename Group> __device__ inline unsigned int group_size(const Group& group) { return group.size(); }

}  // namespace cooperative_groups
