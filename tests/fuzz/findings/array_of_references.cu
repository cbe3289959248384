template <class T> struct Stack { T& items[8]; };
__global__ void references(int* out) { Stack<int> stack; out[0] = 1; }
