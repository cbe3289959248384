template <class... T> __device__ int captured(T... t) { auto f = [t...] { return (t + ...); }; return f() * 100; }
__global__ void test(int* out) { out[1] = captured(2, 3); }
