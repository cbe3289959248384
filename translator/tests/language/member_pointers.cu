// [expr.mptr.oper], [expr.unary.op]/3, [conv.mem]: pointers to members. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 12" }]
//# expect = { out = [24, 51, 611, 147275, 23, 73021, 591, 1198, 1290, 2388, 811112, 1] }
struct Point { int x, y, z; int weigh[3]; __device__ int sum(int by) const { return (x + y + z) * by; } __device__ int less(int by) const { return (x - y - z) * by; } __device__ void move(int by) { x += by; } };
struct Named { int name; __device__ int id() const { return name; } };
struct Place : Point, Named { int own; };

__device__ int pick(const Point& p, int Point::* m) { return p.*m; }
__device__ int data(int which) {
    Point p{1, 20, 300, {4, 5, 6}};
    int Point::* axis = which == 0 ? &Point::x : which == 1 ? &Point::y : &Point::z;
    p.*axis += 5;
    Point* q = &p;
    q->*axis *= 2;
    return pick(p, axis) + p.x;
}
__device__ int arrays() {
    Point p{1, 20, 300, {4, 5, 6}};
    int Point::* axes[3] = {&Point::z, &Point::x, &Point::y};
    int r = 0;
    for (int i = 0; i < 3; i++) r = r * 7 + p.*axes[i];
    int (Point::* w)[3] = &Point::weigh;
    return r * 10 + (p.*w)[1];
}
__device__ int null() {
    int Point::* none = nullptr;
    int Point::* first = &Point::x;
    return (none == nullptr) + 2 * (first != nullptr) + 4 * (first ? 1 : 0) + 8 * (none ? 1 : 0) + 16 * (first == &Point::x) + 32 * (first == &Point::y);
}
template <int Point::* M> __device__ int get(const Point& p) { return p.*M; }
template <class C, class T> __device__ T read(const C& c, T C::* m) { return c.*m; }
__device__ int templates() { Point p{1, 20, 300, {}}; Named n{7}; return get<&Point::x>(p) + get<&Point::z>(p) * 10 + read(p, &Point::y) + read(n, &Named::name) * 10000; }
__device__ int bases() {
    Place p; p.x = 1; p.name = 5; p.own = 9;
    int Place::* m = &Named::name;
    int Place::* o = &Place::own;
    int Point::* b = &Place::x;
    return p.*m * 100 + p.*o * 10 + p.*b;
}
__device__ int calls(int which) {
    Point p{400, 20, 3, {}};
    int (Point::* f)(int) const = which ? &Point::sum : &Point::less;
    void (Point::* g)(int) = &Point::move;
    (p.*g)(7);
    Point* q = &p;
    return (q->*f)(2) + (p.*(&Point::sum))(1);
}
template <class R, class C, class... A> __device__ R invoke(const C& c, R (C::* f)(A...) const, A... a) { return (c.*f)(a...); }
template <auto F> __device__ int through(const Point& p) { return (p.*F)(3); }
__device__ int deduced() { Point p{1, 2, 3, {}}; return invoke(p, &Point::sum, 4) * 100 + through<&Point::less>(p); }
template <class T> struct traits;
template <class C, class R, class... A> struct traits<R (C::*)(A...) const> { typedef R result; static constexpr int arity = sizeof...(A); static constexpr bool is_const = true; };
template <class C, class R, class... A> struct traits<R (C::*)(A...)> { typedef R result; static constexpr int arity = sizeof...(A); static constexpr bool is_const = false; };
template <class C, class T> struct traits<T C::*> { typedef T result; static constexpr int arity = -1; static constexpr bool is_const = false; };
__device__ int types() {
    auto l = [](int a, short b) -> char { return a + b; };
    typedef traits<decltype(&decltype(l)::operator())> T;
    return T::arity + 10 * T::is_const + 100 * (int)sizeof(T::result) + 1000 * traits<decltype(&Point::move)>::arity + 10000 * (traits<decltype(&Point::x)>::arity + 2) + 100000 * (int)sizeof(int Point::*);
}
__global__ void test(int* out) {
    out[0] = data(0); out[1] = data(1); out[2] = data(2);
    out[3] = arrays(); out[4] = null(); out[5] = templates(); out[6] = bases();
    out[7] = calls(0); out[8] = calls(1); out[9] = deduced(); out[10] = types();
    out[11] = 1;
}
