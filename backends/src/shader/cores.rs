//! Several kernels at once: each is made legal in a module of its own, so the cores of the machine share them.

use super::{Options, Program, Refusal, legalise_kernel};
use ir::{FuncId, Module};
use source::cores;

/// Expressions, counted for each kernel, that take longer than a thread takes to start.
const WORTH_A_THREAD: usize = 4000;

/// One result for each kernel, in their order: the same as one by one.
pub fn legalise_each(module: &Module, kernels: &[FuncId], options: &Options) -> Vec<Result<Program, Refusal>> {
    let one = |&kernel: &FuncId| legalise_kernel(module, kernel, options);
    let size: usize = module.functions.iter().map(|(_, function)| function.exprs.len()).sum();
    if size * kernels.len() < WORTH_A_THREAD { kernels.iter().map(one).collect() } else { cores::map(kernels, one) }
}
