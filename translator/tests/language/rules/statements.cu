// Statements ([stmt]).
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 14" }]
//# expect = { out = [4, 7, 3, 8165321, 503235, 322, 31235, 406815, 136, -792675, 12, 7, 98030318, 5546] }
// [stmt.label]: labels before any statement; one name may be a label and a variable.
__device__ int labels() { int again = 0; again: again++; if (again < 4) goto again; return again; }

// [stmt.expr]: empty statements; values dropped.
__device__ int empty() { int a = 1;; ; a + 1; for (int i = 0; i < 3; a += ++i); (void)a; return a; }

// [stmt.block]: a scope of its own, also without names in it. Nothing to refuse.
__device__ int nested_blocks() { int a = 1; { { a += 2; { int a = 10; a++; } } {} } return a; }

// [stmt.if]: else belongs to the nearest if; initialisers; declarations as conditions; if constexpr drops an arm.
__device__ int nearest(int a, int b) { if (a) if (b) return 1; else return 2; return 3; }
template <class T> __device__ int kind(T t) { if constexpr (sizeof(T) == 1) return t.none(); else if constexpr (sizeof(T) == 4) return 4; else return 8; }
struct One { char c; __device__ int none() { return 1; } };
__device__ int ifs() { int r = nearest(1, 1) + nearest(1, 0) * 10 + nearest(0, 1) * 100; if (int x = 5; x > 3) r += x * 1000; else r = x; if (int y = r > 0 ? 6 : 0) r += y * 10000; if (int* p = nullptr) r = *p; return r + kind(One{}) * 100000 + kind(1.0) * 1000000; }

// [stmt.switch]: falling through, default anywhere, declarations before, cases within blocks and loops, enumerations, nested ones, ranges of bits.
enum class Kind : char { a, b, c };
__device__ int chosen(int x) { int r = 0; switch (x) { default: r += 1; case 1: r += 10; break; case 2: { r += 100; } case 3: case 4: r += 1000; break; case -1: return 7; } return r; }
__device__ int of_kind(Kind k) { switch (k) { case Kind::a: return 1; case Kind::b: break; case Kind::c: return 3; } return 2; }
__device__ int switches() { int s = 0; for (int i = -1; i < 6; i++) s = s * 3 + chosen(i); switch (int y = s % 2; y) { case 0: s += 1; break; case 1: switch (s > 0) { case true: s += 2; break; case false: s += 4; } s += 8; } unsigned long long big = 1ull << 40; switch (big) { case 1ull << 40: s += 16; break; case 0: s = 0; } return s * 10 + of_kind(Kind::b) + of_kind(Kind::c); }
__device__ int in_loops() { int r = 0; for (int i = 0; i < 6; i++) { switch (i) { case 1: continue; case 2: { int k = i; r += k; break; } case 4: goto out; default: r += 10; } r += 100; } out: return r; }
__device__ int duff(int n) { int count = 0; int i = (n + 3) / 4; switch (n % 4) { case 0: do { count += 1; case 3: count += 1; case 2: count += 1; case 1: count += 1; } while (--i > 0); } return count; }

// [stmt.while], [stmt.do] and [stmt.for]: conditions that declare; parts left away; continue goes to the step and to the condition.
__device__ int loops() { int n = 5, s = 0; while (int k = n--) { if (k == 3) continue; s += k; } do { s += 100; if (s > 300) continue; } while (s < 250); for (;;) { if (s > 1000) break; s += 300; } for (int i = 0, *p = &s; i < 3; i++, *p += 1) { if (i == 1) continue; *p += 10; } for (int i = 3; int j = i - 1; i--) s += j * 10000; return s; }

// [stmt.ranged]: arrays, references, members and free begin/end, initialisers, lists of constants.
struct Span { int* b; int n; __device__ int* begin() const { return b; } __device__ int* end() const { return b + n; } };
namespace lib { struct Box { int v[2]; }; __device__ int* begin(Box& b) { return b.v; } __device__ int* end(Box& b) { return b.v + 2; } }
__device__ int ranges() { int a[4] = {1, 2, 3, 4}; int s = 0; for (int x : a) { x *= 2; s += x; } for (int& x : a) x *= 2; for (const auto& x : Span{a, 2}) s += x * 100; lib::Box b{{5, 6}}; for (auto&& x : b) { if (x == 5) continue; s += x * 1000; x = 0; } for (int k = 2; int x : a) s += x * k * 10000; char text[] = "ab"; for (char c : text) if (c) s += c; return s + b.v[1]; }

// [stmt.break] and [stmt.cont]: of the innermost loop, break of a switch too.
__device__ int jumps() { int s = 0; for (int i = 0; i < 5; i++) { for (int j = 0; ; j++) { if (j > i) break; if (j % 2) continue; s += 1; } while (true) { switch (i) { case 3: s += 100; break; default: s += 10; } break; } if (i == 3) break; } return s; }

// [stmt.return]: values converted, braces, void calls, references, from within loops.
struct Pair { int a, b; }; __device__ Pair pair_of(int x) { return {x, x + 1}; } __device__ void nothing(int& n) { n++; } __device__ void forwards(int& n) { if (n > 100) return; return nothing(n); } __device__ int truncated() { return 3.9f; } __device__ const int& constant(const int& x) { return x; } __device__ int searched(const int* a, int n, int v) { for (int i = 0; i < n; i++) for (int j = 0; j < 2; j++) if (a[i] == v) return i * 10 + j; return -1; }
__device__ int returns() { int n = 1; forwards(n); int a[3] = {5, 6, 7}; return pair_of(4).b + n * 10 + truncated() * 100 + constant(7) * 1000 + searched(a, 3, 7) * 10000 + searched(a, 3, 9) * 1000000; }

// [stmt.goto]: backwards, forwards, out of loops.
__device__ int gotos(int n) { int i = 0, s = 0; top: if (i >= n) goto done; for (int j = 0; j < 10; j++) { if (j == 3) goto next; s += j; } s += 1000; next: i++; goto top; done: return s; }
__device__ int goto_results() { return gotos(4) + gotos(0); }

// [stmt.dcl]: initialised each time the declaration is reached; statics once.
struct Count { int* n; __device__ Count(int* p) : n(p) { *n += 1; } __device__ ~Count() { *n += 100; } };
__device__ int stepped() { static int v = 7; return v++; }
__device__ int declarations() { int n = 0, r = 0; for (int i = 0; i < 3; i++) { int fresh = i; fresh += 5; r += fresh; Count c(&n); } return r + n * 100 + stepped() * 1000000 + stepped() * 10000000; }

// [stmt.ambig]: what could be a declaration is one. Nothing to refuse.
struct S { int v; __device__ S(int a = 3) : v(a) {} }; 
__device__ int ambiguous() { int a = 5; S(b); S (c) = 4; { S(a); int(x) = a.v; b.v += x; } (S(a)); int* p(&a); int (*q) = &a; return b.v + c.v * 10 + *p * 100 + *q * 1000; }

__global__ void test(int* out) {
    out[0] = labels();
    out[1] = empty();
    out[2] = nested_blocks();
    out[3] = ifs();
    out[4] = switches();
    out[5] = in_loops();
    out[6] = loops();
    out[7] = ranges();
    out[8] = jumps();
    out[9] = returns();
    out[10] = goto_results();
    out[11] = stepped();
    out[12] = declarations();
    out[13] = ambiguous();
}
