//! E03: from AST to IR.

use super::Code;

codes! {
    E0301: "recursion is not supported here" => "\
A function that calls itself, directly or through others, must say what it returns: its result is needed before its body has been read.

    __device__ auto fib(int n) { if (n < 2) return n; return fib(n - 1) + fib(n - 2); }

`__device__ int fib(int n) { ... }`";
    E0302: "pointers into different address spaces share one variable" => "\
A pointer in memory points to shared or local memory here and to global memory elsewhere; which one cannot be told apart any more.

    struct View { float* data; };
    view.data = flag ? shared : global;

Use two members, or two variables, one for each memory.";
    E0303: "string literals are not available here" => "\
A string can be the format of `printf`, an argument for its `%s`, the message of `assert`, and a constant array of `char`.

    const char* name = \"x\";
    if (name[i] == 'x') count++;

`__constant__ char name[] = \"x\";`";
    E0304: "address of a bit-field" => "\
A bit-field has no address, so no reference or pointer can be bound to it.

    struct Flags { int a : 3; };
    int& a = flags.a;

Copy it: `int a = flags.a;`, and store it back.";
    E0305: "memory operation has no constant size" => "\
`memcpy` and `memset` on the device are translated where the number of bytes is a constant or the elements' type is known.

    memcpy(to, from, n);   // void pointers, n not constant

Cast the pointers to their elements' type, or write a loop.";
    E0306: "initialiser of a variable of the device is not constant" => "\
Variables with static storage are initialised before the program runs; the value must be known while translating.

    __device__ int count = hostFunction();

Copy the value with `cudaMemcpyToSymbol`, or compute it by a `constexpr` function.";
    E0307: "shared variables have no initialiser" => "\
CUDA does not initialise `__shared__` variables: each thread block starts with undefined content.

    __shared__ int sum = 0;

`if (threadIdx.x == 0) sum = 0; __syncthreads();`";
    E0398: "address spaces do not settle" => "\
The address spaces of the pointers in this function depend on each other in a circle.

    p = q; q = flag ? p : shared;

Use one variable for each memory.";
    E0399: "internal error while lowering" => "This is a bug of the translator, not of the program. Please report it with the kernel.";
}
