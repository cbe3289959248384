// A branch on a flag that only one case sets.
//# launch = { kernel = "k", grid = 1, block = 32 }
//# args   = [{ in = "iota i32 32" }, { out = "zeros i32 32" }]
//# fails  = "E0625"

__global__ void k(const int* in, int* out)
{
    bool large;
    if (in[threadIdx.x] > 20)
        large = true;
    out[threadIdx.x] = 1;
    if (large) // <--
        out[threadIdx.x] = 2;
}
