//! Math functions: `GLSL.std.450` where it is exact on every driver, own sequences where it is not.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{ExprId, MathFn, Scalar};
use rspirv::spirv::{GlslStd450Op as Glsl, Op, Word};

impl FunctionWriter<'_, '_> {
    pub(super) fn math(&mut self, function: MathFn, args: &[ExprId]) -> Result<Word, EmitError> {
        let Some(&first) = args.first() else { return Err(self.bug("a math function without arguments")) };
        let scalar = self.scalar_of(first)?;
        let ty = self.scalar_type(scalar)?;
        let mut values = Vec::new();
        for arg in args {
            values.push(self.value(*arg)?);
        }
        let a = values[0];
        match (function, values.as_slice()) {
            (MathFn::Sqrt, _) => Ok(self.exact_glsl(Glsl::Sqrt, ty, &values)),
            (MathFn::Abs, _) if scalar.is_float() => self.float_abs(scalar, a),
            (MathFn::Abs, _) => {
                let zero = self.number(scalar, 0)?;
                let negative = self.compare(Op::SLessThan, a, zero);
                let opposite = self.op(Op::SNegate, ty, &[a]);
                Ok(self.select(ty, negative, opposite, a))
            }
            (MathFn::Floor | MathFn::Ceil | MathFn::Trunc | MathFn::RoundEven, _) if scalar == Scalar::F64 => {
                self.round_double(function, a)
            }
            (MathFn::Floor, _) => Ok(self.exact_glsl(Glsl::Floor, ty, &values)),
            (MathFn::Ceil, _) => Ok(self.exact_glsl(Glsl::Ceil, ty, &values)),
            (MathFn::Trunc, _) => Ok(self.exact_glsl(Glsl::Trunc, ty, &values)),
            (MathFn::RoundEven, _) => Ok(self.exact_glsl(Glsl::RoundEven, ty, &values)),
            (MathFn::Fma, &[a, b, c]) => self.fma(scalar, a, b, c),
            (MathFn::Min | MathFn::Max, &[_, b]) if scalar.is_float() => {
                let constant = [args[0], args[1]].map(|arg| self.is_plain_constant(arg, scalar));
                match constant {
                    [_, true] => Ok(self.float_limit(function, ty, a, b)),
                    [true, false] => Ok(self.float_limit(function, ty, b, a)),
                    [false, false] => self.float_min_max(function, scalar, a, b),
                }
            }
            // No `SMin`: optimizers fold it by the sign of the type, and ours have none.
            (MathFn::Min | MathFn::Max, &[_, b]) => {
                let op = match (function, scalar.is_signed()) {
                    (MathFn::Min, true) => Op::SLessThan,
                    (MathFn::Min, false) => Op::ULessThan,
                    (_, true) => Op::SGreaterThan,
                    (_, false) => Op::UGreaterThan,
                };
                let first = self.compare(op, a, b);
                Ok(self.select(ty, first, a, b))
            }
            (MathFn::CopySign, &[a, b]) => self.copy_sign(scalar, a, b),
            (MathFn::AddRn, _) => Ok(self.float_op(Op::FAdd, ty, &values)),
            (MathFn::SubRn, _) => Ok(self.float_op(Op::FSub, ty, &values)),
            (MathFn::MulRn, _) => Ok(self.float_op(Op::FMul, ty, &values)),
            (MathFn::DivRn | MathFn::NativeDiv, _) => Ok(self.float_op(Op::FDiv, ty, &values)),
            (MathFn::NativeRcp, _) => {
                let one = self.float_number(scalar, 1.0)?;
                Ok(self.float_op(Op::FDiv, ty, &[one, a]))
            }
            (MathFn::PopCount, _) => self.pop_count(scalar, a),
            (MathFn::CountLeadingZeros, _) => self.leading_zeros(scalar, a),
            (MathFn::CountTrailingZeros, _) => self.trailing_zeros(scalar, a),
            (MathFn::ReverseBits, _) => self.reverse_bits(scalar, a),
            (MathFn::MulHigh, &[a, b]) => self.multiply_high(scalar, a, b),
            _ => self.native(function, scalar, &values),
        }
    }

    fn exact_glsl(&mut self, op: Glsl, ty: Word, args: &[Word]) -> Word {
        let id = self.glsl(op, ty, args);
        self.module.asm.decorate(id, rspirv::spirv::Decoration::NoContraction, &[]);
        id
    }

