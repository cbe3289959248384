// Inclusive scan after Hillis and Steele: log2(n) steps between two halves of dynamic shared memory.
//# launch = { kernel = "inclusiveScan", grid = 1, block = 128, shared = 1024 }
//# args   = [{ data = "mod 7 i32 100" }, { n = 100 }]
//# expect = { data = "sum(k, 0, i + 1, k % 7)", past_end = "untouched" }

__global__ void inclusiveScan(int* data, int n)
{
    extern __shared__ int buffer[];
    int* from = buffer;
    int* to = buffer + blockDim.x;

    int t = threadIdx.x;
    from[t] = t < n ? data[t] : 0;
    __syncthreads();

    for (int offset = 1; offset < blockDim.x; offset *= 2) {
        to[t] = t >= offset ? from[t] + from[t - offset] : from[t];
        __syncthreads();
        int* held = from;
        from = to;
        to = held;
    }
    if (t < n)
        data[t] = from[t];
}
