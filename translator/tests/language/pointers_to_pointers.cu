// [expr.unary.op]/3: the address of a pointer variable; what is written through it is the variable's.
//# launch = { kernel = "addressed", grid = 1, block = 4 }
//# args   = [{ out = "zeros i32 4" }, { in = "iota i32 8" }]
//# expect = { out = [6, 7, 8, 9] }
__device__ void next(const int** p) { *p += 1; }
__device__ int written(int v)
{
    int x = 5;
    int* p = &x;
    int** q = &p;
    **q = v;
    return x;
}

__global__ void addressed(int* out, const int* in)
{
    int i = threadIdx.x;
    const int* p = in + i;
    next(&p);
    next(&p);
    const int** pp = &p;
    out[i] = written(4) + **pp;
}
