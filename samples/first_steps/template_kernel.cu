// One kernel template, two instantiations: other type, other tile width.
//# launches = [
//#   { kernel = "reverseTiles<float, 8>", grid = 5, block = 8, args = ["reals"] },
//#   { kernel = "reverseTiles<int, 32>", grid = 3, block = 32, args = ["integers"] },
//# ]
//# args   = [{ reals = "iota f32 40" }, { integers = "iota i32 96" }]
//# expect = { reals = "i / 8 * 8 + 7 - i % 8", integers = "i / 32 * 32 + 31 - i % 32" }

template <typename T, int Width>
__global__ void reverseTiles(T* data)
{
    __shared__ T tile[Width];
    int i = blockIdx.x * Width + threadIdx.x;
    tile[threadIdx.x] = data[i];
    __syncthreads();
    data[i] = tile[Width - 1 - threadIdx.x];
}

template __global__ void reverseTiles<float, 8>(float*);
template __global__ void reverseTiles<int, 32>(int*);
