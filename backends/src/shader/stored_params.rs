//! A large by-value parameter that the kernel only reads is read where it lies, because a copy in each thread costs what it holds.
//!
//! ```text
//! var taps = param 0                         constant taps: Taps
//! y[i] = taps.weight[i]            =>        y[i] = taps.weight[i]
//! ```
//!
//! *Needs*: parameters, and a variable for each that is stored whole. *Leaves*: no copy of those whose address goes nowhere but to loads.

use super::rewrite::{Builder, rebuild_all};
use ir::{Block, Expr, ExprId, Function, GlobalId, LocalId, StmtKind};

pub(super) fn run(builder: &mut Builder<'_>, param: u32, global: GlobalId) {
    let Some(local) = copy_of(builder.function, param).filter(|local| is_only_read(builder.function, *local)) else { return };
    remove_declaration(&mut builder.function.body, local);
    rebuild_all(builder, &mut |builder, old, expr| {
        let span = builder.span(old);
        (*expr == Expr::LocalAddr(local)).then(|| builder.global(global, span))
    });
}

/// The local that starts as the parameter.
fn copy_of(function: &Function, param: u32) -> Option<LocalId> {
    let mut found = None;
    function.body.walk(&mut |stmt| {
        if let StmtKind::Declare { local, init: Some(init) } = stmt.kind
            && *function.expr(init) == Expr::Param(param)
        {
            found = found.or(Some(local));
        }
    });
    found
}

/// One statement gives it a value, and addresses inside of it are for loads alone.
fn is_only_read(function: &Function, local: LocalId) -> bool {
    let mut fits = true;
    let mut declared = 0;
    function.body.walk(&mut |stmt| {
        declared += u32::from(matches!(stmt.kind, StmtKind::Declare { local: other, .. } if other == local));
        stmt.kind.operands(|operand| fits &= !is_inside(function, operand, local));
    });
    for (_, expr) in function.evaluated() {
        match *expr {
            Expr::Load { volatile: false, .. } => {}
            Expr::Field { base, .. } if is_inside(function, base, local) => {}
            Expr::Element { base, index } if is_inside(function, base, local) => fits &= !is_inside(function, index, local),
            ref other => other.operands(|operand| fits &= !is_inside(function, operand, local)),
        }
    }
    fits && declared == 1
}

fn is_inside(function: &Function, mut address: ExprId, local: LocalId) -> bool {
    loop {
        match *function.expr(address) {
            Expr::Field { base, .. } | Expr::Element { base, .. } => address = base,
            Expr::LocalAddr(of) => return of == local,
            _ => return false,
        }
    }
}

fn remove_declaration(block: &mut Block, local: LocalId) {
    block.stmts.retain(|stmt| !matches!(stmt.kind, StmtKind::Declare { local: of, .. } if of == local));
    for stmt in &mut block.stmts {
        stmt.kind.blocks_mut().for_each(|inner| remove_declaration(inner, local));
    }
}
