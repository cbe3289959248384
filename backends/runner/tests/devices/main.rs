//! Tests on every device of this machine: one program, because each links wgpu.

mod common;
mod emitted;
mod launches;
mod passthrough;
mod subgroups;
mod worker;
