// What C++ refuses of classes and overloads; nvcc refuses each marked line.
struct M { int v; __device__ int f() const { return v; } __device__ int g() { return v; } static const int s = 1; static __device__ int t() { return 1; } int bits : 3; mutable int m; };
struct Base { int b; __device__ Base(int a) : b(a) {} virtual __device__ int f() const { return b; } }; struct Pure { virtual __device__ int f() const = 0; };
struct Nested { struct In { int v; }; }; union U { int i; float f; }; struct Conv { __device__ operator int() const { return 1; } __device__ operator float() const { return 2; } }; struct ExplicitConv { __device__ explicit operator int() const { return 1; } };
struct Left { int x; }; struct Right { int x; }; struct Both : Left, Right {}; struct Twice : Left {}; struct Diamond1 : Left {}; struct Diamond2 : Left {}; struct Diamond : Diamond1, Diamond2 {};
class Private { int secret = 1; __device__ int hidden() { return 1; } protected: int shared = 2; }; struct Eq { int v; bool operator==(const Eq&) const = default; };
struct Op { int v; __device__ Op operator+(int a) const { return {v + a}; } __device__ int operator[](int a) const { return a; } __device__ int operator()(int a) const { return a; } };
__device__ int near(int, double) { return 1; } __device__ int near(double, int) { return 2; } __device__ int over(int) { return 1; } __device__ int over(float) { return 2; } __device__ int takes_ref(int&) { return 1; } __device__ int rval(int&&) { return 1; } struct FromInt { __device__ FromInt(int) {} }; struct FromFrom { __device__ FromFrom(FromInt) {} }; __device__ int from(FromFrom) { return 1; } __device__ int list(int (&&)[2]) { return 1; } struct A2 { int a, b; }; __device__ int agg(A2) { return 1; } __device__ int ptr_int(int*) { return 1; }
template <class T> struct Ded { __device__ Ded(T, T) {} };

