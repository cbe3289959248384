template <typename T, int N> struct Vec { int x; };
template <typename T> T twice() {}
__global__ void kernel(int* p) { p[0] = twice > (4) + Vec<int, 3> + Vec; p[1] = Vec<int, 3>(1)(2); }
