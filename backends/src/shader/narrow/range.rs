//! Ranges of integers: the mathematical values that expressions, bound values and variables can have.
//!
//! * Constants, geometry (CUDA programming guide, "Technical Specifications per Compute Capability"), conversions, and arithmetic on
//!   ranges. What could leave the type wraps, and then anything is possible.
//! * `blockIdx.a * blockDim.a + threadIdx.a` and `gridDim.a * blockDim.a` are below 2^32: launches of more threads along an axis are
//!   refused by the launcher (`PlanError::TooManyThreads`).
//! * A variable has the values that are ever stored to it. Its own value may come in by a step that cannot leave the range of the other
//!   stores (`k >> 1`, `k / 10`), and by one step `k + e` with `e >= 0` in a loop whose condition demands `k < b` (or `k <= b`) at the
//!   start of each iteration: what is stored is at most `b - 1 + e`, or a value stored otherwise plus `e`. `k - e` likewise.

use super::super::rewrite::{Builder, sign_extend};
use super::{held_local, is_wide};
use ir::{Axis, BinaryOp, Block, Expr, ExprId, Function, Geometry, LetId, LocalId, LogicalOp, MathFn, Scalar, StmtKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// Both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) low: i128,
    pub(super) high: i128,
}

impl Range {
    pub(super) fn of(scalar: Scalar) -> Range {
        let bits = scalar.bits();
        match scalar.is_signed() {
            true => Range { low: -(1i128 << (bits - 1)), high: (1i128 << (bits - 1)) - 1 },
            false => Range { low: 0, high: (1i128 << bits) - 1 },
        }
    }

    pub(super) fn join(self, other: Range) -> Range {
        Range { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    pub(super) fn is_in(self, other: Range) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The 32-bit type that holds all of it, `i32` where both do.
    pub(super) fn scalar(self) -> Option<Scalar> {
        [Scalar::I32, Scalar::U32].into_iter().find(|&scalar| self.is_in(Range::of(scalar)))
    }
}

/// A store to a variable, and the condition of the innermost loop around it.
#[derive(Clone, Copy)]
struct Stored {
    value: ExprId,
    condition: Option<ExprId>,
}

/// What is known of a function.
#[derive(Default)]
pub(super) struct Ranges {
    lets: FxHashMap<LetId, Range>,
    /// What was bound, to see launch geometry through names.
    values: FxHashMap<LetId, ExprId>,
    locals: FxHashMap<LocalId, Range>,
    stores: FxHashMap<LocalId, Vec<Stored>>,
    /// Variables whose address is used for more than whole loads and stores.
    escaped: FxHashSet<LocalId>,
}

impl Ranges {
    pub(super) fn of(function: &Function) -> Ranges {
        let mut ranges = Ranges::default();
        ranges.collect(function, &function.body, None);
        for (_, expr) in function.evaluated().filter(|(_, expr)| !matches!(expr, Expr::Load { .. })) {
            expr.operands(|operand| ranges.note_escape(function, operand));
        }
        ranges
    }

    fn note_escape(&mut self, function: &Function, id: ExprId) {
        if let Expr::LocalAddr(local) = *function.expr(id) {
            self.escaped.insert(local);
        }
    }

    fn collect(&mut self, function: &Function, block: &Block, condition: Option<ExprId>) {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::Declare { local, init } => {
                    let stores = self.stores.entry(*local).or_default();
                    stores.extend(init.map(|value| Stored { value, condition }));
                }
                StmtKind::Store { pointer, value, .. } => {
                    if let Expr::LocalAddr(local) = *function.expr(*pointer) {
                        self.stores.entry(local).or_default().push(Stored { value: *value, condition });
                    }
                    self.note_escape(function, *value);
                }
                kind => kind.operands(|operand| self.note_escape(function, operand)),
            }
            let inner = match &stmt.kind {
                StmtKind::Loop { condition, .. } => *condition,
                _ => condition,
            };
            for nested in stmt.kind.blocks() {
                self.collect(function, nested, inner);
            }
        }
    }

    pub(super) fn bind(&mut self, id: LetId, value: ExprId, range: Option<Range>) {
        self.values.insert(id, value);
        if let Some(range) = range {
            self.lets.insert(id, range);
        }
    }

