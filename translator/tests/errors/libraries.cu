// What CUDA's libraries have and the translator has not is refused by its own code, with its name.

template <int N> struct Tile {
    static_assert(N % 32 == 0, "whole warps");
//^^^^ E0213: whole warps
    float data[N];
};

__global__ void assertion(float* p) { Tile<40> tile; tile.data[0] = p[0]; p[1] = tile.data[0]; }

__global__ void texture(cudaTextureObject_t image, float* out) { out[0] = tex2D<float>(image, 1, 2); }
//^^^ E0242: textures

__global__ void matrix(float* out) { nvcuda::wmma::experimental::precision::s4 a; out[0] = 1; }
//^^^ E0243: not among the matrix operations

__global__ void container(float* out) { std::vector<float> v; out[0] = 1; }
//^^^ E0201: no `std::vector`
