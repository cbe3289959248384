//! From CUDA C++ text to a syntax tree of what the device can reach.
//!
//! ```text
//! source ─ preprocess ─ tokens ─ split ─ reach ─ classify ─ LALRPOP ─ AST
//! ```
//!
//! What must hold: host code that no kernel reaches is never parsed, so it cannot fail; all errors of a file come out of one run;
//! no input makes this package panic, recurse without bound or run for ever.
#![forbid(unsafe_code)]

mod brackets;
mod build;
mod classify;
mod declarations;
mod hosts;
mod joined;
mod launches;
mod lexer;
mod names;
mod options;
mod prelude;
mod preprocess;
mod reach;
mod shipped;
mod split;
mod token;
mod unit;

pub use build::{decode, parse};
pub use options::{Headers, NoHeaders, Options};
pub use prelude::PreludeCache;
pub use unit::{Item, ItemFlags, ItemKind, MacroConstant, Origin, Scope, Unit};

/// Number of raw tokens in a text: what the lexer alone costs, for benches.
pub fn lex_count(text: &str) -> usize {
    lexer::lex(text, 1).tokens.len()
}
