//! From the IR to something that runs: the interpreter (the oracle), the shader passes, and the emitters.
//!
//! Knows targets; knows nothing of C++.
#![forbid(unsafe_code)]

mod common;
pub mod cross;
pub mod interpreter;
pub mod launch_plan;
pub mod output;
pub mod reflect;
pub mod shader;
pub mod spirv;
pub mod wgsl;
