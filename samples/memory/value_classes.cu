// A class as C++ writes it: constructors, constant member functions, references to constants. Shaders have none of these, so they become functions of
// values that return values. Where a reference may mean the variable that the function changes, as in `v.add(v)`, it must stay a reference.
//# launch  = { kernel = "rows", grid = 3, block = 64 }
//# args    = [{ a = { count = 150, fields = [{ x = "i32 i" }, { y = "i32 2*i + 1" }, { z = "i32 3*i" }] } }, { b = { count = 150, fields = [{ x = "i32 7" }, { y = "i32 8" }, { z = "i32 9" }] } }, { dots = "zeros i32 150" }, { n = 150 }]
//# expect  = { dots = "4*i*i + (7*i + 1)*(2*i + 1) + (1 + 5*i)*3*i", "b.x" = "3*i", "b.y" = "i", "b.z" = "3*i", past_end = "untouched" }

struct Vec {
    int x, y, z;

    __device__ Vec(int x, int y, int z) : x(x), y(y), z(z) {}
    __device__ int dot(const Vec& o) const { return x * o.x + y * o.y + z * o.z; }

    // Reads `o` again after it has written.
    __device__ void add(const Vec& o) {
        x += o.x;
        y += o.x;
        z += o.x;
    }

    // Writes all of itself, unless `o` is itself: then it reads what it wrote.
    __device__ void turn(const Vec& o) {
        x = o.y;
        y = o.z;
        z = o.x;
    }
};

__global__ void rows(const Vec* a, Vec* b, int* dots, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    Vec v(a[i].x, a[i].y, 1);
    Vec w = a[i];
    v.add(w);
    v.add(v);
    dots[i] = v.dot(w) + v.dot(a[i]) - w.dot(v);

    b[i].turn(a[i]);
    b[i].turn(b[i]);
}
