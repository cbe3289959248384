// [dcl.type.decltype]: `decltype` of a member access without parentheses is the declared type, whatever the object is; with
// parentheses it has the object's const.
//# launch = { kernel = "declared", grid = 1, block = 1 }
//# args   = [{ out = "zeros i32 3" }]
//# expect = { out = [12, 7, 3] }
template <class T, class U> struct Same { static constexpr bool value = false; };
template <class T> struct Same<T, T> { static constexpr bool value = true; };

struct Inner { int v; };
struct Outer {
    int x;
    Inner in;
    int a[2];
    int& r;
    const float c;
    static int shared_by_all;
    __device__ int unconst() const
    {
        static_assert(Same<decltype(x), int>::value && Same<decltype(this->in), Inner>::value, "the declared types");
        static_assert(Same<decltype((x)), const int&>::value && Same<decltype((this->in)), const Inner&>::value, "as lvalues");
        decltype(x) copy = x;
        copy += 5;
        return copy;
    }
};

template <class T> struct Box { T head; };
template <class T> __device__ int changed(const Box<T>& box)
{
    static_assert(Same<decltype(box.head), T>::value && Same<decltype((box.head)), const T&>::value, "in templates too");
    decltype(box.head) copy = box.head;
    copy = 7;
    return copy;
}

__global__ void declared(int* out)
{
    int number = 3;
    const Outer o{7, {1}, {1, 2}, number, 2.0f};
    const Outer* p = &o;
    static_assert(Same<decltype(o.x), int>::value && Same<decltype(p->in), Inner>::value, "no const of the object");
    static_assert(Same<decltype(o.a), int[2]>::value && Same<decltype(o.r), int&>::value, "arrays and references");
    static_assert(Same<decltype(o.c), const float>::value && Same<decltype(Outer::x), int>::value, "a const of its own");
    static_assert(Same<decltype((o.x)), const int&>::value && Same<decltype((p->in)), const Inner&>::value, "as lvalues");
    static_assert(Same<decltype(o.in.v), int>::value && Same<decltype((o.r)), int&>::value, "through others");
    out[0] = o.unconst();
    out[1] = changed(Box<int>{1});
    decltype(p->in.v) last = 3;
    out[2] = last;
}
