// y = a * x + y, one thread an element. The launch has 1,024 threads for 1,000 elements: the guard is tested.
//# launch  = { kernel = "saxpy", grid = 4, block = 256 }
//# args    = [{ n = 1000 }, { a = 2.0 }, { x = "iota f32 1000" }, { y = "fill 1.0 f32 1000" }]
//# expect  = { y = "2*i + 1", ulp = 0, past_end = "untouched" }

__global__ void saxpy(int n, float a, const float* x, float* y)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        y[i] = a * x[i] + y[i];
}
