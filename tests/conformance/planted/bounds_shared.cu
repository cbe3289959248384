// The neighbour of the last thread lies behind the tile.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "iota i32 128" }, { out = "zeros i32 128" }]
//# fails  = "E0620"

__global__ void k(const int* in, int* out)
{
    __shared__ int tile[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    tile[threadIdx.x] = in[i];
    __syncthreads();
    out[i] = tile[threadIdx.x + 1]; // <--
}
