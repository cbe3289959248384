//! The functions of [`ir::MathFn`]. Exact ones are exact; of the native ones any error is allowed, and here they are the host's
//! in `f64`, rounded once.

use super::{BF16, F16, Fn1, Fn2, Fn3, Number};
use ir::{MathFn, Scalar};

/// Functions of one operand. `None` where the type has no such function.
pub(in super::super) fn math1(function: MathFn, scalar: Scalar) -> Option<Fn1> {
    match scalar {
        Scalar::I32 => int1::<i32>(function),
        Scalar::U32 => int1::<u32>(function),
        Scalar::I64 => int1::<i64>(function),
        Scalar::U64 => int1::<u64>(function),
        Scalar::F16 | Scalar::BF16 | Scalar::F32 | Scalar::F64 => float1(function, scalar),
        _ => None,
    }
}

/// The bit operations of 32- and 64-bit integers.
trait Bits: Number {
    fn count_ones(self) -> u32;
    fn leading_zeros(self) -> u32;
    fn trailing_zeros(self) -> u32;
    fn reverse_bits(self) -> Self;
    fn magnitude(self) -> Self;
}

macro_rules! bits {
    ($($ty:ty, $abs:ident;)*) => {
        $(impl Bits for $ty {
            fn count_ones(self) -> u32 {
                <$ty>::count_ones(self)
            }
            fn leading_zeros(self) -> u32 {
                <$ty>::leading_zeros(self)
            }
            fn trailing_zeros(self) -> u32 {
                <$ty>::trailing_zeros(self)
            }
            fn reverse_bits(self) -> $ty {
                <$ty>::reverse_bits(self)
            }
            fn magnitude(self) -> $ty {
                self.$abs()
            }
        })*
    };
}

bits! {
    i32, wrapping_abs;
    i64, wrapping_abs;
    u32, to_owned;
    u64, to_owned;
}

fn int1<T: Bits>(function: MathFn) -> Option<Fn1> {
    Some(match function {
        MathFn::Abs => |a| T::decode(a).magnitude().encode(),
        MathFn::PopCount => |a| u64::from(T::decode(a).count_ones()),
        MathFn::CountLeadingZeros => |a| u64::from(T::decode(a).leading_zeros()),
        MathFn::CountTrailingZeros => |a| u64::from(T::decode(a).trailing_zeros()),
        MathFn::ReverseBits => |a| T::decode(a).reverse_bits().encode(),
        _ => return None,
    })
}

fn float1(function: MathFn, scalar: Scalar) -> Option<Fn1> {
    // A correctly rounded `f64` result keeps the 16-bit types and `f32` correctly rounded: it has over twice their bits.
    macro_rules! by_f64 {
        ($body:expr) => {
            match scalar {
                Scalar::F16 => |a| F16($body(F16::decode(a).0)).encode(),
                Scalar::BF16 => |a| BF16($body(BF16::decode(a).0)).encode(),
                Scalar::F32 => |a| (($body(f64::from(f32::decode(a)))) as f32).encode(),
                Scalar::F64 => |a| $body(f64::decode(a)).encode(),
                _ => return None,
            }
        };
    }
    Some(match function {
        MathFn::Abs => match scalar {
            Scalar::F16 | Scalar::BF16 => |a| a & 0x7fff,
            Scalar::F32 => |a| a & 0x7fff_ffff,
            _ => |a| a & (u64::MAX >> 1),
        },
        MathFn::Sqrt => by_f64!(f64::sqrt),
        MathFn::Floor => by_f64!(f64::floor),
        MathFn::Ceil => by_f64!(f64::ceil),
        MathFn::Trunc => by_f64!(f64::trunc),
        MathFn::RoundEven => by_f64!(f64::round_ties_even),
        MathFn::NativeExp => by_f64!(f64::exp),
        MathFn::NativeExp2 => by_f64!(f64::exp2),
        MathFn::NativeLog => by_f64!(f64::ln),
        MathFn::NativeLog2 => by_f64!(f64::log2),
        MathFn::NativeSin => by_f64!(f64::sin),
        MathFn::NativeCos => by_f64!(f64::cos),
        MathFn::NativeTan => by_f64!(f64::tan),
        MathFn::NativeTanh => by_f64!(f64::tanh),
        MathFn::NativeRcp => by_f64!(|x: f64| 1.0 / x),
        MathFn::NativeRsqrt => by_f64!(|x: f64| 1.0 / x.sqrt()),
        _ => return None,
    })
}

