//! Several kernels at once: each is made legal in a module of its own, so the cores of the machine share them.

use super::{Options, Program, Refusal, legalise_kernel};
use ir::{FuncId, Module};
use std::num::NonZero;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Expressions, counted for each kernel, that take longer than a thread takes to start.
const WORTH_A_THREAD: usize = 4000;
/// The passes recurse as deep as expressions and blocks nest. Pages that nobody touches cost nothing.
const STACK_SIZE: usize = 256 << 20;

/// One result for each kernel, in their order: the same as one by one.
pub fn legalise_each(module: &Module, kernels: &[FuncId], options: &Options) -> Vec<Result<Program, Refusal>> {
    let one = |&kernel| legalise_kernel(module, kernel, options);
    let size: usize = module.functions.iter().map(|(_, function)| function.exprs.len()).sum();
    let workers = if size * kernels.len() < WORTH_A_THREAD { 1 } else { cores().min(kernels.len()) };
    if workers < 2 {
        return kernels.iter().map(one).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Vec<OnceLock<Result<Program, Refusal>>> = kernels.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        let mut index = next.fetch_add(1, Ordering::Relaxed);
        while let Some(kernel) = kernels.get(index) {
            done[index].get_or_init(|| one(kernel));
            index = next.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..workers {
            // Without a thread the others do its work.
            let _ = std::thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, work);
        }
        work();
    });
    done.into_iter().zip(kernels).map(|(place, kernel)| place.into_inner().unwrap_or_else(|| one(kernel))).collect()
}

/// Asking the system takes longer than a small kernel.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}
