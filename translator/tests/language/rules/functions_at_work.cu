// Lambdas, pointers to functions, deduction, constants, names, statements: rule by rule, with the place of each in the standard. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 13" }]
//# expect = { out = [8570719, 612, 7334622, 8100457, 51130, 2755, 916, 14125083, 2086375, 153455, 63, 808, -2067] }
// [expr.prim.lambda]: captures by value, reference, initialiser, packs; generic; nested; stored; passed on; recursion through a parameter.
template <class F> __device__ int twice(F f, int x) { return f(f(x)); }
template <class F> struct Stored { F f; __device__ int run(int x) const { return f(x); } };
template <class F> __device__ Stored<F> store(F f) { return {f}; }
__device__ int lambdas() { int a = 2, b = 3; auto v = [a](int x) { return x * a; }; auto r = [&b](int x) { b += x; return b; }; auto i = [c = a + b, &d = b] { return c * 10 + d; }; auto g = [](auto x, auto y) { return x + y; }; a = 100; int s = twice(v, 3) + r(4) * 100; s += i() * 10000 + g(1, 2.5) * 2; return s + store([=](int x) { return x + b; }).run(1) * 1000000; }
template <class... T> __device__ int pack_capture(T... t) { auto f = [t...] { return (t + ...); }; auto g = [&t...](int k) { return ((t * k) + ...); }; return f() * 100 + g(2); }
__device__ int pack_captures() { return pack_capture(1, 2, 3); }
__device__ int lambda_forms() { auto f = []() -> float { return 1; }; auto m = [n = 0]() mutable { return ++n; }; m(); constexpr auto sq = [](int x) { return x * x; }; static_assert(sq(3) == 9, ""); int (*p)(int) = [](int x) { return x + 5; }; auto nest = [](int a) { return [a](int b) { return a * 10 + b; }; }; auto fact = [](auto self, int n) -> int { return n < 2 ? 1 : n; }; return (int)(f() / 2 * 4) + m() * 10 + p(1) * 100 + nest(3)(4) * 1000 + fact(fact, 3) * 100000 + [](int x) { return x; }(7) * 1000000; }
// [conv.func], [expr.call]: pointers to functions, known and not, in arrays, as members, compared; references to functions.
__device__ int add(int a, int b) { return a + b; } __device__ int sub(int a, int b) { return a - b; } __device__ int mul(int a, int b) { return a * b; }
typedef int (*Op)(int, int); using OpType = int(int, int);
__device__ int with(Op op, int a, int b) { return op(a, b); } __device__ int by_reference(int (&f)(int, int), int a) { return f(a, a); } __device__ int decays(OpType f) { return f(9, 4); }
__device__ Op choose(int i) { return i == 0 ? add : i == 1 ? sub : &mul; }
struct Table { Op ops[3]; int (*single)(int, int); };
__device__ int function_pointers() { int s = 0; for (int i = 0; i < 3; i++) s = s * 100 + choose(i)(7, 3); Op p = add; Op q = nullptr; if (q == nullptr && p) s += 1; if (p == add && p != sub) s += 2; p = mul; Table t = {{add, sub, mul}, sub}; for (int i = 0; i < 3; i++) s += t.ops[i](2, 1) * (i + 1); return s + with(sub, 9, 1) * 1000000 + by_reference(mul, 3) + decays(sub) + (*t.single)(5, 1) + p(2, 2); }
__device__ Op device_table[2] = {add, mul}; __constant__ Op constant_op = sub;
__device__ int function_variables() { int s = 0; for (int i = 0; i < 2; i++) s = s * 100 + device_table[i](5, 6); return s + constant_op(9, 4) * 10000; }
template <class F, class... A> __device__ auto invoke(F f, A... a) { return f(a...); }
__device__ float over(float x) { return x * 2; } __device__ int over(int x) { return x + 1; }
__device__ int overload_address() { int (*f)(int) = over; float (*g)(float) = &over; return f(4) + (int)g(2.5f) * 10 + invoke(add, 3, 4) * 100 + invoke(static_cast<int (*)(int)>(over), 1) * 1000; }
// [dcl.type.decltype], [dcl.spec.auto]
__device__ int global_value = 3; __device__ int& ref_of(int& x) { return x; } template <class T> __device__ decltype(auto) pass(T&& t) { return static_cast<T&&>(t); } template <class A, class B> __device__ auto add_of(A a, B b) -> decltype(a + b) { return a + b; }
template <class A, class B> struct IsSame { static constexpr bool value = false; }; template <class A> struct IsSame<A, A> { static constexpr bool value = true; };
__device__ int decltypes() { int x = 1; const int c = 2; int a[3]; int& r = x; decltype(auto) y = (x); y = 5; auto z = r; z = 9; auto&& u = ref_of(x); u += 1; pass(x) += 10; const auto* p = &c; static_assert(IsSame<decltype((x)), int&>::value && IsSame<decltype(x), int>::value && IsSame<decltype(c), const int>::value && IsSame<decltype(a), int[3]>::value && IsSame<decltype(static_cast<int&&>(x)), int&&>::value && IsSame<decltype(p), const int*>::value && IsSame<decltype(add_of(1, 2.0f)), float>::value && IsSame<decltype(r), int&>::value && IsSame<decltype(a[0]), int&>::value && IsSame<decltype(x + 1ll), long long>::value, ""); return x + z * 100; }
// [dcl.constexpr]: loops, recursion, arrays, objects, step through; [dcl.dcl] static_assert
constexpr __device__ int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); } constexpr __device__ int primes(int n) { int c = 0; for (int i = 2; i < n; i++) { bool p = true; for (int j = 2; j * j <= i; j++) if (i % j == 0) { p = false; break; } if (p) c++; } return c; }
struct Lut { int v[8]; constexpr __device__ Lut() : v() { for (int i = 0; i < 8; i++) v[i] = i * i; } constexpr __device__ int operator[](int i) const { return v[i]; } }; __device__ constexpr Lut lut; __device__ constexpr int tab[4] = {1, 2, 4, 8}; constexpr __device__ int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } template <int N> struct Size { int d[N]; };
__device__ int constants() { constexpr int g = gcd(48, 36); int arr[primes(30)] = {}; constexpr int l = lut[5]; static_assert(g == 12, "gcd"); static_assert(fib(10) == 55); int s = 0; for (int i = 0; i < 8; i++) s += lut[i]; switch (s) { case gcd(140, 280): s += 1; } constexpr float f = 1.5f * 2; return g + (int)sizeof(arr) + l * 1000 + s * 100000 + tab[3] + (int)sizeof(Size<tab[2] + 1>) + (int)f; }
// namespaces, inline namespaces, using, aliases, unnamed; attributes; enum class; literals; alignas; goto; switch with init; if with init
namespace one { inline namespace v2 { __device__ int f() { return 2; } } namespace v1 { __device__ int f() { return 1; } } namespace two::three { constexpr int K = 3; enum class Color : unsigned char { red = 1, blue = 4 }; } namespace { __device__ int hidden() { return 8; } } }
namespace short_name = one::two::three; using one::v1::f; constexpr __device__ long long operator""_kib(unsigned long long v) { return v * 1024; } constexpr __device__ float operator""_half(long double) { return 0.5f; }
enum Plain { p0, p1 = 5, p2 }; enum class Scoped { a = 3, b }; enum Fixed : short { s0 = -1 };
[[nodiscard]] __device__ int attributed([[maybe_unused]] int x) { switch (x) { case 1: x += 1; [[fallthrough]]; case 2: return x * 10; default: return 0; } }
__device__ int names() { using namespace one; using short_name::Color; using enum_t = Scoped; int r = one::f() + one::v1::f() * 10 + short_name::K * 100 + (int)Color::blue * 1000 + hidden() * 10000; { using one::v2::f; r += f(); } if (int q = attributed(1); q > 5) r += q * 100000; return r + (int)(2_kib) + p2 + (int)enum_t::b + (int)sizeof(Fixed) + (s0 < 0); }
// recursion
__device__ int down(int n) { return n <= 0 ? 0 : n + down(n - 1); } __device__ int fibr(int n) { return n < 2 ? n : fibr(n - 1) + fibr(n - 2); } __device__ bool odd(int n); __device__ bool even(int n) { return n == 0 ? true : odd(n - 1); } __device__ bool odd(int n) { return n == 0 ? false : even(n - 1); }
__device__ void hanoi(int n, int& moves) { if (n == 0) return; hanoi(n - 1, moves); moves++; hanoi(n - 1, moves); } __device__ int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
__device__ void sort(int* a, int lo, int hi) { if (lo >= hi) return; int p = a[hi], i = lo; for (int j = lo; j < hi; j++) if (a[j] < p) { int t = a[i]; a[i] = a[j]; a[j] = t; i++; } int t = a[i]; a[i] = a[hi]; a[hi] = t; sort(a, lo, i - 1); sort(a, i + 1, hi); }
__device__ int recursion() { int m = 0; hanoi(4, m); return down(10) + fibr(9) * 100 + even(7) + m * 10000; }
template <int N> __device__ int unrolled(int x) { if constexpr (N == 0) return x; else return unrolled<N - 1>(x * 2 + 1); }
__device__ int template_recursion() { return unrolled<5>(1); }
// statements
__device__ int statements() { int s = 0; if (int x = 3; x > 2) s += x; switch (int y = 2; y) { case 2: s += 10; break; } do { s++; if (s > 20) break; } while (s < 30); for (int i = 0, j = 10; i < j; i++, --j) s += (i ^ j); while (int z = 40 - s) { s += z > 0 ? 1 : -1; } int k = s ?: 5; static const int T[3] = {7, 8, 9}; return s * 10 + T[1] + k * 0 + ({ int q = 4; q * 100; }); }
// operators of the language
__device__ int expressions() { int a = 7, b = -3; unsigned u = 3; long long w = 1ll << 40; char c = (char)200; int x = a / b * 1000 + a % b; x += (a > b) + (u > b) * 10; x += (int)(w >> 38) + c; x ^= a << 2 | b & 6; int i = 0; int arr[4] = {1, 2, 3, 4}; arr[i++] += i; int* p = arr + 1; x += *p++ + p[-1] + (int)(p - arr) + *&arr[3]; bool t = a && !b || u; x += t; x -= sizeof arr / sizeof *arr; return x + (a ? b : u > 2 ? 1 : 2) + (a, b) + -(-a) + ~b + (5 <=+ 6); }

__global__ void test(int* out) {
    out[0] = lambdas();
    out[1] = pack_captures();
    out[2] = lambda_forms();
    out[3] = function_pointers();
    out[4] = function_variables();
    out[5] = overload_address();
    out[6] = decltypes();
    out[7] = constants();
    out[8] = names();
    out[9] = recursion();
    out[10] = template_recursion();
    out[11] = statements();
    out[12] = expressions();
}
