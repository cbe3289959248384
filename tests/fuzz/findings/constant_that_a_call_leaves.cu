template <class... L> struct Overloaded : L... { using L::operator()...; };
template <class... L> Overloaded(L...) -> Overloaded<L...>;
__device__ int overloaded_lambdas() { Overloaded o{[](int v) { return v + 1; }, [](float v) { return (int)(v * 10); }}; return o(4) * 100 + o(2147483648.5f); }
__global__ void product(int* out) { out[0] = overloaded_lambdas(); }
