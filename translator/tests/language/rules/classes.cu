// Classes: members, layout, bases, virtual functions, access ([class]).
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 12" }]
//# expect = { out = [8164312, 143, 4321104, 312104, 1621116, 213512, 47121921, 123212114, 13181910, 1508, 3476, 110011] }
template <class A, class B> constexpr bool same = false;
template <class A> constexpr bool same<A, A> = true;

// [class.prop], [class.name] and [class.mem]: layout in order of declaration; names used before the class is complete; members of every kind.
struct Node; struct List { Node* head; int count; }; struct Node { Node* next; int v; enum { k = 3 }; using type = int; struct In { char c; }; static constexpr int s = 4; In in; };
__device__ int member_kinds() { Node b{nullptr, 2, {'b'}}, a{&b, 1, {'a'}}; List l{&a, 2}; int s = 0; for (Node* n = l.head; n; n = n->next) s = s * 10 + n->v; Node::type t = Node::k; return s + t * 100 + Node::s * 1000 + sizeof(Node) * 10000 + (int)((char*)&a.v - (char*)&a) * 1000000; }
struct twin { struct twin_in { int q; } twin_in; enum colour { red = 1 } colour; };
__device__ int member_named_as_type() { twin t; t.twin_in.q = 3; t.colour = twin::red; struct twin::twin_in other = {4}; return t.twin_in.q + other.q * 10 + t.colour * 100; }

// [class.mfct], [class.mfct.non-static] and [class.this]: defined inside and outside, const and reference qualifiers, overloads.
struct Meth { int v; __device__ int in() { return v; } __device__ int out() const; __device__ int which() & { return 1; } __device__ int which() const & { return 2; } __device__ int which() && { return 3; } __device__ Meth& self() { return *this; } }; __device__ int Meth::out() const { return this->v * 2; }
__device__ int methods() { Meth m{4}; const Meth c{5}; return m.in() + c.out() * 10 + m.which() * 1000 + c.which() * 10000 + Meth{6}.which() * 100000 + m.self().self().v * 1000000; }

// [class.static.mfct] and [class.static.data]: no object is needed; inline and constexpr members; through objects.
struct Stat { static constexpr int table[3] = {1, 2, 3}; static const int n = 4; static __device__ int f(int x) { return x * n; } static __device__ int g(); }; __device__ int Stat::g() { return f(2) + table[1]; }
__device__ int statics() { Stat s; Stat* p = &s; return Stat::f(1) + s.g() * 10 + p->f(3) * 1000 + Stat::table[2] * 100000; }

// [class.bit]: widths, signs, unnamed ones, assignments that cut; sizes.
struct Bits { unsigned a : 3; int b : 5; unsigned : 0; bool c : 1; unsigned long long d : 40; enum E : unsigned char { e0, e1, e2 } e : 2; };
__device__ int bit_fields() { Bits x{}; x.a = 13; x.b = -3; x.b += 1; x.c = 4; x.d = ~0ull; x.e = Bits::e2; x.a++; ++x.b; return x.a + x.b * -10 + x.c * 100 + (x.d == 0xFFFFFFFFFFull) * 1000 + x.e * 10000 + sizeof(Bits) * 100000; }

// [class.nest], [class.nested.type] and [class.local]: nested classes see types and static members; local classes see constants and types.
struct Outer { typedef short small; static const int k = 6; enum Mode { one = 1 }; struct Inner { small s; __device__ int get() const { return s * k + one; } struct Deep { Inner* up; }; }; Inner i{2}; }; 
__device__ int nested_classes() { const int n = 3; struct Local { int v; __device__ int triple() const { return v * n; } struct In { int w; }; }; Local l{4}; Local::In w{5}; Outer o; Outer::Inner::Deep d{&o.i}; return l.triple() + w.w * 100 + o.i.get() * 1000 + d.up->s * 100000; }

// [class.union] and [class.union.anon]: one place for all members; anonymous ones in classes and blocks; with methods.
union Word { unsigned u; float f; unsigned char b[4]; __device__ unsigned low() const { return u & 0xFF; } }; struct Tagged { int tag; union { int i; float f; struct { short lo, hi; } parts; }; };
__device__ int unions() { Word w; w.f = -2.0f; Tagged t; t.tag = 1; t.i = 0x00020001; union { int a; unsigned b; }; a = -1; Word c = w; c.b[0] = 7; return (w.u >> 31) + w.b[3] * 10 + t.parts.hi * 10000 + (b == 0xFFFFFFFF) * 100000 + c.low() * 1000000 + sizeof(Word) * 10000000; }

