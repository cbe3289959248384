// Overload resolution and operators ([over]). Each overload returns its number.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 15" }]
//# expect = { out = [54321, 25521, 372321, 609951, 3212421, 1221, 223211321, 5431, 7643321, 321121212, 121152323, 212201, 171268133, 49, 512321] }
struct Any { template <class T> __device__ Any(T) {} }; struct FromInt { __device__ FromInt(int) {} }; struct ToInt { __device__ operator int() const { return 1; } };
struct Base { int b; }; struct Mid : Base {}; struct Der : Mid {};

// [over.load] and [over.dcl]: what makes functions different: parameters, const and reference qualifiers; not top-level const.
__device__ int dif(int) { return 1; } __device__ int dif(int*) { return 2; } __device__ int dif(const int*) { return 3; } __device__ int dif(int&, int) { return 4; } __device__ int same_as(const int x); __device__ int same_as(int x) { return x; }
__device__ int overloads() { int x = 0; const int c = 0; return dif(x) + dif(&x) * 10 + dif(&c) * 100 + dif(x, 1) * 1000 + same_as(5) * 10000; }

// [over.match.call], [over.call.func] and [over.call.object]: named functions, members, objects with operator() and conversions to function pointers.
__device__ int plain(int) { return 5; } struct Callable { __device__ int operator()(int) const { return 1; } __device__ int operator()(float) const { return 2; } }; struct Surrogate { using F = int (*)(int); __device__ operator F() const { return plain; } };
__device__ int call_forms() { Callable c; Surrogate s; int (*p)(int) = plain; return c(1) + c(1.0f) * 10 + s(1) * 100 + p(1) * 1000 + Callable()(2.0f) * 10000; }

// [over.match.oper]: members, free functions and built-in operators compete.
struct Num { int v; __device__ int operator+(int) const { return 1; } }; __device__ int operator+(const Num&, float) { return 2; } __device__ int operator+(int, const Num&) { return 3; } enum En { en = 2 }; __device__ int operator-(En, int) { return 7; }
__device__ int operator_candidates() { Num n{0}; return (n + 1) + (n + 1.0f) * 10 + (1 + n) * 100 + (ToInt() + 1) * 1000 + (en - 1) * 10000 + (en + 1) * 100000; }

// [over.match.copy], [over.match.conv] and [over.match.ref]: conversions when objects, values and references begin.
struct Multi { __device__ operator int() const { return 1; } __device__ operator double() const { return 2.5; } __device__ explicit operator char() const { return 'c'; } }; struct Src { __device__ operator Der() const { return Der{}; } }; struct RefConv { int v; __device__ operator int&() { return v; } __device__ operator const float() const { return 9.0f; } };
__device__ int conversion_targets() { Multi m; int i = m; double d = m; char c(m); FromInt f = 3; Base b = Src(); RefConv r{4}; int& x = r; x = 6; return i + (int)(d * 2) * 10 + c * 100 + r.v * 100000; }

// [over.match.list] and [over.ics.list]: the best constructor, an aggregate, an array.
struct L { int k; __device__ L(int) : k(1) {} __device__ L(int, int) : k(2) {} __device__ L(Base) : k(3) {} __device__ L() : k(4) {} }; __device__ int list(L l) { return l.k; } struct Agg { int a, b; }; __device__ int list2(Agg) { return 1; } __device__ int list2(int) { return 2; } __device__ int array_of(const int (&)[3]) { return 3; }
__device__ int list_forms() { return L{1}.k + L{1, 2}.k * 10 + L{}.k * 100 + list({1, 2}) * 1000 + list2({1, 2}) * 10000 + list2({1}) * 100000 + array_of({1, 2, 3}) * 1000000; }

// [over.match.class.deduct]: guides and constructors compete.
template <class T> struct G { int k; __device__ G(T) : k(1) {} __device__ G(T, T) : k(2) {} }; template <class T> G(T*) -> G<T>; template <class T, class U> G(T, U) -> G<U>;
__device__ int deduced() { int x = 0; G a(1); G b(1, 2); G c(1.5f, 2.5f); return a.k + b.k * 10 + c.k * 100 + (sizeof(a) == sizeof(G<int>)) * 1000; }

