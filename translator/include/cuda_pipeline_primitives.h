// Asynchronous copies in C (CUDA guide, "Pipeline Primitives Interface"). They are made at once, and nothing is left to wait for.
#pragma once
#include "cuda_runtime.h"
#include "cuda_awbarrier_primitives.h"

// `size` is 4, 8 or 16, and both addresses are aligned to it. The last `zfill` bytes are zeroed instead of copied. Elements of the pointers' own
// type are copied where the size has whole ones.
__device__ inline void __pipeline_memcpy_async(void* to, const void* from, size_t size, size_t zfill = 0)
{
    if (zfill == 0) {
        for (unsigned int i = 0u; i < (unsigned int)size / 4u; i++)
            ((unsigned int*)to)[i] = ((const unsigned int*)from)[i];
    } else {
        for (unsigned int i = 0u; i < (unsigned int)size; i++)
            ((char*)to)[i] = i < (unsigned int)(size - zfill) ? ((const char*)from)[i] : (char)0;
    }
}

template <typename T> __device__ inline void __pipeline_memcpy_async(T* to, const T* from, size_t size, size_t zfill = 0)
{
    if constexpr (sizeof(T) <= 16 && (sizeof(T) & (sizeof(T) - 1)) == 0) {
        if ((size & (sizeof(T) - 1)) != 0 || (zfill & (sizeof(T) - 1)) != 0)
            __pipeline_memcpy_async((void*)to, (const void*)from, size, zfill);
        else if (zfill == 0)
            for (unsigned int i = 0u; i < (unsigned int)size / (unsigned int)sizeof(T); i++)
                to[i] = from[i];
        else
            for (unsigned int i = 0u; i < (unsigned int)size / (unsigned int)sizeof(T); i++)
                to[i] = i < (unsigned int)(size - zfill) / (unsigned int)sizeof(T) ? from[i] : T();
    } else {
        __pipeline_memcpy_async((void*)to, (const void*)from, size, zfill);
    }
}

__device__ inline void __pipeline_commit() {}
__device__ inline void __pipeline_wait_prior(size_t prior) {}
__device__ inline void __pipeline_arrive_on(__mbarrier_t* barrier) {}
