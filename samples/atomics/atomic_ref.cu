// cuda::atomic and cuda::atomic_ref: a shared counter, a lock-free maximum of floats, bytes, a compare-and-swap loop.
//# launch  = { kernel = "count", grid = 2, block = 64 }
//# args    = [{ total = "zeros i32 1" }, { sums = "zeros f32 2" }, { bytes = "zeros u8 4" }, { biggest = "zeros i32 2" }, { values = "iota f32 100" }, { n = 100 }]
//# expect  = { total = [100], sums = [4950, 99], bytes = "i == 0 ? 128 : i == 1 ? 3 : 0", biggest = "i == 0 ? 64 : 36" }
#include <cuda/atomic>

__global__ void count(int* total, float* sums, unsigned char* bytes, int* biggest, const float* values, int n) {
    __shared__ cuda::atomic<int, cuda::thread_scope_block> live;
    if (threadIdx.x == 0) live.store(0, cuda::memory_order_relaxed);
    __syncthreads();

    int i = blockIdx.x * blockDim.x + threadIdx.x;
    cuda::atomic_ref<unsigned char, cuda::thread_scope_device> first(bytes[0]), second(bytes[1]);
    first.fetch_add(1, cuda::memory_order_relaxed);
    second.fetch_or(i % 4, cuda::memory_order_relaxed);
    if (i < n) {
        live.fetch_add(1, cuda::memory_order_relaxed);
        cuda::atomic_ref<float, cuda::thread_scope_device> sum(sums[0]), most(sums[1]);
        sum.fetch_add(values[i], cuda::memory_order_relaxed);
        most.fetch_max(values[i], cuda::memory_order_relaxed);

        cuda::std::atomic_ref<int> all(*total);
        int expected = all.load(cuda::memory_order_relaxed);
        while (!all.compare_exchange_weak(expected, expected + 1, cuda::memory_order_relaxed)) {}
    }
    __syncthreads();
    if (threadIdx.x == 0) biggest[blockIdx.x] = live.load(cuda::memory_order_relaxed);
}
