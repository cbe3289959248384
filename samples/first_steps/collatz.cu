// do-while: how many Collatz steps lead from i + 1 back to 1. Threads of one warp leave the loop at different times.
//# launch = { kernel = "collatzSteps", grid = 3, block = 100 }
//# args   = [{ steps = "fill -1 i32 250" }, { n = 250 }]
//# expect.steps = ''' {
//#   let x = i + 1; let count = 0;
//#   while x != 1 { x = x % 2 == 0 ? x / 2 : 3 * x + 1; count = count + 1; }
//#   count
//# } '''

__global__ void collatzSteps(int* steps, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    unsigned int x = i + 1;
    int count = -1;
    do {
        count++;
        if (x == 1) break;
        x = (x & 1) ? 3 * x + 1 : x >> 1;
    } while (true);
    steps[i] = count;
}
