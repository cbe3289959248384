__global__ void far(float* p) { p[0] = p[0x7fffffffffffffff]; p[1] = p[-1]; p[2] = p[1073741824]; }
