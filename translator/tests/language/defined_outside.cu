// [temp.mem]: member templates of classes that are no templates, defined outside of them; [temp.alias]: parameters that an alias ignores.
//# launch = { kernel = "outside", grid = 1, block = 1 }
//# args   = [{ o = "zeros i32 6" }]
//# expect = { o = [7, 10, 42, 8, 4, 2] }
struct Dc { int b; template <class T> __device__ T t(T); template <class T> __device__ static T u(T); };
template <class T> __device__ T Dc::t(T x) { return x + b; }
template <class T> __device__ T Dc::u(T x) { return x * 2; }
template <class V> struct Tc { V b; template <class T> __device__ T t(T); __device__ V m() const; };
template <class V> template <class T> __device__ T Tc<V>::t(T x) { return x * b; }
template <class V> __device__ V Tc<V>::m() const { return b + 1; }
template <class T, class U = void> using Ignoring = Tc<T>;
template <class T> __device__ int ignored(Ignoring<T> t) { return (int)sizeof(t.b); }
template <class T> using Constant = const T*;
template <class T> __device__ int constant(Constant<T> p) { return (int)sizeof(*p); }
__global__ void outside(int* o)
{
    short s = 1;
    o[4] = ignored(Tc<int>{7});
    o[5] = constant(&s);
    Dc d{3};
    o[0] = d.t(4);
    o[1] = Dc::u(5);
    Tc<int> t{7};
    o[2] = t.t(6);
    o[3] = t.m();
}
