//! Keeps the kernels that were lowered and the functions they call.
//!
//! *Needs* the kernels to keep. *Leaves* a module without functions that only refused kernels or `decltype` needed.

use ir::{Arena, FuncId, Function, Module};

/// Returns the new ids of `kernels`, in their order.
pub fn run(module: &mut Module, kernels: &[FuncId]) -> Vec<FuncId> {
    let mut keep: Vec<Option<FuncId>> = vec![None; module.functions.len()];
    let mut order = Vec::new();
    for &kernel in kernels {
        visit(module, kernel, &mut keep, &mut order);
    }
    let mut all: Vec<Option<Function>> = std::mem::take(&mut module.functions).into_items().map(|(func, _)| Some(func)).collect();
    let mut functions: Arena<Function> = Arena::new();
    for mut func in order.into_iter().filter_map(|old| all[old.index()].take()) {
        func.map_callees(|callee| keep[callee.index()]);
        let span = func.span;
        functions.add(func, span);
    }
    module.functions = functions;
    kernels.iter().map(|kernel| keep[kernel.index()].unwrap_or(*kernel)).collect()
}

/// All functions that a kernel may come to, itself among them.
pub fn reached(module: &Module, root: FuncId) -> Vec<FuncId> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&func) = found.get(next) {
        next += 1;
        for (callee, _) in module.functions[func].callees() {
            if !found.contains(&callee) {
                found.push(callee);
            }
        }
    }
    found
}

/// A call that leads back to a function that is being called: its name and the call.
pub fn find_cycle(module: &Module, root: FuncId) -> Option<(String, source::Span)> {
    cycle_from(module, root, &mut Vec::new(), &mut Vec::new())
}

fn cycle_from(module: &Module, func: FuncId, path: &mut Vec<FuncId>, done: &mut Vec<FuncId>) -> Option<(String, source::Span)> {
    if done.contains(&func) {
        return None;
    }
    path.push(func);
    for (callee, span) in module.functions[func].callees() {
        if path.contains(&callee) {
            return Some((module.functions[callee].name.clone(), span));
        }
        if let Some(found) = cycle_from(module, callee, path, done) {
            return Some(found);
        }
    }
    path.pop();
    done.push(func);
    None
}

/// Callees before callers. Calls cannot form cycles: kernels that reach one are refused before.
fn visit(module: &Module, func: FuncId, keep: &mut [Option<FuncId>], order: &mut Vec<FuncId>) {
    if keep[func.index()].is_some() {
        return;
    }
    for (callee, _) in module.functions[func].callees() {
        visit(module, callee, keep, order);
    }
    keep[func.index()] = Some(FuncId::new(order.len()));
    order.push(func);
}
