// Warp matrix functions: each warp multiplies tiles of 16 by 16 or so. Without tensor cores each lane computes its share of a tile alone, from
// what it loads itself. The factors are small whole numbers, so every sum is exact whatever its order.
//# launches = [
//#   { kernel = "product<16, 16, 16, half, float>", grid = 3, block = 64, args = ["a", "b", "c", "m", "n", "k"] },
//#   { kernel = "product<32, 8, 16, signed char, int>", grid = 3, block = 64, args = ["bytes", "more", "sums", "m", "n", "k"] },
//#   { kernel = "scaled", grid = 1, block = [8, 4], args = ["x", "y", "z"] },
//#   { kernel = "squared", grid = 1, block = 32, args = ["square"] },
//# ]
//# args = [
//#   { a = "expr f16 1024 (i * 7) % 11 - 5" }, { b = "expr f16 1536 (i * 5) % 13 - 6" }, { c = "zeros f32 1536" },
//#   { bytes = "random -128 127 i8 1024" }, { more = "random -128 127 i8 1536" }, { sums = "zeros i32 1536" },
//#   { x = "expr f32 128 i - 60" }, { y = "expr f32 128 (i * 3) % 17 - 8" }, { z = "expr f32 256 i" },
//#   { square = "expr f16 256 (i * 3) % 5 - 2" }, { m = 32 }, { n = 48 }, { k = 32 },
//# ]
//# [expect]
//# c = "2 * sum(j, 0, 32, a[i / 48 * 32 + j] * b[i % 48 * 32 + j])"
//# sums = "2 * sum(j, 0, 32, bytes[i / 48 * 32 + j] * more[i % 48 * 32 + j])"
//# z = "i + sum(j, 0, 8, x[j * 16 + i / 16] * y[j * 16 + i % 16])"
//# square = "sum(j, 0, 16, ((i / 16 * 16 + j) * 3 % 5 - 2) * ((j * 16 + i % 16) * 3 % 5 - 2))"
#include <mma.h>

using namespace nvcuda;

// c = 2 * a * b, with b column by column; one tile a warp.
template <int M, int N, int K, typename T, typename Sum>
__global__ void product(const T* a, const T* b, Sum* c, int m, int n, int k)
{
    int warp = (blockIdx.x * blockDim.x + threadIdx.x) / warpSize;
    int row = warp / (n / N) * M, column = warp % (n / N) * N;
    if (row >= m) return;

    wmma::fragment<wmma::matrix_a, M, N, K, T, wmma::row_major> left;
    wmma::fragment<wmma::matrix_b, M, N, K, T, wmma::col_major> right;
    wmma::fragment<wmma::accumulator, M, N, K, Sum> sum;
    wmma::fill_fragment(sum, Sum(0));
    for (int i = 0; i < k; i += K) {
        wmma::load_matrix_sync(left, a + row * k + i, k);
        wmma::load_matrix_sync(right, b + column * k + i, k);
        wmma::mma_sync(sum, left, right, sum);
    }
    for (int i = 0; i < sum.num_elements; i++)
        sum.x[i] *= 2;
    wmma::store_matrix_sync(c + row * n + column, sum, n, wmma::mem_row_major);
}

// z += x * y with floats of 10 bits, x column by column; the warp is two-dimensional.
__global__ void scaled(const float* x, const float* y, float* z)
{
    wmma::fragment<wmma::matrix_a, 16, 16, 8, wmma::precision::tf32, wmma::col_major> left;
    wmma::fragment<wmma::matrix_b, 16, 16, 8, wmma::precision::tf32, wmma::row_major> right;
    wmma::fragment<wmma::accumulator, 16, 16, 8, float> sum;
    wmma::load_matrix_sync(left, x, 16);
    wmma::load_matrix_sync(right, y, 16);
    for (int i = 0; i < left.num_elements; i++)
        left.x[i] = wmma::__float_to_tf32(left.x[i]);
    wmma::load_matrix_sync(sum, z, 16, wmma::mem_row_major);
    wmma::mma_sync(sum, left, right, sum);
    wmma::store_matrix_sync(z, sum, 16, wmma::mem_row_major);
}

// The result goes where both factors were: every lane has loaded before one stores.
__global__ void squared(half* p)
{
    wmma::fragment<wmma::matrix_a, 16, 16, 16, half, wmma::row_major> left;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, half, wmma::row_major> right;
    wmma::fragment<wmma::accumulator, 16, 16, 16, half> sum;
    wmma::load_matrix_sync(left, p, 16);
    wmma::load_matrix_sync(right, p, 16);
    wmma::fill_fragment(sum, half(0));
    wmma::mma_sync(sum, left, right, sum);
    wmma::store_matrix_sync(p, sum, 16, wmma::mem_row_major);
}
