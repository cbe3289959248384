// [expr.unary.op]/8: the minus of an unsigned number is 2^n less it; thread and block indices are unsigned. WGSL has no such operator.
//# launch = { kernel = "minus", grid = 1, block = 4 }
//# args   = [{ x = "list u32 5 0 7 2147483648" }, { narrow = "zeros u32 20" }, { wide = "zeros u32 8" }]
//# expect = { narrow = [4294967291, 5, 0, 5, 4294967290, 0, 4294967293, 0, 0, 4294967295, 4294967289, 1, 4294967282, 7, 4294967288, 2147483648, 2147483639, 2147483648, 2147483648, 2147483647], wide = [4294967291, 4294967295, 0, 0, 4294967289, 4294967295, 2147483648, 4294967295] }

__global__ void minus(const unsigned* x, unsigned* narrow, unsigned* wide)
{
    int i = threadIdx.x;
    unsigned u = x[i];
    narrow[5 * i] = -u;
    narrow[5 * i + 1] = -threadIdx.x * 3 + u;
    narrow[5 * i + 2] = u * -threadIdx.x;
    narrow[5 * i + 3] = -(-u);
    narrow[5 * i + 4] = ~u;
    unsigned long long w = -(unsigned long long)u;
    wide[2 * i] = (unsigned)w;
    wide[2 * i + 1] = (unsigned)(w >> 32);
}
