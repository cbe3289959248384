// One Jacobi step of the heat equation in 2-D; the border keeps its values.
//# launch = { kernel = "jacobi", grid = [3, 3], block = [8, 8] }
//# args   = [{ in = "expr f32 399 i * i % 64" }, { out = "fill -1 f32 399" }, { width = 21 }, { height = 19 }]
//# expect.out = """ i % 21 == 0 || i % 21 == 20 || i < 21 || i >= 378 ? in[i]
//#   : 0.25 * (in[i - 1] + in[i + 1] + in[i - 21] + in[i + 21]) """

__global__ void jacobi(const float* in, float* out, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;

    int i = y * width + x;
    bool border = x == 0 || y == 0 || x == width - 1 || y == height - 1;
    out[i] = border ? in[i] : 0.25f * (in[i - 1] + in[i + 1] + in[i - width] + in[i + width]);
}
