// 64-bit sums, differences and masks whose old value nobody asks for: exact on devices without 64-bit atomics too.
//# launch  = { kernel = "collect", grid = 4, block = 64 }
//# args    = [{ sums = "list u64 4294967290 0 0" }, { bits = "zeros u64 2" }, { balance = "fill 1000 i64 1" }, { n = 200 }]
//# expect  = { sums = [4295765890, 19900, 0], bits = "i == 0 ? 0x5555555555555555 : 0xaaaaaaaaaaaaaaaa", balance = [-1199800] }
__global__ void collect(unsigned long long* sums, unsigned long long* bits, unsigned long long* balance, int n) {
    __shared__ unsigned long long block_sum;
    if (threadIdx.x == 0) block_sum = 0;
    __syncthreads();
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        atomicAdd(&sums[0], 3993ull);
        atomicAdd(&block_sum, (unsigned long long)i);
        atomicAdd(balance, (unsigned long long)(long long)-6004);
        atomicOr(&bits[i % 2], 1ull << (i % 64));
    }
    __syncthreads();
    if (threadIdx.x == 0) atomicAdd(&sums[1], block_sum);
}
