// Bitonic sort of one block's worth of numbers: the barrier stands in two nested loops.
//# launch = { kernel = "bitonicSort", grid = 1, block = 128 }
//# args   = [{ data = "random -1000 1000 i32 128" }]
//# expect = { data = "sorted(data, i)" }
#define ELEMENTS 128

__global__ void bitonicSort(int* data)
{
    __shared__ int values[ELEMENTS];
    unsigned int t = threadIdx.x;
    values[t] = data[t];
    __syncthreads();

    for (unsigned int size = 2; size <= ELEMENTS; size <<= 1) {
        for (unsigned int distance = size >> 1; distance > 0; distance >>= 1) {
            unsigned int partner = t ^ distance;
            if (partner > t) {
                bool ascending = (t & size) == 0;
                if ((values[t] > values[partner]) == ascending) {
                    int held = values[t];
                    values[t] = values[partner];
                    values[partner] = held;
                }
            }
            __syncthreads();
        }
    }
    data[t] = values[t];
}
