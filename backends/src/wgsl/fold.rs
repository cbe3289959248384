//! Which bound values need no name, because a person would write them in place.
//!
//! Lowering binds each call's result. `let t = f(x); y = t + 1` reads better as `y = f(x) + 1`, and means the same when `t` has one use,
//! in the statement behind it (only other folded values in between), and its computation has no effect. A call with an effect stands in the
//! very next statement, if that reads nothing which the call may change: `x = pop(&stack)`.

use super::literal;
use crate::common::effects::{Root, Uses, root};
use ir::{Block, Expr, ExprId, Function, LetId, Space, Stmt, StmtKind, Tables, Type, TypeId};
use rustc_hash::FxHashSet;

/// How often each bound value is used, by its handle.
pub fn counts(function: &Function) -> Vec<u32> {
    let mut counts = vec![0; function.lets.len()];
    function.walk_all(&mut |expr| {
        if let Expr::Let(id) = function.expr(expr) {
            counts[id.index()] += 1;
        }
    });
    counts
}

/// The values to print in place of their one use.
pub fn foldable(function: &Function, tables: &Tables, uses: &Uses, counts: &[u32]) -> FxHashSet<LetId> {
    let mut folder = Folder { function, tables, uses, counts, folded: FxHashSet::default() };
    folder.block(&function.body);
    folder.calls_with_effects(&function.body);
    folder.folded
}

struct Folder<'a> {
    function: &'a Function,
    tables: &'a Tables,
    uses: &'a Uses,
    counts: &'a [u32],
    folded: FxHashSet<LetId>,
}

impl Folder<'_> {
    fn block(&mut self, block: &Block) {
        if !block.stmts.iter().any(|stmt| self.candidate(stmt).is_some()) {
            block.stmts.iter().flat_map(|stmt| stmt.kind.blocks()).for_each(|inner| self.block(inner));
            return;
        }
        // Candidates since the last statement that was not folded itself.
        let mut pending: Vec<LetId> = Vec::new();
        for stmt in &block.stmts {
            let used = self.lets_evaluated_once(stmt);
            let (taken, rest): (Vec<LetId>, Vec<LetId>) = pending.iter().partition(|id| used.contains(id));
            match self.candidate(stmt) {
                Some(id) => {
                    self.folded.extend(taken);
                    pending = rest;
                    pending.push(id);
                }
                None => {
                    self.folded.extend(taken);
                    pending.clear();
                }
            }
            for inner in stmt.kind.blocks() {
                self.block(inner);
            }
        }
        // A candidate whose use lies elsewhere keeps its name, and so must what was folded into a statement behind it.
        self.keep_order(block);
    }

    /// A value that is folded moves down to its use; everything between must be folded too, else loads would cross a statement.
    fn keep_order(&mut self, block: &Block) {
        let mut open: Vec<LetId> = Vec::new();
        for stmt in &block.stmts {
            let used = self.lets_evaluated_once(stmt);
            open.retain(|id| !used.contains(id));
            match self.candidate(stmt) {
                Some(id) if self.folded.contains(&id) => open.push(id),
                _ => {
                    for id in open.drain(..) {
                        self.folded.remove(&id);
                    }
                }
            }
        }
    }

    fn candidate(&self, stmt: &Stmt) -> Option<LetId> {
        let id = match &stmt.kind {
            // A constant in place would make a constant expression, in which WGSL allows no overflow.
            StmtKind::Let { result, value } if literal::value(self.function, self.tables, *value).is_none() => *result,
            StmtKind::Call { result: Some(result), function, .. } if !self.uses.effectful.contains(function) => *result,
            _ => return None,
        };
        let unnamed = self.function.lets[id].name.is_none();
        (unnamed && self.counts[id.index()] == 1).then_some(id)
    }

    fn calls_with_effects(&mut self, block: &Block) {
        for pair in block.stmts.windows(2) {
            let StmtKind::Call { result: Some(id), function, .. } = &pair[0].kind else { continue };
            let unnamed = self.function.lets[*id].name.is_none() && self.counts[id.index()] == 1;
            if !unnamed || !self.uses.effectful.contains(function) || !self.takes_first(&pair[1], *id) {
                continue;
            }
            self.folded.insert(*id);
            // What has the call in it must not move on.
            if let Some(holder) = pair[1].kind.result() {
                self.folded.remove(&holder);
            }
        }
        block.stmts.iter().flat_map(|stmt| stmt.kind.blocks()).for_each(|inner| self.calls_with_effects(inner));
    }

    /// Does the statement evaluate `id` once, and otherwise only what no call changes?
    fn takes_first(&self, stmt: &Stmt, id: LetId) -> bool {
        let evaluates_at_once = matches!(
            stmt.kind,
            StmtKind::Let { .. } | StmtKind::Declare { .. } | StmtKind::Store { .. } | StmtKind::Return(_) | StmtKind::If { .. }
        );
        let (mut found, mut settled) = (false, true);
        stmt.kind.operands(|root| {
            self.function.walk_expr(root, &mut |expr| match self.function.expr(expr) {
                Expr::Let(used) => found |= *used == id,
                Expr::Load { pointer, .. } => settled &= self.is_constant_memory(*pointer),
                // `a && put(x)` would call only if a holds.
                Expr::Call { .. } | Expr::Logical { .. } => settled = false,
                // A structure is selected part by part: the call would stand there for each.
                Expr::Select { .. } => settled &= self.is_whole(self.function.ty(expr)),
                _ => {}
            });
        });
        evaluates_at_once && found && settled
    }

    /// Has WGSL a `select` for it?
    fn is_whole(&self, ty: TypeId) -> bool {
        matches!(self.tables.types.get(ty), Type::Scalar(_) | Type::Vector { .. })
    }

    fn is_constant_memory(&self, pointer: ExprId) -> bool {
        match root(self.function, pointer) {
            Some(Root::Global(global)) => self.tables.globals[global].space == Space::Constant,
            _ => false,
        }
    }

    fn lets_evaluated_once(&self, stmt: &Stmt) -> Vec<LetId> {
        let mut found = Vec::new();
        if !matches!(stmt.kind, StmtKind::Loop { .. }) {
            stmt.kind.operands(|root| {
                self.function.walk_expr(root, &mut |expr| {
                    if let Expr::Let(id) = self.function.expr(expr) {
                        found.push(*id);
                    }
                });
            });
        }
        found
    }
}
