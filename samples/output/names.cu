// A text chosen step by step: `%s` prints what the pointer variable points to when the line is printed.
//# launch = { kernel = "classify", grid = 1, block = 8 }
//# args   = [{ values = "list i32 4 -3 0 7 100 9 -8 1" }, { evens = "zeros i32 1" }]
//# expect = { evens = "4" }
//# output = '''
//#    4: small, even
//#   -3: negative, odd
//#    0: zero
//#    7: small, odd
//#  100: large, even
//#    9: small, odd
//#   -8: negative, even
//#    1: one
//# '''
#include <cstdio>

__global__ void classify(const int* values, int* evens)
{
    int value = values[threadIdx.x];
    const char* size = "small";
    const char* parity;
    if (value < 0)
        size = "negative";
    if (value > 50)
        size = "large";
    if (value % 2 == 0) {
        parity = "even";
        atomicAdd(evens, 1);
    } else {
        parity = "odd";
    }
    switch (value) {
    case 0:
        printf("%4d: %s\n", value, "zero");
        break;
    case 1:
        size = "one";
        printf("%4d: %s\n", value, size);
        break;
    default:
        printf("%4d: %s, %s\n", value, size, parity);
    }
}
