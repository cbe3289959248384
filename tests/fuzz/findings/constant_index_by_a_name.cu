__global__ void shifted(float* p, int* q, int n)
{
    __shared__ float tile[4];
    const int back = -1 << 2;
    int quotient = 16 / 0, far = 9, there = 3;
    if (n < 0) { float before = tile[back]; p[quotient] = before + tile[far]; }
    q[there] = tile[there];
}
