// __trap() ends the launch with an error.
//# launch = { kernel = "divide", grid = 1, block = 32 }
//# args   = [{ a = "iota i32 32" }, { b = "expr i32 32 i - 5" }]
//# expect = { a = "anything" }
//# fails  = "E0634"

__global__ void divide(int* a, const int* b)
{
    int i = threadIdx.x;
    if (b[i] == 0)
        __trap();
    a[i] /= b[i];
}
