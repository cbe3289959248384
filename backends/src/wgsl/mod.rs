//! Writes a legal [`Program`](crate::shader::Program) as WGSL for people.
//!
//! The source's names, comments, named constants and `for` loops survive; casts and helpers appear only where WGSL's types or
//! operators differ from CUDA's. The text is core WGSL unless the program's features say otherwise: it passes naga and Tint.
//!
//! * workgroups are one-dimensional and `threadIdx` is computed, which gives CUDA's order of lanes;
//! * blocks are numbered over a folded grid: `block = launch.firstBlock + group.x + groups.x * group.y`;
//! * block size and dynamic shared length are pipeline constants, so one text serves every launch.

mod comments;
mod constants;
mod exchange;
mod expr;
mod fold;
mod function;
mod functions;
mod geometry;
mod helpers;
mod literal;
mod math;
mod memory;
mod module;
mod names;
mod options;
mod parts;
mod stmt;
mod subgroups;
mod types;

pub use options::{EmitError, WgslModule, WgslOptions};
pub use subgroups::ENABLE as ENABLE_SUBGROUPS;

use crate::shader::{Program, with_exact_fma, with_rounded_sums};

/// The program as one WGSL module with an entry point for each kernel.
pub fn emit(program: &Program, options: WgslOptions<'_>) -> Result<WgslModule, EmitError> {
    let program = with_rounded_sums(program);
    let program = with_exact_fma(&program).map_err(|refusal| EmitError::FmaDouble { span: refusal.span() })?;
    module::write(&program, options)
}
