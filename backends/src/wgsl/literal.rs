//! Literals, and which constant expressions must not be left to the target.

use ir::{BinaryOp, Expr, ExprId, Function, MathFn, Scalar, Tables, UnaryOp};
use std::cmp::Ordering;

/// Is this literal's text of abstract type?
pub(super) fn is_abstract(scalar: Scalar, bits: u64) -> bool {
    match scalar {
        Scalar::I32 | Scalar::U32 => true,
        Scalar::F32 => f32::from_bits(bits as u32).is_finite(),
        _ => false,
    }
}

/// A literal of finite value. 64-bit ones carry their suffix always, as naga wants.
pub(super) fn text(scalar: Scalar, bits: u64, suffixed: bool, hexadecimal: bool) -> String {
    let suffix = |letter: &'static str| if suffixed { letter } else { "" };
    match scalar {
        Scalar::Bool => (bits != 0).to_string(),
        Scalar::I8 | Scalar::I16 | Scalar::I32 => {
            let value = bits as u32 as i32;
            if hexadecimal && value >= 0 { format!("0x{value:x}") } else { value.to_string() }
        }
        Scalar::U8 | Scalar::U16 | Scalar::U32 if hexadecimal => format!("0x{:x}{}", bits as u32, suffix("u")),
        Scalar::U8 | Scalar::U16 | Scalar::U32 => format!("{}{}", bits as u32, suffix("u")),
        Scalar::I64 if bits == 1 << 63 => "(-9223372036854775807li - 1li)".to_string(),
        Scalar::I64 => format!("{}li", bits as i64),
        Scalar::U64 if hexadecimal => format!("0x{bits:x}lu"),
        Scalar::U64 => format!("{bits}lu"),
        Scalar::F16 => {
            let value = ir::float16::f16_to_f64(bits as u16);
            format!("{}h", float(value, &value.to_string()))
        }
        Scalar::F64 => {
            let value = f64::from_bits(bits);
            format!("{}lf", float(value, &value.to_string()))
        }
        Scalar::BF16 => text(Scalar::F32, bits << 16, suffixed, hexadecimal),
        Scalar::F32 => {
            let value = f32::from_bits(bits as u32);
            let exponent = value.abs();
            if exponent == f32::MAX {
                // The shortest text that reads back is a little more, and WGSL takes nothing beyond the greatest float.
                return format!("{:e}", f64::from(value));
            }
            if value != 0.0 && !(1e-5..1e16).contains(&exponent) {
                format!("{value:e}")
            } else {
                float(f64::from(value), &value.to_string())
            }
        }
    }
}

fn float(value: f64, shortest: &str) -> String {
    if value.fract() == 0.0 && !shortest.contains('.') { format!("{shortest}.0") } else { shortest.to_string() }
}

/// The value of a constant `i32`, `u32` or `f32` expression, with the IR's arithmetic, and of 64-bit constants.
pub(super) fn value(function: &Function, tables: &Tables, id: ExprId) -> Option<(Scalar, u64)> {
    match function.expr(id) {
        Expr::Const { scalar, bits } => Some((*scalar, *bits)),
        Expr::NamedConst(constant) => {
            let constant = &tables.constants[*constant];
            Some((constant.scalar, constant.bits))
        }
        Expr::Unary { op, value: operand } => {
            let (scalar, bits) = value(function, tables, *operand)?;
            let result = match (op, scalar) {
                (UnaryOp::Neg, Scalar::I32 | Scalar::U32) => u64::from((bits as u32).wrapping_neg()),
                (UnaryOp::BitNot, Scalar::I32 | Scalar::U32) => u64::from(!(bits as u32)),
                (UnaryOp::Neg, Scalar::F32) => bits ^ 0x8000_0000,
                (UnaryOp::Not, Scalar::Bool) => u64::from(bits == 0),
                _ => return None,
            };
            Some((scalar, result))
        }
        Expr::Binary { op, a, b } => {
            let (left, right) = (value(function, tables, *a)?, value(function, tables, *b)?);
            binary(*op, left, right)
        }
        Expr::Convert { value: operand, to } => convert(value(function, tables, *operand)?, *to),
        Expr::Bitcast { value: operand, to } => {
            let ((from, bits), to) = (value(function, tables, *operand)?, tables.types.as_scalar(*to)?);
            (from.bits() == to.bits()).then_some((to, bits))
        }
        Expr::Select { condition, accept, reject } => {
            let (_, chosen) = value(function, tables, *condition)?;
            value(function, tables, if chosen != 0 { *accept } else { *reject })
        }
        Expr::Math { function: math, args } => {
            let args: Option<Vec<(Scalar, u64)>> = args.iter().map(|arg| value(function, tables, *arg)).collect();
            fold_math(*math, &args?)
        }
        _ => None,
    }
}

