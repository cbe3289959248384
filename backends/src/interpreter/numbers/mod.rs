//! Arithmetic on bit patterns, exactly as the contract in [`ir::expr`] says.
//!
//! A value of any scalar type is kept in 64 bits in a *canonical* form: signed integers sign-extended, all others
//! zero-extended, `bool` as 0 or 1. Each function takes and gives canonical values. Operations are looked up once, when a
//! kernel is compiled, and called through a pointer.
//!
//! NaNs that an operation makes are NVIDIA's: `0x7fffffff`, `0xfff8000000000000`, and `0x7fff` in 16 bits.

mod convert;
mod math;

pub(super) use convert::convert;
pub(super) use math::{math1, math2, math3};

use ir::float16::{bf16_from_f64, bf16_to_f64, f16_from_f64, f16_to_f64};
use ir::{BinaryOp, Scalar, UnaryOp};

pub(super) type Fn1 = fn(u64) -> u64;
pub(super) type Fn2 = fn(u64, u64) -> u64;
pub(super) type Fn3 = fn(u64, u64, u64) -> u64;

/// The canonical form of the low bits of `bits`.
pub(super) fn canonical(scalar: Scalar, bits: u64) -> u64 {
    match scalar {
        Scalar::Bool => bits & 1,
        Scalar::I8 => bits as i8 as u64,
        Scalar::I16 => bits as i16 as u64,
        Scalar::I32 => bits as i32 as u64,
        Scalar::U8 => bits as u8 as u64,
        Scalar::U16 | Scalar::F16 | Scalar::BF16 => bits as u16 as u64,
        Scalar::U32 | Scalar::F32 => bits as u32 as u64,
        Scalar::I64 | Scalar::U64 | Scalar::F64 => bits,
    }
}

/// A scalar type with its canonical encoding.
trait Number: Copy {
    fn decode(bits: u64) -> Self;
    fn encode(self) -> u64;
}

