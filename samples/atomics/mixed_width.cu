// 64-bit and 32-bit atomics in one buffer, beside plain accesses of both widths, and sums of doubles.
// Maximum and compare-and-swap of 64 bits need a device that has them.
//# launch  = { kernel = "best", grid = 2, block = 64 }
//# args    = [{ record = "zeros i32 6" }, { sums = "zeros f64 2" }, { n = 100 }]
//# expect  = { record = [99, 7, 100, 5, 4950, 0], sums = [2475, 99] }

__global__ void best(int* record, double* sums, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    unsigned long long mine = (7ull << 32) + i;
    atomicMax((unsigned long long*)record, mine);
    atomicAdd(&record[2], 1);
    if (i == 0) record[3] = 5;

    unsigned long long* total = (unsigned long long*)&record[4];
    unsigned long long seen = *total, expected;
    do {
        expected = seen;
        seen = atomicCAS(total, expected, expected + i);
    } while (seen != expected);

    atomicAdd(&sums[0], 0.5 * i);
    if (i == 99) sums[1] = i;
}
