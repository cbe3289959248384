// Primary, postfix and unary expressions, casts ([expr.prim] to [expr.cast]).
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 23" }]
//# expect = { out = [1109, 116, 4853, 65, 32552, 43963, 123106053, 952, 19775, 356232, 172453123, 14, 161532, 23654, 6443313, 255312212, 540911, 7, 11710163, 143314454, 101, 25518125, 231810] }
template <class A, class B> constexpr bool same = false;
template <class A> constexpr bool same<A, A> = true;

// [expr.prim.literal], [expr.prim.paren]: parentheses change nothing but decltype. Nothing to refuse.
__device__ int parentheses() { int x = 3; return ((x)) * (2 + (1)) + same<decltype(x), int> * 100 + same<decltype((x)), int&> * 1000; }

// [expr.prim.this]: the object of the method, const in const methods.
struct Self { int v; __device__ Self* me() { return this; } __device__ auto type() const { return same<decltype(this), const Self*>; } __device__ Self& set(int a) { this->v = a; return *this; } };
__device__ int this_pointer() { Self s{1}; s.set(4).set(s.v + 2); return s.me()->v + s.type() * 10 + (s.me() == &s) * 100; }

// [expr.prim.id], [expr.prim.id.unqual] and [expr.prim.id.qual]: plain names, operator names, qualified names of values and members.
struct Named { static __device__ int s() { return 3; } int v; __device__ int operator()(int a) const { return a + v; } __device__ operator int() const { return v * 2; } };
__device__ int id_expressions() { Named n{4}; return Named::s() + n.operator()(1) * 10 + n.operator int() * 100 + n.Named::v * 1000; }

// [expr.prim.id.dtor]: a destructor by name; of a scalar it does nothing.
struct Ends { int* p; __device__ ~Ends() { *p += 5; } }; template <class T> __device__ void destroy(T& t) { t.~T(); }
__device__ int destructors_by_name() { int n = 1; { Ends e{&n}; e.~Ends(); destroy(n); n *= 10; } return n; }

// [expr.prim.lambda]: parameters, result types, mutable, generic, templates, called where they stand.
__device__ int lambdas() { auto a = [](int x) { return x + 1; }; auto b = [](auto x) -> long { return x * 2; }; auto c = []<class T>(T x, T y) { return sizeof(T) + x - y; }; int n = 0; auto d = [n]() mutable { return ++n; }; d(); return a(1) + (int)b(2.5f) * 10 + (int)c(2, 1) * 100 + d() * 1000 + [] { return 3; }() * 10000 + n; }

// [expr.prim.lambda.closure]: a class of its own; without captures it becomes a pointer to a function and has a default constructor.
__device__ int closures() { auto f = [](int x) { return x * 3; }; int (*p)(int) = f; int (*q)(int) = +f; decltype(f) g; auto h = f; int big = 7; auto k = [big] { return big; }; return p(1) + q(2) * 10 + g(3) * 100 + h(1) * 1000 + sizeof(k) * 10000; }

// [expr.prim.lambda.capture]: by copy, by reference, by default, with initialisers; nested ones; `this` and `*this`.
struct Captures { int v = 2; __device__ int run() { auto by_this = [this] { return ++v; }; auto by_copy = [*this]() mutable { return v += 10; }; auto by_default = [=] { return v; }; by_this(); return by_copy() * 10 + by_default(); } };
__device__ int captures() { int a = 1, b = 2; auto f = [a, &b] { b += a; return b; }; a = 50; f(); auto g = [=, &a] { a += b; }; g(); auto h = [&, c = a * 2] { return c + b; }; b = 0; auto nested = [&] { return [=] { return a + b; }; }; return h() * 1000 + nested()() + Captures().run() * 1000000; }
__device__ int reference_captures() { int a[3] = {1, 2, 3}; int& r = a[1]; auto f = [&r, a] { r += a[2]; return a[1]; }; int x = f(); auto g = [&p = a[0]] { p = 9; }; g(); return a[0] * 100 + a[1] * 10 + x; }

