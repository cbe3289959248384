//! Fills memory from a few words: `iota f32 1000`, `random 0 9 u8 64 7`, `expr f32 100 sin(i)`.

use crate::formula::{Env, Formula, Machine};
use crate::layout::Layout;
use crate::scalar::{Scalar, Value, scalars_of};

/// More than this for one buffer is a slip of the pen.
pub const MAX_BYTES: usize = 256 << 20;

/// What is wrong, `at` bytes from the start of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeneratorError {
    #[error("there is no generator `{0}`; known are iota, fill, zeros, mod, random, list, expr")]
    Unknown(String),
    #[error("write `{0}`")]
    Usage(&'static str),
    #[error("there is no type `{0}`; known are i8 u8 i16 u16 i32 u32 i64 u64 f16 bf16 f32 f64 and CUDA's vector types")]
    Type(String),
    #[error("`{0}` is no number")]
    Number(String),
    #[error("a buffer has at least one byte and at most 256 MiB")]
    Size,
    #[error("a value with a fraction does not fit an integer type")]
    Fraction,
    #[error("{message}")]
    Formula { at: usize, message: String },
}

type Result<T> = std::result::Result<T, GeneratorError>;

/// A buffer of scalars as the words say. Formulas may use what `env` holds.
pub fn generate(text: &str, env: &Env) -> Result<(Layout, Vec<u8>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let rest = words.get(1..).unwrap_or_default();
    match *words.first().unwrap_or(&"") {
        "iota" => iota(rest),
        "fill" => match rest {
            [value, ty, count] => {
                let value = number(value)?;
                each(scalars(ty, count)?, |_| value)
            }
            _ => Err(GeneratorError::Usage("fill VALUE TYPE N")),
        },
        "zeros" => match rest {
            [ty, count] => each(scalars(ty, count)?, |_| Value::Int(0)),
            _ => Err(GeneratorError::Usage("zeros TYPE N")),
        },
        "mod" => match rest {
            [modulus, ty, count] => {
                let modulus = number(modulus)?.as_int().max(1);
                each(scalars(ty, count)?, |i| Value::Int(i as i128 % modulus))
            }
            _ => Err(GeneratorError::Usage("mod M TYPE N")),
        },
        "random" => random(rest),
        "list" => list(rest),
        "expr" => expression(text, rest, env),
        other => Err(GeneratorError::Unknown(other.to_string())),
    }
}

/// A number as TOML or C writes it.
pub fn number(text: &str) -> Result<Value> {
    let clean = text.replace('_', "");
    let value = match clean.strip_prefix("0x") {
        Some(hex) => i128::from_str_radix(hex, 16).ok().map(Value::Int),
        None => clean.parse().ok().map(Value::Int).or_else(|| clean.parse().ok().map(Value::Float)),
    };
    value.ok_or_else(|| GeneratorError::Number(text.to_string()))
}

/// The same for callers outside.
pub fn parse_number(text: &str) -> Option<Value> {
    number(text).ok()
}

/// Type and number of scalars.
fn scalars(ty: &str, count: &str) -> Result<(Scalar, usize)> {
    let (scalar, lanes) = scalars_of(ty).ok_or_else(|| GeneratorError::Type(ty.to_string()))?;
    let count: usize = count.replace('_', "").parse().map_err(|_| GeneratorError::Number(count.to_string()))?;
    let total = count.checked_mul(lanes).filter(|n| *n > 0 && n.saturating_mul(scalar.size()) <= MAX_BYTES);
    Ok((scalar, total.ok_or(GeneratorError::Size)?))
}

fn each((scalar, count): (Scalar, usize), value: impl Fn(usize) -> Value) -> Result<(Layout, Vec<u8>)> {
    let mut bytes = Vec::with_capacity(count * scalar.size());
    for i in 0..count {
        scalar.store(value(i), &mut bytes).ok_or(GeneratorError::Fraction)?;
    }
    Ok((Layout::plain(scalar), bytes))
}

fn iota(rest: &[&str]) -> Result<(Layout, Vec<u8>)> {
    let (ty, count, start, step) = match rest {
        [ty, count] => (ty, count, Value::Int(0), Value::Int(1)),
        [ty, count, start, step] => (ty, count, number(start)?, number(step)?),
        _ => return Err(GeneratorError::Usage("iota TYPE N [START STEP]")),
    };
    each(scalars(ty, count)?, |i| match (start, step) {
        (Value::Int(start), Value::Int(step)) => Value::Int(start.wrapping_add(step.wrapping_mul(i as i128))),
        _ => Value::Float(start.as_f64() + step.as_f64() * i as f64),
    })
}

fn random(rest: &[&str]) -> Result<(Layout, Vec<u8>)> {
    let (low, high, ty, count, seed) = match rest {
        [low, high, ty, count] => (number(low)?, number(high)?, ty, count, 1),
        [low, high, ty, count, seed] => (number(low)?, number(high)?, ty, count, number(seed)?.as_int() as u64),
        _ => return Err(GeneratorError::Usage("random LO HI TYPE N [SEED]")),
    };
    let (scalar, count) = scalars(ty, count)?;
    each((scalar, count), |i| {
        let bits = split_mix(seed, i as u64);
        if scalar.is_float() {
            let unit = (bits >> 11) as f64 / (1u64 << 53) as f64;
            Value::Float(low.as_f64() + (high.as_f64() - low.as_f64()) * unit)
        } else {
            let span = (high.as_int() - low.as_int()).max(0) + 1;
            Value::Int(low.as_int() + i128::from(bits) % span)
        }
    })
}

