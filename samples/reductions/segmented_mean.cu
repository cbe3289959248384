// A __device__ function with a barrier inside, called by all threads of the block: the mean of each row, then its variance.
//# launch = { kernel = "variance", grid = 6, block = 64 }
//# args   = [{ rows = "expr f32 300 i * i % 32" }, { result = "fill -1 f32 6" }, { columns = 50 }]
//# expect.result = { rel = 1e-5, value = ''' {
//#   let mean = sum(k, 0, 50, rows[50 * i + k]) / 50.0;
//#   sum(k, 0, 50, (rows[50 * i + k] - mean) * (rows[50 * i + k] - mean)) / 50.0
//# } ''' }
#define BLOCK 64

__device__ float sumOverBlock(float value)
{
    __shared__ float partial[BLOCK];
    __syncthreads();
    partial[threadIdx.x] = value;
    __syncthreads();
    for (int half = BLOCK / 2; half > 0; half /= 2) {
        if (threadIdx.x < half)
            partial[threadIdx.x] += partial[threadIdx.x + half];
        __syncthreads();
    }
    return partial[0];
}

__global__ void variance(const float* rows, float* result, int columns)
{
    bool inside = threadIdx.x < columns;
    float value = inside ? rows[blockIdx.x * columns + threadIdx.x] : 0.0f;
    float mean = sumOverBlock(value) / columns;
    float deviation = inside ? value - mean : 0.0f;
    float sum = sumOverBlock(deviation * deviation);
    if (threadIdx.x == 0)
        result[blockIdx.x] = sum / columns;
}
