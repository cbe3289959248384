// Standard conversions ([conv]) and the arithmetic that rests on them.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 15" }]
//# expect = { out = [151, 17387, 8642, 4337, 11111111, 12190, 1111, 255127, 11120022, 1411321, 112, 1011111, 111111, 111111, 11111111] }
template <class A, class B> constexpr bool same = false;
template <class A> constexpr bool same<A, A> = true;

// [conv.lval]: reading drops const and the reference; a copy does not follow its source.
__device__ int lvalue_to_rvalue() { const int a = 4; auto b = a; b++; int x = 1; int& r = x; int y = r; x = 9; return b * 10 + y + same<decltype(b), int> * 100; }

// [conv.array]: an array becomes a pointer to its first element.
__device__ int first_of(const int* p) { return *p; }
__device__ int array_to_pointer() { int a[3] = {7, 8, 9}; int* p = a; auto q = a + 1; int m[2][2] = {{1, 2}, {3, 4}}; int (*row)[2] = m; return first_of(a) + *q * 10 + row[1][0] * 100 + *p * 1000 + same<decltype(+a), int*> * 10000; }

// [conv.func]: a function becomes a pointer to it.
__device__ int twice(int x) { return x * 2; }
__device__ int function_to_pointer() { int (*f)(int) = twice; int (&r)(int) = twice; return f(1) + (*f)(2) * 10 + (**f)(3) * 100 + r(4) * 1000; }

// [conv.qual]: const may be added, on inner levels if all outer ones have it.
__device__ int sum_of(const int* const* rows) { return rows[0][0] + rows[1][0]; }
__device__ int qualification() { int a = 3, b = 4; int* rows[2] = {&a, &b}; const int* p = &a; int* const* q = rows; const int* const* r = rows; return sum_of(rows) + *p * 10 + **q * 100 + *r[1] * 1000; }

// [conv.prom]: small integers, bool, bit-fields and enumerations become int, or unsigned where int is too small.
enum Small : unsigned char { s0 = 200 }; enum Big : unsigned { b0 = 3000000000u }; struct Fields { unsigned narrow : 7; unsigned full : 32; int sign : 3; };
__device__ int promotions() { unsigned char c = 200; short s = -1; bool b = true; Fields f = {100, 1, -2}; return same<decltype(+c), int> + same<decltype(-s), int> * 10 + same<decltype(+b), int> * 100 + same<decltype(+s0), int> * 1000 + same<decltype(+b0), unsigned> * 10000 + (f.narrow - 101 < 0) * 100000 + (f.full - 2 > 0) * 1000000 + (c + c == 400) * 10000000; }
__device__ int promoted_shift() { unsigned char c = 0x81; unsigned short h = 0xFFFF; return (c << 4) + (~c & 0xFF) + (h * 2 > 0xFFFF) * 10000; }

// [conv.fpprom] and [conv.double]: float to double is exact, double to float rounds to nearest.
__device__ int float_double() { float f = 0.1f; double d = f; float back = (float)d; double tenth = 0.1; float rounded = (float)tenth; return (back == f) + (d != tenth) * 10 + (rounded == f) * 100 + ((float)16777217.0 == 16777216.0f) * 1000; }

// [conv.integral]: to unsigned is modulo 2^n, to signed keeps the low bits, to bool is != 0.
__device__ int integral() { int big = 0x12345678; signed char c = (signed char)big; unsigned char u = -1; unsigned w = -2; long long l = w; short s = 40000; unsigned long long ul = -1; return c + u * 1000 + (l == 4294967294ll) + (s == -25536) * 2 + (ul >> 63 == 1) * 4; }

// [conv.fpint]: towards zero; integers to floats round.
__device__ int float_integer() { float a = 2.9f, b = -2.9f; unsigned char c = (unsigned char)200.7f; float f = 16777217; double d = 16777217; long long big = (long long)1e15f; return (int)a + (int)b * -10 + c * 100 + (f == 16777216.0f) * 100000 + (d == 16777217.0) * 1000000 + (big == 999999986991104ll) * 10000000; }

// [conv.ptr]: null, to void, to a base.
struct A { int a; }; struct B { int b; }; struct C : A, B { int c; };
__device__ int pointers() { C c; c.a = 1; c.b = 2; c.c = 3; A* a = &c; B* b = &c; void* v = &c; const void* cv = v; int* null = 0; C* nothing = nullptr; B* still = nothing; return a->a + b->b * 10 + ((C*)v)->c * 100 + (null == 0) * 1000 + (still == nullptr) * 10000 + ((char*)b - (char*)a) * 100000 + (cv == v) * 1000000; }

// [conv.mem]: a member of the base is one of the derived class.
__device__ int members() { int B::*b = &B::b; int C::*c = b; C x; x.a = 1; x.b = 2; x.c = 3; int C::*none = nullptr; return x.*c + (c != nullptr) * 10 + (none == nullptr) * 100; }

// [conv.bool]: numbers, pointers and pointers to members become bool; 0.5 is true.
__device__ int to_bool() { int x = 0; int* p = &x; int A::*m = &A::a; bool a = 0.5f, b = p, c = 256, d = m, e = nullptr != p, f = 0.0, g = -0.0f; return a + b * 10 + c * 100 + d * 1000 + e * 10000 + (f || g) * 100000 + !x * 1000000; }

// [expr.arith.conv]: the usual arithmetic conversions.
__device__ int usual_arithmetic() {
    return same<decltype(1 + 1.0f), float> + same<decltype(1.0f + 1.0), double> * 10 + same<decltype(1ll + 1.0f), float> * 100 + same<decltype('a' + 'b'), int> * 1000 + same<decltype(1 + 1u), unsigned> * 10000 + same<decltype(1u + 1ll), long long> * 100000;
}
__device__ int signed_unsigned() { int i = -1; unsigned u = 1; long l = -1; return (i > u) + (l < (long)u) * 10 + (i / 2u == 2147483647u) * 100 + ((i + u) == 0) * 1000 + ((short)-1 < (unsigned short)1) * 10000 + (true ? i : u > 0) * 0 + ((true ? i : u) > 5) * 100000; }

// [basic.lval]: lvalues, xvalues and prvalues, by decltype.
struct V { int m; }; __device__ V made() { return V{3}; } __device__ V&& moved(V& v) { return static_cast<V&&>(v); }
__device__ int categories() { V v{4}; int a[2]; return same<decltype((v)), V&> + same<decltype(made()), V> * 10 + same<decltype((moved(v).m)), int&&> * 100 + same<decltype((v.m)), int&> * 1000 + same<decltype((a[0])), int&> * 10000 + same<decltype(("x")), const char(&)[2]> * 100000 + same<decltype(++v.m), int&> * 1000000 + same<decltype(v.m++), int> * 10000000; }

__global__ void test(int* out) {
    out[0] = lvalue_to_rvalue();
    out[1] = array_to_pointer();
    out[2] = function_to_pointer();
    out[3] = qualification();
    out[4] = promotions();
    out[5] = promoted_shift();
    out[6] = float_double();
    out[7] = integral();
    out[8] = float_integer();
    out[9] = pointers();
    out[10] = members();
    out[11] = to_bool();
    out[12] = usual_arithmetic();
    out[13] = signed_unsigned();
    out[14] = categories();
}
