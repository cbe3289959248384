// Declarations: specifiers, types, functions, enumerations, namespaces ([dcl.dcl]).
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 20" }]
//# expect = { out = [262, 443, 1865712, 87, 683104, 483, 8761411, 11111111, 421111196, 5814, 463, 136241217, 421, 105412310, 154, 120324122, 11611352, 463, 15, 11241616] }
template <class A, class B> constexpr bool same = false;
template <class A> constexpr bool same<A, A> = true;

// [dcl.stc]: static functions and variables, extern, mutable members. Two storage classes at once are not checked.
static __device__ int only_here(int x) { return x + 1; }
extern __device__ int elsewhere(int x);
__device__ int elsewhere(int x) { return x * 2; }
struct Cache { int v = 1; mutable int reads = 0; __device__ int get() const { reads++; return v; } };
__device__ int storage_classes() { const Cache c; c.get(); c.get(); return only_here(1) + elsewhere(3) * 10 + c.reads * 100; }

// [dcl.fct.spec]: explicit constructors and conversions; virtual.
struct Exact { int v; __device__ explicit Exact(int a) : v(a) {} __device__ Exact(float f) : v((int)f) {} __device__ explicit operator int() const { return v; } virtual __device__ int twice() const { return v * 2; } };
__device__ int exact_value(Exact e) { return e.twice(); }
__device__ int function_specifiers() { Exact a(3); return (int)a + exact_value(2.5f) * 10 + static_cast<int>(Exact(4)) * 100; }

// [dcl.typedef]: typedef and using name the same type; typedefs of arrays and functions; repeated.
typedef int Number; typedef int Number; using Row = int[3]; typedef int Binary(int, int); typedef struct { int x; } Unnamed; typedef struct Tag { Tag* next; int v; } Tag;
__device__ int plus(int a, int b) { return a + b; }
__device__ int aliases() { Row r = {1, 2, 3}; Binary* f = plus; Number n = 4; Unnamed u = {5}; Tag t = {nullptr, 6}; typedef long Local; return sizeof(Row) + f(r[2], n) * 100 + u.x * 1000 + t.v * 10000 + sizeof(Local) * 100000 + same<Number, int> * 1000000; }

// [dcl.friend], [class.friend]: friends see what is private; a friend function in the class is found by its argument.
class Closed { int secret = 7; friend struct Opener; friend __device__ int peek(const Closed& c) { return c.secret; } template <class T> friend __device__ int peek_as(const Closed& c) { return (T)c.secret * 2; } };
struct Opener { __device__ int open(Closed& c) { return c.secret++; } };
__device__ int friends() { Closed c; int a = Opener().open(c); return a + peek(c) * 10; }

// [dcl.constexpr] and [dcl.constinit]: functions and variables whose values are known; consteval.
constexpr __device__ int half(int x) { return x / 2; } consteval __device__ int third(int x) { return x / 3; } struct Lit { int a; constexpr __device__ Lit(int x) : a(x * 2) {} constexpr __device__ int get() const { return a; } };
__device__ constexpr Lit lit(4); __device__ constinit int ready = half(12);
__device__ int constant_functions() { constexpr int a = half(9); int runtime = 20; int arr[third(9)]; return a + half(runtime) * 10 + (int)(sizeof(arr) / sizeof(int)) * 1000 + lit.get() * 10000 + ready * 100000; }

// [dcl.inline]: inline variables and functions are one.
static __device__ int shared_value = 3; struct HasInline { static inline constexpr int n = 8; }; inline __device__ int inlined(int x) { return x - 1; }
__device__ int inline_variables() { return shared_value + HasInline::n * 10 + inlined(5) * 100; }

// [dcl.type.cv], [dcl.type.simple], [dcl.type.elab]: qualifiers and words in any order.
__device__ int type_words() { unsigned long int a = 1; long unsigned b = 2; int long long unsigned c = 3; const int volatile d = 4; short int unsigned e = 5; signed f = -6; char signed g = -7; enum Loc { l = 8 }; enum Loc h = l; return same<decltype(a), decltype(b)> + same<decltype(c), unsigned long long> * 10 + d * 100 + same<decltype(e), unsigned short> * 1000 - f * 10000 - g * 100000 + h * 1000000; }

// [dcl.type.decltype]: names and members as declared, expressions by category.
struct Holder { int v; const int c; int& r; };
__device__ int decltypes() { int x = 1; Holder h{1, 2, x}; const Holder& k = h; return same<decltype(h.v), int> + same<decltype((k.v)), const int&> * 10 + same<decltype(h.c), const int> * 100 + same<decltype(h.r), int&> * 1000 + same<decltype(x + 1), int> * 10000 + same<decltype(static_cast<int&&>(x)), int&&> * 100000 + same<decltype(plus), int(int, int)> * 1000000 + same<decltype(&plus), int (*)(int, int)> * 10000000; }

