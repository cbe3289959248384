// Every atomic operation on 32-bit integers, on one word each.
//# launch = { kernel = "operations", grid = 2, block = 50 }
//# args   = [{ words = "list i32 0 1000 50 -50 -1 0 0" }, { ring = "zeros u32 2" }, { n = 90 }]
//# expect = { words = [4005, 730, -20, 69, -256, 4095, 64512], ring = [2, 6] }

__global__ void operations(int* words, unsigned int* ring, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    atomicAdd(&words[0], i);
    atomicSub(&words[1], 3);
    atomicMin(&words[2], i - 20);
    atomicMax(&words[3], i - 20);
    atomicAnd(&words[4], ~(1 << (i % 8)));
    atomicOr(&words[5], 1 << (i % 12));
    atomicXor(&words[6], 1 << (i % 16));
    atomicInc(&ring[0], 7);   // 0 1 .. 7 0 1 ..
    atomicDec(&ring[1], 11);  // 0 11 10 .. 0 11 ..
}
