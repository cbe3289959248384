// Statements that may lead to no launch are left out, each with all that is nested in it; the others are read, wherever they stand. nvcc
// compiles this file.
#include <cstdio>
#include <cstdlib>
template <class T, int N> __global__ void fill(T* x) { x[0] = N; }
// wants: fill<float, 1>, fill<float, 2>, fill<float, 3>, fill<float, 4>, fill<float, 5>, fill<float, 6>, fill<float, 7>, fill<float, 8>, fill<double, 9>, fill<char, 10>, fill<short, 11>, fill<short, 12>, fill<int, 13>

enum Status { good, bad };
template <class T, int N> void launch(T* x) { fill<T, N><<<1, 1>>>(x); }
template <class T> struct Runner {
    T* x;
    template <int N> void run() { fill<T, N><<<1, 1>>>(x); }
    void operator()() { fill<T, 10><<<1, 1>>>(x); }
};
auto kind(int n) {
    if (n > 1) { return short(); }
    return short();
}
template <class T> void of(T) { fill<T, 11><<<1, 1>>>(nullptr); }

int main(int argc, char** argv) {
    if (argc > 9) { printf("usage\n"); return 1; }
    float* x = (float*)malloc(4);
    for (int i = 0; i < argc; i++) { x[0] = i; if (i) continue; else { x[0] *= 2; } }
    if (argc) { x[0] = 1; } else if (argc > 1) { x[0] = 2; } else launch<float, 1>(x);
    if (argc) launch<float, 2>(x); else x[0] = 3;
    for (int i = 0; i < 2; i++) if (i) { launch<float, 3>(x); }
    do { launch<float, 4>(x); } while (argc > 9);
    do { x[0] = 5; } while (argc > 9);
    while (argc > 9) { { { launch<float, 5>(x); } } }
    switch (argc) {
    case 1: x[0] = 6; break;
    default: { launch<float, 6>(x); break; }
    }
    if (argc) for (;;) if (argc > 1) { x[0] = 4; break; } else break; else launch<float, 7>(x);
    { const int n = 8; if (argc) { launch<float, n>(x); } }
    Runner<double> runner{nullptr};
    { if (argc) runner.run<9>(); }
    Runner<char> other{nullptr};
    if (argc) { other(); }
    of(kind(1));
    auto deduced = [](int n) { if (n) { return short(); } return short(); };
    auto later = [&](auto v) { fill<decltype(v), 12><<<1, 1>>>(nullptr); };
    if (argc > 1) { x[0] = good; } else { later(deduced(1)); }
    { Status status = bad; if (status == bad) { (launch<int, 13>)(nullptr); } }
    return cudaDeviceSynchronize() == cudaSuccess ? good : bad;
}
