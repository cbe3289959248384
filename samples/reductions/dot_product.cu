// Dot product: a grid-stride loop in registers, a tree in shared memory, one atomicAdd a block.
//# launch = { kernel = "dot", grid = 2, block = 64 }
//# args   = [{ a = "mod 9 f32 500" }, { b = "mod 4 f32 500" }, { result = "zeros f32 1" }, { n = 500 }]
//# expect = { result = "sum(k, 0, 500, (k % 9) * (k % 4))", ulp = 0 }
#define BLOCK 64

__global__ void dot(const float* a, const float* b, float* result, int n)
{
    __shared__ float partial[BLOCK];
    float sum = 0.0f;
    for (int i = blockIdx.x * BLOCK + threadIdx.x; i < n; i += gridDim.x * BLOCK)
        sum += a[i] * b[i];
    partial[threadIdx.x] = sum;
    __syncthreads();

    for (int half = BLOCK / 2; half > 0; half /= 2) {
        if (threadIdx.x < half)
            partial[threadIdx.x] += partial[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        atomicAdd(result, partial[0]);
}
