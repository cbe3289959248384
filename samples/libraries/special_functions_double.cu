// Long polynomials of doubles: drivers write out every call, so that they stay small only as loops over tables of coefficients.
//# launch = { kernel = "special", grid = 2, block = 64 }
//# args   = [{ x = "expr f64 100 0.025 * (i + 1)" }, { back = "zeros f64 100" }, { bessel = "zeros f64 100" }, { n = 100 }]
//# expect.back   = { value = "x[i]", rel = 1e-12 }
//# expect.bessel = { value = "{ let t = x[i] * x[i]; let term = 1.0; let s = 1.0; for k in 1..40 { term = term * t / (k * k); s = s + term; } s }", rel = 1e-14 }
__global__ void special(const double* x, double* back, double* bessel, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    // erfc(2.5) is 4e-4: three of the inverse's seven pieces.
    back[i] = erfcinv(erfc(x[i]));
    bessel[i] = cyl_bessel_i0(2.0 * x[i]);
}
