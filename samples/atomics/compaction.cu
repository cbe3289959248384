// Stream compaction: positive numbers move to the front, in no particular order; a counter hands out the places.
//# launch = { kernel = "keepPositive", grid = 4, block = 50 }
//# args   = [{ in = "expr i32 190 i % 3 == 0 ? -i : i" }, { out = "zeros i32 126" }, { count = "zeros u32 1" }, { n = 190 }]
//# expect = { out = { value = "i + i / 2 + 1", order = "any" }, count = [126] }

__global__ void keepPositive(const int* in, int* out, unsigned int* count, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && in[i] > 0)
        out[atomicAdd(count, 1u)] = in[i];
}
