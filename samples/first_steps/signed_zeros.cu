// Zeros have signs. fminf takes -0 to be less than +0 (PTX ISA, "min" and "max"), sums and products follow IEEE 754, rounding keeps the sign.
//# launch = { kernel = "signedZeros", grid = 1, block = 32 }
//# args   = [{ n = 4 }, { a = "list f32 0.0 -0.0 0.0 -0.0" }, { b = "list f32 -0.0 0.0 0.0 -0.0" }, { least = "fill 1 f32 4" },
//#           { most = "fill 1 f32 4" }, { sum = "fill 1 f32 4" }, { product = "fill 1 f32 4" }, { up = "fill 1 f32 4" }]
//# expect = { least = [-0.0, -0.0, 0.0, -0.0], most = [0.0, 0.0, 0.0, -0.0], sum = [0.0, 0.0, 0.0, -0.0], product = [-0.0, -0.0, 0.0, 0.0], up = [-0.0, -0.0, -0.0, -0.0], signed_zeros = true }

__global__ void signedZeros(int n, const float* a, const float* b, float* least, float* most, float* sum, float* product, float* up)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    least[i] = fminf(a[i], b[i]);
    most[i] = fmaxf(a[i], b[i]);
    sum[i] = a[i] + b[i];
    product[i] = a[i] * b[i];
    up[i] = ceilf(a[i] - 0.25f);
}
