// [temp.expl.spec]: a specialised kernel has the name of its own arguments, whichever is asked for first. The expected values are what g++ computes.
//# launches = [{ kernel = "scale<short>", grid = 1, block = 4, args = ["s"] }, { kernel = "scale<float>", grid = 1, block = 4, args = ["f"] }, { kernel = "scale<int>", grid = 1, block = 4, args = ["i"] }]
//# args = [{ s = "iota i16 4" }]
//# buffers = { f = "iota f32 4", i = "iota i32 4" }
//# expect = { s = [0, 3, 6, 9], f = [0.0, 2.0, 4.0, 6.0], i = [0, 5, 10, 15] }
template <typename T> __global__ void scale(T* x) { x[threadIdx.x] *= 5; }
template <> __global__ void scale<float>(float* x) { x[threadIdx.x] *= 2; }
template <> __global__ void scale<short>(short* x) { x[threadIdx.x] *= 3; }
void launch(short* s, float* f, int* i)
{
    scale<<<1, 4>>>(s);
    scale<<<1, 4>>>(f);
    scale<<<1, 4>>>(i);
}
