// Helpers with a return value, with a reference and with a pointer parameter.
//# launch  = { kernel = "statistics", grid = 2, block = 32 }
//# args    = [{ data = "expr f32 200 i % 17" }, { low = "zeros f32 50" }, { high = "zeros f32 50" }, { mean = "zeros f32 50" }, { n = 50 }]
//# expect.low = "least(k, 0, 4, data[4*i + k])"
//# expect.high = "most(k, 0, 4, data[4*i + k])"
//# expect.mean = "sum(k, 0, 4, data[4*i + k]) / 4.0"

__device__ float average(const float* values, int count)
{
    float sum = 0.0f;
    for (int k = 0; k < count; k++)
        sum += values[k];
    return sum / count;
}

__device__ void swapIfGreater(float& a, float& b)
{
    if (a > b) {
        float t = a;
        a = b;
        b = t;
    }
}

__device__ void extremes(const float* values, float* low, float* high)
{
    float a = values[0], b = values[1], c = values[2], d = values[3];
    swapIfGreater(a, b);
    swapIfGreater(c, d);
    swapIfGreater(a, c);
    swapIfGreater(b, d);
    *low = a;
    *high = d;
}

// Four values a thread: the smallest, the largest and the mean.
__global__ void statistics(const float* data, float* low, float* high, float* mean, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    extremes(data + 4 * i, &low[i], &high[i]);
    mean[i] = average(&data[4 * i], 4);
}
