// Templates ([temp]): what template_rules.cu does not have.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 23" }]
//# expect = { out = [1021017, 3084132, 124220049, 124, 1011, 2631637, 773221, 31221442, 212121, 55, 330227211, 6754321, 369231, 536314, 1067651, 56321321, 509833, 121241208, 2153, 4321, 2112, 43, 231111] }
template <class A, class B> constexpr bool same = false;
template <class A> constexpr bool same<A, A> = true;
struct Small { char c; int v = 4; typedef short type; static constexpr int id = 5; template <class T> struct In { T t; }; template <class T> __device__ T as() const { return (T)v; } __device__ int size() const { return 9; } };

// [temp.param]: types, values, templates, packs, defaults, parameters that use earlier ones; unnamed.
template <class T, T V = T(3), template <class> class W = Small::In, class = void, int... N> struct Params { static constexpr int sum = V + (N + ... + 0) + sizeof(W<T>); }; template <typename, auto... V> __device__ int values() { return (int)(V + ... + 0); }
__device__ int parameters() { return Params<int>::sum + Params<char, 'a', Small::In, void, 1, 2>::sum * 10 + values<int, 1, 'b', 3l>() * 10000; }

// [temp.names]: angle brackets within, shifts in parentheses, `template` behind a dependent object.
template <int N> struct Val { static constexpr int v = N; }; template <class T> __device__ int dependent_names(T t) { typename T::type s = 3; return t.template as<int>() + (int)sizeof(typename T::template In<double>) * 10 + s * 1000; }
__device__ int template_names() { return Val<(8 >> 2)>::v + Val<Val<3>::v>::v * 10 + Val<(1 > 0)>::v * 100 + dependent_names(Small{}) * 1000; }

// [temp.arg.type] and [temp.arg.nontype]: types without names, lambdas, conversions of values, pointers to functions and members, enumerators, null.
template <class T> __device__ int sized(T) { return sizeof(T); } template <unsigned char C> constexpr int byte_of = C; template <int (*F)(int)> __device__ int call_it(int x) { return F ? F(x) : 0; } template <class T, int T::*M> __device__ int member(T t) { return t.*M; } __device__ int inc(int x) { return x + 1; } enum class Mode { a = 2 }; template <Mode M> constexpr int mode = (int)M; template <bool B> constexpr int yes = B ? 1 : 2; __device__ int glob[2]; template <auto P> __device__ int type_size() { return sizeof(P); }
__device__ int arguments() { struct { int a, b; } unnamed; auto l = [x = 1] { return x; }; return sized(unnamed) + sized(l) * 10 + byte_of<200> * 100 + call_it<inc>(1) * 100000 + member<Small, &Small::v>(Small{}) * 1000000 + mode<Mode::a> * 10000000 + yes<(3 > 2)> * 100000000 + type_size<'c'>(); }

// [temp.arg.template]: class templates, aliases, with defaults and packs.
template <class T, class U = int> struct Two { T t; U u; }; template <template <class...> class C, class... T> struct Make { using type = C<T...>; }; template <class T> using Alias = Two<T, T>; template <template <class> class C> __device__ int of_char() { return sizeof(C<char>); }
__device__ int template_arguments() { return sizeof(Make<Two, char, short>::type) + of_char<Alias>() * 10 + of_char<Small::In>() * 100; }

// [temp.type]: the same arguments make the same type, through aliases and computed values too.
__device__ int type_identity() { return same<Val<2 + 2>, Val<4>> + same<Alias<int>, Two<int>> * 10 + same<Two<int>, Two<int, unsigned>> * 100 + same<Val<(int)'a'>, Val<97>> * 1000; }

