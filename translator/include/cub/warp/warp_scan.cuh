// cub::WarpScan: Hillis and Steele's scan in shared memory. Each warp has its own storage.
#pragma once
#include "cub/thread/thread_operators.cuh"

namespace cub {

template <typename T, int LOGICAL_WARP_THREADS = 32>
class WarpScan {
public:
    struct TempStorage {
        T items[32];
    };

    __device__ WarpScan(TempStorage& storage) : temp(storage) {}

    template <typename Op> __device__ void InclusiveScan(T input, T& output, Op op)
    {
        int lane = Scan(input, op);
        output = temp.items[lane];
    }
    template <typename Op> __device__ void InclusiveScan(T input, T& output, Op op, T& aggregate)
    {
        int lane = Scan(input, op);
        output = temp.items[lane];
        aggregate = temp.items[lane | (LOGICAL_WARP_THREADS - 1)];
    }
    template <typename Op> __device__ void ExclusiveScan(T input, T& output, T initial, Op op)
    {
        int lane = Scan(input, op);
        output = lane % LOGICAL_WARP_THREADS == 0 ? initial : op(initial, temp.items[max(lane - 1, 0)]);
    }
    template <typename Op> __device__ void ExclusiveScan(T input, T& output, T initial, Op op, T& aggregate)
    {
        ExclusiveScan(input, output, initial, op);
        aggregate = temp.items[Lane() | (LOGICAL_WARP_THREADS - 1)];
    }
    __device__ void InclusiveSum(T input, T& output) { InclusiveScan(input, output, cub::Sum()); }
    __device__ void InclusiveSum(T input, T& output, T& aggregate) { InclusiveScan(input, output, cub::Sum(), aggregate); }
    __device__ void ExclusiveSum(T input, T& output) { ExclusiveScan(input, output, T(), cub::Sum()); }
    __device__ void ExclusiveSum(T input, T& output, T& aggregate) { ExclusiveScan(input, output, T(), cub::Sum(), aggregate); }
    __device__ T Broadcast(T input, unsigned int source)
    {
        int lane = Lane();
        temp.items[lane] = input;
        __syncwarp();
        return temp.items[lane / LOGICAL_WARP_THREADS * LOGICAL_WARP_THREADS + source];
    }

private:
    TempStorage& temp;

    __device__ static int Lane() { return (int)((threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x) & 31; }

    template <typename Op> __device__ int Scan(T input, Op op)
    {
        int lane = Lane();
        temp.items[lane] = input;
        __syncwarp();
        for (int distance = 1; distance < LOGICAL_WARP_THREADS; distance *= 2) {
            T sum = temp.items[lane];
            if (lane % LOGICAL_WARP_THREADS >= distance) sum = op(temp.items[lane - distance], sum);
            __syncwarp();
            temp.items[lane] = sum;
            __syncwarp();
        }
        return lane;
    }
};

}  // namespace cub
