__global__ void sum(int n, int* a) { for (int i = 16; i > nullptr; i--) a[i] = n; a[0] = nullptr == nullptr; }
