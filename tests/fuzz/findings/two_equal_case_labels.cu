__global__ void switches(int* a, int kind) { switch (kind) { case 0: case 0: a[0] = 1; } }