/// Integer functions and the exact ones of `f32`. Their constant arguments would make a constant expression, in which WGSL allows no overflow.
fn fold_math(math: MathFn, args: &[(Scalar, u64)]) -> Option<(Scalar, u64)> {
    let &(scalar, first) = args.first()?;
    let second = args.get(1).map_or(0, |arg| arg.1);
    let (x, y) = (first as u32, second as u32);
    let count = |value: u32| Some((Scalar::I32, u64::from(value)));
    let same = |value: u32| Some((scalar, u64::from(value)));
    match (math, scalar) {
        (MathFn::Min, Scalar::I32) => same((x as i32).min(y as i32) as u32),
        (MathFn::Max, Scalar::I32) => same((x as i32).max(y as i32) as u32),
        (MathFn::Min, Scalar::U32) => same(x.min(y)),
        (MathFn::Max, Scalar::U32) => same(x.max(y)),
        (MathFn::Abs, Scalar::I32) => same((x as i32).wrapping_abs() as u32),
        (MathFn::PopCount, Scalar::I32 | Scalar::U32) => count(x.count_ones()),
        (MathFn::CountLeadingZeros, Scalar::I32 | Scalar::U32) => count(x.leading_zeros()),
        (MathFn::CountTrailingZeros, Scalar::I32 | Scalar::U32) => count(x.trailing_zeros()),
        (MathFn::ReverseBits, Scalar::I32 | Scalar::U32) => same(x.reverse_bits()),
        (MathFn::MulHigh, Scalar::U32) => same(((u64::from(x) * u64::from(y)) >> 32) as u32),
        (MathFn::MulHigh, Scalar::I32) => same(((i64::from(x as i32) * i64::from(y as i32)) >> 32) as u32),
        (MathFn::AddRn | MathFn::SubRn | MathFn::MulRn | MathFn::DivRn | MathFn::NativeDiv, Scalar::F32) => {
            let (x, y) = (f32::from_bits(x), f32::from_bits(y));
            let result = match math {
                MathFn::AddRn => x + y,
                MathFn::SubRn => x - y,
                MathFn::MulRn => x * y,
                _ => x / y,
            };
            same(result.to_bits())
        }
        (MathFn::NativeRcp, Scalar::F32) => same((1.0 / f32::from_bits(x)).to_bits()),
        (MathFn::Sqrt, Scalar::F32) => same(f32::from_bits(x).sqrt().to_bits()),
        (MathFn::Abs, Scalar::F32) => same(x & 0x7fff_ffff),
        (MathFn::Floor, Scalar::F32) => same(f32::from_bits(x).floor().to_bits()),
        (MathFn::Ceil, Scalar::F32) => same(f32::from_bits(x).ceil().to_bits()),
        (MathFn::Trunc, Scalar::F32) => same(f32::from_bits(x).trunc().to_bits()),
        (MathFn::RoundEven, Scalar::F32) => same(f32::from_bits(x).round_ties_even().to_bits()),
        _ => None,
    }
}

fn convert((from, bits): (Scalar, u64), to: Scalar) -> Option<(Scalar, u64)> {
    let int = |bits: u64| if from == Scalar::I32 { i64::from(bits as u32 as i32) } else { i64::from(bits as u32) };
    let bits = match (from, to) {
        // naga does not fold the cut to 32 bits.
        (Scalar::I32 | Scalar::U32 | Scalar::I64 | Scalar::U64, Scalar::I32 | Scalar::U32) => bits & 0xffff_ffff,
        (Scalar::Bool, to) if to.is_int() => bits,
        (Scalar::I32 | Scalar::U32, Scalar::F32) => u64::from((int(bits) as f32).to_bits()),
        (Scalar::I64, Scalar::F32) => u64::from((bits as i64 as f32).to_bits()),
        (Scalar::U64, Scalar::F32) => u64::from((bits as f32).to_bits()),
        (Scalar::F32, Scalar::I32) => u64::from(f32::from_bits(bits as u32) as i32 as u32),
        (Scalar::F32, Scalar::U32) => u64::from(f32::from_bits(bits as u32) as u32),
        (Scalar::I64 | Scalar::U64, Scalar::I64 | Scalar::U64) => bits,
        (Scalar::I32, Scalar::I64 | Scalar::U64) => i64::from(bits as u32 as i32) as u64,
        (Scalar::U32, Scalar::I64 | Scalar::U64) => bits & 0xffff_ffff,
        _ => return None,
    };
    Some((to, bits))
}

