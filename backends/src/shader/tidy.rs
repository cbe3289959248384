//! Removes conversions that C++'s rules bring in and nobody would write: between signed and unsigned, and the extension of a sign that
//! a mask cuts off again. A choice between two that literals decide is made, and a word that was taken apart to be put together is itself.
//!
//! ```text
//! i32(u32(start) + threadIdx.x)    start + i32(threadIdx.x)
//! u32(i32(x))                      x                            x is u32
//! bin = i32(u32(bin) + blockDim.x) bin = bin + i32(blockDim.x)  which emitters write as +=
//! u32(i32(b & 255) << 24 >> 24) & 255      b & 255             a char that is copied
//! i32(x) == 3                      x == 3u
//! w & 65535 | (w >> 16 & 65535) << 16      w                   two halves that are copied
//! ```
//!
//! Sums, differences and products wrap, so they have the same bits in both signs; the rules are exact for every value.
//!
//! *Needs*: values of 32 and 64 bits only. *Leaves*: the legal form as it was. Asked for by readers of the output.

use super::rewrite::{Builder, rebuild_all};
use crate::common::effects::same;
use ir::{BinaryOp, Expr, ExprId, Module, Scalar};
use source::Span;

pub(super) fn run(module: &mut Module) {
    let Module { tables, functions, .. } = module;
    for (_, function) in functions.iter_mut().filter(|(_, function)| !function.is_settled) {
        let mut builder = Builder { tables, function };
        rebuild_all(&mut builder, &mut simplified);
    }
}

fn simplified(builder: &mut Builder<'_>, old: ExprId, expr: &Expr) -> Option<ExprId> {
    match *expr {
        Expr::Binary { op: BinaryOp::And, a, b } => return masked_extension(builder, a, b, builder.span(old)),
        Expr::Binary { op: op @ (BinaryOp::Eq | BinaryOp::Ne), a, b } => {
            return compared_as_it_was(builder, op, a, b, builder.span(old));
        }
        Expr::Binary { op: BinaryOp::Or, a, b } => return put_together(builder, a, b),
        Expr::Select { condition, accept, reject } => {
            return known_truth(builder, condition).map(|truth| if truth { accept } else { reject });
        }
        _ => {}
    }
    let Expr::Convert { value, to } = *expr else { return None };
    if let Some(inner) = converted_from(builder, value, to) {
        return Some(inner);
    }
    let Expr::Binary { op: op @ (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul), a, b } = builder.expr(value) else {
        return None;
    };
    let from = builder.scalar_of(value)?;
    let worth =
        same_size_ints(from, to) && (converted_from(builder, a, to).is_some() || converted_from(builder, b, to).is_some());
    if !worth {
        return None;
    }
    let span = builder.span(old);
    let (a, b) = (as_type(builder, a, to), as_type(builder, b, to));
    Some(builder.add(Expr::Binary { op, a, b }, span))
}

/// A literal is the same bits in both signs.
fn compared_as_it_was(builder: &mut Builder<'_>, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> Option<ExprId> {
    let Expr::Convert { value, to } = builder.expr(a) else { return None };
    let Expr::Const { .. } = builder.expr(b) else { return None };
    let from = builder.scalar_of(value)?;
    if !same_size_ints(from, to) || from == to {
        return None;
    }
    let literal = builder.const_value(b)?;
    let literal = builder.constant(from, literal, span);
    Some(builder.add(Expr::Binary { op, a: value, b: literal }, span))
}

/// What a comparison of two integer literals says.
fn known_truth(builder: &Builder<'_>, condition: ExprId) -> Option<bool> {
    let (op, a, b) = match *builder.function.expr(condition) {
        Expr::Const { scalar: Scalar::Bool, bits } => return Some(bits != 0),
        Expr::Binary { op: op @ (BinaryOp::Eq | BinaryOp::Ne), a, b } => (op, a, b),
        _ => return None,
    };
    let literal = |id| match *builder.function.expr(id) {
        Expr::Const { scalar, bits } if scalar.is_int() => Some(bits),
        _ => None,
    };
    Some((literal(a)? == literal(b)?) == (op == BinaryOp::Eq))
}

