// A block waits for one that need not run before it has ended.
//# launch = { kernel = "k", grid = 2, block = 1 }
//# args   = [{ flag = "zeros i32 2" }]
//# fails  = "E0632"

__global__ void k(int* flag)
{
    volatile int* mine = flag;
    if (blockIdx.x == 0)
        while (mine[1] == 0) // <--
            ;
    else
        mine[1] = 1;
}
