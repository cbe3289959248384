//! Fuzzing of the translator: whatever text comes in, it is translated or refused with a diagnostic. It never panics, never runs on
//! without end, never takes hundreds of megabytes, and never writes what its own verifiers reject.
//!
//! [`target::run`] is the property. The program `fuzz` (`main.rs`) changes seeds at random and asks the property in child processes;
//! `libfuzzer/` is the same property for `cargo fuzz`. What they find is made small and kept in
//! `findings/`, which `cargo test -p fuzz` runs.
#![forbid(unsafe_code)]

pub mod child;
pub mod minimise;
pub mod mutate;
pub mod seeds;
pub mod target;
