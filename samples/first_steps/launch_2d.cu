// A 2-D launch over a matrix whose sides are no multiples of the block's.
//# launch  = { kernel = "addRowAndColumn", grid = [3, 2], block = [16, 8] }
//# args    = [{ matrix = "fill 0.5 f32 481" }, { width = 37 }, { height = 13 }]
//# expect  = { matrix = "0.5 + i % 37 + 100 * (i / 37)", ulp = 0, past_end = "untouched" }

__global__ void addRowAndColumn(float* matrix, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height)
        matrix[y * width + x] += x + 100.0f * y;
}
