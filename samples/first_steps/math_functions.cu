// The math functions hold CUDA's error bounds on every device: each result may be off by at most two units in the last place.
//# launch  = { kernel = "functions", grid = 2, block = 128 }
//# args    = [{ x = "expr f32 200 0.01 + 0.37 * i" }, { y = "zeros f32 1600" }, { n = 200 }]
//# expect.y = { ulp = 2, value = """ i % 8 == 0 ? exp(-x[i / 8]) : i % 8 == 1 ? log(x[i / 8]) : i % 8 == 2 ? sin(x[i / 8]) : i % 8 == 3 ? cos(x[i / 8])
//#   : i % 8 == 4 ? tanh(x[i / 8]) : i % 8 == 5 ? atan(x[i / 8]) : i % 8 == 6 ? cbrt(x[i / 8]) : erf(x[i / 8]) """ }

__global__ void functions(const float* x, float* y, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    y[8 * i] = expf(-x[i]);
    y[8 * i + 1] = logf(x[i]);
    y[8 * i + 2] = sinf(x[i]);
    y[8 * i + 3] = cosf(x[i]);
    y[8 * i + 4] = tanhf(x[i]);
    y[8 * i + 5] = atanf(x[i]);
    y[8 * i + 6] = cbrtf(x[i]);
    y[8 * i + 7] = erff(x[i]);
}
