//! A kernel launch as data: the memory it sees, the memory it must leave, and how the two are compared.
//!
//! Two sources make the same [`Case`]: the header of a sample (`samples/README.md` documents it) and a launch file, which holds one
//! launch of a real program. Nothing here knows how a kernel is run.
//!
//! What must hold: an unknown key, name or generator is a diagnostic with its place; what a case expects never depends on what ran it.
#![forbid(unsafe_code)]

mod case;
mod compare;
mod formula;
mod generator;
mod header;
mod launch_file;
mod layout;
mod left_out;
pub mod random;
mod scalar;
pub mod warps;

pub use case::{Arg, ArgValue, Buffer, Case, Check, Launch, Options, Order, Plan, Route, Target};
pub use compare::{Comparison, Mismatch, Tolerance, compare};
pub use generator::parse_number as number;
pub use header::{has_header, read_header};
pub use launch_file::{LaunchFileError, read_launch_file};
pub use layout::{Field, Layout};
pub use left_out::left_out;
pub use scalar::{Scalar, Value};
