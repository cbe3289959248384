//! Structured SIMT code: what a CUDA kernel means, without C++ and without any target.
//!
//! A [`Module`] holds functions over C-like types with CUDA's layout. A function's body is a tree of statements; each
//! statement holds expression trees; effects are in statements only. The contract of each part is in its module:
//! [`types`] (layout, address spaces), [`expr`] (evaluation time, arithmetic), [`stmt`] (scope, control flow,
//! uniformity), [`module`] (variables, functions).
//!
//! Between lowering and the shader passes the IR is *free*: pointers are values like any other. Behind the shader
//! passes it is *legal* for shaders: each address is a chain that starts at a variable or parameter. Both are this IR,
//! so that the interpreter can run a kernel before and after every pass.
#![forbid(unsafe_code)]

pub mod arena;
pub mod bind_locals;
pub mod expr;
pub mod float16;
mod infer;
pub mod module;
mod results;
pub mod stmt;
pub mod text;
pub mod types;
pub mod verify;

pub use arena::{Arena, Handle};
pub use expr::{Axis, BinaryOp, ConstantId, Expr, ExprData, ExprId, Geometry, LetId, LocalId, LogicalOp, MathFn, UnaryOp};
pub use infer::{TypeError, infer, parts_of};
pub use module::{
    Comment, Constant, Evaluated, FuncId, Function, FunctionKind, Global, GlobalId, Let, Local, Module, Param, Tables, WARP_SIZE,
};
pub use results::result_type;
pub use stmt::{Assertion, AtomicOp, Block, BlockVote, Case, LoopForm, Scope, Stmt, StmtKind, TICK, WarpOp};
pub use types::{Field, Scalar, Space, Struct, StructId, Type, TypeId, Types};
pub use verify::{VerifyError, verify};
