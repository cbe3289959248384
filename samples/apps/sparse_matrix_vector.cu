// Sparse matrix times vector in CSR form, one thread a row: a band matrix with rows of one to three entries.
//# launch = { kernel = "spmv", grid = 2, block = 32 }
//# args   = [
//#   { rowStart = "expr i32 41 i == 0 ? 0 : i == 40 ? 118 : 3 * i - 1" },
//#   { column = "expr i32 118 (i + 1) / 3 + (i + 1) % 3 - 1" },
//#   { value = "expr f32 118 (i + 1) % 3 == 1 ? 2 : -1" },
//#   { x = "expr f32 40 i * i" }, { y = "fill 99 f32 40" }, { rows = 40 },
//# ]
//# expect = { y = "2 * x[i] - (i > 0 ? x[i - 1] : 0) - (i < 39 ? x[i + 1] : 0)", ulp = 0 }

__global__ void spmv(const int* rowStart, const int* column, const float* value, const float* x, float* y, int rows)
{
    int row = blockIdx.x * blockDim.x + threadIdx.x;
    if (row >= rows) return;

    float sum = 0.0f;
    for (int k = rowStart[row]; k < rowStart[row + 1]; k++)
        sum += value[k] * x[column[k]];
    y[row] = sum;
}
