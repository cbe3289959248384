// Access, scopes and casts that look like errors and are none. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 4" }]
//# expect = { out = [525755, 31321, 1243, 8450] }
#ifdef __CUDACC__
#define DEV __device__
#else
#define DEV
#endif
// [class.friend], [class.access.nest], [namespace.udecl]/19, [class.protected]
class Account {
    int balance = 5;
    friend DEV int peek(const Account& a);
    template <class T> friend struct Auditor;
protected:
    int limit = 2;
public:
    DEV int own() const { auto f = [this] { return balance; }; return f(); }
    struct Teller { static DEV int of(const Account& a) { return a.balance; } };
};
class Plain {
    int value = 7;
    enum { WIDTH = 5 };
protected:
    int guarded = 2;
public:
    class Part { public: DEV int of(const Plain& p) { return p.value; } };
    DEV int same(const Plain& other) const { struct Local { static DEV int of(const Plain& p) { return p.value; } }; return Local::of(other) + WIDTH - 7; }
    template <class F> DEV int apply(F f) { return f(*this); }
    DEV int twice() { return apply([](Plain& p) { return p.value - 2; }); }
};
struct Opened : Plain { using Plain::guarded; DEV int through(Opened& o) { return o.guarded; } };
DEV int peek(const Account& a) { return a.balance; }
template <class T> struct Auditor { DEV int limit(const Account& a) { return a.limit; } };
DEV int access() {
    Account a; Plain p; Opened o;
    return peek(a) * 100000 + o.guarded * 10000 + Account::Teller::of(a) * 1000 + Plain::Part().of(p) * 100 + p.same(p) * 10 + p.twice();
}
// [basic.scope.block], [basic.scope.hiding], [expr.prim.lambda.capture]
struct depth { int v; };
DEV int scopes() {
    int depth = 1;
    { int depth = 2; { int depth = 3; if (int depth = 4) { { int depth = 5; } } } }
    struct depth d{3};
    int sum = 0;
    for (int i = 0; i < 2; i++) for (int i = 0; i < 2; i++) sum += i;
    for (int i = 0; i < 2; i++) { { int i = 1; sum += i; } }
    if (int x = 0) { sum += x; } else if (int x = 3) { sum += x; }
    auto f = [depth](int n) { int depth = 10; return depth * n; };
    switch (depth) { case 1: { int n = 2; sum += n; } break; default: { int n = 3; sum += n; } }
    return d.v * 10000 + depth * 1000 + f(30) + sum + 12;
}
// [expr.static.cast]
struct Base { int b; }; struct Derived : Base { int d; };
enum Color { RED, GREEN, BLUE };
DEV int casts() {
    Derived d; d.b = 1; d.d = 2;
    Base* b = static_cast<Base*>(&d);
    void* v = static_cast<void*>(b);
    const int n = 4;
    const int* constant = static_cast<const int*>(&d.d);
    return static_cast<Derived*>(b)->d * 100 + static_cast<Base*>(v)->b * 1000 + static_cast<Derived&>(*b).d * 10 + *constant + 19 + static_cast<Color>(n - 2) + static_cast<int>(GREEN) - static_cast<const int&>(n) + static_cast<bool>(b) + (static_cast<int*>(nullptr) == nullptr) + static_cast<int&&>(d.b);
}
// [class.abstract], [dcl.struct.bind]
struct Shape { virtual DEV int area() const = 0; int side; DEV Shape(int s) : side(s) {} };
struct Square : Shape { DEV Square(int s) : Shape(s) {} DEV int area() const override { return side * side; } };
struct Grown : Square { DEV Grown(const Square& s) : Square(s) { side++; } };
struct Pair { int x, y; };
DEV int objects() { Square s(9); Grown g(s); const Shape& r = s; Shape* p = &g; auto [x, y] = Pair{8, 4}; int two[2] = {3, 5}; auto& [u, w] = two; return x * 1000 + y * 100 + r.area() - 31 + u - 3 + (p->area() - 100) + w - 5; }
__global__ void test(int* out) { out[0] = access(); out[1] = scopes(); out[2] = casts(); out[3] = objects(); }
