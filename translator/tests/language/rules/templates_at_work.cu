// Templates, rule by rule, with the place of each in the standard. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 23" }]
//# expect = { out = [1412, 712, 105, 1002, 22, 12330663, 7601, 77, 21, 525, 6, 9, 18921235, 45, 1751213, 720, 3166262, 4130121, 1331435, 47416124, -435210169, 335, 7] }
// [temp.param]/6: values as parameters: enums, bools, characters, functions.
enum class Mode : int { add, mul };
template <Mode M, bool Twice> __device__ int apply(int a, int b) {
    int r = M == Mode::add ? a + b : a * b;
    return Twice ? 2 * r : r;
}
__device__ int value_parameters() { return apply<Mode::add, true>(3, 4) * 100 + apply<Mode::mul, false>(3, 4); }

// [temp.arg.nontype]: pointers to functions, `auto` parameters.
__device__ int plus(int a, int b) { return a + b; }
__device__ int times(int a, int b) { return a * b; }
template <int (*F)(int, int)> __device__ int call(int a, int b) { return F(a, b); }
__device__ int function_arguments() { return call<plus>(3, 4) * 100 + call<&times>(3, 4); }
template <auto V> struct Holder { static constexpr decltype(V) value = V; };
__device__ int auto_parameters() { return Holder<7>::value + Holder<'a'>::value + (int)sizeof(Holder<'a'>::value); }

// [temp.arg.template]: templates as parameters.
template <class T> struct Twice { static __device__ int get(T v) { return (int)(v + v); } };
template <class T> struct Square { static __device__ int get(T v) { return (int)(v * v); } };
template <template <class> class F, class T> __device__ int with(T v) { return F<T>::get(v); }
__device__ int template_parameters() { return with<Twice>(5) * 100 + with<Square>(1.5f); }
template <template <class...> class F, class... T> struct Apply { typedef F<T...> type; };
template <class A, class B> struct Two { A a; B b; };
__device__ int template_pack() { Apply<Two, int, double>::type t{1, 2.5}; return t.a + (int)(t.b * 2) + (int)sizeof(t); }

// [temp.variadic]: packs, sizeof..., folds in all four forms ([expr.prim.fold]).
template <class... T> __device__ int count(T...) { return sizeof...(T); }
template <class... T> __device__ int sum(T... v) { return (... + v); }
template <class... T> __device__ int difference(T... v) { return (v - ...); }
template <class... T> __device__ int all(T... v) { return (true && ... && v); }
template <class... T> __device__ int shifted(T... v) { return (v << ... << 0); }
template <class... T> __device__ int commas(int& log, T... v) { (..., (log = log * 10 + v)); return log; }
__device__ int folds() {
    int log = 0;
    return count(1, 2.f, 'c') + 10 * sum(1, 2, 3) + 100 * difference(9, 4, 1) + 1000 * all(1, 2, 0) + shifted(3) * 10000 + commas(log, 1, 2, 3) * 100000;
}
template <int... N> struct Numbers { static constexpr int sum = (0 + ... + N); static constexpr int size = sizeof...(N); };
template <class A, class... R> struct First { typedef A type; };
template <int I, int... Rest> struct Nth;
template <int First, int... Rest> struct Nth<0, First, Rest...> { static constexpr int value = First; };
template <int I, int First, int... Rest> struct Nth<I, First, Rest...> { static constexpr int value = Nth<I - 1, Rest...>::value; };
__device__ int pack_classes() { return Numbers<1, 2, 3>::sum * 100 + Numbers<>::size * 10 + (int)sizeof(First<char, int, double>::type) + Nth<2, 5, 6, 7>::value * 1000; }
template <class F, class... A> __device__ auto forward_to(F f, A&&... a) -> decltype(f(static_cast<A&&>(a)...)) { return f(static_cast<A&&>(a)...); }
__device__ int forwarding() { int x = 3; return forward_to([](int& a, int b) { a += b; return a * 10; }, x, 4) + x; }
template <class... Bases> struct Derived : Bases... { __device__ int total() { return (Bases::get() + ...); } };
struct B1 { __device__ int get() { return 1; } }; struct B2 { __device__ int get() { return 20; } };
__device__ int pack_of_bases() { Derived<B1, B2> d; return d.total(); }
template <class... L> struct Overloaded : L... { using L::operator()...; };
template <class... L> Overloaded(L...) -> Overloaded<L...>;
__device__ int overloaded_lambdas() { Overloaded o{[](int v) { return v + 1; }, [](float v) { return (int)(v * 10); }}; return o(4) * 100 + o(2.5f); }
template <class... T> __device__ int recurse() { return 0; }
template <class... T> struct Sum;
template <> struct Sum<> { static __device__ int of() { return 0; } };
template <class H, class... T> struct Sum<H, T...> { static __device__ int of(H h, T... t) { return (int)h + Sum<T...>::of(t...); } };
__device__ int recursive_pack() { return Sum<int, float, char>::of(1, 2.9f, (char)3); }
template <class T, class... R> __device__ T maximum(T a, R... r) { if constexpr (sizeof...(r) == 0) return a; else { T m = maximum(r...); return a > m ? a : m; } }
__device__ int pack_if_constexpr() { return maximum(3, 9, 4); }

