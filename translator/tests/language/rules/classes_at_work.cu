// Classes, rule by rule, with the place of each in the standard. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 29" }]
//# expect = { out = [141511160, 980472, 321, 78825662, 5490, 65921, 21, 83, 11112, 57002849, 18301244, 125621330, 833, 67, 8121, 5363111, 111205109, 453321, 1274, 610, 14154728, 161616, 8111406, 1616019, 31110, 2, 41410, 7875, 10] }
// [class.ctor], [class.base.init]: initialiser lists, delegation, defaulted, default member initialisers, order of declaration.
struct Counted { int a = 1; int b; int c = a + 1; __device__ Counted() : Counted(5) { c += 100; } __device__ explicit Counted(int v) : b(v), a(v * 2) {} Counted(const Counted&) = default; };
__device__ int constructors() { Counted x; Counted y(7); Counted z = y; return x.a + x.b * 10 + x.c * 100 + y.c * 100000 + z.a * 10000000; }
struct Agg { int a; struct { int b; float c; } in; int d[2]; };
__device__ int aggregates() { Agg x = {1, {2, 3.5f}, {4, 5}}; Agg y{1, 2, 3.5f, 4}; Agg z{}; Agg w = {.a = 7, .in = {.b = 8}, .d = {9}}; return x.in.b + (int)(x.in.c * 2) * 10 + y.d[0] * 100 + y.d[1] * 1000 + z.a + w.in.b * 10000 + w.d[0] * 100000 + w.d[1]; }

// [class.dtor]: at the end of scopes, in reverse order, on every way out; members and bases after the body; temporaries at the end of the expression.
struct Log { int* at; int digit; __device__ Log(int* p, int d) : at(p), digit(d) {} __device__ ~Log() { *at = *at * 10 + digit; } __device__ int value() const { return digit; } };
__device__ int scopes() { int log = 0; { Log a(&log, 1); Log b(&log, 2); { Log c(&log, 3); } } return log; }
__device__ int early(int* log, int n) { Log a(log, 1); if (n == 1) { Log b(log, 2); return 7; } for (int i = 0; i < 3; i++) { Log c(log, 3); if (i == 1) break; if (n == 2) continue; Log d(log, 4); } return 8; }
__device__ int leaving() { int log = 0; int r = early(&log, 1); r = r * 10 + early(&log, 2); int log2 = 0; r = r * 10 + early(&log2, 3); return log + r * 100000 + log2; }
__device__ int temporaries() { int log = 0; int v = Log(&log, 4).value() + Log(&log, 5).value(); log = log * 10 + v; const Log& kept = Log(&log, 6); log *= 10; return log; }
struct Member { Log a; Log b; __device__ Member(int* p) : a(p, 1), b(p, 2) {} __device__ ~Member() { *a.at = *a.at * 10 + 9; } };
struct DerivedLog : Log { __device__ DerivedLog(int* p) : Log(p, 5) {} __device__ ~DerivedLog() { *at = *at * 10 + 6; } };
__device__ int parts() { int log = 0; { Member m(&log); DerivedLog d(&log); } return log; }
__device__ int arrays_end() { int log = 0; { Log a[2] = {Log(&log, 1), Log(&log, 2)}; } return log; }
struct Restore { int& r; int old; __device__ Restore(int& x, int v) : r(x), old(x) { x = v; } __device__ ~Restore() { r = old; } };
__device__ int returned_before_end() { int x = 3; auto f = [&] { Restore g(x, 8); return x; }; int a = f(); return a * 10 + x; }

