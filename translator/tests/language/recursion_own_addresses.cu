// The address of a variable goes to the next call, which has such a variable of its own: each waiting call needs a copy, even where no
// other state names the variable. The expected values are what g++ computes.
//# launch = { kernel = "k", grid = 1, block = 4 }
//# args = [{ out = "zeros u32 8" }, { n = 3 }]
//# expect = { out = [6, 3, 9, 5, 13, 8, 18, 12] }
__device__ unsigned down(int d, unsigned x, unsigned* sum)
{
    if (d <= 0) {
        *sum += 100u;
        return x;
    }
    unsigned own = d;
    *sum += own;
    return down(d - 1, x + 1, &own);
}
__device__ void both(int d, unsigned* sum)
{
    unsigned own = d;
    if (d > 0) both(d - 1, &own);
    *sum += own;
}
__global__ void k(unsigned* out, int n)
{
    unsigned t = threadIdx.x, sum = t, other = 0;
    unsigned x = down(n, t, &sum);
    both(t, &other);
    out[2 * t] = x + sum + other;
    out[2 * t + 1] = sum + other;
}
