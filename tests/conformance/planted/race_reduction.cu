// A tree reduction without the barrier in its loop.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "iota i32 128" }, { out = "zeros i32 2" }]
//# fails  = "E0637"

__global__ void k(const int* in, int* out)
{
    __shared__ int tile[64];
    tile[threadIdx.x] = in[blockIdx.x * 64 + threadIdx.x];
    __syncthreads();
    for (int stride = 32; stride > 0; stride /= 2)
        if (threadIdx.x < stride)
            tile[threadIdx.x] += tile[threadIdx.x + stride]; // <--
    if (threadIdx.x == 0)
        out[blockIdx.x] = tile[0];
}
