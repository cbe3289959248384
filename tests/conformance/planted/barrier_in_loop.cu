// A barrier in a loop that some threads leave earlier than others.
//# launch = { kernel = "k", grid = 1, block = 32 }
//# args   = [{ out = "zeros i32 32" }]
//# fails  = "E0627"

__global__ void k(int* out)
{
    __shared__ int turn;
    for (int i = 0; i <= threadIdx.x % 3; i++) {
        if (threadIdx.x == 0)
            turn = i;
        __syncthreads(); // <--
    }
    __syncthreads(); // <--
    out[threadIdx.x] = turn;
}
