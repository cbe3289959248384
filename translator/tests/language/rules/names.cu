// Names, scopes, lifetimes and the types there are.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 30" }]
//# expect = { out = [56, 24, 4252, 504391, 10, 21, 78, 883, 121, 852, 9, 113, 574321, 74321, 666, 4321, 3, 1, 1544, 81, 127368, 455, 61, 71081, 3232248, 818488421, 1104, 1421, 1111, 1234562] }
// [basic.def]: declarations that define and that do not.
extern __device__ int declared_first;
struct Later;
__device__ int uses_later(Later* l);
__device__ int declared_first = 6;
struct Later { int v; };
__device__ int uses_later(Later* l) { return l->v; }
__device__ int definitions() { Later l{5}; return uses_later(&l) * 10 + declared_first; }

// [basic.def.odr]: a constant used only by its value needs no definition.
struct Odr { static const int n = 12; };
__device__ int constants_by_value() { int a[Odr::n]; return sizeof(a) / sizeof(int) + Odr::n; }

// [basic.scope.pdecl]: a name is there behind its declarator, an enumerator behind its value.
const int outer_size = 3;
__device__ int point_of_declaration() { const int n = outer_size; int a[n]; { const int outer_size = ::outer_size * 2; int b[outer_size]; enum { n = n + 1 }; return sizeof(a) + sizeof(b) * 10 + n * 1000; } }

// [basic.scope.block]: names of conditions reach the else; loops have a scope each.
__device__ int blocks() { int x = 1, s = 0; { int x = 2; s += x; { int x = 3; s += x * 10; } } if (int x = 0) s += 1000; else s += (x + 4) * 100; for (int x = 7; x < 8; x++) { s += x; { int x = 5; s += x * 10000; } } return s * 10 + x; }

// [basic.scope.param]: parameters live in the whole body; a prototype's names end with it.
__device__ int prototype(int n, int (*f)(int n));
__device__ int add_one(int n) { return n + 1; }
__device__ int prototype(int a, int (*g)(int n)) { return g(a) * 2; }
__device__ int parameters() { return prototype(4, add_one); }

// [basic.scope.namespace]: a namespace may go on elsewhere.
namespace open { __device__ int first() { return 1; } int unused(); }
namespace open { __device__ int second() { return first() + 1; } }
__device__ int namespaces() { return open::second() * 10 + ::open::first(); }

// [basic.scope.class]: bodies see all members, also those behind them.
struct Whole { __device__ int early() const { return late() + count; } __device__ int late() const { return 4; } int count = 3; enum { K = 2 }; int data[K]; };
__device__ int whole_class() { Whole w; return w.early() * 10 + sizeof(w.data); }

// [basic.scope.enum]: a scoped enumeration keeps its names.
enum class Side { left = 3, right }; enum Plain { left = 8 };
__device__ int enum_scopes() { return left * 10 + static_cast<int>(Side::left) + Plain::left * 100; }

// [basic.scope.temp]: a template's parameters hide what is around.
struct T { int a[3]; };
template <class T> __device__ int size_here(T) { return sizeof(T); }
__device__ int template_scope() { return size_here('c') + (int)sizeof(T) * 10; }

// [basic.scope.hiding]: an object hides a class of its name, which `struct` still finds.
struct hidden { int a, b; };
__device__ int hiding() { int hidden = 5; struct hidden h = {1, 2}; return hidden * 10 + h.b + sizeof(struct hidden) * 100; }

// [basic.lookup.unqual]: from the inside out; in a member's body the class, its bases, then the namespace.
namespace look { __device__ int f() { return 1; } __device__ int g() { return 2; } struct Base { __device__ int g() { return 3; } }; struct Derived : Base { __device__ int run() { return f() * 10 + g(); } }; struct Friendly { friend __device__ int outside(Friendly) { return f(); } }; }
__device__ int f() { return 9; }
__device__ int unqualified() { return look::Derived().run() + outside(look::Friendly{}) * 100; }

// [basic.lookup.argdep]: functions of the arguments' namespaces, of bases and template arguments too; not behind parentheses or a member.
namespace near { struct Base {}; struct Tag : Base { int v; }; template <class T> struct Box {}; __device__ int visit(Tag t) { return t.v; } __device__ int base(const Base&) { return 2; } enum E { e0 }; __device__ int of_enum(E) { return 3; } __device__ int visit(Tag*) { return 4; } __device__ int operator+(Tag a, int b) { return a.v + b; } }
template <class T> struct Other {}; namespace near { template <class T> __device__ int of_box(T) { return 5; } }
__device__ int argument_dependent() { near::Tag t; t.v = 1; return visit(t) + base(t) * 10 + of_enum(near::e0) * 100 + visit(&t) * 1000 + (t + 6) * 10000 + of_box(Other<near::Tag>()) * 100000; }

// [basic.lookup.qual], [namespace.qual] and [class.qual]: `::` looks in one scope, in inline namespaces and through using-directives too; types before `::` hide objects.
namespace q { inline namespace v1 { __device__ int in_line() { return 1; } } namespace used { __device__ int through() { return 2; } } using namespace used; struct S { static const int value = 3; struct In { static const int value = 4; }; }; int S_; }
__device__ int qualified() { int q = 7; return q::in_line() + q::through() * 10 + q::S::value * 100 + q::S::In::value * 1000 + q * 10000; }
struct WithBase { static const int value = 6; }; struct Inherits : WithBase { int own; __device__ int get() const { return Inherits::value + this->WithBase::value * 10; } };
__device__ int class_qualified() { return Inherits().get() + Inherits::value * 100; }

