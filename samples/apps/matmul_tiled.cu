// Matrix product through tiles in shared memory. Sides are no multiples of the tile: the edge tiles are padded with 0.
//# launch = { kernel = "matmulTiled", grid = [2, 2], block = [16, 16] }
//# args   = [{ a = "expr f32 696 i % 7 - 3" }, { b = "expr f32 600 i % 5 - 2" }, { c = "fill 99 f32 725" }, { m = 29 }, { n = 25 }, { k = 24 }]
//# expect = { c = "sum(j, 0, 24, a[i / 25 * 24 + j] * b[j * 25 + i % 25])", ulp = 0, past_end = "untouched" }
#define TILE 16

__global__ void matmulTiled(const float* a, const float* b, float* c, int m, int n, int k)
{
    __shared__ float tileA[TILE][TILE];
    __shared__ float tileB[TILE][TILE];

    int row = blockIdx.y * TILE + threadIdx.y;
    int column = blockIdx.x * TILE + threadIdx.x;
    float sum = 0.0f;

    for (int start = 0; start < k; start += TILE) {
        int kA = start + threadIdx.x;
        int kB = start + threadIdx.y;
        tileA[threadIdx.y][threadIdx.x] = row < m && kA < k ? a[row * k + kA] : 0.0f;
        tileB[threadIdx.y][threadIdx.x] = kB < k && column < n ? b[kB * n + column] : 0.0f;
        __syncthreads();

        for (int j = 0; j < TILE; j++)
            sum += tileA[threadIdx.y][j] * tileB[j][threadIdx.x];
        __syncthreads();
    }
    if (row < m && column < n)
        c[row * n + column] = sum;
}
