// printf in a kernel: formats, widths, 64-bit values, floats promoted to double, texts. What threads print is sorted by block
// and thread, which is one of the orders that CUDA may show. The launch has more threads than lines.
//# launch = { kernel = "report", grid = 2, block = 32 }
//# args   = [{ n = 3 }, { x = "list f32 0.1 -2.5 1e10" }, { total = "zeros i32 1" }]
//# expect = { total = "3" }
//# output = '''
//# block 0, thread  0: x = 0.100000001490116 (0x3dcccccd) positive
//# id 0x7000000000|  +0|00.10|1.000000e-01|%
//# block 0, thread  1: x = -2.5 (0xc0200000) negative
//# id 0x7000000001|  +1|-2.50|-2.500000e+00|%
//# block 0, thread  2: x = 10000000000 (0x501502f9) positive
//# id 0x7000000002|  +2|10000000000.00|1.000000e+10|%
//# 32 threads in block 1
//# '''
#include <cstdio>

__device__ const char* sign(float x)
{
    return x < 0.0f ? "negative" : "positive";
}

__global__ void report(int n, const float* x, int* total)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (blockIdx.x == 1 && threadIdx.x == 0)
        printf("%u threads in block %c\n", blockDim.x, '0' + blockIdx.x);
    if (i >= n) return;

    printf("block %d, thread %2d: x = %.15g (0x%x) %s\n", blockIdx.x, threadIdx.x, x[i], __float_as_int(x[i]), sign(x[i]));
    unsigned long long id = (7ull << 36) + i;
    int written = printf("id %#llx|%+4d|%0*.2f|%e|%%\n", id, i, 5, x[i], x[i]);
    if (written == 5)
        atomicAdd(total, 1);
}
