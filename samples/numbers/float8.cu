// 8-bit floats: each code to floats and integers, which saturate (NaN is 0, of 64 bits the highest bit), and back by rounding to nearest.
//# launch = { kernel = "codes", grid = 2, block = 128 }
//# args   = [{ wide = "zeros f32 512" }, { whole = "zeros i32 256" }, { natural = "zeros u32 256" }, { large = "zeros i64 256" }, { back = "zeros u8 512" }]
//# expect.back = "i < 256 ? i % 128 == 127 ? 127 : i : i % 128 > 124 ? 127 : i % 128 == 124 ? i % 256 - 1 : i % 256"
//# expect.wide = ''' {
//#   let code = i / 2 % 128; let size = i % 2 == 0 ? 8 : 4; let exponent = code / size; let units = exponent > 0 ? code % size + size : code % size;
//#   let value = units * exp2(max(exponent, 1) - (i % 2 == 0 ? 10 : 17)); let sign = i < 256 ? 1.0 : -1.0;
//#   i % 2 == 0 ? code == 127 ? 0.0 / 0.0 : sign * value : code > 124 ? 0.0 / 0.0 : code == 124 ? sign / 0.0 : sign * value
//# } '''
//# expect.whole = ''' {
//#   let code = i % 128; let value = (code < 4 ? code % 4 : code % 4 + 4) * exp2(max(code / 4, 1) - 17);
//#   i % 128 > 124 ? 0 : i == 124 ? 2147483647 : i == 252 ? -2147483648 : trunc(i < 128 ? value : -value)
//# } '''
//# expect.natural = ''' {
//#   let code = i % 128; let value = (code < 4 ? code % 4 : code % 4 + 4) * exp2(max(code / 4, 1) - 17);
//#   i > 123 ? i == 124 ? 4294967295 : 0 : trunc(value)
//# } '''
//# expect.large = ''' {
//#   let code = i % 128; let value = (code < 4 ? code % 4 : code % 4 + 4) * exp2(max(code / 4, 1) - 17);
//#   i % 128 > 124 || i == 252 ? -9223372036854775808 : i == 124 ? 9223372036854775807 : trunc(i < 128 ? value : -value)
//# } '''
#include <cuda_fp8.h>

__global__ void codes(float2* wide, int* whole, unsigned int* natural, long long* large, unsigned char* back)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    __nv_fp8_e4m3 small;
    __nv_fp8_e5m2 far;
    small.__x = far.__x = (unsigned char)i;

    wide[i] = make_float2((float)small, (float)far);
    whole[i] = (int)far;
    natural[i] = (unsigned int)far;
    large[i] = (long long)far;
    back[i] = __nv_fp8_e4m3((float)small).__x;
    back[i + 256] = __nv_fp8_e5m2((__half)far).__x;
}
