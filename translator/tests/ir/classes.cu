struct Range {
    int lo, hi;
    __device__ Range(int a, int b = 8) : lo(a), hi(b) {}
    __device__ int length() const { return hi - lo; }
    __device__ Range& operator+=(int by)
    {
        lo += by;
        hi += by;
        return *this;
    }
};

template <typename T, int N>
struct Row {
    T data[N];
    __device__ T& operator[](int i) { return data[i]; }
};

struct Flags {
    unsigned a : 3, b : 5;
};

template <typename F>
__device__ int apply(F f, int x)
{
    return f(x);
}

__global__ void classes(int* out, Flags* flags)
{
    Range r(2);
    r += 3;
    Row<int, 4> row = {{1, 2}};
    row[2] = r.length();
    int k = 10;
    out[0] = apply([=](int x) { return x + k; }, row[2]);
    flags->b = 9;
    out[1] = flags->a;
}
