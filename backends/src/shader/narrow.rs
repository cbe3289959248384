//! 64-bit integer arithmetic in 32 bits where the result is provably the same.
//!
//! [`truncate`] gives the low 32 bits of an integer expression. The low 32 bits of `a + b`, `a - b`, `a * b`, `a & b`,
//! `a | b`, `a ^ b`, `-a`, `~a` and `a << constant` depend on the low 32 bits of the operands alone (arithmetic modulo 2^64
//! goes over into arithmetic modulo 2^32, because 2^32 divides 2^64), and those of a conversion from a narrower integer are
//! the extended value's. Everything else is computed as written and then cut.
//!
//! [`run`] narrows where a value's range is known:
//!
//! ```text
//! let i: u64 = u64(blockIdx.x * blockDim.x + threadIdx.x)     let i: u32 = blockIdx.x * blockDim.x + threadIdx.x
//! if i < u64(n)                                               if i < n
//! if i < wide(low, high)                                      if high != 0 || i < low
//! ```
//!
//! * A comparison of two 64-bit integers whose ranges both lie in that of `u32` (or both in that of `i32`) has the same answer in 32 bits,
//!   because the conversion is the identity there.
//! * A `Let` whose range lies in that of `u32` or `i32` is bound in 32 bits and extended where it is read: the identity again.
//! * A value `a` of the range of `u32` compared with `high * 2^32 + low`: if `high` is not zero the right side is greater (for signed
//!   ones: if it is positive; smaller if it is negative), otherwise `low` decides.
//!
//! Ranges are those of the mathematical values: an operation whose result could leave its type's range has none.
//!
//! *Needs*: nothing. *Leaves*: 64-bit integers only where their upper halves may matter.

use super::rewrite::{Builder, rebuild, sign_extend};
use ir::{Axis, BinaryOp, Case, Expr, ExprId, FuncId, Geometry, LetId, LogicalOp, MathFn, Module, Scalar, StmtKind, UnaryOp};
use rustc_hash::FxHashMap;

pub(super) fn run(module: &mut Module) {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let mut body = std::mem::take(&mut builder.function.body);
        let mut ranges: FxHashMap<LetId, Range> = FxHashMap::default();
        let mut narrowed: FxHashMap<LetId, (LetId, Scalar)> = FxHashMap::default();
        body.walk_mut(&mut |stmt| {
            stmt.kind.operands_mut(|operand| *operand = narrow(&mut builder, *operand, &ranges, &narrowed));
            if let StmtKind::Switch { selector, cases } = &mut stmt.kind {
                narrow_switch(&mut builder, selector, cases, &ranges);
            }
            if let StmtKind::Let { result, value } = &mut stmt.kind {
                let Some(range) = range(&builder, *value, &ranges) else { return };
                ranges.insert(*result, range);
                let wide = builder
                    .tables
                    .types
                    .as_scalar(builder.function.lets[*result].ty)
                    .filter(|scalar| scalar.is_int() && scalar.size() == 8);
                let (Some(wide), Some(scalar)) = (wide, range.scalar()) else { return };
                let mut data = builder.function.lets[*result].clone();
                data.ty = builder.scalar_ty(scalar);
                let fresh = builder.function.lets.add(data, stmt.span);
                narrowed.insert(*result, (fresh, wide));
                ranges.insert(fresh, range);
                *value = truncate(&mut builder, *value, scalar);
                *result = fresh;
            }
        });
        builder.function.body = body;
    }
}

/// Shaders switch on 32 bits. A selector of unknown range becomes the number of its label: `v == 7 ? 0 : v == 9 ? 1 : 2`.
fn narrow_switch(builder: &mut Builder<'_>, selector: &mut ExprId, cases: &mut Vec<Case>, ranges: &FxHashMap<LetId, Range>) {
    let Some(wide) = builder.scalar_of(*selector).filter(|scalar| scalar.size() == 8) else { return };
    let span = builder.span(*selector);
    if let Some(scalar) = range(builder, *selector, ranges).and_then(Range::scalar) {
        let whole = Range::of(scalar);
        let value_of = |bits: u64| if wide.is_signed() { i128::from(bits as i64) } else { i128::from(bits) };
        for case in cases.iter_mut() {
            case.values.retain(|&bits| (whole.low..=whole.high).contains(&value_of(bits)));
            case.values.iter_mut().for_each(|bits| *bits &= 0xffff_ffff);
        }
        cases.retain(|case| case.is_default || !case.values.is_empty());
        *selector = truncate(builder, *selector, scalar);
        return;
    }
    let labels: usize = cases.iter().map(|case| case.values.len()).sum();
    let mut number = labels;
    let mut chosen = builder.constant(Scalar::I32, labels as i64, span);
    for value in cases.iter_mut().flat_map(|case| &mut case.values).rev() {
        number -= 1;
        let label = builder.constant(wide, *value as i64, span);
        let condition = builder.add(Expr::Binary { op: BinaryOp::Eq, a: *selector, b: label }, span);
        let accept = builder.constant(Scalar::I32, number as i64, span);
        chosen = builder.add(Expr::Select { condition, accept, reject: chosen }, span);
        *value = number as u64;
    }
    *selector = chosen;
}