    fn native(&mut self, function: MathFn, scalar: Scalar, args: &[Word]) -> Result<Word, EmitError> {
        let (op, name) = match function {
            MathFn::NativeExp => (Glsl::Exp, "exp"),
            MathFn::NativeExp2 => (Glsl::Exp2, "exp2"),
            MathFn::NativeLog => (Glsl::Log, "log"),
            MathFn::NativeLog2 => (Glsl::Log2, "log2"),
            MathFn::NativeSin => (Glsl::Sin, "sin"),
            MathFn::NativeCos => (Glsl::Cos, "cos"),
            MathFn::NativeTan => (Glsl::Tan, "tan"),
            MathFn::NativeTanh => (Glsl::Tanh, "tanh"),
            MathFn::NativePow => (Glsl::Pow, "pow"),
            MathFn::NativeRsqrt => (Glsl::InverseSqrt, "rsqrt"),
            _ => return Err(self.bug(format!("{function:?} of {} arguments", args.len()))),
        };
        if scalar == Scalar::F64 && function != MathFn::NativeRsqrt {
            return Err(EmitError::NoFastDouble { function: name, span: self.span });
        }
        let ty = self.scalar_type(scalar)?;
        Ok(self.glsl(op, ty, args))
    }

    // Floats.

    fn float_abs(&mut self, scalar: Scalar, a: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        Ok(self.glsl(Glsl::FAbs, ty, &[a]))
    }

    /// By bits, so that NaN and zero have signs too. Halves go through floats and doubles through their high word: not every device
    /// has integers of 16 and 64 bits.
    fn copy_sign(&mut self, scalar: Scalar, magnitude: Word, sign: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        let word = self.module.asm.u32();
        match scalar {
            Scalar::F16 => {
                let [magnitude, sign] = self.widen_halves([magnitude, sign])?;
                let mixed = self.copy_sign(Scalar::F32, magnitude, sign)?;
                self.convert_value(mixed, Scalar::F32, Scalar::F16)
            }
            Scalar::F64 => {
                let words = self.module.asm.vector(word, 2);
                let magnitude = self.op(Op::Bitcast, words, &[magnitude]);
                let sign = self.op(Op::Bitcast, words, &[sign]);
                let low = self.extract(word, magnitude, 0);
                let high = self.extract(word, magnitude, 1);
                let sign = self.extract(word, sign, 1);
                let high = self.mix_sign(high, sign);
                let bits = self.op(Op::CompositeConstruct, words, &[low, high]);
                Ok(self.op(Op::Bitcast, ty, &[bits]))
            }
            _ => {
                let magnitude = self.op(Op::Bitcast, word, &[magnitude]);
                let sign = self.op(Op::Bitcast, word, &[sign]);
                let mixed = self.mix_sign(magnitude, sign);
                Ok(self.op(Op::Bitcast, ty, &[mixed]))
            }
        }
    }

    fn mix_sign(&mut self, magnitude: Word, sign: Word) -> Word {
        let word = self.module.asm.u32();
        let (rest, top) = (self.u32(0x7fff_ffff), self.u32(0x8000_0000));
        let magnitude = self.op(Op::BitwiseAnd, word, &[magnitude, rest]);
        let sign = self.op(Op::BitwiseAnd, word, &[sign, top]);
        self.op(Op::BitwiseOr, word, &[magnitude, sign])
    }

    fn widen_halves(&mut self, [a, b]: [Word; 2]) -> Result<[Word; 2], EmitError> {
        Ok([self.convert_value(a, Scalar::F16, Scalar::F32)?, self.convert_value(b, Scalar::F16, Scalar::F32)?])
    }

    /// A literal that is neither zero nor NaN.
    fn is_plain_constant(&self, expr: ExprId, scalar: Scalar) -> bool {
        self.constant_bits(expr).is_some_and(|bits| match scalar {
            Scalar::F32 => f32::from_bits(bits as u32).abs() > 0.0,
            Scalar::F64 => f64::from_bits(bits).abs() > 0.0,
            _ => false,
        })
    }

    /// Min or max with such a literal: a NaN gives the literal, and zeros do not meet.
    fn float_limit(&mut self, function: MathFn, ty: Word, a: Word, limit: Word) -> Word {
        let op = if function == MathFn::Min { Op::FOrdLessThan } else { Op::FOrdGreaterThan };
        let inside = self.compare(op, a, limit);
        self.select(ty, inside, a, limit)
    }

    /// A NaN gives the other operand, and -0 is less than +0 (PTX, "min" and "max").
    fn float_min_max(&mut self, function: MathFn, scalar: Scalar, a: Word, b: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        let bool_type = self.module.asm.bool();
        let is_min = function == MathFn::Min;
        let wins = self.compare(if is_min { Op::FOrdLessThan } else { Op::FOrdGreaterThan }, a, b);
        let b_is_nan = self.compare(Op::FUnordNotEqual, b, b);
        let takes_a = self.op(Op::LogicalOr, bool_type, &[wins, b_is_nan]);
        let chosen = self.select(ty, takes_a, a, b);
        // Equal operands differ in the sign of zero alone.
        let equal = self.compare(Op::FOrdEqual, a, b);
        let merged = self.merge_zeros(scalar, is_min, a, b)?;
        Ok(self.select(ty, equal, merged, chosen))
    }

