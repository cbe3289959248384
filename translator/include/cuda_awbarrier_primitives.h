// Barrier objects in C (CUDA guide, "Memory Barrier Primitives Interface"); cuda/barrier has what they mean here.
#pragma once
#include "cuda/barrier"

typedef unsigned long __mbarrier_t;
typedef unsigned long __mbarrier_token_t;

__device__ inline unsigned int __mbarrier_maximum_count() { return (1u << 20) - 1u; }
__device__ inline void __mbarrier_init(__mbarrier_t* barrier, unsigned int expected)
{
    *barrier = expected;
    cuda::__check_barrier_count(expected);
}
__device__ inline void __mbarrier_inval(__mbarrier_t*) {}
__device__ inline __mbarrier_token_t __mbarrier_arrive(__mbarrier_t* barrier)
{
    __block_arrive((unsigned int)*barrier);
    return 0ul;
}
__device__ inline __mbarrier_token_t __mbarrier_arrive_and_drop(__mbarrier_t* barrier)
{
    if ((unsigned int)*barrier != __thread_count())
        __assertfail("all threads of the block arrive at the barrier", "cuda_awbarrier_primitives.h", 0u, "__mbarrier_arrive_and_drop", sizeof(char));
    return 0ul;
}
__device__ inline bool __mbarrier_test_wait(__mbarrier_t*, __mbarrier_token_t) { return true; }
__device__ inline bool __mbarrier_test_wait_parity(__mbarrier_t*, bool) { return true; }
__device__ inline bool __mbarrier_try_wait(__mbarrier_t*, __mbarrier_token_t, unsigned int) { return true; }
__device__ inline bool __mbarrier_try_wait_parity(__mbarrier_t*, bool, unsigned int) { return true; }
