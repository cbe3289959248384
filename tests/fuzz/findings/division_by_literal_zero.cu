__global__ void divide(int n, int* a) { int half = n / 0; a[half] = n % 0; a[0] = 7u / (a[1] & 0); }
