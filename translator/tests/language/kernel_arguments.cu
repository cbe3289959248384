// What nvcc takes and we once refused or got wrong, found in other people's programs.
//# launch = { kernel = "arguments", grid = 1, block = 1 }
//# args   = [{ n = 5 }, { out = "zeros i32 8" }]
//# expect = { out = [6, 0, 0, 1065353216, 40, 3, 9, 0] }

// Words of CUDA that nvcc has as macros.
#ifndef __host__
#define __host__
#define __device__
#endif
#if !defined(__global__) || !defined(__shared__) || !defined(__launch_bounds__)
#error "CUDA's words count as macros"
#endif

// The destructor of a kernel's parameter is the host's business.
struct Counter {
    int* at;
    __host__ __device__ Counter(int* p) : at(p) {}
    __host__ __device__ ~Counter() { *at = -1; }
    __device__ void add(int by) { *at += by; at++; }
};
