// Matrix times vector, one block a row: the threads share the row and reduce their partial sums.
//# launch = { kernel = "matrixVector", grid = 20, block = 32 }
//# args   = [{ matrix = "expr f32 1400 (i * 7 + i / 70) % 11 - 5" }, { x = "expr f32 70 i % 5 - 2" }, { y = "fill 99 f32 20" }, { columns = 70 }]
//# expect = { y = "sum(k, 0, 70, matrix[i * 70 + k] * x[k])", ulp = 0 }
#define BLOCK 32

__global__ void matrixVector(const float* matrix, const float* x, float* y, int columns)
{
    __shared__ float partial[BLOCK];
    const float* row = matrix + blockIdx.x * columns;

    float sum = 0.0f;
    for (int k = threadIdx.x; k < columns; k += BLOCK)
        sum += row[k] * x[k];
    partial[threadIdx.x] = sum;

    for (int half = BLOCK / 2; half > 0; half >>= 1) {
        __syncthreads();
        if (threadIdx.x < half)
            partial[threadIdx.x] += partial[threadIdx.x + half];
    }
    if (threadIdx.x == 0)
        y[blockIdx.x] = partial[0];
}
