// A seven-point stencil in 3-D. Each thread walks along z and keeps three planes in registers.
//# launch = { kernel = "laplace", grid = [2, 2], block = [8, 4] }
//# args   = [{ in = "expr f32 468 i * 7 % 50" }, { out = "fill 0.5 f32 468" }, { nx = 13 }, { ny = 6 }, { nz = 6 }]
//# expect.out = """ i % 13 == 0 || i % 13 == 12 || i / 13 % 6 == 0 || i / 13 % 6 == 5 || i / 78 == 0 || i / 78 == 5 ? 0.5
//#   : in[i - 1] + in[i + 1] + in[i - 13] + in[i + 13] + in[i - 78] + in[i + 78] - 6 * in[i] """

__global__ void laplace(const float* in, float* out, int nx, int ny, int nz)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < 1 || x >= nx - 1 || y < 1 || y >= ny - 1) return;

    int plane = nx * ny;
    int i = y * nx + x;
    float below = in[i];
    float here = in[i + plane];
    for (int z = 1; z < nz - 1; z++) {
        i += plane;
        float above = in[i + plane];
        out[i] = in[i - 1] + in[i + 1] + in[i - nx] + in[i + nx] + below + above - 6.0f * here;
        below = here;
        here = above;
    }
}
