//! E04: what the shader passes cannot make legal.

use super::Code;

codes! {
    E0401: "a pointer with too many possible buffers or variables" => "\
A shader has no free pointers: each access names its buffer or variable. A pointer that may point into several says which, and its accesses
branch. This one may point into more than sixteen, or is passed where a single variable must stand.

    const float* rows[20];           // filled with twenty kernel arguments
    x = rows[k][i];

Choose the value instead of the pointer, or translate with `--bindings heap`, where all device memory is one buffer.";
    E0402: "a pointer that is stored in device memory" => "\
With one binding for each pointer parameter, a pointer cannot be read from a buffer or a `__device__` variable (`T**`, linked
lists, structs in memory that hold pointers): the host that wrote it knows nothing of bindings. Local and shared memory may hold pointers.
`--bindings heap` puts all device memory into one buffer; there pointers are numbers. There, a buffer cannot hold a pointer to a local or
shared variable.

    struct Node { Node* next; };
    node = node->next;

$ translate list.cu --bindings heap";
    E0403: "a pointer as an integer" => "\
An integer can be made of a pointer: buffers have addresses that come with the arguments. A pointer made of an integer needs to know what it
points into, which is in sight only if the integer is an address plus a distance. With `--bindings heap` every address will do.

    const float* row = (const float*)addresses[i];

Pass the pointer as an argument, with a distance from it in memory, or translate with `--bindings heap`.";
    E0404: "a pointer is tested for null" => "\
Whether the pointer that a binding was made of is null comes with the arguments. For this one nothing tells.

    __global__ void k(float* bias, float* y) { if (bias) y[0] += bias[0]; }

`template <bool HasBias> __global__ void k(...)`, or `--bindings heap`, where null is a number.";
    E0405: "recursion" => "\
Shaders have no call stack: functions that call themselves, directly or through others, become loops with a stack of their own. Threads
that are at different depths in it are never at one place, so it can have no barriers and no operations of warps.

    __device__ void visit(int node) { __syncthreads(); visit(left[node]); }

Put the barrier behind the call that starts the recursion, or write a loop that all threads go through together.";
    E0406: "a warp operation on values that are not of 32 bits" => "\
The lanes of a warp exchange words of 32 bits. CUDA's operations on wider types become two exchanges in the shipped headers; this
one reached the shader passes as a single one.

    double sum = __shfl_down_sync(mask, value, 16);

Exchange the two halves of the value apart, or through shared memory.";
    E0407: "a text that printf cannot print" => "\
What a kernel prints is written down as numbers and formatted after the launch. A `%s` can print string literals, choices between them, and variables that are given nothing else:

    printf(\"%s\", ok ? \"yes\" : \"no\");

This one prints characters that the kernel has in its memory. Print them one by one with `%c`.";
    E0409: "unrelated pointers are compared or subtracted" => "\
Two pointers into different buffers or variables have no order and no distance.

    size_t n = end - begin;   // begin and end are two kernel arguments

Pass the length as an argument, or translate with `--bindings heap`.";
    E0410: "an atomic operation the target does not have" => "\
Atomics exist for 32-bit integers; `float`, bytes and halfwords go through compare-and-exchange of a word. Those of 64 bits, and of `double`,
need a device that has them (`--features atomic-i64`). Without it, sums, differences and masks are done in two words where nobody can see
them apart: their old value is not used, and no other kind of atomic and no volatile access touches the variable. Exchange, compare-and-swap,
minimum and maximum of two words cannot be had without a lock, and shader languages promise neither the memory order nor the progress of
threads that a lock needs.

    atomicAdd(&total, 1ull);   // unsigned long long

Use 32 bits, or a device with 64-bit atomics (`--features atomic-i64`).";
    E0411: "an access that does not fit its memory" => "\
Memory that is accessed as several types becomes an array of 32-bit words, from which other types are put together. This access
cannot be put together from them; the note says why.

    double d = *(double*)(bytes + 3);

Align the access, or copy the bytes with `memcpy`.";
    E0412: "a type of value the target does not have" => "\
64-bit integers and double are native where the device has them (`--features`) and exact software elsewhere (`--explain-lowering` says what
that costs). What is left are parameters of kernels with hundreds of pointers in them, fast approximations of double, and double converted
to the half of a device that has no double.

    struct Layers { float* weights[300]; };
    __global__ void k(Layers layers, int n) { layers.weights[n][0] = 1; }

