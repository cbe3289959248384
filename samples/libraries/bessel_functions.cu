// Bessel functions: neighbours by their Wronskian, the modified ones by their series, orders by recurrence; and the n-th bit that is set.
//# launch = { kernel = "bessel", grid = 4, block = 64 }
//# args   = [{ x = "expr f32 256 0.05 + i * 0.2" }, { wronskian = "zeros f32 256" }, { growing = "zeros f32 256" },
//#   { orders = "zeros f32 256" }, { bits = "zeros i32 256" }]
//# expect.wronskian = { value = "2 / (pi * x[i])", rel = 1e-5, abs = 3e-7 }
//# expect.growing   = { value = "{ let t = x[i % 64] * x[i % 64] / 4; let term = 1.0; let s = 1.0; for k in 1..60 { term = term * t / (k * k); s = s + term; } s }", rel = 1e-6 }
//# expect.orders    = { value = "0.0", abs = 2e-6 }
//# expect.bits      = "(i * 2654435769 >> 7 & 1) == 1 ? 7 : -1"
__global__ void bessel(const float* x, float* wronskian, float* growing, float* orders, int* bits)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float v = x[i];
    wronskian[i] = j1f(v) * y0f(v) - j0f(v) * y1f(v);
    growing[i] = cyl_bessel_i0f(x[i % 64]);
    // J2 + J4 = 6 / x J3.
    orders[i] = v * (jnf(2, v) + jnf(4, v)) - 6.0f * jnf(3, v);
    bits[i] = (int)__fns((unsigned int)i * 2654435769u, 7, 0);
}
