// The second round overwrites the tile while slower threads still read the first.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ in = "iota i32 256" }, { out = "zeros i32 128" }]
//# fails  = "E0637"

__global__ void k(const int* in, int* out)
{
    __shared__ int tile[64];
    int sum = 0;
    for (int round = 0; round < 2; round++) {
        tile[threadIdx.x] = in[round * 128 + blockIdx.x * 64 + threadIdx.x]; // <--
        __syncthreads();
        sum += tile[63 - threadIdx.x]; // <--
    }
    out[blockIdx.x * 64 + threadIdx.x] = sum;
}
