// What C++ refuses in statements and declarations; nvcc refuses each marked line.
struct P { int x, y; }; struct Bits { int a : 3; }; struct NoDefault { int v; __device__ NoDefault(int a) : v(a) {} }; struct NoCopy { int v = 0; NoCopy() = default; NoCopy(const NoCopy&) = delete; };
struct Explicit { int v; __device__ explicit Explicit(int a) : v(a) {} }; struct HasRef { int& r; }; struct Begin { int v; };
enum class Color { red, green }; enum Fixed : unsigned char { f0 }; namespace ns { __device__ int f() { return 1; } }
__device__ int func(int a, int b = 2) { return a + b; } __device__ void no_value() {} template <class T> struct Box { T v; };

// [stmt.label], [stmt.goto]: a label of the same function.
__global__ void no_label(int* o) { if (o[0]) goto nowhere; o[0] = 1; }
//^ E0222: `nowhere` is no label of a block around this goto
// [stmt.expr], [stmt.block]: a name in a statement must be known.
__global__ void unknown_call(int* o) { nothing_here(); o[0] = 1; }
//^ E0201: unknown name `nothing_here`
// [stmt.if]: a condition is a bool; that of `if constexpr` a constant.
__global__ void void_condition(int* o) { if (no_value()) o[0] = 1; }
//^ E0203: no conversion from `void` to `bool`
__global__ void if_variable(int* o, int n) { if constexpr (n > 0) o[0] = 1; }
//^ E0207: this is not a constant expression
// [stmt.switch]: an integer or enum; each case once; of its type.
__global__ void switch_float(int* o, float f) { switch (f) { case 1: o[0] = 1; } }
//^ E0206: `switch` needs an integer or enum, not `float`
__global__ void case_twice(int* o, int n) { switch (n) { case 1: o[0] = 1; break; case 1: o[0] = 2; } }
//^ E0238: the switch has this label already
__global__ void default_twice(int* o, int n) { switch (n) { default: o[0] = 1; break; default: o[0] = 2; } }
//^ E0238: the switch has this label already
// [stmt.while], [stmt.do] and [stmt.for]: conditions again.
__global__ void while_class(int* o, P p) { while (p) o[0] = 1; }
//^ E0203: no conversion from `P` to `bool`
__global__ void do_class(int* o, P p) { do o[0] = 1; while (p); }
//^ E0203: no conversion from `P` to `bool`
__global__ void for_class(int* o, P p) { for (; p;) o[0] = 1; }
//^ E0203: no conversion from `P` to `bool`
// [stmt.ranged]: an array, or something with begin and end.
__global__ void range_number(int* o, int n) { for (int x : n) o[0] = x; }
//^ E0230: `int` is no range: it has no `begin` and `end`
__global__ void range_pointer(int* o) { for (int x : o) o[0] = x; }
//^ E0230: `int*` is no range: it has no `begin` and `end`
__global__ void range_class(int* o, Begin b) { for (int x : b) o[0] = x; }
//^ E0210: `Begin` has no `begin` to iterate by
// [stmt.break] and [stmt.cont]: something to leave.
__global__ void lone_break(int* o) { o[0] = 1; break; }
//^ E0232: this statement stands outside of what it belongs to
__global__ void lone_continue(int* o) { switch (o[0]) { case 1: continue; } }
//^ E0232: this statement stands outside of what it belongs to
// [stmt.return]: as the function's type says.
__device__ int returns_class(P p) { return p; } __global__ void wrong_return(int* o, P p) { o[0] = returns_class(p); }
//^ E0203: no conversion from `P` to `int`
// [stmt.dcl]: a jump does not pass an initialisation.
__global__ void passes(int* o) { if (o[0]) goto behind; int n = 4; behind: o[1] = n; }
//^ E0245: goto `behind` passes an initialisation
// [stmt.ambig] and [dcl.ambig.res]: what could be a declaration is one.
__global__ void declares_function(int* o) { P p(); o[0] = p.x; }
//^ E0201: unknown name `p`
// [dcl.stc]: one storage class.
// [dcl.fct.spec]: explicit takes no part in copies.
__global__ void explicit_copy(int* o) { Explicit e = 3; o[0] = e.v; }
//^ E0203: no conversion from `int` to `Explicit`
// [dcl.typedef]: a typedef's name is a type.
__global__ void typedef_value(int* o) { typedef int number; o[0] = number + 1; }
//^ E0233: `number` is a type, but a value is needed here
// [dcl.friend], [class.friend]: a friend of nobody is found by nobody.
struct HasFriend { int v; friend __device__ int only_by_argument(HasFriend h) { return h.v; } }; __global__ void hidden_friend(int* o) { o[0] = only_by_argument(3); }
//^ E0201: unknown name `only_by_argument`
// [dcl.constexpr] and [dcl.constinit]: a constant is known while translating.
__global__ void unknown_constant(int* o) { constexpr int n = func(o[0]); o[0] = n; }
//^ E0207: the value of `n` is not constant
// [dcl.type.simple]: words that go together.
// [dcl.type.elab]: the class must be there.
__global__ void no_class(int* o) { struct Nobody n; o[0] = 1; }
//^ E0211: declared but not defined
// [dcl.type.decltype]: of an expression that has a type.
__global__ void decltype_unknown(int* o) { decltype(nobody + 1) n = 1; o[0] = n; }
//^ E0201: unknown name `nobody`
// [dcl.spec.auto]: deduced from one initialiser.
__global__ void auto_nothing(int* o) { auto n; o[0] = 1; }
//^ E0202: `auto` needs an initialiser
// [dcl.type.class.deduct]: from arguments that say it.
__global__ void no_deduction(int* o) { Box b; o[0] = 1; }
//^ E0208: template `Box` needs arguments here
// [dcl.name], [dcl.ptr]: no pointers to references; [dcl.ref]: a reference is bound.
__global__ void unbound(int* o) { int& r; o[0] = r; }
//^ E0214: reference `r` is not initialised
// [dcl.mptr]: of a class.
// [dcl.array]: a constant bound that is not negative.
__global__ void negative_bound(int* o) { int a[-1]; o[0] = 1; }
//^ E0207: the size of an array cannot be -1
__global__ void no_bound(int* o) { int a[]; o[0] = 1; }
//^ E0211: array `a` has no length
// [dcl.fct]: functions return no arrays or functions.
__global__ void bad_argument(int* o) { o[0] = func("text"); }
//^ E0204: no function `func` takes (const char[5])
// [dcl.fct.default]: the ones without come first.
__global__ void missing_argument(int* o) { o[0] = func(); }
//^ E0204: no function `func` takes ()
// [dcl.init]: a constant needs a value; a class its constructor.
__global__ void no_constructor(int* o) { NoDefault n; o[0] = n.v; }
//^ E0204: no constructor `NoDefault` takes ()
// [dcl.init.aggr]: not more than there are.
__global__ void too_many_values(int* o) { P p = {1, 2, 3}; o[0] = p.x; }
//^ E0214: the initialiser has more items than the object
__global__ void no_such_member(int* o) { P p = {.z = 1}; o[0] = p.x; }
//^ E0214: `P` has no such member
// [dcl.init.string]: the zero needs room too.
// [dcl.init.ref]: no temporary for a reference that may change it.
__global__ void bound_to_literal(int* o) { int& r = 3; o[0] = r; }
//^ E0203: no conversion from `int` to `int&`
__global__ void bound_to_other(int* o) { float f = 1; int& r = f; o[0] = r; }
//^ E0203: no conversion from `float` to `int&`
__global__ void rvalue_to_lvalue(int* o) { int x = 1; int&& r = x; o[0] = r; }
//^ E0203: no conversion from `int` to `int&&`
// [dcl.init.list]: a list is no number of several.
__global__ void list_of_two(int* o) { int x = {1, 2}; o[0] = x; }
//^ E0214: `int` takes one value, not 2
// [dcl.fct.def.delete], [dcl.fct.def.default] and [dcl.fct.def.general]: what is deleted is not called.
__global__ void copies_deleted(int* o) { NoCopy a; NoCopy b = a; o[0] = b.v; }
//^ E0204: this constructor is deleted
// [dcl.struct.bind]: as many names as parts.
__global__ void too_few_names(int* o) { P p{1, 2}; auto [a] = p; o[0] = a; }
//^ E0214: more parts than there are names
__global__ void too_many_names(int* o) { P p{1, 2}; auto [a, b, c] = p; o[0] = a; }
//^ E0214: the object has fewer parts than there are names
__global__ void bind_number(int* o) { int n = 1; auto [a] = n; o[0] = a; }
//^ E0214: the object has fewer parts than there are names
// [dcl.enum] and [enum.udecl]: an enum is no integer.
__global__ void number_to_enum(int* o) { Color c = 1; o[0] = (int)c; }
//^ E0203: no conversion from `int` to `Color`
__global__ void using_class(int* o) { using enum P; o[0] = 1; }
//^ E0202: `P` is no enum
// [namespace.def], [namespace.alias], [namespace.unnamed] and [namespace.udecl]: what the namespace has.
__global__ void using_unknown(int* o) { using ns::g; o[0] = 1; }
//^ E0201: unknown name `g`
// [dcl.inline], [dcl.link]: a function without a body cannot be called.
extern "C" __device__ int without_body(int); __global__ void unlinked(int* o) { o[0] = without_body(1, 2); }
//^ E0204: no function `without_body` takes (int, int)
// [dcl.asm]: instructions of NVIDIA's machines are not translated. Nothing to accept.
__global__ void unclosed_asm(int* o) { asm("not an instruction" : "=q"(o[0])); }
//^ E0224: no operand
// [class.temporary]: a reference member is bound.
// [dcl.mptr]: a member of another class.
__global__ void member_of_bits(int* o) { int P::*m = &Explicit::v; P p{}; o[0] = p.*m; }
//^ E0203: no conversion
// [dcl.init.string]: the zero needs room too.
__global__ void no_room(int* o) { char a[3] = "abc"; o[0] = a[0]; }
//^ E0214: too long
// [except.pre]: there are no exceptions on the device. Nothing to accept.
__global__ void tries(int* o) { try { o[0] = 1; } catch (...) { o[0] = 2; } }
//^ E0223: exceptions
