// The last elements of the tile are filled by nobody.
//# launch = { kernel = "k", grid = 1, block = 64 }
//# args   = [{ in = "iota i32 50" }, { out = "zeros i32 64" }, { n = 50 }]
//# fails  = "E0625"

__global__ void k(const int* in, int* out, int n)
{
    __shared__ int tile[64];
    if (threadIdx.x < n)
        tile[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    out[threadIdx.x] = tile[63 - threadIdx.x]; // <--
}
