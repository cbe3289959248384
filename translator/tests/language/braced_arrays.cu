// [temp.deduct.call]/1: `const T (&)[N]` is deduced from a braced list of values of one type; [over.ics.list]/6: its conversion is the
// worst of the items'. So `std::min({a, b, c})` works.
//# launch = { kernel = "listed<Pair<Twice<3>, Limit>, int>", grid = 1, block = 1 }
//# args   = [{ out = "zeros i32 6" }]
//# expect = { out = [2, 9, 24, 3, 1, 100] }
#include <algorithm>
template <int N> struct Twice { __device__ int operator()(int x) const { return 2 * x + N; } };
struct Limit { __device__ int operator()(int x) const { return x < 100 ? x : 100; } };
template <class A, class B> struct Pair { A first; B second; __device__ int operator()(int x) const { return second(first(x)); } };

template <class T, int N> __device__ T total(const T (&values)[N])
{
    T sum = 0;
    for (T value : values)
        sum += value;
    return sum;
}
__device__ int chosen(const double (&)[2]) { return 0; }
__device__ int chosen(const int (&)[2]) { return 1; }

template <class F, class T> __global__ void listed(T* out)
{
    int a = 5, b = 9;
    out[0] = std::min({a, 2, b});
    out[1] = std::max({a, 2, b, 1});
    out[2] = total({7, 8, 9});
    out[3] = int(total({1.5, 1.5}));
    out[4] = chosen({a, b});
    out[5] = F()(200);
}

int main()
{
    int* out = nullptr;
    listed<Pair<Twice<3>, Limit>, int><<<1, 1>>>(out);
}