// [temp.deduct.call]: through references, pointers, arrays, class templates, bases.
template <class T, int N> __device__ int length(const T (&)[N]) { return N; }
template <class T, int N, int M> __device__ int cells(T (&)[N][M]) { return N * 10 + M; }
template <class T> __device__ int depth(T) { return 0; }
template <class T> __device__ int depth(T*) { return 1; }
template <class T> __device__ int depth(T**) { return 2; }
template <class T> struct Box { T v; };
template <class T> __device__ T open(const Box<T>& b) { return b.v; }
struct IntBox : Box<int> {};
template <class T, class U> __device__ int pairs(Box<T>, Box<U>) { return sizeof(T) * 10 + sizeof(U); }
__device__ int deduction() {
    int a[5] = {}; float m[2][3]; int* p = a; int** q = &p; IntBox b; b.v = 9;
    return length(a) + cells(m) * 10 + depth(1) * 1000 + depth(p) * 1000 + depth(q) * 10000 + open(b) * 100000 + pairs(Box<char>{}, Box<double>{}) * 1000000;
}
template <class R, class A> __device__ R through(R (*f)(A), A a) { return f(a); }
__device__ float half_of(float x) { return x / 2; }
__device__ int function_deduction() { return (int)(through(half_of, 9.0f) * 10); }

// [temp.expl.spec], [temp.class.spec]: specialisations, of members too.
template <class T> struct Name { static constexpr int id = 0; static __device__ int member(); };
template <class T> __device__ int Name<T>::member() { return 5; }
template <> struct Name<int> { static constexpr int id = 1; static __device__ int member() { return 6; } };
template <> __device__ int Name<char>::member() { return 7; }
template <class T> struct Name<T*> { static constexpr int id = 2 + Name<T>::id * 10; static __device__ int member() { return 8; } };
template <class T> __device__ int kind() { return 1; }
template <> __device__ int kind<float>() { return 2; }
template <class T, class U = T> struct Same { static constexpr bool value = false; };
template <class T> struct Same<T, T> { static constexpr bool value = true; };
__device__ int specialisation() {
    return Name<float>::id + Name<int>::id * 10 + Name<int*>::id * 100 + Name<float>::member() * 10000 + Name<char>::member() * 100000 + kind<int>() + kind<float>() + Same<int>::value * 1000000;
}
template <int N> struct Fact { static constexpr int value = N * Fact<N - 1>::value; };
template <> struct Fact<0> { static constexpr int value = 1; };
__device__ int recursive_template() { return Fact<6>::value; }

// [temp.mem]: member templates, of class templates, out of the class.
template <class T> struct Outer {
    T v;
    template <class U> __device__ U as() const { return (U)v; }
    template <class U> __device__ int both(U u);
    template <class U> struct Inner { T t; U u; };
    template <int N> static __device__ int times(int a) { return a * N; }
};
template <class T> template <class U> __device__ int Outer<T>::both(U u) { return (int)(v + u); }
template <class T> __device__ int dependent(T t) { return t.template as<int>() + T::template times<3>(2) * 10; }
template <class T> struct Rebind { template <class U> using to = Outer<U>; };
__device__ int member_templates() { Outer<float> o{2.5f}; Outer<int>::Inner<double> i{1, 2}; typename Rebind<int>::template to<char> r{3}; return o.as<int>() + o.both(4) * 10 + dependent(o) * 100 + (int)sizeof(i) * 10000 + r.v * 1000000; }

