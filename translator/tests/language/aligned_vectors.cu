// CUDA C++ Programming Guide, "Built-in Vector Types": vectors of 32 bytes say their alignment.
//# launch = { kernel = "aligned", grid = 1, block = 4 }
//# args   = [{ in = "iota f64 16" }, { out = "zeros f64 16" }, { sizes = "zeros i32 8" }, { whole = "zeros i64 4" }]
//# expect = { out = "15 - i", sizes = [32, 16, 32, 32, 32, 32, 48, 64], whole = [10, 26, 42, 58] }
struct Behind16 { double first; double4_16a rest; };
struct Behind32 { double first; double4_32a rest; };

__global__ void aligned(const double4_32a* in, double4_16a* out, int* sizes, long long* whole)
{
    int i = threadIdx.x;
    double4_32a v = in[i];
    out[3 - i] = make_double4_16a(v.w, v.z, v.y, v.x);
    longlong4_32a n = make_longlong4_32a(4ll * i + 1, 4ll * i + 2, 4ll * i + 3, 4ll * i + 4);
    whole[i] = n.x + n.y + n.z + n.w;
    if (i > 0) return;
    sizes[0] = sizeof(double4_16a);
    sizes[1] = alignof(double4_16a);
    sizes[2] = sizeof(double4_32a);
    sizes[3] = alignof(double4_32a);
    sizes[4] = sizeof(ulong4_32a);
    sizes[5] = alignof(ulonglong4_32a);
    sizes[6] = sizeof(Behind16);
    sizes[7] = sizeof(Behind32);
}
