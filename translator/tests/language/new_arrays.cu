// [expr.new]: arrays with values for their elements; the rest is zero. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 3" }]
//# expect = { out = [1230, 25314, 70] }
struct Pair { int x; float y; };
struct Counted { int n; __device__ Counted(int a = 7) : n(a * 10) {} };
__global__ void test(int* out)
{
    int* a = new int[4]{1, 2, 3};
    out[0] = a[0] * 1000 + a[1] * 100 + a[2] * 10 + a[3];
    Pair* p = new Pair[3]{{1, 2.5f}, {3}};
    out[1] = (int)(p[0].y * 10000) + p[1].x * 100 + (int)p[1].y + p[0].x * 14 + p[2].x;
    Counted* c = new Counted[2]{7};
    out[2] = c[1].n;
    delete[] a;
    delete[] p;
    delete[] c;
}
