// [temp.spec.partial], [temp.arg.template]: specialisations of templates that take templates. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 6" }]
//# expect = { out = [21, 12, 11, 13, 321, 4321] }
template <int I> struct Add { static __device__ int apply(int x) { return x + I; } };
template <class T> struct Box {};
template <class T> struct Bag {};
template <template <int> class F, int End, int At = 0> struct Counted { static const int v = 1; };
template <template <int> class F, int End> struct Counted<F, End, End> { static const int v = 2; };
template <template <class> class F, class T> struct ByType { static const int v = 11; };
template <template <class> class F> struct ByType<F, int> { static const int v = 12; };
template <class T> struct ByType<Bag, T> { static const int v = 13; };
template <template <int i> typename F, int End, int At = 0> struct Unroll {
    template <class... A> static __device__ int with(A&&... a) { return F<At>::apply(a...) + 10 * Unroll<F, End, At + 1>::with(a...); }
};
template <template <int i> typename F, int End> struct Unroll<F, End, End> {
    template <class... A> static __device__ int with(A... a) { return 0; }
};
template <class T> struct Size { static constexpr unsigned long value = 3; };
__global__ void test(int* out) {
    out[0] = Counted<Add, 3, 3>::v * 10 + Counted<Add, 3, 2>::v;
    out[1] = ByType<Box, int>::v;
    out[2] = ByType<Box, float>::v;
    out[3] = ByType<Bag, float>::v;
    constexpr int n = Size<int>::value;
    int x = 1;
    out[4] = Unroll<Add, n>::with(x);
    out[5] = Unroll<Add, 4>::with(x);
}
