//! Compares memory with what was expected: integers bit for bit, floats within a tolerance.

use crate::case::Order;
use crate::layout::Layout;
use crate::scalar::{Scalar, Value};

/// How far a float may be off. It passes if it meets one of those given; with none given it must be exact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    pub ulp: Option<u64>,
    pub rel: Option<f64>,
    pub abs: Option<f64>,
    /// Bit for bit: `+0` and `-0` differ. NaNs are equal all the same, because CUDA promises no payload.
    pub signed_zeros: bool,
}

impl Tolerance {
    fn admits(self, ulp: u64, expected: f64, actual: f64) -> bool {
        let off = (expected - actual).abs();
        ulp <= self.ulp.unwrap_or(0)
            || self.rel.is_some_and(|rel| off <= rel * expected.abs())
            || self.abs.is_some_and(|abs| off <= abs)
    }
}

/// The outcome for one buffer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub elements: usize,
    pub mismatches: usize,
    pub first: Option<Mismatch>,
    /// Where in the buffer each mismatch starts, in bytes. Empty where elements may come in any order: they have no place of their own.
    pub at: Vec<usize>,
    /// Largest distance among floats that were compared; `None` where there are none. Saturates for NaN and infinity.
    pub max_ulp: Option<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// Scalar element, counted within its field.
    pub index: usize,
    pub field: String,
    pub expected: Value,
    pub actual: Value,
}

impl Comparison {
    pub fn agrees(&self) -> bool {
        self.mismatches == 0
    }

    fn fail(&mut self, at: Option<usize>, mismatch: impl FnOnce() -> Mismatch) {
        self.mismatches += 1;
        self.at.extend(at);
        if self.first.is_none() {
            self.first = Some(mismatch());
        }
    }
}

/// Compares `actual` with `expected`, which hold the same number of bytes, element by element.
/// Padding between fields is not looked at; bytes behind the last whole structure must be equal.
pub fn compare(layout: &Layout, expected: &[u8], actual: &[u8], tolerance: Tolerance, order: Order) -> Comparison {
    let mut result = Comparison::default();
    let length = expected.len().min(actual.len());
    if expected.len() != actual.len() {
        let (e, a) = (Value::Int(expected.len() as i128), Value::Int(actual.len() as i128));
        result.fail(Some(length), || Mismatch { index: 0, field: "length".into(), expected: e, actual: a });
    }
    let [expected_order, actual_order] = [expected, actual].map(|bytes| match order {
        Order::Given => None,
        Order::Any => Some(sorted(layout, &bytes[..length])),
    });
    for field in &layout.fields {
        for index in 0..layout.scalars(field, length) {
            let read = |bytes: &[u8], order: &Option<Vec<usize>>| {
                let structure = index / field.count;
                let moved = order.as_ref().map_or(structure, |order| order[structure]) * field.count + index % field.count;
                let at = bytes.get(layout.offset_of(field, moved)?..)?;
                Some((field.scalar.load(at), bits(field.scalar, at)))
            };
            let (Some(e), Some(a)) = (read(expected, &expected_order), read(actual, &actual_order)) else { continue };
            result.elements += 1;
            if !agree(field.scalar, e, a, tolerance, &mut result.max_ulp) {
                let at = layout.offset_of(field, index).filter(|_| order == Order::Given);
                result.fail(at, || Mismatch { index, field: field.name.clone(), expected: e.0, actual: a.0 });
            }
        }
    }
    for index in length - length % layout.stride..length {
        if expected[index] != actual[index] {
            let (e, a) = (Value::Int(expected[index].into()), Value::Int(actual[index].into()));
            result.fail(Some(index), || Mismatch { index, field: "byte".into(), expected: e, actual: a });
        }
    }
    result
}

/// The structures of a buffer in the order of their scalars: what stands together stays together.
fn sorted(layout: &Layout, bytes: &[u8]) -> Vec<usize> {
    let key = |structure: &usize| -> Vec<i64> {
        let lanes = layout.fields.iter().flat_map(|field| (0..field.count).map(move |lane| (field, lane)));
        let offsets = lanes.filter_map(|(field, lane)| Some((field, layout.offset_of(field, structure * field.count + lane)?)));
        offsets.map(|(field, at)| ordered(field.scalar, bits(field.scalar, &bytes[at..]))).collect()
    };
    let mut order: Vec<usize> = (0..bytes.len() / layout.stride).collect();
    order.sort_by_cached_key(key);
    order
}

fn agree(scalar: Scalar, expected: (Value, u64), actual: (Value, u64), tolerance: Tolerance, max_ulp: &mut Option<u64>) -> bool {
    let (Value::Float(e), Value::Float(a)) = (expected.0, actual.0) else { return expected.1 == actual.1 };
    let ulp = ulp_distance(scalar, (e, expected.1), (a, actual.1));
    *max_ulp = Some(max_ulp.unwrap_or(0).max(ulp));
    if tolerance.signed_zeros {
        return expected.1 == actual.1 || (e.is_nan() && a.is_nan());
    }
    ulp == 0 || (e.is_finite() && a.is_finite() && tolerance.admits(ulp, e, a))
}

