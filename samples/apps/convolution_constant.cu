// 2-D convolution with a 5 x 5 mask in constant memory; pixels outside count as 0.
//# launch  = { kernel = "convolve", grid = [3, 2], block = [8, 8] }
//# args    = [{ in = "expr f32 294 i * 13 % 17" }, { out = "fill -1 f32 294" }, { width = 21 }, { height = 14 }]
//# symbols = { mask = "expr f32 25 (i % 5 + i / 5) % 4 - 1" }
//# expect.out = """ sum(dy, -2, 3, sum(dx, -2, 3, i % 21 + dx < 0 || i % 21 + dx >= 21 || i / 21 + dy < 0 || i / 21 + dy >= 14 ? 0
//#   : mask[(dy + 2) * 5 + dx + 2] * in[i + 21 * dy + dx])) """
#define RADIUS 2

__constant__ float mask[2 * RADIUS + 1][2 * RADIUS + 1];

__global__ void convolve(const float* in, float* out, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;

    float sum = 0.0f;
    for (int dy = -RADIUS; dy <= RADIUS; dy++)
        for (int dx = -RADIUS; dx <= RADIUS; dx++) {
            int column = x + dx;
            int row = y + dy;
            if (column < 0 || column >= width || row < 0 || row >= height) continue;
            sum += mask[dy + RADIUS][dx + RADIUS] * in[row * width + column];
        }
    out[y * width + x] = sum;
}
