// Three functions that call each other in rounds which are found one after the other, by their prototypes and by their definitions. The
// expected values are what g++ computes.
//# launch = { kernel = "k", grid = 1, block = 4 }
//# args = [{ out = "zeros u32 8" }]
//# expect = { out = [2, 6, 7, 6, 12, 6, 17, 6] }
__device__ unsigned second(int d, unsigned x, unsigned* sum);
__device__ unsigned third(int d, unsigned x, unsigned* sum);
__device__ void first(int d, unsigned x, unsigned* sum)
{
    unsigned own = d;
    *sum += second(d - 2, own, sum);
}
__device__ unsigned second(int d, unsigned x, unsigned* sum)
{
    if (d <= 0) return x;
    unsigned own = d;
    unsigned v = second(d - 1, x, &own);
    if (third(d - 2, v - x, &own) > own) own++;
    first(d - 1, x * v, &own);
    *sum += own;
    return v;
}
__device__ unsigned third(int d, unsigned x, unsigned* sum)
{
    *sum ^= second(d - 1, 3u & x, sum);
    return x;
}
__global__ void k(unsigned* out)
{
    unsigned t = threadIdx.x, sum = t;
    out[2 * t] = third(3, t * 5 + 2, &sum);
    out[2 * t + 1] = sum;
}
