// Copies by all threads of a group. They are made at once; waiting is the group's barrier.
#pragma once
#include "cooperative_groups.h"

namespace cooperative_groups {

// Elements of the pointers' type, and what is left in bytes.
template <typename Group, typename To, typename From>
__device__ inline void __copy(const Group& group, To* destination, const From* source, unsigned int count)
{
    for (unsigned int i = group.thread_rank(); i < count; i += group.size())
        destination[i] = source[i];
}

template <typename Group, typename T, typename Bytes>
__device__ inline void memcpy_async(const Group& group, T* destination, const T* source, const Bytes& bytes)
{
    __copy(group, destination, source, (unsigned int)((unsigned long)bytes / sizeof(T)));
}

template <typename Group, typename Bytes>
__device__ inline void memcpy_async(const Group& group, void* destination, const void* source, const Bytes& bytes)
{
    __copy(group, (char*)destination, (const char*)source, (unsigned int)(unsigned long)bytes);
}

// As many elements as both sides have.
template <typename Group, typename T>
__device__ inline void memcpy_async(const Group& group, T* destination, unsigned long room, const T* source, unsigned long count)
{
    __copy(group, destination, source, (unsigned int)(room < count ? room : count));
}

template <typename Group> __device__ inline void wait(const Group& group) { group.sync(); }
template <unsigned int Stages, typename Group> __device__ inline void wait_prior(const Group& group) { group.sync(); }

}  // namespace cooperative_groups
