// Constants in variables, whose sums, shifts and quotients leave their type: no compiler between here and the device may take that for an error.
//# launch = { kernel = "constantEdges", grid = 1, block = 32 }
//# args   = [{ n = 4 }, { floats = "zeros f32 12" }, { ints = "zeros i32 16" }]
//# expect = { floats = "i < 4 ? 1.0/0 : i < 8 ? 0.0/0 : -1.0/0", ints = "i < 4 ? 0x34567800 : i < 8 ? 0x78 : i < 12 ? 1 : i32(0x87654321 << 12)" }

__global__ void constantEdges(int n, float* floats, int* ints)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    float big = 1e30f, zero = 0.0f;
    floats[i] = big * big;
    floats[i + 4] = zero / zero;
    floats[i + 8] = -big / zero;

    int pattern = 0x12345678;
    unsigned most = 4294967295u, high = 0x87654321u;
    ints[i] = pattern << 8;
    ints[i + 4] = (signed char)pattern;
    ints[i + 8] = (int)(most * most);
    ints[i + 12] = (int)(high << 12);
}