// [expr.prim.fold]: unary and binary folds from both sides; an empty one has a value for && || and the comma.
template <class... A> __device__ int left(A... a) { return (... - a); } template <class... A> __device__ int right(A... a) { return (a - ...); } template <class... A> __device__ int started(A... a) { return (100 - ... - a); } template <class... A> __device__ int none(A... a) { return (a && ...) + (a || ...) * 10; }
__device__ int folds() { return left(9, 3, 1) + right(9, 3, 1) * 10 + started(1, 2) * 100 + none() * 10000; }

// [expr.sub]: either side may be the array; negative indices; multi-dimensional arrays.
__device__ int subscripts() { int a[4] = {1, 2, 3, 4}; int* p = a + 2; int m[2][3] = {{1, 2, 3}, {4, 5, 6}}; return a[1] + 2[a] * 10 + p[-1] * 100 + m[1][2] * 1000 + *(m[1] + 1) * 10000 + (*m)[2] * 100000; }

// [expr.call]: default arguments, conversions of arguments, references, calls through pointers, results that are references.
__device__ int defaults(int a, int b = 2, int c = 3) { return a * 100 + b * 10 + c; }
__device__ int& chosen(int& a, int& b, bool first) { return first ? a : b; } __device__ double widened(double d) { return d * 2; }
__device__ int calls() { int x = 1, y = 2; chosen(x, y, false) = 7; chosen(x, y, true)++; return defaults(1) + defaults(4, 5) * 1000 + x * 1000000 + y * 10000000 + (int)widened(3) * 0 + (widened(3) == 6.0) * 100000000; }
__device__ int rest(int first, ...) { return first; }
__device__ int unused_ellipsis() { return rest(4, 2.5, "text") + rest(1) * 10; }

// [expr.type.conv]: T(x), T{x}, T() is zero.
struct Pt { int x, y; };
__device__ int functional_casts() { return int(2.9f) + int() + unsigned(3) * 10 + Pt{4, 5}.y * 100 + Pt().x + (float(7) / 2 > 3) * 1000 + int{6} * 10000 + (sizeof(char(65)) == 1) * 100000; }

// [expr.ref]: members of lvalues, of temporaries, static ones through objects; enumerators.
struct M { int a; static const int s = 5; enum { e = 6 }; int arr[2]; __device__ M copy() const { return *this; } };
__device__ int member_access() { M m{1, {2, 3}}; M* p = &m; const M& r = m; p->a = 4; return r.a + p->s * 10 + m.e * 100 + m.copy().arr[1] * 1000 + (&r)->arr[0] * 10000; }

// [expr.post.incr] and [expr.pre.incr]: the old value, the object itself; on pointers and floats.
__device__ int increments() { int a = 1; int b = a++ * 10 + a; int c = ++a * 10 + a--; ++(++a); float f = 0.5f; f++; int arr[3] = {4, 5, 6}; int* p = arr; int d = *p++ + *++p * 10; (a += 1)--; bool last = --f > 0; return b + c * 100 + a * 10000 + d * 100000 + last; }

// [expr.static.cast]: numbers, enumerations, to derived and void, references, xvalues, any value to void.
struct Base { int b; }; struct Derived : Base { int d; }; enum class E : short { one = 1, two };
__device__ int static_casts() { Derived x; x.b = 1; x.d = 2; Base* b = &x; Base& r = x; void* v = &x; static_cast<void>(x); return static_cast<Derived*>(b)->d + static_cast<Derived&>(r).b * 10 + static_cast<Derived*>(v)->d * 100 + static_cast<int>(E::two) * 1000 + (static_cast<E>(1) == E::one) * 10000 + static_cast<int>(3.9) * 100000 + static_cast<unsigned char>(-1) * 1000000; }

// [expr.reinterpret.cast]: the same bits seen through another type.
__device__ int reinterpret_casts() { float f = 1.0f; unsigned u = *reinterpret_cast<unsigned*>(&f); int a[2] = {0x01020304, 5}; unsigned char* c = reinterpret_cast<unsigned char*>(a); c[0] = 9; unsigned long long n = reinterpret_cast<unsigned long long>(&a[1]) - reinterpret_cast<unsigned long long>(&a[0]); int (&as)[2] = reinterpret_cast<int (&)[2]>(a); return (u == 0x3F800000) + c[3] * 10 + (a[0] & 0xFF) * 100 + (int)n * 10000 + as[1] * 100000; }

