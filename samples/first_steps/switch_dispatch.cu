// A switch with fall-through and a default: a tiny calculator, one operation a thread.
//# launch = { kernel = "calculate", grid = 2, block = 64 }
//# args   = [{ op = "mod 6 i32 100" }, { a = "iota i32 100 -50 1" }, { b = "mod 7 i32 100" }, { result = "zeros i32 100" }, { n = 100 }]
//# expect.result = """ op[i] == 0 ? a[i] + b[i] : op[i] == 1 ? a[i] - b[i] : op[i] == 2 ? a[i] * b[i]
//#   : op[i] == 3 ? (b[i] == 0 ? -1 : a[i] / b[i]) : op[i] == 4 ? (b[i] == 0 ? -1 : a[i] % b[i]) : -1 """

enum Operation { Add, Subtract, Multiply, Divide, Remainder };

__global__ void calculate(const int* op, const int* a, const int* b, int* result, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    int value = -1;
    switch (op[i]) {
    case Add:
        value = a[i] + b[i];
        break;
    case Subtract:
        value = a[i] - b[i];
        break;
    case Multiply:
        value = a[i] * b[i];
        break;
    case Divide:
    case Remainder:
        if (b[i] != 0)
            value = op[i] == Divide ? a[i] / b[i] : a[i] % b[i];
        break;
    default:
        break;
    }
    result[i] = value;
}
