// cub::BlockLoad: each thread's items from global memory. All algorithms give what they promise; they differ in speed alone.
#pragma once
#include "cub/thread/thread_operators.cuh"

namespace cub {

enum BlockLoadAlgorithm {
    BLOCK_LOAD_DIRECT,
    BLOCK_LOAD_STRIPED,
    BLOCK_LOAD_VECTORIZE,
    BLOCK_LOAD_TRANSPOSE,
    BLOCK_LOAD_WARP_TRANSPOSE,
    BLOCK_LOAD_WARP_TRANSPOSE_TIMESLICED
};

template <typename T, int ITEMS, typename P> __device__ inline void LoadDirectBlocked(int thread, P source, T (&items)[ITEMS])
{
    for (int i = 0; i < ITEMS; i++)
        items[i] = source[thread * ITEMS + i];
}
template <int THREADS, typename T, int ITEMS, typename P> __device__ inline void LoadDirectStriped(int thread, P source, T (&items)[ITEMS])
{
    for (int i = 0; i < ITEMS; i++)
        items[i] = source[i * THREADS + thread];
}

template <typename T, int BLOCK_DIM_X, int ITEMS, BlockLoadAlgorithm ALGORITHM = BLOCK_LOAD_DIRECT, int BLOCK_DIM_Y = 1, int BLOCK_DIM_Z = 1>
class BlockLoad {
    static constexpr int threads = BLOCK_DIM_X * BLOCK_DIM_Y * BLOCK_DIM_Z;

public:
    struct TempStorage {
        char unused;
    };

    __device__ BlockLoad() {}
    __device__ BlockLoad(TempStorage&) {}

    template <typename P> __device__ void Load(P source, T (&items)[ITEMS])
    {
        for (int i = 0; i < ITEMS; i++)
            items[i] = source[Place(i)];
    }
    template <typename P> __device__ void Load(P source, T (&items)[ITEMS], int valid)
    {
        for (int i = 0; i < ITEMS; i++)
            if (Place(i) < valid) items[i] = source[Place(i)];
    }
    template <typename P, typename D> __device__ void Load(P source, T (&items)[ITEMS], int valid, D otherwise)
    {
        for (int i = 0; i < ITEMS; i++) {
            items[i] = otherwise;
            if (Place(i) < valid) items[i] = source[Place(i)];
        }
    }

private:
    __device__ static int Place(int item)
    {
        int thread = __row_major_thread<BLOCK_DIM_X, BLOCK_DIM_Y, BLOCK_DIM_Z>();
        return ALGORITHM == BLOCK_LOAD_STRIPED ? item * threads + thread : thread * ITEMS + item;
    }
};

}  // namespace cub
