__device__ int g = g + 1;
__device__ int& r = r;
__device__ int a[2] = {b[1], 2}, b[2] = {a[1], 3};
__global__ void itself(int* p) { p[0] = g; }
__global__ void reference(int* p) { p[0] = r; }
__global__ void each_other(int* p) { p[0] = a[0]; }
