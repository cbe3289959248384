//! Expressions on words: which function of the library an operation is.

use super::Rewriter;
use crate::shader::Refusal;
use ir::{BinaryOp, Expr, ExprId, MathFn, Scalar, Type, TypeId, UnaryOp};
use source::Span;

impl Rewriter<'_> {
    pub(super) fn value(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        if let Some(new) = self.done[id.index()] {
            return Ok(new);
        }
        let new = self.rebuilt(id)?;
        self.done[id.index()] = Some(new);
        Ok(new)
    }

    fn rebuilt(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.function.exprs.span(id);
        if let Some((low, high)) = self.halves(id) {
            let (low, high) = (self.value(low)?, self.value(high)?);
            return Ok(self.joined(low, high, span));
        }
        if let Some((wide, by)) = self.upper_word(id) {
            let wide = self.value(wide)?;
            let word = self.word(wide, 1, span);
            return Ok(self.builder().with_constant(BinaryOp::Shr, word, by, span));
        }
        let mut expr = self.function.expr(id).clone();
        let mut values = Vec::new();
        expr.operands(|operand| values.push(operand));
        let mut is_same = true;
        for value in &mut values {
            let new = self.value(*value)?;
            is_same &= new == *value;
            *value = new;
        }
        if is_same && self.stays(id, &expr) {
            return Ok(id);
        }
        match expr {
            Expr::Const { scalar, bits } if self.types.is_wide(scalar) => return Ok(self.literal(bits, span)),
            Expr::NamedConst(constant) if self.types.is_wide(self.module.tables.constants[constant].scalar) => {
                let bits = self.module.tables.constants[constant].bits;
                return Ok(self.literal(bits, span));
            }
            Expr::Unary { op, value } => {
                if let Some(scalar) = self.scalar(value).filter(|&scalar| self.types.is_wide(scalar)) {
                    let name = match (op, scalar) {
                        (UnaryOp::Neg, Scalar::F64) => "f64Neg",
                        (UnaryOp::Neg, _) => "neg64",
                        _ => "not64",
                    };
                    return Ok(self.call(name, values, span));
                }
            }
            Expr::Binary { op, a, b } => return Ok(self.binary(op, (a, b), (values[0], values[1]), span)),
            Expr::Convert { value, to } => {
                if let Some(from) = self.scalar(value) {
                    return self.convert(values[0], from, to, span);
                }
            }
            Expr::Bitcast { value, to } => return self.bitcast(values[0], self.function.ty(value), to, span),
            Expr::Math { function, ref args } => {
                let scalar = self.scalar(args[0]);
                if let Some(scalar) = scalar.filter(|&scalar| self.types.is_wide(scalar)) {
                    return self.math(function, scalar, values, span);
                }
                if function == MathFn::Fma && scalar == Some(Scalar::F64) && !self.types.fma_is_fused {
                    let words = values.into_iter().map(|value| self.call("splitF64", vec![value], span)).collect();
                    let result = self.call("f64Fma", words, span);
                    return Ok(self.call("joinF64", vec![result], span));
                }
            }
            // A component of a vector in memory is an element of an array.
            Expr::Field { base, index } if self.is_array_of_pairs(base) => {
                let index = self.builder().constant(Scalar::U32, index.into(), span);
                return Ok(self.builder().element(values[0], index, span));
            }
            Expr::Extract { index, .. } => {
                if let Expr::Construct { parts, .. } = self.function.expr(values[0]) {
                    return Ok(parts[index as usize]);
                }
            }
            Expr::Zero(ref mut ty)
            | Expr::Undef(ref mut ty)
            | Expr::Construct { ref mut ty, .. }
            | Expr::Call { ref mut ty, .. } => *ty = self.new_type(*ty),
            _ => {}
        }
        let mut values = values.into_iter();
        expr.operands_mut(|operand| *operand = values.next().unwrap_or(*operand));
        Ok(self.builder().add(expr, span))
    }

    /// Is the expression the same over the operands that it has?
    fn stays(&mut self, id: ExprId, expr: &Expr) -> bool {
        let ty = self.function.ty(id);
        let is_written_anew = match *expr {
            Expr::Binary { op, .. } => op.is_shift(),
            Expr::Convert { value, to } => {
                self.scalar(value) == Some(to) || matches!(self.function.expr(value), Expr::Const { .. })
            }
            Expr::Extract { value, .. } => matches!(self.function.expr(value), Expr::Construct { .. }),
            Expr::Math { function: MathFn::Fma, .. } => !self.types.fma_is_fused,
            _ => false,
        };
        !is_written_anew && self.new_type(ty) == ty
    }

    /// A value put together from two `u32`, as the passes before write it.
    fn halves(&mut self, id: ExprId) -> Option<(ExprId, ExprId)> {
        self.scalar(id).filter(|&scalar| self.types.is_wide(scalar))?;
        crate::shader::narrow::words(&self.builder(), id)
    }

    /// `u32(wide >> by)` for a constant from 32 to 63: the value, and what is left to shift its upper word by.
    fn upper_word(&mut self, id: ExprId) -> Option<(ExprId, i64)> {
        let Expr::Convert { value, to } = *self.function.expr(id) else { return None };
        let Expr::Binary { op: BinaryOp::Shr, a, b } = *self.function.expr(value) else { return None };
        let by = self.builder().const_value(b).filter(|by| (32..64).contains(by))?;
        let fits = to == Scalar::U32 && self.scalar(a) == Some(Scalar::U64) && self.types.is_wide(Scalar::U64);
        // The word of a signed one is the same where nothing is shifted in.
        let whole = to == Scalar::U32 && by == 32 && self.scalar(a) == Some(Scalar::I64) && self.types.is_wide(Scalar::I64);
        (fits || whole).then_some((a, by - 32))
    }

    fn is_array_of_pairs(&self, base: ExprId) -> bool {
        let types = &self.module.tables.types;
        let pointee = types.as_pointer(self.function.ty(base)).map(|(pointee, _)| types.get(pointee));
        matches!(pointee, Some(Type::Vector { scalar, .. }) if self.types.is_wide(scalar))
    }

    fn binary(&mut self, op: BinaryOp, old: (ExprId, ExprId), (a, b): (ExprId, ExprId), span: Span) -> ExprId {
        let scalar = self.scalar(old.0).filter(|&scalar| self.types.is_wide(scalar));
        if op.is_shift() {
            let amount = self.shift_amount(old.1, b, span);
            let name = match (op, scalar) {
                (_, None) => return self.builder().add(Expr::Binary { op, a, b: amount }, span),
                (BinaryOp::Shl, _) => "shl64",
                (_, Some(Scalar::I64)) => "shrI64",
                _ => "shrU64",
            };
            return self.call(name, vec![a, amount], span);
        }
        let Some(scalar) = scalar else { return self.builder().add(Expr::Binary { op, a, b }, span) };
        match scalar {
            Scalar::F64 => self.binary_f64(op, a, b, span),
            _ => self.binary_int(op, scalar == Scalar::I64, old.1, (a, b), span),
        }
    }

    /// As `u32`: the amount is read as unsigned, and all amounts beyond the width do the same.
    fn shift_amount(&mut self, old: ExprId, amount: ExprId, span: Span) -> ExprId {
        if let Some(by) = self.builder().const_value(old) {
            return self.builder().constant(Scalar::U32, (by as u64).min(64) as i64, span);
        }
        match self.scalar(old) {
            Some(scalar) if self.types.is_wide(scalar) => self.call("shiftAmount64", vec![amount], span),
            _ => self.builder().convert(amount, Scalar::U32, span),
        }
    }

    fn binary_int(&mut self, op: BinaryOp, signed: bool, old_b: ExprId, (a, b): (ExprId, ExprId), span: Span) -> ExprId {
        let by_sign = |unsigned, with_sign| if signed { with_sign } else { unsigned };
        let less = by_sign("ltU64", "ltI64");
        let name = match op {
            BinaryOp::Add => "add64",
            BinaryOp::Sub => "sub64",
            BinaryOp::Mul => "mul64",
            BinaryOp::Div => by_sign("divU64", "divI64"),
            BinaryOp::Rem => by_sign("remU64", "remI64"),
            BinaryOp::And => "and64",
            BinaryOp::Or => "or64",
            BinaryOp::Xor => "xor64",
            BinaryOp::Lt => less,
            BinaryOp::Gt => return self.call(less, vec![b, a], span),
            BinaryOp::Le => return self.negated(less, vec![b, a], span),
            BinaryOp::Ge => return self.negated(less, vec![a, b], span),
            BinaryOp::Eq | BinaryOp::Ne => {
                let is_zero = self.builder().const_value(old_b) == Some(0);
                let (name, args) = if is_zero { ("isZero64", vec![a]) } else { ("eq64", vec![a, b]) };
                return if op == BinaryOp::Eq { self.call(name, args, span) } else { self.negated(name, args, span) };
            }
            BinaryOp::Shl | BinaryOp::Shr => unreachable!("shifts are apart"),
        };
        self.call(name, vec![a, b], span)
    }

    fn binary_f64(&mut self, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> ExprId {
        let name = match op {
            BinaryOp::Add => "f64Add",
            BinaryOp::Sub => "f64Sub",
            BinaryOp::Mul => "f64Mul",
            BinaryOp::Div => "f64Div",
            BinaryOp::Eq => "f64Eq",
            BinaryOp::Ne => return self.negated("f64Eq", vec![a, b], span),
            BinaryOp::Lt => "f64Lt",
            BinaryOp::Le => "f64Le",
            BinaryOp::Gt => return self.call("f64Lt", vec![b, a], span),
            BinaryOp::Ge => return self.call("f64Le", vec![b, a], span),
            BinaryOp::Rem | BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Shl | BinaryOp::Shr => {
                unreachable!("no operation of floats")
            }
        };
        self.call(name, vec![a, b], span)
    }

    fn negated(&mut self, name: &str, args: Vec<ExprId>, span: Span) -> ExprId {
        let value = self.call(name, args, span);
        self.builder().add(Expr::Unary { op: UnaryOp::Not, value }, span)
    }

    fn math(&mut self, function: MathFn, scalar: Scalar, mut args: Vec<ExprId>, span: Span) -> Result<ExprId, Refusal> {
        const ONE: u64 = 0x3ff0_0000_0000_0000;
        let signed = scalar == Scalar::I64;
        let name = match (function, scalar) {
            (MathFn::Sqrt, Scalar::F64) => "f64Sqrt",
            (MathFn::Abs, Scalar::F64) => "f64Abs",
            (MathFn::Floor, Scalar::F64) => "f64Floor",
            (MathFn::Ceil, Scalar::F64) => "f64Ceil",
            (MathFn::Trunc, Scalar::F64) => "f64Trunc",
            (MathFn::RoundEven, Scalar::F64) => "f64RoundEven",
            (MathFn::Fma, Scalar::F64) => "f64Fma",
            (MathFn::Min, Scalar::F64) => "f64Min",
            (MathFn::Max, Scalar::F64) => "f64Max",
            (MathFn::CopySign, Scalar::F64) => "f64CopySign",
            (MathFn::AddRn, Scalar::F64) => "f64Add",
            (MathFn::SubRn, Scalar::F64) => "f64Sub",
            (MathFn::MulRn, Scalar::F64) => "f64Mul",
            (MathFn::DivRn | MathFn::NativeDiv, Scalar::F64) => "f64Div",
            (MathFn::NativeRcp | MathFn::NativeRsqrt, Scalar::F64) => {
                if function == MathFn::NativeRsqrt {
                    args = vec![self.call("f64Sqrt", args, span)];
                }
                args.insert(0, self.literal(ONE, span));
                "f64Div"
            }
            (_, Scalar::F64) => return Err(Refusal::ValueType { span, what: "double (in a fast approximation)" }),
            (MathFn::Abs, _) => "abs64",
            (MathFn::Min, _) => {
                if signed {
                    "minI64"
                } else {
                    "minU64"
                }
            }
            (MathFn::Max, _) => {
                if signed {
                    "maxI64"
                } else {
                    "maxU64"
                }
            }
            (MathFn::PopCount, _) => "popcount64",
            (MathFn::CountLeadingZeros, _) => "clz64",
            (MathFn::CountTrailingZeros, _) => "ctz64",
            (MathFn::ReverseBits, _) => "brev64",
            (MathFn::MulHigh, _) => {
                if signed {
                    "mulHighI64"
                } else {
                    "mulHighU64"
                }
            }
            _ => return Err(Refusal::ValueType { span, what: "64-bit integer (in a function of floats)" }),
        };
        Ok(self.call(name, args, span))
    }

    fn bitcast(&mut self, value: ExprId, from: TypeId, to: TypeId, span: Span) -> Result<ExprId, Refusal> {
        if self.new_type(from) == from && self.new_type(to) == to {
            return Ok(self.builder().add(Expr::Bitcast { value, to }, span));
        }
        let words = self.words_of(value, from, span)?;
        self.value_of_words(words, to, span)
    }
}
