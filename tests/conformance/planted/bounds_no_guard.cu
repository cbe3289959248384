// More threads than elements, and no guard.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ out = "zeros i32 100" }]
//# fails  = "E0620"

__global__ void k(int* out)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = i; // <--
}
