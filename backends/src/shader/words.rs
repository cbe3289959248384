//! Parts of words: where a byte, a halfword or a 32-bit scalar lies in the wider word that memory is made of, and how it is
//! taken out and put in.

use super::rewrite::Builder;
use ir::{BinaryOp, ExprId, Scalar, UnaryOp};
use source::Span;

/// The bit position in its `word` of a `scalar` at byte `byte` of memory; both are aligned to their size.
pub(super) fn bit_position(builder: &mut Builder<'_>, byte: ExprId, scalar: Scalar, word: Scalar, span: Span) -> ExprId {
    let inside = builder.with_constant(BinaryOp::And, byte, (word.size() - scalar.size()) as i64, span);
    builder.with_constant(BinaryOp::Shl, inside, 3, span)
}

/// The `scalar` at bit `shift` of a word's value.
pub(super) fn part_of_word(builder: &mut Builder<'_>, value: ExprId, shift: ExprId, scalar: Scalar, span: Span) -> ExprId {
    let bits = builder.binary(BinaryOp::Shr, value, shift, span);
    let bits = builder.convert(bits, Scalar::U32, span);
    if scalar.size() == 4 {
        return builder.reinterpret(bits, scalar, span);
    }
    let bits = builder.with_constant(BinaryOp::And, bits, mask(scalar), span);
    match scalar {
        Scalar::F16 | Scalar::BF16 => {
            let bits = builder.convert(bits, Scalar::U16, span);
            builder.reinterpret(bits, scalar, span)
        }
        _ => builder.convert(bits, scalar, span),
    }
}

/// The bits of a scalar of at most 32, in a `u32` whose upper bits are zero.
pub(super) fn bits_of(builder: &mut Builder<'_>, value: ExprId, scalar: Scalar, span: Span) -> ExprId {
    let unsigned = match scalar {
        Scalar::I8 => builder.convert(value, Scalar::U8, span),
        Scalar::I16 => builder.convert(value, Scalar::U16, span),
        Scalar::F16 | Scalar::BF16 => builder.reinterpret(value, Scalar::U16, span),
        Scalar::F32 => builder.reinterpret(value, Scalar::U32, span),
        _ => value,
    };
    builder.convert(unsigned, Scalar::U32, span)
}

/// All bits of a word but those of the `scalar` at bit `shift`.
pub(super) fn others_in_word(builder: &mut Builder<'_>, shift: ExprId, scalar: Scalar, word: Scalar, span: Span) -> ExprId {
    let mask = builder.constant(word, mask(scalar), span);
    let mask = builder.binary(BinaryOp::Shl, mask, shift, span);
    builder.add(ir::Expr::Unary { op: UnaryOp::BitNot, value: mask }, span)
}

/// `old` with its bits at `shift` replaced: `old & others | bits << shift`.
pub(super) fn with_part(
    builder: &mut Builder<'_>,
    old: ExprId,
    others: ExprId,
    bits: ExprId,
    shift: ExprId,
    word: Scalar,
    span: Span,
) -> ExprId {
    let kept = builder.binary(BinaryOp::And, old, others, span);
    let bits = builder.convert(bits, word, span);
    let shifted = builder.binary(BinaryOp::Shl, bits, shift, span);
    builder.binary(BinaryOp::Or, kept, shifted, span)
}

/// A `bool` takes a whole byte too.
fn mask(scalar: Scalar) -> i64 {
    (1i64 << (8 * scalar.size())) - 1
}
