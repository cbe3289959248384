//! Conversions by value, and the same bits as another type.

use super::Rewriter;
use crate::common::effects::same;
use crate::shader::Refusal;
use ir::{Expr, ExprId, Scalar, Type, TypeId, UnaryOp};
use source::Span;

impl Rewriter<'_> {
    pub(super) fn convert(&mut self, value: ExprId, from: Scalar, to: Scalar, span: Span) -> Result<ExprId, Refusal> {
        match (self.types.is_wide(from), self.types.is_wide(to)) {
            (false, false) => Ok(self.builder().convert(value, to, span)),
            (true, true) if from == to => Ok(value),
            (true, _) => self.convert_from_words(value, from, to, span),
            (false, true) => self.convert_to_words(value, from, to, span),
        }
    }

    fn convert_from_words(&mut self, value: ExprId, from: Scalar, to: Scalar, span: Span) -> Result<ExprId, Refusal> {
        let signed = from.is_signed();
        if from == Scalar::F64 {
            return Ok(match to {
                Scalar::Bool => self.negated_call("f64IsZero", value, span),
                Scalar::I32 => self.call("f64ToI32", vec![value], span),
                Scalar::U32 => self.call("f64ToU32", vec![value], span),
                Scalar::F32 => self.call("f64ToF32", vec![value], span),
                Scalar::I64 | Scalar::U64 => {
                    let words = self.call(if to == Scalar::I64 { "f64ToI64" } else { "f64ToU64" }, vec![value], span);
                    self.as_integer(words, to, span)
                }
                // By way of float it would be rounded twice.
                _ => return Err(Refusal::ValueType { span, what: "double (converted to half)" }),
            });
        }
        Ok(match to {
            Scalar::Bool => self.negated_call("isZero64", value, span),
            Scalar::I64 | Scalar::U64 => value,
            Scalar::F64 => self.call(if signed { "i64ToF64" } else { "u64ToF64" }, vec![value], span),
            Scalar::F32 => self.call(if signed { "i64ToF32" } else { "u64ToF32" }, vec![value], span),
            // Whole numbers that half has are floats, and what float rounds is far beyond its range.
            Scalar::F16 => {
                let float = self.call(if signed { "i64ToF32" } else { "u64ToF32" }, vec![value], span);
                self.builder().convert(float, to, span)
            }
            _ => {
                let low = self.word(value, 0, span);
                self.builder().convert(low, to, span)
            }
        })
    }

    fn convert_to_words(&mut self, value: ExprId, from: Scalar, to: Scalar, span: Span) -> Result<ExprId, Refusal> {
        if let Expr::Const { scalar, bits } = *self.function.expr(value)
            && let Some(bits) = folded(scalar, bits, to)
        {
            return Ok(self.literal(bits, span));
        }
        let is_double = to == Scalar::F64;
        Ok(match from {
            Scalar::Bool if is_double => {
                let (one, zero) = (self.literal(1f64.to_bits(), span), self.literal(0, span));
                self.builder().add(Expr::Select { condition: value, accept: one, reject: zero }, span)
            }
            Scalar::Bool | Scalar::U32 if !is_double => {
                let low = self.builder().convert(value, Scalar::U32, span);
                let high = self.builder().constant(Scalar::U32, 0, span);
                self.pair(low, high, span)
            }
            Scalar::U32 => self.call("u32ToF64", vec![value], span),
            Scalar::I32 => self.call(if is_double { "i32ToF64" } else { "extend64" }, vec![value], span),
            // Another 64-bit type, that the target has.
            Scalar::I64 | Scalar::U64 => {
                let words = self.integer_words(value, span);
                self.call(if from == Scalar::I64 { "i64ToF64" } else { "u64ToF64" }, vec![words], span)
            }
            _ => {
                let float = self.builder().convert(value, Scalar::F32, span);
                let name = match to {
                    Scalar::F64 => "f32ToF64",
                    Scalar::I64 => "f32ToI64",
                    _ => "f32ToU64",
                };
                self.call(name, vec![float], span)
            }
        })
    }

    fn negated_call(&mut self, name: &str, value: ExprId, span: Span) -> ExprId {
        let value = self.call(name, vec![value], span);
        self.builder().add(Expr::Unary { op: UnaryOp::Not, value }, span)
    }

    /// Words as a 64-bit integer, if the target has them.
    fn as_integer(&mut self, words: ExprId, to: Scalar, span: Span) -> ExprId {
        if self.types.is_wide(to) {
            return words;
        }
        let joined = self.call("joinU64", vec![words], span);
        self.builder().convert(joined, to, span)
    }

    fn integer_words(&mut self, value: ExprId, span: Span) -> ExprId {
        let unsigned = self.builder().convert(value, Scalar::U64, span);
        self.call("splitU64", vec![unsigned], span)
    }

    /// The 32-bit words of a value that had type `from`, in the order of memory.
    pub(super) fn words_of(&mut self, value: ExprId, from: TypeId, span: Span) -> Result<Vec<ExprId>, Refusal> {
        match self.module.tables.types.get(from) {
            Type::Scalar(scalar) if scalar.size() == 8 => {
                let pair = if self.types.is_wide(scalar) { value } else { self.integer_words(value, span) };
                Ok(vec![self.word(pair, 0, span), self.word(pair, 1, span)])
            }
            Type::Vector { scalar, count } if matches!(scalar.size(), 4 | 8) => {
                let ty = self.module.tables.types.scalar(scalar);
                let mut words = Vec::new();
                for index in 0..u32::from(count) {
                    let part = self.word(value, index, span);
                    if scalar.size() == 8 {
                        words.extend(self.words_of(part, ty, span)?);
                    } else {
                        words.push(self.builder().reinterpret(part, Scalar::U32, span));
                    }
                }
                Ok(words)
            }
            _ => Err(Refusal::Access { span, why: "these bits cannot be read as that type" }),
        }
    }

    pub(super) fn value_of_words(&mut self, words: Vec<ExprId>, to: TypeId, span: Span) -> Result<ExprId, Refusal> {
        match self.module.tables.types.get(to) {
            Type::Scalar(scalar) if scalar.size() == 8 && words.len() == 2 => {
                let pair = self.joined(words[0], words[1], span);
                Ok(if self.types.is_wide(scalar) { pair } else { self.as_integer(pair, scalar, span) })
            }
            Type::Vector { scalar, count } if scalar.size() * u64::from(count) == 4 * words.len() as u64 => {
                let (part_ty, ty) = (self.module.tables.types.scalar(scalar), self.new_type(to));
                let mut parts = Vec::new();
                for part in words.chunks(scalar.size() as usize / 4) {
                    parts.push(match part {
                        [word] => self.builder().reinterpret(*word, scalar, span),
                        pair => self.value_of_words(pair.to_vec(), part_ty, span)?,
                    });
                }
                Ok(self.builder().add(Expr::Construct { ty, parts }, span))
            }
            _ => Err(Refusal::Access { span, why: "these bits cannot be read as that type" }),
        }
    }

    /// A pair from two words; the pair they were taken from, if it is one.
    pub(super) fn joined(&mut self, low: ExprId, high: ExprId, span: Span) -> ExprId {
        if let (Expr::Extract { value: a, index: 0 }, Expr::Extract { value: b, index: 1 }) =
            (self.function.expr(low), self.function.expr(high))
            && same(self.function, *a, *b)
            && matches!(self.module.tables.types.get(self.function.ty(*a)), Type::Vector { scalar: Scalar::U32, count: 2 })
        {
            return *a;
        }
        self.pair(low, high, span)
    }
}

/// The bits of a constant as `to`, where that is exact.
fn folded(from: Scalar, bits: u64, to: Scalar) -> Option<u64> {
    let value = match from {
        Scalar::I32 => f64::from(bits as u32 as i32),
        Scalar::U32 => f64::from(bits as u32),
        Scalar::F32 if !f32::from_bits(bits as u32).is_nan() => f64::from(f32::from_bits(bits as u32)),
        _ => return None,
    };
    match to {
        Scalar::F64 => Some(value.to_bits()),
        _ if from == Scalar::F32 => None,
        _ if from == Scalar::I32 => Some(i64::from(bits as u32 as i32) as u64),
        _ => Some(u64::from(bits as u32)),
    }
}
