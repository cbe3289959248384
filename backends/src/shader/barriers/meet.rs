//! Warp operations in both arms of a condition that lanes of one warp may take differently, where [`join`](super::join) has not made one of
//! them: the arms would run one after the other, and the lanes never meet. Such a kernel is refused.
//!
//! ```text
//! if i < 16 { loop { warp_barrier } } else { loop { warp_barrier } }     refused
//! if warp == 0 { loop { ... } } else { loop { ... } }                    all lanes of a warp take one arm
//! ```
//!
//! Arms whose masks have no lane in common, or are not known, have nothing to say to each other. The same holds for the threads of a larger tile and
//! its barriers.

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
            && let group = own.iter().flat_map(|a| other.iter().filter_map(|b| lanes.meet(&a.kind, &b.kind))).max()
            && group.is_some_and(|group| !Group { lanes: &lanes, size: group }.shares(*condition, 0))
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
        if matches!(stmt.kind, StmtKind::Warp { .. } | StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. }) {
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
    /// The number of threads that the two are one operation for.
    fn meet(&self, a: &StmtKind, b: &StmtKind) -> Option<u64> {
        match (a, b) {
            (StmtKind::WarpBarrier { mask: a }, StmtKind::WarpBarrier { mask: b }) => self.overlap(*a, *b).then_some(WARP),
            (StmtKind::Warp { op, mask: a, .. }, StmtKind::Warp { op: other, mask: b, .. }) => {
                (op == other && *op != WarpOp::ActiveMask && self.overlap(*a, *b)).then_some(WARP)
            }
            (StmtKind::TileBarrier { threads: a }, StmtKind::TileBarrier { threads: b }) => {
                // Tiles of sizes that are not known may be one, as large as the block.
                let sizes = [*a, *b].map(|threads| self.constant(threads));
                match sizes {
                    [Some(a), Some(b)] => (a == b).then_some(a),
                    _ => Some(u64::MAX),
                }
            }
            _ => None,
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
}

/// Threads that follow each other: a warp, or a larger tile.
struct Group<'a, 'b> {
    lanes: &'b Lanes<'a>,
    size: u64,
}

impl Group<'_, '_> {
    /// Have all threads of the group the same value, as far as the text tells? Rows of blocks are taken to be whole warps.
    fn shares(&self, id: ExprId, depth: u32) -> bool {
        let Lanes { function, uniform, values, .. } = self.lanes;
        if depth > 32 {
            return false;
        }
        if uniform.expr(function, id) == Class::Uniform {
            return true;
        }
        let shared = |id: ExprId| self.shares(id, depth + 1);
        let (size, is_warp) = (self.size, self.size <= WARP);
        match *function.expr(id) {
            Expr::Let(id) => match values.get(&id) {
                Some(Known::Value(value)) => shared(*value),
                Some(Known::Shared) => is_warp,
                Some(Known::Own) | None => false,
            },
            Expr::Geometry(Geometry::Warp | Geometry::ThreadIdx(Axis::Y | Axis::Z)) => is_warp,
            Expr::Geometry(Geometry::ThreadIdx(Axis::X) | Geometry::ThreadRank | Geometry::Lane) => false,
            Expr::Binary { op, a, b } if self.is_rank(a, depth) => self.lanes.constant(b).is_some_and(|with| match op {
                BinaryOp::Shr => with < 32 && 1 << with >= size,
                BinaryOp::Div | BinaryOp::Lt | BinaryOp::Ge => with % size == 0,
                BinaryOp::Gt | BinaryOp::Le => with % size == size - 1,
                BinaryOp::And => with & (size - 1) == 0,
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

    /// The number of the thread in its block or row, or something that the group shares away from it.
    fn is_rank(&self, id: ExprId, depth: u32) -> bool {
        let Lanes { function, values, .. } = self.lanes;
        if depth > 32 {
            return false;
        }
        match *function.expr(id) {
            Expr::Geometry(Geometry::ThreadIdx(Axis::X) | Geometry::ThreadRank) => true,
            Expr::Convert { value, .. } => self.is_rank(value, depth + 1),
            Expr::Let(id) => matches!(values.get(&id), Some(Known::Value(value)) if self.is_rank(*value, depth + 1)),
            Expr::Binary { op: BinaryOp::Add, a, b } => {
                let ranks = [a, b].map(|side| self.is_rank(side, depth + 1));
                // Whole groups away: what is no constant is where the block begins.
                let whole = |side| self.lanes.constant(side).is_none_or(|by| by % self.size == 0);
                let shared = [a, b].map(|side| self.shares(side, depth + 1) && whole(side));
                ranks[0] && shared[1] || ranks[1] && shared[0]
            }
            _ => false,
        }
    }
}
