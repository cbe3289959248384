__global__ void steps(float* out) { float scratch[32]; for (int k = 0; k < 4; scratch += 32) out[k] = scratch[k]; }
