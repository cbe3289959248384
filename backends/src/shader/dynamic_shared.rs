//! Makes one variable of all `extern __shared__` arrays, because they start at one address.
//!
//! ```text
//! dynamic shared a: [f32]         dynamic shared a: [u8]
//! dynamic shared b: [i32]
//! a[i] = 1.0                      cast<*shared [f32]>(&a).*[i] = 1.0
//! b[i] = 2                        cast<*shared [i32]>(&a).*[i] = 2
//! ```
//!
//! *Needs*: nothing. *Leaves*: at most one dynamic variable in use; its view is chosen by what is done with it.

use super::rewrite::{Builder, rebuild_all};
use ir::{Expr, FuncId, Global, GlobalId, Module};

pub(super) fn run(module: &mut Module) {
    let dynamic: Vec<GlobalId> = module.tables.globals.iter().filter(|(_, global)| global.dynamic).map(|(id, _)| id).collect();
    let [first, _, ..] = dynamic[..] else { return };
    // One type for all stays what it is; otherwise bytes, of which accesses choose their view.
    let own = module.tables.globals[first].ty;
    let ty = match dynamic.iter().all(|&id| module.tables.globals[id].ty == own) {
        true => own,
        false => {
            let byte = module.tables.types.scalar(ir::Scalar::U8);
            module.tables.types.array(byte, None)
        }
    };
    let align = dynamic.iter().map(|&id| module.tables.globals[id].align).max().unwrap_or(1);
    let span = module.tables.globals.span(first);
    let merged = Global { ty, align, ..module.tables.globals[first].clone() };
    let merged = module.tables.globals.add(merged, span);
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        rebuild_all(&mut builder, &mut |builder, old, expr| match expr {
            Expr::GlobalAddr(global) if dynamic.contains(global) => {
                let (to, span) = (builder.ty(old), builder.span(old));
                let base = builder.global(merged, span);
                Some(builder.add(Expr::PointerCast { base, to }, span))
            }
            _ => None,
        });
    }
}