/// `x & mask` for `x << n >> n & mask`, where the mask keeps no more bits than the shifts.
fn masked_extension(builder: &mut Builder<'_>, value: ExprId, mask: ExprId, span: Span) -> Option<ExprId> {
    let scalar = builder.scalar_of(value).filter(|scalar| scalar.size() == 4)?;
    let kept = builder.const_value(mask).filter(|kept| *kept >= 0)?;
    let extended = converted_value(builder, value);
    let Expr::Binary { op: BinaryOp::Shr, a: moved, b: back } = builder.expr(extended) else { return None };
    let Expr::Binary { op: BinaryOp::Shl, a: inner, b: amount } = builder.expr(moved) else { return None };
    let amount = builder.const_value(amount).filter(|amount| builder.const_value(back) == Some(*amount))?;
    if !(1..32).contains(&amount) || kept >= 1 << (32 - amount) {
        return None;
    }
    let inner = converted_value(builder, inner);
    let is_masked = |builder: &Builder<'_>| {
        let Expr::Binary { op: BinaryOp::And, b, .. } = builder.expr(inner) else { return false };
        builder.const_value(b) == Some(kept)
    };
    if is_masked(builder) {
        return Some(builder.convert(inner, scalar, span));
    }
    let inner = builder.convert(inner, scalar, span);
    Some(builder.add(Expr::Binary { op: BinaryOp::And, a: inner, b: mask }, span))
}

/// The word whose parts the operands of `|` are, if they are all of its bits, each in its place.
fn put_together(builder: &Builder<'_>, a: ExprId, b: ExprId) -> Option<ExprId> {
    let (word, mut all) = kept_bits(builder, b)?;
    if builder.reads_volatile(word) {
        return None;
    }
    let mut rest = a;
    loop {
        let (part, next) = match builder.expr(rest) {
            Expr::Binary { op: BinaryOp::Or, a, b } => (b, Some(a)),
            _ => (rest, None),
        };
        let (other, bits) = kept_bits(builder, part)?;
        if !same(builder.function, word, other) {
            return None;
        }
        all |= bits;
        match next {
            Some(next) => rest = next,
            None => return (all == u32::MAX).then_some(word),
        }
    }
}

/// The word that a value has some bits of, at the places that they have there.
fn kept_bits(builder: &Builder<'_>, value: ExprId) -> Option<(ExprId, u32)> {
    if builder.scalar_of(value) != Some(Scalar::U32) {
        return None;
    }
    let constant = |id| builder.const_value(id).and_then(|value| u32::try_from(value).ok());
    match builder.expr(value) {
        Expr::Binary { op: BinaryOp::And, a, b } => Some((a, constant(b)?)),
        Expr::Binary { op: BinaryOp::Shl, a, b } => {
            let by = constant(b).filter(|by| (1..32).contains(by))?;
            let (moved, mask) = match builder.expr(a) {
                Expr::Binary { op: BinaryOp::And, a, b } => (a, constant(b)?),
                _ => (a, u32::MAX),
            };
            let Expr::Binary { op: BinaryOp::Shr, a: word, b: back } = builder.expr(moved) else { return None };
            (constant(back) == Some(by) && builder.scalar_of(word) == Some(Scalar::U32))
                .then(|| (word, (u32::MAX >> by & mask) << by))
        }
        _ => None,
    }
}

/// What is under a conversion between the two integers of 32 bits.
fn converted_value(builder: &Builder<'_>, value: ExprId) -> ExprId {
    let Expr::Convert { value: inner, to } = builder.expr(value) else { return value };
    let from = builder.scalar_of(inner);
    if to.is_int() && to.size() == 4 && from.is_some_and(|from| from.is_int() && from.size() == 4) { inner } else { value }
}

/// The operand of a conversion away from `to` that kept all bits.
fn converted_from(builder: &Builder<'_>, value: ExprId, to: Scalar) -> Option<ExprId> {
    let Expr::Convert { value: inner, to: between } = builder.expr(value) else { return None };
    (builder.scalar_of(inner) == Some(to) && same_size_ints(between, to)).then_some(inner)
}