// [over.match.viable] and [over.match.best]: exact before promotion before conversion before user conversion before ellipsis; more special templates.
__device__ int rank(int) { return 1; } __device__ int rank(double) { return 2; } __device__ int rank(Any) { return 3; } __device__ int rank(...) { return 4; } __device__ int tmpl(int) { return 1; } template <class T> __device__ int tmpl(T) { return 2; } template <class T> __device__ int tmpl(T*) { return 3; } __device__ int by_bool(bool) { return 1; } __device__ int by_bool(void*) { return 2; }
__device__ int best() { short s = 0; float f = 0; char c = 0; int* p = nullptr; return rank(s) + rank(f) * 10 + rank(p) * 100 + rank(c) * 1000 + tmpl(1) * 10000 + tmpl(s) * 100000 + tmpl(p) * 1000000 + tmpl<>(1) * 10000000 + by_bool(p) * 100000000; }

// [over.best.ics], [over.ics.scs], [over.ics.user] and [over.ics.ellipsis]: sequences of conversions, one by the user at most.
__device__ int seq(long) { return 1; } __device__ int seq(FromInt) { return 2; } __device__ int user(FromInt) { return 3; } __device__ int user(...) { return 4; } __device__ int toint(int) { return 5; } __device__ int toint(float) { return 6; }
__device__ int sequences() { return seq('a') + user(1.5) * 10 + user(nullptr) * 100 + toint(ToInt()) * 1000 + user(ToInt()) * 0; }

// [over.ics.ref]: lvalues and rvalues, const, exact and derived.
__device__ int ref(int&) { return 1; } __device__ int ref(const int&) { return 2; } __device__ int ref(int&&) { return 3; } __device__ int deref(const Base&) { return 4; } __device__ int deref(Any) { return 5; } __device__ int vol(volatile int&) { return 6; } __device__ int vol(const volatile int&) { return 7; }
__device__ int reference_binding() { int x = 0; const int c = 0; Der d; return ref(x) + ref(c) * 10 + ref(1) * 100 + ref(static_cast<int&&>(x)) * 1000 + deref(d) * 10000 + vol(x) * 100000 + vol(c) * 1000000; }

// [over.ics.rank]: shorter qualification, nearer bases, promotions of enumerations, pointers before void and bool.
enum Fixed : short { fx }; __device__ int near(Base*) { return 1; } __device__ int near(Mid*) { return 2; } __device__ int near(void*) { return 3; } __device__ int pr(int) { return 1; } __device__ int pr(short) { return 2; } __device__ int pr(long) { return 3; } __device__ int qual(const int*) { return 1; } __device__ int qual(int* const) { return 2; } __device__ int arr(const char*) { return 1; } __device__ int arr(bool) { return 2; } struct Obj { __device__ int f() { return 1; } __device__ int f() const { return 2; } __device__ int f() volatile { return 3; } };
__device__ int ranking() { Der d; int x = 0; Obj o; const Obj co{}; volatile Obj vo; return near(&d) + near((Base*)&d) * 10 + pr(fx) * 100 + pr('a') * 1000 + qual(&x) * 10000 + arr("text") * 100000 + o.f() * 1000000 + co.f() * 10000000 + vo.f() * 100000000; }

