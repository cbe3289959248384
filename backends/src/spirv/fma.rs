//! `a * b + c` with one rounding, on devices whose own `Fma` rounds twice.
//!
//! Floats of 32 bits (16 bits) go through 64 (32): the product is exact there, the sum is *rounded to odd*, and then rounding to the
//! narrow type is as good as rounding once (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008; the wide type has
//! more than twice the digits and two). Round-to-odd: the sum's error is known exactly (Knuth's 2Sum); where it is not zero and the
//! sum's last bit is even, the sum moves one unit towards the exact value.
//!
//! Without a wider type the whole is done with integers, in a function of its own: `W`-bit words, the product in a pair of them, the
//! smaller operand shifted with a sticky bit, one addition or subtraction, normalisation, one rounding to even.

use super::function::FunctionWriter;
use super::options::{EmitError, FusedMultiplyAdd};
use ir::Scalar;
use rspirv::spirv::{GlslStd450Op as Glsl, Op, Word};

impl FunctionWriter<'_, '_> {
    pub(super) fn fma(&mut self, scalar: Scalar, a: Word, b: Word, c: Word) -> Result<Word, EmitError> {
        let options = self.module.options;
        let ty = self.scalar_type(scalar)?;
        if options.fma == FusedMultiplyAdd::Native {
            return Ok(self.glsl(Glsl::Fma, ty, &[a, b, c]));
        }
        match scalar {
            Scalar::F16 => self.fma_through(Scalar::F16, Scalar::F32, a, b, c),
            Scalar::F32 if options.features.float64 => self.fma_through(Scalar::F32, Scalar::F64, a, b, c),
            Scalar::F32 => self.fma_by_integers(Scalar::F32, a, b, c),
            Scalar::F64 if options.features.int64 => self.fma_by_integers(Scalar::F64, a, b, c),
            _ => Err(EmitError::DoubleFma { span: self.span }),
        }
    }

    fn fma_through(&mut self, narrow: Scalar, wide: Scalar, a: Word, b: Word, c: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(wide)?;
        let mut widened = Vec::new();
        for value in [a, b, c] {
            widened.push(self.convert_value(value, narrow, wide)?);
        }
        let product = self.float_op(Op::FMul, ty, &widened[..2]);
        let (sum, error) = self.two_sum(ty, product, widened[2]);
        let odd = self.round_to_odd(wide, sum, (wide, sum, error))?;
        self.convert_value(odd, wide, narrow)
    }

    /// The rounded sum and its exact error.
    fn two_sum(&mut self, ty: Word, a: Word, b: Word) -> (Word, Word) {
        let sum = self.float_op(Op::FAdd, ty, &[a, b]);
        let virtual_b = self.float_op(Op::FSub, ty, &[sum, a]);
        let virtual_a = self.float_op(Op::FSub, ty, &[sum, virtual_b]);
        let error_b = self.float_op(Op::FSub, ty, &[b, virtual_b]);
        let error_a = self.float_op(Op::FSub, ty, &[a, virtual_a]);
        (sum, self.float_op(Op::FAdd, ty, &[error_a, error_b]))
    }

    /// `rounded` with an odd last bit if it is not exact: `error` is the exact value less
    /// `rounded`, `signed` has the exact value's sign, both of a type of their own.
    pub(super) fn round_to_odd(
        &mut self,
        wide: Scalar,
        rounded: Word,
        (error_scalar, signed, error): (Scalar, Word, Word),
    ) -> Result<Word, EmitError> {
        let ty = self.scalar_type(wide)?;
        let word = self.module.asm.u32();
        let bool_type = self.module.asm.bool();
        let (zero, one, ones) = (self.u32(0), self.u32(1), self.u32(u32::MAX));
        let float_zero = self.number(error_scalar, 0)?;
        let (low, high) = self.float_words(wide, rounded);
        let too_small = self.compare(Op::FOrdGreaterThan, error, float_zero);
        let too_great = self.compare(Op::FOrdLessThan, error, float_zero);
        let inexact = self.op(Op::LogicalOr, bool_type, &[too_small, too_great]);
        let last = self.op(Op::BitwiseAnd, word, &[low, one]);
        let even = self.compare(Op::IEqual, last, zero);
        let moves = self.op(Op::LogicalAnd, bool_type, &[inexact, even]);
        // One unit up in magnitude if the error has the sum's sign, else down. An even last bit: up never carries, down borrows if 0.
        let positive = self.compare(Op::FOrdGreaterThan, signed, float_zero);
        let grows = self.compare(Op::LogicalEqual, too_small, positive);
        let step = self.select(word, grows, one, ones);
        let step = self.select(word, moves, step, zero);
        let moved = self.op(Op::IAdd, word, &[low, step]);
        let Some(high) = high else { return Ok(self.op(Op::Bitcast, ty, &[moved])) };
        let low_is_zero = self.compare(Op::IEqual, low, zero);
        let shrinks = self.compare(Op::IEqual, step, ones);
        let borrows = self.op(Op::LogicalAnd, bool_type, &[low_is_zero, shrinks]);
        let borrow = self.select(word, borrows, ones, zero);
        let high = self.op(Op::IAdd, word, &[high, borrow]);
        let words = self.module.asm.vector(word, 2);
        let bits = self.op(Op::CompositeConstruct, words, &[moved, high]);
        Ok(self.op(Op::Bitcast, ty, &[bits]))
    }

