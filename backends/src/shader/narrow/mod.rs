//! 64-bit integer arithmetic in 32 bits where the result is provably the same.
//!
//! ```text
//! let i: u64 = u64(blockIdx.x * blockDim.x + threadIdx.x)     let i: u32 = blockIdx.x * blockDim.x + threadIdx.x
//! if i < u64(n)                                               if i < n
//! if i < wide(low, high)                                      if high != 0 || i < low
//! let at: i64 = i64(row) * i64(width) + i64(column)           let at: i32 = row * width + column          an index, nothing else
//! for (k: u64 = 0; k < 16; k = k + 1)                         for (k: i32 = 0; k < 16; k = k + 1)
//! ```
//!
//! # Rules
//!
//! **Low halves.** The low 32 bits of `a + b`, `a - b`, `a * b`, `a & b`, `a | b`, `a ^ b`, `-a`, `~a` and `a << constant` depend on the low
//! 32 bits of the operands alone (arithmetic modulo 2^64 goes over into arithmetic modulo 2^32, because 2^32 divides 2^64), and those of a
//! conversion from a narrower integer are the extended value's. [`truncate`] computes them so; everything else it computes as
//! written and then cuts.
//!
//! **Demand** ([`demand`]). A value or variable of which only the low half ever matters is held in 32 bits.
//!
//! **Ranges** ([`range`]) are those of the mathematical values; an operation whose result could leave its type has none.
//! * A comparison of two 64-bit integers whose ranges both lie in that of `u32` (or both in that of `i32`) has the same answer in 32 bits,
//!   because the conversion is the identity there.
//! * A `Let` or a variable whose range lies in that of `u32` or `i32` is held in 32 bits and extended where it is read: the identity again.
//! * A result in that range is computed in 32 bits: exact for the modular operations if the result fits, for quotients and right
//!   shifts if the operands do.
//! * A value `a` of the range of `u32` compared with `high * 2^32 + low`: if `high` is not zero the right side is greater (for signed
//!   ones: if it is positive; smaller if it is negative), otherwise `low` decides.
//!
//! *Needs*: nothing. *Leaves*: 64-bit integers only where their upper halves may matter.

mod demand;
mod range;

use super::rewrite::{Builder, rebuild};
use demand::Demand;
use ir::{
    BinaryOp, Block, Case, Expr, ExprId, FuncId, Function, LetId, LocalId, LogicalOp, Module, Scalar, Stmt, StmtKind, Types,
    UnaryOp,
};
use range::{Range, Ranges};
use rustc_hash::FxHashMap;
use source::Span;

pub(super) fn run(module: &mut Module) {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        if !has_wide_integers(&module.tables.types, &module.functions[id]) {
            continue;
        }
        let function = &mut module.functions[id];
        let known = Ranges::of(function);
        let demand = Demand::of(&module.tables.types, function);
        let mut body = std::mem::take(&mut function.body);
        let builder = Builder { tables: &mut module.tables, function };
        let mut narrower = Narrower { builder, known, demand, lets: FxHashMap::default(), locals: FxHashMap::default() };
        narrower.block(&mut body);
        module.functions[id].body = body;
    }
}

fn has_wide_integers(types: &Types, function: &Function) -> bool {
    function.exprs.iter().any(|(_, data)| types.as_scalar(data.ty).is_some_and(is_wide))
}

fn is_wide(scalar: Scalar) -> bool {
    scalar.is_int() && scalar.size() == 8
}

struct Narrower<'a> {
    builder: Builder<'a>,
    known: Ranges,
    demand: Demand,
    /// The 32-bit value in place of a 64-bit one, and the type it had.
    lets: FxHashMap<LetId, (LetId, Scalar)>,
    /// Variables that are decided: the type they had, where they are held in 32 bits now.
    locals: FxHashMap<LocalId, Option<Scalar>>,
}

