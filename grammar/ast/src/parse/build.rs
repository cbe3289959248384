//! What the grammar's actions call: specifier lists and declarators become declarations and types, the rest is plumbing.

mod declarations;
mod declarators;
mod exprs;
mod specifiers;
mod stmts;

pub(super) use declarations::*;
pub(super) use declarators::*;
pub(super) use exprs::*;
pub(super) use specifiers::*;
pub(super) use stmts::*;
