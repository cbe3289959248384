// CUDA's double functions, which are ours on every device: written over doubles that may be software.
//# launch  = { kernel = "functions", grid = 2, block = 64 }
//# args    = [{ x = "expr f64 100 (i - 50) * 0.37" }, { n = 100 }, { e = "zeros f64 100" }, { l = "zeros f64 100" }]
//# expect  = { e = "exp(x[i])", l = "log(abs(x[i]) + 0.5)", ulp = 2 }

__global__ void functions(const double* x, int n, double* e, double* l)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    e[i] = exp(x[i]);
    l[i] = log(fabs(x[i]) + 0.5);
}
