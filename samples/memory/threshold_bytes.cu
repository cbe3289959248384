// unsigned char in place: neighbouring threads write neighbouring bytes of one word.
//# launch = { kernel = "threshold", grid = 3, block = 96 }
//# args   = [{ pixels = "expr u8 275 i * 89 % 256" }, { limit = 100 }, { n = 275 }]
//# expect = { pixels = "pixels[i] > 100 ? 255 : pixels[i] / 2", past_end = "untouched" }

__global__ void threshold(unsigned char* pixels, unsigned char limit, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        pixels[i] = pixels[i] > limit ? 255 : pixels[i] / 2;
}
