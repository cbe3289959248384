//! Settles the interface: which bindings there are, what they are written by, what is shared memory.
//!
//! *Needs*: legal accesses; nothing in the functions' arenas but what their bodies use. *Leaves*: a [`Program`] with the functions that the kernel still reaches.

use super::address::{Root, root_of};
use super::bind::Interface;
use super::transplant::{reachable, settle};
use super::{Binding, BindingKind, BindingSource, Entry, Options, Program};
use ir::{Expr, FuncId, Function, GlobalId, Module, Space, StmtKind};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

pub(super) fn run(mut module: Module, kernel: FuncId, interface: Interface, options: &Options) -> Program {
    let (mut used, mut written) = (BTreeSet::new(), BTreeSet::new());
    for function in user_functions(&module, kernel) {
        used.extend(function.exprs.iter().filter_map(|(_, data)| as_global(&data.expr)));
        add_written(function, &mut written);
    }
    for (_, global) in module.tables.globals.iter_mut() {
        global.align = module.tables.types.align_of(global.ty).max(global.align);
    }
    let mut bindings: Vec<Binding> = Vec::new();
    for (global, variable) in module.tables.globals.iter().filter(|(id, _)| used.contains(id)) {
        let known = interface.bindings.iter().find(|binding| binding.global == global);
        let source = match known {
            Some(binding) => binding.source.clone(),
            None if matches!(variable.space, Space::Constant | Space::Global) => BindingSource::Variable(variable.name.clone()),
            None => continue,
        };
        let kind = match known {
            Some(binding) if matches!(binding.source, BindingSource::Arguments | BindingSource::GridPhase) => binding.kind,
            _ if written.contains(&global) || (options.aliased && known.is_some()) => BindingKind::StorageReadWrite,
            _ => BindingKind::StorageRead,
        };
        bindings.push(Binding { binding: 0, global, kind, source });
    }
    bindings.sort_by_key(|binding| rank(&binding.source));
    let shared = |id: &GlobalId| used.contains(id) && module.tables.globals[*id].space == Space::Shared;
    let dynamic_shared = module.tables.globals.handles().find(|id| shared(id) && module.tables.globals[*id].dynamic);
    let shared_bytes = module.tables.globals.iter().filter(|(id, global)| shared(id) && !global.dynamic);
    let shared_bytes = shared_bytes.map(|(_, global)| module.tables.types.size_of(global.ty)).sum();
    // A kernel that reads none of its values has no binding for them.
    let has_arguments = bindings.iter().any(|binding| binding.source == BindingSource::Arguments);
    let arguments = if has_arguments { interface.arguments } else { Vec::new() };
    let entry = Entry {
        kernel,
        bindings,
        arguments,
        dynamic_shared,
        shared_bytes,
        sites: interface.sites,
        phases: interface.phases,
        moved_shared: Vec::new(),
        coarsened: options.coarsen,
        device_heap: interface.device_heap,
        windows: options.windows,
    };
    settle(module, entry)
}

/// Buffers and constants that nothing the kernel reaches writes. Where buffers may be one memory, constants alone.
pub(super) fn read_only(module: &Module, kernel: FuncId, options: &Options) -> FxHashSet<GlobalId> {
    let (mut used, mut written) = (BTreeSet::new(), BTreeSet::new());
    for function in user_functions(module, kernel) {
        used.extend(function.evaluated().filter_map(|(_, expr)| as_global(expr)));
        add_written(function, &mut written);
    }
    let is_read_only = |id: &GlobalId| match module.tables.globals[*id].space {
        Space::Constant => true,
        Space::Global => !options.aliased && !written.contains(id),
        Space::Shared | Space::Local | Space::Generic => false,
    };
    used.into_iter().filter(is_read_only).collect()
}

/// Variables of the module, arguments, buffers in the order of the parameters.
fn rank(source: &BindingSource) -> (u32, u32, u32) {
    match source {
        BindingSource::Variable(_) => (0, 0, 0),
        BindingSource::Heap { window } => (1, 0, *window),
        BindingSource::Log => (1, 1, 0),
        BindingSource::GridPhase => (1, 2, 0),
        BindingSource::GridNext => (1, 3, 0),
        BindingSource::BlockShared => (1, 7, 0),
        BindingSource::GridThreads => (1, 4, 0),
        BindingSource::GridBlocks => (1, 5, 0),
        BindingSource::GridDynamic => (1, 6, 0),
        BindingSource::Arguments => (2, 0, 0),
        BindingSource::Parameter(parameter) | BindingSource::Value(parameter) => (3, *parameter, 0),
        BindingSource::Member { parameter, from } => (3, *parameter, *from),
    }
}

/// Functions that the kernel reaches, but for those of the library, which touch no variable of the module.
fn user_functions(module: &Module, kernel: FuncId) -> impl Iterator<Item = &Function> {
    reachable(module, kernel).into_iter().map(|id| &module.functions[id]).filter(|function| !function.is_settled)
}

fn as_global(expr: &Expr) -> Option<GlobalId> {
    if let Expr::GlobalAddr(global) = expr { Some(*global) } else { None }
}

fn add_written(function: &Function, written: &mut BTreeSet<GlobalId>) {
    function.body.walk(&mut |stmt| {
        if let StmtKind::Store { pointer, .. } | StmtKind::Atomic { pointer, .. } = &stmt.kind
            && let Some(Root::Global(global)) = root_of(function, *pointer)
        {
            written.insert(global);
        }
    });
}
