// Cases that return, fall through and recurse; calls in a case that another falls into. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 8 }
//# args = [{ out = "zeros i32 24" }]
//# expect = { out = [5, 0, 4000, 6, 7, 13009, 40, 24, 6038, 61, 3, 8003, 84, 17, 96020, 30, 24, 53029, 330, 64, 14106, 79, 7, 16007] }
__device__ int half(int n) { return n <= 1 ? 0 : 1 + half(n / 2); }
__device__ int walk(int d, int x)
{
    if (d <= 0) return x;
    switch (x & 3) {
    case 0:
        if (d > x) return half(d + 40);
        x += 5;
    case 1:
        x += walk(d - 1, x + 1);
        break;
    case 2:
        for (int i = 0; i < 3; i++) {
            if (i == d) return x - i;
            switch (i + x & 1) {
            case 0: if (x > 20) break;
            default: x += walk(d - 2, i); if (x > 90) continue;
            }
            x++;
        }
        return x * 2;
    case 3:
        x = walk(d - 2, x) + 1;
    }
    return x + d;
}
__device__ int bump(int* p, int by) { *p = *p * 3 + by; return *p; }
__device__ int through(int* p, int k)
{
    int x = k;
    switch (k & 3) {
    case 2: x *= 7;
    case 1: x += 2;
    case 0: {
        int v = bump(p, x);
        *p += v % 5;
        x += v;
    }
    }
    return x;
}
__device__ int pong(int d, int* acc);
__device__ int ping(int d, int* acc)
{
    int x = d;
    if (d <= 0) return 1;
    switch (d & 3) {
    case 3: x = d * 2 + *acc;
    case 2: {
        int v = pong(d - 1, acc);
        *acc = *acc * 3 + v;
    }
    }
    return x + *acc;
}
__device__ int pong(int d, int* acc) { return ping(d - 1, acc) + ping(d - 2, acc); }
__global__ void test(int* out)
{
    int t = threadIdx.x;
    out[3 * t] = walk(t + 1, t * 3);
    out[3 * t + 1] = t;
    out[3 * t + 2] = through(&out[3 * t + 1], t);
    int acc = t;
    out[3 * t + 2] += 1000 * ping(t + 2, &acc);
}
