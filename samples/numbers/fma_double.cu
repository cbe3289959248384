// Fused multiply-add of doubles, rounded once: the rest of a product that does not fit, and what an unfused one would lose.
//# launch  = { kernel = "rests", grid = 2, block = 64 }
//# args    = [{ a = "expr f64 100 1.0 + i / 3.0" }, { b = "expr f64 100 1.0 / (i + 7)" }, { n = 100 }, { rest = "zeros f64 100" }, { near = "zeros f64 100" }]
//# expect  = { rest = "fma(a[i], b[i], -f64(a[i] * b[i]))", near = "fma(a[i], a[i], b[i])", ulp = 0 }

__global__ void rests(const double* a, const double* b, int n, double* rest, double* near)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    rest[i] = fma(a[i], b[i], -(a[i] * b[i]));
    near[i] = fma(a[i], a[i], b[i]);
}
