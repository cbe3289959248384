// A host function that takes a generator of cuRAND is read like any other. nvcc compiles this file.
#include <curand.h>
template <class F> __global__ void pay(double* x, F f) { x[0] = f(x[0]); }
// wants: pay<Call>, pay<Put>

struct Call { __device__ double operator()(double s) const { return s > 1 ? s - 1 : 0; } };
struct Put { __device__ double operator()(double s) const { return s < 1 ? 1 - s : 0; } };

template <class F> static void run(curandGenerator_t generator, const F& f, double strike, double* x)
{
    if (curandGenerateUniformDouble(generator, x, 1) != CURAND_STATUS_SUCCESS) return;
    pay<<<1, 1>>>(x, f);
}

int main()
{
    curandGenerator_t generator;
    curandCreateGenerator(&generator, CURAND_RNG_PSEUDO_MTGP32);
    double* x = nullptr;
    run(generator, Call(), 1.0, x);
    run(generator, Put(), 1.0, x);
}
