// Tuples, arrays, function objects and pairs of the standard library, as device code has them: in namespace cuda::std.
//# launch = { kernel = "standard", grid = 2, block = 64 }
//# args   = [{ x = "iota i32 100" }, { y = "expr i32 100 3 * i - 40" }, { out = "zeros i32 400" }, { n = 100 }]
//# expect.out = ''' {
//#   let a = x[i / 4]; let b = y[i / 4]; let k = i % 4;
//#   k == 0 ? a + b : k == 1 ? min(a, b) * 100 + max(a, b) : k == 2 ? a + 2 * b + 3 : (a > b ? 1 : 0)
//# } '''
#include <cuda/std/array>
#include <cuda/std/functional>
#include <cuda/std/tuple>
#include <cuda/std/utility>

__device__ cuda::std::tuple<int, int> ordered(int a, int b)
{
    if (b < a) cuda::std::swap(a, b);
    return cuda::std::make_tuple(a, b);
}

__global__ void standard(const int* x, const int* y, int* out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    cuda::std::plus<int> add;
    out[4 * i] = add(x[i], y[i]);

    auto pair = ordered(x[i], y[i]);
    out[4 * i + 1] = cuda::std::get<0>(pair) * 100 + cuda::std::get<1>(pair);

    cuda::std::array<int, 3> terms = {x[i], 2 * y[i], 3};
    int sum = 0;
    for (size_t k = 0; k < terms.size(); k++)
        sum += terms[k];
    out[4 * i + 2] = sum;
    out[4 * i + 3] = cuda::std::greater<int>()(x[i], y[i]) ? 1 : 0;
}
