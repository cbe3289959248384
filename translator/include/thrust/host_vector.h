// Thrust's vector in host memory: declared, so that launches of templates can be typed.
#pragma once
#include "vector"
namespace thrust {
template <class T, class Allocator = std::allocator<T>> class host_vector : public std::vector<T, Allocator> {
  public:
    host_vector();
    explicit host_vector(size_t count);
    host_vector(size_t count, const T& value);
    template <class Other> host_vector(const Other& other);
};
}
