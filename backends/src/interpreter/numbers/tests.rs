use super::*;
use ir::MathFn;

#[track_caller]
fn check2(op: BinaryOp, scalar: Scalar, a: i64, b: i64, expected: i64) {
    let canonical = |value: i64| canonical(scalar, value as u64);
    let found = binary(op, scalar).unwrap()(canonical(a), self::canonical(scalar, b as u64));
    let expected = if op.is_comparison() { expected as u64 } else { canonical(expected) };
    assert_eq!(found, expected, "{op:?} {scalar:?} {a} {b}");
}

#[test]
fn integers_wrap_and_never_trap() {
    check2(BinaryOp::Add, Scalar::I32, i64::from(i32::MAX), 1, i64::from(i32::MIN));
    check2(BinaryOp::Mul, Scalar::U8, 16, 17, 16);
    check2(BinaryOp::Div, Scalar::I32, 7, 0, -1);
    check2(BinaryOp::Div, Scalar::U32, 7, 0, 0xffff_ffff);
    check2(BinaryOp::Rem, Scalar::I64, 7, 0, 7);
    check2(BinaryOp::Div, Scalar::I32, i64::from(i32::MIN), -1, i64::from(i32::MIN));
    check2(BinaryOp::Rem, Scalar::I32, i64::from(i32::MIN), -1, 0);
    check2(BinaryOp::Lt, Scalar::U32, -1, 1, 0);
    check2(BinaryOp::Lt, Scalar::I32, -1, 1, 1);
}

#[test]
fn shifts_beyond_the_width() {
    check2(BinaryOp::Shl, Scalar::I32, 1, 32, 0);
    check2(BinaryOp::Shl, Scalar::I32, 1, 31, i64::from(i32::MIN));
    check2(BinaryOp::Shr, Scalar::I32, -8, 100, -1);
    check2(BinaryOp::Shr, Scalar::U32, 8, 32, 0);
    check2(BinaryOp::Shr, Scalar::I8, -128, 3, -16);
    assert_eq!(binary(BinaryOp::Shl, Scalar::U64).unwrap()(1, u64::MAX), 0);
}

#[test]
fn conversions_saturate() {
    let f32_to = |value: f32, to| convert(Scalar::F32, to)(u64::from(value.to_bits()));
    assert_eq!(f32_to(3e9, Scalar::I32), i32::MAX as u64);
    assert_eq!(f32_to(-3e9, Scalar::I32), i32::MIN as u64);
    assert_eq!(f32_to(-1.5, Scalar::U32), 0);
    assert_eq!(f32_to(f32::NAN, Scalar::I32), 0);
    assert_eq!(f32_to(f32::NAN, Scalar::Bool), 1);
    assert_eq!(f32_to(-0.0, Scalar::Bool), 0);
    assert_eq!(f32_to(300.0, Scalar::U8), 255);
    assert_eq!(convert(Scalar::I32, Scalar::U8)(-1i64 as u64), 255);
    assert_eq!(convert(Scalar::U32, Scalar::I32)(0xffff_ffff), u64::MAX);
    assert_eq!(convert(Scalar::I64, Scalar::F32)((1 << 24) + 1), u64::from(16_777_216f32.to_bits()));
    // 2^62 + 2^54 lies halfway between two bf16 values; one more is beyond.
    assert_eq!(convert(Scalar::I64, Scalar::BF16)((1 << 62) + (1 << 54)), 0x5e80);
    assert_eq!(convert(Scalar::I64, Scalar::BF16)((1 << 62) + (1 << 54) + 1), 0x5e81);
}

#[test]
fn float_specials() {
    let bits = |value: f32| u64::from(value.to_bits());
    let div = binary(BinaryOp::Div, Scalar::F32).unwrap();
    assert_eq!(div(0, 0), 0x7fff_ffff);
    assert_eq!(div(bits(1.0), 0), bits(f32::INFINITY));
    let min = math2(MathFn::Min, Scalar::F32).unwrap();
    assert_eq!(min(bits(f32::NAN), bits(2.0)), bits(2.0));
    assert_eq!(min(bits(0.0), bits(-0.0)), bits(-0.0));
    let max = math2(MathFn::Max, Scalar::F32).unwrap();
    assert_eq!(max(bits(-0.0), bits(0.0)), bits(0.0));
    assert_eq!(max(bits(-3.0), bits(f32::NAN)), bits(-3.0));
    let ne = binary(BinaryOp::Ne, Scalar::F32).unwrap();
    assert_eq!(ne(bits(f32::NAN), bits(f32::NAN)), 1);
    let fma = math3(MathFn::Fma, Scalar::BF16).unwrap();
    let bf16 = |value: f64| u64::from(bf16_from_f64(value));
    // 1.0625 * 1.25 is halfway between two bf16 values; the tiny third operand decides.
    assert_eq!(fma(bf16(1.0625), bf16(1.1875), bf16(1e-30)), bf16(1.2656250000001));
    assert_eq!(fma(bf16(1.0625), bf16(1.1875), bf16(-1e-30)), bf16(1.2578125));
    let high = math2(MathFn::MulHigh, Scalar::I32).unwrap();
    assert_eq!(high(-1i64 as u64, 1), u64::MAX);
    assert_eq!(math1(MathFn::CountLeadingZeros, Scalar::I32).unwrap()(0), 32);
}
