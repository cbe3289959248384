// A seven-point sum through shared memory with a halo on both sides; cells outside count as 0.
//# launch = { kernel = "stencil", grid = 4, block = 64 }
//# args   = [{ in = "mod 11 i32 230" }, { out = "fill -1 i32 230" }, { n = 230 }]
//# expect = { out = "sum(k, max(i - 3, 0), min(i + 4, 230), k % 11)", past_end = "untouched" }
#define BLOCK 64
#define RADIUS 3

__global__ void stencil(const int* in, int* out, int n)
{
    __shared__ int cells[BLOCK + 2 * RADIUS];
    int i = blockIdx.x * BLOCK + threadIdx.x;
    int at = threadIdx.x + RADIUS;

    cells[at] = i < n ? in[i] : 0;
    if (threadIdx.x < RADIUS) {
        cells[at - RADIUS] = i >= RADIUS ? in[i - RADIUS] : 0;
        cells[at + BLOCK] = i + BLOCK < n ? in[i + BLOCK] : 0;
    }
    __syncthreads();

    int sum = 0;
    for (int offset = -RADIUS; offset <= RADIUS; offset++)
        sum += cells[at + offset];
    if (i < n)
        out[i] = sum;
}