/// Number `i` of the SplitMix64 sequence of `seed`.
fn split_mix(seed: u64, i: u64) -> u64 {
    let mut z = seed.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add((i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn list(rest: &[&str]) -> Result<(Layout, Vec<u8>)> {
    let [ty, values @ ..] = rest else { return Err(GeneratorError::Usage("list TYPE v v v ...")) };
    let values = values.iter().map(|v| number(v)).collect::<Result<Vec<_>>>()?;
    let (scalar, lanes) = scalars_of(ty).ok_or_else(|| GeneratorError::Type(ty.to_string()))?;
    if values.is_empty() || values.len() % lanes != 0 {
        return Err(GeneratorError::Size);
    }
    each((scalar, values.len()), |i| values[i])
}

fn expression(text: &str, rest: &[&str], env: &Env) -> Result<(Layout, Vec<u8>)> {
    let [ty, count, formula, ..] = rest else { return Err(GeneratorError::Usage("expr TYPE N FORMULA")) };
    let (scalar, count) = scalars(ty, count)?;
    // The words are slices of the text, so the formula starts where its first word does.
    let at = formula.as_ptr() as usize - text.as_ptr() as usize;
    fill(&text[at..], &Layout::plain(scalar), "", count, &["i"], env, |i| vec![Value::Int(i as i128)]).map_err(|e| shifted(e, at))
}

pub fn shifted(error: GeneratorError, by: usize) -> GeneratorError {
    match error {
        GeneratorError::Formula { at, message } => GeneratorError::Formula { at: at + by, message },
        other => other,
    }
}

/// Evaluates a formula for the first `count` scalars of a field; returns a buffer where only they are set.
pub fn fill(
    formula: &str,
    layout: &Layout,
    field: &str,
    count: usize,
    parameters: &[&str],
    env: &Env,
    values: impl Fn(usize) -> Vec<Value>,
) -> Result<(Layout, Vec<u8>)> {
    let wrong = |e: crate::formula::FormulaError| GeneratorError::Formula { at: e.at, message: e.message };
    let parsed = Formula::parse(formula, parameters, env).map_err(wrong)?;
    let mut machine = Machine::new(env);
    let Some(field) = layout.field(field) else { return Err(GeneratorError::Type(field.to_string())) };
    let mut bytes = vec![0; count.div_ceil(field.count) * layout.stride];
    let mut scalar = Vec::with_capacity(8);
    for i in 0..count {
        let value = machine.run(&parsed, &values(i)).map_err(wrong)?;
        scalar.clear();
        field.scalar.store(value, &mut scalar).ok_or_else(|| GeneratorError::Formula {
            at: 0,
            message: format!("element {i} is {value}, which does not fit an integer type; int(...) drops the fraction"),
        })?;
        let at = layout.offset_of(field, i).unwrap_or(usize::MAX);
        bytes.get_mut(at..at.saturating_add(scalar.len())).ok_or(GeneratorError::Size)?.copy_from_slice(&scalar);
    }
    Ok((layout.clone(), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<f64> {
        let (layout, bytes) = generate(text, &Env::default()).unwrap_or_else(|e| panic!("{text}: {e}"));
        bytes.chunks(layout.stride).map(|at| layout.fields[0].scalar.load(at).as_f64()).collect()
    }

    #[test]
    fn words_make_memory() {
        assert_eq!(values("iota f32 4"), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(values("iota i16 3 10 -2"), [10.0, 8.0, 6.0]);
        assert_eq!(values("fill 1.5 f64 2"), [1.5, 1.5]);
        assert_eq!(values("zeros float4 1"), [0.0; 4]);
        assert_eq!(values("mod 3 u8 5"), [0.0, 1.0, 2.0, 0.0, 1.0]);
        assert_eq!(values("list i32 -1 0x10 1_000"), [-1.0, 16.0, 1000.0]);
        assert_eq!(values("expr f32 3 (i * 2) + 0.5"), [0.5, 2.5, 4.5]);
    }

    #[test]
    fn random_is_the_same_everywhere() {
        let first = values("random -5 5 i32 1000");
        assert_eq!(first, values("random -5 5 i32 1000 1"));
        assert_ne!(first, values("random -5 5 i32 1000 2"));
        assert!(first.iter().all(|v| (-5.0..=5.0).contains(v)) && first.contains(&-5.0) && first.contains(&5.0));
        assert!(values("random 0 1 f32 1000").iter().all(|v| (0.0..=1.0).contains(v)));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("", "no generator"),
            ("ramp f32 4", "no generator `ramp`"),
            ("iota f32", "iota TYPE N"),
            ("iota f33 4", "no type `f33`"),
            ("iota f32 four", "`four` is no number"),
            ("zeros f32 0", "at least one byte"),
            ("zeros f64 99999999999", "256 MiB"),
            ("fill 1.5 i32 4", "fraction"),
            ("expr f32 4 i +", "a value"),
            ("expr i32 4 i * 0.3", "does not fit"),
        ] {
            let error = generate(text, &Env::default()).expect_err(text).to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
