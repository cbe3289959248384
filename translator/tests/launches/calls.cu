// A call whose value nobody takes is read where it may lead to a launch: by a template, a function object or an argument. nvcc
// compiles this file.
#include <cstdio>
template <class T> __global__ void fill(T* x, T by) { x[0] = by; }
// wants: fill<float>, fill<double>, fill<int>, fill<short>, fill<char>

template <class T> void launch(T* x) { fill<<<1, 1>>>(x, T(1)); }
template <class T> T* filled(T* x) { launch(x); return x; }
struct Filler {
    template <class T> void operator()(T* x) const { fill<<<1, 1>>>(x, T(2)); }
};
void show(const int* x) { printf("%p\n", (const void*)x); }
template <class F> void call(F f) { f(); }

int main() {
    printf("%d\n", 1);
    launch((float*)nullptr);
    Filler filler;
    filler((double*)nullptr);
    show(filled((int*)nullptr));
    if (cudaDeviceSynchronize() != cudaSuccess) launch((short*)nullptr);
    call([] { launch((char*)nullptr); });
    cudaDeviceSynchronize();
}
