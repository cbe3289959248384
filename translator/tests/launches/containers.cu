// Host code keeps its data in containers: their element types say which instances are wanted. nvcc compiles this file.
#include <memory>
#include <string>
#include <thrust/device_vector.h>
#include <vector>
template <class T> __global__ void fill(T* x, int n, T by) { if (threadIdx.x < n) x[threadIdx.x] = by; }
// wants: fill<float>, fill<double>, fill<short>, fill<char>, fill<unsigned int>, fill<long long>
template <class T> __global__ void copy(T* to, const T* from) { to[threadIdx.x] = from[threadIdx.x]; }
// wants: copy<int>, copy<unsigned char>
template <class F> __global__ void each(int n, F f) { if (threadIdx.x < n) f(threadIdx.x); }
// wants: each<lambda>

template <class T> struct Managed {
    using value_type = T;
    T* allocate(size_t n) { T* p = nullptr; cudaMallocManaged(&p, n * sizeof(T)); return p; }
    void deallocate(T* p, size_t) { cudaFree(p); }
};

template <class T> void test(std::string name, const std::vector<T>& host)
{
    thrust::device_vector<T> x(host.size());
    fill<<<1, 32>>>(thrust::raw_pointer_cast(x.data()), (int)x.size(), host[0]);
}

// [temp.explicit]: what is instantiated here is wanted, whether its arguments are written or not.
#define INSTANTIATE(T) template void copied(T*, const T*, int)
template <class T> void copied(T* to, const T* from, int n) { copy<<<1, n>>>(to, from); }
INSTANTIATE(int);
template void copied<unsigned char>(unsigned char*, const unsigned char*, int);

int main()
{
    test<float>("floats", std::vector<float>(4));
    std::vector<double> doubles(3);
    test("doubles", doubles);
    std::vector<short, Managed<short>> shorts(3);
    fill<<<1, 32>>>(shorts.data(), 3, shorts[0]);
    each<<<1, 32>>>(3, [x = shorts.data()] __device__(int i) { x[i] = i; });
    std::unique_ptr<char[]> owned(new char[4]);
    fill << <1, 32 >> > (owned.get(), 4, 'x'); // as Visual Studio formats it
    thrust::device_vector<unsigned> words(4);
    fill<<<1, 32>>>(thrust::raw_pointer_cast(&words[1]), 3, 1u);
    auto counters = std::make_shared<long long>(1);
    fill<<<1, 32>>>(counters.get(), 1, *counters);
}
