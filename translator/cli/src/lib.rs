//! The commands of `translate`, and the pipeline behind them, which tests and benches share.
#![forbid(unsafe_code)]

pub mod abi;
pub mod args;
pub mod check;
pub mod devices;
pub mod emit;
pub mod emit_file;
pub mod engine;
pub mod explain;
mod gate;
mod lowering;
mod output;
pub mod pipeline;
pub mod screen;
pub mod survey;
mod table;
