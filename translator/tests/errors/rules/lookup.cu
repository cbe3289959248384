// What C++ refuses in names, tokens and the preprocessor; nvcc refuses each marked line.
struct Hidden { int a; };
struct Other { int x; };
enum class Side { left, right };
namespace outer { namespace inner { __device__ int f() { return 1; } } __device__ int only() { return 1; } struct S { int v; }; }
namespace a_ns { __device__ int twice() { return 1; } } namespace b_ns { __device__ int twice() { return 2; } }
struct Incomplete;
template <class T> struct Box { T v; };

// [lex.bool] and [lex.nullptr]: nullptr is no integer.
__global__ void null_number(int* o) { o[0] = nullptr; }
//^ E0203: no conversion from `std::nullptr_t` to `int`
// [lex.ext] and [over.literal]: a suffix needs its operator.
__global__ void no_suffix(int* o) { o[0] = 3_nothing; }
//^ E0201: unknown name `operator""_nothing`
// [lex.string]: too long for its array ([dcl.init.string]).
__global__ void long_string(int* o) { char a[2] = "abc"; o[0] = a[0]; }
//^ E0214: the string is too long for the array
// [basic.def.odr] and [basic.def]: defined twice in one block ([basic.scope.block]).
__global__ void twice_declared(int* o) { int x = 1; { int x = 2; o[1] = x; } float x = 2; o[0] = (int)x; }
//^ E0238: `x` is declared in this block already
// [basic.scope.param]: a parameter's name in the outermost block.
__global__ void param_again(int* o, int n) { int n = 2; o[0] = n; }
//^ E0238: `n` is declared in this block already
// [basic.scope.pdecl]: before its declaration.
__global__ void before(int* o) { o[0] = later_value; int later_value = 1; }
//^ E0201: unknown name `later_value`
// [basic.scope.block]: behind its block.
__global__ void behind(int* o) { { int inner_value = 1; o[1] = inner_value; } o[0] = inner_value; }
//^ E0201: unknown name `inner_value`
__global__ void behind_loop(int* o) { for (int i = 0; i < 3; i++) o[i] = i; o[0] = i; }
//^ E0201: unknown name `i`
// [basic.scope.namespace], [basic.lookup.qual] and [namespace.qual]: a namespace's names need it.
__global__ void unqualified(int* o) { o[0] = only(); }
//^ E0201: unknown name `only`
__global__ void wrong_scope(int* o) { o[0] = outer::f(); }
//^ E0201: unknown name `f`
__global__ void no_namespace(int* o) { o[0] = nowhere::f(); }
//^ E0201: unknown name `nowhere`
// [basic.scope.class], [class.qual] and [basic.lookup.classref]: members of another class.
__global__ void wrong_member(int* o, Other x) { o[0] = x.a; }
//^ E0210: `Other` has no member `a`
__global__ void wrong_class(int* o) { o[0] = Other::nothing; }
//^ E0201: unknown name `nothing`
// [basic.scope.enum]: a scoped enumeration's names need it.
__global__ void unscoped(int* o) { o[0] = (int)left; }
//^ E0201: unknown name `left`
// [basic.scope.temp]: a template's parameter ends with the template.
template <class T> struct Ends { T t; };
__global__ void shadow(int* o) { T t = 1; o[0] = t; }
//^ E0201: unknown name `T`
// [basic.lookup.unqual] and [basic.scope.hiding]: the nearest name counts, whatever it is.
__global__ void hides(int* o) { int Hidden = 1; Hidden h; o[0] = 1; }
//^ E0202: `Hidden` is not a type
// [basic.lookup.argdep]: not without an argument of the namespace.
__global__ void no_argument(int* o) { o[0] = twice(); }
//^ E0201: unknown name `twice`
// [basic.lookup.udir] and [namespace.udir]: two namespaces with one name.
__global__ void two_spaces(int* o) { using namespace a_ns; using namespace b_ns; o[0] = twice(); }
//^ E0205: call of `twice` is ambiguous
// [class.member.lookup] and [class.mi]: two bases with one name.
struct BaseA { int both; }; struct BaseB { int both; }; struct Both : BaseA, BaseB {}; __global__ void two_bases(int* o) { Both b{}; o[0] = b.both; }
//^ E0205: a member of that name is in `BaseA` and in `BaseB`, both bases
// [basic.lookup.elab] and [class.name]: a class that nobody defines.
__global__ void undefined_class(int* o) { Incomplete i; o[0] = 1; }
//^ E0211: `Incomplete` is declared but not defined
__global__ void size_of_undefined(int* o) { o[0] = sizeof(Incomplete); }
//^ E0211: `Incomplete` is declared but not defined
// [basic.types] and [basic.fundamental]: no object has type void.
__global__ void void_object(int* o) { void v; o[0] = 1; }
//^ E0211: `v` cannot have type `void`
// [basic.compound] and [dcl.ref]: no pointer to a reference, no array of references.
__global__ void pointer_to_reference(int* o) { int& *p = nullptr; o[0] = 1; }
//^ E0203: there are no pointers to references
// [basic.type.qualifier] and [dcl.type.cv]: const is not changed.
__global__ void change_const(int* o) { const int c = 1; c = 2; o[0] = c; }
//^ E0212: an object of type `const int` cannot be changed
__global__ void count_const(int* o) { const int c = 1; ++c; o[0] = c; }
//^ E0212: an object of type `const int` cannot be changed
// [basic.align] and [dcl.align]: an alignment is a power of two.
struct alignas(3) Odd { char c; }; __global__ void odd_alignment(int* o) { Odd x; o[0] = x.c; }
//^ E0207: an alignment must be a power of two
// [basic.life] and [class.temporary]: a temporary is no lvalue.
__global__ void address_of_temporary(int* o) { int* p = &Box<int>{1}.v; o[0] = *p; }
//^ E0206: only an object has an address, not a temporary value
// [basic.stc.static] and [basic.stc.auto]: shared memory has no initialiser in CUDA.
__global__ void shared_initialiser(int* o) { __shared__ int s = 4; o[0] = s; }
//^ E0307: shared variables have no initialiser
