__global__ void statistics(float* data, float low, float* data, float* mean) { mean[0] = data[0] + low; }
