// std::min and std::max, which nvcc has without an include: its headers bring <utility> and with it stl_algobase.h.
#pragma once
namespace std {
// By value: what is compared is small, and a reference would need memory.
template <typename T> __host__ __device__ constexpr T min(T a, T b) { return b < a ? b : a; }
template <typename T> __host__ __device__ constexpr T max(T a, T b) { return a < b ? b : a; }
template <typename T, typename Less> __host__ __device__ constexpr T min(T a, T b, Less less) { return less(b, a) ? b : a; }
template <typename T, typename Less> __host__ __device__ constexpr T max(T a, T b, Less less) { return less(a, b) ? b : a; }
}