// [class.conv.fct], [over.binary]
struct Meters { float v; __device__ explicit operator float() const { return v; } __device__ operator int() const { return (int)v; } __device__ explicit operator bool() const { return v != 0; } };
__device__ int conversions() { Meters m{2.75f}; int i = m; return i + (int)((float)m * 4) * 10 + (m ? 1000 : 0) + (!m ? 1 : 0) + (m && i ? 10000 : 0); }
struct Ops {
    int v;
    __device__ Ops operator+(Ops o) const { return {v + o.v}; }  __device__ Ops operator-() const { return {-v}; }  __device__ Ops& operator+=(int d) { v += d; return *this; }
    __device__ Ops& operator++() { ++v; return *this; }  __device__ Ops operator++(int) { Ops old = *this; ++v; return old; }
    __device__ int operator()(int a, int b = 2) const { return v * a + b; }  __device__ int& operator[](int) { return v; }  __device__ const int& operator[](int) const { return v; }
    __device__ Ops* operator->() { return this; }  __device__ int operator*() const { return v * 100; }  __device__ bool operator<(const Ops& o) const { return v < o.v; }
    __device__ int operator,(int b) const { return v * 10 + b; } __device__ Ops* operator&() { return this + 0; } __device__ bool operator!() const { return v == 0; } __device__ int operator~() const { return ~v; }
};
__device__ Ops operator*(int k, const Ops& o) { return {k * o.v}; }
__device__ bool operator==(const Ops& a, int b) { return a.v == b; }
__device__ int operators() { Ops a{3}, b{4}; a += 2; Ops c = a++ + -b; ++c; const Ops d = 2 * b; a[0] += 1; return a->v + c.v * 10 + d(3) * 100 + *a * 10000 + (a < b) + (d == 8 ? 5 : 0) * 10000000 + d[0] + (a, 3) * 3 + !a + ~b; }
struct Iter { const int* p; __device__ const int& operator*() const { return *p; } __device__ Iter& operator++() { ++p; return *this; } __device__ bool operator!=(const Iter& o) const { return p != o.p; } };
struct Range { int d[4]; __device__ Iter begin() const { return {d}; } __device__ Iter end() const { return {d + 4}; } };
struct Counter { int n; struct It { int i; __device__ int operator*() const { return i; } __device__ void operator++() { ++i; } __device__ bool operator!=(It o) const { return i != o.i; } }; __device__ It begin() const { return {0}; } __device__ It end() const { return {n}; } };
namespace other { struct Free { int a[3]; }; __device__ int* begin(Free& f) { return f.a; } __device__ int* end(Free& f) { return f.a + 3; } }
__device__ int range_for() { Range r{{1, 2, 3, 4}}; int s = 0; for (int v : r) s = s * 10 + v; for (auto v : Counter{3}) s += v * 100000; other::Free f{{7, 8, 9}}; for (int& v : f) { v++; if (v == 9) continue; s += v * 1000000; } int m[2][2] = {{1, 2}, {3, 4}}; for (auto& row : m) for (int v : row) s += v; return s; }

// [class.derived], [class.mem]: several bases, hiding, using, static members, nested types, CRTP, empty bases ([Itanium 2.4]).
struct Empty {}; struct Empty2 {}; struct Left { int l; __device__ int f(int) { return 1; } static __device__ int s() { return 4; } }; struct Right { char r; __device__ int f(char) { return 2; } };
struct Both : Left, Right, Empty { using Left::f; using Right::f; int own; enum { K = 6 }; static constexpr int N = 5; typedef short small; };
struct Tiny : Empty { char c; }; struct Tail : Right { char d; }; struct NonPod { __device__ NonPod() {} int a; char b; }; struct Reuses : NonPod { char c; };
__device__ int bases() { Both b{}; b.l = 1; b.r = 2; b.own = 3; Left* l = &b; Right* r = &b; Both* back = static_cast<Both*>(r); return l->l + r->r * 10 + back->own * 100 + b.f(1) * 1000 + b.f('c') * 10000 + Both::K * 100000 + Both::N * 1000000 + (int)sizeof(Both) * 10000000 + (int)sizeof(Tiny) + (int)sizeof(Both::small) + b.s() + (int)sizeof(Tail); }
__device__ int tail_padding() { Reuses r; r.a = 1; r.b = 2; r.c = 3; NonPod p = r; return (int)sizeof(Reuses) * 100 + r.a + r.c * 10 + p.b; }
template <class D> struct Crtp { __device__ int call() { return static_cast<D*>(this)->impl() + 1; } __device__ const D& self() const { return *static_cast<const D*>(this); } }; struct Impl : Crtp<Impl> { int v = 6; __device__ int impl() { return v * 10; } };
__device__ int crtp() { Impl i; return i.call() + i.self().v; }
struct EB1 : Empty { Empty e; int x; }; struct EB2 : Empty, Empty2 { }; struct EB3 : Empty { Empty2 e2; char c; };
__device__ int empty_bases() { return sizeof(EB1) * 1000 + sizeof(EB2) * 100 + sizeof(EB3) * 10 + sizeof(Empty); }

