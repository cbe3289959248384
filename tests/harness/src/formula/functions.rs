//! The functions a formula may call.

use crate::scalar::{Scalar, Value};

/// A row of the table: name, number of arguments, what it computes. `None` when the argument is outside the function's domain.
#[derive(Clone, Copy)]
pub struct Function {
    pub name: &'static str,
    pub arity: usize,
    pub compute: fn(&[Value]) -> Option<Value>,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

pub fn find(name: &str) -> Option<Function> {
    TABLE.iter().chain(CASTS).find(|function| function.name == name).copied()
}

pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().chain(CASTS).map(|function| function.name)
}

macro_rules! function {
    ($name:literal, $arity:literal, $compute:expr) => {
        Function { name: $name, arity: $arity, compute: $compute }
    };
}

/// Functions of doubles.
macro_rules! real {
    ($name:literal, $f:expr) => {
        function!($name, 1, |a| {
            let f: fn(f64) -> f64 = $f;
            Some(Value::Float(f(a[0].as_f64())))
        })
    };
    ($name:literal, $f:expr, 2) => {
        function!($name, 2, |a| {
            let f: fn(f64, f64) -> f64 = $f;
            Some(Value::Float(f(a[0].as_f64(), a[1].as_f64())))
        })
    };
}

const TABLE: &[Function] = &[
    function!("abs", 1, |a| Some(match a[0] {
        Value::Int(n) => Value::Int(n.wrapping_abs()),
        Value::Float(x) => Value::Float(x.abs()),
    })),
    function!("min", 2, |a| Some(pick(a[0], a[1], |x, y| x < y, |x, y| x < y))),
    function!("max", 2, |a| Some(pick(a[0], a[1], |x, y| x > y, |x, y| x > y))),
    function!("clamp", 3, |a| {
        let low = pick(a[0], a[1], |x, y| x > y, |x, y| x > y);
        Some(pick(low, a[2], |x, y| x < y, |x, y| x < y))
    }),
    function!("int", 1, |a| Some(Value::Int(a[0].as_int()))),
    function!("float", 1, |a| Some(Value::Float(a[0].as_f64()))),
    function!("isnan", 1, |a| Some(Value::Int(a[0].as_f64().is_nan().into()))),
    function!("bits", 1, |a| Some(Value::Int((a[0].as_f64() as f32).to_bits().into()))),
    function!("float_bits", 1, |a| Some(Value::Float(f32::from_bits(a[0].as_int() as u32).into()))),
    function!("popcount", 1, |a| Some(Value::Int((a[0].as_int() as u64).count_ones().into()))),
    function!("clz", 1, |a| Some(Value::Int((a[0].as_int() as u32).leading_zeros().into()))),
    function!("ctz", 1, |a| Some(Value::Int((a[0].as_int() as u32).trailing_zeros().into()))),
    function!("bitrev", 1, |a| Some(Value::Int((a[0].as_int() as u32).reverse_bits().into()))),
    real!("floor", f64::floor),
    real!("ceil", f64::ceil),
    real!("trunc", f64::trunc),
    real!("round", f64::round),
    real!("rint", f64::round_ties_even),
    real!("sqrt", f64::sqrt),
    real!("cbrt", f64::cbrt),
    real!("rsqrt", |x| 1.0 / x.sqrt()),
    real!("exp", f64::exp),
    real!("exp2", f64::exp2),
    real!("exp10", libm::exp10),
    real!("expm1", f64::exp_m1),
    real!("log", f64::ln),
    real!("log2", f64::log2),
    real!("log10", f64::log10),
    real!("log1p", f64::ln_1p),
    real!("sin", f64::sin),
    real!("cos", f64::cos),
    real!("tan", f64::tan),
    real!("asin", f64::asin),
    real!("acos", f64::acos),
    real!("atan", f64::atan),
    real!("sinh", f64::sinh),
    real!("cosh", f64::cosh),
    real!("tanh", f64::tanh),
    real!("asinh", f64::asinh),
    real!("acosh", f64::acosh),
    real!("atanh", f64::atanh),
    real!("erf", libm::erf),
    real!("erfc", libm::erfc),
    real!("tgamma", libm::tgamma),
    real!("lgamma", libm::lgamma),
    real!("pow", f64::powf, 2),
    real!("hypot", f64::hypot, 2),
    real!("atan2", f64::atan2, 2),
    real!("fmod", |x, y| x % y, 2),
    real!("copysign", f64::copysign, 2),
    function!("fma", 3, |a| Some(Value::Float(a[0].as_f64().mul_add(a[1].as_f64(), a[2].as_f64())))),
];

macro_rules! casts {
    ($($name:literal $scalar:ident,)*) => {
        &[$(function!($name, 1, |a| Some(Scalar::$scalar.cast(a[0]))),)*]
    };
}

const CASTS: &[Function] = casts! {
    "i8" I8, "u8" U8, "i16" I16, "u16" U16, "i32" I32, "u32" U32, "i64" I64, "u64" U64,
    "f16" F16, "bf16" Bf16, "f32" F32, "f64" F64,
};

/// `first` if it wins or the other is NaN; two whole numbers give a whole number.
fn pick(first: Value, second: Value, ints: fn(i128, i128) -> bool, floats: fn(f64, f64) -> bool) -> Value {
    match (first, second) {
        (Value::Int(x), Value::Int(y)) => Value::Int(if ints(x, y) { x } else { y }),
        (x, y) => {
            let (x, y) = (x.as_f64(), y.as_f64());
            Value::Float(if floats(x, y) || y.is_nan() { x } else { y })
        }
    }
}
