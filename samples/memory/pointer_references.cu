// References to pointers and pointers to pointers: a lambda that reads where the kernel's pointers stand by now, and a step made by whichever
// of two pointers the thread chooses.
//# launch  = { kernel = "walk", grid = 1, block = 8 }
//# args    = [{ a = "iota i32 64" }, { b = "iota i32 64 100 1" }, { sums = "zeros i32 8" }, { chosen = "zeros i32 16" }]
//# expect  = { sums = "3 * i + 64", chosen = "i < 8 ? (i % 2 == 0 ? 25 + i : 101 + i) : (i % 2 == 0 ? 92 + i : 16 + i)" }

__device__ void advance(const int*& p, int by) { p += by; }

__global__ void walk(const int* a, const int* b, int* sums, int* chosen)
{
    int sum = 0;
    auto add = [&](int i) { sum += a[i]; };
    for (int step = 0; step < 3; step++) {
        a += 8;
        if (step == 1)
            advance(a, 8);
        add(threadIdx.x);
    }
    sums[threadIdx.x] = sum;

    const int** mine = threadIdx.x % 2 == 0 ? &a : &b;
    const int** other = threadIdx.x % 2 == 0 ? &b : &a;
    *mine += 1;
    a -= 8;
    chosen[threadIdx.x] = (*mine)[threadIdx.x];
    chosen[threadIdx.x + 8] = (*other)[threadIdx.x];
}