// [class.union], [class.bit], anonymous members
union Bits { float f; unsigned u; unsigned char b[4]; };
struct Variant { int tag; union { int i; float f; struct { short lo, hi; }; }; };
struct Packed { unsigned a : 3; signed b : 5; unsigned : 0; unsigned c : 20; bool d : 1; enum Kind : unsigned char { K0, K1 } k : 2; };
__device__ int unions() { Bits x; x.f = 1.0f; Variant v; v.tag = 1; v.i = 0x00050003; Packed p = {5, -3, 1000000, true}; p.a += 6; p.k = Packed::K1; return (int)(x.u >> 23) + x.b[3] * 1000 + v.lo * 100000 + v.hi * 1000000 + p.a + p.b * 10 + (int)sizeof(Packed) + (p.c == 1000000) + p.d + p.k; }

// [class.copy.ctor]: user copies and moves, ref-qualified and const methods, [expr.prim.this] captures
struct Track { int v; int copies = 0, moves = 0; __device__ Track(int a) : v(a) {} __device__ Track(const Track& o) : v(o.v), copies(o.copies + 1), moves(o.moves) {} __device__ Track(Track&& o) : v(o.v), copies(o.copies), moves(o.moves + 1) { o.v = 0; } __device__ Track& operator=(const Track& o) { v = o.v; copies = o.copies + 10; return *this; } __device__ Track& operator=(Track&& o) { v = o.v; moves = o.moves + 10; o.v = -1; return *this; } };
template <class T> __device__ T&& rvalue(T& t) { return static_cast<T&&>(t); }
__device__ int by_value(Track t) { return t.copies * 10 + t.moves; }
__device__ int copies() { Track a(5); Track b = a; Track c = rvalue(a); int r = a.v + b.copies * 10 + c.moves * 100 + c.v * 1000; a = b; b = rvalue(c); return r + by_value(a) * 10000 + b.moves * 10000000 + c.v; }
struct Quals { __device__ int f() & { return 1; } __device__ int f() const& { return 2; } __device__ int f() && { return 3; } __device__ int g() const { return 4; } __device__ int g() { return 5; } };
__device__ int qualifiers() { Quals q; const Quals c{}; return q.f() + c.f() * 10 + Quals().f() * 100 + rvalue(q).f() * 1000 + q.g() * 10000 + c.g() * 100000; }
struct Holder { int v = 4; __device__ int run(int k) { auto f = [this, k] { return v * k; }; auto g = [=, *this]() mutable { v += k; return v; }; int r = f() * 10 + g(); return r * 10 + v; } };
__device__ int this_capture() { return Holder().run(3); }
struct Nested { int outer = 2; struct In { int i; __device__ int twice() const { return i * 2; } }; In in{5}; static int shared_count(); };
__device__ int nested() { Nested n; Nested::In i{3}; return n.in.twice() + i.twice() * 100; }
struct Point { int x, y; }; struct Line { Point a, b; };
__device__ int bindings() { Point p{1, 2}; auto [x, y] = p; auto& [rx, ry] = p; rx = 7; Line l{{1, 2}, {3, 4}}; const auto& [a, b] = l; int arr[3] = {4, 5, 6}; auto [u, v, w] = arr; int s = 0; Point ps[2] = {{1, 2}, {3, 4}}; for (auto [i, j] : ps) s += i * j; for (auto& [i, j] : ps) i += j; return x + y * 10 + p.x * 100 + b.y * 1000 + (u + v + w) * 10000 + s * 1000000 + ps[1].x; }
struct alignas(16) Wide { float f; }; struct WithAlign { char c; alignas(8) char d; };
__device__ int alignment() { return (int)sizeof(Wide) * 10000 + (int)alignof(Wide) * 100 + (int)sizeof(WithAlign); }
// [class.virtual]: overriding, final overriders, calls through bases, qualified calls, pure functions.
struct Virtual { int id; __device__ Virtual(int i) : id(i) {} virtual __device__ int f(int a) { return a + id; } virtual __device__ int g() const { return 1; } __device__ int both() { return f(1) * 10 + g(); } };
struct Over : Virtual { int more = 3; __device__ Over(int i) : Virtual(i) {} __device__ int f(int a) override { return a * id + more; } };
struct Over2 final : Over { __device__ Over2() : Over(9) {} __device__ int g() const override { return 7; } __device__ int f(int a) override { return Over::f(a) + 1000; } };
__device__ int through(Virtual& v) { return v.f(2) * 10 + v.g(); }
__device__ int virtual_calls() { Virtual a(1); Over b(5); Over2 c; Virtual* p[3] = {&a, &b, &c}; int s = 0; for (int i = 0; i < 3; i++) s = s * 7 + p[i]->f(i) + p[i]->g(); return s + through(c) + b.both() * 100000; }
struct Abstract { virtual __device__ int area() const = 0; virtual __device__ ~Abstract() {} }; struct Sq : Abstract { int s; __device__ Sq(int a) : s(a) {} __device__ int area() const override { return s * s; } }; struct Rect : Abstract { int w, h; __device__ Rect(int a, int b) : w(a), h(b) {} __device__ int area() const override { return w * h; } };
__device__ int total(const Abstract* const* shapes, int n) { int t = 0; for (int i = 0; i < n; i++) t += shapes[i]->area(); return t; }
__device__ int abstract_classes() { Sq a(3); Rect b(2, 5); const Abstract* s[] = {&a, &b}; return total(s, 2) + (int)sizeof(Sq) * 1000 + (int)sizeof(Rect) * 100000; }

