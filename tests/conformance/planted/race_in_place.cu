// A stencil in place: the neighbour may be of another block, which has or has not yet written it.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ data = "iota i32 128" }]
//# fails  = "E0637"

__global__ void k(int* data)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int left = i > 0 ? data[i - 1] : 0; // <--
    __syncthreads();
    data[i] = data[i] + left; // <--
}
