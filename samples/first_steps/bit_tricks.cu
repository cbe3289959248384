// Counting and reversing bits.
//# launch = { kernel = "bits", grid = 2, block = 64 }
//# args   = [{ x = "expr u32 100 i * 2654435761" }, { ones = "zeros i32 100" }, { zeros = "zeros i32 100" }, { lowest = "zeros i32 100" }, { mirrored = "zeros u32 100" }, { n = 100 }]
//# expect = { ones = "popcount(x[i])", zeros = "x[i] == 0 ? 32 : clz(x[i])", lowest = "x[i] == 0 ? 0 : ctz(x[i]) + 1", mirrored = "sum(k, 0, 32, ((x[i] >> k) & 1) << (31 - k))" }

__global__ void bits(const unsigned int* x, int* ones, int* zeros, int* lowest, unsigned int* mirrored, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    ones[i] = __popc(x[i]);
    zeros[i] = __clz(x[i]);
    lowest[i] = __ffs(x[i]);
    mirrored[i] = __brev(x[i]);
}
