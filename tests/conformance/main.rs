//! Samples x devices x routes: every sample runs on the interpreter, and by WGSL and SPIR-V on every device there is, and agrees with
//! what its header expects. What they are made into passes the validators of others.
//!
//! What this machine cannot do is said and noted for `cargo xtask test` (tests/README.md); it never passes in silence.

mod agree;
mod common;
mod planted;
mod random;
mod random_memory;
mod random_recursion;
mod repair;
mod routes;
mod seeds;
mod shared;
mod soft;
mod validators;
mod warps;