fn binary(op: BinaryOp, (scalar, a): (Scalar, u64), (right, b): (Scalar, u64)) -> Option<(Scalar, u64)> {
    if scalar != right && !op.is_shift() {
        return None;
    }
    if op.is_comparison() {
        return Some((Scalar::Bool, u64::from(compare(op, scalar, a, b)?)));
    }
    let bits = match scalar {
        Scalar::I32 => int_op(op, i64::from(a as u32 as i32), i64::from(b as u32 as i32), b)? as u32,
        Scalar::U32 => int_op(op, i64::from(a as u32), i64::from(b as u32), b)? as u32,
        Scalar::F32 => {
            let (x, y) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
            match op {
                BinaryOp::Add => x + y,
                BinaryOp::Sub => x - y,
                BinaryOp::Mul => x * y,
                BinaryOp::Div => x / y,
                _ => return None,
            }
            .to_bits()
        }
        _ => return None,
    };
    Some((scalar, u64::from(bits)))
}

fn compare(op: BinaryOp, scalar: Scalar, a: u64, b: u64) -> Option<bool> {
    let order = match scalar {
        Scalar::I32 => (a as i32).partial_cmp(&(b as i32)),
        Scalar::U32 => (a as u32).partial_cmp(&(b as u32)),
        Scalar::I64 => (a as i64).partial_cmp(&(b as i64)),
        Scalar::U64 => a.partial_cmp(&b),
        Scalar::F32 => f32::from_bits(a as u32).partial_cmp(&f32::from_bits(b as u32)),
        _ => return None,
    };
    Some(match op {
        BinaryOp::Eq => order == Some(Ordering::Equal),
        BinaryOp::Ne => order != Some(Ordering::Equal),
        BinaryOp::Lt => order == Some(Ordering::Less),
        BinaryOp::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        BinaryOp::Gt => order == Some(Ordering::Greater),
        BinaryOp::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        _ => return None,
    })
}

fn int_op(op: BinaryOp, a: i64, b: i64, raw: u64) -> Option<i64> {
    let amount = raw as u32;
    Some(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a.wrapping_mul(b),
        BinaryOp::Div => a.checked_div(b).unwrap_or(-1),
        BinaryOp::Rem => a.checked_rem(b).unwrap_or(a),
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::Shl if amount >= 32 => 0,
        BinaryOp::Shl => a << amount,
        BinaryOp::Shr => a >> amount.min(63),
        _ => return None,
    })
}

/// The value of a constant expression whose text the target would reject (a constant that overflows is an error in WGSL) or compute
/// otherwise (abstract types are wider than ours). `None` if the text may stay.
pub(super) fn fold_if_needed(function: &Function, tables: &Tables, id: ExprId) -> Option<(Scalar, u64)> {
    let (scalar, bits) = value(function, tables, id)?;
    if let Expr::Math { function: math, .. } = function.expr(id) {
        // WGSL's functions of literals are computed in wider types than ours; of integers only the magnitude overflows.
        let overflows = *math == MathFn::Abs && bits == 1 << 31;
        return (scalar == Scalar::F32 || overflows).then_some((scalar, bits));
    }
    if !matches!(function.expr(id), Expr::Unary { .. } | Expr::Binary { .. }) {
        return Some((scalar, bits));
    }
    match scalar {
        Scalar::F32 => Some((scalar, bits)),
        Scalar::I32 | Scalar::U32 => {
            let ideal = ideal(function, tables, id);
            let actual = if scalar == Scalar::I32 { i64::from(bits as u32 as i32) } else { i64::from(bits as u32) };
            (ideal != Some(actual)).then_some((scalar, bits))
        }
        _ => None,
    }
}

