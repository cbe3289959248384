//! C's `printf`: `%[flags][width][.precision][length]conversion`, as C17 7.21.6.1 has it and glibc prints it.
//!
//! ```text
//! format(b"%-6s|%08.3f\n", &[Text(b"abc"), Bits { bits: pi, scalar: F64 }])  =>  "abc   |0003.142\n"
//! ```
//!
//! Where C leaves something open: an argument of the wrong type is read as its bits, as memory would give it; a conversion without an
//! argument is printed as it stands. A NaN has no sign: devices make NaNs of either sign where NVIDIA's are positive.

use ir::Scalar;

/// An argument after C's default promotions, or before them: a float counts as the double of equal value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Bits {
        bits: u64,
        scalar: Scalar,
    },
    /// What a `%s` points to.
    Text(&'a [u8]),
}

/// Wider fields than any terminal has; a hostile width must not take the memory.
const MOST_WIDTH: usize = 1 << 20;
/// A double has no more digits behind the point: 2^-1074.
const MOST_DIGITS: usize = 1074;

#[derive(Clone, Copy, Debug, Default)]
struct Spec {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    length: Length,
    conversion: u8,
}

/// How many bits of an integer argument count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Length {
    /// `hh`
    Char,
    /// `h`
    Short,
    #[default]
    Int,
    /// `l ll j z t q`
    Long,
}

/// The bytes that a call writes.
pub fn format(format: &[u8], args: &[Value<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut args = args.iter().copied();
    let mut rest = format;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        out.extend(&rest[..at]);
        let mut reader = Reader { text: rest, at: at + 1 };
        let spec = reader.spec(&mut args);
        let written = &rest[at..reader.at];
        rest = &rest[reader.at..];
        match spec.conversion {
            b'%' => out.push(b'%'),
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' | b'c' | b's' | b'p' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a'
            | b'A' => match args.next() {
                Some(value) => convert(&spec, value, &mut out),
                None => out.extend(written),
            },
            _ => out.extend(written),
        }
    }
    out.extend(rest);
    out
}

/// The conversions of a format that take an argument, in order; `*` stands for a width or precision.
pub fn conversions(format: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        let mut reader = Reader { text: rest, at: at + 1 };
        let spec = reader.spec(&mut std::iter::empty());
        found.extend(rest[at..reader.at].iter().filter(|&&byte| byte == b'*'));
        if spec.conversion.is_ascii_alphabetic() {
            found.push(spec.conversion);
        }
        rest = &rest[reader.at..];
    }
    found
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn next_if(&mut self, test: impl Fn(u8) -> bool) -> Option<u8> {
        let byte = self.text.get(self.at).copied().filter(|&byte| test(byte))?;
        self.at += 1;
        Some(byte)
    }

    fn spec<'v>(&mut self, args: &mut impl Iterator<Item = Value<'v>>) -> Spec {
        let mut spec = Spec::default();
        while let Some(flag) = self.next_if(|byte| b"-+ #0'".contains(&byte)) {
            match flag {
                b'-' => spec.left = true,
                b'+' => spec.plus = true,
                b' ' => spec.space = true,
                b'#' => spec.alternate = true,
                b'0' => spec.zero = true,
                _ => {}
            }
        }
        let width = self.number(args);
        spec.left |= width < 0;
        spec.width = (width.unsigned_abs() as usize).min(MOST_WIDTH);
        if self.next_if(|byte| byte == b'.').is_some() {
            // A negative precision counts as none.
            spec.precision = usize::try_from(self.number(args)).ok().map(|precision| precision.min(MOST_WIDTH));
        }
        while let Some(length) = self.next_if(|byte| b"hlLqjzt".contains(&byte)) {
            spec.length = match (length, spec.length) {
                (b'h', Length::Short) => Length::Char,
                (b'h', _) => Length::Short,
                _ => Length::Long,
            };
        }
        spec.conversion = self.next_if(|_| true).unwrap_or(0);
        spec
    }

    /// Digits, or `*` and the argument it stands for.
    fn number<'v>(&mut self, args: &mut impl Iterator<Item = Value<'v>>) -> i32 {
        if self.next_if(|byte| byte == b'*').is_some() {
            return args.next().map_or(0, |value| bits_of(value) as i32);
        }
        let mut value = 0i32;
        while let Some(digit) = self.next_if(|byte| byte.is_ascii_digit()) {
            value = value.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
        }
        value
    }
}

