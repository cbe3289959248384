// Warp matrix functions (CUDA guide, "Warp Matrix Functions"), without tensor cores: each lane computes its share of the results alone.
//
// Where an element of a fragment lies is unspecified, so a lane may hold whatever it needs. Results are dealt out row by row, as many to each
// lane: of A a lane holds the row of its results, of B their columns. Nothing is exchanged, at the price of loading A and B more than once. In
// which order products are summed is unspecified as well: here it is that of k, after C. The products themselves are exact.
#pragma once

#include "cuda_bf16.h"
#include "cuda_fp16.h"

namespace nvcuda {
namespace wmma {

struct matrix_a;
struct matrix_b;
struct accumulator;
struct row_major;
struct col_major;
enum layout_t { mem_row_major, mem_col_major };

namespace precision {
struct tf32;
}

template <typename T> struct __stored { typedef T type; };
template <> struct __stored<precision::tf32> { typedef float type; };

// The k of matrices whose elements are a T, from `least` to `most`; 0 where there are none.
template <typename T> struct __factors { static constexpr int least = 0, most = 0; };
template <> struct __factors<__half> { static constexpr int least = 16, most = 16; };
template <> struct __factors<__nv_bfloat16> { static constexpr int least = 16, most = 16; };
template <> struct __factors<signed char> { static constexpr int least = 16, most = 16; };
template <> struct __factors<unsigned char> { static constexpr int least = 16, most = 16; };
template <> struct __factors<precision::tf32> { static constexpr int least = 8, most = 8; };
template <> struct __factors<double> { static constexpr int least = 4, most = 4; };

template <typename T> struct __sums { static constexpr int least = 0, most = 0; };
template <> struct __sums<__half> { static constexpr int least = 16, most = 16; };
template <> struct __sums<float> { static constexpr int least = 8, most = 16; };
template <> struct __sums<int> { static constexpr int least = 16, most = 16; };
template <> struct __sums<double> { static constexpr int least = 4, most = 4; };

template <typename Use, typename T> struct __depth : __factors<T> {};
template <typename T> struct __depth<accumulator, T> : __sums<T> {};

constexpr bool __is_shape(int m, int n, int k)
{
    return k == 16 && (m == 16 && n == 16 || m == 32 && n == 8 || m == 8 && n == 32) || k == 8 && m == 16 && n == 16 || k == 4 && m == 8 && n == 8;
}

// How many elements a lane holds.
template <typename Use> struct __held;
template <> struct __held<accumulator> { static constexpr int of(int m, int n, int k) { return m * n / 32; } };
template <> struct __held<matrix_a> { static constexpr int of(int m, int n, int k) { return k; } };
template <> struct __held<matrix_b> { static constexpr int of(int m, int n, int k) { return m * n / 32 * k; } };

template <typename Use, int m, int n, int k, typename T, typename Layout = void> class fragment {
    static_assert(__is_shape(m, n, k) && __depth<Use, T>::least <= k && k <= __depth<Use, T>::most, "there is no matrix of this shape and type");

public:
    typedef T element_type;
    typedef typename __stored<T>::type storage_element_type;
    static constexpr int num_elements = __held<Use>::of(m, n, k), num_storage_elements = num_elements;
    storage_element_type x[num_elements];
};

// The number of the lane's first result, row by row.
template <int m, int n> __device__ inline int __first_result()
{
    unsigned int thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    return int(thread % 32) * (m * n / 32);
}

template <typename Layout> struct __place;
template <> struct __place<row_major> { __device__ static unsigned int of(int row, int column, unsigned int ldm) { return row * ldm + column; } };
template <> struct __place<col_major> { __device__ static unsigned int of(int row, int column, unsigned int ldm) { return column * ldm + row; } };

template <int m, int n, int k, typename T, typename Layout>
__device__ inline void load_matrix_sync(fragment<matrix_a, m, n, k, T, Layout>& a, const typename __stored<T>::type* p, unsigned int ldm)
{
    int row = __first_result<m, n>() / n;
    for (int i = 0; i < k; i++)
        a.x[i] = p[__place<Layout>::of(row, i, ldm)];
}

template <int m, int n, int k, typename T, typename Layout>
__device__ inline void load_matrix_sync(fragment<matrix_b, m, n, k, T, Layout>& b, const typename __stored<T>::type* p, unsigned int ldm)
{
    int column = __first_result<m, n>() % n;
    for (int j = 0; j < m * n / 32; j++)
        for (int i = 0; i < k; i++)
            b.x[j * k + i] = p[__place<Layout>::of(i, column + j, ldm)];
}

template <int m, int n, int k, typename T>
__device__ inline void load_matrix_sync(fragment<accumulator, m, n, k, T>& c, const T* p, unsigned int ldm, layout_t layout)
{
    int row = __first_result<m, n>() / n, column = __first_result<m, n>() % n;
    for (int j = 0; j < c.num_elements; j++)
        if (layout == mem_row_major)
            c.x[j] = p[row * ldm + column + j];
        else
            c.x[j] = p[(column + j) * ldm + row];
}

template <int m, int n, int k, typename T>
__device__ inline void store_matrix_sync(T* p, const fragment<accumulator, m, n, k, T>& c, unsigned int ldm, layout_t layout)
{
    // On tensor cores a result is made of what all lanes have loaded, so it may go where the factors were; here others may still load.
    __syncwarp();
    int row = __first_result<m, n>() / n, column = __first_result<m, n>() % n;
    for (int j = 0; j < c.num_elements; j++)
        if (layout == mem_row_major)
            p[row * ldm + column + j] = c.x[j];
        else
            p[(column + j) * ldm + row] = c.x[j];
}

template <typename Use, int m, int n, int k, typename T, typename Layout>
__device__ inline void fill_fragment(fragment<Use, m, n, k, T, Layout>& f, const typename __stored<T>::type& value)
{
    for (int i = 0; i < f.num_elements; i++)
        f.x[i] = value;
}

// Products are exact in the type of their sums.
__device__ inline float __factor(__half x) { return __half2float(x); }
__device__ inline float __factor(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ inline int __factor(signed char x) { return x; }
__device__ inline int __factor(unsigned char x) { return x; }
__device__ inline double __factor(double x) { return x; }
// Of a float the 10 bits behind the point that tf32 has (PTX ISA, "Alternate floating-point data formats").
__device__ inline float __factor(float x) { return __uint_as_float(__float_as_uint(x) & 0xffffe000u); }

__device__ inline float __summand(__half x) { return __half2float(x); }
__device__ inline float __summand(float x) { return x; }
__device__ inline int __summand(int x) { return x; }
__device__ inline double __summand(double x) { return x; }

__device__ inline float __plus_product(float sum, float a, float b) { return sum + a * b; }
__device__ inline int __plus_product(int sum, int a, int b) { return sum + a * b; }
__device__ inline double __plus_product(double sum, double a, double b) { return fma(a, b, sum); }

__device__ inline void __set_result(__half& d, float sum) { d = __float2half(sum); }
template <typename T> __device__ inline void __set_result(T& d, T sum) { d = sum; }

template <int m, int n, int k, typename T, typename LayoutA, typename LayoutB, typename D, typename C>
__device__ inline void mma_sync(fragment<accumulator, m, n, k, D>& d, const fragment<matrix_a, m, n, k, T, LayoutA>& a,
                                const fragment<matrix_b, m, n, k, T, LayoutB>& b, const fragment<accumulator, m, n, k, C>& c)
{
    for (int j = 0; j < d.num_elements; j++) {
        auto sum = __summand(c.x[j]);
        for (int i = 0; i < k; i++)
            sum = __plus_product(sum, __factor(a.x[i]), __factor(b.x[j * k + i]));
        __set_result(d.x[j], sum);
    }
}

// With `satf` what is beyond an int becomes the nearest one.
template <int m, int n, int k, typename T, typename LayoutA, typename LayoutB>
__device__ inline void mma_sync(fragment<accumulator, m, n, k, int>& d, const fragment<matrix_a, m, n, k, T, LayoutA>& a,
                                const fragment<matrix_b, m, n, k, T, LayoutB>& b, const fragment<accumulator, m, n, k, int>& c, bool satf)
{
    fragment<accumulator, m, n, k, int> product, zero;
    fill_fragment(zero, 0);
    mma_sync(product, a, b, zero);
    for (int j = 0; j < d.num_elements; j++) {
        int x = product.x[j], y = c.x[j], sum = (int)((unsigned int)x + (unsigned int)y);
        bool beyond = ((sum ^ x) & (sum ^ y)) < 0;
        d.x[j] = satf && beyond ? (x < 0 ? (int)0x80000000u : 0x7fffffff) : sum;
    }
}

// To the nearest with 10 bits behind the point, away from zero in the middle (PTX ISA, `cvt.rna.tf32.f32`).
__device__ inline float __float_to_tf32(float x)
{
    unsigned int bits = __float_as_uint(x);
    return (bits & 0x7f800000u) == 0x7f800000u ? x : __uint_as_float((bits + 0x1000u) & 0xffffe000u);
}

} // namespace wmma
} // namespace nvcuda
