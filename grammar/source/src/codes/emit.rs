//! E05: what a target cannot express.

use super::Code;

codes! {
    E0501: "integers of 64 bits are not available on this target" => "The target has no 64-bit integers, and software ones are not made yet.";

    E0502: "a memory fence without a barrier" => "WGSL orders memory only at barriers, which all threads of a block must reach. `__threadfence()` lets one thread publish its writes while the others go on, so there is nothing to translate it to.\n\nThe SPIR-V target has memory barriers: `--target spirv`.";
    E0503: "internal error: not in legal form" => "A pass of the translator handed over code that the emitter must never see. This is a bug of `translate`; please report it with the kernel.";
}
