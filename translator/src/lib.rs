//! Sema and lowering: from the AST of a CUDA translation unit to the IR.
//!
//! Knows C++ semantics and CUDA's built-ins; knows nothing of shader languages.
#![forbid(unsafe_code)]

mod headers;

pub use headers::ShippedHeaders;
