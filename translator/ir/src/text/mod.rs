//! The text form of the IR: a file to read, to write tests in, and to read back.
//!
//! ```text
//! const TILE: i32 = 16
//! shared tile: [f32; 256]
//! struct Node size 16 align 8 {
//!   value: f32 @0
//!   next: *global Node @8
//! }
//! fn square(x: f32) -> f32 {
//!   return x * x
//! }
//! kernel `scale<float>`(data: *global f32, n: i32) max_threads 256 {
//!   let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
//!   if i < n {
//!     let y = call square(data[i])
//!     data[i] = y
//!   }
//! }
//! ```
//!
//! **Lines.** One statement a line; an expression ends with its line. `;` and `//` start a comment.
//!
//! **Places.** As in C, a name of a variable stands for its content where a value is wanted, and `&place` is its address:
//! `LocalAddr` and `GlobalAddr` are names, `Field` is `place.name` or `pointer->name`, `Element` is `place[i]` where `place`
//! is an array, `Offset` is `pointer[i]` where it is a pointer, and `pointer.*` is what any pointer points to. What stands in
//! parentheses is a value, so `(v).x` is `Extract` of a loaded `v`, and `v.x` a load of a field.
//!
//! **Calls.** `call f(x)` is a statement and binds its result; `pure f(x)` is an expression.
//!
//! **Names.** `i.1` is the second `i` of a function, `%3` a value without a name, `` `a<b>` `` a name that is no identifier.
//!
//! **Literals.** `1` is an `i32` and `1.5` an `f32`; others carry their type, `1u64`, `1.5f64`. What has no decimal form is
//! written as `bits<f32>(0x7f800000)`.
//!
//! Spans, comments of the source, and which equal subtrees share a handle are not in the text.

mod lexer;
mod names;
mod parse;
mod print;
mod spell;

pub use parse::{ParseError, parse};
pub use print::{print, print_expr, print_function};
