// A block of 800 threads for each row. Blocks without a row leave at once, all their threads together; behind the last barrier each thread leaves when
// it has nothing more to do. Where workgroups have 256 invocations, each carries several threads: those that have left are skipped one by one.
//# launch = { kernel = "rowSums", grid = 7, block = 800 }
//# args   = [{ data = "iota i32 5000" }, { sums = "zeros i32 7" }, { spread = "fill -1 i32 5000" }, { rows = 5 }, { n = 1000 }]
//# expect = { sums = "i < 5 ? 1000 * i * 1000 + 499500 : 0", spread = "i / 1000 % 2 == 0 && i % 1000 < 800 && i % 3 != 0 ? 1000 * (i / 1000) * 1000 + 499500 : -1" }

__global__ void rowSums(const int* data, int* sums, int* spread, int rows, int n)
{
    __shared__ int partial[800];
    int row = blockIdx.x;
    if (row >= rows) return;

    int t = threadIdx.x;
    int sum = 0;
    for (int i = t; i < n; i += blockDim.x)
        sum += data[row * n + i];
    partial[t] = sum;
    __syncthreads();

    for (int stride = 400; stride >= 25; stride /= 2) {
        if (t < stride) partial[t] += partial[t + stride];
        __syncthreads();
    }
    if (row % 2 == 0) {
        if (t == 0)
            for (int i = 1; i < 25; i++) partial[0] += partial[i];
        __syncthreads();
        if ((row * n + t) % 3 == 0) {
            if (t == 0) sums[row] = partial[0];
            return;
        }
        spread[row * n + t] = partial[0];
        if (t == 0) sums[row] = partial[0];
    } else if (t == 0) {
        int total = 0;
        for (int i = 0; i < 25; i++) total += partial[i];
        sums[row] = total;
    }
}
