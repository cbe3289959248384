// clock(), clock64() and __nanosleep(): time rises from one reading to the next, so that a loop which waits for cycles to pass ends.
// What a difference amounts to is the device's affair; here each reading counts as 32 cycles.
//# launch = { kernel = "wait", grid = 2, block = 32 }
//# args   = [{ cycles = 100 }, { waited = "zeros i32 64" }]
//# expect = { waited = "1" }

__global__ void wait(int cycles, int* waited)
{
    int start = clock();
    __nanosleep(20);
    while (clock() - start < cycles)
        ;
    int end = clock();
    waited[blockIdx.x * blockDim.x + threadIdx.x] = end - start >= cycles;
}