/// Functions of two operands.
pub(in super::super) fn math2(function: MathFn, scalar: Scalar) -> Option<Fn2> {
    macro_rules! int {
        ($ty:ty, $wide:ty) => {
            match function {
                MathFn::Min => |a, b| <$ty>::decode(a).min(<$ty>::decode(b)).encode(),
                MathFn::Max => |a, b| <$ty>::decode(a).max(<$ty>::decode(b)).encode(),
                MathFn::MulHigh => {
                    |a, b| ((<$ty>::decode(a) as $wide * <$ty>::decode(b) as $wide) >> <$ty>::BITS) as $ty as i64 as u64
                }
                _ => return None,
            }
        };
    }
    Some(match scalar {
        Scalar::I32 => int!(i32, i64),
        Scalar::U32 => int!(u32, u64),
        Scalar::I64 => int!(i64, i128),
        Scalar::U64 => int!(u64, u128),
        Scalar::F16 | Scalar::BF16 | Scalar::F32 | Scalar::F64 => return float2(function, scalar),
        _ => return None,
    })
}

fn float2(function: MathFn, scalar: Scalar) -> Option<Fn2> {
    macro_rules! by_f64 {
        ($body:expr) => {
            match scalar {
                Scalar::F16 => |a, b| F16($body(F16::decode(a).0, F16::decode(b).0)).encode(),
                Scalar::BF16 => |a, b| BF16($body(BF16::decode(a).0, BF16::decode(b).0)).encode(),
                Scalar::F32 => |a, b| ($body(f64::from(f32::decode(a)), f64::from(f32::decode(b))) as f32).encode(),
                Scalar::F64 => |a, b| $body(f64::decode(a), f64::decode(b)).encode(),
                _ => return None,
            }
        };
    }
    Some(match function {
        MathFn::Min => by_f64!(min),
        MathFn::Max => by_f64!(|a: f64, b: f64| -min(-a, -b)),
        MathFn::CopySign => match scalar {
            Scalar::F16 | Scalar::BF16 => |a, b| a & 0x7fff | b & 0x8000,
            Scalar::F32 => |a, b| a & 0x7fff_ffff | b & 0x8000_0000,
            _ => |a, b| a & (u64::MAX >> 1) | b & (1 << 63),
        },
        // One operation in `f64` and one rounding to less than half its bits is one correct rounding.
        MathFn::AddRn => by_f64!(|a: f64, b: f64| a + b),
        MathFn::SubRn => by_f64!(|a: f64, b: f64| a - b),
        MathFn::MulRn => by_f64!(|a: f64, b: f64| a * b),
        MathFn::DivRn | MathFn::NativeDiv => by_f64!(|a: f64, b: f64| a / b),
        MathFn::NativePow => by_f64!(pow),
        _ => return None,
    })
}

/// `__powf(x, y)` is `exp2(y * log2(x))`: NaN for a negative base.
fn pow(base: f64, exponent: f64) -> f64 {
    if base < 0.0 { f64::NAN } else { base.powf(exponent) }
}

/// The smaller one; the other one if one is NaN; -0 before +0.
fn min(a: f64, b: f64) -> f64 {
    let first = b.is_nan() || a < b || (a == b && a.is_sign_negative());
    if first && !a.is_nan() { a } else { b }
}

/// Functions of three operands.
pub(in super::super) fn math3(function: MathFn, scalar: Scalar) -> Option<Fn3> {
    if function != MathFn::Fma {
        return None;
    }
    Some(match scalar {
        Scalar::F16 => |a, b, c| F16(fma_to_odd(F16::decode(a).0, F16::decode(b).0, F16::decode(c).0)).encode(),
        Scalar::BF16 => |a, b, c| BF16(fma_to_odd(BF16::decode(a).0, BF16::decode(b).0, BF16::decode(c).0)).encode(),
        Scalar::F32 => |a, b, c| f32::decode(a).mul_add(f32::decode(b), f32::decode(c)).encode(),
        Scalar::F64 => |a, b, c| f64::decode(a).mul_add(f64::decode(b), f64::decode(c)).encode(),
        _ => return None,
    })
}

/// `a * b + c` of 16-bit floats in `f64`, rounded to odd. The product is exact; the sum may not be, and what it loses must
/// stay visible to the rounding that follows.
fn fma_to_odd(a: f64, b: f64, c: f64) -> f64 {
    let product = a * b;
    let sum = product + c;
    if !sum.is_finite() {
        return sum;
    }
    // Knuth's two-sum: the exact error of the addition.
    let part = sum - product;
    let error = (product - (sum - part)) + (c - part);
    if error == 0.0 || sum.to_bits() & 1 == 1 {
        return sum;
    }
    let away = (error > 0.0) == (sum > 0.0);
    f64::from_bits(if away { sum.to_bits() + 1 } else { sum.to_bits() - 1 })
}
