// CUDA Math API, "Single Precision Intrinsics": both halves of a float2 give what the functions of one float give.
//# launch = { kernel = "paired", grid = 1, block = 64 }
//# args   = [{ x = "random -3 3 f32 128" }, { y = "random -1e-7 1e-7 f32 128 2" }, { differ = "zeros i32 64" }, { sums = "zeros f32 8" }]
//# expect = { differ = "0", sums = [0.99999994, 1, 0.99999994, 1, 1, 1.0000001, 1, 1] }
__device__ int other(float2 pair, float first, float second)
{
    return (__float_as_int(pair.x) != __float_as_int(first)) + (__float_as_int(pair.y) != __float_as_int(second));
}
#define MODE(mode)                                                                      \
    count += other(__fadd2_##mode(a, b), __fadd_##mode(a.x, b.x), __fadd_##mode(a.y, b.y)); \
    count += other(__fmul2_##mode(a, b), __fmul_##mode(a.x, b.x), __fmul_##mode(a.y, b.y)); \
    count += other(__ffma2_##mode(a, a, b), __fmaf_##mode(a.x, a.x, b.x), __fmaf_##mode(a.y, a.y, b.y));

__global__ void paired(const float2* x, const float2* y, int* differ, float2* sums)
{
    int i = threadIdx.x, count = 0;
    float2 a = x[i], b = y[i];
    MODE(rn) MODE(rz) MODE(rd) MODE(ru)
    differ[i] = count;
    if (i == 0) {
        // One a little less, and a little more, by less than half a unit.
        float2 one = make_float2(1.0f, 1.0f), little = make_float2(-1e-8f, 1e-8f);
        sums[0] = __fadd2_rz(one, little);
        sums[1] = __fadd2_rd(one, little);
        sums[2] = __fadd2_ru(one, little);
        sums[3] = __fadd2_rn(one, little);
    }
}
