// What C++ refuses in conversions and expressions; nvcc refuses each marked line.
struct P { int x, y; __device__ int get() const { return x; } __device__ int set(int v) { return x = v; } int bits : 3; static const int s = 4; };
struct Base { int b; }; struct Derived : Base { int d; }; struct Other { int o; }; struct Explicit { __device__ explicit Explicit(int) {} };
struct Poly { virtual __device__ int f() { return 1; } }; struct PolyDerived : Poly {};
enum class Color { red, green }; enum Plain { p0 };
__device__ int func(int x) { return x; } __device__ void nothing() {} __device__ int changes(int& x) { return x; }
__device__ int over(int) { return 1; } __device__ int over(float) { return 2; }

// [conv.lval] and [expr.prim.paren]: void has no value.
__global__ void void_value(int* o) { o[0] = nothing(); }
//^ E0203: no conversion from `void` to `int`
// [conv.array] and [expr.ass]: an array is not assigned.
__global__ void array_assigned(int* o) { int a[2] = {}, b[2] = {}; a = b; o[0] = a[0]; }
//^ E0212: an array cannot be changed as a whole
// [conv.func] and [over.over]: a function of another type.
__global__ void function_type(int* o) { float (*f)(int) = func; o[0] = (int)f(1); }
//^ E0203: no conversion from function `func` to `float(int)*`
// [conv.qual]: const does not go away, nor come in inside.
__global__ void drops_const(int* o, const int* p) { int* q = p; o[0] = *q; }
//^ E0203: no conversion from `const int*` to `int*`
// [conv.prom], [conv.integral] and [conv.fpint]: classes and scoped enumerations are no integers.
__global__ void enum_number(int* o) { int x = Color::red; o[0] = x; }
//^ E0203: no conversion from `Color` to `int`
__global__ void class_number(int* o, P p) { int x = p; o[0] = x; }
//^ E0203: no conversion from `P` to `int`
// [conv.fpprom] and [conv.double]: pointers are no numbers.
__global__ void pointer_float(float* o) { float f = o; o[0] = f; }
//^ E0203: no conversion from `float*` to `float`
// [conv.ptr]: only to void and to bases.
__global__ void pointer_type(int* o) { float* f = o; o[0] = (int)*f; }
//^ E0203: no conversion from `int*` to `float*`
__global__ void pointer_from_number(int* o) { int n = 0; int* p = n; o[0] = *p; }
//^ E0203: no conversion from `int` to `int*`
__global__ void to_derived(int* o) { Base b; Derived* d = &b; o[0] = d->d; }
//^ E0203: no conversion from `Base*` to `Derived*`
// [conv.mem]: not from derived to base.
__global__ void member_to_base(int* o) { int Base::*m = &Derived::d; o[0] = 1; }
//^ E0203: no conversion from `int Derived::*` to `int Base::*`
// [conv.bool]: a class without a conversion is no condition.
__global__ void class_condition(int* o, P p) { if (p) o[0] = 1; }
//^ E0203: no conversion from `P` to `bool`
// [expr.arith.conv]: classes have no arithmetic.
__global__ void class_sum(int* o, P p) { o[0] = p + 1; }
//^ E0206: operator `+` does not apply to `P` and `int`
// [basic.lval]: an rvalue is not assigned.
__global__ void rvalue_assigned(int* o) { func(1) = 2; o[0] = 1; }
//^ E0212: a temporary value cannot be changed
__global__ void literal_assigned(int* o) { 3 = o[0]; }
//^ E0212: a temporary value cannot be changed
// [expr.prim.this]: only in methods.
__global__ void no_this(int* o) { o[0] = this != nullptr; }
//^ E0237: `this` is available in methods only
// [expr.prim.id], [expr.prim.id.qual] and [expr.prim.id.unqual]: a member needs an object.
__global__ void no_object(int* o) { o[0] = P::x; }
//^ E0237: a data member needs an object here
// [expr.prim.lambda] and [expr.prim.lambda.closure]: one with captures is no pointer to a function.
__global__ void captured_pointer(int* o) { int n = 1; int (*f)() = [n] { return n; }; o[0] = f(); }
//^ E0203: no conversion from `lambda` to `int()*`
// [expr.prim.lambda.capture]: what is not captured; what is captured by copy is const.
__global__ void not_captured(int* o) { int n = 1; auto f = [] { return n; }; o[0] = f(); }
//^ E0201: unknown name `n`
__global__ void captured_const(int* o) { int n = 1; auto f = [n] { return ++n; }; o[0] = f(); }
//^ E0212: an object of type `const int` cannot be changed
// [expr.sub]: one pointer and one integer.
__global__ void index_number(int* o) { int a = 1; o[0] = a[0]; }
//^ E0206: `int` cannot be indexed
// [expr.call]: a call needs a function, and its arguments.
__global__ void call_number(int* o) { int a = 1; o[0] = a(1); }
//^ E0206: `int` cannot be called
__global__ void too_many_arguments(int* o) { o[0] = func(1, 2); }
//^ E0204: no function `func` takes (int, int)
// [expr.type.conv]: one value for a scalar.
__global__ void two_values(int* o) { o[0] = int(1, 2); }
//^ E0214: `int` takes one value
// [expr.ref]: `.` on a pointer, `->` on an object.
__global__ void dot_on_pointer(int* o, P* p) { o[0] = p.x; }
//^ E0210: `P*` is no class, so it has no member `x`
__global__ void arrow_on_object(int* o, P p) { o[0] = p->x; }
//^ E0206: operator `->` does not apply to `P`
// [expr.post.incr] and [expr.pre.incr]: numbers and pointers only.
__global__ void count_class(int* o, P p) { p++; o[0] = 1; }
//^ E0206: operator `++` does not apply to `P` and `int`
__global__ void count_bool(int* o) { bool b = true; b--; o[0] = b; }
//^ E0206: `bool` cannot be counted up or down
// [expr.dynamic.cast] and [expr.typeid]: device code has no run-time types. Nothing to accept.
__global__ void dynamic(int* o) { PolyDerived d; Poly* p = &d; o[0] = dynamic_cast<PolyDerived*>(p) != nullptr; }
//^ E0231: `dynamic_cast` is not available on the device
__global__ void type_id(int* o) { PolyDerived d; Poly& p = d; o[0] = typeid(p) == typeid(Poly); }
//^ E0231: `typeid` is not available on the device
// [expr.static.cast]: not between unrelated pointers, nor from a pointer to a number.
__global__ void unrelated(int* o, float* f) { o[0] = *static_cast<int*>(f); }
//^ E0203: `static_cast` from `float*` to `int*`
__global__ void pointer_to_number(long* o) { o[0] = static_cast<long>(o); }
//^ E0203: `static_cast` from `long*` to `long`
// [expr.reinterpret.cast]: not between numbers.
__global__ void reinterpret_number(int* o) { float f = 1; o[0] = reinterpret_cast<int>(f); }
//^ E0203: `reinterpret_cast` from `float` to `int`
// [expr.const.cast]: only const changes.
__global__ void const_cast_type(int* o) { const float f = 1; o[0] = *const_cast<int*>(&f); }
//^ E0203: `const_cast` from `const float*` to `int*`
__global__ void static_drops_const(int* o, const int* p) { *static_cast<int*>(p) = 1; }
//^ E0203: `static_cast` from `const int*` to `int*`
// [expr.unary.op]: what has no address, no negative, no target.
__global__ void address_of_value(int* o) { int* p = &func(1); o[0] = *p; }
//^ E0206: only an object has an address, not a temporary value
__global__ void bits_address(int* o) { P p; int* q = &p.bits; o[0] = *q; }
//^ E0304: a bit-field has no address
__global__ void deref_number(int* o) { int a = 1; o[0] = *a; }
//^ E0206: `int` is no pointer
__global__ void complement_float(float* o) { o[0] = ~o[1]; }
//^ E0206: operator `~` does not apply to `float`
// [expr.sizeof] and [expr.alignof]: of functions and bit-fields there is no size.
__global__ void size_of_bits(int* o) { P p; o[0] = sizeof(p.bits); }
//^ E0304: bit-fields and functions have no size
// [expr.cast] and [expr.prim.id.dtor]: a class needs a conversion.
__global__ void cast_class(int* o, P p) { o[0] = (int)p; }
//^ E0203: no conversion from `P` to `int`
// [expr.mptr.oper]: a member of the object's class.
__global__ void member_of_other(int* o, Other a) { o[0] = a.*(&P::x); }
//^ E0206: `Other` has no members of `P`
// [expr.mul]: `%` has integers.
__global__ void float_remainder(float* o) { o[0] = o[1] % 2.0f; }
//^ E0206: operator `%` does not apply to `float` and `float`
// [expr.add]: two pointers have a difference, no sum.
__global__ void pointer_sum(int* o) { o[0] = *(o + o); }
//^ E0206: operator `+` does not apply to `int*` and `int*`
__global__ void other_pointers(int* o, float* f) { o[0] = (int)(o - f); }
//^ E0206: operator `-` does not apply to `int*` and `float*`
// [expr.shift], [expr.bit.and], [expr.xor] and [expr.or]: integers only.
__global__ void float_shift(float* o) { o[0] = o[1] << 2; }
//^ E0206: operator `<<` does not apply to `float` and `int`
__global__ void float_bits(float* o) { o[0] = o[1] & 2; }
//^ E0206: operator `&` does not apply to `float` and `int`
__global__ void float_xor(float* o) { o[0] = o[1] ^ 2; }
//^ E0206: operator `^` does not apply to `float` and `int`
__global__ void float_or(float* o) { o[0] = o[1] | 2; }
//^ E0206: operator `|` does not apply to `float` and `int`
// [expr.rel] and [expr.eq]: pointers of one type; no classes without an operator.
__global__ void compare_classes(int* o, P p) { o[0] = p == p; }
//^ E0206: operator `==` does not apply to `P` and `P`
// [expr.log.and] and [expr.log.or]: conditions on both sides.
__global__ void class_and(int* o, P p) { o[0] = p && true; }
//^ E0203: no conversion from `P` to `bool`
__global__ void class_or(int* o, P p) { o[0] = false || p; }
//^ E0203: no conversion from `P` to `bool`
// [expr.cond]: the arms have a common type.
__global__ void other_arms(int* o, P p) { o[0] = (o[1] ? p : 1), 1; }
//^ E0206: the arms of `?:` have types `P` and `int`
// [expr.ass]: pointers are not multiplied.
__global__ void multiplied(int* o) { o *= 2; o[0] = 1; }
//^ E0206: operator `*` does not apply to `int*` and `int`
// [expr.comma] and [expr.throw]: nothing is thrown on a device. Nothing to accept.
__global__ void thrown(int* o) { o[0] = 1, throw 2; }
//^ E0223: exceptions are not available on the device
// [expr.const]: sizes and cases are constant.
__global__ void variable_case(int* o, int n) { switch (o[0]) { case n: o[1] = 1; } }
//^ E0207: this is not a constant expression
__global__ void variable_argument(int* o, int n) { struct S { int a; }; constexpr int k = n; o[0] = k; }
//^ E0207: the value of `k` is not constant
__global__ void division_by_zero(int* o) { int a[1 / 0]; o[0] = 1; }
//^ E0207: this is not a constant expression
