// [over.call.func]: a function that is named in parentheses, which keep argument-dependent look-up out; `(T)(x)` of a type is a cast.
//# launch = { kernel = "called", grid = 1, block = 1 }
//# args   = [{ out = "zeros i32 6" }]
//# expect = { out = [13, 8, 5, 3, 2, 9] }
template <class T, int N> __device__ void put(T* x) { x[0] = N; }
template <class T> __device__ T twice(T x) { return x * 2; }
template <class T> struct Half {
    T v;
    __device__ Half(T x) : v(x / 2) {}
};
namespace parts {
template <class T> __device__ T next(T x) { return x + 1; }
}
__device__ int plain(int x) { return x - 1; }

__global__ void called(int* out)
{
    (put<int, 13>)(out);
    out[1] = (twice<int>)(4);
    out[2] = (parts::next<int>)(4);
    out[3] = (plain)(4);
    out[4] = ((Half<int>)(5)).v;
    out[5] = (twice<int>)(3) + (parts::next)(2);
}
