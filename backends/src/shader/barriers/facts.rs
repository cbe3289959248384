//! What the repair of barriers asks of statements: which jumps leave them, which names they mention.

use super::super::uniformity::{contains_sync, reads_memory};
use crate::common::effects::{Root, root};
use ir::{Block, Expr, ExprId, Function, LetId, LocalId, Stmt, StmtKind, Tables};
use rustc_hash::{FxHashMap, FxHashSet};

/// What returns in front of a barrier: one simple `if (c) return;` makes a `let`, more make a variable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ReturnsBefore {
    None,
    Simple,
    Several,
}

pub(super) fn returns_before_barriers(body: &Block) -> ReturnsBefore {
    let Some(last_sync) = body.stmts.iter().rposition(contains_sync) else { return ReturnsBefore::None };
    let before = &body.stmts[..=last_sync];
    let mut count = 0;
    before.iter().for_each(|stmt| count_returns(stmt, &mut count));
    match count {
        0 => ReturnsBefore::None,
        1 if before.iter().any(|stmt| simple_return(stmt).is_some()) => ReturnsBefore::Simple,
        _ => ReturnsBefore::Several,
    }
}

fn count_returns(stmt: &Stmt, count: &mut usize) {
    *count += usize::from(matches!(stmt.kind, StmtKind::Return(_)));
    stmt.kind.blocks().for_each(|block| block.stmts.iter().for_each(|inner| count_returns(inner, count)));
}

/// How often values and variables are mentioned.
#[derive(Default, Clone, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) lets: FxHashMap<LetId, usize>,
    pub(super) locals: FxHashMap<LocalId, usize>,
}

impl Counts {
    pub(super) fn of_block(function: &Function, block: &Block) -> Counts {
        let mut counts = Counts::default();
        block.stmts.iter().for_each(|stmt| counts.add(function, stmt));
        counts
    }

    pub(super) fn of(function: &Function, stmts: &[Stmt]) -> Counts {
        let mut counts = Counts::default();
        stmts.iter().for_each(|stmt| counts.add(function, stmt));
        counts
    }

    fn add(&mut self, function: &Function, stmt: &Stmt) {
        let mut roots = Vec::new();
        stmt.kind.operands(|operand| roots.push(operand));
        for root in roots {
            function.walk_expr(root, &mut |expr| match function.expr(expr) {
                Expr::Let(id) => *self.lets.entry(*id).or_default() += 1,
                Expr::LocalAddr(id) => *self.locals.entry(*id).or_default() += 1,
                _ => {}
            });
        }
        for block in stmt.kind.blocks() {
            block.stmts.iter().for_each(|inner| self.add(function, inner));
        }
    }
}

/// `if (c) return;`
pub(super) fn simple_return(stmt: &Stmt) -> Option<ExprId> {
    match &stmt.kind {
        StmtKind::If { condition, accept, reject }
            if reject.stmts.is_empty() && matches!(accept.stmts.as_slice(), [Stmt { kind: StmtKind::Return(None), .. }]) =>
        {
            Some(*condition)
        }
        _ => None,
    }
}

/// Which jumps leave a statement.
#[derive(Clone, Copy, Default)]
pub(in crate::shader) struct JumpKinds {
    pub(in crate::shader) returns: bool,
    pub(in crate::shader) breaks: bool,
    pub(in crate::shader) continues: bool,
}

pub(super) fn jumps_in(block: &Block) -> JumpKinds {
    let mut all = JumpKinds::default();
    for kinds in block.stmts.iter().map(jumps) {
        all.returns |= kinds.returns;
        all.breaks |= kinds.breaks;
        all.continues |= kinds.continues;
    }
    all
}

pub(in crate::shader) fn jumps(stmt: &Stmt) -> JumpKinds {
    match &stmt.kind {
        StmtKind::Return(_) => JumpKinds { returns: true, ..Default::default() },
        StmtKind::Break => JumpKinds { breaks: true, ..Default::default() },
        StmtKind::Continue => JumpKinds { continues: true, ..Default::default() },
        StmtKind::Loop { body, .. } => JumpKinds { returns: jumps_in(body).returns, ..Default::default() },
        StmtKind::Switch { cases, .. } => {
            let mut all = JumpKinds::default();
            for kinds in cases.iter().map(|case| jumps_in(&case.body)) {
                all.returns |= kinds.returns;
                all.continues |= kinds.continues;
            }
            all
        }
        kind => {
            let mut all = JumpKinds::default();
            for kinds in kind.blocks().map(jumps_in) {
                all.returns |= kinds.returns;
                all.breaks |= kinds.breaks;
                all.continues |= kinds.continues;
            }
            all
        }
    }
}

/// Values and variables that depend on what is in memory, and not on indices and arguments alone.
#[derive(Default)]
pub(super) struct FromMemory {
    lets: FxHashSet<LetId>,
    locals: FxHashSet<LocalId>,
}

impl FromMemory {
    pub(super) fn of(function: &Function, tables: &Tables, body: &Block) -> FromMemory {
        let mut known = FromMemory::default();
        loop {
            let before = (known.lets.len(), known.locals.len());
            body.walk(&mut |stmt| known.add(function, tables, stmt));
            if before == (known.lets.len(), known.locals.len()) {
                return known;
            }
        }
    }

    pub(super) fn depends(&self, function: &Function, tables: &Tables, value: ExprId) -> bool {
        let mut found = reads_memory(function, tables, value);
        function.walk_expr(value, &mut |expr| match function.expr(expr) {
            Expr::Let(id) => found |= self.lets.contains(id),
            Expr::LocalAddr(id) => found |= self.locals.contains(id),
            _ => {}
        });
        found
    }

    fn add(&mut self, function: &Function, tables: &Tables, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Let { result, value } if self.depends(function, tables, *value) => {
                self.lets.insert(*result);
            }
            StmtKind::Declare { local, init: Some(init) } if self.depends(function, tables, *init) => {
                self.locals.insert(*local);
            }
            StmtKind::Store { pointer, value, .. } => {
                if let Some(Root::Local(local)) = root(function, *pointer)
                    && self.depends(function, tables, *value)
                {
                    self.locals.insert(local);
                }
            }
            StmtKind::Let { .. } | StmtKind::Declare { .. } => {}
            kind => {
                self.lets.extend(kind.result());
                // What is passed by address may come back changed.
                kind.operands(|operand| {
                    if let Some(Root::Local(local)) = root(function, operand) {
                        self.locals.insert(local);
                    }
                });
            }
        }
    }
}
