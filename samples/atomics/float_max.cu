// There is no atomicMax for floats: a compare-and-swap loop on the bits makes one.
//# launch = { kernel = "largest", grid = 3, block = 64 }
//# args   = [{ data = "random -1000 1000 f32 170" }, { result = "list f32 -10000" }, { n = 170 }]
//# expect = { result = "most(k, 0, 170, data[k])", ulp = 0 }

__device__ float atomicMaxFloat(float* address, float value)
{
    int* bits = (int*)address;
    int old = *bits;
    while (__int_as_float(old) < value) {
        int assumed = old;
        old = atomicCAS(bits, assumed, __float_as_int(value));
        if (old == assumed) break;
    }
    return __int_as_float(old);
}

__global__ void largest(const float* data, float* result, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        atomicMaxFloat(result, data[i]);
}
