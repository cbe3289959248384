// Thrust's vectors in device memory, for host code: declared, so that launches of templates can be typed.
#pragma once
#include "thrust/device_ptr.h"
#include "thrust/host_vector.h"
namespace thrust {
template <class T> class device_allocator {};
template <class T, class Allocator = device_allocator<T>> class device_vector {
    T* first;
    size_t length, room;
  public:
    using value_type = T;
    using size_type = size_t;
    using pointer = device_ptr<T>;
    using reference = device_reference<T>;
    using iterator = device_ptr<T>;
    device_vector();
    explicit device_vector(size_t count);
    device_vector(size_t count, const T& value);
    template <class Iterator> device_vector(Iterator begin, Iterator end);
    template <class Other> device_vector(const Other& other);
    device_ptr<T> data();
    device_ptr<const T> data() const;
    size_t size() const;
    bool empty() const;
    device_reference<T> operator[](size_t at);
    device_reference<const T> operator[](size_t at) const;
    device_reference<T> front();
    device_reference<T> back();
    device_ptr<T> begin();
    device_ptr<const T> begin() const;
    device_ptr<T> end();
    device_ptr<const T> end() const;
    void resize(size_t count);
    void resize(size_t count, const T& value);
    void clear();
    void push_back(const T& value);
};
}
