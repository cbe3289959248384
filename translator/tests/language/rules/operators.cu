// Binary operators, assignment, constant expressions ([expr.mul] to [expr.const]).
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 15" }]
//# expect = { out = [115103113, 16212223, 114051214, 100111, 1111011, 13551548, 110102, 111113757, 517320100, 105152, 1064, 511944129, 1285, 53813616, 15398111] }
template <class A, class B> constexpr bool same = false;
template <class A> constexpr bool same<A, A> = true;

// [expr.mul]: the quotient goes towards zero, the remainder has the dividend's sign.
__device__ int products() { int a = -7, b = 2; unsigned u = 7; long long w = 100000ll * 100000; return a / b * -1 + a % b * -10 + (-7) % (-2) * -100 + (int)(u / 2) * 1000 + (int)(w / 1000000000) * 10000 + (int)(7.5f / 2 * 4) * 1000000 + (a * u > 100) * 100000000; }

// [expr.add]: numbers, pointers and integers, differences of pointers.
__device__ int sums() { int a[5] = {1, 2, 3, 4, 5}; int* p = a + 1; int* q = 3 + a; short s = 30000; int m[3][4] = {}; return *(p + 1) + *(q - 2) * 10 + (int)(q - p) * 100 + (int)(p - q) * -1000 + (s + s == 60000) * 10000 + (int)(&m[2] - &m[0]) * 100000 + (int)(&m[1][2] - &m[0][0]) * 1000000 + same<decltype(q - p), long> * 10000000; }

// [expr.shift]: the type is the left operand's; right shifts of negative numbers keep the sign.
__device__ int shifts() { int a = -16; unsigned u = 0x80000000u; unsigned char c = 1; long long w = 1ll << 40; return (a >> 2) * -1 + (u >> 31) * 10 + (c << 9) * 100 + (int)(w >> 38) * 1000000 + same<decltype(c << 1ll), int> * 10000000 + ((1 << 31) < 0) * 100000000; }

// [expr.rel] and [expr.eq]: of numbers, pointers, enumerations; NaN is unequal to all, itself too.
enum Order { first, second };
__device__ int relations() { int a[3]; int* p = a; int* end = a + 3; float nan = 0.0f; nan = nan / nan; unsigned u = 1; return (p < end) + (p + 3 >= end) * 10 + (first < second) * 100 + ((nan < 1) + (nan >= 1)) * 1000 + (-1 > (int)u) * 10000 + (3 > 2 == true) * 100000 + (0.1f < 0.1) * 1000000; }
__device__ int equality() { int x = 1; int* p = &x; void* v = p; float nan = 0.0f; nan /= nan; return (p == v) + (p != nullptr) * 10 + (nan == nan) * 100 + (nan != nan) * 1000 + (0.0f == -0.0f) * 10000 + (first == 0) * 100000 + (1u == 1ll) * 1000000; }

// [expr.bit.and], [expr.xor] and [expr.or]: on the bits of the promoted operands, below the relations.
__device__ int bits() { unsigned char c = 0xF0; int a = 0x0F; return (c & 0x3C) + (c ^ 0xFF) * 100 + (c | a) * 10000 + (1 & 1 == 2) * 10000000 + (6 & 3 | 8 ^ 1) * 1000000; }

// [expr.log.and] and [expr.log.or]: from left to right, only as far as needed; bool.
__device__ bool touch(int& n, bool r) { n++; return r; }
__device__ int logical() { int n = 0; bool a = touch(n, false) && touch(n, true); bool b = touch(n, true) || touch(n, true); int* null = nullptr; bool c = null && *null; bool d = 2 && 0.5f; return n + a * 10 + b * 100 + c * 1000 + d * 10000 + same<decltype(1 && 2), bool> * 100000; }