    /// The bits of a float as one or two words, so that no 64-bit integers are needed.
    fn float_words(&mut self, scalar: Scalar, value: Word) -> (Word, Option<Word>) {
        let word = self.module.asm.u32();
        if scalar == Scalar::F32 {
            return (self.op(Op::Bitcast, word, &[value]), None);
        }
        let words = self.module.asm.vector(word, 2);
        let bits = self.op(Op::Bitcast, words, &[value]);
        (self.extract(word, bits, 0), Some(self.extract(word, bits, 1)))
    }

    fn fma_by_integers(&mut self, scalar: Scalar, a: Word, b: Word, c: Word) -> Result<Word, EmitError> {
        let ty = self.scalar_type(scalar)?;
        let function = match self.module.fma_functions.get(&scalar.bits()) {
            Some(function) => *function,
            None => {
                let function = self.helper(ty, &[ty; 3], |writer, params| {
                    let format = Format::of(scalar);
                    IntegerFma { int: writer.module.asm.int(format.width), ty, format, writer }
                        .write(params[0], params[1], params[2])
                })?;
                self.module.name(function, if scalar == Scalar::F32 { "fma32" } else { "fma64" });
                self.module.fma_functions.insert(scalar.bits(), function);
                function
            }
        };
        Ok(self.op(Op::FunctionCall, ty, &[function, a, b, c]))
    }
}

/// An IEEE format and the word that holds it.
#[derive(Clone, Copy)]
struct Format {
    scalar: Scalar,
    width: u32,
    /// Digits, the hidden one included.
    digits: u32,
    bias: u32,
}

impl Format {
    fn of(scalar: Scalar) -> Format {
        match scalar {
            Scalar::F64 => Format { scalar, width: 64, digits: 53, bias: 1023 },
            _ => Format { scalar, width: 32, digits: 24, bias: 127 },
        }
    }

    /// The exponent field of infinity and NaN.
    fn top_exponent(self) -> u32 {
        2 * self.bias + 1
    }
}

/// A number of two words.
#[derive(Clone, Copy)]
struct Pair {
    low: Word,
    high: Word,
}

/// A float taken apart: `mantissa * 2^(exponent - bias - digits + 1)`, the mantissa with its top bit set unless it is zero.
struct Parts {
    field: Word,
    exponent: Word,
    mantissa: Word,
    is_zero: Word,
    sign: Word,
}

struct IntegerFma<'f, 'm, 'a> {
    writer: &'f mut FunctionWriter<'m, 'a>,
    format: Format,
    ty: Word,
    int: Word,
}

