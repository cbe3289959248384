//! Turns variables that never change into named values.
//!
//! ```text
//! declare i: i32 = x          let i = x
//! store p, load i       =>    store p, i
//! ```
//!
//! *Needs* one `Declare` with an initialiser whose address is only loaded from, whole or by a field. *Leaves* a `Let` of the same
//! name in its place. Readers of the output see at once what is constant, and the passes behind see through pointers.

use ir::{Expr, ExprId, Function, LetId, LocalId, StmtKind, Tables};
use std::collections::HashMap;

/// What is known of a local.
#[derive(Clone, Copy, Default)]
struct Use {
    declares: u32,
    has_init: bool,
    escapes: bool,
}

pub fn run(func: &mut Function, tables: &mut Tables) {
    let uses = collect(func);
    let mut lets: HashMap<LocalId, LetId> = HashMap::new();
    for local in func.locals.handles() {
        let of = uses[local.index()];
        if of.declares == 1 && of.has_init && !of.escapes {
            let (name, ty, span) = (func.locals[local].name.clone(), func.locals[local].ty, func.locals.span(local));
            lets.insert(local, func.add_let(Some(name), ty, span));
        }
    }
    if !lets.is_empty() {
        replace_loads(func, &lets, tables);
        replace_declares(func, &lets);
    }
}

fn collect(func: &Function) -> Vec<Use> {
    let mut uses = vec![Use::default(); func.locals.len()];
    let mut roots = Vec::new();
    func.body.walk(&mut |stmt| {
        if let StmtKind::Declare { local, init } = &stmt.kind {
            uses[local.index()].declares += 1;
            uses[local.index()].has_init = init.is_some();
        }
        stmt.kind.operands(|operand| roots.push(operand));
    });
    for root in roots {
        escape(func, root, &mut uses);
        func.walk_expr(root, &mut |id| match func.expr(id) {
            Expr::Load { pointer, volatile: false } => {
                let direct = matches!(func.expr(*pointer), Expr::LocalAddr(_));
                if !direct && field_of_local(func, *pointer).is_none() {
                    escape(func, *pointer, &mut uses);
                }
            }
            Expr::Field { base, .. } if matches!(func.expr(*base), Expr::LocalAddr(_)) => {}
            expr => expr.operands(|operand| {
                escape(func, operand, &mut uses);
                if let Expr::Field { base, .. } = func.expr(operand) {
                    escape(func, *base, &mut uses);
                }
            }),
        });
        if let Expr::Field { base, .. } = func.expr(root) {
            escape(func, *base, &mut uses);
        }
    }
    uses
}

/// The local and field that `&local.field` means.
fn field_of_local(func: &Function, pointer: ExprId) -> Option<(LocalId, u32)> {
    let Expr::Field { base, index } = func.expr(pointer) else { return None };
    match func.expr(*base) {
        Expr::LocalAddr(local) => Some((*local, *index)),
        _ => None,
    }
}

fn escape(func: &Function, operand: ExprId, uses: &mut [Use]) {
    if let Expr::LocalAddr(local) = func.expr(operand) {
        uses[local.index()].escapes = true;
    }
}

fn replace_loads(func: &mut Function, lets: &HashMap<LocalId, LetId>, tables: &mut Tables) {
    let mut changes = Vec::new();
    for (id, data) in func.exprs.iter() {
        let Expr::Load { pointer, volatile: false } = &data.expr else { continue };
        match func.expr(*pointer) {
            Expr::LocalAddr(local) => {
                if let Some(&bound) = lets.get(local) {
                    changes.push((id, bound, None));
                }
            }
            _ => {
                if let Some((local, index)) = field_of_local(func, *pointer)
                    && let Some(&bound) = lets.get(&local)
                {
                    changes.push((id, bound, Some(index)));
                }
            }
        }
    }
    for (id, bound, field) in changes {
        match field {
            None => func.exprs[id].expr = Expr::Let(bound),
            Some(index) => {
                let span = func.exprs.span(id);
                if let Ok(value) = func.add(tables, Expr::Let(bound), span) {
                    func.exprs[id].expr = Expr::Extract { value, index };
                }
            }
        }
    }
}

fn replace_declares(func: &mut Function, lets: &HashMap<LocalId, LetId>) {
    func.body.walk_mut(&mut |stmt| {
        if let StmtKind::Declare { local, init: Some(value) } = stmt.kind
            && let Some(&result) = lets.get(&local)
        {
            stmt.kind = StmtKind::Let { result, value };
        }
    });
}
