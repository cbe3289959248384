__global__ void coordinates(int* volume) { int y = threadIdx.y; volume[0] = volume[(y) + coordinates]; volume[1] = coordinates - y != 0; }