// [over.over]: the target's type picks the function: variables, parameters, casts, returns, members.
__device__ int set(int) { return 1; } __device__ int set(float) { return 2; } template <class T> __device__ int set(T*) { return 3; } struct HasSet { __device__ int m(int) const { return 4; } __device__ int m(float) const { return 5; } int (*field)(float); }; __device__ int through(int (*f)(int), float (*)(float) = nullptr) { return f(1); } typedef int (*IntFn)(int); __device__ IntFn pick() { return set; } __device__ IntFn pick_address() { return &set; } __device__ int by_ref(int (&f)(float)) { return f(1.0f); } template <class R, class A> __device__ R deduced_call(R (*f)(A), A a) { return f(a); }
__device__ int function_sets() { int (*a)(int) = set; int (*b)(float); b = &set; int (*c)(int*) = set; HasSet h{set}; int (HasSet::*m)(float) const = &HasSet::m; int x = 0; int (*arr[2])(float) = {set, &set}; return a(1) + b(1.0f) * 10 + c(&x) * 100 + h.field(1.0f) * 1000 + (h.*m)(1.0f) * 10000 + through(set) * 100000 + pick()(1) * 1000000 + static_cast<int (*)(float)>(set)(1.0f) * 10000000 + ((int (*)(int))set)(1) * 100000000 + arr[1](1.0f); }
__device__ int function_sets_more() { bool t = true; int (*p)(int) = t ? pick() : nullptr; auto f = static_cast<int (&)(float)>(set); return pick_address()(1) + by_ref(set) * 100 + deduced_call<int, float>(set, 1.0f) * 1000 + p(1) * 10000 + f(1.0f) * 100000; }

// [over.unary], [over.binary], [over.ass], [over.call], [over.sub], [over.ref] and [over.inc]: operators of classes as members and not.
struct Op { int v; __device__ Op operator-() const { return {-v}; } __device__ bool operator!() const { return v == 0; } __device__ Op operator*(Op o) const { return {v * o.v}; } __device__ Op& operator=(int a) { v = a; return *this; } __device__ Op& operator+=(const Op& o) { v += o.v; return *this; } __device__ int operator()(int a, int b) const { return v + a * b; } __device__ int& operator[](int) { return v; } __device__ Op* operator->() { return this; } __device__ Op& operator++() { v += 1; return *this; } __device__ Op operator++(int) { Op o = *this; v += 10; return o; } __device__ int operator,(int b) const { return b * 2; } };
__device__ Op operator~(Op o) { return {~o.v}; } __device__ bool operator<(const Op& a, const Op& b) { return a.v < b.v; } __device__ Op& operator<<(Op& a, int b) { a.v = a.v * 10 + b; return a; } __device__ Op operator--(Op& o, int) { Op c = o; o.v--; return c; } __device__ bool operator&&(Op, Op) { return true; }
__device__ int class_operators() { Op a{3}, b{2}; a = 4; a += b; Op c = -a * b; b[0] = 5; int r = a->v + c.v * -10 + a(1, 2) * 1000 + (a++).v * 10000; ++a; a << 1 << 2; r += a.v * 100000; Op z{0}; return r + !z + (~z).v + (b < a) + (z--).v + z.v + (z && z) + (a, 3); }

// [over.literal]: literals of the program's own.
__device__ constexpr int operator""_sq(unsigned long long v) { return (int)(v * v); }
__device__ int own_literals() { return 7_sq; }

// [over.built]: built-in candidates for classes that convert and for enumerations.
struct Ptr { int* p; __device__ operator int*() const { return p; } }; struct Flag { bool b; __device__ operator bool() const { return b; } };
__device__ int builtin_candidates() { int a[3] = {1, 2, 3}; Ptr p{a}; Flag f{true}; return *p + p[1] * 10 + *(p + 2) * 100 + (f + 1) * 1000 + (p == a) * 10000 + (f ? 5 : 0) * 100000 + (!f) * 1000000 + (int)((int*)p - a) * 10; }

__global__ void test(int* out) {
    out[0] = overloads();
    out[1] = call_forms();
    out[2] = operator_candidates();
    out[3] = conversion_targets();
    out[4] = list_forms();
    out[5] = deduced();
    out[6] = best();
    out[7] = sequences();
    out[8] = reference_binding();
    out[9] = ranking();
    out[10] = function_sets();
    out[11] = function_sets_more();
    out[12] = class_operators();
    out[13] = own_literals();
    out[14] = builtin_candidates();
}