impl Narrower<'_> {
    fn block(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt) {
        if let StmtKind::Declare { local, .. } = stmt.kind {
            self.decide(local);
        }
        // What `until` reads may be bound in `update`.
        if let StmtKind::Loop { condition, body, update, until, .. } = &mut stmt.kind {
            *condition = condition.map(|condition| self.narrow(condition));
            self.block(body);
            self.block(update);
            *until = until.map(|until| self.narrow(until));
            return;
        }
        let old_value = match &stmt.kind {
            StmtKind::Let { value, .. } => Some(*value),
            _ => None,
        };
        let target = match &stmt.kind {
            StmtKind::Store { pointer, .. } => held_local(&self.builder, *pointer),
            StmtKind::Declare { local, .. } => Some(*local),
            _ => None,
        };
        stmt.kind.operands_mut(|operand| *operand = self.narrow(*operand));
        match (&mut stmt.kind, target) {
            (StmtKind::Switch { selector, cases }, _) => narrow_switch(&mut self.builder, selector, cases, &self.known),
            (StmtKind::Store { value, .. } | StmtKind::Declare { init: Some(value), .. }, Some(local)) => {
                if let Some(Some(_)) = self.locals.get(&local)
                    && let Some(scalar) = self.builder.tables.types.as_scalar(self.builder.function.locals[local].ty)
                {
                    *value = truncate(&mut self.builder, *value, scalar);
                }
            }
            (StmtKind::Let { result, value }, _) => self.bind(result, value, old_value, stmt.span),
            _ => {}
        }
        for nested in stmt.kind.blocks_mut() {
            self.block(nested);
        }
    }

    fn bind(&mut self, result: &mut LetId, value: &mut ExprId, old_value: Option<ExprId>, span: Span) {
        let range = self.known.of_expr(&self.builder, *value);
        self.known.bind(*result, old_value.unwrap_or(*value), range);
        let Some(wide) = self.builder.tables.types.as_scalar(self.builder.function.lets[*result].ty).filter(|&ty| is_wide(ty))
        else {
            return;
        };
        let by_range = range.and_then(Range::scalar);
        let Some(scalar) = by_range.or_else(|| self.demand.is_low(*result).then(|| half_of(wide))) else { return };
        let mut data = self.builder.function.lets[*result].clone();
        data.ty = self.builder.scalar_ty(scalar);
        let fresh = self.builder.function.lets.add(data, span);
        self.lets.insert(*result, (fresh, wide));
        if by_range.is_some() {
            self.known.bind(fresh, *value, range);
        }
        *value = truncate(&mut self.builder, *value, scalar);
        *result = fresh;
    }

    /// Is a variable to be held in 32 bits?
    fn decide(&mut self, local: LocalId) {
        if self.locals.contains_key(&local) {
            return;
        }
        self.known.find_local(&self.builder, local);
        let ty = self.builder.tables.types.as_scalar(self.builder.function.locals[local].ty);
        let Some(wide) = ty.filter(|&scalar| is_wide(scalar)) else { return };
        let scalar = match self.known.local(local).and_then(Range::scalar) {
            Some(scalar) => Some(scalar),
            None => self.demand.is_low_local(local).then(|| half_of(wide)),
        };
        self.locals.insert(local, scalar.map(|_| wide));
        if let Some(scalar) = scalar {
            self.builder.function.locals[local].ty = self.builder.scalar_ty(scalar);
        }
    }

    fn narrow(&mut self, root: ExprId) -> ExprId {
        let Narrower { builder, known, lets, locals, .. } = self;
        rebuild(builder, root, &mut |builder, old, expr| {
            let span = builder.span(old);
            match expr {
                Expr::Let(id) => {
                    let &(fresh, wide) = lets.get(id)?;
                    let value = builder.add(Expr::Let(fresh), span);
                    Some(extended(builder, value, wide, known))
                }
                // The address of another type now.
                Expr::LocalAddr(local) => {
                    locals.get(local).copied().flatten()?;
                    Some(builder.add(Expr::LocalAddr(*local), span))
                }
                Expr::Load { pointer, .. } => {
                    let local = held_local(builder, *pointer)?;
                    let wide = locals.get(&local).copied().flatten()?;
                    let value = builder.add(expr.clone(), span);
                    Some(extended(builder, value, wide, known))
                }
                Expr::Convert { value, to }
                    if to.is_int() && to.size() == 4 && builder.scalar_of(*value).is_some_and(is_wide) =>
                {
                    Some(truncate(builder, *value, *to))
                }
                Expr::Binary { op, a, b } if op.is_comparison() && builder.scalar_of(*a).is_some_and(is_wide) => {
                    compare(builder, *op, *a, *b, known)
                }
                Expr::Binary { op, a, b } => narrow_result(builder, *op, *a, *b, known),
                _ => None,
            }
        })
    }
}

