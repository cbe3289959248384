//! Which bound values need no name, because a person would write them in place.
//!
//! Lowering binds each call's result, and passes bind what they need twice, or before something else. `let t = f(x); y = t + 1` reads better as
//! `y = f(x) + 1`, and means the same when `t` has one use, in a statement of the same block, its computation has no effect, and nothing that
//! stands between changes what it reads: other values, and stores to other variables.
//!
//! ```text
//! let part = a[i]                  v[0] = a[i]
//! let part2 = a[i + 1]             v[1] = a[i + 1]
//! v[0] = part
//! v[1] = part2
//! ```
//!
//! A call with an effect, or an atomic load, stands in the very next statement, if that reads nothing which the call may change: `x = pop(&stack)`.

use super::literal;
use crate::common::effects::{Root, Uses, root};
use ir::{AtomicOp, Block, Expr, ExprId, Function, LetId, LocalId, Space, Stmt, StmtKind, Tables, Type, TypeId};
use rustc_hash::FxHashMap;

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

/// The values to print in place of their one use, with what they are.
pub fn foldable(
    function: &Function,
    tables: &Tables,
    uses: &Uses,
    aliased: bool,
    counts: &[u32],
) -> FxHashMap<LetId, Option<ExprId>> {
    let mut folder = Folder { function, tables, uses, aliased, counts, folded: FxHashMap::default() };
    folder.block(&function.body);
    folder.calls_with_effects(&function.body);
    folder.folded
}

/// Statements that a value moves over, at most: what a reader looks for is near.
const FARTHEST: usize = 16;
/// Parts of an expression that moves over a store, or into another long one.
const LONGEST: usize = 24;

fn binds(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Let { .. } | StmtKind::Declare { .. })
}

/// What a computation depends on.
#[derive(Default)]
struct Reads {
    roots: Vec<Root>,
    /// It calls functions, which may read more.
    calls: bool,
    /// How long its text is, in parts.
    parts: usize,
}

struct Folder<'a> {
    function: &'a Function,
    tables: &'a Tables,
    uses: &'a Uses,
    /// Buffers may be one memory.
    aliased: bool,
    counts: &'a [u32],
    folded: FxHashMap<LetId, Option<ExprId>>,
}

