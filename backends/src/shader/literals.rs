//! Makes one constant of all string literals: a kernel needs one binding for them, and a pointer that may stand in several of them is
//! an index.
//!
//! ```text
//! constant text0: [i8; 4] literal = hex 72656400       constant string_literals: [i8; 9] literal = hex 7265640062..
//! constant text1: [i8; 5] literal = hex 626c756500
//! &text1[0]                                             &string_literals[4]
//! ```
//!
//! Literals that nothing mentions are left out; each keeps the zero behind it, so that reading up to it stays inside.
//!
//! *Needs*: nothing. *Leaves*: at most one literal in use.

use super::rewrite::{Builder, rebuild_all};
use ir::{Expr, FuncId, Global, GlobalId, Module, Scalar};

/// Where each literal starts in the joint one.
type Places = Vec<(GlobalId, u64)>;

pub(super) fn run(module: &mut Module) {
    let used = used_literals(module);
    let [first, _, ..] = used[..] else { return };
    let (mut bytes, mut places) = (Vec::new(), Places::new());
    for id in used {
        places.push((id, bytes.len() as u64));
        bytes.extend(module.tables.globals[id].init.iter().flatten());
    }
    let element = module.tables.types.scalar(Scalar::I8);
    let ty = module.tables.types.array(element, Some(bytes.len() as u64));
    let joint = Global { name: "string literals".into(), ty, init: Some(bytes), ..module.tables.globals[first].clone() };
    let span = module.tables.globals.span(first);
    let joint = module.tables.globals.add(joint, span);
    let functions: Vec<FuncId> = module.functions.handles().collect();
    for id in functions {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        rebuild_all(&mut builder, &mut |builder, old, expr| match expr {
            Expr::Element { base, index } => {
                let start = literal_under(builder, *base, &places)?;
                let index = builder.const_value(*index)?;
                Some(element_of(builder, joint, start as i64 + index, old))
            }
            _ => None,
        });
        // What takes the whole literal (`const char (&)[4]`) sees it where it starts.
        rebuild_all(&mut builder, &mut |builder, old, expr| match expr {
            Expr::GlobalAddr(global) => {
                let start = places.iter().find(|(id, _)| id == global)?.1;
                let (to, span) = (builder.ty(old), builder.span(old));
                let base = element_of(builder, joint, start as i64, old);
                Some(builder.add(Expr::PointerCast { base, to }, span))
            }
            _ => None,
        });
    }
}

fn literal_under(builder: &Builder, base: ir::ExprId, places: &Places) -> Option<u64> {
    let Expr::GlobalAddr(global) = builder.expr(base) else { return None };
    places.iter().find(|(id, _)| *id == global).map(|(_, start)| *start)
}

fn element_of(builder: &mut Builder, joint: GlobalId, index: i64, like: ir::ExprId) -> ir::ExprId {
    let span = builder.span(like);
    let base = builder.global(joint, span);
    let index = builder.constant(Scalar::I32, index, span);
    builder.add(Expr::Element { base, index }, span)
}

/// The literals that functions mention, in the module's order.
fn used_literals(module: &Module) -> Vec<GlobalId> {
    if module.tables.globals.iter().all(|(_, global)| !global.literal) {
        return Vec::new();
    }
    let mut used = vec![false; module.tables.globals.len()];
    for (_, function) in module.functions.iter() {
        for (_, data) in function.exprs.iter() {
            if let Expr::GlobalAddr(global) = data.expr {
                used[global.index()] = true;
            }
        }
    }
    module.tables.globals.iter().filter(|(id, global)| global.literal && used[id.index()]).map(|(id, _)| id).collect()
}
