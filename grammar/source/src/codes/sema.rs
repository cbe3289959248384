//! E02: names, types, overloads, templates.

use super::Code;

codes! {
    E0201: "unknown name" => "\
No declaration of this name is visible here. Names are looked up as in C++: in the blocks around it, in the class and its bases, then in the namespaces around it.

If the name comes from a library header, that header may not be shipped with the program; `--strict-includes` shows which includes were not found.

    __global__ void k(float* p) { p[0] = lenght; }

Correct the spelling, declare the name before its use, or include the header that has it.";
    E0202: "a type is needed here" => "\
The name stands where C++ needs a type, but it names a variable, a function or a template without arguments.

    int size = 4;
    size x;              // a variable, not a type
    std::vector v;       // a template without arguments

Name a type, and give a template its arguments.";
    E0203: "no conversion between these types" => "\
C++ has no implicit conversion from the one type to the other, and the cast, if there is one, is none that C++ or CUDA define.

    struct Pixel { int x; };
    int n = Pixel();

Write the conversion: a member, a constructor, or a cast that exists.";
    E0204: "no matching function" => "\
No function of this name can be called with these arguments. The notes list each candidate and why it does not fit.

    __device__ float area(float w, float h);
    float a = area(1.0f);

Compare the arguments with the candidates in the notes.";
    E0205: "ambiguous call" => "\
Two or more functions fit equally well by C++'s rules of overload resolution. A cast of an argument decides it.

    __device__ int f(long), f(unsigned);
    int x = f(1);

Cast an argument to the type that is meant: `f(1u)`.";
    E0206: "operator does not apply to these types" => "\
Neither a built-in operator nor an overloaded one takes operands of these types.

    float2 a, b;
    float2 c = a + b;    // no operator+ for float2 in CUDA

Define the operator, include a header that does (`helper_math.h`), or compute the components.";
    E0207: "not a constant expression" => "\
A value is needed while translating: an array's size, a template argument, a case label, a static_assert. It must follow from literals, constexpr variables and constexpr functions.

    __global__ void k(int n) { float tile[n]; }

Use a constant, a template parameter or `extern __shared__` memory.";
    E0208: "template arguments do not fit" => "\
Too many or too few template arguments, or a type where a value is needed, or the other way round.

    template <typename T, int N> struct Tile { T data[N]; };
    Tile<float> a;
    Tile<4, float> b;

Give each parameter an argument of its kind: `Tile<float, 4>`.";
    E0209: "template argument cannot be deduced" => "\
The call does not say what a template parameter stands for, or two arguments say different things. Give the argument explicitly: `f<int>(x)`.

    template <typename T> __device__ T larger(T a, T b);
    auto x = larger(1, 2.5f);   // int or float?

Name it, `larger<float>(1, 2.5f)`, or cast one argument.";
    E0210: "no such member" => "\
The class has no member of this name, and neither have its bases.

    float3 v;
    float x = v.w;

Correct the name; a `float3` has x, y and z.";
    E0211: "incomplete type" => "\
The class is declared but not defined, so neither its size nor its members are known.

    struct Node;
    __global__ void k() { Node n; }

Define the class before it is used as a value. A pointer to it needs no definition.";
    E0212: "cannot be assigned" => "\
The left side is a constant or a temporary value.

    __global__ void k(const float* p) { p[0] = 1.0f; }

Remove the `const` if the object is meant to change, or write to a copy.";
    E0213: "static assertion failed" => "\
The condition of a static_assert is false for these template arguments.

    template <int N> __device__ void tile() { static_assert(N % 32 == 0, \"whole warps\"); }
    tile<40>();

Instantiate with arguments that fulfil it.";
    E0214: "wrong initialiser" => "\
The initialiser has more items than the object, names a member that does not exist, or has a shape that the type does not take.

    int a[2] = {1, 2, 3};
    float2 v = {.z = 1.0f};

Give as many items as there are members, under their names.";
    E0215: "instantiation is nested too deeply" => "\
Templates or functions that need each other are more than 200 levels deep. As a rule a recursion without an end.

    template <int N> struct Sum { static const int value = N + Sum<N - 1>::value; };

Add the case that ends it: `template <> struct Sum<0> { ... };`.";
    E0216: "expression is nested too deeply" => "\
An expression has more than 1,000 levels of operators.

    x = a0 + a1 + a2 + ...;   // 1,000 of them

Use a loop, or variables for parts of the sum.";
    E0217: "constant expression takes too long" => "\
A constexpr function ran for more than a million steps, or called itself more than 256 levels deep, while its value was needed for translating.

    constexpr int f(int n) { return f(n + 1); }
    __shared__ int a[f(0)];

Make it end sooner, or compute the value when the kernel runs.";
    E0218: "type is too large" => "\
The size of the object does not fit the address space of a device.

    __device__ char memory[1ull << 40];

Allocate such memory on the host and pass a pointer.";
    E0219: "function has no body" => "\
The function is declared, but no definition is in this translation unit, and it is no built-in of CUDA. Functions from other translation units (`-rdc=true`) cannot be linked.

    __device__ float helper(float x);   // defined in another .cu file
    __global__ void k(float* p) { p[0] = helper(p[0]); }

Include the file that defines it.";
    E0220: "built-in is not supported yet" => "\
CUDA has this function, and the program knows its name, but there is no operation for it yet.

    __global__ void k(float* p) { p[0] = __some_builtin(p[1]); }

Use a function that does the same and is there; `translator/MAPPING.md` lists what is.";
    E0221: "virtual functions" => "\
A virtual call becomes a switch over the classes of which the file's kernels make objects. Objects that the host made have no meaning on the device, in CUDA too. Virtual base classes are not supported yet.

    struct Circle : virtual Shape {};

Use an ordinary base class.";
    E0222: "goto is not supported here" => "\
A goto to a label of a block around it becomes loops and breaks. Not supported: a jump into a block, labels in the cases of a switch, and labels in a block whose objects have destructors.

    if (c) goto inside;
    while (step()) { inside: n++; }

Move the label out of the block, or write the jump as a loop.";
    E0223: "exceptions are not available on the device" => "\
CUDA has no try, catch or throw in device code.

    __global__ void k(int* p) { if (!p) throw 1; }

Write an error code to memory, or use `assert`.";
    E0224: "this inline PTX is not translated" => "\
An `asm` statement holds instructions of NVIDIA's machines. Those that compute, move, compare, convert, load, store and synchronise are translated, one by one; jumps, matrix and asynchronous instructions, and addresses as numbers are not. Operands must have the instruction's size, and a carry must be set in the function that reads it.

    asm(\"cp.async.wait_all;\");

Often a CUDA function does the same: `__pipeline_wait_prior(0)`.";
    E0225: "this pointer to a function or member is not supported" => "\
A pointer to a function is a number, and a call through it a switch over the functions whose address the file's device code takes. A number that the host gives has no meaning here. Pointers to member functions have no place in memory: they can be variables, parameters and template arguments; one that is not known while translating cannot lead to a virtual function or to one of a base.

    struct Table { int (Shape::*f)(int) const; };

`template <typename Op> __device__ float apply(Op op, float x) { return op(x); }`";
    E0226: "this form of new or delete is not supported on the device" => "\
`new` and `delete` of objects and arrays, and `new` at a place, are translated. Not supported are `operator new` of a class and an array with
values for its elements.

    __global__ void k(int n) { int* p = new int[2]{n, n}; }

`int* p = new int[2]; p[0] = p[1] = n;`";
    E0227: "kernels cannot launch kernels yet" => "\
Dynamic parallelism has no counterpart on shader targets.

    __global__ void outer() { inner<<<1, 32>>>(); }

Launch the inner kernel from the host, or call its body as a device function.";
    E0228: "a destructor that cannot be run here" => "\
Destructors run where scopes and full expressions end, elements of arrays one by one from the last. Not there yet: arrays of more than 64 objects.

    Guard guards[100];

Make the array smaller, or give the class a function that does what its destructor does.";
    E0229: "type is not available" => "\
`long double`, `__int128` and `__float128` are not translated.

    __global__ void k(long double* p) { p[0] *= 2; }

Use `double`, or `long long`.";
    E0230: "not supported in this form" => "\
The front end reads this construct of C++, but the translator does not know it yet.

    // the message names the construct

Write it in another form; the message says what is read.";
    E0231: "run-time type information is not available on the device" => "\
`dynamic_cast` and `typeid` of a value need run-time type information, which CUDA does not have in device code.

    auto* circle = dynamic_cast<Circle*>(shape);

Keep a tag in the class and test it.";
    E0232: "nothing to leave" => "\
`break` must stand in a loop or switch, `continue` in a loop, `case` in a switch.

    __global__ void k() { continue; }

Put it into a loop, or use `return`.";
    E0233: "a value is needed" => "\
The expression is of type void, or names a type, a namespace or a set of functions, where a value is needed.

    __device__ void f();
    int x = f();

Let the function return a value, or call it as a statement.";
    E0234: "wrong return" => "\
The value that is returned does not fit the function's result type.

    __device__ int f() { return; }

Return a value of the function's type.";
    E0235: "there is no such kernel" => "\
`--kernel` names a kernel that the file does not define, or gives template arguments that do not fit it. Write it as a launch does: `scale<float, 256>`.

    $ translate app.cu --kernel 'scale<float>'   # it has two parameters

Without `--kernel` all kernels that the file launches are translated.";
    E0236: "kernel template is not instantiated" => "\
Nothing says for which template arguments the kernel is wanted: there is no launch whose arguments are known and no explicit instantiation. Name it: `--kernel 'scale<float, 256>'`.

    template <typename T> __global__ void scale(T* x);

    $ translate app.cu --kernel 'scale<float>'

Or add `template __global__ void scale<float>(float*);` to the file.";
    E0237: "a name is needed" => "\
This declaration or expression has no form that C++ knows.

    int = 4;

Give the variable, parameter or member a name.";
    E0238: "declared twice" => "\
The same scope has another declaration of this name.

    __global__ void k(float* a, int a) {}
    switch (x) { case 1: case 1: break; }

Rename or remove one of the two.";
    E0239: "bad kernel" => "\
A kernel must be a function at namespace scope that returns void and takes its parameters by value.

    __global__ int k(int& n) { return n; }

`__global__ void k(int n, int* result)`";
    E0240: "syntax error in this declaration" => "\
The declaration could not be read; the syntax error was reported beside it.

    struct Broken { int x };

Mend the syntax error.";
    E0241: "variable of the host" => "\
Device code can use `__device__`, `__constant__`, `__shared__` and `__managed__` variables, and constants whose value is known while translating. This variable belongs to the host.

    float scale = 2.0f;
    __global__ void k(float* p) { p[0] *= scale; }

Pass it as an argument, or make it `__constant__` or `constexpr`.";
    E0242: "textures and surfaces are not translated" => "\
Texture and surface objects, and the functions that read and write through them, have no translation yet.

    float v = tex2D<float>(image, x, y);

Read from a buffer: `image[y * width + x]`, with the interpolation and the border that the texture was set up for.";
    E0243: "this matrix operation is not translated" => "\
Of the warp matrix functions (`<mma.h>`) those of whole bytes and more are computed lane by lane. Those of single bits and of 4-bit numbers, and compiler intrinsics for tensor cores, are not translated.

    wmma::fragment<wmma::matrix_a, 8, 8, 32, wmma::experimental::precision::s4, wmma::row_major> a;

Use a type of 8 bits, or write the product as a loop over tiles in shared memory.";
    E0244: "host function called on the device" => "\
A `__global__` or `__device__` function calls a function that none of its declarations marks `__device__`, so it has no code there. `constexpr` functions are taken, as nvcc takes them with `--expt-relaxed-constexpr`.

    float half(float x) { return x / 2; }
    __global__ void k(float* p) { p[0] = half(p[0]); }

`__host__ __device__ float half(float x) { return x / 2; }`";
    E0245: "jump passes an initialisation" => "\
A goto cannot enter the scope of a variable behind its initialisation (C++ [stmt.dcl]): the variable would be there without its value.

    if (c) goto end;
    int n = 4;
    end: x = n;

Declare the variable before the goto, or put what uses it into a block of its own.";
    E0246: "member is not accessible" => "\
A private member is for the members of its class, a protected one for those of derived classes too (C++ [class.access]). Private members of a class with friends are not looked at.

    class Account { int balance; };
    __global__ void k(Account* a) { a->balance = 1; }

Make the member public, or call a function of the class.";
    E0247: "object of an abstract class" => "\
The class, or a base of it, has a pure virtual function that no class on the way overrides, so there are no objects of it (C++ [class.abstract]). Pointers and references to it are fine.

    struct Shape { virtual __device__ float area() const = 0; };
    __global__ void k(float* p) { Shape s; p[0] = s.area(); }

Make an object of a derived class that defines the function.";
}
