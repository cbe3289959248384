//! The syntax tree of CUDA C++ as it was written, and the parser that builds it.
//!
//! Nothing here knows what a name means: the classifier in `grammar` decides every ambiguity of C++ on raw tokens and hands
//! role tokens to the LALRPOP grammar of this package. The parser is a package of its own because its generated code is large:
//! an edit of the classifier must not compile it again.
//!
//! What must hold: every node owns a [`source::Span`]; declarators are resolved into types (`int *a[3]` is an array of pointers);
//! names are [`Symbol`]s; nothing is desugared that a person would miss when the tree is printed.
#![forbid(unsafe_code)]

mod decl;
mod expr;
mod keyword;
mod launch;
mod names;
mod parse;
mod print;
mod role;
mod specs;
mod stmt;
mod symbol;
mod types;

pub use decl::*;
pub use expr::*;
pub use keyword::Kw;
pub use launch::*;
pub use names::*;
pub use parse::{parse_decl, parse_number};
pub use print::{print_decl, print_expr, print_type};
pub use role::{Cv, Tok, Word};
pub use specs::*;
pub use stmt::*;
pub use symbol::{Interner, Symbol};
pub use types::*;
