//! Warp operations in both arms of a condition that wait for each other, made one operation: CUDA asks that all lanes of the mask execute the
//! same operation with the same mask, and not that they do so at one place (PTX ISA, "shfl.sync": "all non-exited threads corresponding to
//! membermask").
//!
//! ```text
//! if c { a; x = shuffle[m](v); d }          let taken = c
//! else { b; y = shuffle[m](w); e }   =>     if taken { a; value = v } else { b; value = w }
//!                                           r = shuffle[m](value)
//!                                           if taken { d } else { e }
//! ```
//!
//! Unless the masks are two constants that differ. Where the arms turn out to have nothing to say to each other, since their masks do not overlap or
//! they belong to different warps, it changes nothing but the number of exchanges. Operations nested deeper in an arm are not joined.

use super::super::rewrite::{Builder, rebuild};
use super::super::uniformity::{Class, Uniformity, contains_sync};
use ir::{Block, Expr, ExprId, LetId, LocalId, Stmt, StmtKind, WarpOp};
use rustc_hash::FxHashMap;
use source::Span;

/// True if something was joined.
pub(super) fn run(builder: &mut Builder<'_>, uniform: &Uniformity, body: &mut Block) -> bool {
    let mut join = Join { builder, uniform, changed: false };
    join.block(body);
    join.changed
}

struct Join<'a, 'b> {
    builder: &'a mut Builder<'b>,
    uniform: &'a Uniformity,
    changed: bool,
}

/// What stands in front of each operation of an arm, the operations, and the rest.
#[derive(Default)]
struct Arm {
    parts: Vec<Vec<Stmt>>,
    operations: Vec<Stmt>,
    rest: Vec<Stmt>,
}

impl Join<'_, '_> {
    fn block(&mut self, block: &mut Block) {
        let mut out = Vec::new();
        for mut stmt in std::mem::take(&mut block.stmts) {
            stmt.kind.blocks_mut().for_each(|nested| self.block(nested));
            match stmt.kind {
                StmtKind::If { condition, accept, reject } if self.pairs(condition, &accept, &reject) > 0 => {
                    let count = self.pairs(condition, &accept, &reject);
                    self.changed = true;
                    self.join(condition, [arm(accept, count), arm(reject, count)], stmt.span, &mut out);
                }
                kind => out.push(Stmt { kind, span: stmt.span }),
            }
        }
        block.stmts = out;
    }

    /// How many operations of the arms belong together.
    fn pairs(&self, condition: ExprId, accept: &Block, reject: &Block) -> usize {
        if self.uniform.expr(self.builder.function, condition) == Class::Uniform {
            return 0;
        }
        let both = operations(accept).into_iter().zip(operations(reject));
        both.take_while(|(a, b)| self.meet(&a.kind, &b.kind)).count()
    }

    fn meet(&self, a: &StmtKind, b: &StmtKind) -> bool {
        match (a, b) {
            (StmtKind::WarpBarrier { mask: a }, StmtKind::WarpBarrier { mask: b }) => self.may_be_one_mask(*a, *b),
            (StmtKind::TileBarrier { threads: a }, StmtKind::TileBarrier { threads: b }) => {
                self.may_be_one_mask(Some(*a), Some(*b))
            }
            (StmtKind::Warp { op, mask: a, args, .. }, StmtKind::Warp { op: other, mask: b, args: others, .. }) => {
                let types = |args: &[ExprId]| args.iter().map(|arg| self.builder.ty(*arg)).collect::<Vec<_>>();
                op == other && *op != WarpOp::ActiveMask && self.may_be_one_mask(*a, *b) && types(args) == types(others)
            }
            _ => false,
        }
    }

    fn may_be_one_mask(&self, a: Option<ExprId>, b: Option<ExprId>) -> bool {
        let (Some(a), Some(b)) = (a, b) else { return a.is_none() && b.is_none() };
        match (self.builder.const_value(a), self.builder.const_value(b)) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }

    fn join(&mut self, condition: ExprId, arms: [Arm; 2], span: Span, out: &mut Vec<Stmt>) {
        let ty = self.builder.ty(condition);
        let taken = self.builder.function.add_let(Some("taken".into()), ty, span);
        out.push(Stmt { kind: StmtKind::Let { result: taken, value: condition }, span });
        let taken = self.builder.add(Expr::Let(taken), span);
        let count = arms[0].operations.len();
        let [mut accept, mut reject] = arms.map(|arm| Walk { arm, known: FxHashMap::default() });
        for index in 0..count {
            let mut parts = [Vec::new(), Vec::new()];
            for (walk, part) in [&mut accept, &mut reject].into_iter().zip(&mut parts) {
                *part = self.part(walk, index, out);
            }
            let operations = [&mut accept, &mut reject].map(|walk| {
                let mut operation = walk.arm.operations[index].clone();
                replace(self.builder, &mut operation, &walk.known);
                operation
            });
            let joined = self.operation(operations, &mut parts, out);
            push_if(taken, parts, span, out);
            if let StmtKind::Warp { result, .. } = joined.kind {
                let value = self.builder.add(Expr::Let(result), span);
                for walk in [&mut accept, &mut reject] {
                    walk.known.extend(walk.arm.operations[index].kind.result().map(|id| (id, Known::Value(value))));
                }
            }
            out.push(joined);
        }
        let rest = [accept, reject].map(|walk| {
            let mut rest = walk.arm.rest;
            rest.iter_mut().for_each(|stmt| replace(self.builder, stmt, &walk.known));
            rest
        });
        push_if(taken, rest, span, out);
    }

