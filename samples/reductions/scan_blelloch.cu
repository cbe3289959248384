// Exclusive scan after Blelloch: up the tree with sums, down the tree with prefixes. Two elements a thread.
//# launch = { kernel = "exclusiveScan", grid = 3, block = 64 }
//# args   = [{ data = "mod 5 i32 384" }, { totals = "fill -1 i32 3" }]
//# expect = { data = "sum(k, i / 128 * 128, i, k % 5)", totals = "sum(k, 128 * i, 128 * i + 128, k % 5)" }
#define ELEMENTS 128

__global__ void exclusiveScan(int* data, int* totals)
{
    __shared__ int tree[ELEMENTS];
    int t = threadIdx.x;
    int* block = data + blockIdx.x * ELEMENTS;
    tree[2 * t] = block[2 * t];
    tree[2 * t + 1] = block[2 * t + 1];

    int offset = 1;
    for (int nodes = ELEMENTS / 2; nodes > 0; nodes >>= 1) {
        __syncthreads();
        if (t < nodes)
            tree[offset * (2 * t + 2) - 1] += tree[offset * (2 * t + 1) - 1];
        offset *= 2;
    }
    if (t == 0) {
        totals[blockIdx.x] = tree[ELEMENTS - 1];
        tree[ELEMENTS - 1] = 0;
    }
    for (int nodes = 1; nodes < ELEMENTS; nodes *= 2) {
        offset >>= 1;
        __syncthreads();
        if (t < nodes) {
            int left = offset * (2 * t + 1) - 1;
            int right = offset * (2 * t + 2) - 1;
            int sum = tree[left];
            tree[left] = tree[right];
            tree[right] += sum;
        }
    }
    __syncthreads();
    block[2 * t] = tree[2 * t];
    block[2 * t + 1] = tree[2 * t + 1];
}