// [class.prop], [class.mem]: a member that is not there.
__global__ void no_member(int* o, M m) { o[0] = m.w; }
//^ E0210: `M` has no member `w`
// [class.mfct], [class.mfct.non-static] and [class.this]: a const object, and no object.
__global__ void const_object(int* o, const M m) { o[0] = m.g(); }
//^ E0204: no function `g` takes ()
__global__ void no_object(int* o) { o[0] = M::f(); }
//^ E0204: no function `f` takes ()
// [class.static.mfct] and [class.static.data]: of its class.
__global__ void no_static(int* o) { o[0] = M::nothing(); }
//^ E0201: unknown name `nothing`
// [class.bit]: no references to bit-fields.
__global__ void bit_reference(int* o) { M m; int& r = m.bits; o[0] = r; }
//^ E0304: a bit-field has no address
// [class.nest], [class.nested.type]: by its full name.
__global__ void nested_name(int* o) { In i; o[0] = 1; }
//^ E0201: unknown name `In`
// [class.local]: a local class does not see the block's variables.
__global__ void local_class(int* o) { int n = 1; struct L { __device__ int f() { return n; } }; o[0] = L().f(); }
//^ E0201: unknown name `n`
// [class.union] and [class.union.anon]: one member begins.
__global__ void two_members(int* o) { U u = {1, 2.0f}; o[0] = u.i; }
//^ E0214: the initialiser has more items than the object
// [class.derived]: a class is a base of its own.
__global__ void not_a_base(int* o) { Left l{1}; Twice& t = l; o[0] = t.x; }
//^ E0203: no conversion from `Left` to `Twice&`
// [class.virtual]: what overrides nothing; what is final.
// [class.abstract]: no objects of it.
// [class.access] and [class.protected]: private members.
// [class.ctor], [class.default.ctor] and [class.expl.init]: a constructor's arguments.
__global__ void no_default(int* o) { Base b; o[0] = b.b; }
//^ E0204: no constructor `Base` takes ()
__global__ void too_many(int* o) { Base b(1, 2); o[0] = b.b; }
//^ E0204: no constructor `Base` takes (int, int)
// [class.inhctor.init]: the base's constructors and no others.
struct Inherits : Base { using Base::Base; }; __global__ void not_inherited(int* o) { Inherits i(1, 2); o[0] = i.b; }
//^ E0204: no constructor `Inherits` takes (int, int)
// [class.copy.ctor]: deleted.
struct Kept { int v = 0; Kept() = default; Kept(const Kept&) = delete; Kept& operator=(const Kept&) = delete; }; __global__ void copied(int* o) { Kept a; Kept b(a); o[0] = b.v; }
//^ E0204: this constructor is deleted
// [class.copy.assign]: deleted, or of a constant member.
__global__ void assigned(int* o) { Kept a, b; a = b; o[0] = a.v; }
//^ E0204: `Kept::operator=(const Kept&)` is deleted
// [class.dtor]: a destructor takes nothing.
struct NoEnd { ~NoEnd() = delete; }; __global__ void no_destructor(int* o) { NoEnd n; o[0] = 1; }
//^ E0244: `NoEnd::~NoEnd` is a function of the host, but `no_destructor` runs on the device
// [class.conv.ctor]: one conversion by the user at most.
__global__ void two_conversions(int* o) { o[0] = from(1); }
//^ E0204: no function `from` takes (int)
// [class.conv.fct]: explicit ones are asked for.
__global__ void explicit_function(int* o) { int n = ExplicitConv(); o[0] = n; }
//^ E0203: no conversion from `ExplicitConv` to `int`
// [class.spaceship], [expr.spaceship]: needs <compare>, which is not shipped. Nothing to accept.
__global__ void spaceship(int* o, M a, M b) { o[0] = (a <=> b) < 0; }
//^ E0230: `<=>` is not supported
// [over.load] and [over.dcl]: only the result differs.
__global__ void ambiguous(int* o) { o[0] = near(1, 2); }
//^ E0205: call of `near` is ambiguous
// [over.match.call] and [over.call.func]: nobody fits.
__global__ void nobody(int* o, M m) { o[0] = over(m); }
//^ E0204: no function `over` takes (M)
// [over.call.object] and [over.call]: arguments of the operator.
__global__ void call_object(int* o) { Op p{1}; o[0] = p(1, 2); }
//^ E0204: no `operator()` of `Op` takes (int, int)
// [over.match.oper] and [over.binary]: no operator for these.
__global__ void no_operator(int* o) { Op p{1}; o[0] = (p - 1).v; }
//^ E0206: operator `-` does not apply to `Op` and `int`
// [over.unary]: none of one operand.
__global__ void no_unary(int* o) { Op p{1}; o[0] = (-p).v; }
//^ E0206: operator `-` does not apply to `Op`
// [over.ass]: no assignment from that.
__global__ void no_assignment(int* o, M m) { Op p{1}; p = m; o[0] = p.v; }
//^ E0203: no conversion from `M` to `Op`
// [over.sub]: an index of that type.
__global__ void wrong_index(int* o, M m) { Op p{1}; o[0] = p[m]; }
//^ E0206: operator `[]` does not apply to `Op` and `M`
// [over.ref]: no operator->.
__global__ void no_arrow(int* o) { Op p{1}; o[0] = p->v; }
//^ E0206: operator `->` does not apply to `Op`
// [over.inc]: no operator++.
__global__ void no_increment(int* o) { Op p{1}; p++; o[0] = p.v; }
//^ E0206: operator `++` does not apply to `Op` and `int`
// [over.match.copy] and [over.match.conv]: two conversions, none better.
__global__ void two_ways(long* o) { long n = Conv(); o[0] = n; }
//^ E0205: call of `conversion to long` is ambiguous
// [over.match.ref]: a reference to an object.
__global__ void reference_to_value(int* o) { o[0] = takes_ref(1); }
//^ E0204: no function `takes_ref` takes (int)
// [over.match.list] and [over.ics.list]: a list that fits nothing.
__global__ void long_list(int* o) { o[0] = agg({1, 2, 3}); }
//^ E0204: no function `agg` takes ({..})
// [over.match.class.deduct]: two answers.
__global__ void two_answers(int* o) { Ded d(1, 2.5f); o[0] = 1; }
//^ E0209: the template arguments of `Ded` cannot be deduced from these values
// [over.match.viable]: too few.
__global__ void too_few(int* o) { o[0] = near(1); }
//^ E0204: no function `near` takes (int)
// [over.match.best] and [over.ics.rank]: two equal conversions.
__device__ int equal(long) { return 1; } __device__ int equal(float) { return 2; } __global__ void equal_ranks(int* o) { o[0] = equal(1); }
//^ E0205: call of `equal` is ambiguous
// [over.best.ics], [over.ics.scs] and [over.ics.user]: no sequence at all.
__global__ void no_sequence(int* o, float* f) { o[0] = ptr_int(f); }
//^ E0204: no function `ptr_int` takes (float*)
// [over.ics.ref]: an rvalue reference and an lvalue.
__global__ void lvalue_to_rvalue(int* o) { int x = 1; o[0] = rval(x); }
//^ E0204: no function `rval` takes (int)
// [over.ics.ellipsis]: the arguments in front of it.
__device__ int dots(int, ...) { return 1; } __global__ void no_first(int* o) { o[0] = dots(); }
//^ E0204: no function `dots` takes ()
// [over.over]: nothing says which one.
__global__ void which_one(int* o) { auto f = over; o[0] = f(1); }
//^ E0202: `auto` cannot be deduced from this
__global__ void none_fits(int* o) { int (*f)(int, int) = over; o[0] = f(1, 1); }
//^ E0203: no conversion from function `over` to `int(int, int)*`
// [over.built]: no built-in operator for two classes.
__global__ void no_builtin(int* o) { ExplicitConv e; o[0] = e + 1; }
//^ E0206: operator `+` does not apply to `ExplicitConv` and `int`
// [class.compare.default] and [class.eq]: all parts must be comparable.
struct NotEq { M m; bool operator==(const NotEq&) const = default; }; __global__ void part_not_equal(int* o) { NotEq a{}, b{}; o[0] = a == b; }
//^ E0206: does not apply
// [class.base.init]: what is no member and no base.
struct BadInit { int a; __device__ BadInit() : nothing(1) {} }; __global__ void bad_init(int* o) { BadInit b; o[0] = b.a; }
//^ E0210: no member
