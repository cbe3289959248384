// The left neighbour of the first element.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "iota f32 128" }, { out = "zeros f32 128" }]
//# fails  = "E0620"

__global__ void k(const float* in, float* out)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = in[i - 1]; // <--
}
