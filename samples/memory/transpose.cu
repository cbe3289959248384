// Tiled matrix transpose: coalesced reads and writes through a padded tile.
//# launch  = { kernel = "transpose", grid = [3, 2], block = [16, 16] }
//# args    = [{ in = "iota f32 850" }, { out = "fill -1 f32 850" }, { width = 34 }, { height = 25 }]
//# expect  = { out = "(i % 25) * 34 + i / 25", ulp = 0, past_end = "untouched" }
#define TILE 16

__device__ int clampIndex(int i, int n) { return i < n ? i : n - 1; }

__global__ void transpose(const float* __restrict__ in, float* out, int width, int height)
{
    __shared__ float tile[TILE][TILE + 1];  // +1 avoids bank conflicts

    int x = blockIdx.x * TILE + threadIdx.x;
    int y = blockIdx.y * TILE + threadIdx.y;

    // Threads past the edge read the last element, so that all reach the barrier.
    tile[threadIdx.y][threadIdx.x] = in[clampIndex(y, height) * width + clampIndex(x, width)];
    __syncthreads();

    x = blockIdx.y * TILE + threadIdx.x;
    y = blockIdx.x * TILE + threadIdx.y;
    if (x < height && y < width)
        out[y * height + x] = tile[threadIdx.x][threadIdx.y];
}
