// A buffer that the host did not allocate.
//# launch = { kernel = "k", grid = 1, block = 8 }
//# args   = [{ out = "zeros i32 8" }, { extra = "null" }]
//# fails  = "E0622"

__global__ void k(int* out, const int* extra)
{
    out[threadIdx.x] = extra[threadIdx.x]; // <--
}