// [temp.deduct]: substitution failure.
template <bool B, class T = void> struct EnableIf {};
template <class T> struct EnableIf<true, T> { typedef T type; };
template <class T> struct IsInt { static constexpr bool value = false; };
template <> struct IsInt<int> { static constexpr bool value = true; };
template <class T> __device__ typename EnableIf<IsInt<T>::value, int>::type which(T) { return 1; }
template <class T> __device__ typename EnableIf<!IsInt<T>::value, int>::type which(T) { return 2; }
template <class T, class = void> struct HasSize { static constexpr int value = 0; };
template <class...> using Void = void;
template <class T> struct HasSize<T, Void<decltype(T().size())>> { static constexpr int value = 1; };
struct Sized { __device__ int size() { return 3; } };
template <class T> __device__ auto size_of(T t, int) -> decltype(t.size()) { return t.size(); }
template <class T> __device__ int size_of(T, long) { return -1; }
template <class T> using EnableInt = typename EnableIf<IsInt<T>::value>::type;
template <class T, EnableInt<T>* = nullptr> __device__ int only(T) { return 4; }
template <class T> __device__ int only(...) { return 5; }
__device__ int sfinae() { return which(1) + which(1.0f) * 10 + HasSize<Sized>::value * 100 + HasSize<int>::value * 1000 + size_of(Sized(), 0) * 10000 + (size_of(7, 0) + 2) * 100000 + only(1) * 1000000; }

// [temp.alias], [temp.variable]
template <class T> using Ptr = T*;
template <class T, int N> using Arr = T[N];
template <class T> constexpr T pi = T(3.14159265);
template <class T> constexpr bool is_ptr = false;
template <class T> constexpr bool is_ptr<T*> = true;
__device__ int aliases() { int x = 5; Ptr<int> p = &x; Arr<int, 3> a = {1, 2, 3}; return *p + a[2] * 10 + (int)(pi<float> * 100) * 100 + pi<int> * 100000 + is_ptr<int*> * 1000000 + is_ptr<int>; }

// [over.match.class.deduct]
template <class T> struct Vec2 { T x, y; __device__ Vec2(T a, T b) : x(a), y(b) {} };
template <class T, int N> struct Array { T data[N]; };
template <class T, class... U> Array(T, U...) -> Array<T, 1 + sizeof...(U)>;
template <class A, class B> struct MyPair { A first; B second; __device__ MyPair(A a, B b) : first(a), second(b) {} };
template <class T> struct Wrap { T v; __device__ Wrap(T t) : v(t) {} };
template <class T> Wrap(T*) -> Wrap<T>;
template <class T> struct Guard { int& c; T f; __device__ Guard(int& a, T g) : c(a), f(g) {} };
__device__ int class_deduction() {
    Vec2 v(1.5f, 2.5f); Array a{1, 2, 3}; MyPair p{1, 2.5}; auto q = Vec2(3, 4); int c = 0; Guard g(c, [] { return 4; }); g.c = 7;
    return (int)(v.x + v.y) + (int)sizeof(a) * 10 + (int)sizeof(p) * 1000 + q.y * 100000 + c * 1000000 + g.f() * 10000000;
}

// [temp.explicit], [temp.arg.explicit]
template <class To, class From> __device__ To convert(From f) { return (To)f; }
template <int N = 4, class T = float> __device__ int defaults(T t = T(2)) { return N * 10 + (int)t + (int)sizeof(T) * 100; }
__device__ int explicit_arguments() { return convert<int>(3.9f) + defaults<>() * 10 + defaults<7>() * 10000 + defaults<1, double>(5.0) * 10000000; }

// [temp.local]: the injected name; [temp.dep]: members of dependent bases.
template <class T> struct Base { T value; typedef T element; __device__ Base(T t) : value(t) {} __device__ int f() { return 3; } };
template <class T> struct Child : Base<T> {
    using typename Base<T>::element;
    using Base<T>::Base;
    __device__ Child copy() { Child c(this->value + 1); return c; }
    __device__ int g() { element e = this->value; return (int)e + this->f() * 10 + Base<T>::f() * 100; }
};
__device__ int dependent_base() { Child<int> c(4); return c.copy().g(); }
// [temp.friend]
template <class T> struct Money { T v; friend __device__ Money operator+(Money a, Money b) { return Money{a.v + b.v}; } template <class U> friend __device__ int peek(const Money<U>& m); };
template <class U> __device__ int peek(const Money<U>& m) { return (int)m.v; }
__device__ int friends() { return peek(Money<int>{3} + Money<int>{4}); }

__global__ void test(int* out) {
    out[0] = value_parameters();
    out[1] = function_arguments();
    out[2] = auto_parameters();
    out[3] = template_parameters();
    out[4] = template_pack();
    out[5] = folds();
    out[6] = pack_classes();
    out[7] = forwarding();
    out[8] = pack_of_bases();
    out[9] = overloaded_lambdas();
    out[10] = recursive_pack();
    out[11] = pack_if_constexpr();
    out[12] = deduction();
    out[13] = function_deduction();
    out[14] = specialisation();
    out[15] = recursive_template();
    out[16] = member_templates();
    out[17] = sfinae();
    out[18] = aliases();
    out[19] = class_deduction();
    out[20] = explicit_arguments();
    out[21] = dependent_base();
    out[22] = friends();
}
