__constant__ float mask[2][2147483648 * 2 + 1];
__constant__ float large[600000000];
__global__ void convolve(float* out) { out[0] = mask[1][threadIdx.x] + large[threadIdx.x]; }
