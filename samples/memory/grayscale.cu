// Byte images: an RGBA image becomes gray, with integer weights. uchar4 in, unsigned char out.
//# launch = { kernel = "grayscale", grid = [2, 2], block = [16, 8] }
//# args   = [{ image = "expr uchar4 286 i * 37 % 256" }, { gray = "fill 7 u8 286" }, { width = 26 }, { height = 11 }]
//# expect = { gray = "(77 * image[4*i] + 150 * image[4*i + 1] + 29 * image[4*i + 2]) >> 8", past_end = "untouched" }

__global__ void grayscale(const uchar4* image, unsigned char* gray, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;

    uchar4 pixel = image[y * width + x];
    gray[y * width + x] = (77 * pixel.x + 150 * pixel.y + 29 * pixel.z) >> 8;
}
