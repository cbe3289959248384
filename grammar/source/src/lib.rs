//! Where text comes from and how we speak about it: spans, files, diagnostics.
//!
//! Knows nothing of CUDA. Every other package may use it.
#![forbid(unsafe_code)]

mod codes;
pub mod cores;
mod diagnostic;
mod files;
mod render;
mod sarif;
mod span;

pub use codes::{Code, all_codes, find_code};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use files::{Expansion, FileId, Place, SourceMap};
pub use render::{Coloring, render_json, render_string, render_text};
pub use sarif::{sarif_log, sarif_result};
pub use span::{Span, Spanned};
