// A float4 at an element that begins no group of four.
//# launch = { kernel = "k", grid = 1, block = 8 }
//# args   = [{ in = "iota f32 64" }, { out = "zeros f32 8" }]
//# fails  = "E0621"

__global__ void k(const float* in, float* out)
{
    float4 four = *reinterpret_cast<const float4*>(in + threadIdx.x); // <--
    out[threadIdx.x] = four.x + four.w;
}
