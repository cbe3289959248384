// Initialisation ([dcl.init]), structured bindings, what classes do when they begin and are copied.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 14" }]
//# expect = { out = [94321, 601102635, 113122109, 1962614, 33295711, 121193730, 181184145, 323, 141101060, 34, 76321555, 122, 13146543, 8421] }
struct P { int x, y; }; struct Line { P a, b; int c[2]; }; struct Init { int a = 5; int b = a * 2; };

// [dcl.init]: default, value and zero initialisation; copies and direct ones.
struct Ctor { int v; int w; __device__ Ctor() : v(3), w(0) {} };
__device__ int forms() { int a = 1, b(2), c{3}, d = {4}, e{}, f = int(); P p = P(); P q{}; Ctor g; Ctor h{}; Ctor i = Ctor(); int arr[3] = {}; return a + b * 10 + c * 100 + d * 1000 + (e + f + p.x + q.y + arr[2] + g.w) * 5 + (g.v + h.v + i.v) * 10000; }

// [dcl.init.aggr]: braces left away, too few values, nested, designated, members' initialisers, bases.
struct Base { int b; }; struct Agg : Base { int d = 7; int e; }; union U { int i; float f; };
__device__ int aggregates() { Line a = {1, 2, 3, 4, 5}; Line b = {{1, 2}, {3}, {}}; Line c{.b = {.y = 6}, .c = {1}}; Init d{1}; Init e{}; Agg f{{1}, 2}; Agg g{3}; int m[2][2] = {1, 2, 3}; int z[4] = {1, 2}; P ps[] = {{1, 2}, {3, 4}, 5, 6}; return a.c[0] + b.b.x * 10 + c.b.y * 100 + d.b * 1000 + e.b * 10000 + (f.b + f.d + g.d) * 100000 + 0 + (m[1][0] + z[3] + sizeof(ps) / sizeof(P)) * 100000000; }

// [dcl.init.string]: arrays of characters from literals, shorter and as long.
__device__ int text() { char a[] = "abc"; char b[8] = "hi"; const char c[4] = {"xyz"}; unsigned char d[2] = "q"; return sizeof(a) + b[1] + b[5] * 1000 + c[2] * 1000 + d[0] * 1000000; }

// [dcl.init.ref]: references to objects, bases, temporaries that live on, arrays, functions; rvalue references.
struct D : Base { int d; __device__ D(int a, int c) : d(c) { b = a; } };
__device__ int references() { int x = 1; const int& r = x; const long& widened = x; int&& t = 5; t++; D d(2, 3); Base& base = d; const Base& copy = D(6, 7); int arr[2] = {8, 9}; int (&ra)[2] = arr; const double& half = 1 / 2.0; x = 4; return r + widened * 10 + t * 100 + base.b * 1000 + copy.b * 10000 + ra[1] * 100000 + (half == 0.5) * 1000000; }

// [dcl.init.list]: lists choose constructors, convert without narrowing, are evaluated in order; empty ones.
struct Two { int a, b; __device__ Two(int x, int y) : a(x), b(y) {} __device__ Two() : a(8), b(9) {} }; __device__ int sum(Two t) { return t.a + t.b; } __device__ Two make(int x) { return {x, x + 1}; }
__device__ int lists() { Two t = {1, 2}; Two e = {}; int n = 3; unsigned char c{200}; float f{1}; long long w{n}; int i = 0; int order[3] = {i++, i++, i++}; t = {5, 6}; return sum(t) + sum({3, 4}) * 100 + make(4).b * 1000 + e.b * 10000 + order[2] * 100000 + (int)w * 1000000 + (c == 200) * 10000000 + (f == 1) * 20000000; }

// [dcl.struct.bind]: arrays, classes, references, const; bit-fields and members of bases.
struct Bits { int a : 3; unsigned b : 4; }; struct Derived : P {};
__device__ int bindings() { int arr[2] = {1, 2}; auto [a, b] = arr; auto& [c, d] = arr; c = 7; P p{3, 4}; const auto& [x, y] = p; p.y = 9; auto&& [u, v] = P{5, 6}; Bits bits{-1, 12}; auto [s, t] = bits; Derived e; e.x = 1; e.y = 2; auto& [ex, ey] = e; ey += 5; auto f = [x = x] { return x; }; return a + b * 10 + arr[0] * 100 + x * 1000 + y * 10000 + (u + v) * 100000 + s + (int)t * 10000000 + e.y + f(); }

// [class.expl.init] and [class.base.init]: members in the order of declaration; bases first; delegation; initialisers of members; references and constants.
struct Log { int* l; int d; __device__ Log(int* p, int k) : l(p), d(k) { *l = *l * 10 + d; } }; struct Order : Log { Log second; Log first; const int c; int& r; __device__ Order(int* p, int& x) : first(p, 3), second(p, 2), Log(p, 1), c(4), r(x) {} __device__ Order(int* p, int& x, int y) : Order(p, x) { r = y; } };
struct Members { int a = 1; int b{2}; P p{3, 4}; int arr[3] = {5, 6, 7}; float f = a * 2.5f; __device__ Members() {} __device__ Members(int x) : a(x), arr{x} {} };
__device__ int base_initialisers() { int log = 0, x = 0; Order o(&log, x, 8); Members m, n(9); return log + o.c * 1000 + x * 10000 + (m.p.y + m.arr[2]) * 100000 + (n.a + n.arr[0] + n.arr[2]) * 10000000 + (int)n.f; }

