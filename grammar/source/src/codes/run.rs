//! E06: launching, comparing, devices. E065 and E066 are about the headers of samples.

use super::Code;

codes! {
    E0601: "there is no such device" => "\
No Vulkan, Metal or Direct3D 12 device of that name was found on this machine. `translate devices` lists what is there
and what was left out with its reason. Without any GPU the CPU device and the interpreter always work.";
    E0602: "this device's results cannot be trusted" => "\
The driver is known to compute wrong results without an error. Mesa's lavapipe before release 25 stops every invocation
after 65,535 loop iterations in total. Install a newer driver, or use another device.";
    E0603: "the device cannot be opened" => "\
The driver lists the device but would not open it: it may be in use, out of memory, or not reachable by this user.";
    E0604: "the shader module is not accepted" => "\
The emitted WGSL or SPIR-V was rejected before it reached the driver. For output of `translate` this is our bug:
please report it with the kernel.";
    E0605: "no pipeline can be made on this device" => "\
The module is valid but this device cannot run it: its block is larger than the device's limit, it needs more bindings or
more workgroup memory than there is, or the driver's compiler rejected it.";
    E0606: "the shader compiler panicked" => "\
A defect of the shader compiler under us (naga or the driver's). The kernel was not run. Another route
(`--target spirv` or `--target wgsl`) may avoid it.";
    E0607: "the device lacks something that the launch needs" => "\
The launch needs a feature that this device or driver does not offer, such as handing over SPIR-V words as they are.
`translate devices --verbose` lists the features of each device.";
    E0608: "the bindings do not fit" => "\
A buffer of the launch is missing, too small, too large for one binding of this device, or begins at an offset that the device
cannot bind. Devices bind 128 MiB to 2 GiB at once.";
    E0609: "the device is out of memory" => "\
The buffers of the launch are larger than the memory that the device has left.";
    E0610: "the kernel did not end in time" => "\
The kernel ran longer than the time limit and its process was ended. It may wait for another block, which no device promises
to run at the same time, or loop for ever. `--time-limit` gives it longer.";
    E0611: "the device's driver crashed" => "\
The driver ended the process that ran the kernel. Common causes are an access out of bounds in trusted mode and a defect
of the driver. Run with checks to find out which.";
    E0612: "the device was lost" => "\
The driver gave the device up while the kernel ran: it hung, was reset, or was unplugged. Other programs that use it are affected too.";
    E0613: "the grid cannot be launched" => "\
Every dimension of a grid must be at least 1, and a grid can have at most 4,294,967,295 blocks in all.";
    E0614: "the dispatch is not accepted" => "\
The device's validation rejected the dispatch or a copy of its data, for example because one buffer is bound both for reading only
and for writing.";
    E0615: "the worker process failed" => "\
Kernels run in a process of their own. It could not be started, or ended without an answer.";
    E0616: "the launch is too large for this device" => "\
Nothing is wrong with the kernel, but this device has less than the launch needs: threads in a block, shared memory, buffers that are
bound at once, or bytes in a buffer. `translate devices --json` lists the limits of each device. A heap (`--bindings heap`) that is larger
than what a device binds at once is bound as several buffers, up to 2 GiB in all; a single allocation must fit one of them.";
    E0620: "access out of bounds" => "\
A load, store or atomic reaches outside of its buffer or variable. The message names the memory, its size and the byte offset.
A GPU would read garbage, or change other data, without a word. Usual causes are a missing guard on the last block

    if (i < n) data[i] = ...;

and a buffer smaller than the kernel takes it to be.";
    E0621: "misaligned access" => "\
The address is no multiple of the alignment of the type. CUDA ends such a launch with \"misaligned address\". Usual cause: a cast
from `float*` to `float4*` at an element that does not begin a group of four.";
    E0622: "access through a null pointer" => "\
The kernel follows a pointer that is null, or null plus an offset.";
    E0623: "access through a wild pointer" => "\
The address belongs to no memory of the launch. It may come from an integer that never was a pointer, or from pointer arithmetic far
outside of its buffer.";
    E0624: "access to a variable that is no more" => "\
The pointer points to an automatic variable whose scope has ended, or to one of another thread.";
    E0625: "read of an undefined value" => "\
Shared memory and automatic variables have no initial value. What is read was never written by this launch (for shared memory:
by this block), and it reached global memory, an address, an atomic, a vote or a print; with --sanitize, or a branch. Often a missing
`__syncthreads()` between writing and reading, or a part of a tile that no thread fills.";
    E0626: "write to constant memory" => "\
`__constant__` variables are read only while a kernel runs.";
    E0627: "divergent barrier" => "\
`__syncthreads()` must be reached by all threads of the block that have not returned, or by none (CUDA guide, \"Synchronization
Functions\"). Here some wait at it while others can never come. Some GPUs hang, others go on with broken data.";
    E0628: "divergent warp operation" => "\
All lanes in the mask of a `_sync` function that have not returned must execute the same function with the same mask, and the
calling lane must be in its own mask (CUDA guide, \"Warp Shuffle Functions\").";
    E0629: "shuffle from a lane that does not take part" => "\
What a shuffle reads from a lane that is not in the mask, or has returned, is undefined. Reported with --sanitize only, because
many programs do it and ignore the value.";
    E0630: "width of a shuffle" => "\
The width must be a power of two up to 32.";
    E0631: "threads disagree on a broadcast" => "\
A pass made one value for the whole block of a value that differs between threads. This is a bug; please report it with the kernel.";
    E0632: "the kernel does not finish" => "\
A thread made more steps than the limit. It loops for ever, or waits for a block that runs only after it: CUDA promises no
order between blocks, so no block may wait for another one.";
    E0633: "assertion failed" => "\
An `assert` in the kernel failed. CUDA ends such a launch with cudaErrorAssert. The message is CUDA's: file, line, function, block, thread.
What the launch left in memory is unspecified.";
    E0634: "the kernel trapped" => "\
The kernel executed `__trap()`, which ends the launch with an error.";
    E0635: "calls nested too deep" => "\
Functions call each other deeper than the interpreter allows.";
    E0636: "no return value" => "\
Control reached the end of a function that returns a value.";
    E0637: "data race" => "\
Two threads access the same byte, one of them writes, and no barrier or atomic puts one before the other. The result depends on
which one is first. Reported with --sanitize. Threads of one block are ordered by `__syncthreads()`, lanes of a warp also by
`__syncwarp()`, and different blocks only by atomics with `__threadfence()`.";
    E0638: "the interpreter takes too long" => "\
The launch was given up after --time-limit. This says nothing about the kernel: the interpreter checks every access and is some hundred times
slower than a GPU. The comparison with it is left out, not passed. A smaller launch, or a longer limit, makes it again.";
    E0639: "internal error: broken IR" => "\
This is a bug; please report it with the source file.";
    E0640: "the result depends on the order of threads" => "\
The interpreter gets another result when blocks and threads take their turns in another order: the opposite one, a shuffled one, or one step each in
turn. CUDA promises no order, so each of them may be right, and what a launch file expects may be one of many. Only elements that an order changes
are excused. `order = \"any\"` compares a buffer as a multiset.";
    E0641: "a wait for arrivals that never come" => "\
All threads of the block that are left wait at a `cuda::barrier` or a pipeline, and none of them can arrive where the others wait. On a GPU they
would wait for ever. Look at the count that the object was initialised with, and at threads that return without `arrive_and_drop`.";
    E0650: "the sample's header is not TOML" => "\
The lines that begin with //# at the top of a sample are one TOML document, with the //# taken away.

    //# launch = { kernel = \"saxpy\", grid = 4, block = 256 }

samples/README.md describes all keys.";
    E0651: "unknown key in the sample's header" => "\
A key that nobody reads would be a check that nobody makes, so it is an error. The message lists the keys that are known at this place;
samples/README.md explains them.";
    E0652: "wrong kind of value in the sample's header" => "\
A value is missing, has the wrong type, or lies outside of what is possible. samples/README.md says what each key takes.";
    E0653: "unknown or doubled name in the sample's header" => "\
Names in `expect`, `launches` and pointers into buffers must be declared in `args`, `buffers` or `symbols`, once, and before they are used.";
    E0654: "malformed generator" => "\
A generator fills memory from a few words: what, type, count.

    { x = \"iota f32 1000\" }

samples/README.md lists all generators and types.";
    E0655: "mistake in a formula" => "\
A formula in a sample's header cannot be understood or computed: an unknown name, an element outside of a buffer, a division by zero, a
loop without end. Formulas speak of `i`, of numbers among the arguments, and of memory as it was before the first launch.";
    E0656: "the sample does not say what to check" => "\
A sample's header has a launch and says in `expect` what memory must hold afterwards. A sample that checks nothing proves nothing.

    //# launch = { kernel = \"saxpy\", grid = 4, block = 256 }
    //# args   = [{ n = 1000 }, { y = \"zeros f32 1000\" }]
    //# expect = { y = \"2*i + 1\" }";
    E0660: "the file cannot be read" => "\
The file or folder does not exist, or may not be read.";
    E0661: "the file is not UTF-8" => "\
Source files are UTF-8 text. The place shown is the first byte that is not. Files in an older encoding can be converted:

    iconv -f latin1 -t utf-8 old.cu > new.cu";
    E0662: "the output cannot be written" => "\
The result is written under a temporary name beside its place and then renamed, so that there is never half a file. The folder must exist and be writable.";
    E0663: "no such code" => "\
`translate explain` without a code lists all codes.";
    E0664: "no such kernel" => "\
Kernels are named as a launch names them, with their template arguments: --kernel 'scale<float, 256>'. Names in a namespace are written with it.";
    E0665: "no kernel to translate" => "\
The file has no __global__ function, or only templates that nobody instantiates. Kernels are instantiated by launches in the file, by
explicit instantiations, and by --kernel.

    translate scale.cu --kernel 'scale<float, 256>'";
    E0666: "the launch does not fit the kernel" => "\
A sample's header or a launch file gives arguments that the kernel does not take: too many or too few, a pointer for a number, a structure of another size.
Pointers inside of structures and of memory must be null or lie in a buffer whose `address` the launch file says.";
    E0667: "the result differs" => "\
After the launch, memory does not hold what the sample or the launch file expects. Integers must be equal bit for bit; floats within the stated tolerance.";
    E0668: "memory past the end was written" => "\
The kernel wrote behind the end of a buffer. On a GPU this can pass unnoticed; here guard bytes stand behind every buffer.";
    E0669: "internal error: the launch was built wrongly" => "\
The translator and the launcher do not agree about the kernel's interface. This is a bug; please report it with the source file.";
    E0671: "nothing to check" => "\
The file has no header that says how to launch its kernels, or the folder has no samples. samples/README.md describes the header.";
    E0672: "the launch file cannot be used" => "\
A launch file is a folder with launch.toml and raw little-endian files beside it. samples/README.md describes it.";
    E0673: "internal error: the translator panicked" => "\
This is a bug; please report it with the source file.";
    E0674: "internal error: the output is not valid" => "\
A validator does not accept the shader that was made. This is a bug; please report it with the source file.";
    E0675: "the output of printf differs" => "\
What the launches printed is not what the sample expects, or not what the interpreter printed. CUDA gives the output of different threads in no
order; here it is sorted by block and thread before it is compared.";
    E0676: "the buffer of printf is full" => "\
What kernels print goes to a buffer of 1 MiB, CUDA's default (cudaLimitPrintfFifoSize), and is read after the launch. What finds no room there
is lost; CUDA loses the oldest instead of the newest. Print less, or from fewer threads.";
}
