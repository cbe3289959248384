// The mask names all lanes, and half of them wait for others elsewhere.
//# launch = { kernel = "k", grid = 1, block = 32 }
//# args   = [{ out = "zeros i32 32" }]
//# fails  = "E0628"

__global__ void k(int* out)
{
    int lane = threadIdx.x;
    int value = lane;
    if (lane < 16)
        value += __shfl_xor_sync(0xffffffffu, value, 1); // <--
    __syncwarp(); // <--
    out[lane] = value;
}
