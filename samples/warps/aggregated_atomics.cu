// One atomic for all lanes that come together: the leader adds for them, and each gets the number it would have got alone.
// `__activemask` tells who is there; that lanes which stand together are found together is likely, not promised, so only the sum is checked.
//# launch = { kernel = "countEven", grid = 3, block = 96 }
//# args   = [{ data = "random 0 1000 i32 280" }, { counter = "zeros i32 1" }, { seen = "zeros i32 280" }, { n = 280 }]
//# expect.counter = "count(k, 0, 280, data[k] % 2 == 0)"
//# expect.seen    = { value = '''{ let evens = count(k, 0, 280, data[k] % 2 == 0); i < 280 - evens ? 0 : i - (280 - evens) + 1 }''', order = "any" }

__device__ int addOne(int* counter)
{
    unsigned active = __activemask();
    int lane = threadIdx.x % 32;
    int leader = __ffs(active) - 1;

    int first = 0;
    if (lane == leader)
        first = atomicAdd(counter, __popc(active));
    first = __shfl_sync(active, first, leader);
    return first + __popc(active & ((1u << lane) - 1));
}

__global__ void countEven(const int* data, int* counter, int* seen, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    if (data[i] % 2 == 0)
        seen[i] = addOne(counter) + 1;
}
