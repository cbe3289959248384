// Softmax of each row: a maximum and a sum over the block, and expf between them.
//# launch = { kernel = "softmax", grid = 8, block = 32 }
//# args   = [{ in = "expr f32 400 (i * 31 % 97) * 0.125 - 5" }, { out = "fill -1 f32 400" }, { columns = 50 }]
//# expect.out = { rel = 2e-6, value = ''' {
//#   let row = i / 50 * 50; let largest = most(k, row, row + 50, in[k]);
//#   exp(in[i] - largest) / sum(k, row, row + 50, exp(in[k] - largest))
//# } ''' }
#define BLOCK 32

__global__ void softmax(const float* in, float* out, int columns)
{
    __shared__ float scratch[BLOCK];
    const float* row = in + blockIdx.x * columns;
    int t = threadIdx.x;

    float largest = -INFINITY;
    for (int k = t; k < columns; k += BLOCK)
        largest = fmaxf(largest, row[k]);
    scratch[t] = largest;
    for (int half = BLOCK / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half)
            scratch[t] = fmaxf(scratch[t], scratch[t + half]);
    }
    __syncthreads();
    largest = scratch[0];
    __syncthreads();

    float sum = 0.0f;
    for (int k = t; k < columns; k += BLOCK)
        sum += expf(row[k] - largest);
    scratch[t] = sum;
    for (int half = BLOCK / 2; half > 0; half /= 2) {
        __syncthreads();
        if (t < half)
            scratch[t] += scratch[t + half];
    }
    __syncthreads();
    sum = scratch[0];

    for (int k = t; k < columns; k += BLOCK)
        out[blockIdx.x * columns + k] = expf(row[k] - largest) / sum;
}
