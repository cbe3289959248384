// Which instances of kernel templates host code wants: as [temp.deduct.call] and [temp.inst] have it. nvcc compiles this file.
#include <cstdio>
template <class F> __global__ void each(int n, F f) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) f(i); }
// wants: each<lambda>, each<lambda2>, each<lambda3>, each<Negate>
template <class T, int N> __global__ void scale(T* x, T by) { x[threadIdx.x] *= by * N; }
// wants: scale<float, 4>, scale<double, 7>, scale<unsigned int, 1>, scale<char, 9>
template <class T> __global__ void plain(T* x) { x[0] = 1; }
// wants: plain<double>, plain<short>, plain<long long>, plain<unsigned char>
template <int N> __global__ void step(int* x) { x[N] = N; }
// wants: step<3>, step<2>, step<1>
template <class T> __global__ void unwanted(T* x) { x[0] = 1; }
// wants: nothing

struct Negate { int* x; __device__ void operator()(int i) const { x[i] = -x[i]; } };
template <class T> void run(T* x, T by) { scale<T, 4><<<1, 32>>>(x, by); }
template <class T> struct Buffer {
    T* data;
    int n;
    void fill(T v) { plain<<<1, 1>>>(data); scale<T, 7><<<1, 1>>>(data, v); }
};
template <class F> void for_each(int n, const F& f) { each<<<n / 32, 32>>>(n, f); }
template <class F> void twice(int n, F f) { for_each(n, f); for_each(n, f); }
template <class T> Buffer<T> make(int n) { Buffer<T> b; cudaMalloc(&b.data, n * sizeof(T)); b.n = n; return b; }
template <bool B> void choose(unsigned* p) { if constexpr (B) scale<unsigned, 1><<<1, 1>>>(p, 2u); else scale<unsigned, 2><<<1, 1>>>(p, 2u); }
template <int N> void steps(int* p) { step<N><<<1, 1>>>(p); if constexpr (N > 1) steps<N - 1>(p); }
struct Solver {
    unsigned char* state;
    template <class T> void start(T* x) { plain<<<1, 1>>>(x); }
    void go();
};
void Solver::go() { start(state); }

int main() {
    float* d;
    cudaMalloc(&d, 400);
    run(d, 2.0f);
    auto b = make<double>(10);
    b.fill(3.0);
    float s = 2;
    for_each(100, [=] __device__ (int i) { d[i] = s; });
    auto g = [d] __device__ (int i) { d[i] += 1; };
    each<<<1, 32>>>(10, g);
    twice(10, [=] __device__ (int i) { d[i] = s; });
    twice(10, Negate{(int*)d});
    choose<true>(nullptr);
    void* args[1] = {};
    cudaLaunchKernel((void*)plain<short>, dim3(1), dim3(1), args, 0, 0);
    [&] { if (s > 1) { using T = char; constexpr int K = 3 * 3; return [&] { scale<T, K><<<1, 1>>>((T*)d, (T)1); }(); } }();
    auto on = [&](auto v) { plain<<<1, 1>>>(&v); };
    on(3LL);
    steps<3>((int*)d);
    Solver().go();
    printf("%f\n", s);
}
