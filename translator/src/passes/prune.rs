//! Keeps the kernels that were lowered and the functions they call.
//!
//! *Needs* the kernels to keep. *Leaves* a module without functions that only refused kernels or `decltype` needed.

use ir::{Arena, FuncId, Function, Module};

/// Returns the new ids of `kernels`, in their order.
pub fn run(module: &mut Module, kernels: &[FuncId]) -> Vec<FuncId> {
    let mut keep: Vec<Option<FuncId>> = vec![None; module.functions.len()];
    let (mut met, mut order) = (vec![false; module.functions.len()], Vec::new());
    for &kernel in kernels {
        visit(module, kernel, &mut keep, &mut met, &mut order);
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

/// Statements of a function and of all its callees, each counted as often as it is called, as drivers inline them. The calls form no cycle.
pub fn size_inlined(module: &Module, root: FuncId) -> u64 {
    fn size(module: &Module, func: FuncId, known: &mut Vec<Option<u64>>) -> u64 {
        if let Some(size) = known[func.index()] {
            return size;
        }
        let function = &module.functions[func];
        // Until it is known, so that a cycle ends.
        known[func.index()] = Some(u64::MAX);
        let mut total = 0u64;
        function.body.walk(&mut |_| total += 1);
        for (callee, _) in function.callees() {
            total = total.saturating_add(size(module, callee, known));
        }
        known[func.index()] = Some(total);
        total
    }
    size(module, root, &mut vec![None; module.functions.len()])
}

/// Callees before callers, unless they call each other.
fn visit(module: &Module, func: FuncId, keep: &mut [Option<FuncId>], met: &mut [bool], order: &mut Vec<FuncId>) {
    if std::mem::replace(&mut met[func.index()], true) {
        return;
    }
    for (callee, _) in module.functions[func].callees() {
        visit(module, callee, keep, met, order);
    }
    keep[func.index()] = Some(FuncId::new(order.len()));
    order.push(func);
}
