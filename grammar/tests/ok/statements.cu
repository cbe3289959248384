// Statements, and declarations that look like expressions.
#define TILE 16
#define UNROLL _Pragma("unroll")
#define CHECK(x, ...) do { if (!(x)) report(#x, ##__VA_ARGS__); } while (0)
#define CAT(a, b) a##b
__device__ void report(const char*, ...);
struct T0 { int x; };
struct node { int value; node* next; };
__global__ void kernel(int n, float* out, node* list) {
  extern __shared__ float dynamic[]; __shared__ alignas(16) float tile[TILE][TILE + 1]; __shared__ T0 t0s[2];
  if (n) ; else n = 1; if (int k = n) n = k; else n = -k; if (int k = n; k > 2) { n = k; } else if (n < 3) n = 4; else { n = 5; }
  for (;;) break; for (int i = 0, j = n; i < j; ++i, --j) continue; for (n = 0; n < 3; n++) { }
#pragma unroll
  for (int i = 0; i < 4; ++i)
#pragma unroll 2
    for (int j = 0; j < 4; ++j) out[i] = j;
#pragma unroll (TILE / 2)
  while (n > 0) n--;
  UNROLL for (int i = 0; i < 3; i++) out[i] = i;
#pragma nounroll
  do { n++; } while (n < 3);
#pragma some other thing
  for (auto& x : tile) x[0] = 1; for (const int v : {1, 2, 3}) n += v; while (node* next = list->next) { list = next; }
  switch (n) { case 0: case 1: n = 1; break; case 2 ... 5: { n = 2; } default: n = 3; }
  switch (int k = n; k) { case TILE: return; case T0{}.x + 1: ; default: ; }
again: n--; if (n > 3) goto again; if (n) inner: n = 2;
  T0 a; T0 b(a); T0 c{1}; T0* d = &a; T0 &e = a; T0 *f, *g; const T0 h = a; T0 arr[3], (*parr)[3] = &arr; Unknown u; Unknown* up; Unknown ur(n);
  unknown::Type v; unknown::Type* vp = 0; node* m = list; n * n; a.x * n; int (x1) = 3; float y(3.f); T0 fn(int); auto [p, q] = pair(n);
  static const int table[2] = {1, 2}; constexpr int ce = 3; using Local = float; typedef int Int; Local lf = Local(3); Int in = Int(4);
  struct Inner { int a; __device__ int get() const { return a; } } inner_value; Inner other = {1}; enum { E0, E1 }; static_assert(E1 == 1, "m");
  asm volatile("membar.gl;"); asm("add.u32 %0, %1, %2;" : "=r"(n) : "r"(n), "r"(ce)); asm("" :: "r"(n) : "memory"); asm("x" : "=r"(n) "=r"(n) : : );
  CHECK(n > 0, n, "text"); CHECK(n > 0); int CAT(va, lue) = CAT(1, 2); value = __LINE__; { { int n = 0; } } ; ;
  try { n = 1; } catch (int e) { n = 2; } catch (...) { } return;
}
