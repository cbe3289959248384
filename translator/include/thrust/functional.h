// thrust's function objects: those of <functional>, and a few of its own.
#pragma once
#include "functional"

namespace thrust {
using ::std::bit_and;
using ::std::bit_or;
using ::std::bit_xor;
using ::std::divides;
using ::std::equal_to;
using ::std::greater;
using ::std::greater_equal;
using ::std::less;
using ::std::less_equal;
using ::std::logical_and;
using ::std::logical_not;
using ::std::logical_or;
using ::std::minus;
using ::std::modulus;
using ::std::multiplies;
using ::std::negate;
using ::std::not_equal_to;
using ::std::plus;

template <typename T = void> struct maximum {
    __host__ __device__ constexpr T operator()(const T& x, const T& y) const { return x < y ? y : x; }
};
template <typename T = void> struct minimum {
    __host__ __device__ constexpr T operator()(const T& x, const T& y) const { return y < x ? y : x; }
};
template <> struct maximum<void> {
    template <typename A, typename B> __host__ __device__ constexpr auto operator()(const A& x, const B& y) const { return x < y ? y : x; }
};
template <> struct minimum<void> {
    template <typename A, typename B> __host__ __device__ constexpr auto operator()(const A& x, const B& y) const { return y < x ? y : x; }
};
template <typename T = void> struct square {
    __host__ __device__ constexpr T operator()(const T& x) const { return x * x; }
};
template <typename T = void> struct identity {
    __host__ __device__ constexpr const T& operator()(const T& x) const { return x; }
};
template <typename T = void, typename U = void> struct project1st {
    __host__ __device__ constexpr const T& operator()(const T& x, const U&) const { return x; }
};
template <typename T = void, typename U = void> struct project2nd {
    __host__ __device__ constexpr const U& operator()(const T&, const U& y) const { return y; }
};
}
