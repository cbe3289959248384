// a comment with another line break  here
__global__ void scale(float* a) { a[threadIdx.x] = 1.0f; }
