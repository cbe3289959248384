// What g++ and nvcc refuse in a choice of functions, with its place in the standard.
struct FromInt {
    int v;
    __device__ explicit FromInt(int a) : v(a) {}
};

struct Gone {
    Gone() = default;
    __device__ Gone(int) = delete;
};

struct ToBoth {
    __device__ operator int() const { return 1; }
    __device__ operator float() const { return 2; }
};

struct Left { int v; };
struct Right { int v; };
struct Both : Left, Right {};

struct Quals {
    __device__ int change() { return 1; }
    __device__ int for_rvalues() && { return 2; }
};

template <class T, class U> struct Pair { static const int id = 0; };
template <class T, class U> struct Pair<T*, U> { static const int id = 1; };
template <class T, class U> struct Pair<T, U*> { static const int id = 2; };

template <bool B> struct EnableIf {};
template <> struct EnableIf<true> { typedef int type; };
template <class T> __device__ typename EnableIf<sizeof(T) == 8>::type wide(T) { return 1; }

__device__ int near(int, double) { return 1; }
__device__ int near(double, int) { return 2; }
__device__ int bound(int& v) { return v; }
__device__ int same(int) { return 1; }
template <class T> __device__ int agree(T, T) { return 1; }
__device__ int takes(FromInt f) { return f.v; }
__device__ int overloaded(int) { return 1; }
__device__ int overloaded(float) { return 2; }
template <int (*F)(int)> __device__ int call(int v) { return F(v); }

// [over.match.best]: better for one argument, worse for the other.
__global__ void ambiguous_call(int* out) { out[0] = near(1, 2); }
//^ E0205: `near` is ambiguous
// [over.best.ics]/10, [class.conv.fct]: two conversions to choose from.
__global__ void ambiguous_conversion(long* out) { out[0] = ToBoth(); }
//^ E0205: ambiguous
// [dcl.init]/17.6.3: copy initialisation takes no explicit constructor.
__global__ void explicit_constructor(int* out) { out[0] = takes(3); }
//^ E0204: no function `takes`
// [dcl.fct.def.delete]
__global__ void deleted(int* out) { Gone g(1); out[0] = 1; }
//^ E0204: deleted
// [dcl.init.ref]/5.1: a temporary does not bind to a reference that may change it.
__global__ void temporary(int* out) { out[0] = bound(1); }
//^ E0204: no function `bound`
// [over.match.viable]: too many arguments.
__global__ void arguments(int* out) { out[0] = same(1, 2); }
//^ E0204: no function `same`
// [temp.deduct.type]/2: two answers for one parameter.
__global__ void conflict(int* out) { out[0] = agree(1, 2.0f); }
//^ E0204: no function `agree`
// [temp.deduct]/8: substitution fails for the only candidate.
__global__ void no_candidate(int* out) { out[0] = wide(1); }
//^ E0204: no function `wide`
// [temp.class.order]: neither specialisation is more specialised.
__global__ void specialisations(int* out) { out[0] = Pair<int*, int*>::id; }
//^ E0205: several specialisations of `Pair`
// [over.call.func]/4: the object takes part.
__global__ void const_object(int* out) { const Quals q{}; out[0] = q.change(); }
//^ E0204: no function `change`
__global__ void lvalue_object(int* out) { Quals q; out[0] = q.for_rvalues(); }
//^ E0204: no function `for_rvalues`
// [over.over]: which overload is meant must be said.
__global__ void overload_value(int* out) { auto f = overloaded; out[0] = f(1); }
//^ E0202: cannot be deduced
