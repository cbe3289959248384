//! Target-neutral passes over the IR.
//!
//! `bind_locals` runs on each function as it is finished; `contract_fma` where the options ask for it; `prune` last, because only
//! then is it known which kernels were refused.

pub mod bind_locals;
pub mod contract_fma;
pub mod prune;
