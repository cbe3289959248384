// Matrix product, one thread an element of the result, everything from global memory.
//# launch = { kernel = "matmul", grid = [3, 3], block = [8, 8] }
//# args   = [{ a = "expr f32 374 i % 7 - 3" }, { b = "expr f32 418 i % 5 - 2" }, { c = "fill 99 f32 323" }, { m = 17 }, { n = 19 }, { k = 22 }]
//# expect = { c = "sum(j, 0, 22, a[i / 19 * 22 + j] * b[j * 19 + i % 19])", ulp = 0, past_end = "untouched" }

// C (m x n) = A (m x k) * B (k x n), row by row.
__global__ void matmul(const float* a, const float* b, float* c, int m, int n, int k)
{
    int row = blockIdx.y * blockDim.y + threadIdx.y;
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= m || column >= n) return;

    float sum = 0.0f;
    for (int j = 0; j < k; j++)
        sum += a[row * k + j] * b[j * n + column];
    c[row * n + column] = sum;
}
