// The error of one addition, (a + b) - a - b, by every road that a value takes: intrinsics that name their rounding, structures returned and
// copied, bits, scaling by two, an array with a variable index. A compiler that reorders the sums gives 0.
//# launch = { kernel = "errors", grid = 1, block = 1 }
//# args   = [{ x = "list f32 1 1e-9" }, { z = "zeros f32 7" }]
//# expect = { z = [-9.99999972e-10, 9.99999972e-10, -9.99999972e-10, -9.99999972e-10, -9.99999972e-10, -9.99999972e-10, -9.99999972e-10] }

struct Pair {
    float high, low;
};

__device__ Pair sum(float a, float b)
{
    Pair r;
    r.high = a + b;
    r.low = b;
    return r;
}

__device__ float lost(Pair s, float a) { return s.low - (s.high - a); }

__global__ void errors(const float* x, float* z)
{
    float a = x[0], b = x[1];
    float t = a + b;
    z[0] = __fsub_rn(__fsub_rn(__fadd_rn(a, b), a), b);
    z[1] = lost(sum(a, b), a);

    Pair p;
    p.high = a + b;
    p.low = 0;
    Pair copy = p;
    z[2] = (copy.high - a) - b;

    z[3] = (__int_as_float(__float_as_int(t)) - a) - b;
    z[4] = (2.0f * (a * 0.5f + b * 0.5f) - a) - b;
    z[5] = (t * -1.0f + a) * -1.0f - b;

    float parts[2];
    parts[0] = a + b;
    parts[1] = b;
    float e = 0;
    for (int i = 0; i < 1; i++)
        e += (parts[i] - a) - parts[i + 1];
    z[6] = e;
}
