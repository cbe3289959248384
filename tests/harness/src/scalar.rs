//! Scalar types as memory holds them, and the numbers that formulas compute with.

use half::{bf16, f16};

/// A scalar type of fixed size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F16,
    Bf16,
    F32,
    F64,
}

/// A number in a formula: integers do not lose bits, floats are doubles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Int(i128),
    Float(f64),
}

impl Value {
    pub fn as_f64(self) -> f64 {
        match self {
            Value::Int(n) => n as f64,
            Value::Float(x) => x,
        }
    }

    /// Rounds towards zero, as C does.
    pub fn as_int(self) -> i128 {
        match self {
            Value::Int(n) => n,
            Value::Float(x) => x as i128,
        }
    }

    pub fn is_true(self) -> bool {
        match self {
            Value::Int(n) => n != 0,
            Value::Float(x) => x != 0.0,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Int(n) => write!(f, "{n}"),
            Value::Float(x) => write!(f, "{x:?}"),
        }
    }
}

use Scalar::*;

const NAMES: [(&str, Scalar); 12] = [
    ("i8", I8),
    ("u8", U8),
    ("i16", I16),
    ("u16", U16),
    ("i32", I32),
    ("u32", U32),
    ("i64", I64),
    ("u64", U64),
    ("f16", F16),
    ("bf16", Bf16),
    ("f32", F32),
    ("f64", F64),
];

impl Scalar {
    pub fn from_name(name: &str) -> Option<Scalar> {
        NAMES.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    pub fn name(self) -> &'static str {
        NAMES.iter().find(|row| row.1 == self).map_or("?", |row| row.0)
    }

    pub fn size(self) -> usize {
        match self {
            I8 | U8 => 1,
            I16 | U16 | F16 | Bf16 => 2,
            I32 | U32 | F32 => 4,
            I64 | U64 | F64 => 8,
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, F16 | Bf16 | F32 | F64)
    }

    /// Reads a value from the first bytes of `bytes`, which must be long enough.
    pub fn load(self, bytes: &[u8]) -> Value {
        let mut word = [0u8; 8];
        word[..self.size()].copy_from_slice(&bytes[..self.size()]);
        let bits = u64::from_le_bytes(word);
        match self {
            I8 => Value::Int(i128::from(bits as i8)),
            U8 | U16 | U32 | U64 => Value::Int(i128::from(bits)),
            I16 => Value::Int(i128::from(bits as i16)),
            I32 => Value::Int(i128::from(bits as i32)),
            I64 => Value::Int(i128::from(bits as i64)),
            F16 => Value::Float(f16::from_bits(bits as u16).to_f64()),
            Bf16 => Value::Float(bf16::from_bits(bits as u16).to_f64()),
            F32 => Value::Float(f64::from(f32::from_bits(bits as u32))),
            F64 => Value::Float(f64::from_bits(bits)),
        }
    }

    /// Appends `value` in this type: floats are rounded, integers keep their low bits.
    /// `None` when a value with a fraction, or none at all, is meant for an integer.
    pub fn store(self, value: Value, out: &mut Vec<u8>) -> Option<()> {
        let bits = match self {
            F16 => u64::from(f16::from_f64(value.as_f64()).to_bits()),
            Bf16 => u64::from(bf16::from_f64(value.as_f64()).to_bits()),
            F32 => u64::from((value.as_f64() as f32).to_bits()),
            F64 => value.as_f64().to_bits(),
            _ => match value {
                Value::Int(n) => n as u64,
                Value::Float(x) if x.fract() == 0.0 => x as i128 as u64,
                Value::Float(_) => return None,
            },
        };
        out.extend_from_slice(&bits.to_le_bytes()[..self.size()]);
        Some(())
    }

