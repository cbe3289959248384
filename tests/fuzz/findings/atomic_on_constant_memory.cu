__constant__ int limits[4];
__global__ void raise(int b) { atomicAdd(limits + b, 1); }