// [dcl.spec.auto]: deduced as for templates; results; decltype(auto); auto parameters.
__device__ auto squared(int x) { if (x < 0) return -1; return x * x; } __device__ auto& refers(int& x) { return x; } __device__ decltype(auto) exactly(int& x) { return (x); } __device__ auto trailing(int x) -> long { return x; } __device__ int sized(auto x, auto... more) { return sizeof(x) * 10 + sizeof...(more); }
__device__ int autos() { int x = 3; const int c = 4; int a[2]; auto p = a; auto& ra = a; auto v = c; const auto& r = x; auto* q = &x; auto&& u = 5; auto&& w = x; auto f = plus; refers(x) += 1; exactly(x) += 10; v++; return squared(x) + same<decltype(p), int*> * 1000 + same<decltype(ra), int(&)[2]> * 10000 + same<decltype(u), int&&> * 100000 + same<decltype(w), int&> * 1000000 + same<decltype(trailing(1)), long> * 10000000 + sized(1, 2.0) * 10000000; }

// [dcl.type.class.deduct]: a template's name stands for the class that its arguments say.
template <class T> struct Boxed { T v; __device__ Boxed(T a) : v(a) {} }; template <class T> Boxed(const T*) -> Boxed<int>;
__device__ int deduced_classes() { Boxed b(2.5f); const Boxed c = 'x'; auto d = Boxed{7l}; return sizeof(b.v) + sizeof(c.v) * 10 + sizeof(d.v) * 100 + (int)(b.v * 2) * 1000; }

// [dcl.name], [dcl.ambig.res]: types without names; what could be a function declares one. Nothing to refuse.
struct Timer { int t = 4; }; __device__ int pairs[2] = {5, 6};
__device__ int declarator_forms() { int (*table[2])(int, int) = {plus, plus}; int (&arr)[2] = pairs; Timer t(); Timer u{}; return table[1](1, 2) + arr[1] * 10 + u.t * 100; }

// [dcl.ptr], [dcl.ref] and [dcl.array]: pointers to arrays, references to arrays and pointers, collapsing, bounds from initialisers.
template <class T> using Ref = T&; template <class T> using RRef = T&&;
__device__ int compound_types() { int x = 1; int* p = &x; int*& rp = p; int a[] = {1, 2, 3}; int m[][2] = {{1, 2}, {3, 4}, {5, 6}}; int (*pa)[2] = m; int (&ra)[3] = a; int* ptrs[2] = {&a[1], &a[2]}; *p = 5; rp = a; const int* const cp = p; return x + *p * 10 + sizeof(a) * 100 + sizeof(m) * 10000 + pa[2][1] * 1000000 + *ptrs[1] * 10000000 + same<Ref<int&&>, int&> * 100000000 + same<RRef<int&>, int&> + same<RRef<int&&>, int&&> + ra[0] * 0 + *cp * 0; }

// [dcl.mptr]: pointers to members of one class.
struct Point { int x, y; int arr[2]; }; 
__device__ int pointers_to_members() { int Point::*axis = &Point::x; Point p{1, 2, {3, 4}}; int (Point::*arr)[2] = &Point::arr; int s = p.*axis; axis = &Point::y; return s + p.*axis * 10 + (p.*arr)[1] * 100; }

// [dcl.fct] and [dcl.fct.default]: parameters that are arrays and functions; const on parameters; defaults that use earlier names, added later.
__device__ int total(int a[4], int f(int, int), const int n) { int s = 0; for (int i = 0; i < n; i++) s = f(s, a[i]); return s; } __device__ int later(int a, int b, int c); __device__ int later(int a, int b, int c = 3); __device__ int later(int a, int b = 2, int c); __device__ int later(int a, int b, int c) { return a * 100 + b * 10 + c; } __device__ int unnamed(int, int b) { return b; } __device__ int by_call(int a = plus(2, 3)) { return a; } constexpr int base = 9; __device__ int by_name(int a = base) { int base = 1; return a + base; }
__device__ int functions() { int a[] = {1, 2, 3, 4}; return total(a, plus, 4) + later(1) * 100 + unnamed(1, 4) * 100000 + by_call() * 1000000 + by_name() * 10000000; }

