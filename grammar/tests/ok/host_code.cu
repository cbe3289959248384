// Host code is not C++ as we know it: nobody reads it.
#include <iostream>
#include <thrust/device_vector.h>
template <typename T, int B> __global__ void kernel(T* p, int n) { if (n < B) p[n] = T(1); }
template <typename T> __global__ void deduced(T* p) { *p = 0; }
class Host : public std::exception { int x = }; 
void launch(float* p, int n) {
  kernel<float, 256><<<n / 256, 256>>>(p, n);
  this (is not) a [statement] of { any } language;
  deduced<<<1, 1>>>(p);
  std::cout << "done" << std::endl << 1 << 2;
}
template <typename T> void helper(T* p) { kernel<T, 128><<<1, 128>>>(p, 3); }
