//! Checks that a module keeps the contract of the IR. What it refuses is always a bug of the code that made the module, never the user's.
//!
//! # Rules
//!
//! **Module** ([`items`])
//! * Function names are unique. Kernels return nothing and are not called. Calls form no cycle.
//! * What expressions call is pure: it reads and writes its own variables alone, and does nothing else.
//! * A struct's fields lie inside of it, and no struct contains itself.
//! * A variable's space is global, shared or constant; its alignment is a power of two and at least that of its type; its initial bytes
//!   fit it. Only dynamic shared variables and variables of global and constant memory may be arrays without a length, and
//!   only shared variables are dynamic.
//!
//! **Types** ([`types`])
//! * Every expression has the type that [`infer`](crate::infer) gives it, and no expression contains itself.
//! * Nothing has a value of type `void`, or of an array without a length.
//! * `-` is for numbers, `~` for integers, `!` for `bool`.
//! * Conditions are `bool`; a selector is an integer, its case values are different, and there is one `default` at most.
//! * What is stored, returned, or given to a variable or bound name has its type. Nothing is stored to constant memory.
//! * Operands of calls, atomics, votes and warp operations fit, see [`result_type`](crate::result_type); masks are `u32`.
//! * `printf` takes scalars and pointers.
//!
//! **Scopes** ([`scopes`])
//! * A bound value is used behind its statement in the same block, or in blocks nested there; so is a variable behind its `Declare`.
//!   Neither is bound again while it can be seen.
//! * `break` stands in a loop or switch, `continue` in a loop's body.

mod items;
mod scopes;
mod types;

use crate::module::{FuncId, Module};
use source::Span;

/// A broken rule and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", .function.as_ref().map(|name| format!("in `{name}`: ")).unwrap_or_default())]
pub struct VerifyError {
    /// `None` for what belongs to no function.
    pub function: Option<String>,
    pub message: String,
    pub span: Span,
}

/// Checks all rules. Gives all that is wrong, in the order of the module.
pub fn verify(module: &Module) -> Result<(), Vec<VerifyError>> {
    let mut verifier = Verifier { module, function: None, errors: Vec::new() };
    items::check(&mut verifier);
    // Inference interns types, so it works on a copy.
    let mut tables = module.tables.clone();
    for (id, _) in module.functions.iter() {
        verifier.function = Some(id);
        types::check(&mut verifier, id, &mut tables);
        scopes::check(&mut verifier, id);
    }
    if verifier.errors.is_empty() { Ok(()) } else { Err(verifier.errors) }
}

struct Verifier<'a> {
    module: &'a Module,
    function: Option<FuncId>,
    errors: Vec<VerifyError>,
}

impl Verifier<'_> {
    fn error(&mut self, message: impl Into<String>, span: Span) {
        let function = self.function.map(|id| self.module.functions[id].name.clone());
        self.errors.push(VerifyError { function, message: message.into(), span });
    }
}
