//! Structs, variables, and how functions call each other.

use super::Verifier;
use crate::expr::Expr;
use crate::module::{FuncId, Function, FunctionKind, Global, Module};
use crate::stmt::StmtKind;
use crate::types::{Space, Struct, StructId, Type, TypeId};
use rustc_hash::FxHashSet;
use source::Span;

pub(super) fn check(verifier: &mut Verifier) {
    let module = verifier.module;
    for (id, definition) in module.tables.types.structs().iter() {
        check_struct(verifier, id, definition);
    }
    for (id, global) in module.tables.globals.iter() {
        check_global(verifier, global, module.tables.globals.span(id));
    }
    let mut names = FxHashSet::default();
    for (id, function) in module.functions.iter() {
        if !names.insert(&function.name) {
            verifier.error(format!("there are two functions `{}`", function.name), function.span);
        }
        if function.kind == FunctionKind::Kernel && module.tables.types.get(function.result) != Type::Void {
            verifier.error(format!("the kernel `{}` returns a value", function.name), function.span);
        }
        check_calls(verifier, id);
    }
}

fn check_struct(verifier: &mut Verifier, id: StructId, definition: &Struct) {
    let types = &verifier.module.tables.types;
    let span = types.structs().span(id);
    if !definition.align.is_power_of_two() {
        verifier.error(format!("the alignment of `{}` is no power of two", definition.name), span);
    }
    if contains(verifier, id, id, &mut FxHashSet::default()) {
        verifier.error(format!("`{}` contains itself", definition.name), span);
        return;
    }
    for field in &definition.fields {
        if field.offset.saturating_add(types.size_of(field.ty)) > definition.size {
            verifier.error(format!("`{}` reaches out of `{}`", field.name, definition.name), span);
        }
    }
}

/// Does `outer` hold a `wanted` by value, at any depth?
fn contains(verifier: &Verifier, outer: StructId, wanted: StructId, seen: &mut FxHashSet<StructId>) -> bool {
    let types = &verifier.module.tables.types;
    types.structs()[outer].fields.iter().any(|field| {
        let mut ty = field.ty;
        while let Type::Array { element, .. } = types.get(ty) {
            ty = element;
        }
        match types.get(ty) {
            Type::Struct(inner) => inner == wanted || (seen.insert(inner) && contains(verifier, inner, wanted, seen)),
            _ => false,
        }
    })
}

fn check_global(verifier: &mut Verifier, global: &Global, span: Span) {
    let types = &verifier.module.tables.types;
    let (size, align) = (types.size_of(global.ty), types.align_of(global.ty));
    let unsized_array = is_unsized(verifier, global.ty);
    let name = &global.name;
    if matches!(global.space, Space::Local | Space::Generic) {
        verifier.error(format!("`{name}` is a module variable in {} memory", global.space.name()), span);
    }
    if !global.align.is_power_of_two() || global.align < align {
        verifier.error(format!("the alignment of `{name}` is {}, its type needs {align}", global.align), span);
    }
    if global.dynamic && global.space != Space::Shared {
        verifier.error(format!("`{name}` is dynamic and not shared"), span);
    }
    if global.literal && (global.space != Space::Constant || global.init.is_none()) {
        verifier.error(format!("`{name}` is a literal and no constant with a value"), span);
    }
    let has_threads = global.per_thread != 0;
    if has_threads && (global.space != Space::Shared || global.dynamic || !unsized_array) {
        verifier.error(format!("`{name}` has elements for each thread and is no such shared array"), span);
    }
    if unsized_array && global.space == Space::Shared && !global.dynamic && !has_threads {
        verifier.error(format!("`{name}` has no length and is not dynamic"), span);
    }
    if !unsized_array && global.init.as_ref().is_some_and(|init| init.len() as u64 > size) {
        verifier.error(format!("the initial bytes of `{name}` do not fit its {size} bytes"), span);
    }
}

pub(super) fn is_unsized(verifier: &Verifier, ty: TypeId) -> bool {
    matches!(verifier.module.tables.types.get(ty), Type::Array { count: None, .. })
}

/// Does the function read and write nothing but its own variables, and call none that may not end because it calls itself?
pub(super) fn is_pure(module: &Module, id: FuncId) -> bool {
    is_pure_within(module, id, &mut Vec::new())
}

fn is_pure_within(module: &Module, id: FuncId, active: &mut Vec<FuncId>) -> bool {
    if active.contains(&id) {
        return false;
    }
    active.push(id);
    let pure = has_pure_body(module, &module.functions[id], active);
    active.pop();
    pure
}

fn has_pure_body(module: &Module, function: &Function, active: &mut Vec<FuncId>) -> bool {
    let mut is_pure = |&id: &FuncId| module.functions.get(id).is_some() && is_pure_within(module, id, active);
    let mut pure = function.params.iter().all(|param| module.tables.types.as_pointer(param.ty).is_none());
    function.body.walk(&mut |stmt| {
        pure &= match &stmt.kind {
            StmtKind::Let { .. }
            | StmtKind::Declare { .. }
            | StmtKind::Store { .. }
            | StmtKind::Scope(_)
            | StmtKind::If { .. }
            | StmtKind::Loop { .. }
            | StmtKind::Switch { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(_) => true,
            StmtKind::Call { function, .. } => is_pure(function),
            _ => false,
        };
    });
    // Without pointer parameters and module variables an address is that of an own variable.
    pure && function.evaluated().all(|(_, expr)| match expr {
        Expr::GlobalAddr(_) | Expr::IntToPointer { .. } | Expr::Geometry(_) => false,
        Expr::Call { function, .. } => is_pure(function),
        _ => true,
    })
}

fn check_calls(verifier: &mut Verifier, id: FuncId) {
    for (callee, span) in verifier.module.functions[id].callees() {
        let Some(function) = verifier.module.functions.get(callee) else { continue };
        if function.kind == FunctionKind::Kernel {
            verifier.error(format!("a call of the kernel `{}`", function.name), span);
        }
    }
}
