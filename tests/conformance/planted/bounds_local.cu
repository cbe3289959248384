// An index computed from data leaves an array of the thread.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "mod 6 i32 128" }, { out = "zeros i32 128" }]
//# fails  = "E0620"

__global__ void k(const int* in, int* out)
{
    int counts[5] = {0, 0, 0, 0, 0};
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    counts[in[i]]++; // <--
    out[i] = counts[0];
}