    pub(super) fn local(&self, local: LocalId) -> Option<Range> {
        self.locals.get(&local).copied()
    }

    /// Looks for the range of a variable at its declaration, where all is known that its first value depends on.
    pub(super) fn find_local(&mut self, builder: &Builder<'_>, local: LocalId) {
        let scalar = builder.tables.types.as_scalar(builder.function.locals[local].ty).filter(|scalar| scalar.is_int());
        if self.escaped.contains(&local) {
            return;
        }
        let Some(scalar) = scalar else { return };
        if let Some(range) = self.stored_range(builder, local).filter(|range| range.is_in(Range::of(scalar))) {
            self.locals.insert(local, range);
        }
    }

    fn stored_range(&self, builder: &Builder<'_>, local: LocalId) -> Option<Range> {
        let stores = self.stores.get(&local)?;
        let (own, others): (Vec<Stored>, Vec<Stored>) =
            stores.iter().copied().partition(|stored| reads(builder.function, stored.value, local));
        let mut base: Option<Range> = None;
        for stored in others {
            let range = self.of_expr(builder, stored.value)?;
            base = Some(base.map_or(range, |base| base.join(range)));
        }
        let base = base?;
        let mut whole = base;
        let mut steps = 0;
        for stored in own {
            let Expr::Binary { op, a, b } = *builder.function.expr(stored.value) else { return None };
            let is_own = |id| loaded_local(builder.function, id) == Some(local);
            let other = if is_own(a) { b } else { a };
            if !(is_own(a) || is_own(b)) || reads(builder.function, other, local) {
                return None;
            }
            let by = self.of_expr(builder, other);
            match op {
                BinaryOp::Shr if is_own(a) && base.low >= 0 => whole.low = whole.low.min(0),
                BinaryOp::Div if is_own(a) && base.low >= 0 && by?.low >= 1 => whole.low = whole.low.min(0),
                BinaryOp::Add if by?.low >= 0 => {
                    let limit = self.bound(builder, stored.condition?, local, false)?;
                    whole.high = whole.high.max(base.high.max(limit) + by?.high);
                    steps += 1;
                }
                BinaryOp::Add | BinaryOp::Sub if is_own(a) => {
                    let by = by?;
                    let down = if op == BinaryOp::Sub { Range { low: -by.high, high: -by.low } } else { by };
                    if down.high > 0 {
                        return None;
                    }
                    let limit = self.bound(builder, stored.condition?, local, true)?;
                    whole.low = whole.low.min(base.low.min(limit) + down.low);
                    steps += 1;
                }
                _ => return None,
            }
        }
        (steps <= 1).then_some(whole)
    }