impl Folder<'_> {
    fn block(&mut self, block: &Block) {
        block.stmts.iter().flat_map(|stmt| stmt.kind.blocks()).for_each(|inner| self.block(inner));
        self.other_names(block);
        let candidates: Vec<Option<LetId>> = block.stmts.iter().map(|stmt| self.candidate(stmt)).collect();
        if candidates.iter().all(Option::is_none) {
            return;
        }
        let mut used_in: FxHashMap<LetId, usize> = FxHashMap::default();
        for (index, stmt) in block.stmts.iter().enumerate() {
            used_in.extend(self.lets_evaluated_once(stmt).into_iter().map(|used| (used, index)));
        }
        // Where the text of each statement stands: from the last on, so that what a value moves to is known.
        let mut stands: Vec<usize> = (0..block.stmts.len()).collect();
        for (index, candidate) in candidates.iter().enumerate().rev() {
            let Some(id) = *candidate else { continue };
            let Some(end) = used_in.get(&id).map(|used| stands[*used]) else { continue };
            if end - index <= FARTHEST && self.may_move(block, &stands, index, end) {
                stands[index] = end;
                let value = match block.stmts[index].kind {
                    StmtKind::Let { value, .. } => Some(value),
                    _ => None,
                };
                self.folded.insert(id, value);
            }
        }
    }

    /// `let b = a` says nothing where `b` has no name of its own, or the same; nor does it where `a` is a variable that keeps its value as long as `b`
    /// is used.
    fn other_names(&mut self, block: &Block) {
        for (index, stmt) in block.stmts.iter().enumerate() {
            if let StmtKind::Let { result, value } = stmt.kind
                && let Expr::Load { pointer, volatile: false } = *self.function.expr(value)
                && let Expr::LocalAddr(local) = *self.function.expr(pointer)
                && (self.function.lets[result].name.is_none() || self.function.lets[result].is_made)
                && self.keeps_value(local, result, &block.stmts[index + 1..])
            {
                self.folded.insert(result, Some(value));
            }
            if let StmtKind::Let { result, value } = stmt.kind
                && let Expr::Let(original) = *self.function.expr(value)
                && !self.needs_no_name(original)
            {
                let (copy, original) = (&self.function.lets[result], &self.function.lets[self.first_name(original)]);
                if copy.name.is_none() || copy.is_made || copy.name == original.name {
                    self.folded.insert(result, Some(value));
                }
            }
        }
    }

    /// Does nothing change the variable up to the last use of what was read from it?
    fn keeps_value(&self, local: LocalId, copy: LetId, stmts: &[Stmt]) -> bool {
        let uses = |stmt: &Stmt| {
            let mut found = false;
            stmt.kind.operands(|operand| {
                self.function.walk_expr(operand, &mut |id| found |= *self.function.expr(id) == Expr::Let(copy));
            });
            found
        };
        let uses_inside = |stmt: &Stmt| {
            let mut found = uses(stmt);
            stmt.kind.blocks().for_each(|nested| nested.walk(&mut |inner| found |= uses(inner)));
            found
        };
        let Some(last) = stmts.iter().rposition(uses_inside) else { return true };
        // What a statement without blocks is computed of is read before it has its effect.
        let is_plain = stmts[last].kind.blocks().next().is_none();
        !self.is_changed(local, &stmts[..if is_plain { last } else { last + 1 }])
    }

    fn is_changed(&self, local: LocalId, stmts: &[Stmt]) -> bool {
        let mut changed = false;
        let mut visit = |stmt: &Stmt| match &stmt.kind {
            StmtKind::Store { pointer, .. } | StmtKind::Atomic { pointer, .. } => {
                changed |= root(self.function, *pointer) == Some(Root::Local(local));
            }
            StmtKind::Declare { local: other, .. } => changed |= *other == local,
            StmtKind::Call { args, .. } => {
                changed |= args.iter().any(|arg| *self.function.expr(*arg) == Expr::LocalAddr(local));
            }
            _ => {}
        };
        for stmt in stmts {
            visit(stmt);
            stmt.kind.blocks().for_each(|nested| nested.walk(&mut visit));
        }
        changed
    }

    fn first_name(&self, mut id: LetId) -> LetId {
        while let Some(Some(value)) = self.folded.get(&id)
            && let Expr::Let(original) = *self.function.expr(*value)
        {
            id = original;
        }
        id
    }

    /// Can the computation of one statement stand in another behind it?
    fn may_move(&self, block: &Block, stands: &[usize], from: usize, to: usize) -> bool {
        // What has moved away itself is not between them.
        let stays = |index: &usize| {
            stands[*index] == *index && !block.stmts[*index].kind.result().is_some_and(|id| self.folded.contains_key(&id))
        };
        let mut between = (from + 1..to).filter(stays).map(|index| &block.stmts[index]);
        let is_made = block.stmts[from].kind.result().is_some_and(|id| self.function.lets[id].is_made);
        let reads = self.reads(&block.stmts[from]);
        if reads.parts > LONGEST {
            // It has a good name, or would make one long line of two.
            return !is_made && self.reads(&block.stmts[to]).parts <= LONGEST && between.all(binds);
        }
        between.all(|stmt| self.leaves_alone(stmt, &reads))
    }

    fn reads(&self, stmt: &Stmt) -> Reads {
        let mut reads = Reads { calls: matches!(stmt.kind, StmtKind::Call { .. }), ..Reads::default() };
        stmt.kind.operands(|operand| self.add_reads(operand, &mut reads));
        reads
    }

    fn add_reads(&self, root: ExprId, reads: &mut Reads) {
        let types = &self.tables.types;
        self.function.walk_expr(root, &mut |id| {
            reads.parts += 1;
            match *self.function.expr(id) {
                Expr::LocalAddr(local) => reads.roots.push(Root::Local(local)),
                Expr::GlobalAddr(global) => reads.roots.push(Root::Global(global)),
                Expr::Param(index) if types.as_pointer(self.function.ty(id)).is_some() => reads.roots.push(Root::Param(index)),
                Expr::Call { .. } => reads.calls = true,
                // What stands in its place is read where this stands.
                Expr::Let(result) => {
                    if let Some(Some(value)) = self.folded.get(&result) {
                        self.add_reads(*value, reads);
                    }
                }
                _ => {}
            }
        });
    }

    /// Does the statement change nothing that was read?
    fn leaves_alone(&self, stmt: &Stmt, reads: &Reads) -> bool {
        match &stmt.kind {
            StmtKind::Let { .. } | StmtKind::Declare { .. } => true,
            StmtKind::Call { function, .. } => !self.uses.effectful.contains(function),
            StmtKind::Store { pointer, volatile: false, .. } => match root(self.function, *pointer) {
                Some(Root::Local(local)) => !reads.roots.contains(&Root::Local(local)),
                Some(Root::Param(_)) => !reads.roots.iter().any(|read| matches!(read, Root::Param(_))),
                Some(Root::Global(global)) => {
                    let meets = |read: &Root| *read == Root::Global(global) || self.aliased && matches!(read, Root::Global(_));
                    // A call may read what it likes.
                    !reads.calls && !reads.roots.iter().any(meets)
                }
                None => false,
            },
            _ => false,
        }
    }

    fn candidate(&self, stmt: &Stmt) -> Option<LetId> {
        let id = match &stmt.kind {
            // A constant in place would make a constant expression, in which WGSL allows no overflow.
            StmtKind::Let { result, value } if literal::value(self.function, self.tables, *value).is_none() => *result,
            StmtKind::Call { result: Some(result), function, .. } if !self.uses.effectful.contains(function) => *result,
            _ => return None,
        };
        (self.needs_no_name(id) && !self.folded.contains_key(&id) && !self.reads_volatile(stmt)).then_some(id)
    }

    fn needs_no_name(&self, id: LetId) -> bool {
        let binding = &self.function.lets[id];
        (binding.name.is_none() || binding.is_made) && self.counts[id.index()] == 1
    }

    fn reads_volatile(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        stmt.kind.operands(|root| {
            self.function.walk_expr(root, &mut |id| {
                found |= matches!(self.function.expr(id), Expr::Load { volatile: true, .. });
            });
        });
        found
    }

    fn calls_with_effects(&mut self, block: &Block) {
        for pair in block.stmts.windows(2) {
            let id = match &pair[0].kind {
                StmtKind::Call { result: Some(id), function, .. } if self.uses.effectful.contains(function) => id,
                StmtKind::Atomic { result: Some(id), op: AtomicOp::Load, .. } => id,
                _ => continue,
            };
            if !self.needs_no_name(*id) || !self.takes_first(&pair[1], *id) {
                continue;
            }
            self.folded.insert(*id, None);
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
