//! Arithmetic as NVIDIA's hardware has it: what SPIR-V leaves undefined is guarded, unless it provably does not happen.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{BinaryOp, Expr, ExprId, Geometry, Scalar, UnaryOp};
use rspirv::spirv::{GlslStd450Op as Glsl, Op, Word};

impl FunctionWriter<'_, '_> {
    pub(super) fn unary(&mut self, op: UnaryOp, value: ExprId) -> Result<Word, EmitError> {
        let scalar = self.scalar_of(value)?;
        let ty = self.scalar_type(scalar)?;
        let value = self.value(value)?;
        Ok(match op {
            UnaryOp::Neg if scalar.is_float() => self.float_op(Op::FNegate, ty, &[value]),
            UnaryOp::Neg => self.op(Op::SNegate, ty, &[value]),
            UnaryOp::BitNot => self.op(Op::Not, ty, &[value]),
            UnaryOp::Not => self.op(Op::LogicalNot, ty, &[value]),
        })
    }

    pub(super) fn binary(&mut self, op: BinaryOp, a: ExprId, b: ExprId) -> Result<Word, EmitError> {
        let scalar = self.scalar_of(a)?;
        if op.is_shift() {
            return self.shift(op, scalar, a, b);
        }
        if matches!(op, BinaryOp::Div | BinaryOp::Rem) && scalar.is_int() {
            return self.divide(op, scalar, a, b);
        }
        let (left, right) = (self.value(a)?, self.value(b)?);
        self.plain_binary(op, scalar, left, right)
    }

    fn plain_binary(&mut self, op: BinaryOp, scalar: Scalar, a: Word, b: Word) -> Result<Word, EmitError> {
        if op.is_comparison() {
            return match comparison(op, scalar) {
                Some(op) => Ok(self.compare(op, a, b)),
                None => Err(self.bug("an order of bools")),
            };
        }
        let ty = self.scalar_type(scalar)?;
        if scalar.is_float() {
            let op = float_op(op).ok_or_else(|| self.bug(format!("`{op:?}` of floats")))?;
            return Ok(self.float_op(op, ty, &[a, b]));
        }
        let op = integer_op(op, scalar).ok_or_else(|| self.bug(format!("`{op:?}` of {}", scalar.name())))?;
        Ok(self.op(op, ty, &[a, b]))
    }

    /// `/` and `%`: by zero they give all bits set and the dividend, `INT_MIN / -1` is `INT_MIN`.
    fn divide(&mut self, op: BinaryOp, scalar: Scalar, a: ExprId, b: ExprId) -> Result<Word, EmitError> {
        let divisor = self.constant_bits(b).map(|bits| truncate(bits, scalar));
        let minus_one = truncate(u64::MAX, scalar);
        if let Some(power) =
            divisor.filter(|bits| bits.is_power_of_two() && u64::from(bits.ilog2()) < u64::from(scalar.bits()) - 1)
        {
            let dividend = self.value(a)?;
            return self.divide_by_power(op, scalar, dividend, power.ilog2());
        }
        let (dividend, by) = (self.value(a)?, self.value(b)?);
        if divisor.is_some_and(|bits| bits != 0 && !(scalar.is_signed() && bits == minus_one)) {
            return self.plain_divide(op, scalar, dividend, by);
        }
        let ty = self.scalar_type(scalar)?;
        let (zero, one, ones) = (self.number(scalar, 0)?, self.number(scalar, 1)?, self.number(scalar, u64::MAX)?);
        let by_zero = self.compare(Op::IEqual, by, zero);
        let unsafe_divisor = if scalar.is_signed() {
            let bool_type = self.module.asm.bool();
            let least = self.number(scalar, 1 << (scalar.bits() - 1))?;
            let is_least = self.compare(Op::IEqual, dividend, least);
            let by_minus_one = self.compare(Op::IEqual, by, ones);
            let overflows = self.op(Op::LogicalAnd, bool_type, &[is_least, by_minus_one]);
            self.op(Op::LogicalOr, bool_type, &[by_zero, overflows])
        } else {
            by_zero
        };
        // The quotient by 1 is right for INT_MIN / -1.
        let by = self.select(ty, unsafe_divisor, one, by);
        let result = self.plain_divide(op, scalar, dividend, by)?;
        let of_zero = if op == BinaryOp::Div { ones } else { dividend };
        Ok(self.select(ty, by_zero, of_zero, result))
    }