    fn merge_zeros(&mut self, scalar: Scalar, is_min: bool, a: Word, b: Word) -> Result<Word, EmitError> {
        if scalar == Scalar::F16 {
            let [a, b] = self.widen_halves([a, b])?;
            let merged = self.merge_zeros(Scalar::F32, is_min, a, b)?;
            return self.convert_value(merged, Scalar::F32, Scalar::F16);
        }
        let ty = self.scalar_type(scalar)?;
        let word = self.module.asm.u32();
        let bits = if scalar == Scalar::F64 { self.module.asm.vector(word, 2) } else { word };
        let a = self.op(Op::Bitcast, bits, &[a]);
        let b = self.op(Op::Bitcast, bits, &[b]);
        let merged = self.op(if is_min { Op::BitwiseOr } else { Op::BitwiseAnd }, bits, &[a, b]);
        Ok(self.op(Op::Bitcast, ty, &[merged]))
    }

    /// Drivers get `Trunc` and `RoundEven` of doubles wrong. Adding and subtracting 2^52 rounds to an even integer.
    fn round_double(&mut self, function: MathFn, a: Word) -> Result<Word, EmitError> {
        let ty = self.module.asm.float(64);
        let magic = self.float_number(Scalar::F64, 2f64.powi(52))?;
        let (zero, one) = (self.float_number(Scalar::F64, 0.0)?, self.float_number(Scalar::F64, 1.0)?);
        let magnitude = self.float_abs(Scalar::F64, a)?;
        let raised = self.float_op(Op::FAdd, ty, &[magnitude, magic]);
        let mut rounded = self.float_op(Op::FSub, ty, &[raised, magic]);
        if function == MathFn::Trunc {
            let above = self.compare(Op::FOrdGreaterThan, rounded, magnitude);
            rounded = self.step_back(ty, above, one, zero, rounded);
        }
        rounded = self.copy_sign(Scalar::F64, rounded, a)?;
        if function == MathFn::Floor {
            let above = self.compare(Op::FOrdGreaterThan, rounded, a);
            rounded = self.step_back(ty, above, one, zero, rounded);
        }
        if function == MathFn::Ceil {
            let minus_one = self.float_number(Scalar::F64, -1.0)?;
            let below = self.compare(Op::FOrdLessThan, rounded, a);
            rounded = self.step_back(ty, below, minus_one, zero, rounded);
        }
        rounded = self.copy_sign(Scalar::F64, rounded, a)?;
        // Large numbers are integers; NaN and infinity stay.
        let is_small = self.compare(Op::FOrdLessThan, magnitude, magic);
        Ok(self.select(ty, is_small, rounded, a))
    }

    fn step_back(&mut self, ty: Word, condition: Word, step: Word, zero: Word, value: Word) -> Word {
        let step = self.select(ty, condition, step, zero);
        self.float_op(Op::FSub, ty, &[value, step])
    }

    // Integers. Vulkan has bit instructions for 32 bits only.

    /// Low and high word of a 64-bit integer.
    fn halves(&mut self, a: Word) -> (Word, Word) {
        let word = self.module.asm.u32();
        let wide = self.module.asm.int(64);
        let amount = self.u32(32);
        let high = self.op(Op::ShiftRightLogical, wide, &[a, amount]);
        (self.op(Op::UConvert, word, &[a]), self.op(Op::UConvert, word, &[high]))
    }

    fn pop_count(&mut self, scalar: Scalar, a: Word) -> Result<Word, EmitError> {
        let word = self.module.asm.u32();
        if scalar.bits() == 32 {
            return Ok(self.op(Op::BitCount, word, &[a]));
        }
        let (low, high) = self.halves(a);
        let low = self.op(Op::BitCount, word, &[low]);
        let high = self.op(Op::BitCount, word, &[high]);
        Ok(self.op(Op::IAdd, word, &[low, high]))
    }

    pub(super) fn leading_zeros(&mut self, scalar: Scalar, a: Word) -> Result<Word, EmitError> {
        let word = self.module.asm.u32();
        if scalar.bits() == 32 {
            // `FindUMsb` of 0 is -1.
            let top = self.glsl(Glsl::FindUMsb, word, &[a]);
            let last = self.u32(31);
            return Ok(self.op(Op::ISub, word, &[last, top]));
        }
        let (low, high) = self.halves(a);
        let of_low = self.leading_zeros(Scalar::U32, low)?;
        let of_high = self.leading_zeros(Scalar::U32, high)?;
        self.join_counts(high, of_high, of_low)
    }

