//! Pointer variables whose own address is a value live in memory: arrays of one, whose pointers are stored and loaded as others in memory are.
//!
//! ```text
//! var a: *f32 = &x                    var a: [*f32; 1]
//! var pp: **f32 = c ? &a : &b         a[0] = &x
//! pp.* = &pp.*[1]              =>     var pp: **f32 = c ? &a[0] : &b[0]
//!                                     pp.* = &pp.*[1]
//! ```
//!
//! Otherwise an access through the address would pass by the integer that such a variable becomes.

use super::super::rewrite::Builder;
use ir::{Block, Expr, ExprId, Function, LocalId, Scalar, Stmt, StmtKind};
use rustc_hash::FxHashSet;

pub(super) fn run(builder: &mut Builder<'_>, body: &mut Block) {
    let types = &builder.tables.types;
    if !builder.function.locals.iter().any(|(_, local)| types.as_pointer(local.ty).is_some()) {
        return;
    }
    let escaping = Escaping::of(builder, body);
    if escaping.is_empty() {
        return;
    }
    let types = &mut builder.tables.types;
    for &local in &escaping {
        let pointer = builder.function.locals[local].ty;
        builder.function.locals[local].ty = types.array(pointer, Some(1));
    }
    let addresses: Vec<ExprId> = builder.function.exprs.handles().collect();
    for id in addresses {
        let Expr::LocalAddr(local) = *builder.function.expr(id) else { continue };
        if escaping.contains(&local) {
            let span = builder.span(id);
            let base = builder.add(Expr::LocalAddr(local), span);
            let index = builder.constant(Scalar::U32, 0, span);
            builder.function.exprs[id].expr = Expr::Element { base, index };
        }
    }
    assign_apart(builder, &escaping, body);
}

fn assign_apart(builder: &mut Builder<'_>, escaping: &FxHashSet<LocalId>, block: &mut Block) {
    for mut stmt in std::mem::take(&mut block.stmts) {
        stmt.kind.blocks_mut().for_each(|block| assign_apart(builder, escaping, block));
        match stmt.kind {
            StmtKind::Declare { local, init: Some(value) } if escaping.contains(&local) => {
                let span = stmt.span;
                let base = builder.add(Expr::LocalAddr(local), span);
                let index = builder.constant(Scalar::U32, 0, span);
                let pointer = builder.add(Expr::Element { base, index }, span);
                block.stmts.push(Stmt { kind: StmtKind::Declare { local, init: None }, span });
                block.stmts.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
            }
            _ => block.stmts.push(stmt),
        }
    }
}

struct Escaping<'a> {
    function: &'a Function,
    is_pointer: &'a dyn Fn(LocalId) -> bool,
    /// By handle.
    seen: Vec<bool>,
    found: FxHashSet<LocalId>,
}

impl Escaping<'_> {
    fn of(builder: &Builder<'_>, body: &Block) -> FxHashSet<LocalId> {
        let (function, types) = (&*builder.function, &builder.tables.types);
        let is_pointer = |local| {
            let local: &ir::Local = &function.locals[local];
            types.as_pointer(local.ty).is_some()
        };
        let seen = vec![false; function.exprs.len()];
        let mut escaping = Escaping { function, is_pointer: &is_pointer, seen, found: FxHashSet::default() };
        body.walk(&mut |stmt| match stmt.kind {
            StmtKind::Store { pointer, value, .. } => {
                escaping.address(pointer);
                escaping.value(value);
            }
            ref kind => kind.operands(|operand| escaping.value(operand)),
        });
        escaping.found
    }

    /// What is only stored to or loaded from.
    fn address(&mut self, id: ExprId) {
        if !matches!(self.function.expr(id), Expr::LocalAddr(_)) {
            self.value(id);
        }
    }

    fn value(&mut self, id: ExprId) {
        if std::mem::replace(&mut self.seen[id.index()], true) {
            return;
        }
        match *self.function.expr(id) {
            Expr::LocalAddr(local) if (self.is_pointer)(local) => drop(self.found.insert(local)),
            Expr::Load { pointer, .. } => self.address(pointer),
            ref expr => expr.operands(|operand| self.value(operand)),
        }
    }
}
