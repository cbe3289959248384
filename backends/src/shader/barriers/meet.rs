//! Warp operations in both arms of a condition that lanes of one warp may take differently, where [`join`](super::join) has not made one of
//! them: the arms would run one after the other, and the lanes never meet. Such a kernel is refused.
//!
//! ```text
//! if i < 16 { loop { warp_barrier } } else { loop { warp_barrier } }     refused
//! if warp == 0 { loop { ... } } else { loop { ... } }                    all lanes of a warp take one arm
//! ```
//!
//! Arms whose masks have no lane in common, or are not known, have nothing to say to each other.

use super::super::uniformity::{Class, Uniformity, contains_sync};
use ir::{Axis, BinaryOp, Block, Expr, ExprId, Function, Geometry, LetId, Stmt, StmtKind, Tables, WarpOp};
use rustc_hash::FxHashMap;
use source::Span;

/// Lanes of a warp.
const WARP: u64 = 32;

/// The place of a condition in both arms of which lanes of one warp may wait for each other.
pub(super) fn find(function: &Function, tables: &Tables, uniform: &Uniformity, body: &Block) -> Option<Span> {
    let mut lanes = Lanes { function, tables, uniform, values: FxHashMap::default() };
    body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Let { result, value } => drop(lanes.values.insert(*result, Known::Value(*value))),
        StmtKind::Warp { result, op, args, .. } => {
            let lane = args.get(1).copied();
            let shared = match op {
                WarpOp::Any | WarpOp::All | WarpOp::Ballot | WarpOp::ActiveMask => Known::Shared,
                WarpOp::ReduceAdd | WarpOp::ReduceMin | WarpOp::ReduceMax => Known::Shared,
                WarpOp::ReduceAnd | WarpOp::ReduceOr | WarpOp::ReduceXor => Known::Shared,
                WarpOp::Shuffle => lane.map_or(Known::Own, Known::Value),
                _ => Known::Own,
            };
            lanes.values.insert(*result, shared);
        }
        _ => {}
    });
    let mut found = None;
    body.walk(&mut |stmt| {
        if let StmtKind::If { condition, accept, reject } = &stmt.kind
            && found.is_none()
            && let (Some(own), Some(other)) = (operations(accept), operations(reject))
            && own.iter().any(|a| other.iter().any(|b| lanes.meet(&a.kind, &b.kind)))
            && !lanes.is_shared(*condition, 0)
        {
            found = Some(stmt.span);
        }
    });
    found
}

/// All warp operations of a block; `None` where there are none.
fn operations(block: &Block) -> Option<Vec<&Stmt>> {
    if !block.stmts.iter().any(contains_sync) {
        return None;
    }
    let mut found = Vec::new();
    block.walk(&mut |stmt| {
        if matches!(stmt.kind, StmtKind::Warp { .. } | StmtKind::WarpBarrier { .. }) {
            found.push(stmt);
        }
    });
    Some(found)
}

#[derive(Clone, Copy)]
enum Known {
    Value(ExprId),
    /// The same for the lanes that took part.
    Shared,
    Own,
}

struct Lanes<'a> {
    function: &'a Function,
    tables: &'a Tables,
    uniform: &'a Uniformity,
    values: FxHashMap<LetId, Known>,
}

impl Lanes<'_> {
    fn meet(&self, a: &StmtKind, b: &StmtKind) -> bool {
        match (a, b) {
            (StmtKind::WarpBarrier { mask: a }, StmtKind::WarpBarrier { mask: b }) => self.overlap(*a, *b),
            (StmtKind::Warp { op, mask: a, .. }, StmtKind::Warp { op: other, mask: b, .. }) => {
                op == other && *op != WarpOp::ActiveMask && self.overlap(*a, *b)
            }
            _ => false,
        }
    }

    /// Are they masks that are known, and one?
    fn overlap(&self, a: Option<ExprId>, b: Option<ExprId>) -> bool {
        match (a.map(|a| self.constant(a)), b.map(|b| self.constant(b))) {
            (None, None) => true,
            (Some(Some(a)), Some(Some(b))) => a == b,
            _ => false,
        }
    }

    fn constant(&self, id: ExprId) -> Option<u64> {
        match *self.function.expr(id) {
            Expr::Const { bits, .. } => Some(bits),
            Expr::NamedConst(constant) => Some(self.tables.constants[constant].bits),
            Expr::Convert { value, .. } => self.constant(value),
            _ => None,
        }
    }

    /// Have all lanes of a warp the same value, as far as the text tells? Rows of blocks are taken to be whole warps.
    fn is_shared(&self, id: ExprId, depth: u32) -> bool {
        if depth > 32 {
            return false;
        }
        if self.uniform.expr(self.function, id) == Class::Uniform {
            return true;
        }
        let shared = |id: ExprId| self.is_shared(id, depth + 1);
        match *self.function.expr(id) {
            Expr::Let(id) => match self.values.get(&id) {
                Some(Known::Value(value)) => shared(*value),
                Some(Known::Shared) => true,
                Some(Known::Own) | None => false,
            },
            Expr::Geometry(Geometry::Warp | Geometry::ThreadIdx(Axis::Y | Axis::Z)) => true,
            Expr::Geometry(Geometry::ThreadIdx(Axis::X) | Geometry::ThreadRank | Geometry::Lane) => false,
            Expr::Binary { op: BinaryOp::Shr, a, b } if self.is_rank(a, depth) => self.constant(b).is_some_and(|by| by >= 5),
            Expr::Binary { op, a, b } if self.is_rank(a, depth) => self.constant(b).is_some_and(|with| match op {
                BinaryOp::Div | BinaryOp::Lt | BinaryOp::Ge => with % WARP == 0,
                BinaryOp::Gt | BinaryOp::Le => with % WARP == WARP - 1,
                BinaryOp::And => with & (WARP - 1) == 0,
                _ => false,
            }),
            // A variable of the thread.
            Expr::LocalAddr(_) | Expr::Call { .. } => false,
            ref expr => {
                let mut all = true;
                expr.operands(|operand| all &= shared(operand));
                all
            }
        }
    }

    /// The number of the thread in its block or row, or something as many whole warps away.
    fn is_rank(&self, id: ExprId, depth: u32) -> bool {
        if depth > 32 {
            return false;
        }
        match *self.function.expr(id) {
            Expr::Geometry(Geometry::ThreadIdx(Axis::X) | Geometry::ThreadRank) => true,
            Expr::Convert { value, .. } => self.is_rank(value, depth + 1),
            Expr::Let(id) => matches!(self.values.get(&id), Some(Known::Value(value)) if self.is_rank(*value, depth + 1)),
            Expr::Binary { op: BinaryOp::Add, a, b } => {
                let ranks = [a, b].map(|side| self.is_rank(side, depth + 1));
                let shared = [a, b].map(|side| self.is_shared(side, depth + 1));
                ranks[0] && shared[1] || ranks[1] && shared[0]
            }
            _ => false,
        }
    }
}
