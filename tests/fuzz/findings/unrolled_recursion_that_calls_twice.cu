__device__ int fibr(int n) { return n < 2 ? n : fibr(n - 1) + fibr(n - 2); }
__global__ void test(int* out) { out[0] = fibr('a'); }
