//! Target-neutral passes over the IR.
//!
//! `ir::bind_locals` runs on each function as it is finished, `contract_fma` where the options ask for it; `prune` last, because only
//! then is it known which kernels were refused.

pub mod contract_fma;
pub mod prune;
