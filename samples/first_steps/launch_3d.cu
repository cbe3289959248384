// A 3-D launch; every built-in variable is used in all three directions.
//# launch  = { kernel = "coordinates", grid = [2, 3, 2], block = [4, 2, 3] }
//# args    = [{ volume = "fill -1 i32 252" }, { nx = 7 }, { ny = 6 }, { nz = 6 }]
//# expect  = { volume = "(i % 7) + 10 * (i / 7 % 6) + 100 * (i / 42)", past_end = "untouched" }

__global__ void coordinates(int* volume, int nx, int ny, int nz)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    int z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x >= nx || y >= ny || z >= nz) return;
    volume[(z * ny + y) * nx + x] = x + 10 * y + 100 * z;
}
