// Values of every width go from lane to lane: halves, words, 64-bit integers, doubles; and the votes on them.
//# launch = { kernel = "types", grid = 1, block = 32 }
//# args   = [{ l = "expr i64 32 (i + 1) * 4294967299" }, { d = "expr f64 32 i * 0.1" }, { h = "expr f32 32 i + 0.5" }, { votes = "zeros i32 4" }]
//# expect.l = "(32 - i) * 4294967299"
//# expect.d = "i < 4 ? (i * 0.1) : (i - 4) * 0.1"
//# expect.h = "i < 31 ? i + 1.5 : 31.5"
//# expect.votes = [1, 0, 7, -1]
#include <cuda_fp16.h>

__global__ void types(long long* l, double* d, float* h, int* votes)
{
    const unsigned all = 0xffffffffu;
    int lane = threadIdx.x;
    l[lane] = __shfl_sync(all, l[lane], 31 - lane);
    d[lane] = __shfl_up_sync(all, d[lane], 4);
    h[lane] = __half2float(__shfl_down_sync(all, __float2half(h[lane]), 1));

    int same;
    unsigned lanes = __match_all_sync(all, (long long)lane / 32, &same);
    unsigned low = __match_any_sync(all, l[lane] < 34 * 4294967299ll && lane < 3);
    if (lane == 0) {
        votes[0] = same;
        votes[1] = __all_sync(1u, lane > 0);
        votes[2] = low;
        votes[3] = lanes;
    }
}
