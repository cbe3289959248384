// Declarators and types in all their forms.
struct S { int x; __device__ int f(int) { return x; } };
typedef int (*Callback)(int, float);
typedef struct { float x, y; } Point, *PointPtr;
typedef enum Color { RED, GREEN = 3, BLUE } Color;
enum class Kind : unsigned char { A, B };
enum Plain { P0 = 1 << 2, P1 };
using Matrix = float[3][4];
template <typename T> using Ptr = T*;
template <typename T, typename U = int, int N = sizeof(T) * 2> struct Pair { T first; U second[N]; };
template <typename T> struct Pair<T*, int, 3> { T* p; };
template <bool B, class T = void> struct EnableIf {};
template <class T> struct EnableIf<true, T> { typedef T type; };
template <class T> __device__ typename EnableIf<(sizeof(T) > 2), T>::type wide(T x) { return x; }
template <class... Ts> struct Tuple {};
template <class T, class... Ts> struct Tuple<T, Ts...> : Tuple<Ts...> { T head; };
template <template <class> class W, class T> struct Wrapped { W<T> w; };
namespace outer { namespace inner { struct Deep { static const int value = 7; }; __device__ inline int g() { return 1; } }
inline namespace v1 { __device__ int h(); } }
namespace { __device__ int hidden(int a) { return a; } }
namespace alias = outer::inner;
using outer::inner::Deep;
__device__ const volatile int* const restless = nullptr;
extern "C" __device__ int with_c_linkage(int);
__device__ int (*table[4])(int);
__device__ int (&ref_to_array(int (&a)[4]))[4] { return a; }
__device__ int S::* member = &S::x;
__device__ auto trailing(int a) -> decltype(a + 1) { return a; }
__device__ unsigned long long int u1; __device__ long long i1; __device__ signed char c1; __device__ long double ld;
struct __align__(8) Aligned { char c; alignas(16) int i; alignas(double) char d; };
struct Packed { char c; int i; } __attribute__((packed));
union Bits { unsigned u : 3; int : 0; float f; struct { short lo, hi; }; };
struct Base { __device__ virtual ~Base() {} __device__ virtual int f() const = 0; };
struct Derived final : public Base { __device__ int f() const override { return 2; }
  __device__ Derived& operator=(const Derived&) = delete; __device__ Derived() : Base(), n{1} {} int n;
  template <class T> __device__ operator T*() const; __device__ int operator()(int i) const { return i; }
  __device__ Derived& operator++() { return *this; } __device__ Derived operator++(int) { return *this; }
  friend struct S; template <class T> friend class Q; static constexpr float half = .5f; mutable int m; };
template <class T> struct Out { __device__ Out(T); __device__ ~Out(); __device__ T get() const; struct In; static T s; };
template <class T> __device__ Out<T>::Out(T x) {}
template <class T> __device__ Out<T>::~Out() {}
template <class T> __device__ T Out<T>::get() const { return T(); }
template <class T> T Out<T>::s = T(3);
__global__ void __launch_bounds__(128) kernel(Pair<float> p, Ptr<const int> q, Callback cb, Point pt, PointPtr pp, Color c, Kind k,
                                              Plain pl, Matrix m, Aligned al, Packed pk, Bits b, Wrapped<Out, int> w, Tuple<int, float> t) {
  Derived d; Out<int> o(3); Deep deep; restless; with_c_linkage(1); table[0]; ref_to_array; member; trailing(1); wide(2);
  u1; i1; c1; ld; outer::h(); hidden(1); alias::g(); Pair<Pair<int*, int, 3>, Out<Out<float>>, 2> nested; nested.first.p;
  int (*f)(int) = nullptr; int (*g[2])(int, int*); const int* const* cp; int&& rr = 3; int S::* ms; int (S::*mf)(int) = &S::f;
  decltype(d.n) same; typename Out<int>::In* in; auto* ap = &d; const auto& ar = d; decltype(auto) da = (d);
  static_cast<int (*)(int)>(nullptr); (void (*)(int, float*))0; sizeof(int*[3]); sizeof(int (*)[3]); alignof(Aligned);
  (d.*member); (&d)->*member;
}