    fn trailing_zeros(&mut self, scalar: Scalar, a: Word) -> Result<Word, EmitError> {
        let word = self.module.asm.u32();
        if scalar.bits() == 32 {
            let lowest = self.glsl(Glsl::FindILsb, word, &[a]);
            return Ok(self.at_most(lowest, 32));
        }
        let (low, high) = self.halves(a);
        let of_low = self.trailing_zeros(Scalar::U32, low)?;
        let of_high = self.trailing_zeros(Scalar::U32, high)?;
        self.join_counts(low, of_low, of_high)
    }

    /// `first` if the half it counts has a bit, else `32 + second`.
    fn join_counts(&mut self, half: Word, first: Word, second: Word) -> Result<Word, EmitError> {
        let word = self.module.asm.u32();
        let (zero, size) = (self.u32(0), self.u32(32));
        let is_empty = self.compare(Op::IEqual, half, zero);
        let longer = self.op(Op::IAdd, word, &[second, size]);
        Ok(self.select(word, is_empty, longer, first))
    }

    fn reverse_bits(&mut self, scalar: Scalar, a: Word) -> Result<Word, EmitError> {
        let word = self.module.asm.u32();
        if scalar.bits() == 32 {
            return Ok(self.op(Op::BitReverse, word, &[a]));
        }
        let (low, high) = self.halves(a);
        let low = self.op(Op::BitReverse, word, &[low]);
        let high = self.op(Op::BitReverse, word, &[high]);
        let wide = self.module.asm.int(64);
        let amount = self.u32(32);
        let top = self.op(Op::UConvert, wide, &[low]);
        let top = self.op(Op::ShiftLeftLogical, wide, &[top, amount]);
        let bottom = self.op(Op::UConvert, wide, &[high]);
        Ok(self.op(Op::BitwiseOr, wide, &[top, bottom]))
    }

    fn multiply_high(&mut self, scalar: Scalar, a: Word, b: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        if scalar.bits() == 32 {
            let pair = self.module.asm.pair(ty);
            let op = if scalar.is_signed() { Op::SMulExtended } else { Op::UMulExtended };
            let product = self.op(op, pair, &[a, b]);
            return Ok(self.extract(ty, product, 1));
        }
        let high = self.wide_product(a, b).1;
        if !scalar.is_signed() {
            return Ok(high);
        }
        // The signed product: a negative operand counts 2^64 too much.
        let last = self.u32(63);
        let sign_a = self.op(Op::ShiftRightArithmetic, ty, &[a, last]);
        let sign_b = self.op(Op::ShiftRightArithmetic, ty, &[b, last]);
        let excess_a = self.op(Op::BitwiseAnd, ty, &[sign_a, b]);
        let excess_b = self.op(Op::BitwiseAnd, ty, &[sign_b, a]);
        let high = self.op(Op::ISub, ty, &[high, excess_a]);
        Ok(self.op(Op::ISub, ty, &[high, excess_b]))
    }

    /// The 128-bit product of two 64-bit integers, low and high half, from products of 32 bits.
    pub(super) fn wide_product(&mut self, a: Word, b: Word) -> (Word, Word) {
        let wide = self.module.asm.int(64);
        let mask = self.module.asm.constant(wide, 64, 0xffff_ffff);
        let amount = self.u32(32);
        let split = |w: &mut Self, x| (w.op(Op::BitwiseAnd, wide, &[x, mask]), w.op(Op::ShiftRightLogical, wide, &[x, amount]));
        let ((a0, a1), (b0, b1)) = (split(self, a), split(self, b));
        let low = self.op(Op::IMul, wide, &[a0, b0]);
        let cross_a = self.op(Op::IMul, wide, &[a1, b0]);
        let cross_b = self.op(Op::IMul, wide, &[a0, b1]);
        let top = self.op(Op::IMul, wide, &[a1, b1]);
        let carry = self.op(Op::ShiftRightLogical, wide, &[low, amount]);
        let first = self.op(Op::IAdd, wide, &[cross_a, carry]);
        let (first_low, first_high) = split(self, first);
        let second = self.op(Op::IAdd, wide, &[cross_b, first_low]);
        let second_high = self.op(Op::ShiftRightLogical, wide, &[second, amount]);
        let sum = self.op(Op::IAdd, wide, &[top, first_high]);
        let high = self.op(Op::IAdd, wide, &[sum, second_high]);
        (self.op(Op::IMul, wide, &[a, b]), high)
    }
}
