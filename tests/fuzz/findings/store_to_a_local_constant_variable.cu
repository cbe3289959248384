__global__ void spmv(int* rows, float* value) { __constant__ float sum = .0f; for (int k = rows[0]; k < rows[1]; k++) sum = value[k]; }
