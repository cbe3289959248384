__global__ void fast(float* p) { p[0] = __expf(1000.0f); p[1] = __logf(0.0f); p[2] = __powf(-1.0f, 0.5f); p[3] = __fdividef(1.0f, 0.0f); p[4] = rsqrtf(0.0f); p[5] = __log2f(-1.0f); p[6] = __expf(1.5f); }
__global__ void exact(float* p) { p[0] = sqrtf(-1.0f); p[1] = __fadd_rn(3e38f, 3e38f); p[2] = __fmul_rn(1e30f, 1e30f); p[3] = __frcp_rn(0.0f); p[4] = __fadd_rn(0.1f, 0.2f); }
__global__ void integers(int* p) { p[0] = abs(-2147483647 - 1); int least = -2147483647 - 1; p[1] = abs(least); p[2] = abs(-3); }
__global__ void doubles(double* p) { p[0] = sqrt(-1.0); p[1] = fabs(-2.0); p[2] = floor(1e300); p[3] = rsqrt(4.0); }
