// A sum that starts with nothing.
//# launch = { kernel = "k", grid = 1, block = 32 }
//# args   = [{ in = "iota i32 128" }, { out = "zeros i32 32" }]
//# fails  = "E0625"

__global__ void k(const int* in, int* out)
{
    int sum;
    for (int i = 0; i < 4; i++)
        sum += in[i * 32 + threadIdx.x];
    out[threadIdx.x] = sum; // <--
}
