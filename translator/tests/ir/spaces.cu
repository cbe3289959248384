// One C++ function, one IR function for each address space of its argument; variables take the space of what they hold.
__device__ float first(const float* p)
{
    return p[0];
}

__global__ void spaces(float* out, const float* in, int pick)
{
    __shared__ float tile[32];
    float own[2] = {1.0f, 2.0f};
    tile[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    const float* p;
    p = tile + 1;
    out[0] = first(in) + first(tile) + first(own) + *p;
    const float* q = pick ? in : tile;
    out[1] = *q;
}
