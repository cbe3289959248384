// a comment that ends in a backslash \
   if (not code)
__global__ void scale(float* a) { a[threadIdx.x] = 1.0f; // and one behind \
   goes on
}
