// Integers at their edges: wrapping products, signed shifts, remainders of negative numbers, mixed signedness.
//# launch = { kernel = "edges", grid = 1, block = 96 }
//# args   = [{ x = "expr i32 90 (i - 45) * 47712343" }, { out = "zeros i32 450" }, { n = 90 }]
//# expect.out = ''' {
//#   let v = x[i / 5]; let k = i % 5;
//#   i32(k == 0 ? v * v : k == 1 ? v >> 3 : k == 2 ? v % 1000 : k == 3 ? u32(v) >> 28 : u32(v) < u32(100) ? 1 : -1)
//# } '''

__global__ void edges(const int* x, int* out, int n)
{
    int i = threadIdx.x;
    if (i >= n) return;
    int v = x[i];
    out[5 * i] = (int)((unsigned int)v * (unsigned int)v);
    out[5 * i + 1] = v >> 3;
    out[5 * i + 2] = v % 1000;
    out[5 * i + 3] = (unsigned int)v >> 28;
    out[5 * i + 4] = v < 100u ? 1 : -1;
}
