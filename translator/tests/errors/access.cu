// Who may name a member, what may be declared twice, and of what there are no objects; nvcc refuses each kernel here.
struct Shape { virtual __device__ int area() const = 0; int side; };
struct Named : Shape { __device__ int name() const { return 1; } };
class Hidden { int secret; __device__ int f() { return secret; } static const int K = 3; public: int open; protected: int guarded; typedef int type; };
struct Nosy : Hidden { __device__ int look(); };
struct Triple { int a, b, c; };

// [expr.static.cast]: numbers are no addresses, nor are pointers converted that have nothing to do with each other.
__global__ void number_of_pointer(int* p, long long* q) { q[0] = static_cast<long long>(p); }
//^ E0203: no `static_cast` from `int*` to `long long`
__global__ void pointer_of_number(int* p, long long* q) { p = static_cast<int*>(q[0]); *p = 1; }
//^ E0203: no `static_cast` from `long long` to `int*`
__global__ void other_pointer(int* p, float* q) { q[0] = *static_cast<float*>(p); }
//^ E0203: no `static_cast` from `int*` to `float*`
__global__ void without_const(const int* p) { *static_cast<int*>(p) = 1; }
//^ E0203: no `static_cast`
__global__ void other_reference(int* p) { static_cast<float&>(p[0]) = 1; }
//^ E0203: no `static_cast` from `int` to `float&`
// [basic.scope.block]
__global__ void twice(int* p) { int x = 1; float x = 2; p[0] = 1; }
//^ E0238: `x` is declared in this block already
__global__ void parameter(int* p, int n) { int n = 1; p[0] = 1; }
//^ E0238: `n` is declared in this block already
__global__ void loop_variable(int* p, int n) { for (int i = 0; i < n; i++) { int i = 3; p[0] = 1; } }
//^ E0238: `i` is declared in this block already
__global__ void condition(int* p, int n) { if (int i = n) { int i = 3; p[0] = 1; } }
//^ E0238: `i` is declared in this block already
// [class.abstract]
__global__ void abstract(int* p) { Shape s; p[0] = 1; }
//^ E0247: `Shape` is abstract
__global__ void abstract_derived(int* p) { Named s; p[0] = 1; }
//^ E0247: `Named` is abstract
__global__ void abstract_value(int* p) { p[0] = Shape().side; }
//^ E0247: `Shape` is abstract
__global__ void abstract_new(int* p) { Shape* s = new Named; p[0] = 1; }
//^ E0247: `Named` is abstract
__global__ void abstract_array(int* p) { Shape s[3]; p[0] = 1; }
//^ E0247: `Shape` is abstract
// [class.access]
__global__ void private_field(int* p, Hidden h) { p[0] = h.secret; }
//^ E0246: a private member of `Hidden`
__global__ void private_method(int* p, Hidden h) { p[0] = h.f(); }
//^ E0246: a private member of `Hidden`
__global__ void private_static(int* p) { p[0] = Hidden::K; }
//^ E0246: a private member of `Hidden`
__global__ void protected_field(int* p, Hidden h) { p[0] = h.guarded; }
//^ E0246: a protected member of `Hidden`
__global__ void protected_type(int* p) { Hidden::type t = 1; p[0] = t; }
//^ E0246: a protected member of `Hidden`
__device__ int Nosy::look() { return guarded + this->secret; }
//^ E0246: a private member of `Hidden`
__global__ void private_of_base(int* p, Nosy n) { p[0] = n.look(); }
// [dcl.struct.bind]: as many names as parts.
__global__ void few_names(int* p) { Triple t{1, 2, 3}; auto [a, b] = t; p[0] = 1; }
//^ E0214: more parts than there are names
__global__ void few_elements(int* p) { int t[3] = {1, 2, 3}; auto& [a, b] = t; p[0] = 1; }
//^ E0214: more parts than there are names