// [expr.cond]: one arm alone; lvalues stay lvalues; types meet; classes, void and null pointers.
struct W { int v; __device__ W(int a) : v(a) {} }; struct W2 : W { __device__ W2(int a) : W(a) {} };
__device__ void raise_(int& n) { n += 5; } __device__ void lower_(int& n) { n -= 3; }
__device__ int conditional() { int a = 1, b = 2, n = 0; (a < b ? a : b) = 7; bool t = a > 5; t ? raise_(n) : lower_(n); int* p = t ? &a : nullptr; W w = t ? W(3) : 4; W base = t ? W(1) : static_cast<W>(W2(2)); const char* s = t ? "yes" : "no"; int k = t ? 1 : b ? 2 : 3; return a + n * 10 + *p * 100 + w.v * 1000 + (t ? 1 : 2.5) * 10000 + k * 100000 + base.v * 1000000 + same<decltype(t ? a : b), int&> * 10000000 + same<decltype(t ? a : 1.0f), float> * 100000000; }
struct Dies { int* n; int v; __device__ Dies(int* p, int a) : n(p), v(a) {} __device__ ~Dies() { *n = *n * 10 + v; } };
__device__ int temporaries_in_arms() { int log = 0, r = 0; for (int i = 0; i < 3; i++) { r = r * 10 + (i == 1 ? Dies(&log, 1).v : i == 0 ? Dies(&log, 2).v + Dies(&log, 3).v : 7); log = log * 10; } return r * 1000000 + log; }
__device__ int temporaries_behind_and() { int log = 0, r = 0; for (int i = 0; i < 3; i++) { r += (i > 0 && Dies(&log, i).v == 1) || Dies(&log, 5).v == 4; } return r * 100000 + log; }
__device__ int objects_from_arms() { int log = 0; { bool t = log == 0; Dies d = t ? Dies(&log, 4) : Dies(&log, 5); log += 1; const Dies& kept = t ? Dies(&log, 6) : d; log *= 10; } return log; }

// [expr.ass]: the left object is the result; compound ones compute in the common type; braces.
__device__ int assignments() { int a, b; a = b = 4; (a += 2) *= 3; unsigned char c = 200; c += 100; int d = 7; d *= 1.5f; d -= 0.5; short s = 1; s <<= 3; s |= 3; int e; e = {5}; int* p = &a; p += 0; b %= 3; a ^= 1; W w(1); w = 9; Order o = first; o = Order(o + 1); return a + b * 100 + c * 1000 + d * 100000 + s * 1000000 + e * 100000000 + w.v + o; }

// [expr.comma]: left first, the value and category of the right.
__device__ int commas() { int a = 1, b = 2; (a++, b) = 8; int c = (a += 3, a * 2); for (int i = 0, j = 3; i < j; i++, j--) c++; return a + b * 10 + c * 100; }

// [expr.const]: sizes, cases, template arguments, static_assert; arithmetic, conditionals, calls, objects, loops.
constexpr __device__ int power(int b, int e) { int r = 1; while (e--) r *= b; return r; }
struct Complex { int re, im; constexpr __device__ Complex(int a, int b) : re(a), im(b) {} constexpr __device__ Complex operator*(Complex o) const { return Complex(re * o.re - im * o.im, re * o.im + im * o.re); } };
template <int N> struct Number { static constexpr int value = N; };
constexpr int table[3] = {5, 6, 7}; enum Sized { k0 = power(2, 5) + table[1], k1 };
__device__ int constants() { constexpr Complex c = Complex(1, 2) * Complex(3, 4); int a[power(3, 2)]; static_assert(c.im == 10, "product"); constexpr auto f = [](int x) { return x * x; }; switch (k1) { case power(2, 5) + 7: a[0] = 1; } return Number<f(4)>::value + sizeof(a) * 100 + a[0] * 10000 + k0 * 100000 + -c.re * 10000000; }
constexpr __device__ int collatz(unsigned long long n) { int steps = 0; for (; n != 1; ++steps) n = n % 2 ? 3 * n + 1 : n / 2; return steps; }
constexpr __device__ unsigned hash(const char* s) { unsigned h = 5381; for (; *s; ++s) h = h * 33 ^ *s; return h; }
struct Sieve { bool composite[50] = {}; int count = 0; constexpr __device__ Sieve() { for (int i = 2; i < 50; i++) { if (composite[i]) continue; count++; for (int j = i * i; j < 50; j += i) composite[j] = true; } } };
__device__ int computed() { constexpr int steps = collatz(27); constexpr unsigned h = hash("cuda"); constexpr Sieve s; static_assert(s.count == 15 && !s.composite[47] && s.composite[49]); return steps + (int)(h % 1000) * 1000 + s.count * 1000000; }

__global__ void test(int* out) {
    out[0] = products();
    out[1] = sums();
    out[2] = shifts();
    out[3] = relations();
    out[4] = equality();
    out[5] = bits();
    out[6] = logical();
    out[7] = conditional();
    out[8] = temporaries_in_arms();
    out[9] = temporaries_behind_and();
    out[10] = objects_from_arms();
    out[11] = assignments();
    out[12] = commas();
    out[13] = constants();
    out[14] = computed();
}
