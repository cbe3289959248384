//! Literals (C++ [lex.literal]): a type for each, and the name of the macro that stands for one.

use super::*;
use ast::{FloatSuffix, IntLength, Radix, TextPrefix};
use ir::{ExprId, Scalar};
use source::Code;

impl<'a> Sema<'a> {
    pub(super) fn lower_int(&mut self, literal: &ast::IntLit, span: Span) -> Result<Operand<'a>> {
        let Ok(bits) = u64::try_from(literal.value) else {
            return fail(Code::E0229, "the integer literal does not fit 64 bits", span);
        };
        let kind = int_literal_kind(literal, bits);
        let value = self.literal_value(kind.scalar(), bits, span);
        Ok(Operand::value(CType::int(kind), value, span))
    }

    /// A literal that a macro of its own stands for keeps the macro's name.
    fn literal_value(&mut self, scalar: Scalar, bits: u64, span: Span) -> ExprId {
        match self.macro_uses.get(&span).copied() {
            Some(name) => self.named_constant(name.as_str(), scalar, bits, span).0,
            None => self.constant(scalar, bits, span),
        }
    }

    pub(super) fn lower_float(&mut self, literal: &ast::FloatLit, span: Span) -> Result<Operand<'a>> {
        let digits = literal.digits.as_str();
        let is_float = literal.suffix == FloatSuffix::Float;
        let (ty, scalar, bits) = match (is_float, parse_float(digits, is_float)) {
            (_, None) => return fail(Code::E0237, "this floating literal has no value", span),
            (true, Some(value)) => (CType::FLOAT, Scalar::F32, u64::from((value as f32).to_bits())),
            (false, Some(value)) => (CType::DOUBLE, Scalar::F64, value.to_bits()),
        };
        match literal.suffix {
            FloatSuffix::Long => return fail(Code::E0229, "type `long double` is not available", span),
            FloatSuffix::Half => return fail(Code::E0229, "half literals are not available", span),
            FloatSuffix::None | FloatSuffix::Float => {}
        }
        let value = self.literal_value(scalar, bits, span);
        Ok(Operand::value(ty, value, span))
    }

    pub(super) fn lower_char(&mut self, literal: &ast::CharLit, span: Span) -> Result<Operand<'a>> {
        let kind = match literal.prefix {
            TextPrefix::None => IntKind::Char,
            TextPrefix::Utf8 => IntKind::Char8,
            TextPrefix::Wide => IntKind::Wchar,
            TextPrefix::Utf16 => IntKind::Char16,
            TextPrefix::Utf32 => IntKind::Char32,
        };
        let value = self.constant(kind.scalar(), u64::from(literal.value), span);
        Ok(Operand::value(CType::int(kind), value, span))
    }
}

/// The type of an integer literal ([lex.icon]).
fn int_literal_kind(literal: &ast::IntLit, bits: u64) -> IntKind {
    let decimal = literal.radix == Radix::Decimal;
    let candidates: &[IntKind] = match (literal.length, literal.unsigned) {
        (IntLength::Plain, false) => &[IntKind::Int, IntKind::UInt, IntKind::Long, IntKind::ULong],
        (IntLength::Plain, true) => &[IntKind::UInt, IntKind::ULong],
        (IntLength::Long | IntLength::Size, false) => &[IntKind::Long, IntKind::ULong],
        (IntLength::Long | IntLength::Size, true) => &[IntKind::ULong],
        (IntLength::LongLong, false) => &[IntKind::LongLong, IntKind::ULongLong],
        (IntLength::LongLong, true) => &[IntKind::ULongLong],
    };
    let fits = |kind: &IntKind| {
        let scalar = kind.scalar();
        let value_bits = scalar.bits() - u32::from(scalar.is_signed());
        (value_bits == 64 || bits >> value_bits == 0) && (scalar.is_signed() || !decimal || literal.unsigned)
    };
    candidates.iter().copied().find(|kind| fits(kind)).unwrap_or(IntKind::ULongLong)
}

pub(super) fn int_kind_for(value: i128) -> IntKind {
    if i32::try_from(value).is_ok() { IntKind::Int } else { IntKind::Long }
}

/// Decimal or hexadecimal digits. A `float` literal is rounded once, from the digits.
fn parse_float(digits: &str, is_float: bool) -> Option<f64> {
    let lower = digits.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        return parse_hex_float(hex);
    }
    if is_float { lower.parse::<f32>().ok().map(f64::from) } else { lower.parse::<f64>().ok() }
}

fn parse_hex_float(hex: &str) -> Option<f64> {
    let (mantissa, exponent) = hex.split_once('p')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0u128;
    let mut scale = 0i32;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value.checked_mul(16)?.checked_add(u128::from(digit.to_digit(16)?))?;
    }
    scale -= 4 * fraction.len() as i32;
    Some(value as f64 * 2f64.powi(exponent.checked_add(scale)?))
}
