// The Mandelbrot set: how many steps each point takes to escape. The coordinates are exact in binary.
//# launch = { kernel = "mandelbrot", grid = [3, 3], block = [8, 8] }
//# args   = [{ iterations = "fill -1 i32 462" }, { width = 22 }, { height = 21 }, { limit = 40 }]
//# expect.iterations = ''' {
//#   let cx = f32((i % 22) * 0.125 - 2.0); let cy = f32((i / 22) * 0.125 - 1.25);
//#   let x = 0.0; let y = 0.0; let n = 0;
//#   while n < 40 && f32(f32(x*x) + f32(y*y)) <= 4.0 {
//#     let t = f32(f32(f32(x*x) - f32(y*y)) + cx);
//#     y = f32(f32(f32(2.0*x) * y) + cy); x = t; n = n + 1;
//#   }
//#   n
//# } '''

__global__ void mandelbrot(int* iterations, int width, int height, int limit)
{
    int column = blockIdx.x * blockDim.x + threadIdx.x;
    int row = blockIdx.y * blockDim.y + threadIdx.y;
    if (column >= width || row >= height) return;

    float cx = column * 0.125f - 2.0f;
    float cy = row * 0.125f - 1.25f;
    float x = 0.0f;
    float y = 0.0f;
    int n = 0;
    while (n < limit && x * x + y * y <= 4.0f) {
        float next = x * x - y * y + cx;
        y = 2.0f * x * y + cy;
        x = next;
        n++;
    }
    iterations[row * width + column] = n;
}
