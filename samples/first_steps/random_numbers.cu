// Each thread runs its own xorshift generator and counts how many of its points fall into the quarter circle.
//# launch = { kernel = "countInside", grid = 2, block = 40 }
//# args   = [{ inside = "fill -1 i32 70" }, { n = 70 }, { points = 100 }]
//# expect.inside = ''' {
//#   let state = u32((i + 1) * 2654435769); let count = 0;
//#   for k in 0..points {
//#     state = u32(state ^ (state << 13)); state = state ^ (state >> 17); state = u32(state ^ (state << 5));
//#     let x = state >> 16; let y = state & 65535;
//#     if x * x + y * y < 4294836225 { count = count + 1; }
//#   }
//#   count
//# } '''

__device__ unsigned int xorshift(unsigned int& state)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

__global__ void countInside(int* inside, int n, int points)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    unsigned int state = (i + 1) * 2654435769u;
    int count = 0;
    for (int k = 0; k < points; ++k) {
        unsigned int bits = xorshift(state);
        unsigned int x = bits >> 16;
        unsigned int y = bits & 0xffffu;
        // x * x + y * y < 65535 * 65535, without overflow.
        if (y == 0 ? x < 65535u : x * x < 65535u * 65535u - y * y)
            count++;
    }
    inside[i] = count;
}