// [dcl.fct.def.general], [dcl.fct.def.default] and [dcl.fct.def.delete]: bodies, defaulted and deleted functions.
struct Defaulted { int v = 3; Defaulted() = default; Defaulted(const Defaulted&) = default; Defaulted& operator=(const Defaulted&) = default; ~Defaulted() = default; __device__ Defaulted(int) = delete; };
__device__ int only_int(int x) { return x; } __device__ int only_int(double) = delete; template <class T> __device__ int no_pointers(T) { return 1; } template <class T> __device__ int no_pointers(T*) = delete;
__device__ int function_bodies() { Defaulted a; a.v = 4; Defaulted b = a, c; c = b; return c.v + only_int(5) * 10 + no_pointers(1) * 100; }

// [dcl.enum] and [enum.udecl]: values counted on, types fixed, used before they are defined, names brought in.
enum Level { low, mid = 5, high, top = high + 10 }; enum class Wide : unsigned long long { big = 1ull << 40 }; enum Early : short; enum Early : short { e_one = 1 }; enum class Color { red = 1, green, blue }; enum { anonymous = 6 };
__device__ int color_of(Color c) { switch (c) { using enum Color; case red: return 10; case green: return 20; case blue: return 30; } return 0; }
__device__ int enumerations() { using enum Color; Level l = Level(6); Color c{2}; return top + (l == high) * 100 + (int)((unsigned long long)Wide::big >> 38) * 1000 + sizeof(Early) * 10000 + (int)blue * 100000 + color_of(green) * 1000000 + (c == green) * 100000000 + anonymous; }

// [namespace.def], [namespace.unnamed], [namespace.alias], [namespace.udir] and [namespace.udecl].
namespace outer { __device__ int value() { return 1; } inline namespace current { __device__ int version() { return 2; } } namespace old { __device__ int version() { return 1; } } namespace { __device__ int hidden() { return 3; } } struct Thing { int v; }; template <class T> struct Wrap { T t; }; }
namespace outer::deep { __device__ int value() { return 4 + outer::value(); } } namespace shorter = outer::deep; namespace shorter2 = shorter; namespace mixed { using namespace outer::old; using outer::value; using outer::Wrap; __device__ int run() { return version() * 10 + value(); } }
__device__ int namespaces() { using outer::Thing; using mixed::value; Thing t{6}; mixed::Wrap<char> w{'a'}; return outer::version() + shorter2::value() * 10 + outer::hidden() * 100 + mixed::run() * 1000 + t.v * 100000 + value() * 1000000 + sizeof(w) * 10000000; }

// [dcl.link]: extern "C" names functions, alone and in groups.
extern "C" __device__ int c_name(int x) { return x + 2; } extern "C" { __device__ int other_c(int x) { return x * 3; } static const int in_c = 4; }
__device__ int linkage() { return c_name(1) + other_c(2) * 10 + in_c * 100; }

// [dcl.attr]: attributes that say nothing about the meaning. Nothing to refuse.
[[nodiscard]] __device__ int noticed(int x) { return x; } struct [[deprecated("old")]] Old { int v; }; [[noreturn]] __device__ void never(); 
__device__ int attributes() { [[maybe_unused]] int unused = 1; int r = 0; switch (int x = 1; x) { case 1: r = 1; [[fallthrough]]; case 2: r += 2; } if (r > 2) [[likely]] r += 10; else [[unlikely]] r = 0; for (int i = 0; i < 2; i++) [[likely]] { r++; } return noticed(r); }

// [dcl.align]: objects, members and types with an alignment.
struct alignas(16) Quad { float f[3]; }; struct Mixed { char a; alignas(8) char b; alignas(double) char c; };
__device__ int alignment() { alignas(32) int x = 1; alignas(4) unsigned char bytes[8]; return alignof(Quad) + sizeof(Quad) * 100 + sizeof(Mixed) * 10000 + ((unsigned long long)&x % 32 == 0) * 1000000 + ((unsigned long long)bytes % 4 == 0) * 10000000; }

__global__ void test(int* out) {
    out[0] = storage_classes();
    out[1] = function_specifiers();
    out[2] = aliases();
    out[3] = friends();
    out[4] = constant_functions();
    out[5] = inline_variables();
    out[6] = type_words();
    out[7] = decltypes();
    out[8] = autos();
    out[9] = deduced_classes();
    out[10] = declarator_forms();
    out[11] = compound_types();
    out[12] = pointers_to_members();
    out[13] = functions();
    out[14] = function_bodies();
    out[15] = enumerations();
    out[16] = namespaces();
    out[17] = linkage();
    out[18] = attributes();
    out[19] = alignment();
}
