// Intrinsics that CUDA documents as exact: sums with directed rounding enclose the true one, bytes are added in one word, two halves multiply two bytes.
//# launch = { kernel = "intrinsics", grid = 2, block = 64 }
//# args   = [{ x = "expr f32 100 0.1 * i + 1" }, { low = "zeros f32 100" }, { high = "zeros f32 100" }, { words = "expr u32 100 i * 16843009 + 2139062143" }, { sums = "zeros u32 100" }, { dots = "zeros i32 100" }, { n = 100 }]
//# expect.low = ''' { let s = x[i] + 1.0e-8; let r = f32(s); r > s ? float_bits(bits(r) - 1) : r } '''
//# expect.high = ''' { let s = x[i] + 1.0e-8; let r = f32(s); r < s ? float_bits(bits(r) + 1) : r } '''
//# expect.sums = ''' { let w = words[i]; let r = 0; for k in 0..4 { let b = (w >> (8 * k)) & 255; r = r + (min(b + 200, 255) << (8 * k)); } r } '''
//# expect.dots = "7 + (i + 3) * 2 - 5 * i"

__global__ void intrinsics(const float* x, float* low, float* high, const unsigned int* words, unsigned int* sums, int* dots, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    low[i] = __fadd_rd(x[i], 1.0e-8f);
    high[i] = __fadd_ru(x[i], 1.0e-8f);
    sums[i] = __vaddus4(words[i], 0xc8c8c8c8u);
    dots[i] = __dp2a_lo(make_short2(i + 3, i), make_char4(2, -5, 0, 0), 7);
}
