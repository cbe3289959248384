// [temp.alias]/2: an alias template stands for its type, in deduction too. The expected values are what g++ computes.
//# launch = { kernel = "aliases", grid = 1, block = 1 }
//# args   = [{ out = "zeros i32 4" }]
//# expect = { out = [13, 311, 13, 30] }
#include <utility>
template <class T> struct Box { T v; };
template <class T, int N> struct Row { T v[N]; };
template <class T> using BoxOf = Box<T>;
template <int N, class T> using RowOf = Row<T, N>;
template <class T> using Pointer = T*;
template <class T> __device__ int boxed(BoxOf<T> b) { return (int)sizeof(T) * 10 + (int)b.v; }
template <class T, int N> __device__ int rowed(const RowOf<N, T>& r) { return N * 100 + (int)sizeof(T) + (int)r.v[N - 1]; }
template <class T> __device__ int pointed(Pointer<T> p) { return (int)sizeof(T) + (int)*p; }
template <size_t... I> __device__ int indices(const int* a, std::index_sequence<I...>) { return (0 + ... + (a[I] * (int)(I + 1))); }
__global__ void aliases(int* out)
{
    int a[4] = {1, 2, 3, 4};
    double d = 5;
    out[0] = boxed(Box<char>{3});
    out[1] = rowed(Row<short, 3>{{7, 8, 9}});
    out[2] = pointed(&d);
    out[3] = indices(a, std::make_index_sequence<4>());
}
