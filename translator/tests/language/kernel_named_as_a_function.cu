// [over.load]: a kernel and a function of the device may have one name; a launch means the kernel.
//# launch = { kernel = "next", grid = 1, block = 4 }
//# args   = [{ out = "zeros i32 4" }]
//# expect = { out = [1, 2, 3, 4] }
__device__ int next(int i) { return i + 1; }
__global__ void next(int* out) { out[threadIdx.x] = next((int)threadIdx.x); }
