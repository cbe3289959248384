// Functions of the host in code of the device: CUDA C++ Programming Guide, execution space specifiers. nvcc refuses each of these.
int plain(int x) { return x + 1; }
template <class T> T generic(T x) { return x + 1; }
struct Host { int v; Host(int a) : v(a) {} int get() const { return v; } };
struct Mixed { int v; __device__ int get() const; int other() const { return v; } };
int Mixed::get() const { return v; }
__device__ int through(int x) { return generic(x); }
//^ E0244: `generic<int>` is a function of the host, but `through`

__global__ void called(int* o) { o[0] = plain(1); }
//^ E0244: `plain` is a function of the host, but `called`
__global__ void instantiated(int* o) { o[0] = generic(1.0f); }
//^ E0244: `generic<float>`
__global__ void nested(int* o) { o[0] = through(1); }
__global__ void constructed(int* o) { Host h(1); o[0] = h.v; }
//^ E0244: `Host::Host`
__global__ void method(int* o, Mixed m) { o[0] = m.other(); }
//^ E0244: `Mixed::other`
__global__ void local(int* o) { struct L { int m() { return 1; } }; o[0] = L().m(); }
//^ E0244: `L::m`
