// Block-wise sum. Threads past the end leave early: legal CUDA, and everyday CUDA.
//# launch = { kernel = "blockSum", grid = 4, block = 128, shared = 512 }
//# args   = [{ data = "mod 10 f32 450" }, { sums = "fill -1 f32 4" }, { n = 450 }]
//# expect = { sums = "sum(k, 128 * i, min(128 * i + 128, 450), k % 10)", ulp = 0, past_end = "untouched" }

__global__ void blockSum(const float* data, float* sums, int n)
{
    extern __shared__ float partial[];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    partial[threadIdx.x] = 0.0f;
    if (i >= n) return;

    partial[threadIdx.x] = data[i];
    __syncthreads();

    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (threadIdx.x < stride)
            partial[threadIdx.x] += partial[threadIdx.x + stride];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        sums[blockIdx.x] = partial[0];
}
