// What C++ refuses of templates; nvcc refuses each marked line.
template <class T, int N = 2> struct Arr { T d[N]; __device__ int size() const { return N; } }; template <class T> struct Only; template <> struct Only<int> { static const int v = 1; };
template <class T> __device__ int one(T) { return 1; } template <class T> __device__ int same_two(T, T) { return 1; } template <int N> __device__ int value() { return N; } template <template <class> class W> __device__ int wraps() { return 1; }
template <class T> struct Plain { T v; typedef int type; }; template <class T> using Alias = Plain<T>; template <class T> constexpr int var = sizeof(T); template <class... T> __device__ int pack(T... t) { return sizeof...(T); }
template <class T, class U> struct Pair { static const int k = 0; }; template <class T> struct Pair<T, int> { static const int k = 1; }; template <class T> struct Pair<int, T> { static const int k = 2; };
template <class T, class U> __device__ int ordered(T*, U) { return 1; } template <class T, class U> __device__ int ordered(T, U*) { return 2; } struct Conv { template <class T> __device__ operator T*() const { return nullptr; } };

// [temp.param]: a parameter without a default needs an argument.
__global__ void no_argument(int* o) { Arr<> a; o[0] = 1; }
//^ E0209: template parameter `T` is not given and cannot be deduced
// [temp.names]: a template's name needs arguments where they cannot be deduced.
__global__ void no_arguments(int* o) { Plain* p = nullptr; o[0] = p == nullptr; }
//^ E0208: template `Plain` needs arguments here
// [temp.arg.type]: a type is no value.
__global__ void value_for_type(int* o) { Plain<3> p; o[0] = 1; }
//^ E0208: a type is needed as template argument
// [temp.arg.nontype]: a constant of the parameter's type.
__global__ void variable_value(int* o, int n) { o[0] = value<n>(); }
//^ E0207: this is not a constant expression
__global__ void class_value(int* o) { o[0] = value<Plain<int>{1}>(); }
//^ E0207: this is not a constant expression
// [temp.arg.template]: a template is wanted.
__global__ void no_template(int* o) { o[0] = wraps<int>(); }
//^ E0204: no function `wraps` takes ()
// [temp.constr]: what the constraint says.
template <class T> requires (sizeof(T) == 8) __device__ int wide(T) { return 1; } __global__ void not_fulfilled(int* o) { o[0] = wide(1); }
//^ E0204: no function `wide` takes (int)
// [temp.type]: other arguments are another type.
__global__ void other_type(int* o) { Arr<int, 2> a{}; Arr<int, 3> b = a; o[0] = b.size(); }
//^ E0203: no conversion from `Arr<int, 2>` to `Arr<int, 3>`
// [temp.class], [temp.mem.func], [temp.mem.class], [temp.static] and [temp.mem.enum]: members that are not there.
__global__ void no_member(int* o) { Arr<int> a{}; o[0] = a.length(); }
//^ E0210: `Arr<int, 2>` has no member `length`
// [temp.mem]: a member template's arguments.
__global__ void no_member_template(int* o) { Arr<int> a{}; o[0] = a.size<int>(); }
//^ E0204: no function `size` takes ()
// [temp.variadic]: packs of one length.
template <class... A, class... B> __device__ int zip(Plain<A>... a, Plain<B>... b) { return 0; } template <class... T> __device__ int bare(T... t) { return t; } __global__ void unexpanded(int* o) { o[0] = bare(1, 2); }
//^ E0230: a pack must be expanded with `...`
// [temp.friend]: found by its arguments only.
template <class T> struct Friendly { friend __device__ int by_argument(Friendly, int) { return 1; } }; __global__ void not_found(int* o) { o[0] = by_argument(1, 2); }
//^ E0201: unknown name `by_argument`
// [temp.class.spec], [temp.class.spec.match] and [temp.class.order]: two that fit equally.
__global__ void two_fit(int* o) { o[0] = Pair<int, int>::k; }
//^ E0205: several specialisations of `Pair` fit <int, int>
// [temp.alias]: an alias's arguments.
__global__ void alias_arguments(int* o) { Alias<int, int> a; o[0] = 1; }
//^ E0208: too many template arguments for `Alias`
// [temp.res] and [temp.dep]: a dependent member that the argument has not.
template <class T> __device__ int wants_type(T) { typename T::type t = 1; return t; } __global__ void no_type(int* o) { o[0] = wants_type(1); }
//^ E0202: `int` is no class or namespace
// [temp.local]: the class's own name is the instance.
template <class T> struct Own { __device__ int f() { Own o; return o.nothing; } }; __global__ void own_name(int* o) { o[0] = Own<int>().f(); }
//^ E0210: `Own<int>` has no member `nothing`
// [temp.point] and [temp.inst]: a body that makes no sense for the arguments; recursion without an end.
template <class T> __device__ int calls_size(T t) { return t.size(); } __global__ void bad_instance(int* o) { o[0] = calls_size(1); }
//^ E0210: `int` is no class, so it has no member `size`
template <int N> struct Endless { static const int v = Endless<N + 1>::v; }; __global__ void endless_class(int* o) { o[0] = Endless<0>::v; }
//^ E0215: instantiation is nested too deeply
template <int N> __device__ int endless() { return endless<N + 1>(); } __global__ void endless_function(int* o) { o[0] = endless<0>(); }
//^ E0204: no function `endless` takes ()
// [temp.explicit] and [temp.expl.spec]: a class that is only declared.
__global__ void not_specialised(int* o) { Only<float> f; o[0] = 1; }
//^ E0211: `Only<float>` is declared but not defined
// [temp.arg.explicit]: too many.
__global__ void too_many(int* o) { o[0] = one<int, int>(1); }
//^ E0204: no function `one` takes (int)
// [temp.deduct], [temp.deduct.call] and [temp.deduct.type]: two answers.
__global__ void two_answers(int* o) { o[0] = same_two(1, 2.5f); }
//^ E0204: no function `same_two` takes (int, float)
__global__ void list_deduced(int* o) { o[0] = one({1, 2}); }
//^ E0204: no function `one` takes ({..})
// [temp.deduct.funcaddr]: no instance of that type.
__global__ void no_instance(int* o) { int (*f)(int, int) = one; o[0] = f(1, 1); }
//^ E0203: no conversion from function `one` to `int(int, int)*`
// [temp.deduct.conv]: no target of that form.
__global__ void no_target(int* o) { int n = Conv(); o[0] = n; }
//^ E0203: no conversion from `Conv` to `int`
// [temp.deduct.decl] and [temp.over]: nobody takes part.
__global__ void nobody(int* o) { o[0] = value(); }
//^ E0204: no function `value` takes ()
// [temp.variable]: its arguments.
__global__ void variable_arguments(int* o) { o[0] = var<int, int>; }
//^ E0208: too many template arguments for `var`
// [temp.deduct.guide]: no guide for these.
__global__ void no_guide(int* o) { Arr a(1, 2, 3); o[0] = 1; }
//^ E0209: the template arguments of `Arr` cannot be deduced from these values
// [temp.over.link], [temp.func.order] and [temp.deduct.partial]: neither is more special.
__global__ void no_order(int* o) { o[0] = ordered(o, o); }
//^ E0205: ambiguous
// [expr.prim.fold]: an empty pack has a value for `&&`, `||` and the comma alone.
template <class... T> __device__ int sum(T... t) { return (t + ...); } __global__ void empty_fold(int* o) { o[0] = sum(); }
//^ E0230: empty pack
