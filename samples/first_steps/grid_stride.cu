// A grid-stride loop: 128 threads cover 1,001 elements, whatever the launch.
//# launch  = { kernel = "square", grid = 2, block = 64 }
//# args    = [{ values = "iota f32 1001" }, { n = 1001 }]
//# expect  = { values = "i * i", ulp = 0, past_end = "untouched" }

__global__ void square(float* values, int n)
{
    int stride = gridDim.x * blockDim.x;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += stride)
        values[i] *= values[i];
}
