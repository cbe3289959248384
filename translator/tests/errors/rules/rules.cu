// What C++ forbids, rule by rule; nvcc refuses each kernel here.
struct Point { int x, y; __device__ int get(int) const { return x; } __device__ int set(int v) { return x = v; } int bits : 3; };
struct Other { int x; };
struct NoCopy { int v; __device__ NoCopy(int a) : v(a) {} NoCopy(const NoCopy&) = delete; };
struct NeedsValue { int v; __device__ NeedsValue(int a) : v(a) {} };
struct OneArg { int v; __device__ explicit OneArg(int a) : v(a) {} };
struct Forward;
enum class Color { red, green };
template <int N> struct Size { static const int value = N; };
template <class T> struct OnlyPointers; template <class T> struct OnlyPointers<T*> { static const int value = 1; };
template <class T> __device__ int first(T a, T b) { return a; }
template <class T> __device__ T made() { return T(); }
__device__ int two(int a, int b) { return a + b; }

// [expr.mptr.oper]/2: the class of the object.
__global__ void member_of_other(int* o, Other a) { o[0] = a.*(&Point::x); }
//^ E0206: `Other` has no members of `Point`
// [expr.mptr.oper]/5: const.
__global__ void const_member(int* o, const Point p) { int (Point::*f)(int) = &Point::set; o[0] = (p.*f)(1); }
//^ E0206: not const
// [expr.unary.op]/3, [class.bit]
__global__ void bit_member(int* o) { auto m = &Point::bits; o[0] = 1; }
//^ E0304: bit-field
// [conv.mem]: not from derived to base, not between types.
__global__ void wrong_member(int* o) { float Point::* m = &Point::x; o[0] = 1; }
//^ E0203: no conversion
// [dcl.enum]/10: a scoped enum is no integer.
__global__ void scoped(int* o) { o[0] = Color::red; }
//^ E0203: no conversion from `Color`
__global__ void scoped_sum(int* o) { o[0] = Color::red + 1; }
//^ E0206: does not apply
// [class.copy.ctor], [dcl.fct.def.delete]
__global__ void copied(int* o) { NoCopy a(1); NoCopy b = a; o[0] = b.v; }
//^ E0204: deleted
// [class.default.ctor]
__global__ void no_default(int* o) { NeedsValue a; o[0] = a.v; }
//^ E0204: no
// [dcl.init.list]/3: explicit.
__global__ void explicit_list(int* o) { OneArg a = 1; o[0] = a.v; }
//^ E0203: no conversion
// [basic.types]: incomplete.
__global__ void incomplete(int* o) { Forward f; o[0] = 1; }
//^ E0211: declared but not defined
// [dcl.init.aggr]: too many.
__global__ void too_many(int* o) { Point p = {1, 2, 3, 4}; o[0] = p.x; }
//^ E0214: more items
// [temp.arg.type]: too many, too few, of the wrong kind.
__global__ void more_args(int* o) { o[0] = Size<1, 2>::value; }
//^ E0208: too many template arguments
__global__ void type_for_value(int* o) { o[0] = Size<int>::value; }
//^ E0208: a value is needed
// [temp.class.spec]: nothing fits.
__global__ void no_primary(int* o) { o[0] = OnlyPointers<int>::value; }
//^ E0201: unknown name `value`
// [temp.deduct.call]
__global__ void not_deduced(int* o) { o[0] = made(); }
//^ E0204: no function `made`
// [over.match.viable]
__global__ void too_few(int* o) { o[0] = two(1); }
//^ E0204: no function `two` takes
// [basic.lookup.unqual], [basic.lookup.classref]
__global__ void unknown(int* o) { o[0] = tow(1, 2); }
//^ E0201: unknown name `tow`
__global__ void no_member(int* o, Point p) { o[0] = p.z; }
//^ E0210: has no member `z`
// [expr.ass], [dcl.type.cv]
__global__ void to_const(const int* o) { *o = 1; }
//^ E0212: cannot be changed
__global__ void to_value(int* o) { two(1, 2) = 3; }
//^ E0212: a temporary value
// [conv.qual]
__device__ int* pass(int* p) { return p; }
__global__ void drops_const(const int* o) { pass(o); }
//^ E0204: no function `pass`
// [expr.mul]/2, [expr.add]
__global__ void float_rest(float* o) { o[0] = o[1] % 2; }
//^ E0206: operator `%`
__global__ void sum_of_pointers(int* o) { int* p = o + o; *p = 1; }
//^ E0206: does not apply
// [stmt.return]/2: of the wrong type.
__device__ int* wrong() { return 1.0f; }
//^ E0203: no conversion from `float`
__global__ void calls_wrong(int* o) { o[0] = *wrong(); }
// [dcl.spec.auto]
__global__ void bare_auto(int* o) { auto a; o[0] = 1; }
//^ E0202: needs an initialiser
// [expr.prim.lambda.capture]: without a capture.
__global__ void uncaptured(int* o) { int n = o[1]; auto f = [] { return n; }; o[0] = f(); }
//^ E0201: unknown name `n`
// [expr.prim.lambda]/: a copy is const.
__global__ void const_capture(int* o) { int n = o[1]; auto f = [n] { n = 2; return n; }; o[0] = f(); }
//^ E0212: cannot be changed
// [expr.cond]
__global__ void arms(int* o, Point p) { auto a = o[0] ? p : 1; o[1] = 1; }
//^ E0206: the arms of
// [expr.call]: no function.
__global__ void call_number(int* o) { int n = 1; o[0] = n(2); }
//^ E0206: cannot be called
// [dcl.array]/1
__global__ void negative_array(int* o) { int a[-1]; o[0] = 1; }
//^ E0207: the size of an array
// [dcl.ref], [dcl.init.ref]
__global__ void no_referent(int* o) { int& r; o[0] = 1; }
//^ E0214: reference `r` is not initialised
// [dcl.array]/4: of references, of void.
template <class T> struct Rows { T& rows[2]; };
//^ E0203: no arrays of `int&`
__global__ void array_of_references(int* o) { Rows<int> r; o[0] = 1; }
// [expr.ass]: an array is no value that could change.
__global__ void array_moves(int* o) { int a[4]; a += 1; o[0] = a[0]; }
//^ E0212: an array cannot be changed
// [dcl.init.string]/1: characters are no arrays.
__global__ void text_of_rows(int* o) { char rows[][6] = ""; o[0] = rows[0][0]; }
//^ E0214: a string is no value
// [temp.expl.spec]/12: the parameters are the template's.
template <class T> __device__ T bits(T v);
template <> __device__ int bits<int>(float v) { return 1; } __global__ void other_parameters(int* o) { o[0] = bits<int>(1); }
//^ E0219: `bits<int>` is declared
