// Thrust's vector in managed memory: the vector declared for the host, its pointer for kernels too.
#pragma once
#include "thrust/device_vector.h"
namespace thrust {
template <class T> class universal_ptr {
    T* at;
  public:
    using value_type = T;
    __host__ __device__ universal_ptr() : at(nullptr) {}
    __host__ __device__ explicit universal_ptr(T* raw) : at(raw) {}
    __host__ __device__ T* get() const { return at; }
    __host__ __device__ T& operator*() const { return *at; }
    __host__ __device__ T& operator[](ptrdiff_t by) const { return at[by]; }
    __host__ __device__ universal_ptr operator+(ptrdiff_t by) const { return universal_ptr(at + by); }
};
template <class T> __host__ __device__ T* raw_pointer_cast(const universal_ptr<T>& pointer) { return pointer.get(); }
template <class T> class universal_vector : public host_vector<T> {
  public:
    universal_vector();
    explicit universal_vector(size_t count);
    universal_vector(size_t count, const T& value);
    template <class Other> universal_vector(const Other& other);
    universal_ptr<T> data();
    universal_ptr<const T> data() const;
};
}
