// Indexed by size_t, as libraries write it: the index fits 32 bits and is computed in 32 bits, only the bound is compared as it is.
//# launch  = { kernel = "saxpy", grid = 4, block = 256 }
//# args    = [{ n = 1000 }, { a = 2.0 }, { x = "iota f32 1000" }, { y = "fill 1.0 f32 1000" }]
//# expect  = { y = "2*i + 1", ulp = 0, past_end = "untouched" }

__global__ void saxpy(size_t n, float a, const float* x, float* y)
{
    size_t i = blockIdx.x * (size_t)blockDim.x + threadIdx.x;
    if (i < n)
        y[i] = a * x[i] + y[i];
}
