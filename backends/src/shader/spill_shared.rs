//! Moves shared variables that a device has no room for into global memory: WebGPU promises 16 KiB for a workgroup, CUDA has 48 and more.
//!
//! ```text
//! shared tile: [f32; 8192]                 global tile: [[f32; 8192]], one element for each block
//! tile[thread] = x            =>           tile[blockRank][thread] = x
//! ```
//!
//! The largest come first, until the rest has room. The buffer is shared by nobody else, so a barrier of the block orders it as it orders shared memory;
//! emitters see a buffer that is written and read around barriers, and let these order buffers too (`common/ordering.rs`). It costs time, so the
//! program says what was moved, and `strict` refuses it.
//!
//! *Needs*: legal form, with all that passes add to shared memory. *Leaves*: the same. Asked for by devices with less shared memory than the launch has.

use super::bind::Interface;
use super::layout::is_host_shareable;
use super::rewrite::{Builder, rebuild_all};
use super::transplant::reachable;
use super::uniformity::contains_sync;
use super::{Binding, BindingKind, BindingSource, Features, MovedShared, Refusal, SharedLimit};
use ir::{Expr, FuncId, Geometry, Global, GlobalId, Module, Space, Type};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What emitters add for votes and broadcasts: a counter, and a value of each type that is broadcast.
const FOR_VOTES: u64 = 64;

pub(super) fn run(
    module: &mut Module,
    kernel: FuncId,
    interface: &mut Interface,
    limit: &SharedLimit,
    features: Features,
) -> Result<Vec<MovedShared>, Refusal> {
    let used = shared_in_use(module, kernel);
    let votes = reachable(module, kernel).into_iter().any(|id| module.functions[id].body.stmts.iter().any(contains_sync));
    let mut total: u64 = used.iter().map(|&id| bytes_of(module, id, limit)).sum();
    total += if votes { FOR_VOTES.min(limit.bytes) } else { 0 };
    if total <= limit.bytes {
        return Ok(Vec::new());
    }
    let mut candidates: Vec<GlobalId> = used.into_iter().filter(|&id| may_move(module, id, features)).collect();
    candidates.sort_by_key(|&id| (std::cmp::Reverse(bytes_of(module, id, limit)), id));
    let mut homes: FxHashMap<GlobalId, GlobalId> = FxHashMap::default();
    let mut moved = Vec::new();
    for id in candidates {
        if total <= limit.bytes {
            break;
        }
        let (variable, span) = (module.tables.globals[id].clone(), module.tables.globals.span(id));
        let bytes = bytes_of(module, id, limit);
        if limit.strict {
            return Err(Refusal::SharedMemory { span, name: variable.name, bytes, limit: limit.bytes });
        }
        total -= bytes;
        let ty = whole(module, id, limit);
        let ty = module.tables.types.array(ty, None);
        let home = Global { ty, space: Space::Global, init: None, dynamic: false, ..variable.clone() };
        let home = module.tables.globals.add(home, span);
        let source = BindingSource::BlockShared;
        interface.bindings.push(Binding { binding: 0, global: home, kind: BindingKind::StorageReadWrite, source });
        homes.insert(id, home);
        moved.push(MovedShared { name: variable.name, bytes, dynamic: variable.dynamic, span });
    }
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        rebuild_all(&mut builder, &mut |builder, old, expr| {
            let Expr::GlobalAddr(global) = expr else { return None };
            let (home, span) = (*homes.get(global)?, builder.span(old));
            let base = builder.global(home, span);
            let block = builder.add(Expr::Geometry(Geometry::BlockRank), span);
            Some(builder.element(base, block, span))
        });
    }
    Ok(moved)
}

fn shared_in_use(module: &Module, kernel: FuncId) -> BTreeSet<GlobalId> {
    let mut used = BTreeSet::new();
    for id in reachable(module, kernel) {
        for (_, expr) in module.functions[id].evaluated() {
            if let Expr::GlobalAddr(global) = expr
                && module.tables.globals[*global].space == Space::Shared
            {
                used.insert(*global);
            }
        }
    }
    used
}

/// What the variable takes in the launch.
fn bytes_of(module: &Module, id: GlobalId, limit: &SharedLimit) -> u64 {
    let global = &module.tables.globals[id];
    match module.tables.types.get(global.ty) {
        Type::Array { count: None, .. } if global.dynamic => limit.dynamic,
        Type::Array { element, count: None } => {
            module.tables.types.size_of(element) * u64::from(global.per_thread) * u64::from(limit.threads)
        }
        _ => module.tables.types.size_of(global.ty),
    }
}

/// The type of the whole variable; that of the dynamic array is known for this launch.
fn whole(module: &mut Module, id: GlobalId, limit: &SharedLimit) -> ir::TypeId {
    let ty = module.tables.globals[id].ty;
    match module.tables.types.get(ty) {
        Type::Array { element, count: None } => {
            let count = limit.dynamic.div_ceil(module.tables.types.size_of(element).max(1)).max(1);
            module.tables.types.array(element, Some(count))
        }
        _ => ty,
    }
}

/// Arrays with an element for each thread have no length before the launch, and a `bool` has no layout in a buffer.
fn may_move(module: &Module, id: GlobalId, features: Features) -> bool {
    let global = &module.tables.globals[id];
    global.per_thread == 0 && is_host_shareable(&module.tables.types, global.ty, features)
}
