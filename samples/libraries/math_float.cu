// More of the math library, on two arguments and beyond the first quadrant: every result within CUDA's bound of four units.
//# launch = { kernel = "library", grid = 2, block = 64 }
//# args   = [{ x = "expr f32 100 0.0099 * (i + 1)" }, { y = "expr f32 100 7.3 * i - 360" }, { out = "zeros f32 1200" }, { n = 100 }]
//# expect.out = { ulp = 4, value = ''' {
//#   let a = x[i / 12]; let b = y[i / 12]; let k = i % 12;
//#   k == 0 ? pow(a, 0.0625 * b) : k == 1 ? atan2(b, a) : k == 2 ? hypot(a, b) : k == 3 ? fmod(b, a)
//#   : k == 4 ? tan(b) : k == 5 ? sin(f32(1000000.0 * b)) : k == 6 ? asin(a) : k == 7 ? acos(a)
//#   : k == 8 ? exp2(0.25 * b) : k == 9 ? log10(a) : k == 10 ? expm1(a) : rsqrt(a)
//# } ''' }

__global__ void library(const float* x, const float* y, float* out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float a = x[i];
    float b = y[i];
    float* row = out + 12 * i;
    row[0] = powf(a, 0.0625f * b);
    row[1] = atan2f(b, a);
    row[2] = hypotf(a, b);
    row[3] = fmodf(b, a);
    row[4] = tanf(b);
    row[5] = sinf(1000000.0f * b);
    row[6] = asinf(a);
    row[7] = acosf(a);
    row[8] = exp2f(0.25f * b);
    row[9] = log10f(a);
    row[10] = expm1f(a);
    row[11] = rsqrtf(a);
}