/// The argument as the 64 bits that C's promotions make of it.
fn bits_of(value: Value<'_>) -> u64 {
    match value {
        Value::Text(_) => 0,
        Value::Bits { bits, scalar } => match scalar {
            Scalar::Bool => bits & 1,
            Scalar::I8 => bits as i8 as u64,
            Scalar::I16 => bits as i16 as u64,
            Scalar::I32 => bits as i32 as u64,
            Scalar::U8 => u64::from(bits as u8),
            Scalar::U16 => u64::from(bits as u16),
            Scalar::U32 => u64::from(bits as u32),
            Scalar::I64 | Scalar::U64 | Scalar::F64 => bits,
            Scalar::F32 => f64::from(f32::from_bits(bits as u32)).to_bits(),
            Scalar::F16 => ir::float16::f16_to_f64(bits as u16).to_bits(),
            Scalar::BF16 => ir::float16::bf16_to_f64(bits as u16).to_bits(),
        },
    }
}

fn convert(spec: &Spec, value: Value<'_>, out: &mut Vec<u8>) {
    let bits = bits_of(value);
    let signed = match spec.length {
        Length::Char => i64::from(bits as i8),
        Length::Short => i64::from(bits as i16),
        Length::Int => i64::from(bits as i32),
        Length::Long => bits as i64,
    };
    let unsigned = match spec.length {
        Length::Char => u64::from(bits as u8),
        Length::Short => u64::from(bits as u16),
        Length::Int => u64::from(bits as u32),
        Length::Long => bits,
    };
    match spec.conversion {
        b'd' | b'i' => {
            let sign = if signed < 0 { "-" } else { positive(spec) };
            integer(spec, sign, &signed.unsigned_abs().to_string(), out);
        }
        b'u' => integer(spec, "", &unsigned.to_string(), out),
        b'o' => {
            let digits = format!("{unsigned:o}");
            // `#` makes the first digit a zero.
            let least = if spec.alternate { digits.len() + usize::from(unsigned != 0) } else { 0 };
            let precision = spec.precision.map_or(least.max(1), |precision| precision.max(least));
            let spec = Spec { zero: spec.zero && spec.precision.is_none(), precision: Some(precision), ..*spec };
            integer_with_zeros(&spec, "", &digits, out);
        }
        b'x' => integer(spec, if spec.alternate && unsigned != 0 { "0x" } else { "" }, &format!("{unsigned:x}"), out),
        b'X' => integer(spec, if spec.alternate && unsigned != 0 { "0X" } else { "" }, &format!("{unsigned:X}"), out),
        b'c' => pad(spec, &[bits as u8], out),
        b's' => match value {
            Value::Text(text) => pad(spec, &text[..text.len().min(spec.precision.unwrap_or(usize::MAX))], out),
            Value::Bits { .. } => pad(spec, b"(null)", out),
        },
        b'p' if bits == 0 => pad(spec, b"(nil)", out),
        b'p' => pad(spec, format!("{bits:#x}").as_bytes(), out),
        _ => float(spec, f64::from_bits(bits), out),
    }
}

fn positive(spec: &Spec) -> &'static str {
    match (spec.plus, spec.space) {
        (true, _) => "+",
        (false, true) => " ",
        (false, false) => "",
    }
}

/// An integer: a precision is the least number of digits, and then `0` is no flag.
fn integer(spec: &Spec, prefix: &str, digits: &str, out: &mut Vec<u8>) {
    integer_with_zeros(&Spec { zero: spec.zero && spec.precision.is_none(), ..*spec }, prefix, digits, out);
}

fn integer_with_zeros(spec: &Spec, prefix: &str, digits: &str, out: &mut Vec<u8>) {
    let least = spec.precision.unwrap_or(1);
    let digits = if digits == "0" && least == 0 { "" } else { digits };
    number(spec, prefix, &format!("{digits:0>least$}"), out);
}

/// Blanks or zeros up to the width around a number.
fn number(spec: &Spec, prefix: &str, digits: &str, out: &mut Vec<u8>) {
    if spec.zero && !spec.left {
        let width = spec.width.saturating_sub(prefix.len());
        out.extend(format!("{prefix}{digits:0>width$}").bytes());
    } else {
        pad(spec, format!("{prefix}{digits}").as_bytes(), out);
    }
}

fn pad(spec: &Spec, text: &[u8], out: &mut Vec<u8>) {
    let blanks = std::iter::repeat_n(b' ', spec.width.saturating_sub(text.len()));
    if spec.left {
        out.extend(text);
        out.extend(blanks);
    } else {
        out.extend(blanks);
        out.extend(text);
    }
}