    /// The statements in front of an operation. What they declare and later ones mention is declared in front of the condition.
    fn part(&mut self, walk: &mut Walk, index: usize, out: &mut Vec<Stmt>) -> Vec<Stmt> {
        let mut part = Vec::new();
        for mut stmt in std::mem::take(&mut walk.arm.parts[index]) {
            replace(self.builder, &mut stmt, &walk.known);
            let span = stmt.span;
            match stmt.kind {
                StmtKind::Declare { local, init } => {
                    let zero = self.builder.add(Expr::Zero(self.builder.function.locals[local].ty), span);
                    out.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
                    part.extend(init.map(|init| self.builder.store_local(local, init, span)));
                }
                ref kind => {
                    let result = kind.result();
                    part.push(stmt);
                    if let Some(id) = result {
                        let local = self.variable(id, span, out);
                        let value = self.builder.add(Expr::Let(id), span);
                        part.push(self.builder.store_local(local, value, span));
                        walk.known.insert(id, Known::Variable(local));
                    }
                }
            }
        }
        part
    }

    fn variable(&mut self, id: LetId, span: Span, out: &mut Vec<Stmt>) -> LocalId {
        let value = self.builder.function.lets[id].clone();
        self.fresh(&value.name.unwrap_or_else(|| "value".into()), value.ty, span, out)
    }

    fn fresh(&mut self, name: &str, ty: ir::TypeId, span: Span, out: &mut Vec<Stmt>) -> LocalId {
        let local = self.builder.function.add_local(name, ty, span);
        let zero = self.builder.add(Expr::Zero(ty), span);
        out.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
        local
    }

    /// One operation for both; operands that differ are variables that each arm sets.
    fn operation(&mut self, [a, b]: [Stmt; 2], parts: &mut [Vec<Stmt>; 2], out: &mut Vec<Stmt>) -> Stmt {
        let span = a.span;
        let (StmtKind::Warp { result, op, mask, args }, StmtKind::Warp { mask: other, args: others, .. }) =
            (a.kind.clone(), b.kind)
        else {
            return a; // A barrier of a warp will be one of the block.
        };
        let mask = mask.zip(other).map(|(one, other)| self.either("mask", [one, other], parts, span, out));
        let args =
            args.into_iter().zip(others).map(|(one, other)| self.either("value", [one, other], parts, span, out)).collect();
        let data = self.builder.function.lets[result].clone();
        let result = self.builder.function.lets.add(data, span);
        Stmt { kind: StmtKind::Warp { result, op, mask, args }, span }
    }

    /// What the arm that was taken says.
    fn either(
        &mut self,
        name: &str,
        [one, other]: [ExprId; 2],
        parts: &mut [Vec<Stmt>; 2],
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> ExprId {
        if self.builder.const_value(one).is_some_and(|value| self.builder.const_value(other) == Some(value)) {
            return one;
        }
        let local = self.fresh(name, self.builder.ty(one), span, out);
        parts[0].push(self.builder.store_local(local, one, span));
        parts[1].push(self.builder.store_local(local, other, span));
        self.builder.load_local(local, span)
    }
}

/// An arm on its way through the joint, and where the values are that it has bound.
struct Walk {
    arm: Arm,
    known: FxHashMap<LetId, Known>,
}

#[derive(Clone, Copy)]
enum Known {
    Variable(LocalId),
    Value(ExprId),
}

fn push_if(condition: ExprId, [accept, reject]: [Vec<Stmt>; 2], span: Span, out: &mut Vec<Stmt>) {
    if !accept.is_empty() || !reject.is_empty() {
        let kind = StmtKind::If { condition, accept: Block { stmts: accept }, reject: Block { stmts: reject } };
        out.push(Stmt { kind, span });
    }
}

/// Operations that stand directly in an arm, as far as nothing else in front of them synchronises.
fn operations(block: &Block) -> Vec<&Stmt> {
    let is_operation =
        |stmt: &&Stmt| matches!(stmt.kind, StmtKind::Warp { .. } | StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. });
    block.stmts.iter().filter(|stmt| contains_sync(stmt)).take_while(is_operation).collect()
}

fn arm(block: Block, count: usize) -> Arm {
    let mut arm = Arm::default();
    let mut part = Vec::new();
    for stmt in block.stmts {
        if arm.operations.len() < count && contains_sync(&stmt) {
            arm.parts.push(std::mem::take(&mut part));
            arm.operations.push(stmt);
        } else {
            part.push(stmt);
        }
    }
    arm.rest = part;
    arm
}

fn replace(builder: &mut Builder<'_>, stmt: &mut Stmt, known: &FxHashMap<LetId, Known>) {
    stmt.kind.operands_mut(|operand| {
        *operand = rebuild(builder, *operand, &mut |builder, old, expr| match expr {
            Expr::Let(id) => known.get(id).map(|known| match *known {
                Known::Variable(local) => {
                    let span = builder.span(old);
                    builder.load_local(local, span)
                }
                Known::Value(value) => value,
            }),
            _ => None,
        });
    });
    stmt.kind.blocks_mut().for_each(|block| block.stmts.iter_mut().for_each(|inner| replace(builder, inner, known)));
}
