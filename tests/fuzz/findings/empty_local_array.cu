template <int N> __device__ float sum(const float* x) { float part[N]; for (int i = 0; i < N; i++) part[i] = x[i]; float s = 0; for (float p : part) s += p; return s; }
__global__ void sums(float* x, int n) { float none[0]; if (n < 0) none[n] = x[n]; x[0] = sum<0>(x) + sum<2>(x) + none[0]; }
