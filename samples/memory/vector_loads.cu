// Four floats at a time through reinterpret_cast; the last elements one by one.
//# launch = { kernel = "scale", grid = 2, block = 64 }
//# args   = [{ in = "iota f32 403" }, { out = "fill -1 f32 403" }, { factor = 0.25 }, { n = 403 }]
//# expect = { out = "0.25 * i", ulp = 0, past_end = "untouched" }

__global__ void scale(const float* in, float* out, float factor, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (4 * i + 3 < n) {
        float4 v = reinterpret_cast<const float4*>(in)[i];
        v.x *= factor;
        v.y *= factor;
        v.z *= factor;
        v.w *= factor;
        reinterpret_cast<float4*>(out)[i] = v;
    } else {
        for (int k = 4 * i; k < n; k++)
            out[k] = in[k] * factor;
    }
}
