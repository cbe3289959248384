//! Who calls whom, asked of each function once: finding the calls in expressions takes a walk over all of them.

use ir::{FuncId, Module};

/// The callees of each function of a module, in the order in which [`Function::callees`](ir::Function::callees) finds them.
#[derive(Debug)]
pub struct Calls(Vec<Vec<FuncId>>);

impl Calls {
    pub fn of(module: &Module) -> Calls {
        let callees = |function: &ir::Function| function.callees().into_iter().map(|(callee, _)| callee).collect();
        Calls(module.functions.iter().map(|(_, function)| callees(function)).collect())
    }

    pub fn of_function(&self, caller: FuncId) -> &[FuncId] {
        &self.0[caller.index()]
    }

    /// The functions that the kernels reach, callees first.
    pub fn order(&self, kernels: &[FuncId]) -> Vec<FuncId> {
        let mut order = Vec::new();
        let mut seen = vec![false; self.0.len()];
        kernels.iter().for_each(|kernel| self.visit(*kernel, &mut seen, &mut order));
        order
    }

    /// Calls form no cycle.
    fn visit(&self, id: FuncId, seen: &mut [bool], order: &mut Vec<FuncId>) {
        if !std::mem::replace(&mut seen[id.index()], true) {
            self.of_function(id).iter().for_each(|callee| self.visit(*callee, seen, order));
            order.push(id);
        }
    }
}