fn float(spec: &Spec, value: f64, out: &mut Vec<u8>) {
    let upper = spec.conversion.is_ascii_uppercase();
    let sign = if value.is_sign_negative() && !value.is_nan() { "-" } else { positive(spec) };
    let case = |text: String| if upper { text.to_uppercase() } else { text };
    if !value.is_finite() {
        let text = case(if value.is_nan() { "nan".into() } else { "inf".into() });
        return pad(spec, format!("{sign}{text}").as_bytes(), out);
    }
    let magnitude = value.abs();
    let precision = spec.precision.unwrap_or(6);
    match spec.conversion.to_ascii_lowercase() {
        b'e' => number(spec, sign, &case(exponential(magnitude, precision, spec.alternate)), out),
        b'g' => number(spec, sign, &case(general(magnitude, precision.max(1), spec.alternate)), out),
        b'a' => {
            let prefix = format!("{sign}{}", if upper { "0X" } else { "0x" });
            number(spec, &prefix, &case(hexadecimal(magnitude, spec.precision, spec.alternate)), out);
        }
        _ => number(spec, sign, &fixed(magnitude, precision, spec.alternate), out),
    }
}

/// `ddd.ddd`
fn fixed(value: f64, precision: usize, point: bool) -> String {
    let shown = precision.min(MOST_DIGITS);
    let mut text = format!("{value:.shown$}");
    if precision == 0 && point {
        text.push('.');
    }
    text.extend(std::iter::repeat_n('0', precision - shown));
    text
}

/// `d.ddde+dd`
fn exponential(value: f64, precision: usize, point: bool) -> String {
    let shown = precision.min(MOST_DIGITS);
    let text = format!("{value:.shown$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let dot = if precision == 0 && point { "." } else { "" };
    let zeros = "0".repeat(precision - shown);
    format!("{mantissa}{dot}{zeros}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The shorter of the two, by C's rule; without zeros at the end unless `#` keeps them.
fn general(value: f64, precision: usize, keep_zeros: bool) -> String {
    let scientific = exponential(value, precision - 1, keep_zeros);
    let exponent: i64 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let text = match usize::try_from(precision as i64 - 1 - exponent) {
        Ok(digits) if exponent >= -4 => fixed(value, digits, keep_zeros),
        _ => scientific,
    };
    let (mantissa, exponent) = text.split_once('e').map_or((text.as_str(), None), |(m, e)| (m, Some(e)));
    let mantissa = match keep_zeros || !mantissa.contains('.') {
        true => mantissa,
        false => mantissa.trim_end_matches('0').trim_end_matches('.'),
    };
    exponent.map_or_else(|| mantissa.to_owned(), |exponent| format!("{mantissa}e{exponent}"))
}

/// `1.8p+1`, behind `0x`; rounds half to even where digits are cut.
fn hexadecimal(value: f64, precision: Option<usize>, point: bool) -> String {
    const FRACTION_DIGITS: usize = 13;
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (mut mantissa, exponent) = match bits >> 52 & 0x7ff {
        0 if fraction == 0 => (0, 0),
        0 => (fraction, -1022),
        exponent => (fraction | 1 << 52, exponent as i32 - 1023),
    };
    let mut digits = FRACTION_DIGITS;
    match precision {
        Some(precision) if precision < FRACTION_DIGITS => {
            let cut = 4 * (FRACTION_DIGITS - precision);
            let (rest, half) = (mantissa & ((1 << cut) - 1), 1 << (cut - 1));
            mantissa >>= cut;
            mantissa += u64::from(rest > half || rest == half && mantissa & 1 == 1);
            digits = precision;
        }
        Some(_) => {}
        None => {
            while digits > 0 && mantissa & 0xf == 0 {
                mantissa >>= 4;
                digits -= 1;
            }
        }
    }
    let lead = mantissa >> (4 * digits);
    let fraction = mantissa & ((1u64 << (4 * digits)) - 1);
    let mut text = format!("{lead:x}");
    let zeros = precision.unwrap_or(0).saturating_sub(FRACTION_DIGITS);
    if digits + zeros > 0 || point {
        text.push('.');
    }
    if digits > 0 {
        text += &format!("{fraction:0digits$x}");
    }
    text.extend(std::iter::repeat_n('0', zeros));
    format!("{text}p{exponent:+}")
}
