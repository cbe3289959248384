// A separable blur: one launch along rows, one along columns, through a template on the direction.
//# launches = [
//#   { kernel = "blur<true>", grid = [2, 3], block = [16, 4], args = ["image", "scratch", "width", "height"] },
//#   { kernel = "blur<false>", grid = [2, 3], block = [16, 4], args = ["scratch", "image", "width", "height"] },
//# ]
//# args   = [{ image = "expr f32 242 i * 29 % 64" }, { scratch = "fill -1 f32 242" }, { width = 22 }, { height = 11 }]
//# expect = { scratch = "anything", image = """ sum(dy, -1, 2, (dy == 0 ? 0.5 : 0.25) * sum(dx, -1, 2, (dx == 0 ? 0.5 : 0.25)
//#   * image[clamp(i / 22 + dy, 0, 10) * 22 + clamp(i % 22 + dx, 0, 21)])) """, ulp = 0 }

template <bool AlongRows>
__global__ void blur(const float* in, float* out, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;

    // The edge repeats.
    int before, after;
    if (AlongRows) {
        before = y * width + max(x - 1, 0);
        after = y * width + min(x + 1, width - 1);
    } else {
        before = max(y - 1, 0) * width + x;
        after = min(y + 1, height - 1) * width + x;
    }
    out[y * width + x] = 0.25f * in[before] + 0.5f * in[y * width + x] + 0.25f * in[after];
}

template __global__ void blur<true>(const float*, float*, int, int);
template __global__ void blur<false>(const float*, float*, int, int);
