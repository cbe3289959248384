// A histogram where lanes with one bucket find each other first: the lowest of them adds for all.
//# launch = { kernel = "histogram", grid = 2, block = 128 }
//# args   = [{ data = "random 0 15 u32 250" }, { bins = "zeros u32 16" }, { n = 250 }]
//# expect = { bins = "count(k, 0, 250, data[k] == i)" }

__global__ void histogram(const unsigned* data, unsigned* bins, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned inside = __ballot_sync(0xffffffffu, i < n);
    if (i < n) {
        unsigned bin = data[i];
        unsigned peers = __match_any_sync(inside, bin);
        if (threadIdx.x % 32 == __ffs(peers) - 1)
            atomicAdd(&bins[bin], __popc(peers));
    }
}
