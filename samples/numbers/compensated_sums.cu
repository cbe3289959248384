// Sums that count on the order of their additions: Kahan's, the exact error of a sum and of a product, rounding by a large constant.
// WGSL lets a driver reorder additions, so what cancels is held there.
//# launch = { kernel = "compensated", grid = 1, block = 64 }
//# args   = [{ x = "expr f32 64 i * 0.37 + 0.1" }, { y = "expr f32 64 i % 2 == 0 ? 1.0 + i * 0.001 : 30000 + i * 0.013" }, { terms = 1000 }, { single = "zeros f32 64" },
//#   { twice = "zeros f64 64" }, { sumError = "zeros f32 64" }, { productError = "zeros f32 64" }, { whole = "zeros f32 64" }]
//# expect = { single = "16777216.0 + terms", twice = "9007199254740992.0 + terms", sumError = "(x[i] + y[i]) - f32(x[i] + y[i])", productError = "x[i] * y[i] - f32(x[i] * y[i])", whole = "rint(x[i])" }

// What is lost in a + b, for operands of any size (Knuth).
__device__ float errorOfSum(float a, float b)
{
    float s = a + b;
    float bb = s - a;
    return (a - (s - bb)) + (b - bb);
}

// Two halves whose products are exact (Veltkamp).
__device__ float upperHalf(float a)
{
    float c = 4097.0f * a;
    return c - (c - a);
}

template <typename T>
__device__ T kahan(T first, T term, int terms)
{
    T sum = first, lost = 0;
    for (int i = 0; i < terms; i++) {
        T y = term - lost;
        T t = sum + y;
        lost = (t - sum) - y;
        sum = t;
    }
    return sum;
}

__global__ void compensated(const float* x, const float* y, int terms, float* single, double* twice, float* sumError, float* productError, float* whole)
{
    int i = threadIdx.x;
    float a = x[i], b = y[i];
    single[i] = kahan(16777216.0f, 1.0f, terms);
    twice[i] = kahan(9007199254740992.0, 1.0, terms);
    sumError[i] = errorOfSum(a, b);

    float ah = upperHalf(a), al = a - ah;
    float bh = upperHalf(b), bl = b - bh;
    float p = a * b;
    productError[i] = al * bl - (((p - ah * bh) - al * bh) - ah * bl);

    whole[i] = (a + 12582912.0f) - 12582912.0f;
}
