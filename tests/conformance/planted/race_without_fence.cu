// The last block adds up what the others have left, and nobody has put a fence between data and counter.
//# launch = { kernel = "k", grid = 2, block = 64 }
//# args   = [{ partial = "zeros i32 2" }, { total = "zeros i32 1" }, { count = "zeros u32 1" }]
//# fails  = "E0637"

__global__ void k(int* partial, int* total, unsigned int* count)
{
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = 1 + blockIdx.x; // <--
        if (atomicAdd(count, 1u) == gridDim.x - 1) {
            int sum = 0;
            for (int block = 0; block < gridDim.x; block++)
                sum += partial[block]; // <--
            *total = sum;
        }
    }
}
