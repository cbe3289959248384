//! E05: what a target cannot express.

use super::Code;

codes! {
    E0501: "integers of 64 bits are not available on this target" => "\
The target has no 64-bit integers, and software ones are not made yet.

    __global__ void k(unsigned long long* x) { x[0] *= 3; }

Use 32 bits, or a device with 64-bit integers (`--features i64`).";

    E0502: "a memory fence without a barrier" => "\
WGSL orders memory at barriers alone, and those for one block alone; its atomics are relaxed. So when a block publishes data by `__threadfence()` and a flag, another block that sees the flag may still see old data, and nothing in WGSL prevents it. Fences that no thread can notice are dropped: with no shared or global memory touched before or behind them, directly before a barrier if they are for the block, and in kernels that read nothing they write. At others the kernel is cut into two dispatches, as at a barrier of the grid, because the second sees all that the first wrote: that is how a last block adds up what all have left. Not where a loop stands around the fence, or where a thread may wait in a loop for what another block writes; then nothing is left to do.

The SPIR-V target has memory barriers: `--target spirv`.

    data[i] = x; __threadfence(); atomicExch(&flag, 1);

`--target spirv`, where memory fences exist.";
    E0503: "internal error: not in legal form" => "A pass of the translator handed over code that the emitter must never see. This is a bug of `translate`; please report it with the kernel.";
    E0504: "fast math on double" => "\
GPUs have fast approximations of exp, log, sin and their kind for float and half, not for double.

Use the ordinary function, `exp(x)` instead of the fast one, or compute in float.

    double y = __expf(x);

`double y = exp(x);`";
    E0505: "fused multiply-add of double on this device" => "\
A fused multiply-add rounds once. SPIR-V promises that on no device, so it is computed exactly, for double with 64-bit integers, which this device lacks.

Translate without contraction (`--fmad=false`) if the kernel does not call `fma` itself, or take a device with 64-bit integers.

    double d = fma(a, b, c);

`double d = a * b + c;` where two roundings will do.";
    E0506: "fused multiply-add that WGSL has not" => "\
A fused multiply-add rounds once, and WGSL's `fma` may round twice. For float and double it is computed exactly by other operations; for the native half of a device it is not yet.

    __half d = __hfma(a, b, c);

Compute in float, or without `--features f16`.";
}
