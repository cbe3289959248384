// A copy of bytes, sixteen at a time through `int4*`, and the rest one by one: one buffer read and written in two widths.
//# launch  = { kernel = "copyBytes", grid = 1, block = 64 }
//# args    = [{ n = 1003 }, { from = "iota u8 1003 7 3" }, { to = "zeros u8 1003" }]
//# expect  = { to = "7 + 3 * i" }

__global__ void copyBytes(int n, const char* from, char* to) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n / 16) ((int4*)to)[i] = ((const int4*)from)[i];
    if (i < n % 16) to[n / 16 * 16 + i] = from[n / 16 * 16 + i];
}
