// y = a * x + y in double, on devices that have none too.
//# launch  = { kernel = "daxpy", grid = 4, block = 256 }
//# args    = [{ n = 1000 }, { a = 2.5 }, { x = "iota f64 1000" }, { y = "fill 1.0 f64 1000" }]
//# expect  = { y = "2.5*i + 1", ulp = 0, past_end = "untouched" }

__global__ void daxpy(int n, double a, const double* x, double* y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i];
}
