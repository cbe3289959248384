// Member functions of class templates launch for each class that host code mentions ([temp.explicit], [temp.inst]). nvcc compiles this.
template <class T> __global__ void estimate(T* x) { x[0] = 1; }
// wants: estimate<float>, estimate<double>
template <class T, int N> __global__ void step(T* x) { x[N] = N; }
// wants: step<int, 4>, step<short, 8>
template <class T> __global__ void unused(T* x) { x[0] = 1; }
// wants: nothing

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
}
