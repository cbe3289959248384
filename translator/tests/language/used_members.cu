// [namespace.udecl]: `using Base::member` makes a data member of a base visible, which stays in the base's subobject.
//# launch = { kernel = "used", grid = 1, block = 1 }
//# args   = [{ out = "zeros i32 7" }]
//# expect = { out = [2431, 7, 57, 903, 12, 3, 6] }
struct Base { int a; int v; };
struct Derived : Base {
    int w, u;
    using Base::v;
    __device__ int method() const { return v * 10 + u; }
};
template <class T> struct Box { T pad; T value; union { T first; int other; }; };
template <class T> struct Named : Box<T> {
    T pad;
    using Box<T>::value;
    using Box<T>::first;
    __device__ int sum() { return value * 100 + first; }
};
struct Left { int x, both; };
struct Right { int y, both; };
struct Two : Left, Right { int z; using Right::both; };
struct Third : Derived { using Derived::v; int more; };
struct Self { int n; using Self_ = int; __device__ Self_ twice() const { return 2 * n; } };

__global__ void used(int* out)
{
    Derived d;
    d.a = 1; d.v = 2; d.w = 3; d.u = 4;
    out[0] = d.v * 1000 + d.u * 100 + d.w * 10 + d.a;
    Derived* p = &d;
    p->v = 5;
    out[2] = p->method() + 3;
    p->v = 7;
    out[1] = d.Base::v;
    Named<int> n;
    n.pad = 1; n.value = 9; n.first = 3;
    out[3] = n.sum();
    Two t;
    t.x = 0; t.Left::both = 5; t.y = 0; t.both = 12; t.z = 8;
    out[4] = t.Right::both;
    Third q;
    q.a = 0; q.v = 3; q.w = 0; q.u = 0; q.more = 9;
    out[5] = q.Base::v;
    out[6] = Self{3}.twice();
}
