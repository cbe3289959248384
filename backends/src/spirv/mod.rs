//! Writes a legal [`Program`](crate::shader::Program) as SPIR-V 1.3 for Vulkan 1.1.
//!
//! Our own writer over `rspirv`, because exactness and speed need what naga's cannot say: `NoContraction` on every float operation,
//! unordered comparison, memory barriers, conversions and shifts as CUDA has them, values instead of variables, no guards in trusted code.
//! Section numbers are those of the SPIR-V specification, version 1.6.
//!
//! * all bindings are in descriptor set 0; binding 0 is the uniform `Launch { gridDim, firstBlock }`;
//! * workgroups are one-dimensional and `threadIdx` is computed from `LocalInvocationIndex`, which gives CUDA's order of lanes;
//! * blocks are numbered over a folded grid, and a group past the grid returns at once;
//! * a program that looks at x alone is made for launches of one dimension, whose ranks are indices, unless the caller wants all;
//! * block size and dynamic shared length are literals if the caller knows them, and else specialization constants that are found
//!   by name or by `SpecId` (0 to 2 for `blockDimX` to `blockDimZ`, then one for each dynamic shared array);
//! * all integer types are unsigned: the operation says whether there is a sign, so conversions between `i32` and `u32` vanish.

mod arith;
mod assembly;
mod control;
mod convert;
mod expr;
mod fma;
mod function;
mod geometry;
mod math;
mod memory;
mod module;
mod options;
mod stmt;
mod subgroups;
mod sync;
mod types;

pub use options::{EmitError, FusedMultiplyAdd, SpirvOptions};

use crate::common::geometry::is_linear;
use crate::reflect::InterfaceNames;
use crate::shader::Program;

/// The program as the words of one SPIR-V module with an entry point for each kernel.
pub fn emit(program: &Program, options: &SpirvOptions) -> Result<Vec<u32>, EmitError> {
    module::write(program, options)
}

/// The names of entry points and constants in what [`emit`] writes with these options.
pub fn names(program: &Program, options: &SpirvOptions) -> InterfaceNames {
    InterfaceNames {
        linear: !options.full_geometry && is_linear(&program.module, options.block),
        ..InterfaceNames::plain(program)
    }
}
