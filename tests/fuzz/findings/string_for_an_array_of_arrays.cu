__global__ void text(int* out) { char cc[][6] = ""; out[0] = cc[0][0]; }
