// One function ends by arguments that are known, and calls another whose depth is unknown, which is called from elsewhere too. The
// expected values are what g++ computes.
//# launch = { kernel = "k", grid = 1, block = 4 }
//# args = [{ out = "zeros u32 4" }, { n = 3 }]
//# expect = { out = [209, 514, 419, 708] }
__device__ unsigned down(int d, unsigned x)
{
    if (d <= 0) return x;
    return down(d - 1, x ^ (7u + d));
}
__device__ unsigned by(int d, unsigned x) { return down(d - 1, x + d); }
__device__ unsigned known(int d, unsigned x)
{
    if (d <= 0) return x & 15u;
    unsigned sum = known(d - 1, x + 1);
    if (d > 9) sum += by(d, x);
    return sum + d;
}
__global__ void k(unsigned* out, int n)
{
    unsigned t = threadIdx.x;
    out[t] = known(3, t * 5) + 100 * by(n, t);
}
