// The largest value of each block and where it stands; ties go to the lower index.
//# launch = { kernel = "blockArgmax", grid = 3, block = 64 }
//# args   = [{ data = "random -100 100 i32 180" }, { value = "zeros i32 3" }, { where = "zeros i32 3" }, { n = 180 }]
//# expect.value = "most(k, 64 * i, min(64 * i + 64, 180), data[k])"
//# expect.where = "least(k, 64 * i, min(64 * i + 64, 180), data[k] == most(j, 64 * i, min(64 * i + 64, 180), data[j]) ? k : 1000)"
#include <limits.h>

#define BLOCK 64

__global__ void blockArgmax(const int* data, int* value, int* where, int n)
{
    __shared__ int best[BLOCK];
    __shared__ int index[BLOCK];

    int t = threadIdx.x;
    int i = blockIdx.x * BLOCK + t;
    best[t] = i < n ? data[i] : INT_MIN;
    index[t] = i;
    __syncthreads();

    for (int half = BLOCK / 2; half > 0; half >>= 1) {
        if (t < half && best[t + half] > best[t]) {
            best[t] = best[t + half];
            index[t] = index[t + half];
        } else if (t < half && best[t + half] == best[t] && index[t + half] < index[t]) {
            index[t] = index[t + half];
        }
        __syncthreads();
    }
    if (t == 0) {
        value[blockIdx.x] = best[0];
        where[blockIdx.x] = index[0];
    }
}
