// Every block writes the one result.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "iota i32 128" }, { out = "zeros i32 1" }]
//# fails  = "E0637"

__global__ void k(const int* in, int* out)
{
    if (threadIdx.x == 0)
        out[0] = in[blockIdx.x]; // <--
}
