// Device code inside of host functions: what lambdas and classes of blocks name of CUDA's headers is there, though no kernel names it.
//# launch  = { kernel = "each<lambda>", grid = 1, block = 4 }
//# args    = [{ n = 3 }, { f = { fields = [{ x = "xs* 0" }] } }]
//# buffers = { xs = "list f32 4 -16 64 81" }
//# expect  = { xs = [2, 4, 8, 81] }
template <class F> __global__ void each(int n, F f)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) f(i);
}

void host(float* x)
{
    each<<<1, 4>>>(3, [=] __device__(int i) { x[i] = __fsqrt_rn(fabsf(x[i])); });
}