Pass a pointer to it, or the value itself.";
    E0413: "a barrier that cannot be made uniform" => "\
Shaders demand that all threads of a block reach a barrier together, in control flow that is the same for all of them. Conditions that
CUDA allows are repaired where possible; this one is not.

    while (data[threadIdx.x] > 0) { step(); __syncthreads(); }

Let all threads run the loop as often as the slowest: `while (__syncthreads_or(data[threadIdx.x] > 0)) { ... }`.";
    E0414: "a device function that must be inlined and cannot be" => "\
Functions that take or give pointers, or that contain barriers, become part of their callers. The shape of this one does not allow it.

    __device__ float* pick(float* p, int n) { while (n--) if (p[n] < 0) return p + n; return p; }

Return the index in place of the pointer.";
    E0415: "a pointer without a value" => "\
This pointer is passed on as one to a variable, but nothing that has an address is ever assigned to it.

    float* p;
    x = p[0];

Give it a value where it is declared.";
    E0416: "a barrier of the grid where the kernel cannot be cut" => "\
No shader can wait for other blocks, so a kernel is cut at `this_grid().sync()` into phases, and each is a dispatch. All threads of the grid must
reach the barrier together (CUDA guide, \"Grid Synchronization\"), so loops and branches around it are the same for all. Each way from one barrier to the
next ones is written out. Here there are too many: every branch with loops and barriers inside doubles what comes behind it.

    if (a) while (x) { this_grid().sync(); }
    if (b) while (y) { this_grid().sync(); }   // and eight more of these

Put a barrier between such branches, or make one loop of them that looks at `a` and `b` inside.";
    E0417: "a block that is too large for the device" => "\
The launch has more threads in a block than the device allows in a workgroup (256 on a small one; CUDA has 1,024). One invocation then carries several
threads, and runs them one after the other between barriers. Here that is not possible: a pointer lives on behind a barrier, or it is not plain that
the threads of the block take a jump together.

    float* p = n > 3 ? a : b; __syncthreads(); p[threadIdx.x] = 0; __syncthreads(); *p = 1;

Launch smaller blocks, or run on a device that allows larger ones: `translate devices` says how large.";
    E0418: "no room for shared memory" => "\
The device has less shared memory than the kernel and its launch want: WebGPU promises 16 KiB for a workgroup, CUDA has 48 KiB and more. The largest
variables go to global memory, once for each block of the grid, and a warning says so: results are the same, and accesses take longer. With --strict
the kernel is refused instead.

    __global__ void k(float* p) { __shared__ float tile[64][128]; tile[threadIdx.y][threadIdx.x] = *p; __syncthreads(); }

Use smaller tiles, or a device with more room: `translate devices` says how much.";
    E0419: "a barrier among waits at barrier objects" => "\
A `cuda::barrier` counts arrivals wherever they come from, so that some threads may wait for others that never wait themselves. A shader promises no
progress to a thread that looks at memory until another has written it. So where not all threads arrive together they take turns: each runs until it must
wait, and all meet before each asks again. A barrier of the block, or an operation of a warp, in the same part of the kernel would hold up those that others
wait for:

    if (warp == 0) { copy(); filled.arrive(); }
    else { filled.wait(filled.arrive()); sum += __shfl_down_sync(~0u, sum, 16); }

Exchange through shared memory there, or behind the part in which threads wait for each other.";
    E0499: "a defect of the shader passes" => "\
The passes did not bring the kernel into the form that shaders need. This is our bug: please report it with the kernel.";
}
