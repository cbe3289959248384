//! Conversions between scalars by value. Float to integer truncates, saturates and takes NaN to 0; SPIR-V leaves the last two undefined.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{ExprId, Scalar};
use rspirv::spirv::{Op, Word};

impl FunctionWriter<'_, '_> {
    pub(super) fn convert(&mut self, value: ExprId, to: Scalar) -> Result<Word, EmitError> {
        let from = self.scalar_of(value)?;
        let value = self.value(value)?;
        self.convert_value(value, from, to)
    }

    pub(super) fn convert_value(&mut self, value: Word, from: Scalar, to: Scalar) -> Result<Word, EmitError> {
        if from == to {
            return Ok(value);
        }
        let ty = self.scalar_type(to)?;
        if to == Scalar::Bool {
            let zero = self.number(from, 0)?;
            let op = if from.is_float() { Op::FUnordNotEqual } else { Op::INotEqual };
            return Ok(self.compare(op, value, zero));
        }
        if from == Scalar::Bool {
            let (one, zero) = (self.one(to)?, self.number(to, 0)?);
            return Ok(self.select(ty, value, one, zero));
        }
        match (from.is_float(), to.is_float()) {
            (true, true) if from == Scalar::F64 && to == Scalar::F16 => self.double_to_half(value),
            (true, true) => Ok(self.float_op(Op::FConvert, ty, &[value])),
            (false, true) if from.is_signed() => {
                let signed = self.module.asm.signed_int(from.bits());
                let value = self.op(Op::Bitcast, signed, &[value]);
                Ok(self.op(Op::ConvertSToF, ty, &[value]))
            }
            (false, true) => Ok(self.op(Op::ConvertUToF, ty, &[value])),
            (true, false) => self.float_to_int(value, from, to),
            (false, false) if from.bits() == to.bits() => Ok(value),
            (false, false) if from.is_signed() && to.bits() > from.bits() => Ok(self.op(Op::SConvert, ty, &[value])),
            (false, false) => Ok(self.op(Op::UConvert, ty, &[value])),
        }
    }

    /// Drivers go over `float` and round twice; rounding to odd there makes it once.
    fn double_to_half(&mut self, value: Word) -> Result<Word, EmitError> {
        let double = self.scalar_type(Scalar::F64)?;
        let rounded = self.convert_value(value, Scalar::F64, Scalar::F32)?;
        let back = self.convert_value(rounded, Scalar::F32, Scalar::F64)?;
        let error = self.float_op(Op::FSub, double, &[value, back]);
        let odd = self.round_to_odd(Scalar::F32, rounded, (Scalar::F64, value, error))?;
        self.convert_value(odd, Scalar::F32, Scalar::F16)
    }

    fn one(&mut self, scalar: Scalar) -> Result<Word, EmitError> {
        let bits = match scalar {
            Scalar::F16 => 0x3c00,
            Scalar::F32 => 0x3f80_0000,
            Scalar::F64 => 0x3ff0_0000_0000_0000,
            _ => 1,
        };
        self.number(scalar, bits)
    }

    fn float_to_int(&mut self, value: Word, from: Scalar, to: Scalar) -> Result<Word, EmitError> {
        if from == Scalar::F16 {
            // The integer types' ends are no halves.
            let wide = self.convert_value(value, Scalar::F16, Scalar::F32)?;
            return self.float_to_int(wide, Scalar::F32, to);
        }
        let float = self.scalar_type(from)?;
        let ty = self.scalar_type(to)?;
        let bool_type = self.module.asm.bool();
        let value_bits = to.bits() - u32::from(to.is_signed());
        let end = self.float_number(from, 2f64.powi(value_bits as i32))?;
        let start = if to.is_signed() { -2f64.powi(value_bits as i32) } else { 0.0 };
        let start = self.float_number(from, start)?;
        let zero = self.number(from, 0)?;
        let not_below = self.compare(Op::FOrdGreaterThanEqual, value, start);
        let above = self.compare(Op::FOrdGreaterThanEqual, value, end);
        let not_above = self.compare(Op::FOrdLessThan, value, end);
        let inside = self.op(Op::LogicalAnd, bool_type, &[not_below, not_above]);
        let safe = self.select(float, inside, value, zero);
        let converted = if to.is_signed() {
            let signed = self.module.asm.signed_int(to.bits());
            let converted = self.op(Op::ConvertFToS, signed, &[safe]);
            self.op(Op::Bitcast, ty, &[converted])
        } else {
            self.op(Op::ConvertFToU, ty, &[safe])
        };
        let greatest = self.number(to, (1u128 << value_bits).wrapping_sub(1) as u64)?;
        let clamped = self.select(ty, above, greatest, converted);
        if !to.is_signed() {
            return Ok(clamped);
        }
        let least = self.number(to, 1 << value_bits)?;
        let below = self.compare(Op::FOrdLessThan, value, start);
        Ok(self.select(ty, below, least, clamped))
    }

    /// A literal of a float type of 32 or 64 bits.
    pub(super) fn float_number(&mut self, scalar: Scalar, value: f64) -> Result<Word, EmitError> {
        match scalar {
            Scalar::F32 => self.number(scalar, u64::from((value as f32).to_bits())),
            Scalar::F64 => self.number(scalar, value.to_bits()),
            Scalar::F16 => self.number(scalar, u64::from(ir::float16::f16_from_f64(value))),
            _ => Err(self.bug("a float literal of another type")),
        }
    }
}
