//! C's `printf`, as the CUDA guide has it ("Formatted Output"): `%[flags][width][.precision][size]type`.

use super::fault::FaultKind;
use ir::Scalar;

#[derive(Default)]
struct Spec {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    kind: char,
}

/// The bytes that a call writes. `string` reads the characters that a `%s` points to.
pub(super) fn format(
    format: &str,
    args: &[(u64, Scalar)],
    string: impl Fn(u64) -> Result<Vec<u8>, Box<FaultKind>>,
) -> Result<Vec<u8>, Box<FaultKind>> {
    let mut out = Vec::new();
    let mut args = args.iter().copied();
    let mut rest = format.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        let mut number = || args.next().map_or(0, |(value, _)| value as i64);
        let Some(spec) = parse(&mut rest, &mut number) else { break };
        if spec.kind == '%' {
            out.push(b'%');
            continue;
        }
        let Some((value, scalar)) = args.next() else { break };
        if spec.kind == 's' {
            let mut text = string(value)?;
            text.truncate(spec.precision.unwrap_or(usize::MAX));
            let gap = spec.width.saturating_sub(text.len());
            let blanks = std::iter::repeat_n(b' ', gap);
            if spec.left {
                out.extend(text);
                out.extend(blanks);
            } else {
                out.extend(blanks);
                out.extend(text);
            }
        } else {
            out.extend(pad(&spec, convert(&spec, value, scalar)).bytes());
        }
    }
    Ok(out)
}

fn parse(rest: &mut std::iter::Peekable<std::str::Chars>, star: &mut impl FnMut() -> i64) -> Option<Spec> {
    let mut spec = Spec::default();
    while let Some(flag) = rest.next_if(|c| "-+ #0".contains(*c)) {
        match flag {
            '-' => spec.left = true,
            '+' => spec.plus = true,
            ' ' => spec.space = true,
            '#' => spec.alternate = true,
            _ => spec.zero = true,
        }
    }
    let mut number = |rest: &mut std::iter::Peekable<std::str::Chars>| {
        if rest.next_if_eq(&'*').is_some() {
            return star();
        }
        let mut value = 0i64;
        while let Some(digit) = rest.next_if(char::is_ascii_digit) {
            value = value.saturating_mul(10).saturating_add(i64::from(digit.to_digit(10).unwrap_or(0)));
        }
        value
    };
    let width = number(rest);
    spec.left |= width < 0;
    spec.width = width.unsigned_abs().min(4096) as usize;
    if rest.next_if_eq(&'.').is_some() {
        let precision = number(rest);
        spec.precision = usize::try_from(precision).ok().map(|precision| precision.min(4096));
    }
    while rest.next_if(|c| "hlLqjzt".contains(*c)).is_some() {}
    spec.kind = rest.next()?;
    Some(spec)
}

/// Sign or prefix, and digits.
fn convert(spec: &Spec, value: u64, scalar: Scalar) -> (String, String) {
    // Unsigned formats show the bits of the argument's own width.
    let unsigned = if scalar.is_int() && scalar.size() < 8 { value & (u64::MAX >> (64 - scalar.bits())) } else { value };
    match spec.kind {
        'd' | 'i' => {
            let signed = if scalar.size() < 8 { i64::from(value as i32) } else { value as i64 };
            let sign = if signed < 0 { "-" } else { positive(spec) };
            (sign.into(), digits(spec, signed.unsigned_abs().to_string()))
        }
        'u' => (String::new(), digits(spec, unsigned.to_string())),
        'x' | 'X' | 'o' => {
            let text = match spec.kind {
                'x' => format!("{unsigned:x}"),
                'X' => format!("{unsigned:X}"),
                _ => format!("{unsigned:o}"),
            };
            let prefix = match spec.kind {
                _ if !spec.alternate || unsigned == 0 => "",
                'o' => "0",
                'x' => "0x",
                _ => "0X",
            };
            (prefix.into(), digits(spec, text))
        }
        'p' => ("0x".into(), format!("{value:x}")),
        'c' => (String::new(), char::from(value as u8).to_string()),
        _ => float(spec, float_value(value, scalar)),
    }
}

fn positive(spec: &Spec) -> &'static str {
    match (spec.plus, spec.space) {
        (true, _) => "+",
        (false, true) => " ",
        (false, false) => "",
    }
}

fn digits(spec: &Spec, text: String) -> String {
    let least = spec.precision.unwrap_or(1);
    if text == "0" && least == 0 { String::new() } else { format!("{text:0>least$}") }
}