// [expr.const.cast]: const taken away where the object is not const.
__device__ int const_casts() { int x = 1; const int& r = x; const_cast<int&>(r) = 5; const int* p = &x; *const_cast<int*>(p) += 2; return x; }

// [expr.unary.op]: & * + - ! ~; the address of a member; of an array as a whole.
__device__ int unary_operators() { int a[3] = {1, 2, 3}; int (*whole)[3] = &a; int x = 5; int* p = &x; *p = 6; unsigned u = 1; int Pt::*m = &Pt::y; Pt pt{1, 7}; return (*whole)[2] + *&x * 10 + (-u == 0xFFFFFFFFu) * 100 + !x * 1000 + (~0 == -1) * 10000 + pt.*m * 100000 + same<decltype(+'a'), int> * 1000000 + (whole + 1 == (int(*)[3])(a + 3)) * 10000000; }

// [expr.sizeof] and [expr.alignof]: of types, objects, arrays, references, packs; the operand is not evaluated.
template <class... T> __device__ int many(T... t) { return sizeof...(T) * 10 + sizeof...(t); }
__device__ int sizes() { int a[5]; int n = 1; int& r = n; struct Packed { char c; short s; }; int s = sizeof(n++) + sizeof a / sizeof a[0] * 10 + sizeof(Packed) * 100 + sizeof r * 1000; return s + n * 10000 + many(1, 'a', 2.0) * 100000 + (alignof(double) + alignof(int&) + alignof(short[4])) * 10000000; }

// [expr.unary.noexcept]: the operand is not evaluated; nothing to refuse.
__device__ int may(int) noexcept; __device__ int might(int);
__device__ int noexcept_operator() { int n = 0; bool a = noexcept(may(n++)); bool b = noexcept(might(1)); return a + b * 10 + noexcept(n + 1) * 100 + n * 1000; }

// [expr.cast]: what the C cast means: const, static and reinterpret casts by turns.
__device__ int c_casts() { const int c = 5; int* p = (int*)&c; float f = -2.5f; int b = (int)f; char k = (char)321; Derived d; d.b = 8; Base* up = (Base*)&d; Derived* down = (Derived*)up; long long bits = (long long)(void*)down == (long long)&d; return *p + b * -10 + (k == 65) * 100 + down->b * 1000 + bits * 10000 + (int)(unsigned char)-1 * 100000; }

// [expr.mptr.oper]: .* and ->* on data and functions.
struct Ops { int a, b; __device__ int add(int k) const { return a + k; } __device__ int mul(int k) const { return a * k; } };
__device__ int member_pointers() { Ops o{2, 3}; Ops* p = &o; int Ops::*d[2] = {&Ops::a, &Ops::b}; int s = 0; for (int i = 0; i < 2; i++) s = s * 10 + o.*d[i]; p->*d[0] = 6; int (Ops::*f)(int) const = &Ops::mul; s = s * 100 + (o.*f)(3); f = &Ops::add; return s * 100 + (p->*f)(4); }

__global__ void test(int* out) {
    out[0] = parentheses();
    out[1] = this_pointer();
    out[2] = id_expressions();
    out[3] = destructors_by_name();
    out[4] = lambdas();
    out[5] = closures();
    out[6] = captures();
    out[7] = reference_captures();
    out[8] = folds();
    out[9] = subscripts();
    out[10] = calls();
    out[11] = unused_ellipsis();
    out[12] = functional_casts();
    out[13] = member_access();
    out[14] = increments();
    out[15] = static_casts();
    out[16] = reinterpret_casts();
    out[17] = const_casts();
    out[18] = unary_operators();
    out[19] = sizes();
    out[20] = noexcept_operator();
    out[21] = c_casts();
    out[22] = member_pointers();
}
