//! The soft functions: read once, and copied into a kernel's module one by one as operations ask for them.

use crate::shader::transplant;
use ir::{FuncId, Module};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Translated from the headers beside it, and written by hand: the bridges to 64-bit types where the target has some of them.
const TEXTS: [&str; 2] = [include_str!("soft/soft.ir"), include_str!("soft/bridges.ir")];

struct Shelf {
    module: Module,
    by_name: FxHashMap<String, FuncId>,
}

fn shelf() -> &'static Shelf {
    static SHELF: OnceLock<Shelf> = OnceLock::new();
    SHELF.get_or_init(|| {
        let mut module = match ir::text::parse(&TEXTS.concat()) {
            Ok(module) => module,
            Err(error) => unreachable!("the library is tested: {error}"),
        };
        // Its places are in no file of the user.
        for (_, function) in module.functions.iter_mut() {
            function.forget_spans();
            function.is_settled = true;
        }
        let by_name = module.functions.iter().map(|(id, function)| (function.name.clone(), id)).collect();
        Shelf { module, by_name }
    })
}

/// The names of the functions that stand for operations on 64-bit types.
pub fn soft_functions() -> impl Iterator<Item = &'static str> {
    shelf().module.functions.iter().map(|(_, function)| function.name.as_str())
}

#[derive(Default)]
pub(super) struct Library {
    copied: FxHashMap<FuncId, FuncId>,
}

impl Library {
    /// The function in `module`, with all that it calls.
    pub(super) fn get(&mut self, module: &mut Module, name: &str) -> FuncId {
        let shelf = shelf();
        let Some(&id) = shelf.by_name.get(name) else { unreachable!("the library has no `{name}`") };
        transplant::import_one(&shelf.module, module, &mut self.copied, id)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_library_is_good_ir() {
        let module = ir::text::parse(&super::TEXTS.concat()).expect("the texts read");
        ir::verify(&module).expect("the functions keep the rules");
    }
}