/// A 32-bit value as the 64-bit type it stands for. What is never negative is extended by zeros, which costs less.
fn extended(builder: &mut Builder<'_>, value: ExprId, wide: Scalar, known: &Ranges) -> ExprId {
    let span = builder.span(value);
    let is_positive = known.of_expr(builder, value).is_some_and(|range| range.low >= 0);
    let value = if is_positive { builder.convert(value, Scalar::U32, span) } else { value };
    builder.convert(value, wide, span)
}

/// The 32-bit integer of the same sign.
fn half_of(wide: Scalar) -> Scalar {
    if wide.is_signed() { Scalar::I32 } else { Scalar::U32 }
}

/// The variable that this is the whole address of.
fn held_local(builder: &Builder<'_>, pointer: ExprId) -> Option<LocalId> {
    match *builder.function.expr(pointer) {
        Expr::LocalAddr(local) => Some(local),
        _ => None,
    }
}

/// Shaders switch on 32 bits. A selector of unknown range becomes the number of its label: `v == 7 ? 0 : v == 9 ? 1 : 2`.
fn narrow_switch(builder: &mut Builder<'_>, selector: &mut ExprId, cases: &mut Vec<Case>, known: &Ranges) {
    let Some(wide) = builder.scalar_of(*selector).filter(|scalar| scalar.size() == 8) else { return };
    let span = builder.span(*selector);
    if let Some(scalar) = known.of_expr(builder, *selector).and_then(Range::scalar) {
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

fn compare(builder: &mut Builder<'_>, op: BinaryOp, a: ExprId, b: ExprId, known: &Ranges) -> Option<ExprId> {
    let span = builder.span(a);
    let (left, right) = (known.of_expr(builder, a), known.of_expr(builder, b));
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
fn narrow_result(builder: &mut Builder<'_>, op: BinaryOp, a: ExprId, b: ExprId, known: &Ranges) -> Option<ExprId> {
    let wide = builder.scalar_of(a).filter(|scalar| scalar.is_int() && scalar.size() == 8)?;
    let span = builder.span(a);
    let (left, right) = (known.of_expr(builder, a), known.of_expr(builder, b));
    let scalar = match op {
        // `x / 0` has all bits set, and as a `u32` it would have only the lower half of them.
        BinaryOp::Div | BinaryOp::Rem => left?
            .join(right?)
            .scalar()
            .filter(|_| left.is_some_and(|left| left.low >= 0))
            .filter(|scalar| op == BinaryOp::Rem || scalar.is_signed() || right.is_some_and(|right| right.low > 0)),
        BinaryOp::Shr => left?.scalar().filter(|_| right.is_some_and(|right| right.low >= 0 && right.high < 32)),
        _ if is_modular(op) => known.of_binary(builder, op, a, b).filter(|result| result.is_in(Range::of(wide)))?.scalar(),
        _ => None,
    }?;
    let a = truncate(builder, a, scalar);
    let b = truncate(builder, b, scalar);
    let result = builder.binary(op, a, b, span);
    Some(extended(builder, result, wide, known))
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
        Expr::Convert { value, to: Scalar::U64 | Scalar::I64 } if builder.scalar_of(value) == Some(Scalar::U32) => Some(value),
        _ => None,
    };
    let halves = |low, shifted| match builder.expr(shifted) {
        Expr::Binary { op: BinaryOp::Shl, a: high, b: by } if builder.const_value(by) == Some(32) => {
            Some((unwrapped(low)?, unwrapped(high)?))
        }
        _ => None,
    };
    match builder.expr(id) {
        Expr::Convert { value, to: Scalar::I64 } if builder.scalar_of(value) == Some(Scalar::U64) => words(builder, value),
        Expr::Binary { op: BinaryOp::Or, a, b } => halves(a, b).or_else(|| halves(b, a)),
        _ => None,
    }
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
