// Floats near multiples of pi / 2, where nearly all of the argument is taken away: 252.898209 leaves 4.2e-9.
//# launch = { kernel = "angles", grid = 1, block = 4 }
//# args = [{ x = "list f32 252.89820861816406 1.5707964 -252.89820861816406 355" }, { c = "zeros f32 4" }, { s = "zeros f32 4" }, { t = "zeros f32 4" }]
//# expect = { c = { value = "cos(x[i])", ulp = 2 }, s = { value = "sin(x[i])", ulp = 2 }, t = { value = "tan(x[i])", ulp = 4 } }

__global__ void angles(const float* x, float* c, float* s, float* t)
{
    int i = threadIdx.x;
    c[i] = cosf(x[i]);
    s[i] = sinf(x[i]);
    t[i] = tanf(x[i]);
}