// [temp.class], [temp.mem.func], [temp.mem.class], [temp.static] and [temp.mem.enum]: members of class templates, defined outside.
template <class T, int N> struct Stack { T data[N]; int n = 0; __device__ void push(T t); __device__ T pop(); struct Iter; static const int cap; enum { half = N / 2 }; static __device__ int count(); __device__ Stack& operator<<(T t); template <class U> __device__ U top() const; };
template <class T, int N> __device__ void Stack<T, N>::push(T t) { data[n++] = t; } template <class T, int N> __device__ T Stack<T, N>::pop() { return data[--n]; } template <class T, int N> struct Stack<T, N>::Iter { T* at; __device__ T get() const { return *at; } }; template <class T, int N> const int Stack<T, N>::cap = N * 2; template <class T, int N> __device__ int Stack<T, N>::count() { return sizeof(T) * N; } template <class T, int N> __device__ Stack<T, N>& Stack<T, N>::operator<<(T t) { push(t); return *this; } template <class T, int N> template <class U> __device__ U Stack<T, N>::top() const { return (U)data[n - 1]; }
__device__ int class_members() { Stack<float, 4> s; s << 1.5f << 2.5f << 3.5f; int r = (int)(s.pop() * 2); Stack<float, 4>::Iter i{s.data}; return r + (int)(i.get() * 2) * 10 + Stack<char, 8>::cap * 100 + Stack<short, 3>::count() * 100000 + Stack<int, 6>::half * 10000 + s.top<int>() * 1000000; }

// [temp.mem]: member templates beside plain members, constructors, conversions; of specialisations.
struct Mem { int k = 0; Mem() = default; template <class T> __device__ Mem(T, int) : k(sizeof(T)) {} __device__ int f(int) { return 1; } template <class T> __device__ int f(T) { return 2; } template <class T> __device__ operator T() const { return T(7); } template <class T> __device__ Mem& operator+=(T t) { k += (int)t; return *this; } };
__device__ int member_templates() { Mem m('a', 1); m += 2.5f; int i = m; char c = m; return m.f(1) + m.f(1.0f) * 10 + m.f<int>(1) * 100 + m.k * 1000 + i * 10000 + c * 100000; }

// [temp.variadic]: packs in calls, bases, initialisers, template arguments, lambdas, index sequences; two at once; nested.
template <int... I> struct Seq {}; template <int N, int... I> struct MakeSeq : MakeSeq<N - 1, N - 1, I...> {}; template <int... I> struct MakeSeq<0, I...> { using type = Seq<I...>; }; template <class... T> struct Tuple {}; template <class... A, class... B> __device__ int zip(Tuple<A...>, Tuple<B...>) { return ((sizeof(A) * 10 + sizeof(B)) + ...); } template <int... I> __device__ int weighted(const int* a, Seq<I...>) { return ((a[I] * (I + 1)) + ...); } template <class... T> __device__ int listed(T... t) { int a[] = {(int)t...}; int s = 0; for (int v : a) s = s * 10 + v; return s; } template <class... F> __device__ int each(F... f) { return (f() + ...); } template <class T> __device__ T twice(T t) { return t * 2; } template <class... T> __device__ int mapped(T... t) { return listed(twice(t)...); }
__device__ int packs() { int a[3] = {1, 2, 3}; return zip(Tuple<char, short>{}, Tuple<int, double>{}) + weighted(a, MakeSeq<3>::type{}) * 100 + listed(1, 2.5f, 'c' - 'a') * 10000 + each([] { return 1; }, [] { return 2; }) * 10000000 + mapped(1, 2) * 0; }

// [temp.constr]: a requires-clause says which arguments a template takes; one with a constraint is better than one without.
template <class T> constexpr bool fits = sizeof(T) <= 4; template <class T> requires (fits<T>) __device__ int constrained(T) { return 1; } template <class T> requires (!fits<T>) __device__ int constrained(T) { return 2; } template <class T> __device__ int preferred(T) { return 1; } template <class T> requires (sizeof(T) == 1) __device__ int preferred(T) { return 2; } template <class T> struct Sized { static constexpr int k = 1; }; template <class T> requires (sizeof(T) == 8) struct Sized<T> { static constexpr int k = 2; };
__device__ int requires_clauses() { return constrained(1) + constrained(1.0) * 10 + preferred(1) * 100 + preferred('a') * 1000 + Sized<int>::k * 10000 + Sized<double>::k * 100000; }

