// The sum of squares of one block, too large for 32 bits: 64-bit integers in shared memory, signed and unsigned.
//# launch  = { kernel = "sums", grid = 3, block = 64 }
//# args    = [{ data = "expr i32 150 (i - 70) * 30011" }, { n = 150 }, { squares = "zeros i64 3" }, { cubes = "zeros i64 3" }]
//# expect  = { squares = "sum(k, 64*i, i == 2 ? 150 : 64*i + 64, i64(data[k]) * data[k])", cubes = "sum(k, 64*i, i == 2 ? 150 : 64*i + 64, i64(data[k]) * data[k] / 1000 * data[k])" }

__global__ void sums(const int* data, int n, long long* squares, long long* cubes)
{
    __shared__ long long square[64];
    __shared__ long long cube[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    long long x = i < n ? data[i] : 0;
    square[threadIdx.x] = x * x;
    cube[threadIdx.x] = x * x / 1000 * x;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (threadIdx.x < stride) {
            square[threadIdx.x] += square[threadIdx.x + stride];
            cube[threadIdx.x] += cube[threadIdx.x + stride];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        squares[blockIdx.x] = square[0];
        cubes[blockIdx.x] = cube[0];
    }
}
