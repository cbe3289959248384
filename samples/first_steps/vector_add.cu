// The sum of two vectors, with unsigned indices and restrict pointers.
//# launch  = { kernel = "vectorAdd", grid = 3, block = 128 }
//# args    = [{ a = "iota i32 300" }, { b = "iota i32 300 5 3" }, { c = "fill -1 i32 300" }, { n = 300 }]
//# expect  = { c = "4*i + 5", past_end = "untouched" }

__global__ void vectorAdd(const int* __restrict__ a, const int* __restrict__ b, int* __restrict__ c, unsigned int n)
{
    unsigned int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    c[i] = a[i] + b[i];
}