fn narrow(
    builder: &mut Builder<'_>,
    root: ExprId,
    ranges: &FxHashMap<LetId, Range>,
    narrowed: &FxHashMap<LetId, (LetId, Scalar)>,
) -> ExprId {
    rebuild(builder, root, &mut |builder, old, expr| {
        let span = builder.span(old);
        match expr {
            Expr::Let(id) => {
                let &(fresh, wide) = narrowed.get(id)?;
                let value = builder.add(Expr::Let(fresh), span);
                Some(builder.convert(value, wide, span))
            }
            Expr::Convert { value, to }
                if to.is_int()
                    && to.size() == 4
                    && builder.scalar_of(*value).is_some_and(|from| from.is_int() && from.size() == 8) =>
            {
                Some(truncate(builder, *value, *to))
            }
            // One rounding from the same number.
            Expr::Convert { value, to }
                if to.is_float() && builder.scalar_of(*value).is_some_and(|from| from.is_int() && from.size() == 8) =>
            {
                let scalar = range(builder, *value, ranges)?.scalar()?;
                let value = truncate(builder, *value, scalar);
                Some(builder.convert(value, *to, span))
            }
            Expr::Binary { op, a, b }
                if op.is_comparison() && builder.scalar_of(*a).is_some_and(|scalar| scalar.is_int() && scalar.size() == 8) =>
            {
                compare(builder, *op, *a, *b, ranges)
            }
            Expr::Binary { op, a, b } => narrow_result(builder, *op, *a, *b, ranges),
            _ => None,
        }
    })
}

fn compare(builder: &mut Builder<'_>, op: BinaryOp, a: ExprId, b: ExprId, ranges: &FxHashMap<LetId, Range>) -> Option<ExprId> {
    let span = builder.span(a);
    let (left, right) = (range(builder, a, ranges), range(builder, b, ranges));
    if let (Some(left), Some(right)) = (left, right)
        && let Some(scalar) = left.join(right).scalar()
    {
        let a = truncate(builder, a, scalar);
        let b = truncate(builder, b, scalar);
        return Some(builder.add(Expr::Binary { op, a, b }, span));
    }
    let is_small = |range: Option<Range>| range.is_some_and(|range| range.low >= 0 && range.high <= i128::from(u32::MAX));
    if let Some(extended) = sign_extended(builder, b).filter(|_| is_small(left)) {
        return Some(compare_with_extended(builder, op, a, b, extended));
    }
    if let Some(extended) = sign_extended(builder, a).filter(|_| is_small(right)) {
        return Some(compare_with_extended(builder, mirrored(op), b, a, extended));
    }
    if is_small(left) && words(builder, b).is_some() {
        return compare_with_words(builder, op, a, b);
    }
    if is_small(right) && words(builder, a).is_some() {
        return compare_with_words(builder, mirrored(op), b, a);
    }
    None
}

/// A 64-bit result that is known to fit 32 bits, computed there and extended: exact for the modular operations if the
/// result fits, for quotients and right shifts if the operands do.
fn narrow_result(
    builder: &mut Builder<'_>,
    op: BinaryOp,
    a: ExprId,
    b: ExprId,
    ranges: &FxHashMap<LetId, Range>,
) -> Option<ExprId> {
    let wide = builder.scalar_of(a).filter(|scalar| scalar.is_int() && scalar.size() == 8)?;
    let span = builder.span(a);
    let (left, right) = (range(builder, a, ranges), range(builder, b, ranges));
    let scalar = match op {
        BinaryOp::Div | BinaryOp::Rem => left?.join(right?).scalar().filter(|_| left.is_some_and(|left| left.low >= 0)),
        BinaryOp::Shr => left?.scalar().filter(|_| right.is_some_and(|right| right.low >= 0 && right.high < 32)),
        _ if is_modular(op) => binary_range(op, left, right).filter(|result| result.is_in(Range::of(wide)))?.scalar(),
        _ => None,
    }?;
    let a = truncate(builder, a, scalar);
    let b = truncate(builder, b, scalar);
    let result = builder.binary(op, a, b, span);
    Some(builder.convert(result, wide, span))
}

fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Lt => BinaryOp::Gt,
        BinaryOp::Le => BinaryOp::Ge,
        BinaryOp::Gt => BinaryOp::Lt,
        BinaryOp::Ge => BinaryOp::Le,
        other => other,
    }
}

