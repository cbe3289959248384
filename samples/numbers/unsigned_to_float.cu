// Unsigned integers as floats: one rounding, also from 2^31 on, where a driver may round twice.
//# launch = { kernel = "convert", grid = 64, block = 256 }
//# args   = [{ u = "random 0 4294967295 u32 16384" }, { whole = "zeros f32 16384" }, { fraction = "zeros f32 16384" }]
//# expect = { whole = "f32(u[i])", fraction = "f32(u[i] >> 8) * 0.000000059604644775390625" }
__global__ void convert(const unsigned int* u, float* whole, float* fraction)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    whole[i] = (float)u[i];
    fraction[i] = (float)(u[i] >> 8) * 5.9604644775390625e-8f;
}
