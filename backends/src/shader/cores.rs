//! Several kernels at once: each is made legal in a module of its own, so the cores of the machine share them.

use super::{Options, Program, Refusal, legalise_kernel};
use ir::{FuncId, Module};
use source::cores;

/// Expressions, counted for each kernel, that take longer than a thread takes to start.
const WORTH_A_THREAD: usize = 1500;

/// One result for each kernel, in their order: the same as one by one.
pub fn legalise_each(module: &Module, kernels: &[FuncId], options: &Options) -> Vec<Result<Program, Refusal>> {
    let one = |&kernel: &FuncId| legalise_kernel(module, kernel, options);
    let all: usize = module.functions.iter().map(|(_, function)| function.exprs.len()).sum();
    // Much of a kernel may stand in what it calls.
    let size = |kernel: &FuncId| {
        let function = &module.functions[*kernel];
        let callees = function.callees().into_iter().map(|(callee, _)| module.functions[callee].exprs.len());
        function.exprs.len() + callees.sum::<usize>()
    };
    if all * kernels.len() < WORTH_A_THREAD { kernels.iter().map(one).collect() } else { cores::map(kernels, size, one) }
}
