// All-pairs gravity: bodies are float4 (position and mass), and pass through shared memory tile by tile.
//# launch = { kernel = "accelerate", grid = 2, block = 32 }
//# args   = [{ bodies = "expr float4 50 i % 4 == 3 ? 1 + i / 4 % 3 : ((i * 37 + i / 4) % 101) * 0.125" }, { acceleration = "fill 9 float3 50" }, { n = 50 }]
//# expect.acceleration = { abs = 2e-4, value = ''' {
//#   let body = i / 3; let a = 0.0;
//#   for j in 0..50 {
//#     let dx = bodies[4*j] - bodies[4*body]; let dy = bodies[4*j + 1] - bodies[4*body + 1]; let dz = bodies[4*j + 2] - bodies[4*body + 2];
//#     let r2 = dx*dx + dy*dy + dz*dz + 0.01;
//#     let d = i % 3 == 0 ? dx : i % 3 == 1 ? dy : dz;
//#     a = a + bodies[4*j + 3] * d / (r2 * sqrt(r2));
//#   }
//#   a
//# } ''' }
#define TILE 32
#define SOFTENING 0.01f

__device__ float3 attraction(float4 to, float4 from, float3 sum)
{
    float3 d = make_float3(from.x - to.x, from.y - to.y, from.z - to.z);
    float r2 = d.x * d.x + d.y * d.y + d.z * d.z + SOFTENING;
    float inverse = rsqrtf(r2);
    float strength = from.w * inverse * inverse * inverse;
    sum.x += d.x * strength;
    sum.y += d.y * strength;
    sum.z += d.z * strength;
    return sum;
}

__global__ void accelerate(const float4* bodies, float3* acceleration, int n)
{
    __shared__ float4 tile[TILE];
    int i = blockIdx.x * TILE + threadIdx.x;
    float4 body = bodies[min(i, n - 1)];
    float3 sum = make_float3(0.0f, 0.0f, 0.0f);

    for (int start = 0; start < n; start += TILE) {
        int j = start + threadIdx.x;
        tile[threadIdx.x] = j < n ? bodies[j] : make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        __syncthreads();
        for (int k = 0; k < TILE; k++)
            sum = attraction(body, tile[k], sum);
        __syncthreads();
    }
    if (i < n)
        acceleration[i] = sum;
}