// [temp.friend]: friends of class templates.
template <class T> class Box { T v; public: __device__ Box(T a) : v(a) {} friend __device__ T open(const Box& b) { return b.v; } template <class U> friend class Box; template <class U> __device__ Box(const Box<U>& o) : v((T)o.v) {} friend __device__ Box operator+(Box a, Box b) { return Box(a.v + b.v); } };
__device__ int template_friends() { Box<float> f(2.5f); Box<int> i(f); return open(i + Box<int>(3)) + (int)(open(f) * 2) * 10; }

// [temp.class.spec], [temp.class.spec.match] and [temp.class.order]: partial specialisations by shape; the most special one.
template <class T> struct Shape { static constexpr int id = 0; }; template <class T> struct Shape<T*> { static constexpr int id = 1; }; template <class T> struct Shape<const T*> { static constexpr int id = 2; }; template <class T, int N> struct Shape<T[N]> { static constexpr int id = 3 + N; }; template <class R, class... A> struct Shape<R(A...)> { static constexpr int id = 20 + sizeof...(A); }; template <class T, class C> struct Shape<T C::*> { static constexpr int id = 30; }; template <template <class, class> class W, class A, class B> struct Shape<W<A, B>> { static constexpr int id = 40; }; template <class T> struct Shape<T&> { static constexpr int id = 50; }; template <class T> struct Shape<Two<T, T>> { static constexpr int id = 60; };
__device__ int specialisations() { return Shape<int>::id + Shape<int*>::id * 10 + Shape<const int*>::id * 100 + Shape<int[4]>::id * 1000 + Shape<int(char, int)>::id * 10000 + Shape<int Small::*>::id * 1000000 + (Shape<Two<int, char>>::id / 40) * 100000000 + (Shape<Two<int, int>>::id == 60) * 200000000 + (Shape<int&>::id == 50); }

// [temp.over.link], [temp.func.order] and [temp.deduct.partial]: the more special template is called.
template <class T> __device__ int ord(T) { return 1; } template <class T> __device__ int ord(T*) { return 2; } template <class T> __device__ int ord(const T*) { return 3; } template <class T> __device__ int ord(T&, int) { return 4; } template <class T> __device__ int ord(const T&, int) { return 5; } template <class T, class... R> __device__ int var(T, R...) { return 6; } template <class T> __device__ int var(T) { return 7; } template <class T> __device__ int arrs(T*) { return 1; } template <class T, int N> __device__ int arrs(Two<T, T>) { return 8; }
__device__ int partial_order() { int x = 0; const int c = 0; return ord(x) + ord(&x) * 10 + ord(&c) * 100 + ord(x, 1) * 1000 + ord(c, 1) * 10000 + var(1) * 100000 + var(1, 2) * 1000000; }

// [temp.alias] and [temp.variable]: aliases that compute, variables with specialisations.
template <class T> struct Rem { using type = T; }; template <class T> struct Rem<T&> { using type = T; }; template <class T> using rem = typename Rem<T>::type; template <class T> using Fn = T (*)(T); template <class T> constexpr T eps = T(1) / 4; template <> constexpr int eps<int> = 9; template <class T, int N> constexpr int scaled = sizeof(T) * N; template <int N> using Arr = int[N];
__device__ int aliases() { Fn<int> f = inc; Arr<3> a = {1, 2, 3}; return same<rem<int&>, int> + f(2) * 10 + (int)(eps<float> * 8) * 100 + eps<int> * 1000 + scaled<short, 3> * 10000 + a[2] * 100000; }

// [temp.res], [temp.local], [temp.dep] and [temp.nondep]: names found where the template stands and where it is used; the class's own name; bases that depend. That a name which depends on nothing stands before the template is not checked.
__device__ int chosen(double) { return 1; } template <class T> __device__ int late(T t) { return chosen(1.0) * 10 + hook(t); } namespace lib { struct X {}; __device__ int hook(X) { return 4; } } template <class T> struct DepBase { int v = 3; using type = T; __device__ int f() const { return 6; } }; template <class T> struct DepDer : DepBase<T> { using typename DepBase<T>::type; using DepBase<T>::f; type t = 5; __device__ DepDer* self() { return this; } __device__ int get() { return this->v + f() * 10 + DepBase<T>::v * 100 + (int)t * 1000; } };
__device__ int dependent() { DepDer<int> d; return late(lib::X{}) + d.self()->get() * 100; }