// [class.derived], [class.mi] and [class.member.lookup]: members of bases; hiding; several bases; qualified names; empty bases take no room.
struct A { int x = 1; __device__ int f() const { return 10; } __device__ int g(int) const { return 1; } }; struct B { int y = 2; __device__ int g(char) const { return 2; } }; struct Empty {}; struct C : A, B, Empty { int x = 3; using A::g; using B::g; __device__ int f() const { return A::f() + x + A::x; } };
__device__ int bases() { C c; A* a = &c; B& b = c; const C& k = static_cast<const C&>(b); return c.f() + a->x * 100 + b.y * 1000 + c.g(1) * 10000 + c.g('a') * 100000 + k.x * 1000000 + sizeof(C) * 10000000; }

// [class.virtual]: the final overrider is called, also by a base's function; results may be more derived; virtual destructors. That `override` overrides something is not checked.
struct Shape { virtual __device__ int area() const { return 0; } virtual __device__ const Shape* self() const { return this; } __device__ int doubled() const { return area() * 2; } virtual __device__ ~Shape() {} }; struct Square : Shape { int s; __device__ Square(int a) : s(a) {} __device__ int area() const override { return s * s; } __device__ const Square* self() const override { return this; } }; struct Unit final : Square { __device__ Unit() : Square(1) {} __device__ int area() const override { return Square::area() + 100; } };
__device__ int virtual_functions() { Square q(3); Unit u; Shape s; const Shape* all[3] = {&q, &u, &s}; int t = 0; for (int i = 0; i < 3; i++) t = t * 10 + all[i]->area(); return t + all[0]->doubled() * 10000 + q.self()->s * 1000000 + u.Square::area() * 10000000; }

// [class.abstract]: pure functions, with a body too. That no object is made of such a class is not checked.
struct Pure { virtual __device__ int f() const = 0; virtual __device__ int g() const { return f() * 2; } }; struct Real : Pure { int v; __device__ Real(int a) : v(a) {} __device__ int f() const override { return v; } }; struct Other : Pure { __device__ int f() const override { return 7; } __device__ int g() const override { return Pure::g() + 1; } };
__device__ int run_pure(const Pure& p) { return p.g(); }
__device__ int abstract_classes() { Real r(4); Other o; return run_pure(r) + run_pure(o) * 100; }

// [class.access] and [class.protected]: private members within, protected ones in derived classes; access changed by using. Access is not checked.
class Guarded { int secret = 3; protected: int shared = 4; __device__ int helper() const { return secret; } public: __device__ int get() const { return secret + helper(); } struct Open; }; class Derived : public Guarded { public: using Guarded::shared; __device__ int sum() const { return shared + helper(); } }; struct Guarded::Open { __device__ int read(const Guarded& g) { return g.secret; } };
__device__ int access() { Derived d; return d.get() + d.sum() * 10 + d.shared * 100 + Guarded::Open().read(d) * 1000; }

// [class.compare.default], [class.eq] and [class.spaceship]: comparisons written by the compiler, and made of others.
struct Pair { int a, b; bool operator==(const Pair&) const = default; }; struct Deep { Pair p; int c[2]; bool operator==(const Deep&) const = default; };
__device__ int defaulted_equality() { Pair x{1, 2}, y{1, 2}, z{1, 3}; Deep d{{1, 2}, {3, 4}}, e{{1, 2}, {3, 5}}; return (x == y) + (x != z) * 10 + (x == z) * 100 + (d == e) * 1000 + (d != e) * 10000 + (d == d) * 100000; }

__global__ void test(int* out) {
    out[0] = member_kinds();
    out[1] = member_named_as_type();
    out[2] = methods();
    out[3] = statics();
    out[4] = bit_fields();
    out[5] = nested_classes();
    out[6] = unions();
    out[7] = bases();
    out[8] = virtual_functions();
    out[9] = abstract_classes();
    out[10] = access();
    out[11] = defaulted_equality();
}