// [class.copy.ctor]/14, [class.copy.assign]/12: implicit copies go part by part where a part copies itself.
struct CopyLog { int v; int c = 0; __device__ CopyLog(int a) : v(a) {} __device__ CopyLog(const CopyLog& o) : v(o.v), c(o.c + 1) {} __device__ CopyLog& operator=(const CopyLog& o) { v = o.v; c = o.c + 10; return *this; } };
struct Has { int n; CopyLog l; __device__ Has(int a) : n(a), l(a) {} };
struct OnlyCopy { int v; int c = 0; __device__ OnlyCopy(int a) : v(a) {} __device__ OnlyCopy(const OnlyCopy& o) : v(o.v), c(o.c + 1) {} };
struct CopyDerived : CopyLog { int more; __device__ CopyDerived(int a) : CopyLog(a), more(a) {} };
struct OnlyAssign { int v; __device__ OnlyAssign& operator=(const OnlyAssign& o) { v = o.v + 1; return *this; } };
struct HasAssign { int a; OnlyAssign b; int c[2]; };
__device__ int memberwise() { Has a(3); Has b = a; Has c(1); c = b; return a.l.c + b.l.c * 10 + c.l.c * 100 + c.n * 10000; }
__device__ int assign_no_copy() { OnlyCopy a(1), b(2); a = b; return a.c * 10 + a.v; }
__device__ int slice() { CopyDerived d(4); CopyLog l = d; l = d; CopyDerived e = d; return l.c + l.v * 100 + e.c * 1000 + e.more * 10000; }
__device__ int assign_parts() { HasAssign x{1, {2}, {3, 4}}, y{5, {6}, {7, 8}}; x = y; HasAssign z = x; return x.a + x.b.v * 10 + x.c[1] * 100 + z.b.v * 1000; }
__device__ int by_value(Has h) { return h.l.c; }
__device__ int pass() { Has a(2); return by_value(a) * 10 + by_value(Has(3)); }

__global__ void test(int* out) {
    out[0] = constructors();
    out[1] = aggregates();
    out[2] = scopes();
    out[3] = leaving();
    out[4] = temporaries();
    out[5] = parts();
    out[6] = arrays_end();
    out[7] = returned_before_end();
    out[8] = conversions();
    out[9] = operators();
    out[10] = range_for();
    out[11] = bases();
    out[12] = tail_padding();
    out[13] = crtp();
    out[14] = empty_bases();
    out[15] = unions();
    out[16] = copies();
    out[17] = qualifiers();
    out[18] = this_capture();
    out[19] = nested();
    out[20] = bindings();
    out[21] = alignment();
    out[22] = virtual_calls();
    out[23] = abstract_classes();
    out[24] = memberwise();
    out[25] = assign_no_copy();
    out[26] = slice();
    out[27] = assign_parts();
    out[28] = pass();
}
