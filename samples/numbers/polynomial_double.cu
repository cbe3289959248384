// A polynomial in double by Horner's rule, a root, a quotient and a conversion of each kind: IEEE 754, so that each device gives the same bits.
//# launch  = { kernel = "polynomial", grid = 2, block = 64 }
//# args    = [{ x = "expr f64 100 (i - 50) * 0.37" }, { n = 100 }, { y = "zeros f64 100" }, { single = "zeros f32 100" }, { whole = "zeros i64 100" }]
//# expect  = { y = "sqrt(abs(((0.5 * x[i] - 1.25) * x[i] + 3.0) * x[i] - 7.0)) / (x[i] + 0.01)", single = "f32(((0.5 * x[i] - 1.25) * x[i] + 3.0) * x[i] - 7.0)", whole = "trunc((((0.5 * x[i] - 1.25) * x[i] + 3.0) * x[i] - 7.0) * 1e12)", ulp = 0 }

__global__ void polynomial(const double* x, int n, double* y, float* single, long long* whole)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    double p = ((0.5 * x[i] - 1.25) * x[i] + 3.0) * x[i] - 7.0;
    y[i] = sqrt(fabs(p)) / (x[i] + 0.01);
    single[i] = (float)p;
    whole[i] = (long long)(p * 1e12);
}
