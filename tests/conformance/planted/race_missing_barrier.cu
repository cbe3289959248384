// A tile is read before all threads have written it: no barrier between.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "iota i32 128" }, { out = "zeros i32 128" }]
//# fails  = "E0637"

__global__ void k(const int* in, int* out)
{
    __shared__ int tile[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x] = 0;
    __syncthreads();
    tile[threadIdx.x] = in[i]; // <--
    out[i] = tile[63 - threadIdx.x]; // <--
}
