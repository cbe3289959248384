//! Sees through names that only repeat what is known: what inlining and splitting bound once more, and parts of structs that were put
//! together in sight.
//!
//! ```text
//! let shape = Shape(args.w, args.h)
//! let body_shape = shape
//! let area = body_shape.w * body_shape.h       let area = args.w * args.h
//! ```
//!
//! Names that the source itself gives to another value stay: `int row = ty;` reads as it was written.
//!
//! *Needs*: the number of values the kernel had before inlining. *Leaves*: values that nobody reads, for `prune`. Asked for by readers of the
//! output, and by `prune`, which sees conditions that inlined functions got as constants.

use ir::{Expr, ExprId, FuncId, Function, LetId, Module, Space, StmtKind, Tables};

pub(super) fn run(module: &mut Module, kernel: FuncId, written: usize) {
    let Module { tables, functions, .. } = module;
    for (id, function) in functions.iter_mut().filter(|(_, function)| !function.is_settled) {
        // In device functions only what has no name.
        see_through(function, tables, if id == kernel { written } else { usize::MAX });
    }
}

fn see_through(function: &mut Function, tables: &Tables, written: usize) {
    let values = values_of_lets(function);
    // The result of a call that was inlined has no name, and a parameter's was not the caller's.
    let is_nameless = |id: LetId| function.lets[id].name.is_none() || function.lets[id].is_made;
    let behind = |mut id: LetId, from: usize| {
        while (id.index() >= from || is_nameless(id))
            && let Some(value) = values[id.index()]
            && let Expr::Let(copied) = *function.expr(value)
        {
            id = copied;
        }
        id
    };
    let original = |id| behind(id, written);
    let is_ours = |id: LetId| id.index() >= written || is_nameless(id);
    let mut changes: Vec<(ExprId, Expr)> = Vec::new();
    for (id, data) in function.exprs.iter() {
        match data.expr {
            Expr::Let(bound) => {
                // The address of a variable is no value of its own: what a reference names.
                if let Some(address) = values[behind(bound, 0).index()]
                    && let Expr::LocalAddr(local) = *function.expr(address)
                {
                    changes.push((id, Expr::LocalAddr(local)));
                    continue;
                }
                let first = original(bound);
                match values[first.index()].map(|value| function.expr(value)) {
                    Some(short) if is_ours(first) && is_short(short) => changes.push((id, short.clone())),
                    _ if first != bound => changes.push((id, Expr::Let(first))),
                    _ => {}
                }
            }
            Expr::Extract { value, index } => {
                // The source's own names of the whole do not matter for a part.
                if let Expr::Let(bound) = *function.expr(value)
                    && let Some(whole) = values[behind(bound, 0).index()]
                    && let Expr::Construct { parts, .. } = function.expr(whole)
                    && let Some(&part) = parts.get(index as usize)
                    && is_settled(function, tables, part)
                {
                    changes.push((id, function.expr(part).clone()));
                }
            }
            _ => {}
        }
    }
    for (id, expr) in changes {
        function.exprs[id].expr = expr;
    }
}

fn values_of_lets(function: &Function) -> Vec<Option<ExprId>> {
    let mut values = vec![None; function.lets.len()];
    function.body.walk(&mut |stmt| {
        if let StmtKind::Let { result, value } = stmt.kind {
            values[result.index()] = Some(value);
        }
    });
    values
}

/// As short as a name, and the same at every time.
pub(super) fn is_short(expr: &Expr) -> bool {
    matches!(expr, Expr::Const { .. } | Expr::NamedConst(_) | Expr::Param(_) | Expr::Geometry(_))
}

/// Short, another name, or a load of what the kernel cannot change, in whatever type.
fn is_settled(function: &Function, tables: &Tables, id: ExprId) -> bool {
    match function.expr(id) {
        Expr::Let(_) => true,
        Expr::Convert { value, .. } | Expr::Bitcast { value, .. } => is_settled(function, tables, *value),
        Expr::Load { pointer, volatile: false } => is_constant_address(function, tables, *pointer),
        expr => is_short(expr),
    }
}

fn is_constant_address(function: &Function, tables: &Tables, mut address: ExprId) -> bool {
    while let Expr::Field { base, .. } = function.expr(address) {
        address = *base;
    }
    matches!(function.expr(address), Expr::GlobalAddr(global) if tables.globals[*global].space == Space::Constant)
}