    /// The conversion that C calls a cast; integers saturate when they come from a float, as CUDA's do.
    pub fn cast(self, value: Value) -> Value {
        match (self, value) {
            (F16, v) => Value::Float(f16::from_f64(v.as_f64()).to_f64()),
            (Bf16, v) => Value::Float(bf16::from_f64(v.as_f64()).to_f64()),
            (F32, v) => Value::Float(f64::from(v.as_f64() as f32)),
            (F64, v) => Value::Float(v.as_f64()),
            (I8, Value::Int(n)) => Value::Int(i128::from(n as i8)),
            (U8, Value::Int(n)) => Value::Int(i128::from(n as u8)),
            (I16, Value::Int(n)) => Value::Int(i128::from(n as i16)),
            (U16, Value::Int(n)) => Value::Int(i128::from(n as u16)),
            (I32, Value::Int(n)) => Value::Int(i128::from(n as i32)),
            (U32, Value::Int(n)) => Value::Int(i128::from(n as u32)),
            (I64, Value::Int(n)) => Value::Int(i128::from(n as i64)),
            (U64, Value::Int(n)) => Value::Int(i128::from(n as u64)),
            (I8, Value::Float(x)) => Value::Int(i128::from(x as i8)),
            (U8, Value::Float(x)) => Value::Int(i128::from(x as u8)),
            (I16, Value::Float(x)) => Value::Int(i128::from(x as i16)),
            (U16, Value::Float(x)) => Value::Int(i128::from(x as u16)),
            (I32, Value::Float(x)) => Value::Int(i128::from(x as i32)),
            (U32, Value::Float(x)) => Value::Int(i128::from(x as u32)),
            (I64, Value::Float(x)) => Value::Int(i128::from(x as i64)),
            (U64, Value::Float(x)) => Value::Int(i128::from(x as u64)),
        }
    }
}

/// `float4` is four `f32` side by side, `f32[3]` three, `u8` one.
pub fn scalars_of(name: &str) -> Option<(Scalar, usize)> {
    if let Some((element, count)) = name.strip_suffix(']').and_then(|head| head.split_once('[')) {
        let (scalar, lanes) = scalars_of(element)?;
        return Some((scalar, lanes.checked_mul(count.trim().parse().ok()?)?));
    }
    if let Some(scalar) = Scalar::from_name(name) {
        return Some((scalar, 1));
    }
    let lanes = name.chars().last()?.to_digit(10).filter(|n| (1..=4).contains(n))? as usize;
    let scalar = match &name[..name.len() - 1] {
        "char" => I8,
        "uchar" => U8,
        "short" => I16,
        "ushort" => U16,
        "int" => I32,
        "uint" => U32,
        "long" | "longlong" => I64,
        "ulong" | "ulonglong" => U64,
        "float" => F32,
        "double" => F64,
        "half" => F16,
        _ => return None,
    };
    Some((scalar, lanes))
}

/// Alignment that CUDA gives a vector type; arrays and scalars have their element's.
pub fn alignment_of(name: &str) -> Option<usize> {
    let (element, is_array) = name.split_once('[').map_or((name, false), |(head, _)| (head, true));
    let (scalar, lanes) = scalars_of(if is_array { element } else { name })?;
    if Scalar::from_name(element).is_some() {
        return Some(scalar.size());
    }
    // The guide's table of vector types: two and four lanes are aligned as a whole, up to 16 bytes.
    Some(match lanes {
        2 | 4 => (scalar.size() * lanes).min(16),
        _ => scalar.size(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vector_types_have_their_lanes_and_alignment() {
        assert_eq!(scalars_of("float3"), Some((F32, 3)));
        assert_eq!(alignment_of("float3"), Some(4));
        assert_eq!(alignment_of("float4"), Some(16));
        assert_eq!(alignment_of("double4"), Some(16));
        assert_eq!(alignment_of("uchar4"), Some(4));
        assert_eq!(scalars_of("u8[16]"), Some((U8, 16)));
        assert_eq!(alignment_of("u8[16]"), Some(1));
        assert_eq!(scalars_of("float4[2]"), Some((F32, 8)));
        assert_eq!(alignment_of("float4[2]"), Some(16));
        assert_eq!(scalars_of("float5"), None);
        assert_eq!(scalars_of("é4"), None);
    }

    #[test]
    fn integers_keep_their_low_bits_and_refuse_fractions() {
        let mut out = Vec::new();
        assert!(U8.store(Value::Int(-1), &mut out).is_some());
        assert!(I16.store(Value::Float(2.5), &mut out).is_none());
        assert!(I32.store(Value::Float(f64::NAN), &mut out).is_none());
        assert_eq!(out, [255]);
    }
}