impl IntegerFma<'_, '_, '_> {
    fn write(&mut self, a: Word, b: Word, c: Word) -> Result<Word, EmitError> {
        let Format { width, digits, bias, .. } = self.format;
        let (pa, pb, pc) = (self.parts(a)?, self.parts(b)?, self.parts(c)?);
        let product_sign = self.op(Op::BitwiseXor, pa.sign, pb.sign);
        let product = self.product(pa.mantissa, pb.mantissa);
        // Both top bits come to bit 2W-2 (the product's perhaps one lower); exponents are those of the last bit.
        let product = self.shift_left_by(product, 2 * width - 2 * digits - 1);
        let addend = Pair { low: self.number(0), high: self.shift_by(Op::ShiftLeftLogical, pc.mantissa, width - 1 - digits) };
        let product_exponent = self.add32(pa.exponent, pb.exponent);
        let product_exponent = self
            .offset32(product_exponent, -(2 * bias as i64) - 2 * (i64::from(digits) - 1) - i64::from(2 * width - 2 * digits - 1));
        let addend_exponent =
            self.offset32(pc.exponent, -i64::from(bias) - (i64::from(digits) - 1) - i64::from(2 * width - 1 - digits));
        let addend_exponent = self.select32(pc.is_zero, product_exponent, addend_exponent);

        let distance = self.op32(Op::ISub, product_exponent, addend_exponent);
        let zero32 = self.writer.u32(0);
        let product_leads = self.writer.compare(Op::SGreaterThanEqual, distance, zero32);
        let opposite = self.op32(Op::ISub, zero32, distance);
        let distance = self.select32(product_leads, distance, opposite);
        let exponent = self.select32(product_leads, product_exponent, addend_exponent);
        let great = self.select_pair(product_leads, product, addend);
        let small = self.select_pair(product_leads, addend, product);
        let great_sign = self.select(product_leads, product_sign, pc.sign);
        let small_sign = self.select(product_leads, pc.sign, product_sign);
        let small = self.shift_right_sticky(small, distance);

        let (sum, less) = self.add_or_subtract(great, small, great_sign, small_sign);
        let sign = self.select(less, small_sign, great_sign);
        let bits = self.round(sum, exponent);
        let top = self.shift_by(Op::ShiftLeftLogical, sign, width - 1);
        let signed = self.op(Op::BitwiseOr, bits, top);
        // An exact zero is positive.
        let any = self.op(Op::BitwiseOr, sum.low, sum.high);
        let zero = self.number(0);
        let is_zero = self.writer.compare(Op::IEqual, any, zero);
        let bits = self.select(is_zero, zero, signed);
        let result = self.writer.op(Op::Bitcast, self.ty, &[bits]);
        Ok(self.special_cases([a, b, c], [&pa, &pb, &pc], result))
    }

    /// Infinities, NaN and zero factors: two roundings are right there, or the addend itself.
    fn special_cases(&mut self, [a, b, c]: [Word; 3], [pa, pb, pc]: [&Parts; 3], result: Word) -> Word {
        let top = self.writer.u32(self.format.top_exponent());
        let ty = self.ty;
        let special = |fma: &mut Self, part: &Parts| fma.writer.compare(Op::IEqual, part.field, top);
        let (a_special, b_special, c_special) = (special(self, pa), special(self, pb), special(self, pc));
        let factor_special = self.logical(Op::LogicalOr, a_special, b_special);
        let no_product = self.logical(Op::LogicalOr, pa.is_zero, pb.is_zero);
        let all_zero = self.logical(Op::LogicalAnd, no_product, pc.is_zero);
        let plain = self.logical(Op::LogicalOr, factor_special, all_zero);
        let addend_only = self.logical(Op::LogicalOr, c_special, no_product);
        let product = self.writer.float_op(Op::FMul, ty, &[a, b]);
        let twice = self.writer.float_op(Op::FAdd, ty, &[product, c]);
        let result = self.writer.select(ty, addend_only, c, result);
        self.writer.select(ty, plain, twice, result)
    }

    fn parts(&mut self, value: Word) -> Result<Parts, EmitError> {
        let Format { scalar, width, digits, .. } = self.format;
        let int_scalar = if scalar == Scalar::F64 { Scalar::U64 } else { Scalar::U32 };
        let bits = self.writer.op(Op::Bitcast, self.int, &[value]);
        let sign = self.shift_by(Op::ShiftRightLogical, bits, width - 1);
        let field = self.shift_by(Op::ShiftRightLogical, bits, digits - 1);
        let field = self.narrow(field);
        let mask = self.writer.u32(self.format.top_exponent());
        let field = self.op32(Op::BitwiseAnd, field, mask);
        let hidden = self.number(1 << (digits - 1));
        let mask = self.number((1 << (digits - 1)) - 1);
        let fraction = self.op(Op::BitwiseAnd, bits, mask);
        let (zero, zero32, one32) = (self.number(0), self.writer.u32(0), self.writer.u32(1));
        // Numbers without the hidden digit are shifted until they have it.
        let is_small = self.writer.compare(Op::IEqual, field, zero32);
        let leading = self.writer.leading_zeros(int_scalar, fraction)?;
        let excess = self.offset32(leading, -i64::from(width - digits));
        let shifted = self.writer.op(Op::ShiftLeftLogical, self.int, &[fraction, excess]);
        let full = self.op(Op::BitwiseOr, fraction, hidden);
        let mantissa = self.select(is_small, shifted, full);
        let small_exponent = self.op32(Op::ISub, one32, excess);
        let exponent = self.select32(is_small, small_exponent, field);
        let is_zero = self.writer.compare(Op::IEqual, mantissa, zero);
        Ok(Parts { field, exponent, mantissa, is_zero, sign })
    }

    fn product(&mut self, a: Word, b: Word) -> Pair {
        if self.format.width == 64 {
            let (low, high) = self.writer.wide_product(a, b);
            return Pair { low, high };
        }
        let pair = self.writer.module.asm.pair(self.int);
        let product = self.writer.op(Op::UMulExtended, pair, &[a, b]);
        Pair { low: self.writer.extract(self.int, product, 0), high: self.writer.extract(self.int, product, 1) }
    }

    /// `great + small` or the magnitude of `great - small`, and whether that was negative.
    fn add_or_subtract(&mut self, great: Pair, small: Pair, great_sign: Word, small_sign: Word) -> (Pair, Word) {
        let (zero, one) = (self.number(0), self.number(1));
        let low = self.op(Op::IAdd, great.low, small.low);
        let overflows = self.writer.compare(Op::ULessThan, low, great.low);
        let carry = self.select(overflows, one, zero);
        let high = self.op(Op::IAdd, great.high, small.high);
        let sum = Pair { low, high: self.op(Op::IAdd, high, carry) };

        let borrows = self.writer.compare(Op::ULessThan, great.low, small.low);
        let borrow = self.select(borrows, one, zero);
        let low = self.op(Op::ISub, great.low, small.low);
        let high = self.op(Op::ISub, great.high, small.high);
        let difference = Pair { low, high: self.op(Op::ISub, high, borrow) };
        let high_less = self.writer.compare(Op::ULessThan, great.high, small.high);
        let high_equal = self.writer.compare(Op::IEqual, great.high, small.high);
        let low_less = self.logical(Op::LogicalAnd, high_equal, borrows);
        let less = self.logical(Op::LogicalOr, high_less, low_less);

        let low_is_zero = self.writer.compare(Op::IEqual, difference.low, zero);
        let carry = self.select(low_is_zero, one, zero);
        let inverted = self.writer.op(Op::Not, self.int, &[difference.high]);
        let negated = Pair { low: self.op(Op::ISub, zero, difference.low), high: self.op(Op::IAdd, inverted, carry) };
        let magnitude = self.select_pair(less, negated, difference);
        let subtracts = self.writer.compare(Op::INotEqual, great_sign, small_sign);
        (self.select_pair(subtracts, magnitude, sum), self.logical(Op::LogicalAnd, subtracts, less))
    }

    /// The magnitude bits of `sum * 2^exponent`, rounded to nearest even.
    fn round(&mut self, sum: Pair, exponent: Word) -> Word {
        let Format { width, digits, bias, .. } = self.format;
        let (zero, one, zero32, one32) = (self.number(0), self.number(1), self.writer.u32(0), self.writer.u32(1));
        let leading = self.leading_zeros(sum);
        let normal = self.shift_left(sum, leading);
        let field = self.op32(Op::ISub, exponent, leading);
        let field = self.offset32(field, i64::from(2 * width - 1 + bias));
        // Below the normal numbers the last digit is fixed.
        let is_small = self.writer.compare(Op::SLessThan, field, one32);
        let missing = self.op32(Op::ISub, one32, field);
        let missing = self.select32(is_small, missing, zero32);
        let field = self.select32(is_small, one32, field);
        let shifted = self.shift_right_sticky(normal, missing);
        let sticky = self.is_nonzero(shifted.low);
        let word = self.op(Op::BitwiseOr, shifted.high, sticky);
        let dropped = width - digits;
        let mantissa = self.shift_by(Op::ShiftRightLogical, word, dropped);
        let mask = self.number((1 << dropped) - 1);
        let half = self.number(1 << (dropped - 1));
        let rest = self.op(Op::BitwiseAnd, word, mask);
        let above = self.writer.compare(Op::UGreaterThan, rest, half);
        let tie = self.writer.compare(Op::IEqual, rest, half);
        let last = self.op(Op::BitwiseAnd, mantissa, one);
        let odd = self.writer.compare(Op::INotEqual, last, zero);
        let tie_up = self.logical(Op::LogicalAnd, tie, odd);
        let up = self.logical(Op::LogicalOr, above, tie_up);
        let up = self.select(up, one, zero);
        let mantissa = self.op(Op::IAdd, mantissa, up);
        // The hidden digit, and a carry out of the mantissa, count up the exponent.
        let below = self.op32(Op::ISub, field, one32);
        let below = self.widen(below);
        let below = self.shift_by(Op::ShiftLeftLogical, below, digits - 1);
        let bits = self.op(Op::IAdd, below, mantissa);
        let top = self.writer.u32(self.format.top_exponent());
        let overflows = self.writer.compare(Op::SGreaterThanEqual, field, top);
        let infinity = self.number(u64::from(self.format.top_exponent()) << (digits - 1));
        self.select(overflows, infinity, bits)
    }

    // Pairs.

    /// To the right by any amount; the last bit is set if any bit was lost.
    fn shift_right_sticky(&mut self, value: Pair, amount: Word) -> Pair {
        let width = self.format.width;
        let (zero, one) = (self.number(0), self.number(1));
        let amount = self.writer.at_most(amount, 2 * width - 1);
        let (within, back, is_long) = self.split_amount(amount);
        let bit = self.writer.op(Op::ShiftLeftLogical, self.int, &[one, within]);
        let mask = self.op(Op::ISub, bit, one);
        let low_lost = self.op(Op::BitwiseAnd, value.low, mask);
        let high_lost = self.op(Op::BitwiseAnd, value.high, mask);
        let long_lost = self.op(Op::BitwiseOr, value.low, high_lost);
        let lost = self.select(is_long, long_lost, low_lost);
        let high = self.writer.op(Op::ShiftRightLogical, self.int, &[value.high, within]);
        let low = self.writer.op(Op::ShiftRightLogical, self.int, &[value.low, within]);
        let over = self.shift_by(Op::ShiftLeftLogical, value.high, 1);
        let over = self.writer.op(Op::ShiftLeftLogical, self.int, &[over, back]);
        let low = self.op(Op::BitwiseOr, low, over);
        let low = self.select(is_long, high, low);
        let high = self.select(is_long, zero, high);
        let sticky = self.is_nonzero(lost);
        Pair { low: self.op(Op::BitwiseOr, low, sticky), high }
    }

    /// To the left by less than two words.
    fn shift_left(&mut self, value: Pair, amount: Word) -> Pair {
        let zero = self.number(0);
        let (within, back, is_long) = self.split_amount(amount);
        let low = self.writer.op(Op::ShiftLeftLogical, self.int, &[value.low, within]);
        let high = self.writer.op(Op::ShiftLeftLogical, self.int, &[value.high, within]);
        let over = self.shift_by(Op::ShiftRightLogical, value.low, 1);
        let over = self.writer.op(Op::ShiftRightLogical, self.int, &[over, back]);
        let high = self.op(Op::BitwiseOr, high, over);
        Pair { low: self.select(is_long, zero, low), high: self.select(is_long, low, high) }
    }

    /// The amount within a word, `W - 1` less that, and whether the amount is a word or more.
    fn split_amount(&mut self, amount: Word) -> (Word, Word, Word) {
        let (last, size) = (self.writer.u32(self.format.width - 1), self.writer.u32(self.format.width));
        let within = self.op32(Op::BitwiseAnd, amount, last);
        let back = self.op32(Op::BitwiseXor, within, last);
        (within, back, self.writer.compare(Op::UGreaterThanEqual, amount, size))
    }

    /// To the left by a known amount below a word.
    fn shift_left_by(&mut self, value: Pair, amount: u32) -> Pair {
        let over = self.shift_by(Op::ShiftRightLogical, value.low, self.format.width - amount);
        let high = self.shift_by(Op::ShiftLeftLogical, value.high, amount);
        Pair { low: self.shift_by(Op::ShiftLeftLogical, value.low, amount), high: self.op(Op::BitwiseOr, high, over) }
    }

    /// Leading zeros of a pair, at most one less than its bits.
    fn leading_zeros(&mut self, value: Pair) -> Word {
        let zero = self.number(0);
        let width = self.format.width;
        let high_is_zero = self.writer.compare(Op::IEqual, value.high, zero);
        let word = self.select(high_is_zero, value.low, value.high);
        let of_word = self.word_leading_zeros(word);
        let of_word = self.writer.at_most(of_word, width - 1);
        let longer = self.offset32(of_word, i64::from(width));
        self.select32(high_is_zero, longer, of_word)
    }

    fn word_leading_zeros(&mut self, word: Word) -> Word {
        if self.format.width == 32 {
            let word_type = self.writer.module.asm.u32();
            let top = self.writer.glsl(Glsl::FindUMsb, word_type, &[word]);
            let last = self.writer.u32(31);
            return self.op32(Op::ISub, last, top);
        }
        let half = self.shift_by(Op::ShiftRightLogical, word, 32);
        let (low, high) = (self.narrow(word), self.narrow(half));
        let word_type = self.writer.module.asm.u32();
        let zero = self.writer.u32(0);
        let high_is_zero = self.writer.compare(Op::IEqual, high, zero);
        let chosen = self.select32(high_is_zero, low, high);
        let top = self.writer.glsl(Glsl::FindUMsb, word_type, &[chosen]);
        let last = self.writer.u32(31);
        let count = self.op32(Op::ISub, last, top);
        let longer = self.offset32(count, 32);
        self.select32(high_is_zero, longer, count)
    }

    fn select_pair(&mut self, condition: Word, accept: Pair, reject: Pair) -> Pair {
        Pair { low: self.select(condition, accept.low, reject.low), high: self.select(condition, accept.high, reject.high) }
    }

    // Words of the format's width.

    fn number(&mut self, value: u64) -> Word {
        self.writer.module.asm.constant(self.int, self.format.width, value)
    }

    fn op(&mut self, op: Op, a: Word, b: Word) -> Word {
        self.writer.op(op, self.int, &[a, b])
    }

    fn shift_by(&mut self, op: Op, value: Word, amount: u32) -> Word {
        let amount = self.writer.u32(amount);
        self.writer.op(op, self.int, &[value, amount])
    }

    fn select(&mut self, condition: Word, accept: Word, reject: Word) -> Word {
        self.writer.select(self.int, condition, accept, reject)
    }

    fn is_nonzero(&mut self, value: Word) -> Word {
        let (zero, one) = (self.number(0), self.number(1));
        let condition = self.writer.compare(Op::INotEqual, value, zero);
        self.select(condition, one, zero)
    }

    fn logical(&mut self, op: Op, a: Word, b: Word) -> Word {
        let ty = self.writer.module.asm.bool();
        self.writer.op(op, ty, &[a, b])
    }

    // Exponents and amounts, of 32 bits.

    fn op32(&mut self, op: Op, a: Word, b: Word) -> Word {
        let word = self.writer.module.asm.u32();
        self.writer.op(op, word, &[a, b])
    }

    fn add32(&mut self, a: Word, b: Word) -> Word {
        self.op32(Op::IAdd, a, b)
    }

    fn offset32(&mut self, value: Word, offset: i64) -> Word {
        let offset = self.writer.u32(offset as i32 as u32);
        self.add32(value, offset)
    }

    fn select32(&mut self, condition: Word, accept: Word, reject: Word) -> Word {
        let word = self.writer.module.asm.u32();
        self.writer.select(word, condition, accept, reject)
    }

    fn narrow(&mut self, value: Word) -> Word {
        let word = self.writer.module.asm.u32();
        if self.format.width == 32 { value } else { self.writer.op(Op::UConvert, word, &[value]) }
    }

    fn widen(&mut self, value: Word) -> Word {
        if self.format.width == 32 { value } else { self.writer.op(Op::UConvert, self.int, &[value]) }
    }
}