namespace one_ns { struct Same { __device__ int f(); static const int k; }; } namespace two_ns { struct Same { __device__ int f(); static const int k; }; } __device__ int one_ns::Same::f() { return 1; } __device__ int two_ns::Same::f() { return 2; } const int one_ns::Same::k = 3; const int two_ns::Same::k = 4;
__device__ int classes_of_one_name() { return one_ns::Same().f() + two_ns::Same().f() * 10 + one_ns::Same::k * 100 + two_ns::Same::k * 1000; }

// [basic.lookup.elab]: `struct X` declares X in the nearest namespace if nobody has.
struct Made* made_pointer(struct Made* p);
struct Made { int v; };
__device__ int elaborated() { struct Made m = {3}; struct Made* p = &m; return p->v; }

// [basic.lookup.classref]: behind `.` a name is looked up in the object's class.
struct Member { int size; __device__ int get() const { return size; } struct Part { int k; }; Part part; };
__device__ int size() { return 1; }
__device__ int member_lookup() { Member m{4, {5}}; Member* p = &m; return m.size + p->get() * 10 + p->Member::part.k * 100 + size() * 1000; }

// [basic.lookup.udir]: a using-directive's own name is looked up among namespaces alone.
namespace only { __device__ int thing() { return 8; } }
__device__ int directive_lookup() { int only = 1; using namespace only; return thing() * 10 + only; }

// [basic.life] and [class.temporary]: a temporary ends with its full expression, one bound to a reference with that.
struct Life { int* log; int n; __device__ Life(int* l, int k) : log(l), n(k) { *log = *log * 10 + n; } __device__ ~Life() { *log = *log * 10 + 9 - n; } };
__device__ int temporaries_end() { int log = 0; { const Life& kept = Life(&log, 1); Life(&log, 2); int v = Life(&log, 3).n; } return log; }
__device__ int last(const Life& l) { return l.n; }
__device__ int argument_temporaries() { int log = 0; int v = last(Life(&log, 4)) + (log > 0); return log * 10 + v; }

// [basic.stc.static] and [basic.stc.auto]: a static local lives on, an automatic one begins anew.
__device__ int counts() { static int calls = 5; int fresh = 0; calls++; fresh++; return calls * 10 + fresh; }
__device__ int storage_durations() { int a = counts(); int b = counts(); return a * 1000 + b; }

// [basic.align]: alignof, alignas and the sizes that follow.
struct Aligned { char a; double b; char c; }; struct alignas(32) Wide { char c; };
__device__ int alignments() { return alignof(Aligned) + sizeof(Aligned) * 10 + alignof(Wide) * 1000 + sizeof(Wide) * 100000; }

// [basic.types], [basic.fundamental] and [basic.compound]: sizes and signs on the device.
__device__ int fundamental() { return sizeof(char) + sizeof(short) * 10 + sizeof(int) * 100 + sizeof(long) * 1000 + sizeof(long long) * 10000 + sizeof(float) * 100000 + sizeof(double) * 1000000 + (char(-1) < 0) * 10000000 + sizeof(void*) * 100000000; }
__device__ int wrapping() { unsigned char u = 250; u += 10; unsigned v = 3; v -= 5; signed char c = 127; c++; return u + (v == 0xFFFFFFFEu) * 100 + (c == -128) * 1000; }

// [basic.type.qualifier]: const and volatile are kept apart from the type, in any order.
__device__ int qualifiers() { int const a = 1; const volatile int b = 2; volatile int c = 3; c = c + 1; int const* const p = &a; return a + b * 10 + c * 100 + *p * 1000; }

// [conv.rank]: ranks decide which type arithmetic has. Nothing to refuse.
template <class A, class B> constexpr bool same = false; template <class A> constexpr bool same<A, A> = true;
__device__ int ranks() { return same<decltype((char)1 + (short)1), int> + same<decltype(1u + 1l), long> * 10 + same<decltype(1l + 1ull), unsigned long long> * 100 + same<decltype(true + true), int> * 1000; }

// [intro.execution]: initialiser lists and the operators && || ?: , have an order; sides of assignments too. Nothing to refuse.
__device__ int note(int& log, int d) { log = log * 10 + d; return d; }
struct Three { int a, b, c; };
__device__ int sequenced() { int log = 0; Three t{note(log, 1), note(log, 2), note(log, 3)}; int a[3] = {}; int i = 0; a[i] = i = 2; (note(log, 4), note(log, 5)) && note(log, 6); return log * 10 + a[2]; }

__global__ void test(int* out) {
    out[0] = definitions();
    out[1] = constants_by_value();
    out[2] = point_of_declaration();
    out[3] = blocks();
    out[4] = parameters();
    out[5] = namespaces();
    out[6] = whole_class();
    out[7] = enum_scopes();
    out[8] = template_scope();
    out[9] = hiding();
    out[10] = f();
    out[11] = unqualified();
    out[12] = argument_dependent();
    out[13] = qualified();
    out[14] = class_qualified();
    out[15] = classes_of_one_name();
    out[16] = elaborated();
    out[17] = size();
    out[18] = member_lookup();
    out[19] = directive_lookup();
    out[20] = temporaries_end();
    out[21] = argument_temporaries();
    out[22] = counts();
    out[23] = storage_durations();
    out[24] = alignments();
    out[25] = fundamental();
    out[26] = wrapping();
    out[27] = qualifiers();
    out[28] = ranks();
    out[29] = sequenced();
}