// [class.default.ctor]: implicit ones run the members' constructors.
struct Implicit { Ctor c; int n = 2; };
__device__ int default_constructors() { Implicit i; Implicit a[2]; return i.c.v + i.n * 10 + a[1].c.v * 100; }

// [class.copy.ctor] and [class.copy.assign]: member by member; user-made ones; of arrays; moves chosen for rvalues; self-assignment.
struct Copies { int v, c = 0, m = 0; __device__ Copies(int a) : v(a) {} __device__ Copies(const Copies& o) : v(o.v), c(o.c + 1), m(o.m) {} __device__ Copies(Copies&& o) : v(o.v), c(o.c), m(o.m + 1) { o.v = 0; } __device__ Copies& operator=(const Copies& o) { if (this != &o) { v = o.v; c = o.c + 10; } return *this; } __device__ Copies& operator=(Copies&& o) { v = o.v; m = o.m + 10; return *this; } }; struct HasArray { int a[3]; Copies k; __device__ HasArray(int x) : a{x, x, x}, k(x) {} };
__device__ int copies() { Copies a(5); Copies b(a); Copies c = static_cast<Copies&&>(a); b = c; b = Copies(6); c = c; HasArray h(4); HasArray i = h; h.a[1] = 0; return a.v + b.v * 10 + b.c * 100 + b.m * 10000 + c.m * 1000000 + i.a[1] * 10000000 + i.k.c * 100000000; }

// [class.copy.elision]: a prvalue is the object itself. Nothing to refuse.
struct Alone { int v; __device__ Alone(int a) : v(a) {} Alone(const Alone&) = delete; }; __device__ Alone make_alone(int x) { return Alone(x); }
__device__ int elision() { Alone a = make_alone(3); Alone b = Alone(Alone(4)); return a.v * 10 + b.v; }

// [class.dtor]: in reverse, members and bases after the body, on all ways out.
struct Ends { int* l; int d; __device__ Ends(int* p, int k) : l(p), d(k) {} __device__ ~Ends() { *l = *l * 10 + d; } }; struct Whole : Ends { Ends m; __device__ Whole(int* p) : Ends(p, 1), m(p, 2) {} __device__ ~Whole() { *l = *l * 10 + 3; } };
__device__ int leave(int* l, int n) { Ends a(l, 4); for (int i = 0;; i++) { Ends b(l, 5); if (i == n) return i; if (n == 0) break; } return 9; }
__device__ int destructors() { int l = 0; { Whole w(&l); Ends arr[2] = {{&l, 6}, {&l, 7}}; } int r = leave(&l, 1); return l + r; }

// [class.cdtor]: virtual calls while an object begins mean the class that has begun. Nothing to refuse.
struct Early { int seen; __device__ Early() { seen = id(); } virtual __device__ int id() { return 1; } }; struct Late : Early { int own; __device__ Late() { own = id(); } __device__ int id() override { return 2; } };
__device__ int while_constructing() { Late l; Early& e = l; return l.seen * 100 + l.own * 10 + e.id(); }

// [class.conv.ctor] and [class.conv.fct]: conversions by constructors and functions; to references, pointers, bool; in conditions and switches.
struct FromInt { int v; __device__ FromInt(int a, int b = 1) : v(a + b) {} }; struct ToInt { int v; __device__ operator int() const { return v; } }; struct ToRef { int v; __device__ operator int&() { return v; } __device__ operator const P*() const { return nullptr; } }; struct ToBool { bool b; __device__ explicit operator bool() const { return b; } };
__device__ int take(FromInt f) { return f.v; }
__device__ int conversions() { FromInt f = 3; ToInt t{4}; ToRef r{5}; int& x = r; x++; const P* p = r; int a[6] = {0, 1, 2, 3, 4, 5}; ToBool yes{true}; int s = 0; switch (t) { case 4: s = 1; } if (yes) s += 2; while (!yes) s = 0; return take(2) + f.v * 10 + (t + 1) * 100 + r.v * 1000 + a[t] * 10000 + (yes && true) * 100000 + s * 1000000 + (p == nullptr) * 10000000; }

// [class.inhctor.init]: constructors of the base, its other members and the class's own begin as usual.
struct Inherited : Two { using Two::Two; int extra = 4; };
__device__ int inherited_constructors() { Inherited i(1, 2); Inherited j; return i.a + i.b * 10 + i.extra * 100 + j.a * 1000; }

__global__ void test(int* out) {
    out[0] = forms();
    out[1] = aggregates();
    out[2] = text();
    out[3] = references();
    out[4] = lists();
    out[5] = bindings();
    out[6] = base_initialisers();
    out[7] = default_constructors();
    out[8] = copies();
    out[9] = elision();
    out[10] = destructors();
    out[11] = while_constructing();
    out[12] = conversions();
    out[13] = inherited_constructors();
}
