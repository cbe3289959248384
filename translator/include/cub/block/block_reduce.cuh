// cub::BlockReduce: neighbours are combined over growing distances in shared memory, in order, so that the operator need not commute.
#pragma once
#include "cub/thread/thread_operators.cuh"

namespace cub {

enum BlockReduceAlgorithm { BLOCK_REDUCE_RAKING_COMMUTATIVE_ONLY, BLOCK_REDUCE_RAKING, BLOCK_REDUCE_WARP_REDUCTIONS };

template <typename T, int BLOCK_DIM_X, BlockReduceAlgorithm ALGORITHM = BLOCK_REDUCE_WARP_REDUCTIONS, int BLOCK_DIM_Y = 1, int BLOCK_DIM_Z = 1>
class BlockReduce {
    static constexpr int threads = BLOCK_DIM_X * BLOCK_DIM_Y * BLOCK_DIM_Z;

public:
    struct TempStorage {
        T items[threads];
    };

    __device__ BlockReduce(TempStorage& storage) : temp(storage) {}

    // The result is thread 0's.
    template <typename Op> __device__ T Reduce(T input, Op op, int num_valid)
    {
        int thread = __row_major_thread<BLOCK_DIM_X, BLOCK_DIM_Y, BLOCK_DIM_Z>();
        temp.items[thread] = input;
        __syncthreads();
        for (int distance = 1; distance < threads; distance *= 2) {
            if (thread % (2 * distance) == 0 && thread + distance < num_valid)
                temp.items[thread] = op(temp.items[thread], temp.items[thread + distance]);
            __syncthreads();
        }
        return temp.items[0];
    }
    template <typename Op> __device__ T Reduce(T input, Op op) { return Reduce(input, op, threads); }
    template <int ITEMS, typename Op> __device__ T Reduce(T (&inputs)[ITEMS], Op op)
    {
        T partial = inputs[0];
        for (int i = 1; i < ITEMS; i++)
            partial = op(partial, inputs[i]);
        return Reduce(partial, op, threads);
    }
    __device__ T Sum(T input) { return Reduce(input, cub::Sum(), threads); }
    __device__ T Sum(T input, int num_valid) { return Reduce(input, cub::Sum(), num_valid); }
    template <int ITEMS> __device__ T Sum(T (&inputs)[ITEMS]) { return Reduce(inputs, cub::Sum()); }

private:
    TempStorage& temp;
};

}  // namespace cub
