// The two halves of a block wait at different barriers.
//# launch = { kernel = "k", grid = 1, block = 64 }
//# args   = [{ out = "zeros i32 64" }]
//# fails  = "E0627"

__global__ void k(int* out)
{
    __shared__ int tile[64];
    if (threadIdx.x < 32) {
        tile[threadIdx.x] = 1;
        __syncthreads(); // <--
    } else {
        tile[threadIdx.x] = 2;
        __syncthreads(); // <--
    }
    out[threadIdx.x] = tile[63 - threadIdx.x];
}
