// Atomic operations on a thread's own memory are plain ones: cuda::atomic as a local variable, a pointer to one or the other memory.
//# launch = { kernel = "own", grid = 1, block = 4 }
//# args   = [{ shared_sum = "zeros i32 1" }, { out = "zeros i32 20" }]
//# expect = { shared_sum = [2], out = [5, 9, 4, 0, 1, 6, 11, 5, 1, 0, 7, 13, 6, 2, 1, 8, 15, 7, 3, 0] }
#include <cuda/atomic>

__device__ int raise(int* at, int by) { return atomicAdd(at, by); }

__global__ void own(int* shared_sum, int* out)
{
    int i = threadIdx.x;
    cuda::atomic<int, cuda::thread_scope_thread> mine{3};
    mine.fetch_add(i);
    int old = mine.exchange(9 + 2 * i);
    out[5 * i] = old + 2;
    out[5 * i + 1] = mine.load();
    int b = 4;
    raise(&b, i);
    atomicCAS(&b, 100, 7);
    out[5 * i + 2] = b;
    unsigned turn = 0;
    for (int k = 0; k < i; k++) atomicInc(&turn, 3);
    out[5 * i + 3] = (int)turn;
    int here = 0;
    raise(i % 2 ? shared_sum : &here, 1);
    out[5 * i + 4] = here;
}
