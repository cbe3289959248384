__device__ float lerp(float a, float b, float t) { return a + (b - a) * t; }

__global__ void names(float* out, int count)
{
    out[0] = lerp(1.0f, 2.0f);
    //^ E0204: no function `lerp` takes (float, float)
    out[coumt] = 1;
    //^ E0201: unknown name `coumt`
    count.x = 1;
    //^ E0210: `int` is no class
    unknown_t y = 3;
    //^^^^^^^ E0201: unknown name `unknown_t`
    out[0] = y;
    const int n = 4;
    n = 5;
    //^ E0212: cannot be changed
    int p = out;
    //^ E0203: no conversion from `float*` to `int`
    out[out] = 2;
    //^ E0206: an index must be an integer
}
