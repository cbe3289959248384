//! Refuses what the IR's verifier does not accept: a bug in lowering must end as a refusal, never as a wrong result.

use crate::pipeline::{KernelReport, KernelState, Stage};
use ir::{FuncId, Module, VerifyError};
use source::{Code, Diagnostic};

/// Turns each kernel that is broken, or reaches something broken, into a refused one.
pub fn refuse_broken(module: &Module, kernels: &mut [KernelReport]) {
    let Err(errors) = ir::verify(module) else { return };
    for kernel in kernels {
        let KernelState::Lowered(id) = kernel.state else { continue };
        let reached = reached_from(module, id);
        let concerns = |error: &&VerifyError| match &error.function {
            None => true,
            Some(name) => reached.iter().any(|function| module.functions[*function].name == *name),
        };
        let found: Vec<Diagnostic> = errors.iter().filter(concerns).map(diagnostic).collect();
        if !found.is_empty() {
            kernel.state = KernelState::Refused;
            kernel.stage = Stage::Typed;
            kernel.diagnostics.extend(found);
        }
    }
}

fn diagnostic(error: &VerifyError) -> Diagnostic {
    Diagnostic::error(Code::E0399, format!("internal error: {}", error.message), error.span)
}

/// A function and all that it calls, directly or not.
fn reached_from(module: &Module, root: FuncId) -> Vec<FuncId> {
    let mut reached = vec![root];
    let mut next = 0;
    while let Some(&function) = reached.get(next) {
        next += 1;
        for (callee, _) in module.functions[function].callees() {
            if !reached.contains(&callee) {
                reached.push(callee);
            }
        }
    }
    reached
}