fn same_size_ints(a: Scalar, b: Scalar) -> bool {
    a.is_int() && b.is_int() && a.size() == b.size() && a.size() >= 4
}

fn as_type(builder: &mut Builder<'_>, value: ExprId, to: Scalar) -> ExprId {
    match converted_from(builder, value, to) {
        Some(inner) => inner,
        None => {
            let span = builder.span(value);
            builder.convert(value, to, span)
        }
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(before: &str, after: &str) {
        let mut module = ir::text::parse(before).unwrap_or_else(|error| panic!("{error}"));
        super::run(&mut module);
        assert_eq!(ir::text::print(&module).trim(), after.trim());
    }

    #[test]
    fn a_mask_cuts_off_the_sign() {
        check(
            "\
global x: [u32]
kernel k(n: i32) {
  x[0u32] = u32(i32(x[1u32] & 255u32) << 24 >> 24) & 255u32
  x[2u32] = u32(n << 16 >> 16) & 255u32
  x[3u32] = u32(n << 24 >> 24) & 511u32
}
",
            "\
global x: [u32]

kernel k(n: i32) {
  x[0u32] = x[1u32] & 255u32
  x[2u32] = u32(n) & 255u32
  x[3u32] = u32(n << 24 >> 24) & 511u32
}
",
        );
    }

    #[test]
    fn what_is_compared_with_a_literal_needs_no_sign() {
        check(
            "\
global x: [u32]
kernel k(n: i32) {
  x[0u32] = u32(i32(x[1u32] % 16u32) == 0)
  x[1u32] = u32(u32(n) != 4294967295u32)
  x[2u32] = u32(i32(x[1u32]) < 3)
}
",
            "\
global x: [u32]

kernel k(n: i32) {
  x[0u32] = u32(x[1u32] % 16u32 == 0u32)
  x[1u32] = u32(n != -1)
  x[2u32] = u32(i32(x[1u32]) < 3)
}
",
        );
    }

    #[test]
    fn a_word_put_together_of_its_parts_is_itself() {
        check(
            "\
global x: [u32]
kernel k() {
  let w = x[1u32]
  x[0u32] = w & 65535u32 | (w >> 16u32 & 65535u32) << 16u32
  x[2u32] = w & 255u32 | (w >> 8u32 & 255u32) << 8u32 | w & 16711680u32 | w >> 24u32 << 24u32
  x[3u32] = w & 255u32 | (w >> 16u32 & 65535u32) << 16u32
  x[4u32] = w & 65535u32 | (w >> 8u32 & 65535u32) << 16u32
  x[5u32] = w & 65535u32 | (x[2u32] >> 16u32 & 65535u32) << 16u32
}
",
            "\
global x: [u32]

kernel k() {
  let w = x[1u32]
  x[0u32] = w
  x[2u32] = w
  x[3u32] = w & 255u32 | (w >> 16u32 & 65535u32) << 16u32
  x[4u32] = w & 65535u32 | (w >> 8u32 & 65535u32) << 16u32
  x[5u32] = w & 65535u32 | (x[2u32] >> 16u32 & 65535u32) << 16u32
}
",
        );
    }

    #[test]
    fn conversions_forth_and_back_vanish() {
        check(
            "\
global x: [f32]
kernel k() {
  var i: i32 = i32(threadIdx.x)
  i = i32(u32(i) + blockDim.x)
  let far = i32(u32(i) * 4u32 - threadIdx.x)
  let quotient = i32(u32(i) / 3u32)
  x[u32(i32(threadIdx.x))] = x[far + quotient]
}
",
            "\
global x: [f32]

kernel k() {
  var i: i32 = i32(threadIdx.x)
  i = i + i32(blockDim.x)
  let far = i32(u32(i) * 4u32 - threadIdx.x)
  let quotient = i32(u32(i) / 3u32)
  x[threadIdx.x] = x[far + quotient]
}
",
        );
    }
}
