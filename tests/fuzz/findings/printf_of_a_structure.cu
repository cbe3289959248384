__global__ void report(float* x) { printf("%d %f\n", threadIdx, x[0]); }
