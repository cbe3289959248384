// cub::ThreadStore: a store that others may wait for is made each time.
#pragma once
namespace cub {
enum CacheStoreModifier { STORE_DEFAULT, STORE_WB, STORE_CG, STORE_CS, STORE_WT, STORE_VOLATILE };
template <CacheStoreModifier MODIFIER, typename T> __device__ void ThreadStore(T* at, T value)
{
    if constexpr (MODIFIER == STORE_CG || MODIFIER == STORE_WT || MODIFIER == STORE_VOLATILE)
        *(volatile T*)at = value;
    else
        *at = value;
}
}
