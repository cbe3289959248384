//! The 16-bit floats, `f16` (IEEE binary16) and `bf16`, to and from `f64` with one rounding to nearest even.
//!
//! `f64` holds every value of both formats, and has more than twice their precision and two bits: a sum, difference, product,
//! quotient or square root computed in `f64` and then rounded here is correctly rounded.

#[derive(Clone, Copy)]
struct Format {
    mantissa_bits: i32,
    /// Exponent of the smallest normal number.
    min_exponent: i32,
    infinity: u16,
}

const F16: Format = Format { mantissa_bits: 10, min_exponent: -14, infinity: 0x7c00 };
const BF16: Format = Format { mantissa_bits: 7, min_exponent: -126, infinity: 0x7f80 };

/// What CUDA's conversions give for NaN, in both formats.
const NAN: u16 = 0x7fff;

pub fn f16_to_f64(bits: u16) -> f64 {
    decode(F16, bits)
}

pub fn f16_from_f64(value: f64) -> u16 {
    encode(F16, value)
}

pub fn bf16_to_f64(bits: u16) -> f64 {
    decode(BF16, bits)
}

pub fn bf16_from_f64(value: f64) -> u16 {
    encode(BF16, value)
}

fn decode(format: Format, bits: u16) -> f64 {
    let magnitude = bits & 0x7fff;
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    if magnitude > format.infinity {
        return f64::NAN.copysign(sign);
    }
    if magnitude == format.infinity {
        return sign * f64::INFINITY;
    }
    let exponent = i32::from(magnitude >> format.mantissa_bits);
    let fraction = i32::from(magnitude) & ((1 << format.mantissa_bits) - 1);
    let hidden = if exponent == 0 { 0 } else { 1 << format.mantissa_bits };
    sign * f64::from(fraction + hidden) * power_of_two(exponent.max(1) - 1 + format.min_exponent - format.mantissa_bits)
}

fn encode(format: Format, value: f64) -> u16 {
    if value.is_nan() {
        return NAN;
    }
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    if value.is_infinite() {
        return sign | format.infinity;
    }
    // The exponent of a double; doubles below its normal range round to zero whatever it is.
    let exponent = ((value.to_bits() >> 52 & 0x7ff) as i32 - 1023).max(format.min_exponent);
    let units = (value.abs() * power_of_two(format.mantissa_bits - exponent)).round_ties_even() as u64;
    // `units` has the hidden bit of normal numbers, which carries into the exponent's field.
    let magnitude = (((exponent - format.min_exponent) as u64) << format.mantissa_bits) + units;
    sign | magnitude.min(u64::from(format.infinity)) as u16
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_survives_the_way_through_f64() {
        for bits in 0..=u16::MAX {
            if bits & 0x7fff <= F16.infinity {
                assert_eq!(f16_from_f64(f16_to_f64(bits)), bits);
            }
            if bits & 0x7fff <= BF16.infinity {
                assert_eq!(bf16_from_f64(bf16_to_f64(bits)), bits);
                assert_eq!(bf16_to_f64(bits), f64::from(f32::from_bits(u32::from(bits) << 16)));
            }
        }
        assert_eq!(f16_from_f64(f64::NAN), NAN);
    }

    #[test]
    fn rounds_to_nearest_even() {
        assert_eq!(f16_to_f64(f16_from_f64(2049.0)), 2048.0);
        assert_eq!(f16_to_f64(f16_from_f64(2051.0)), 2052.0);
        assert_eq!(f16_from_f64(65519.9), 0x7bff);
        assert_eq!(f16_from_f64(65520.0), 0x7c00);
        assert_eq!(f16_from_f64(1e300), 0x7c00);
        assert_eq!(f16_from_f64(2f64.powi(-25)), 0);
        assert_eq!(f16_from_f64(2f64.powi(-25) * 1.0001), 1);
        assert_eq!(f16_from_f64(-2f64.powi(-26)), 0x8000);
        assert_eq!(f16_from_f64(1e-310), 0);
    }
}
