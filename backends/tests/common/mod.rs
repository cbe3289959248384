//! Legal programs from text, for the tests of both emitters.

use backends::shader::{Binding, BindingKind, BindingSource, Entry, Program};
use ir::{Space, Type};

/// Every `global` and `constant` variable of the text is a binding, in order from 1; `constant` ones are uniform.
pub fn program(text: &str) -> Program {
    let module = ir::text::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let mut bindings = Vec::new();
    for (id, global) in module.tables.globals.iter() {
        let kind = match global.space {
            Space::Constant => BindingKind::Uniform,
            Space::Global if global.name.starts_with("in") => BindingKind::StorageRead,
            Space::Global => BindingKind::StorageReadWrite,
            _ => continue,
        };
        let binding = bindings.len() as u32 + 1;
        bindings.push(Binding { binding, global: id, kind, source: BindingSource::Parameter(binding - 1) });
    }
    let dynamic = module.tables.globals.iter().find(|(_, global)| {
        global.space == Space::Shared && matches!(module.tables.types.get(global.ty), Type::Array { count: None, .. })
    });
    let dynamic_shared = dynamic.map(|(id, _)| id);
    let entries = module
        .kernels()
        .map(|kernel| Entry {
            kernel,
            bindings: bindings.clone(),
            arguments: Vec::new(),
            dynamic_shared,
            shared_bytes: 0,
            sites: Vec::new(),
            phases: None,
            moved_shared: Vec::new(),
            coarsened: None,
            device_heap: None,
            windows: Default::default(),
        })
        .collect();
    Program { module, entries }
}
