// Conway's game of life on a torus, two generations in two launches that swap their buffers. One byte a cell.
//# launches = [
//#   { kernel = "generation", grid = [2, 2], block = [16, 8], args = ["world", "scratch", "width", "height"] },
//#   { kernel = "generation", grid = [2, 2], block = [16, 8], args = ["scratch", "world", "width", "height"] },
//# ]
//# args   = [{ world = "expr u8 315 i * i % 7 < 3 ? 1 : 0" }, { scratch = "zeros u8 315" }, { width = 21 }, { height = 15 }]
//# expect = { scratch = '''{
//#   let alive = sum(dy, -1, 2, sum(dx, -1, 2, dx == 0 && dy == 0 ? 0 : world[(i / 21 + dy + 15) % 15 * 21 + (i % 21 + dx + 21) % 21]));
//#   alive == 3 || (alive == 2 && world[i] == 1) ? 1 : 0
//# }''', world = '''{
//#   let alive = 0; let self = 0;
//#   for k in 0..9 {
//#     let y = (i / 21 + k / 3 + 14) % 15; let x = (i % 21 + k % 3 + 20) % 21;
//#     let near = sum(dy, -1, 2, sum(dx, -1, 2, dx == 0 && dy == 0 ? 0 : world[(y + dy + 15) % 15 * 21 + (x + dx + 21) % 21]));
//#     let live = near == 3 || (near == 2 && world[y * 21 + x] == 1) ? 1 : 0;
//#     if k == 4 { self = live; } else { alive = alive + live; }
//#   }
//#   alive == 3 || (alive == 2 && self == 1) ? 1 : 0
//# }''' }

__device__ int cell(const unsigned char* world, int x, int y, int width, int height)
{
    return world[(y + height) % height * width + (x + width) % width];
}

__global__ void generation(const unsigned char* world, unsigned char* next, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x;
    int y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height) return;

    int neighbours = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (dx != 0 || dy != 0)
                neighbours += cell(world, x + dx, y + dy, width, height);
    bool alive = neighbours == 3 || (neighbours == 2 && world[y * width + x]);
    next[y * width + x] = alive ? 1 : 0;
}