    /// By 2^n, with shifts: SwiftShader divides lane by lane. To the right a shift rounds down, and a quotient toward zero, so 2^n - 1 is added to
    /// negative dividends; the sign makes that number.
    fn divide_by_power(&mut self, op: BinaryOp, scalar: Scalar, dividend: Word, n: u32) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        if n == 0 {
            return if op == BinaryOp::Div { Ok(dividend) } else { self.number(scalar, 0) };
        }
        let below = self.number(scalar, (1 << n) - 1)?;
        let amount = self.u32(n);
        if !scalar.is_signed() {
            return Ok(match op {
                BinaryOp::Div => self.op(Op::ShiftRightLogical, ty, &[dividend, amount]),
                _ => self.op(Op::BitwiseAnd, ty, &[dividend, below]),
            });
        }
        let last = self.u32(scalar.bits() - 1);
        let sign = self.op(Op::ShiftRightArithmetic, ty, &[dividend, last]);
        let bias = self.op(Op::BitwiseAnd, ty, &[sign, below]);
        let biased = self.op(Op::IAdd, ty, &[dividend, bias]);
        Ok(match op {
            BinaryOp::Div => self.op(Op::ShiftRightArithmetic, ty, &[biased, amount]),
            _ => {
                let low = self.op(Op::BitwiseAnd, ty, &[biased, below]);
                self.op(Op::ISub, ty, &[low, bias])
            }
        })
    }

    /// Vulkan leaves `OpSRem` of negative operands undefined, so the remainder comes from the quotient.
    fn plain_divide(&mut self, op: BinaryOp, scalar: Scalar, a: Word, b: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        Ok(match (op, scalar.is_signed()) {
            (BinaryOp::Div, true) => self.op(Op::SDiv, ty, &[a, b]),
            (BinaryOp::Div, false) => self.op(Op::UDiv, ty, &[a, b]),
            (_, false) => self.op(Op::UMod, ty, &[a, b]),
            (_, true) => {
                let quotient = self.op(Op::SDiv, ty, &[a, b]);
                let product = self.op(Op::IMul, ty, &[quotient, b]);
                self.op(Op::ISub, ty, &[a, product])
            }
        })
    }

    /// A shift by the width or more gives 0, or all sign bits. The amount is unsigned and of any width.
    fn shift(&mut self, op: BinaryOp, scalar: Scalar, a: ExprId, b: ExprId) -> Result<Word, EmitError> {
        let width = u64::from(scalar.bits());
        let ty = self.scalar_type(scalar)?;
        let amount_type = self.scalar_of(b)?;
        let word = self.module.asm.u32();
        let spirv_op = match (op, scalar.is_signed()) {
            (BinaryOp::Shl, _) => Op::ShiftLeftLogical,
            (_, true) => Op::ShiftRightArithmetic,
            (_, false) => Op::ShiftRightLogical,
        };
        let value = self.value(a)?;
        let mut amount = self.value(b)?;
        if self.upper_bound(b).is_some_and(|bound| bound < width) {
            if amount_type.bits() == 64 {
                amount = self.op(Op::UConvert, word, &[amount]);
            }
            return Ok(self.op(spirv_op, ty, &[value, amount]));
        }
        let limit = self.number(amount_type, width)?;
        let fits = self.compare(Op::ULessThan, amount, limit);
        if amount_type.bits() == 64 {
            amount = self.op(Op::UConvert, word, &[amount]);
        }
        let last = self.u32(width as u32 - 1);
        if spirv_op == Op::ShiftRightArithmetic {
            let amount = self.select(word, fits, amount, last);
            return Ok(self.op(spirv_op, ty, &[value, amount]));
        }
        let amount = self.op(Op::BitwiseAnd, word, &[amount, last]);
        let shifted = self.op(spirv_op, ty, &[value, amount]);
        let zero = self.number(scalar, 0)?;
        Ok(self.select(ty, fits, shifted, zero))
    }

    /// The greatest value that an integer expression, read as unsigned, can have, where that is plain to see.
    fn upper_bound(&self, expr: ExprId) -> Option<u64> {
        self.upper_bound_within(expr, 8)
    }

    /// Looks at most `depth` operations deep.
    fn upper_bound_within(&self, expr: ExprId, depth: u32) -> Option<u64> {
        let depth = depth.checked_sub(1)?;
        let scalar = self.module.ir_types.as_scalar(self.function.ty(expr))?;
        if let Some(bits) = self.constant_bits(expr) {
            return Some(truncate(bits, scalar));
        }
        match self.function.expr(expr) {
            Expr::Geometry(Geometry::Lane) => Some(31),
            Expr::Binary { op: BinaryOp::And, a, b } => {
                match (self.upper_bound_within(*a, depth), self.upper_bound_within(*b, depth)) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (bound, None) | (None, bound) => bound,
                }
            }
            Expr::Binary { op: BinaryOp::Rem, b, .. } if !scalar.is_signed() => {
                self.constant_bits(*b).and_then(|bits| truncate(bits, scalar).checked_sub(1))
            }
            Expr::Binary { op: BinaryOp::Mul, a, b } => {
                let product = self.upper_bound_within(*a, depth)?.checked_mul(self.upper_bound_within(*b, depth)?)?;
                (product <= truncate(u64::MAX, scalar)).then_some(product)
            }
            Expr::Binary { op: BinaryOp::Shl, a, b } => {
                let (bound, amount) = (self.upper_bound_within(*a, depth)?, self.constant_bits(*b)?);
                let shifted = bound.checked_mul(1u64.checked_shl(u32::try_from(amount).ok()?)?)?;
                (shifted <= truncate(u64::MAX, scalar)).then_some(shifted)
            }
            Expr::Convert { value, .. } => {
                let bound = self.upper_bound_within(*value, depth)?;
                (bound <= i32::MAX as u64).then_some(bound)
            }
            _ => None,
        }
    }

    /// `a` if it is less than `limit`, else `limit`, without sign.
    pub(super) fn at_most(&mut self, a: Word, limit: u32) -> Word {
        let word = self.module.asm.u32();
        let limit = self.u32(limit);
        self.glsl(Glsl::UMin, word, &[a, limit])
    }
}

