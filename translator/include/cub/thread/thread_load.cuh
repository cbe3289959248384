// cub::ThreadLoad: what a cache would keep from a thread is read anew each time.
#pragma once
namespace cub {
enum CacheLoadModifier { LOAD_DEFAULT, LOAD_CA, LOAD_CG, LOAD_CS, LOAD_CV, LOAD_LDG, LOAD_VOLATILE };
template <CacheLoadModifier MODIFIER, typename T> __device__ T ThreadLoad(T* at)
{
    if constexpr (MODIFIER == LOAD_CG || MODIFIER == LOAD_CV || MODIFIER == LOAD_VOLATILE)
        return *(volatile T*)at;
    else
        return *at;
}
}