/// The same with WGSL's 64-bit abstract integers. `None` where WGSL would report an error or the operators differ.
fn ideal(function: &Function, tables: &Tables, id: ExprId) -> Option<i64> {
    let signed = |scalar: Scalar, bits: u64| match scalar {
        Scalar::I32 => Some(i64::from(bits as u32 as i32)),
        Scalar::U32 => Some(i64::from(bits as u32)),
        _ => None,
    };
    match function.expr(id) {
        Expr::Const { scalar, bits } => signed(*scalar, *bits),
        Expr::NamedConst(constant) => signed(tables.constants[*constant].scalar, tables.constants[*constant].bits),
        Expr::Unary { op: UnaryOp::Neg, value } => ideal(function, tables, *value)?.checked_neg(),
        Expr::Binary { op, a, b } => {
            let (a, b) = (ideal(function, tables, *a)?, ideal(function, tables, *b)?);
            let small = |value: i64| (i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(&value).then_some(value);
            match op {
                BinaryOp::Add => small(a.checked_add(b)?),
                BinaryOp::Sub => small(a.checked_sub(b)?),
                BinaryOp::Mul => small(a.checked_mul(b)?),
                BinaryOp::Div => a.checked_div(b),
                BinaryOp::Rem => a.checked_rem(b),
                BinaryOp::Shl if (0..31).contains(&b) => small(a.checked_shl(b as u32)?),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A constant shift amount as an unsigned number, the greatest one if it is greater; `None` if its text may stay.
pub(super) fn constant_amount(function: &Function, tables: &Tables, id: ExprId) -> Option<u32> {
    match value(function, tables, id)? {
        (Scalar::I32, bits) if (bits as u32 as i32) < 0 => Some(bits as u32),
        (Scalar::I64 | Scalar::U64, bits) => Some(u32::try_from(bits).unwrap_or(u32::MAX)),
        _ => None,
    }
}

/// Is this integer a constant zero, by which WGSL refuses to divide?
pub(super) fn is_zero(function: &Function, tables: &Tables, id: ExprId) -> bool {
    value(function, tables, id)
        .is_some_and(|(scalar, bits)| scalar.is_int() && (if scalar.size() == 8 { bits } else { bits & 0xffff_ffff }) == 0)
}

/// Is a shift's amount surely less than the width?
pub(super) fn shift_amount_fits(function: &Function, tables: &Tables, id: ExprId, width: u32) -> bool {
    most(function, tables, id).is_some_and(|most| most < u64::from(width))
}

/// An upper bound of an integer that is surely not negative: from constants, masks and remainders.
fn most(function: &Function, tables: &Tables, id: ExprId) -> Option<u64> {
    if let Some((scalar, bits)) = value(function, tables, id) {
        let (bits, negative) = match scalar {
            Scalar::I64 => (bits, (bits as i64) < 0),
            Scalar::U64 => (bits, false),
            _ => (bits & 0xffff_ffff, scalar == Scalar::I32 && (bits as u32 as i32) < 0),
        };
        return (scalar.is_int() && !negative).then_some(bits);
    }
    let scalar = tables.types.as_scalar(function.ty(id)).filter(|scalar| scalar.is_int())?;
    let limit = if scalar.is_signed() { (1 << (scalar.bits() - 1)) - 1 } else { u64::MAX >> (64 - scalar.bits()) };
    let bound = |id| most(function, tables, id);
    let constant = |id| value(function, tables, id).map(|(_, bits)| bits & 0xffff_ffff);
    let result = match *function.expr(id) {
        Expr::Convert { value, to } if to.is_int() => bound(value)?,
        Expr::Binary { op: BinaryOp::And, a, b } => match (bound(a), bound(b)) {
            (Some(a), Some(b)) => a.min(b),
            (one, other) => one.or(other)?,
        },
        Expr::Binary { op: BinaryOp::Rem, a, b } if !scalar.is_signed() || bound(a).is_some() => constant(b)?.checked_sub(1)?,
        Expr::Binary { op: BinaryOp::Add, a, b } => bound(a)?.checked_add(bound(b)?)?,
        Expr::Binary { op: BinaryOp::Mul, a, b } => bound(a)?.checked_mul(bound(b)?)?,
        Expr::Binary { op: BinaryOp::Shl, a, b } => bound(a)?.checked_mul(1u64.checked_shl(constant(b)? as u32)?)?,
        Expr::Binary { op: BinaryOp::Shr, a, b } => bound(a)?.checked_shr(constant(b)? as u32).unwrap_or(0),
        Expr::Binary { op: BinaryOp::Div, a, b } => bound(a)?.checked_div(constant(b)?)?,
        Expr::Select { accept, reject, .. } => bound(accept)?.max(bound(reject)?),
        Expr::Geometry(ir::Geometry::Lane) => 31,
        _ => return None,
    };
    (result <= limit).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_shortest_and_never_integers() {
        let f = |x: f32| text(Scalar::F32, u64::from(x.to_bits()), false, false);
        assert_eq!(f(-f32::MAX), "-3.4028234663852886e38");
        assert_eq!(f(2.0), "2.0");
        assert_eq!(f(0.1), "0.1");
        assert_eq!(f(-0.0), "-0.0");
        assert_eq!(f(1e-7), "1e-7");
        assert_eq!(f(3e20), "3e20");
        assert_eq!(f(16777216.0), "16777216.0");
    }
}
