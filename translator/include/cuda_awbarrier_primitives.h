// Barrier objects in C (CUDA guide, "Memory Barrier Primitives Interface"); cuda/barrier has what they mean here.
#pragma once
#include "cuda/barrier"

typedef unsigned long __mbarrier_t;
typedef unsigned long __mbarrier_token_t;

__device__ inline cuda::__counting_barrier* __counting(__mbarrier_t* barrier) { return (cuda::__counting_barrier*)barrier; }

__device__ inline unsigned int __mbarrier_maximum_count() { return (1u << 20) - 1u; }
__device__ inline void __mbarrier_init(__mbarrier_t* barrier, unsigned int expected) { __counting(barrier)->__init(expected); }
__device__ inline void __mbarrier_inval(__mbarrier_t*) {}
__device__ inline __mbarrier_token_t __mbarrier_arrive(__mbarrier_t* barrier) { return __counting(barrier)->__arrive(1); }
__device__ inline __mbarrier_token_t __mbarrier_arrive_and_drop(__mbarrier_t* barrier)
{
    __mbarrier_token_t token = __arrivals_count() ? __counting(barrier)->__phase() : 0u;
    __counting(barrier)->arrive_and_drop();
    return token;
}
__device__ inline bool __mbarrier_test_wait(__mbarrier_t* barrier, __mbarrier_token_t token) { return __counting(barrier)->try_wait((unsigned int)token); }
__device__ inline bool __mbarrier_test_wait_parity(__mbarrier_t* barrier, bool parity) { return __counting(barrier)->try_wait_parity(parity); }
__device__ inline bool __mbarrier_try_wait(__mbarrier_t* barrier, __mbarrier_token_t token, unsigned int) { return __mbarrier_test_wait(barrier, token); }
__device__ inline bool __mbarrier_try_wait_parity(__mbarrier_t* barrier, bool parity, unsigned int) { return __mbarrier_test_wait_parity(barrier, parity); }