fn bits(scalar: Scalar, at: &[u8]) -> u64 {
    let mut word = [0u8; 8];
    word[..scalar.size()].copy_from_slice(&at[..scalar.size()]);
    u64::from_le_bytes(word)
}

/// Bits in an order that agrees with the order of values; neighbours differ by one.
fn ordered(scalar: Scalar, bits: u64) -> i64 {
    let width = scalar.size() as u32 * 8;
    let sign = 1u64 << (width - 1);
    match scalar {
        Scalar::F16 | Scalar::Bf16 | Scalar::F32 | Scalar::F64 if bits & sign != 0 => -((bits & !sign) as i64),
        Scalar::F16 | Scalar::Bf16 | Scalar::F32 | Scalar::F64 => bits as i64,
        _ => bits as i64,
    }
}

/// Representable values between the two. NaN equals NaN, and an infinity equals only itself: anything else is `u64::MAX` away.
fn ulp_distance(scalar: Scalar, (e, e_bits): (f64, u64), (a, a_bits): (f64, u64)) -> u64 {
    if (e.is_nan() && a.is_nan()) || e == a {
        0
    } else if !e.is_finite() || !a.is_finite() {
        u64::MAX
    } else {
        ordered(scalar, e_bits).abs_diff(ordered(scalar, a_bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn f32s(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    fn compare_f32(expected: &[f32], actual: &[f32], tolerance: Tolerance) -> Comparison {
        compare(&Layout::plain(Scalar::F32), &f32s(expected), &f32s(actual), tolerance, Order::Given)
    }

    #[test]
    fn floats_are_counted_in_ulp() {
        let next = f32::from_bits(1.0f32.to_bits() + 3);
        let result = compare_f32(&[1.0, 2.0], &[next, 2.0], Tolerance { ulp: Some(2), ..Tolerance::default() });
        assert_eq!((result.mismatches, result.max_ulp), (1, Some(3)));
        assert_eq!(result.first.unwrap().index, 0);
        assert!(compare_f32(&[1.0], &[next], Tolerance { ulp: Some(3), ..Tolerance::default() }).agrees());
        assert!(compare_f32(&[1.0], &[next], Tolerance { rel: Some(1e-6), ..Tolerance::default() }).agrees());
        assert!(compare_f32(&[1.0], &[next], Tolerance { abs: Some(1e-6), ..Tolerance::default() }).agrees());
    }

    #[test]
    fn distance_crosses_zero() {
        let tiny = f32::from_bits(1);
        assert_eq!(compare_f32(&[tiny], &[-tiny], Tolerance::default()).max_ulp, Some(2));
        assert!(compare_f32(&[0.0], &[-0.0], Tolerance::default()).agrees());
        let bits = Tolerance { signed_zeros: true, ..Tolerance::default() };
        assert!(!compare_f32(&[0.0], &[-0.0], bits).agrees());
        assert!(compare_f32(&[-0.0, f32::NAN], &[-0.0, -f32::NAN], bits).agrees());
    }

    #[test]
    fn nan_and_infinity_equal_only_themselves() {
        let loose = Tolerance { ulp: Some(u64::MAX), rel: Some(f64::INFINITY), abs: Some(f64::INFINITY), signed_zeros: false };
        assert!(compare_f32(&[f32::NAN], &[f32::NAN], loose).agrees());
        assert!(!compare_f32(&[f32::NAN], &[1.0], loose).agrees());
        assert!(!compare_f32(&[f32::INFINITY], &[f32::MAX], loose).agrees());
        assert!(!compare_f32(&[f32::INFINITY], &[f32::NEG_INFINITY], loose).agrees());
        assert!(compare_f32(&[f32::INFINITY], &[f32::INFINITY], Tolerance::default()).agrees());
    }

    #[test]
    fn any_order_compares_as_a_multiset() {
        let layout = Layout::plain(Scalar::U8);
        assert!(compare(&layout, &[3, 1, 2], &[2, 3, 1], Tolerance::default(), Order::Any).agrees());
        assert!(!compare(&layout, &[3, 1, 1], &[3, 3, 1], Tolerance::default(), Order::Any).agrees());
        // The members of a structure move together.
        let pairs = Layout::structure([("key", "u8"), ("value", "u8")]).unwrap();
        assert!(compare(&pairs, &[1, 10, 2, 20], &[2, 20, 1, 10], Tolerance::default(), Order::Any).agrees());
        assert!(!compare(&pairs, &[1, 10, 2, 20], &[2, 10, 1, 20], Tolerance::default(), Order::Any).agrees());
    }

    #[test]
    fn padding_is_not_compared_and_the_tail_is() {
        let layout = Layout::structure([("a", "u8"), ("b", "u16")]).unwrap();
        assert!(compare(&layout, &[1, 0, 2, 0], &[1, 9, 2, 0], Tolerance::default(), Order::Given).agrees());
        let words = Layout::plain(Scalar::U32);
        assert!(!compare(&words, &[0, 0, 0, 0, 1], &[0, 0, 0, 0, 2], Tolerance::default(), Order::Given).agrees());
        assert!(!compare(&words, &[0; 4], &[0; 8], Tolerance::default(), Order::Given).agrees());
    }
}