    /// The greatest value (the least, if `below`) that a condition leaves the variable.
    fn bound(&self, builder: &Builder<'_>, condition: ExprId, local: LocalId, below: bool) -> Option<i128> {
        let function = &builder.function;
        match *function.expr(condition) {
            Expr::Logical { op: LogicalOp::And, a, b } => {
                self.bound(builder, a, local, below).or_else(|| self.bound(builder, b, local, below))
            }
            Expr::Binary { op, a, b } => {
                let (op, bound) = match (loaded_local(function, a) == Some(local), loaded_local(function, b) == Some(local)) {
                    (true, false) => (op, b),
                    (false, true) => (super::mirrored(op), a),
                    _ => return None,
                };
                let range = self.of_expr(builder, bound)?;
                match (op, below) {
                    (BinaryOp::Lt, false) => Some(range.high - 1),
                    (BinaryOp::Le, false) => Some(range.high),
                    (BinaryOp::Gt, true) => Some(range.low + 1),
                    (BinaryOp::Ge, true) => Some(range.low),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    pub(super) fn of_expr(&self, builder: &Builder<'_>, id: ExprId) -> Option<Range> {
        let scalar = builder.scalar_of(id).filter(|scalar| scalar.is_int())?;
        let whole = Range::of(scalar);
        let exactly = |value: i128| Some(Range { low: value, high: value });
        let known = match *builder.function.expr(id) {
            Expr::Const { bits, .. } if scalar == Scalar::U64 => exactly(bits.into()),
            Expr::Const { bits, .. } => exactly(sign_extend(scalar, bits).into()),
            Expr::NamedConst(constant) => {
                let bits = builder.tables.constants[constant].bits;
                exactly(if scalar == Scalar::U64 { bits.into() } else { sign_extend(scalar, bits).into() })
            }
            Expr::Zero(_) => exactly(0),
            Expr::Geometry(geometry) => Some(geometry_range(geometry)),
            Expr::Let(id) => self.lets.get(&id).copied(),
            Expr::Load { pointer, .. } => held_local(builder, pointer).and_then(|local| self.local(local)),
            Expr::Convert { value, .. } => match builder.scalar_of(value)? {
                Scalar::Bool => Some(Range { low: 0, high: 1 }),
                _ => self.of_expr(builder, value),
            },
            Expr::Binary { op, a, b } => self.of_binary(builder, op, a, b),
            Expr::Math { function, ref args } => match (function, args.as_slice()) {
                (MathFn::Min, &[a, b]) => {
                    let (a, b) = (self.of_expr(builder, a)?, self.of_expr(builder, b)?);
                    Some(Range { low: a.low.min(b.low), high: a.high.min(b.high) })
                }
                (MathFn::Max, &[a, b]) => {
                    let (a, b) = (self.of_expr(builder, a)?, self.of_expr(builder, b)?);
                    Some(Range { low: a.low.max(b.low), high: a.high.max(b.high) })
                }
                (MathFn::PopCount | MathFn::CountLeadingZeros | MathFn::CountTrailingZeros, _) => {
                    Some(Range { low: 0, high: 64 })
                }
                _ => None,
            },
            Expr::Select { accept, reject, .. } => Some(self.of_expr(builder, accept)?.join(self.of_expr(builder, reject)?)),
            _ => None,
        };
        // What could leave the type wraps, and then anything is possible.
        match known.filter(|known| known.is_in(whole)) {
            Some(known) => Some(known),
            None => (!is_wide(scalar)).then_some(whole),
        }
    }

    /// Of an operation whose result does not wrap.
    pub(super) fn of_binary(&self, builder: &Builder<'_>, op: BinaryOp, a: ExprId, b: ExprId) -> Option<Range> {
        let threads = self.threads(builder, op, a, b);
        threads.or_else(|| binary_range(op, self.of_expr(builder, a), self.of_expr(builder, b)))
    }

    /// The number of a thread along an axis of the grid, and how many there are.
    fn threads(&self, builder: &Builder<'_>, op: BinaryOp, a: ExprId, b: ExprId) -> Option<Range> {
        let most = i128::from(u32::MAX);
        match op {
            BinaryOp::Mul => match (self.geometry(builder, a)?, self.geometry(builder, b)?) {
                (Geometry::GridDim(x), Geometry::BlockDim(y)) | (Geometry::BlockDim(y), Geometry::GridDim(x)) if x == y => {
                    Some(Range { low: 1, high: most })
                }
                (Geometry::BlockIdx(x), Geometry::BlockDim(y)) | (Geometry::BlockDim(y), Geometry::BlockIdx(x)) if x == y => {
                    Some(Range { low: 0, high: most - 1 })
                }
                _ => None,
            },
            BinaryOp::Add => {
                let axis = |thread, start| match (self.geometry(builder, thread)?, self.product(builder, start)?) {
                    (Geometry::ThreadIdx(x), (Geometry::BlockIdx(y), Geometry::BlockDim(z)))
                    | (Geometry::ThreadIdx(x), (Geometry::BlockDim(z), Geometry::BlockIdx(y)))
                        if x == y && y == z =>
                    {
                        Some(())
                    }
                    _ => None,
                };
                axis(a, b).or_else(|| axis(b, a)).map(|()| Range { low: 0, high: most - 1 })
            }
            _ => None,
        }
    }

    /// Behind conversions that keep the value, and names.
    fn plain(&self, builder: &Builder<'_>, mut id: ExprId) -> ExprId {
        loop {
            id = match *builder.function.expr(id) {
                Expr::Convert { value, to }
                    if to.is_int() && to.size() >= 4 && builder.scalar_of(value).is_some_and(Scalar::is_int) =>
                {
                    let keeps = self.of_expr(builder, value).is_some_and(|range| range.is_in(Range::of(to)));
                    if !keeps {
                        return id;
                    }
                    value
                }
                Expr::Let(bound) => match self.values.get(&bound) {
                    Some(&value) => value,
                    None => return id,
                },
                _ => return id,
            };
        }
    }

    fn geometry(&self, builder: &Builder<'_>, id: ExprId) -> Option<Geometry> {
        match *builder.function.expr(self.plain(builder, id)) {
            Expr::Geometry(geometry) => Some(geometry),
            _ => None,
        }
    }

    fn product(&self, builder: &Builder<'_>, id: ExprId) -> Option<(Geometry, Geometry)> {
        match *builder.function.expr(self.plain(builder, id)) {
            Expr::Binary { op: BinaryOp::Mul, a, b } => Some((self.geometry(builder, a)?, self.geometry(builder, b)?)),
            _ => None,
        }
    }
}

fn loaded_local(function: &Function, id: ExprId) -> Option<LocalId> {
    match *function.expr(id) {
        Expr::Load { pointer, .. } => match *function.expr(pointer) {
            Expr::LocalAddr(local) => Some(local),
            _ => None,
        },
        _ => None,
    }
}

fn reads(function: &Function, id: ExprId, local: LocalId) -> bool {
    let mut found = false;
    function.walk_expr(id, &mut |expr| found |= *function.expr(expr) == Expr::LocalAddr(local));
    found
}

fn binary_range(op: BinaryOp, a: Option<Range>, b: Option<Range>) -> Option<Range> {
    match op {
        BinaryOp::And => [a, b]
            .into_iter()
            .flatten()
            .filter(|side| side.low >= 0)
            .map(|side| side.high)
            .min()
            .map(|high| Range { low: 0, high }),
        BinaryOp::Add => a.zip(b).map(|(a, b)| Range { low: a.low + b.low, high: a.high + b.high }),
        BinaryOp::Sub => a.zip(b).map(|(a, b)| Range { low: a.low - b.high, high: a.high - b.low }),
        BinaryOp::Mul => {
            let (a, b) = a.zip(b)?;
            let ends =
                [a.low.checked_mul(b.low)?, a.low.checked_mul(b.high)?, a.high.checked_mul(b.low)?, a.high.checked_mul(b.high)?];
            Some(Range { low: ends.into_iter().min()?, high: ends.into_iter().max()? })
        }
        // By a known positive number.
        BinaryOp::Div => {
            a.zip(b).filter(|(_, b)| b.low > 0).map(|(a, b)| Range { low: a.low.min(0), high: (a.high / b.low).max(0) })
        }
        BinaryOp::Rem => {
            let (a, most) = (a?, b.filter(|b| b.low > 0)?.high - 1);
            Some(Range {
                low: if a.low < 0 { -most.min(-a.low) } else { 0 },
                high: if a.high > 0 { most.min(a.high) } else { 0 },
            })
        }
        BinaryOp::Shr => {
            let (a, by) = (a.filter(|a| a.low >= 0)?, b.filter(|b| b.low >= 0).map_or(0, |b| b.low.min(64)));
            Some(Range { low: 0, high: a.high >> by })
        }
        _ => None,
    }
}

/// CUDA programming guide, "Technical Specifications per Compute Capability".
fn geometry_range(geometry: Geometry) -> Range {
    let (low, high) = match geometry {
        Geometry::ThreadIdx(_) | Geometry::ThreadRank => (0, 1023),
        Geometry::BlockDim(_) | Geometry::ThreadCount => (1, 1024),
        Geometry::BlockIdx(Axis::X) => (0, (1 << 31) - 2),
        Geometry::BlockIdx(_) => (0, 65_534),
        Geometry::GridDim(Axis::X) => (1, (1 << 31) - 1),
        Geometry::GridDim(_) => (1, 65_535),
        Geometry::ArrivalsCount => (0, 1),
        Geometry::Lane => (0, 31),
        // Warps may be smaller in tests.
        Geometry::Warp => (0, 1023),
        Geometry::BlockRank => (0, u32::MAX.into()),
    };
    Range { low, high }
}