// [temp.nondep]: functions behind a template are found by their arguments' namespaces alone, whether the call depends or not.
__device__ int chosen_early(double) { return 1; } template <class T> __device__ int bound_early(T t) { return chosen_early(1) + chosen_early(t) * 10; } template <class T> struct BoundEarly { T t; __device__ int get() const { return chosen_early(2) + chosen_early(t) * 10; } }; __device__ int chosen_early(int) { return 2; } namespace late_space { struct Y {}; } template <class T> __device__ int found_late(T t) { return found_late_too(t); } namespace late_space { __device__ int found_late_too(Y) { return 3; } }
__device__ int found_where() { return bound_early(1) + BoundEarly<int>{1}.get() * 100 + found_late(late_space::Y{}) * 10000 + chosen_early(1) * 100000; }

// [temp.point] and [temp.inst]: only what is used is made; members one by one; recursion that ends.
template <class T> struct Lazy { __device__ int good() { return 1; } __device__ int bad() { return T::nothing(); } }; template <int N> struct Fib { static constexpr int v = Fib<N - 1>::v + Fib<N - 2>::v; }; template <> struct Fib<0> { static constexpr int v = 0; }; template <> struct Fib<1> { static constexpr int v = 1; }; template <int N> __device__ int count_down() { if constexpr (N > 0) return N + count_down<N - 1>(); else return 0; }
__device__ int instantiation() { Lazy<int> l; return l.good() + Fib<20>::v * 10 + count_down<4>() * 100000; }

// [temp.explicit] and [temp.expl.spec]: instances asked for, specialisations of functions, classes, members, members' templates.
template <class T> __device__ int spec(T) { return 1; } template <> __device__ int spec(char) { return 2; } template <> __device__ int spec<float>(float) { return 3; } template __device__ int spec<short>(short); template <class T> struct Sp { __device__ int f() { return 1; } static const int n = 4; template <class U> __device__ int g(U) { return 5; } }; template <> __device__ int Sp<char>::f() { return 2; } template <> struct Sp<float> { __device__ int f() { return 3; } }; template <> template <> __device__ int Sp<int>::g(char) { return 6; } template struct Sp<long>;
__device__ int explicit_forms() { return spec(1) + spec('a') * 10 + spec(1.0f) * 100 + Sp<int>().f() * 1000 + Sp<char>().f() * 10000 + Sp<float>().f() * 100000 + Sp<int>().g('a') * 1000000 + Sp<int>().g(1) * 10000000; }

// [temp.arg.explicit]: some given, others deduced; results; packs begun by hand; conversions of arguments that are given.
template <class R, class A, class B> __device__ R conv(A a, B b) { return R(a + b); } template <int N, class T> __device__ int pow_of(T t) { return N == 0 ? 1 : t * pow_of<(N > 0 ? N - 1 : 0)>(t); } template <class... T> __device__ int szs(T...) { return (sizeof(T) + ...); } template <class T> __device__ T maxi(T a, T b) { return a > b ? a : b; }
__device__ int explicit_arguments() { return conv<int>(1.5f, 2) + (int)(conv<float, int>(1.9f, 0.5f) * 2) * 10 + pow_of<3>(2) * 100 + szs<double>(1, 'a') * 1000 + (int)(maxi<float>(1, 2.5f) * 2) * 100000; }

