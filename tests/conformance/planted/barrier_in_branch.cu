// Only some threads come to the barrier in the branch; the others wait at the next one.
//# launch = { kernel = "k", grid = 1, block = 64 }
//# args   = [{ out = "zeros i32 64" }]
//# fails  = "E0627"

__device__ void fill(int* tile, int i)
{
    tile[i] = i;
    __syncthreads(); // <--
}

__global__ void k(int* out)
{
    __shared__ int tile[64];
    tile[threadIdx.x] = 0;
    if (threadIdx.x % 2 == 0)
        fill(tile, threadIdx.x);
    __syncthreads(); // <--
    out[threadIdx.x] = tile[63 - threadIdx.x];
}
