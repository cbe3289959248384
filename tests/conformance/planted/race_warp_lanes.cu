// Lanes of one warp exchange through shared memory and trust that they run in step, which no GPU since Volta promises.
//# launch = { kernel = "k", grid = 1, block = 32 }
//# args   = [{ out = "zeros i32 32" }]
//# fails  = "E0637"

__global__ void k(int* out)
{
    __shared__ volatile int tile[32];
    tile[threadIdx.x] = 0;
    __syncwarp();
    tile[threadIdx.x] = threadIdx.x; // <--
    out[threadIdx.x] = tile[threadIdx.x ^ 1]; // <--
}