// [temp.deduct], [temp.deduct.call], [temp.deduct.type]: what is no type is no error; arrays, functions, references, bases, braces, forwarding.
template <class T> __device__ auto has_size(T t, int) -> decltype(t.size()) { return t.size(); } template <class T> __device__ int has_size(T, long) { return 0; } template <class T> __device__ int fwd(T&&) { return same<T, int&> * 2 + same<T, int>; } template <class T, int N> __device__ int len(T (&)[N]) { return N; } template <class T, int N> __device__ int blen(const T (&)[N]) { return N * 10; } template <class R, class... A> __device__ int arity(R (*)(A...)) { return sizeof...(A); } template <class T> __device__ int from_base(DepBase<T>) { return sizeof(T); } template <class T, class U> __device__ int both(T, U*, Two<T, U>) { return 1; } template <class T> struct Ident { using type = T; }; template <class T> __device__ T not_from(T a, typename Ident<T>::type b) { return a + b; } template <class C, class T> __device__ int of_member(T C::*) { return sizeof(T); }
__device__ int deduction() { int x = 0, a[4]; int* p = &x; return has_size(Small{}, 0) + has_size(1, 0) * 10 + fwd(x) * 100 + fwd(1) * 1000 + len(a) * 10000 + blen({1, 2}) * 10000 + arity(inc) * 1000000 + from_base(DepDer<short>{}) * 10000000 + both(1, p, Two<int, int>{}) * 100000000 + not_from(1.5f, 2) * 0 + of_member(&Small::c); }

// [temp.deduct.funcaddr], [temp.deduct.conv] and [temp.deduct.decl]: from a pointer's type, a conversion's target, a declaration.
template <class T> __device__ T ident(T t) { return t; } struct Conv { template <class T> __device__ operator T*() const { return nullptr; } template <class T, int N> __device__ int f(T (&)[N]) const { return N; } }; template <class T> __device__ int decl(T) { return 1; } template <> __device__ int decl(int*) { return 2; }
__device__ int deduced_elsewhere() { int (*f)(int) = ident; float (*g)(float) = &ident; int* p = Conv(); int x = 0; return f(3) + (int)(g(2.5f) * 2) * 10 + (p == nullptr) * 100 + decl(&x) * 1000; }

// [temp.over]: templates and functions of one name; templates whose arguments cannot be deduced do not take part.
template <class T> __device__ int mix(T, T) { return 1; } __device__ int mix(int, float) { return 2; } template <class T> __device__ int mix(T*, int) { return 3; } template <class T> __device__ int mix(...) { return 4; }
__device__ int template_overloads() { int x = 0; return mix(1, 2) + mix(1, 2.0) * 10 + mix(&x, 1) * 100 + mix<int>(1, 2, 3) * 1000; }

// [temp.deduct.guide]: guides with conditions, for aggregates and packs.
template <class T, int N> struct Fixed { T data[N]; }; template <class T, class... U> Fixed(T, U...) -> Fixed<T, 1 + sizeof...(U)>; template <class... L> struct Over : L... { using L::operator()...; }; template <class... L> Over(L...) -> Over<L...>;
__device__ int guides() { Fixed f{1, 2, 3}; Over o{[](int) { return 1; }, [](float) { return 2; }}; return sizeof(f) + o(1) * 100 + o(1.0f) * 1000; }

// [except.spec]: functions that say that they throw nothing; nothing to refuse.
__device__ int quiet() noexcept { return 3; } template <class T> __device__ int maybe(T t) noexcept(noexcept(t + t)) { return 4; }
__device__ int exception_specifications() { return quiet() + maybe(1) * 10; }

__global__ void test(int* out) {
    out[0] = parameters();
    out[1] = template_names();
    out[2] = arguments();
    out[3] = template_arguments();
    out[4] = type_identity();
    out[5] = class_members();
    out[6] = member_templates();
    out[7] = packs();
    out[8] = requires_clauses();
    out[9] = template_friends();
    out[10] = specialisations();
    out[11] = partial_order();
    out[12] = aliases();
    out[13] = dependent();
    out[22] = found_where();
    out[14] = instantiation();
    out[15] = explicit_forms();
    out[16] = explicit_arguments();
    out[17] = deduction();
    out[18] = deduced_elsewhere();
    out[19] = template_overloads();
    out[20] = guides();
    out[21] = exception_specifications();
}
