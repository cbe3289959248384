// One thread stores plainly what the others change by atomics.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ sum = "zeros i32 1" }]
//# fails  = "E0637"

__global__ void k(int* sum)
{
    if (blockIdx.x == 0 && threadIdx.x == 40)
        *sum = 0; // <--
    else
        atomicAdd(sum, 1); // <--
}