/// The low bits of the type.
pub(super) fn truncate(bits: u64, scalar: Scalar) -> u64 {
    if scalar.bits() == 64 { bits } else { bits & ((1 << scalar.bits()) - 1) }
}

/// Section 3.42.15. `Ne` is true for NaN, as in C; the others are false.
fn comparison(op: BinaryOp, scalar: Scalar) -> Option<Op> {
    let [eq, ne, lt, le, gt, ge] = match scalar {
        Scalar::Bool => {
            return match op {
                BinaryOp::Eq => Some(Op::LogicalEqual),
                BinaryOp::Ne => Some(Op::LogicalNotEqual),
                _ => None,
            };
        }
        _ if scalar.is_float() => [
            Op::FOrdEqual,
            Op::FUnordNotEqual,
            Op::FOrdLessThan,
            Op::FOrdLessThanEqual,
            Op::FOrdGreaterThan,
            Op::FOrdGreaterThanEqual,
        ],
        _ if scalar.is_signed() => {
            [Op::IEqual, Op::INotEqual, Op::SLessThan, Op::SLessThanEqual, Op::SGreaterThan, Op::SGreaterThanEqual]
        }
        _ => [Op::IEqual, Op::INotEqual, Op::ULessThan, Op::ULessThanEqual, Op::UGreaterThan, Op::UGreaterThanEqual],
    };
    Some(match op {
        BinaryOp::Eq => eq,
        BinaryOp::Ne => ne,
        BinaryOp::Lt => lt,
        BinaryOp::Le => le,
        BinaryOp::Gt => gt,
        BinaryOp::Ge => ge,
        _ => return None,
    })
}

fn float_op(op: BinaryOp) -> Option<Op> {
    Some(match op {
        BinaryOp::Add => Op::FAdd,
        BinaryOp::Sub => Op::FSub,
        BinaryOp::Mul => Op::FMul,
        BinaryOp::Div => Op::FDiv,
        _ => return None,
    })
}

fn integer_op(op: BinaryOp, scalar: Scalar) -> Option<Op> {
    let is_bool = scalar == Scalar::Bool;
    Some(match op {
        BinaryOp::Add if !is_bool => Op::IAdd,
        BinaryOp::Sub if !is_bool => Op::ISub,
        BinaryOp::Mul if !is_bool => Op::IMul,
        BinaryOp::And => [Op::BitwiseAnd, Op::LogicalAnd][usize::from(is_bool)],
        BinaryOp::Or => [Op::BitwiseOr, Op::LogicalOr][usize::from(is_bool)],
        BinaryOp::Xor => [Op::BitwiseXor, Op::LogicalNotEqual][usize::from(is_bool)],
        _ => return None,
    })
}