/// `a op high * 2^32 + low`, where `a` is in the range of `u32`.
fn compare_with_words(builder: &mut Builder<'_>, op: BinaryOp, a: ExprId, wide: ExprId) -> Option<ExprId> {
    let span = builder.span(a);
    let signed = builder.scalar_of(wide)?.is_signed();
    let (low, high) = words(builder, wide)?;
    let small = truncate(builder, a, Scalar::U32);
    let low_decides = builder.add(Expr::Binary { op, a: small, b: low }, span);
    let zero = builder.constant(Scalar::U32, 0, span);
    let high_is_zero = builder.add(Expr::Binary { op: BinaryOp::Eq, a: high, b: zero }, span);
    let beyond = match (op, signed) {
        (BinaryOp::Lt | BinaryOp::Le, false) | (BinaryOp::Ne, _) => {
            builder.add(Expr::Binary { op: BinaryOp::Ne, a: high, b: zero }, span)
        }
        (BinaryOp::Lt | BinaryOp::Le, true) => sign_of_high(builder, BinaryOp::Gt, high),
        (BinaryOp::Gt | BinaryOp::Ge, true) => sign_of_high(builder, BinaryOp::Lt, high),
        _ => return Some(builder.add(Expr::Logical { op: LogicalOp::And, a: high_is_zero, b: low_decides }, span)),
    };
    // With the sign known, zero still has to be told from the other side.
    let equal = match (op, signed) {
        (BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge, true) => {
            builder.add(Expr::Logical { op: LogicalOp::And, a: high_is_zero, b: low_decides }, span)
        }
        _ => low_decides,
    };
    Some(builder.add(Expr::Logical { op: LogicalOp::Or, a: beyond, b: equal }, span))
}

/// The `i32` that a 64-bit value extends.
fn sign_extended(builder: &Builder<'_>, id: ExprId) -> Option<ExprId> {
    match builder.expr(id) {
        Expr::Convert { value, .. } if builder.scalar_of(value) == Some(Scalar::I32) => Some(value),
        _ => None,
    }
}

/// `a op wide`, where `a` is in the range of `u32` and `wide` is `narrow` extended: a negative one is above all `a` as
/// `u64`, and below all as `i64`.
fn compare_with_extended(builder: &mut Builder<'_>, op: BinaryOp, a: ExprId, wide: ExprId, narrow: ExprId) -> ExprId {
    let span = builder.span(a);
    let signed = builder.scalar_of(wide).is_some_and(Scalar::is_signed);
    let small = truncate(builder, a, Scalar::U32);
    let other = builder.convert(narrow, Scalar::U32, span);
    let in_range = builder.add(Expr::Binary { op, a: small, b: other }, span);
    let zero = builder.constant(Scalar::I32, 0, span);
    let holds_for_negative = match op {
        BinaryOp::Lt | BinaryOp::Le => !signed,
        BinaryOp::Gt | BinaryOp::Ge => signed,
        _ => op == BinaryOp::Ne,
    };
    let (sign, join) = if holds_for_negative { (BinaryOp::Lt, LogicalOp::Or) } else { (BinaryOp::Ge, LogicalOp::And) };
    let sign = builder.add(Expr::Binary { op: sign, a: narrow, b: zero }, span);
    builder.add(Expr::Logical { op: join, a: sign, b: in_range }, span)
}

fn sign_of_high(builder: &mut Builder<'_>, op: BinaryOp, high: ExprId) -> ExprId {
    let span = builder.span(high);
    let high = builder.convert(high, Scalar::I32, span);
    let zero = builder.constant(Scalar::I32, 0, span);
    builder.add(Expr::Binary { op, a: high, b: zero }, span)
}

