// cub::BlockScan: Hillis and Steele's scan over the threads' partial results in shared memory.
#pragma once
#include "cub/thread/thread_operators.cuh"

namespace cub {

enum BlockScanAlgorithm { BLOCK_SCAN_RAKING, BLOCK_SCAN_RAKING_MEMOIZE, BLOCK_SCAN_WARP_SCANS };

template <typename T, int BLOCK_DIM_X, BlockScanAlgorithm ALGORITHM = BLOCK_SCAN_RAKING, int BLOCK_DIM_Y = 1, int BLOCK_DIM_Z = 1>
class BlockScan {
    static constexpr int threads = BLOCK_DIM_X * BLOCK_DIM_Y * BLOCK_DIM_Z;

public:
    struct TempStorage {
        T items[threads];
    };

    __device__ BlockScan(TempStorage& storage) : temp(storage) {}

    template <typename Op> __device__ void InclusiveScan(T input, T& output, Op op)
    {
        int thread = Scan(input, op);
        output = temp.items[thread];
    }
    template <typename Op> __device__ void InclusiveScan(T input, T& output, Op op, T& aggregate)
    {
        int thread = Scan(input, op);
        output = temp.items[thread];
        aggregate = temp.items[threads - 1];
    }
    // Thread 0 gets the initial value; without one its output has no meaning, as in CUB.
    template <typename Op> __device__ void ExclusiveScan(T input, T& output, T initial, Op op)
    {
        int thread = Scan(input, op);
        output = thread == 0 ? initial : op(initial, temp.items[max(thread - 1, 0)]);
    }
    template <typename Op> __device__ void ExclusiveScan(T input, T& output, T initial, Op op, T& aggregate)
    {
        ExclusiveScan(input, output, initial, op);
        aggregate = temp.items[threads - 1];
    }
    template <typename Op> __device__ void ExclusiveScan(T input, T& output, Op op)
    {
        int thread = Scan(input, op);
        output = temp.items[max(thread - 1, 0)];
    }
    template <int ITEMS, typename Op> __device__ void InclusiveScan(T (&inputs)[ITEMS], T (&outputs)[ITEMS], Op op)
    {
        int thread = Scan(Partial(inputs, op), op);
        T running = inputs[0];
        if (thread > 0) running = op(temp.items[thread - 1], running);
        outputs[0] = running;
        for (int i = 1; i < ITEMS; i++) {
            running = op(running, inputs[i]);
            outputs[i] = running;
        }
    }
    template <int ITEMS, typename Op> __device__ void ExclusiveScan(T (&inputs)[ITEMS], T (&outputs)[ITEMS], T initial, Op op)
    {
        int thread = Scan(Partial(inputs, op), op);
        T running = initial;
        if (thread > 0) running = op(initial, temp.items[thread - 1]);
        for (int i = 0; i < ITEMS; i++) {
            T next = op(running, inputs[i]);
            outputs[i] = running;
            running = next;
        }
    }

    __device__ void InclusiveSum(T input, T& output) { InclusiveScan(input, output, cub::Sum()); }
    __device__ void InclusiveSum(T input, T& output, T& aggregate) { InclusiveScan(input, output, cub::Sum(), aggregate); }
    __device__ void ExclusiveSum(T input, T& output) { ExclusiveScan(input, output, T(), cub::Sum()); }
    __device__ void ExclusiveSum(T input, T& output, T& aggregate) { ExclusiveScan(input, output, T(), cub::Sum(), aggregate); }
    template <int ITEMS> __device__ void InclusiveSum(T (&inputs)[ITEMS], T (&outputs)[ITEMS]) { InclusiveScan(inputs, outputs, cub::Sum()); }
    template <int ITEMS> __device__ void ExclusiveSum(T (&inputs)[ITEMS], T (&outputs)[ITEMS]) { ExclusiveScan(inputs, outputs, T(), cub::Sum()); }
    template <int ITEMS> __device__ void ExclusiveSum(T (&inputs)[ITEMS], T (&outputs)[ITEMS], T& aggregate)
    {
        ExclusiveScan(inputs, outputs, T(), cub::Sum());
        aggregate = temp.items[threads - 1];
    }

private:
    TempStorage& temp;

    template <int ITEMS, typename Op> __device__ static T Partial(T (&inputs)[ITEMS], Op op)
    {
        T partial = inputs[0];
        for (int i = 1; i < ITEMS; i++)
            partial = op(partial, inputs[i]);
        return partial;
    }

    // Leaves the inclusive scan in shared memory, and gives the thread's number.
    template <typename Op> __device__ int Scan(T input, Op op)
    {
        int thread = __row_major_thread<BLOCK_DIM_X, BLOCK_DIM_Y, BLOCK_DIM_Z>();
        temp.items[thread] = input;
        __syncthreads();
        for (int distance = 1; distance < threads; distance *= 2) {
            T sum = temp.items[thread];
            if (thread >= distance) sum = op(temp.items[thread - distance], sum);
            __syncthreads();
            temp.items[thread] = sum;
            __syncthreads();
        }
        return thread;
    }
};

}  // namespace cub
