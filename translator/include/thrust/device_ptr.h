// Thrust's pointers to device memory. Kernels may use them; host code gives them to launches.
#pragma once
namespace thrust {
template <class T> class device_reference;
template <class T> class device_ptr {
    T* at;
  public:
    using value_type = T;
    using element_type = T;
    using reference = device_reference<T>;
    __host__ __device__ device_ptr() : at(nullptr) {}
    template <class Other> __host__ __device__ explicit device_ptr(Other* raw) : at(raw) {}
    template <class Other> __host__ __device__ device_ptr(const device_ptr<Other>& other) : at(other.get()) {}
    __host__ __device__ T* get() const { return at; }
    __host__ __device__ device_reference<T> operator*() const { return device_reference<T>(at); }
    __host__ __device__ device_reference<T> operator[](ptrdiff_t by) const { return device_reference<T>(at + by); }
    __host__ __device__ device_ptr operator+(ptrdiff_t by) const { return device_ptr(at + by); }
    __host__ __device__ device_ptr operator-(ptrdiff_t by) const { return device_ptr(at - by); }
    __host__ __device__ ptrdiff_t operator-(device_ptr other) const { return at - other.at; }
    __host__ __device__ device_ptr& operator++() { ++at; return *this; }
    __host__ __device__ device_ptr& operator+=(ptrdiff_t by) { at += by; return *this; }
    __host__ __device__ bool operator==(device_ptr other) const { return at == other.at; }
    __host__ __device__ bool operator!=(device_ptr other) const { return at != other.at; }
};

// What `*p` gives: reads and writes go through it.
template <class T> class device_reference {
    T* at;
  public:
    __host__ __device__ explicit device_reference(T* raw) : at(raw) {}
    __host__ __device__ device_ptr<T> operator&() const { return device_ptr<T>(at); }
    __host__ __device__ operator T() const { return *at; }
    __host__ __device__ const device_reference& operator=(const T& value) const { *at = value; return *this; }
    __host__ __device__ const device_reference& operator=(const device_reference& other) const { *at = *other.at; return *this; }
    __host__ __device__ const device_reference& operator+=(const T& value) const { *at += value; return *this; }
    __host__ __device__ const device_reference& operator-=(const T& value) const { *at -= value; return *this; }
    __host__ __device__ const device_reference& operator*=(const T& value) const { *at *= value; return *this; }
    __host__ __device__ const device_reference& operator/=(const T& value) const { *at /= value; return *this; }
};

template <class T> __host__ __device__ T* raw_pointer_cast(const device_ptr<T>& pointer) { return pointer.get(); }
template <class T> __host__ __device__ T* raw_pointer_cast(T* pointer) { return pointer; }
template <class T> __host__ __device__ device_ptr<T> device_pointer_cast(T* pointer) { return device_ptr<T>(pointer); }
}
