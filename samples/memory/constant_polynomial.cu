// __constant__ memory: a polynomial's coefficients, the same for all threads.
//# launch  = { kernel = "evaluate", grid = 3, block = 64 }
//# args    = [{ x = "iota f32 150 -5.0 0.125" }, { y = "zeros f32 150" }, { n = 150 }]
//# symbols = { coefficients = "list f32 1 -2 0.5 0.25" }
//# expect  = { y = "1 + x[i] * (-2 + x[i] * (0.5 + x[i] * 0.25))", abs = 1e-5 }
#define DEGREE 3

__constant__ float coefficients[DEGREE + 1];

__global__ void evaluate(const float* x, float* y, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    float value = coefficients[DEGREE];
    for (int k = DEGREE - 1; k >= 0; k--)
        value = value * x[i] + coefficients[k];
    y[i] = value;
}