macro_rules! integers {
    ($($ty:ty),*) => {
        $(impl Number for $ty {
            fn decode(bits: u64) -> $ty {
                bits as $ty
            }
            fn encode(self) -> u64 {
                self as i64 as u64
            }
        })*
    };
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Number for f32 {
    fn decode(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
    fn encode(self) -> u64 {
        if self.is_nan() { 0x7fff_ffff } else { u64::from(self.to_bits()) }
    }
}

impl Number for f64 {
    fn decode(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
    fn encode(self) -> u64 {
        if self.is_nan() { 0xfff8_0000_0000_0000 } else { self.to_bits() }
    }
}

/// IEEE binary16. What is computed in `f64` and then encoded is correctly rounded: see [`ir::float16`].
#[derive(Clone, Copy)]
struct F16(f64);

impl Number for F16 {
    fn decode(bits: u64) -> F16 {
        F16(f16_to_f64(bits as u16))
    }
    fn encode(self) -> u64 {
        u64::from(f16_from_f64(self.0))
    }
}

#[derive(Clone, Copy)]
struct BF16(f64);

impl Number for BF16 {
    fn decode(bits: u64) -> BF16 {
        BF16(bf16_to_f64(bits as u16))
    }
    fn encode(self) -> u64 {
        u64::from(bf16_from_f64(self.0))
    }
}

/// The commonest operators in place; [`binary`] has the same for all types.
#[inline]
pub(super) fn i32s(a: u64, b: u64, f: impl Fn(i32, i32) -> i32) -> u64 {
    f(i32::decode(a), i32::decode(b)).encode()
}

#[inline]
pub(super) fn u32s(a: u64, b: u64, f: impl Fn(u32, u32) -> u32) -> u64 {
    f(u32::decode(a), u32::decode(b)).encode()
}

#[inline]
pub(super) fn f32s(a: u64, b: u64, f: impl Fn(f32, f32) -> f32) -> u64 {
    f(f32::decode(a), f32::decode(b)).encode()
}

/// `-x`, `~x`, `!x`. `None` where the type has no such operation.
pub(super) fn unary(op: UnaryOp, scalar: Scalar) -> Option<Fn1> {
    macro_rules! int {
        ($ty:ty) => {
            match op {
                UnaryOp::Neg => |a| <$ty>::decode(a).wrapping_neg().encode(),
                UnaryOp::BitNot => |a| (!<$ty>::decode(a)).encode(),
                UnaryOp::Not => return None,
            }
        };
    }
    // The negation of a float flips its sign bit, of a NaN too.
    Some(match (scalar, op) {
        (Scalar::Bool, UnaryOp::Not) => |a| a ^ 1,
        (Scalar::F16 | Scalar::BF16, UnaryOp::Neg) => |a| a ^ 1 << 15,
        (Scalar::F32, UnaryOp::Neg) => |a| a ^ 1 << 31,
        (Scalar::F64, UnaryOp::Neg) => |a| a ^ 1 << 63,
        (Scalar::I8, _) => int!(i8),
        (Scalar::I16, _) => int!(i16),
        (Scalar::I32, _) => int!(i32),
        (Scalar::I64, _) => int!(i64),
        (Scalar::U8, _) => int!(u8),
        (Scalar::U16, _) => int!(u16),
        (Scalar::U32, _) => int!(u32),
        (Scalar::U64, _) => int!(u64),
        _ => return None,
    })
}

/// The binary operators. `None` where the type has no such operation.
pub(super) fn binary(op: BinaryOp, scalar: Scalar) -> Option<Fn2> {
    match scalar {
        Scalar::Bool => binary_bool(op),
        Scalar::F16 | Scalar::BF16 | Scalar::F32 | Scalar::F64 => binary_float(op, scalar),
        _ => binary_int(op, scalar),
    }
}

fn binary_bool(op: BinaryOp) -> Option<Fn2> {
    Some(match op {
        BinaryOp::And => |a, b| a & b,
        BinaryOp::Or => |a, b| a | b,
        BinaryOp::Xor | BinaryOp::Ne => |a, b| a ^ b,
        BinaryOp::Eq => |a, b| a ^ b ^ 1,
        _ => return None,
    })
}

fn binary_int(op: BinaryOp, scalar: Scalar) -> Option<Fn2> {
    macro_rules! int {
        ($ty:ty) => {
            match op {
                BinaryOp::Add => |a, b| <$ty>::decode(a).wrapping_add(<$ty>::decode(b)).encode(),
                BinaryOp::Sub => |a, b| <$ty>::decode(a).wrapping_sub(<$ty>::decode(b)).encode(),
                BinaryOp::Mul => |a, b| <$ty>::decode(a).wrapping_mul(<$ty>::decode(b)).encode(),
                // Division by zero gives all bits set, the remainder by zero the dividend.
                BinaryOp::Div => |a, b| match <$ty>::decode(b) {
                    0 => (!(0 as $ty)).encode(),
                    divisor => <$ty>::decode(a).wrapping_div(divisor).encode(),
                },
                BinaryOp::Rem => |a, b| match <$ty>::decode(b) {
                    0 => a,
                    divisor => <$ty>::decode(a).wrapping_rem(divisor).encode(),
                },
                BinaryOp::And => |a, b| a & b,
                BinaryOp::Or => |a, b| a | b,
                BinaryOp::Xor => |a, b| a ^ b,
                // A negative amount is a large one: canonical values are sign-extended.
                BinaryOp::Shl => |a, b| if b < u64::from(<$ty>::BITS) { (<$ty>::decode(a) << b).encode() } else { 0 },
                BinaryOp::Shr => |a, b| {
                    let last = u64::from(<$ty>::BITS) - 1;
                    if b > last { ((<$ty>::decode(a) >> last) >> 1).encode() } else { (<$ty>::decode(a) >> b).encode() }
                },
                BinaryOp::Eq => |a, b| u64::from(a == b),
                BinaryOp::Ne => |a, b| u64::from(a != b),
                BinaryOp::Lt => |a, b| u64::from(<$ty>::decode(a) < <$ty>::decode(b)),
                BinaryOp::Le => |a, b| u64::from(<$ty>::decode(a) <= <$ty>::decode(b)),
                BinaryOp::Gt => |a, b| u64::from(<$ty>::decode(a) > <$ty>::decode(b)),
                BinaryOp::Ge => |a, b| u64::from(<$ty>::decode(a) >= <$ty>::decode(b)),
            }
        };
    }
    Some(match scalar {
        Scalar::I8 => int!(i8),
        Scalar::I16 => int!(i16),
        Scalar::I32 => int!(i32),
        Scalar::I64 => int!(i64),
        Scalar::U8 => int!(u8),
        Scalar::U16 => int!(u16),
        Scalar::U32 => int!(u32),
        Scalar::U64 => int!(u64),
        Scalar::Bool | Scalar::F16 | Scalar::BF16 | Scalar::F32 | Scalar::F64 => return None,
    })
}

fn binary_float(op: BinaryOp, scalar: Scalar) -> Option<Fn2> {
    macro_rules! float {
        ($decode:expr, $encode:expr) => {
            match op {
                BinaryOp::Add => |a, b| $encode($decode(a) + $decode(b)).encode(),
                BinaryOp::Sub => |a, b| $encode($decode(a) - $decode(b)).encode(),
                BinaryOp::Mul => |a, b| $encode($decode(a) * $decode(b)).encode(),
                BinaryOp::Div => |a, b| $encode($decode(a) / $decode(b)).encode(),
                // C's `fmod`, which is exact.
                BinaryOp::Rem => |a, b| $encode($decode(a) % $decode(b)).encode(),
                BinaryOp::Eq => |a, b| u64::from($decode(a) == $decode(b)),
                BinaryOp::Ne => |a, b| u64::from($decode(a) != $decode(b)),
                BinaryOp::Lt => |a, b| u64::from($decode(a) < $decode(b)),
                BinaryOp::Le => |a, b| u64::from($decode(a) <= $decode(b)),
                BinaryOp::Gt => |a, b| u64::from($decode(a) > $decode(b)),
                BinaryOp::Ge => |a, b| u64::from($decode(a) >= $decode(b)),
                BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Shl | BinaryOp::Shr => return None,
            }
        };
    }
    Some(match scalar {
        Scalar::F16 => float!(|bits| F16::decode(bits).0, F16),
        Scalar::BF16 => float!(|bits| BF16::decode(bits).0, BF16),
        Scalar::F32 => float!(f32::decode, std::convert::identity::<f32>),
        Scalar::F64 => float!(f64::decode, std::convert::identity::<f64>),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
