// nvcuda::experimental::awbarrier, the older name of cuda::barrier.
#pragma once
#include "cuda/barrier"

namespace nvcuda {
namespace experimental {

class awbarrier {
public:
    typedef unsigned int arrival_token;

    awbarrier() = default;
    awbarrier(const awbarrier&) = delete;
    awbarrier& operator=(const awbarrier&) = delete;

    __device__ arrival_token arrive() { return __barrier.arrive(); }
    __device__ arrival_token arrive_and_drop()
    {
        arrival_token token = __arrivals_count() ? __barrier.__phase() : 0u;
        __barrier.arrive_and_drop();
        return token;
    }
    __device__ void wait(arrival_token token) { __barrier.wait(token); }
    __device__ void arrive_and_wait() { __barrier.arrive_and_wait(); }
    __device__ bool timed_wait(arrival_token token, unsigned int) { return __barrier.try_wait(token); }
    __device__ bool timed_wait_parity(bool parity, unsigned int) { return __barrier.try_wait_parity(parity); }
    __device__ bool try_wait(arrival_token token, unsigned int) { return __barrier.try_wait(token); }
    __device__ bool try_wait_parity(bool parity, unsigned int) { return __barrier.try_wait_parity(parity); }
    __host__ __device__ static constexpr unsigned int max() { return (1u << 20) - 1u; }

    cuda::barrier<cuda::thread_scope_block> __barrier;
};

__device__ inline void init(awbarrier* barrier, unsigned int expected) { init(&barrier->__barrier, (ptrdiff_t)expected); }
__device__ inline void inval(awbarrier*) {}

}
}
