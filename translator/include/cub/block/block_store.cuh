// cub::BlockStore: each thread's items to global memory. All algorithms give what they promise; they differ in speed alone.
#pragma once
#include "cub/thread/thread_operators.cuh"

namespace cub {

enum BlockStoreAlgorithm {
    BLOCK_STORE_DIRECT,
    BLOCK_STORE_STRIPED,
    BLOCK_STORE_VECTORIZE,
    BLOCK_STORE_TRANSPOSE,
    BLOCK_STORE_WARP_TRANSPOSE,
    BLOCK_STORE_WARP_TRANSPOSE_TIMESLICED
};

template <typename T, int ITEMS, typename P> __device__ inline void StoreDirectBlocked(int thread, P target, T (&items)[ITEMS])
{
    for (int i = 0; i < ITEMS; i++)
        target[thread * ITEMS + i] = items[i];
}
template <int THREADS, typename T, int ITEMS, typename P> __device__ inline void StoreDirectStriped(int thread, P target, T (&items)[ITEMS])
{
    for (int i = 0; i < ITEMS; i++)
        target[i * THREADS + thread] = items[i];
}

template <typename T, int BLOCK_DIM_X, int ITEMS, BlockStoreAlgorithm ALGORITHM = BLOCK_STORE_DIRECT, int BLOCK_DIM_Y = 1, int BLOCK_DIM_Z = 1>
class BlockStore {
    static constexpr int threads = BLOCK_DIM_X * BLOCK_DIM_Y * BLOCK_DIM_Z;

public:
    struct TempStorage {
        char unused;
    };

    __device__ BlockStore() {}
    __device__ BlockStore(TempStorage&) {}

    template <typename P> __device__ void Store(P target, T (&items)[ITEMS])
    {
        for (int i = 0; i < ITEMS; i++)
            target[Place(i)] = items[i];
    }
    template <typename P> __device__ void Store(P target, T (&items)[ITEMS], int valid)
    {
        for (int i = 0; i < ITEMS; i++)
            if (Place(i) < valid) target[Place(i)] = items[i];
    }

private:
    __device__ static int Place(int item)
    {
        int thread = __row_major_thread<BLOCK_DIM_X, BLOCK_DIM_Y, BLOCK_DIM_Z>();
        return ALGORITHM == BLOCK_STORE_STRIPED ? item * threads + thread : thread * ITEMS + item;
    }
};

}  // namespace cub