fn float_value(value: u64, scalar: Scalar) -> f64 {
    match scalar {
        Scalar::F64 => f64::from_bits(value),
        _ => f64::from_bits(super::numbers::convert(scalar, Scalar::F64)(value)),
    }
}

fn float(spec: &Spec, value: f64) -> (String, String) {
    let sign = if value.is_sign_negative() && !value.is_nan() { "-" } else { positive(spec) };
    let magnitude = value.abs();
    let precision = spec.precision.unwrap_or(6);
    let text = if value.is_nan() {
        "nan".into()
    } else if value.is_infinite() {
        "inf".into()
    } else {
        match spec.kind.to_ascii_lowercase() {
            'e' => exponential(magnitude, precision),
            'g' => general(magnitude, precision.max(1), spec.alternate),
            'a' => hexadecimal(magnitude),
            _ => format!("{magnitude:.precision$}"),
        }
    };
    (sign.into(), if spec.kind.is_ascii_uppercase() { text.to_uppercase() } else { text })
}

/// `d.ddde+dd`
fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn general(value: f64, precision: usize, keep_zeros: bool) -> String {
    let scientific = exponential(value, precision - 1);
    let exponent: i32 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let small = exponent < -4 || exponent >= precision as i32;
    let text = if small { scientific } else { format!("{value:.*}", (precision as i32 - 1 - exponent).max(0) as usize) };
    if keep_zeros || !text.contains('.') {
        return text;
    }
    let (mantissa, exponent) =
        text.split_once('e').map_or((text.as_str(), None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    exponent.map_or_else(|| mantissa.to_owned(), |exponent| format!("{mantissa}e{exponent}"))
}

/// `0x1.8p+1`
fn hexadecimal(value: f64) -> String {
    if value == 0.0 {
        return "0x0p+0".into();
    }
    let bits = value.to_bits();
    let (lead, exponent) = if value.is_normal() { (1, (bits >> 52 & 0x7ff) as i32 - 1023) } else { (0, -1022) };
    let fraction = format!("{:013x}", bits & ((1 << 52) - 1));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("0x{lead}{point}{fraction}p{exponent:+}")
}

fn pad(spec: &Spec, (sign, digits): (String, String)) -> String {
    let gap = spec.width.saturating_sub(sign.len() + digits.len());
    let number = !matches!(spec.kind, 'c' | 'p') && !digits.starts_with(|c: char| c.is_ascii_alphabetic());
    let zeros = spec.zero && !spec.left && number && (spec.precision.is_none() || "eEfFgGaA".contains(spec.kind));
    match (spec.left, zeros) {
        (true, _) => format!("{sign}{digits}{}", " ".repeat(gap)),
        (false, true) => format!("{sign}{}{digits}", "0".repeat(gap)),
        (false, false) => format!("{}{sign}{digits}", " ".repeat(gap)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, args: &[(u64, Scalar)], expected: &str) {
        let out = format(text, args, |_| Ok(b"text".to_vec())).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn integers() {
        let minus_five = -5i64 as u64;
        check(
            "[%d|%5d|%-5d|%05d|%+d]\n",
            &[(minus_five, Scalar::I32), (42, Scalar::I32), (42, Scalar::I32), (minus_five, Scalar::I32), (7, Scalar::I32)],
            "[-5|   42|42   |-0005|+7]\n",
        );
        check(
            "%u %x %#X %o %llu %c%%",
            &[
                (minus_five, Scalar::I32),
                (255, Scalar::U32),
                (255, Scalar::U32),
                (8, Scalar::U32),
                (u64::MAX, Scalar::U64),
                (65, Scalar::I32),
            ],
            "4294967291 ff 0XFF 10 18446744073709551615 A%",
        );
        check(
            "%*d %.3d %s %6s|",
            &[(4, Scalar::I32), (7, Scalar::I32), (7, Scalar::I32), (1, Scalar::U64), (1, Scalar::U64)],
            "   7 007 text   text|",
        );
    }

    #[test]
    fn floats() {
        let float = |value: f64| (value.to_bits(), Scalar::F64);
        check(
            "%f %.2f %8.3f|%e %g %g %g",
            &[float(1.5), float(2.345), float(-1.0), float(12345.678), float(0.0001), float(1e10), float(100000.0)],
            "1.500000 2.35   -1.000|1.234568e+04 0.0001 1e+10 100000",
        );
    }
}
