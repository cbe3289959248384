// An int becomes an unsigned 64-bit integer by way of its sign, as C has it: -1 is 2^64 - 1.
//# launch = { kernel = "extend", grid = 1, block = 32 }
//# args = [{ x = "expr i32 32 (i % 2 == 0 ? i : -i) * 71582788" }, { out = "zeros u64 32" }, { product = "zeros i64 32" }, { half = "zeros u64 32" }]
//# expect = { out = "u64(x[i])", product = "x[i] * 3", half = "u64(x[i]) >> 1" }

__global__ void extend(const int* x, unsigned long long* out, long long* product, unsigned long long* half)
{
    int i = threadIdx.x;
    out[i] = (unsigned long long)x[i];
    product[i] = (long long)((unsigned long long)x[i] * 3ull);
    short narrow = (short)x[i];
    half[i] = ((unsigned long long)x[i] >> 1) + (unsigned long long)narrow - (unsigned long long)(long long)narrow;
}
