// The last warp has four lanes; their sum reads lanes that do not exist.
//# launch = { kernel = "k", grid = 1, block = 36 }
//# args   = [{ data = "iota i32 36" }, { out = "zeros i32 2" }]
//# fails  = "E0629"

__global__ void k(const int* data, int* out)
{
    int value = data[threadIdx.x];
    for (int step = 16; step > 0; step /= 2)
        value += __shfl_down_sync(0xffffffffu, value, step); // <--
    if (threadIdx.x % 32 == 0)
        out[threadIdx.x / 32] = value;
}
