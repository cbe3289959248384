// Operators, casts, templates against comparisons.
template <typename T, int N> struct Vec { T v[N]; static const int size = N; template <int M> __device__ T get() const { return v[M]; } };
template <typename T> __device__ T twice(T x) { return x * 2; }
template <int A, int B> __device__ int add() { return A + B; }
template <typename... Ts> __device__ int count(Ts... ts) { return sizeof...(Ts) + sizeof...(ts); }
template <typename... Ts> __device__ auto all(Ts... ts) { return (... && ts) + (ts * ... * 1) + count(twice(ts)...) + (0 + ... + ts); }
struct P { int a, b; float f; };
__device__ float4 unknown_function(int, float);
__global__ void kernel(int n, float x, int* p, P s, P* sp, Vec<float, 4> v, const unsigned char* bytes) {
  int a = 1, b = 2, c = 3;
  a = b = c; a += b -= 1; a <<= 2; b >>= 1; c ^= a | b & ~c; a %= 3;
  a = a << 2 >> 1 + 3 * 4 - 5 % 2; a = a < b; a = a < b && b > c; a = (a < b) > c; bool t = a <= b != b >= c;
  if (a < b || c > (b)) a = 0; if (n < a && x > 3) b = 1; for (int i = 0; i < n >> 1; i++) c++;
  a = n < 4 ? n > 2 ? 1 : 2 : 3; x = (float)a / (float)b; x = (float)(a) * -(float)b; x = -x; x = +x; a = - -a; a = !~a;
  int half = n / 2; a = (half) - 1; a = (half) * b; a = (n) & 3; p = (int*)bytes; a = *(int*)&x; a = ((P*)bytes)->a;
  x = float(a) + int(x) + (unsigned)3 + unsigned(4) + (unsigned long long)n; s.f = v.v[2] + v.get<3>() + v.template get<1>();
  a = twice<int>(3) + twice(4) + add<1, 2>() + add<(3 > 2), sizeof(int)>() + Vec<int, 3>::size + Vec<Vec<int, 2>, 3>::size;
  a = sizeof(int) + sizeof n + sizeof(n) * 3 + sizeof(P*) + sizeof(Vec<int, 1>); sp->a = (*sp).b; sp++->a; (sp + 1)->b--; ++*p; *p++ = 1;
  P q = {1, 2, 3.f}; P r{.a = 1, .f = 2.f}; int m[2][3] = {{1, 2, 3}, {4, 5}}; int arr[] = {1, 2, 3,}; P w = P{1, 2}; P z = P();
  auto l = [](int i) { return i; }; auto l2 = [&, a](int i) mutable -> int { return a + i; }; auto l3 = [=, &b, k = n + 1] { b = k; };
  l(3); [&] { a = 1; }(); auto gl = []<typename T>(T t) { return t; };
  unknown_function(a, b).x; unknown_template<int>(a); unknown_type<float, 3> ut; ns::thing<int>::value; ns::f(a < b, c > d);
  k2<<<dim3(n / 256 + 1), 256, n * sizeof(float)>>>(p, n); k3<int, (n > 3)><<<1, n>>>(p); k4<Vec<int, 2>><<<1, n >> 1>>>(p);
  a = 0x1F + 0b101 + 017 + 1'000 + 10u + 10UL + 10ll + 'a' + '\n' + L'x'; x = 1.f + 1e3f + .5 + 1.e-3 + 0x1p-3 + 1.0L;
  const char* str = "one" "two\n\x41"; const char* raw = R"(a\b"c)"; bool bb = true and not false or (a bitand b); int* nn = nullptr; this_is_no_keyword = 1;
  a = (b, c); a ? b : c; delete p; delete[] p; p = new int; p = new int[n]; p = new (p) int(3); sp = new P{1, 2}; throw_me(a);
  reinterpret_cast<float&>(a); const_cast<int*>(p); static_cast<unsigned char>(a); x = __is_same(int, float); a = ({ int y = 3; y + 1; });
  (void)n; (ns::unknown_t)n; (unknown*)p; (unknown)a; (unknown)(a); (T const&)a; a = (b) + (c); a = -(b); typename X<int>::type tt;
}
