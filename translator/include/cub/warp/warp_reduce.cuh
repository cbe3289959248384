// cub::WarpReduce: neighbours are combined over growing distances, in order. Each warp has its own storage.
#pragma once
#include "cub/thread/thread_operators.cuh"

namespace cub {

template <typename T, int LOGICAL_WARP_THREADS = 32>
class WarpReduce {
public:
    struct TempStorage {
        T items[32];
    };

    __device__ WarpReduce(TempStorage& storage) : temp(storage) {}

    // The result is that of the first lane of the logical warp.
    template <typename Op> __device__ T Reduce(T input, Op op, int valid)
    {
        int lane = Lane();
        int first = lane / LOGICAL_WARP_THREADS * LOGICAL_WARP_THREADS;
        int own = lane - first;
        temp.items[lane] = input;
        __syncwarp();
        for (int distance = 1; distance < LOGICAL_WARP_THREADS; distance *= 2) {
            if (own % (2 * distance) == 0 && own + distance < valid)
                temp.items[lane] = op(temp.items[lane], temp.items[lane + distance]);
            __syncwarp();
        }
        return temp.items[first];
    }
    template <typename Op> __device__ T Reduce(T input, Op op) { return Reduce(input, op, LOGICAL_WARP_THREADS); }
    __device__ T Sum(T input) { return Reduce(input, cub::Sum(), LOGICAL_WARP_THREADS); }
    __device__ T Sum(T input, int valid) { return Reduce(input, cub::Sum(), valid); }

private:
    TempStorage& temp;

    __device__ static int Lane() { return (int)((threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x) & 31; }
};

}  // namespace cub