/// The halves of a 64-bit value that was put together from two `u32`.
pub(super) fn words(builder: &Builder<'_>, id: ExprId) -> Option<(ExprId, ExprId)> {
    let unwrapped = |id| match builder.expr(id) {
        Expr::Convert { value, to: Scalar::U64 } if builder.scalar_of(value) == Some(Scalar::U32) => Some(value),
        _ => None,
    };
    match builder.expr(id) {
        Expr::Convert { value, to: Scalar::I64 } if builder.scalar_of(value) == Some(Scalar::U64) => words(builder, value),
        Expr::Binary { op: BinaryOp::Or, a, b } => match builder.expr(b) {
            Expr::Binary { op: BinaryOp::Shl, a: high, b: by } if builder.const_value(by) == Some(32) => {
                Some((unwrapped(a)?, unwrapped(high)?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The mathematical values that an integer expression can have, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    low: i128,
    high: i128,
}

impl Range {
    fn of(scalar: Scalar) -> Range {
        let bits = scalar.bits();
        match scalar.is_signed() {
            true => Range { low: -(1i128 << (bits - 1)), high: (1i128 << (bits - 1)) - 1 },
            false => Range { low: 0, high: (1i128 << bits) - 1 },
        }
    }

    fn join(self, other: Range) -> Range {
        Range { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn is_in(self, other: Range) -> bool {
        other.low <= self.low && self.high <= other.high
    }

    /// The 32-bit type that holds all of it, `i32` where both do.
    fn scalar(self) -> Option<Scalar> {
        [Scalar::I32, Scalar::U32].into_iter().find(|&scalar| self.is_in(Range::of(scalar)))
    }
}

fn range(builder: &Builder<'_>, id: ExprId, ranges: &FxHashMap<LetId, Range>) -> Option<Range> {
    let scalar = builder.scalar_of(id).filter(|scalar| scalar.is_int())?;
    let whole = Range::of(scalar);
    let known = match builder.expr(id) {
        Expr::Const { bits, .. } if scalar == Scalar::U64 => Some(Range { low: i128::from(bits), high: i128::from(bits) }),
        Expr::Const { bits, .. } => Some(sign_extend(scalar, bits)).map(|value| Range { low: value.into(), high: value.into() }),
        Expr::Geometry(geometry) => Some(geometry_range(geometry)),
        Expr::Let(id) => ranges.get(&id).copied(),
        Expr::Convert { value, .. } => match builder.scalar_of(value)? {
            Scalar::Bool => Some(Range { low: 0, high: 1 }),
            _ => range(builder, value, ranges),
        },
        Expr::Binary { op, a, b } => {
            let (a, b) = (range(builder, a, ranges), range(builder, b, ranges));
            binary_range(op, a, b)
        }
        Expr::Math { function: MathFn::Min | MathFn::Max, args } => {
            Some(range(builder, args[0], ranges)?.join(range(builder, args[1], ranges)?))
        }
        Expr::Select { accept, reject, .. } => Some(range(builder, accept, ranges)?.join(range(builder, reject, ranges)?)),
        _ => None,
    };
    // What could leave the type wraps, and then anything is possible.
    match known.filter(|known| known.is_in(whole)) {
        Some(known) => Some(known),
        None => (scalar.size() < 8).then_some(whole),
    }
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
        BinaryOp::Rem => b.filter(|b| b.low > 0 && a.is_some_and(|a| a.low >= 0)).map(|b| Range { low: 0, high: b.high - 1 }),
        BinaryOp::Shr => a.filter(|a| a.low >= 0).map(|a| Range { low: 0, high: a.high }),
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
        Geometry::Lane => (0, 31),
        Geometry::Warp => (0, 31),
        Geometry::BlockRank => (0, u32::MAX.into()),
    };
    Range { low, high }
}

/// The low 32 bits of `id`, as `to` (`i32` or `u32`).
pub(super) fn truncate(builder: &mut Builder<'_>, id: ExprId, to: Scalar) -> ExprId {
    let span = builder.span(id);
    let Some(from) = builder.scalar_of(id) else { return id };
    if from == to {
        return id;
    }
    if let Some(value) = builder.const_value(id).filter(|_| matches!(builder.expr(id), Expr::Const { .. })) {
        return builder.constant(to, value, span);
    }
    match builder.expr(id) {
        Expr::Convert { value, .. } if from.size() == 8 && builder.scalar_of(value).is_some_and(Scalar::is_int) => {
            let inner = builder.scalar_of(value).unwrap_or(from);
            if inner.size() < 4 { builder.convert(value, to, span) } else { truncate(builder, value, to) }
        }
        Expr::Binary { op, a, b } if from.size() == 8 && is_modular(op) => {
            let a = truncate(builder, a, to);
            let b = truncate(builder, b, to);
            builder.binary(op, a, b, span)
        }
        Expr::Binary { op: BinaryOp::Shl, a, b }
            if from.size() == 8 && builder.const_value(b).is_some_and(|by| (0..32).contains(&by)) =>
        {
            let a = truncate(builder, a, to);
            builder.binary(BinaryOp::Shl, a, b, span)
        }
        Expr::Binary { op: BinaryOp::Shl, b, .. } if from.size() == 8 && builder.const_value(b).is_some_and(|by| by >= 32) => {
            builder.constant(to, 0, span)
        }
        Expr::Unary { op: op @ (UnaryOp::Neg | UnaryOp::BitNot), value } if from.size() == 8 => {
            let value = truncate(builder, value, to);
            builder.add(Expr::Unary { op, value }, span)
        }
        Expr::Select { condition, accept, reject } if from.size() == 8 => {
            let accept = truncate(builder, accept, to);
            let reject = truncate(builder, reject, to);
            builder.add(Expr::Select { condition, accept, reject }, span)
        }
        _ => builder.convert(id, to, span),
    }
}

fn is_modular(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor)
}
