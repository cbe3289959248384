template<typename T, int N = 4> struct __align__(16) Vec {
  T v[N];
  using type = T; typedef T *ptr;
  __device__ Vec() = default;
  __device__ explicit Vec(T x) : v{x}, w(x) { for (int i = 0; i < N; ++i) v[i] = x; }
  template <class U> __host__ __device__ Vec(const Vec<U, N>& o) { *this = o; }
  __device__ T& operator[](int i) { return v[i]; }
  __device__ const T& operator[](int i) const { return v[i]; }
  __device__ operator bool() const { return v[0] != T(0); }
  __device__ ~Vec() {}
  friend __device__ Vec operator+(Vec a, const Vec& b) { a.v[0] += b.v[0]; return a; }
  static constexpr int size = N;
  unsigned a : 3, b : 5 = 1, : 2;
  enum { A, B = 2, C } e;
  union { int i; float f; };
  struct In { int x; } in;
  virtual void f() const noexcept override = 0;
};
template <> struct Vec<int, 3> : public Base<int>, virtual private Foo { int x; };
template <typename... Ts> __device__ auto sum(Ts... ts) -> decltype((ts + ...)) { return (ts + ... + 0); }
template <template <typename, int> class C, typename T> __device__ void tt(C<T, 2> c) {}
extern __constant__ float coef[16];
__device__ int (*fp)(int, float) = nullptr;
typedef float (*binop)(float, float);
__managed__ __device__ int mm;
template <typename T> __device__ T apply(T (*f)(T), T x) { return f(x); }
__device__ volatile unsigned long long int counter = 0ull;
struct Node { Node *next; int val; };
__global__ void __launch_bounds__(256, 2) k(const float * __restrict__ a, float* b, int n, Vec<float> vv, size_t pitch) {
  extern __shared__ __align__(16) unsigned char smem[];
  __shared__ float tile[16][16 + 1];
  int half = n / 2; int q = (half) - 1;
  float4 x = make_float4(1.f, 2.f, 3.0f, .5f), *y = (float4*)smem;
  Vec<float> z(1.0f); Vec<float> w{}; auto l = [=, &z] __device__ (int i) mutable -> float { return z[i] * 2; };
  Vec<Vec<int>> nested; 
  if (n < 3 && n > 2 || (n >> 1) >= 4) return;
  if (int r = n; r > 3) { } else if (n < (int)x.x) b[0] = (float)a[0] * (float)(-1); else ;
#pragma unroll 4
  for (int i = threadIdx.x, j = 0; i < n; i += blockDim.x, ++j) { b[i] = a[i] > 0 ? l(i) : -a[i]; continue; }
  for (auto& e : nested.v) e[0]++;
  do { n--; } while (n > 0);
  switch (n) { case 1: case 2: b[0] = 1; break; default: { b[1] = 2; } }
  asm volatile("mov.u32 %0, %1;" : "=r"(n) : "r"(q) : "memory");
  auto [p1, p2] = foo(n);
  b[0] = static_cast<float>(n) + reinterpret_cast<float*>(smem)[3] + sizeof(float) * sizeof n + sizeof(n);
  int arr[3] = {1, 2, 3}; int m[2][2] = {{1, 2}, {3, 4}}; Node nd = {.next = nullptr, .val = 3};
  n += a[0] < b[0] ? 1 : 0; n <<= 2; n >>= 1; 
  bool t = Vec<float>::size < n; typename Vec<float>::type tv = 3;
  apply<float>(sinf, 2.f); tt<Vec>(Vec<float, 2>()); Node *np = new Node{nullptr, 1}; delete np; 
  goto end;
  end: n = 0;
  unsigned int u = unsigned(n) + 0xffu + 1'000'000ULL; char c = '\n', d = '\x41'; const char *s = "a" "b\t";
  printf("%d %s\n", n, s); if constexpr (sizeof(int) == 4) return; else { }
  k2<<<dim3(1, 2), 32, 0, s>>>(a, b); while (int zz = n--) { if (zz) break; }
  float (*arrp)[16] = &tile[0]; int *const *pp; void (*g)(int) = 0; int &rr = n, *po = &n; T0 t0(a, b); float v1(3), v2{4.f};
  static_assert(sizeof(int) == 4, "x"); using F = float; typedef int I; F ff = F(3) + I{4};
  a * b; foo(int(3), (n), (n) + 1, (size_t)n * 4, (unsigned char)(n & 255), -(float)n, (float*)&n, (Foo)bar, !n);
}
int main() { k<<<1, 2>>>(a, b); k3<float, 256, Vec<int>><<<grid, block, sizeof(V<int>) * 3>>>(x, y); this is not C++ at all ((( ))) ; }
template __global__ void k3<float>(float*);
