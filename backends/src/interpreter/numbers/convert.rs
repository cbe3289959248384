//! Conversion between scalars by value.

use super::{BF16, F16, Fn1, Number};
use ir::Scalar;

/// Any number without loss: all integers fit `i128`, all floats `f64`.
#[derive(Clone, Copy)]
enum Wide {
    Int(i128),
    Float(f64),
}

trait Convert {
    fn widen(bits: u64) -> Wide;
    fn narrow(value: Wide) -> u64;
}

macro_rules! integers {
    ($($ty:ty),*) => {
        $(impl Convert for $ty {
            fn widen(bits: u64) -> Wide {
                Wide::Int(<$ty>::decode(bits) as i128)
            }
            // Integers wrap. Rust's `as` from a float is CUDA's: it truncates, saturates, and takes NaN to 0.
            fn narrow(value: Wide) -> u64 {
                match value {
                    Wide::Int(value) => (value as $ty).encode(),
                    Wide::Float(value) => (value as $ty).encode(),
                }
            }
        })*
    };
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Convert for bool {
    fn widen(bits: u64) -> Wide {
        Wide::Int(i128::from(bits & 1))
    }
    fn narrow(value: Wide) -> u64 {
        match value {
            Wide::Int(value) => u64::from(value != 0),
            Wide::Float(value) => u64::from(value != 0.0),
        }
    }
}

macro_rules! floats {
    ($($ty:ty),*) => {
        $(impl Convert for $ty {
            fn widen(bits: u64) -> Wide {
                Wide::Float(f64::from(<$ty>::decode(bits)))
            }
            fn narrow(value: Wide) -> u64 {
                match value {
                    Wide::Int(value) => (value as $ty).encode(),
                    Wide::Float(value) => (value as $ty).encode(),
                }
            }
        })*
    };
}

floats!(f32, f64);

macro_rules! small_floats {
    ($($ty:ident),*) => {
        $(impl Convert for $ty {
            fn widen(bits: u64) -> Wide {
                Wide::Float($ty::decode(bits).0)
            }
            fn narrow(value: Wide) -> u64 {
                match value {
                    Wide::Int(value) => $ty(to_odd(value)).encode(),
                    Wide::Float(value) => $ty(value).encode(),
                }
            }
        })*
    };
}

small_floats!(F16, BF16);

/// An integer as `f64`, rounded to odd: what is lost stays visible in the last bit, so that a second rounding to fewer
/// bits is right.
fn to_odd(value: i128) -> f64 {
    let magnitude = value.unsigned_abs();
    let lost = 128 - magnitude.leading_zeros().min(75) - 53;
    let kept = magnitude >> lost;
    let sticky = u128::from(kept << lost != magnitude);
    let result = ((kept | sticky) as f64) * ((1u128 << lost) as f64);
    if value < 0 { -result } else { result }
}

fn convert_as<From: Convert, To: Convert>(bits: u64) -> u64 {
    To::narrow(From::widen(bits))
}

/// The conversion of a canonical `from` to a canonical `to`.
pub(in super::super) fn convert(from: Scalar, to: Scalar) -> Fn1 {
    macro_rules! to {
        ($from:ty) => {
            match to {
                Scalar::Bool => convert_as::<$from, bool>,
                Scalar::I8 => convert_as::<$from, i8>,
                Scalar::I16 => convert_as::<$from, i16>,
                Scalar::I32 => convert_as::<$from, i32>,
                Scalar::I64 => convert_as::<$from, i64>,
                Scalar::U8 => convert_as::<$from, u8>,
                Scalar::U16 => convert_as::<$from, u16>,
                Scalar::U32 => convert_as::<$from, u32>,
                Scalar::U64 => convert_as::<$from, u64>,
                Scalar::F16 => convert_as::<$from, F16>,
                Scalar::BF16 => convert_as::<$from, BF16>,
                Scalar::F32 => convert_as::<$from, f32>,
                Scalar::F64 => convert_as::<$from, f64>,
            }
        };
    }
    match from {
        Scalar::Bool => to!(bool),
        Scalar::I8 => to!(i8),
        Scalar::I16 => to!(i16),
        Scalar::I32 => to!(i32),
        Scalar::I64 => to!(i64),
        Scalar::U8 => to!(u8),
        Scalar::U16 => to!(u16),
        Scalar::U32 => to!(u32),
        Scalar::U64 => to!(u64),
        Scalar::F16 => to!(F16),
        Scalar::BF16 => to!(BF16),
        Scalar::F32 => to!(f32),
        Scalar::F64 => to!(f64),
    }
}
