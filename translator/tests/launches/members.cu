#include <type_traits>
// Member functions of class templates launch for each class that host code mentions ([temp.explicit], [temp.inst]). nvcc compiles this.
template <class T> __global__ void estimate(T* x) { x[0] = 1; }
// wants: estimate<float>, estimate<double>
template <class T, int N> __global__ void step(T* x) { x[N] = N; }
// wants: step<int, 4>, step<short, 8>
template <class T> __global__ void unused(T* x) { x[0] = 1; }
// wants: nothing

template <class T, bool Scaled> __global__ void blend(T* x, std::bool_constant<Scaled>) { x[0] = Scaled; }
// wants: blend<double, true>, blend<double, false>
constexpr std::bool_constant<true> Yes;
// What a host function takes beside what matters: a stream, and a function of the device.
template <class T> void onStream(T* x, cudaStream_t stream) { blend<<<1, 1, 0, stream>>>(x, Yes); }
typedef int (*Step)(int);
__device__ int helper(int v) { __syncthreads(); return v; }
__device__ int twice(int v) { return 2 * helper(v); }
template <Step F> __global__ void apply(int* x) { x[0] = F(x[0]); }
// wants: apply<twice>
template <Step F> void launch(int* x) { apply<F><<<1, 1>>>(x); }

template <class Real> class Estimator {
    Real* data;
public:
    void operator()();
    void again(int times);
};
template <typename Real> void Estimator<Real>::operator()()
{
    estimate<Real><<<1, 1>>>(data);
}
template class Estimator<float>;
template class Estimator<double>;

template <class T, int N> struct Stepper {
    T* data;
    void run();
};
template <class U, int M>
void Stepper<U, M>::run()
{
    step<U, M><<<1, 1>>>(data);
}
template <class T> struct Idle {
    void run();
};
template <class T> void Idle<T>::run() { unused<T><<<1, 1>>>(nullptr); }

int main()
{
    Stepper<int, 4> first{};
    first.run();
    Stepper<short, 8>().run();
    cudaStream_t stream = 0;
    double* x = nullptr;
    onStream(x, stream);
    blend<<<1, 1>>>(x, std::false_type{});
    launch<twice>(nullptr);
}
