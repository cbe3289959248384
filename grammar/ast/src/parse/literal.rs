//! Literals from their text: C++ [lex.literal].

use super::Errors;
use super::build::expr;
use crate::*;
use source::{Code, Span};

pub(super) fn int_literal(text: Symbol, lo: u32, hi: u32, errs: &mut Errors) -> Box<Expr> {
    let kind = match parse_int(text) {
        Some(literal) => ExprKind::Int(literal),
        None => match user_literal(text, lo, hi) {
            Some(call) => call,
            None => {
                errs.push(Code::E0123, format!("`{text}` is no integer literal"), Span::new(lo, hi));
                ExprKind::Error
            }
        },
    };
    expr(kind, lo, hi)
}

/// `2_km` is `operator""_km(2ull)`, `1.5_km` has a `long double` ([lex.ext]). The device has none, so a `double` stands for it.
fn user_literal(symbol: Symbol, lo: u32, hi: u32) -> Option<ExprKind> {
    let text = symbol.as_str();
    let at = text.find('_')?;
    let (number, suffix) = (&text[..at], Symbol::new(&text[at..]));
    let span = Span::new(lo, hi);
    let value = match parse_int(Symbol::new(&format!("{number}ull"))) {
        Some(literal) => ExprKind::Int(literal),
        None => ExprKind::Float(parse_float(Symbol::new(number)).filter(|float| float.suffix == FloatSuffix::None)?),
    };
    let segment = Segment { id: Id::Operator(OperatorName::Literal(suffix)), args: None, span };
    let name = Name { global: false, segments: Segments::One(segment), span };
    let callee = Box::new(Expr { kind: ExprKind::Name(name), span });
    Some(ExprKind::Call { callee, args: vec![Expr { kind: value, span }] })
}

fn parse_int(symbol: Symbol) -> Option<IntLit> {
    if let Some(value) = small_decimal(symbol.as_str()) {
        return Some(IntLit { value, radix: Radix::Decimal, unsigned: false, length: IntLength::Plain, text: symbol });
    }
    let text = symbol.as_str().replace('\'', "");
    let lower = text.to_ascii_lowercase();
    let (radix, base, digits) = if let Some(rest) = lower.strip_prefix("0x") {
        (Radix::Hex, 16, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (Radix::Binary, 2, rest)
    } else if lower.len() > 1 && lower.starts_with('0') && lower.as_bytes()[1].is_ascii_digit() {
        (Radix::Octal, 8, &lower[1..])
    } else {
        (Radix::Decimal, 10, &lower[..])
    };
    let end = digits.find(|c: char| !c.is_digit(base)).unwrap_or(digits.len());
    // No C++ type holds more, [lex.icon].
    let value = u128::from_str_radix(&digits[..end], base).ok().filter(|&value| value <= u128::from(u64::MAX))?;
    let (unsigned, length) = int_suffix(&digits[end..])?;
    Some(IntLit { value, radix, unsigned, length, text: symbol })
}

/// Nearly all literals are a few decimal digits.
fn small_decimal(text: &str) -> Option<u128> {
    let digits = text.as_bytes();
    let is_small = digits.iter().all(u8::is_ascii_digit) && (text == "0" || (1..=9).contains(&digits.len()) && digits[0] != b'0');
    is_small.then(|| digits.iter().fold(0, |value, digit| value * 10 + u128::from(digit - b'0')))
}

fn int_suffix(suffix: &str) -> Option<(bool, IntLength)> {
    let unsigned = suffix.contains('u');
    let length = match suffix.strip_prefix('u').or(suffix.strip_suffix('u')).unwrap_or(suffix) {
        "" => IntLength::Plain,
        "l" => IntLength::Long,
        "ll" | "i64" => IntLength::LongLong,
        "z" => IntLength::Size,
        _ => return None,
    };
    Some((unsigned, length))
}

pub(super) fn float_literal(text: Symbol, lo: u32, hi: u32, errs: &mut Errors) -> Box<Expr> {
    let kind = match parse_float(text) {
        Some(literal) => ExprKind::Float(literal),
        None => match user_literal(text, lo, hi) {
            Some(call) => call,
            None => {
                errs.push(Code::E0123, format!("`{text}` is no floating literal"), Span::new(lo, hi));
                ExprKind::Error
            }
        },
    };
    expr(kind, lo, hi)
}

fn parse_float(symbol: Symbol) -> Option<FloatLit> {
    let text = symbol.as_str().replace('\'', "").to_ascii_lowercase();
    let hex = text.starts_with("0x");
    let (digits, suffix) = if let Some(rest) = text.strip_suffix("f16") {
        (rest, FloatSuffix::Half)
    } else if let Some(rest) = text.strip_suffix('f').filter(|rest| !hex || rest.contains('p')) {
        (rest, FloatSuffix::Float)
    } else if let Some(rest) = text.strip_suffix('l') {
        (rest, FloatSuffix::Long)
    } else {
        (&text[..], FloatSuffix::None)
    };
    let valid = if hex {
        is_hex_float(digits)
    } else {
        digits.parse::<f64>().is_ok() && digits.starts_with(['.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    };
    valid.then(|| FloatLit { digits: Symbol::new(digits), suffix, text: symbol })
}

fn is_hex_float(text: &str) -> bool {
    let Some((mantissa, exponent)) = text[2..].split_once('p') else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = mantissa.replacen('.', "", 1);
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && !exponent.is_empty()
        && exponent.bytes().all(|b| b.is_ascii_digit())
}

/// Splits `u8"..."` into its prefix, what is between the quotes, and whether it is raw.
fn split_quoted(text: &str, quote: char) -> Option<(TextPrefix, &str, bool)> {
    let open = text.find(quote)?;
    let (head, rest) = text.split_at(open);
    let raw = head.ends_with('R');
    let prefix = match head.trim_end_matches('R') {
        "" => TextPrefix::None,
        "L" => TextPrefix::Wide,
        "u8" => TextPrefix::Utf8,
        "u" => TextPrefix::Utf16,
        "U" => TextPrefix::Utf32,
        _ => return None,
    };
    let inner = rest.strip_prefix(quote)?.strip_suffix(quote)?;
    if !raw {
        return Some((prefix, inner, false));
    }
    let (delimiter, body) = inner.split_once('(')?;
    Some((prefix, body.strip_suffix(delimiter)?.strip_suffix(')')?, true))
}

pub(super) fn char_literal(text: Symbol, lo: u32, hi: u32, errs: &mut Errors) -> Box<Expr> {
    let parsed = split_quoted(text.as_str(), '\'').and_then(|(prefix, inner, _)| Some((prefix, unescape(inner, prefix)?)));
    let kind = match parsed {
        Some((prefix, bytes)) if !bytes.is_empty() => {
            let value = bytes.iter().fold(0u32, |value, &unit| (value << 8) | unit);
            ExprKind::Char(CharLit { value, prefix, text })
        }
        _ => {
            errs.push(Code::E0123, format!("{text} is no character literal"), Span::new(lo, hi));
            ExprKind::Error
        }
    };
    expr(kind, lo, hi)
}

/// Joins neighbouring strings.
pub(super) fn string_literal(texts: Vec<Symbol>, lo: u32, hi: u32, errs: &mut Errors) -> StrLit {
    let (mut value, mut prefix) = (Vec::new(), TextPrefix::None);
    for text in &texts {
        let parsed = split_quoted(text.as_str(), '"').and_then(|(prefix, inner, raw)| {
            let units = if raw { inner.bytes().map(u32::from).collect() } else { unescape(inner, TextPrefix::None)? };
            Some((prefix, units))
        });
        match parsed {
            Some((own, units)) => {
                if own != TextPrefix::None {
                    prefix = own;
                }
                value.extend(units.into_iter().map(|unit| unit as u8));
            }
            None => errs.push(Code::E0123, format!("{text} is no string literal"), Span::new(lo, hi)),
        }
    }
    let text = match &texts[..] {
        [only] => *only,
        all => Symbol::new(&all.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(" ")),
    };
    StrLit { value, prefix, text, span: Span::new(lo, hi) }
}

/// Code units: bytes of UTF-8 for plain text, whole characters for wide ones.
fn unescape(text: &str, prefix: TextPrefix) -> Option<Vec<u32>> {
    let wide = !matches!(prefix, TextPrefix::None | TextPrefix::Utf8);
    let mut units = Vec::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            match escape(&mut chars)? {
                Escaped::Unit(unit) => units.push(unit),
                Escaped::Char(c) => push_char(&mut units, c, wide),
                Escaped::Nothing => {}
            }
        } else {
            push_char(&mut units, c, wide);
        }
    }
    Some(units)
}

fn push_char(units: &mut Vec<u32>, c: char, wide: bool) {
    if wide {
        units.push(c as u32);
    } else {
        let mut buffer = [0; 4];
        units.extend(c.encode_utf8(&mut buffer).bytes().map(u32::from));
    }
}

enum Escaped {
    Unit(u32),
    Char(char),
    Nothing,
}

fn escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Escaped> {
    let unit = match chars.next()? {
        'n' => 10,
        't' => 9,
        'r' => 13,
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'v' => 11,
        'e' => 27,
        '\n' => return Some(Escaped::Nothing),
        'x' => number(chars, 16, usize::MAX)?,
        'u' => return char::from_u32(number(chars, 16, 4)?).map(Escaped::Char),
        'U' => return char::from_u32(number(chars, 16, 8)?).map(Escaped::Char),
        first @ '0'..='7' => {
            let mut value = first as u32 - '0' as u32;
            for _ in 0..2 {
                match chars.peek().and_then(|c| c.to_digit(8)) {
                    Some(digit) => {
                        value = value * 8 + digit;
                        chars.next();
                    }
                    None => break,
                }
            }
            value
        }
        other => other as u32,
    };
    Some(Escaped::Unit(unit))
}

fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, radix: u32, most: usize) -> Option<u32> {
    let (mut value, mut count) = (0u32, 0);
    while count < most {
        match chars.peek().and_then(|c| c.to_digit(radix)) {
            Some(digit) => {
                value = value.checked_mul(radix)?.checked_add(digit)?;
                count += 1;
                chars.next();
            }
            None => break,
        }
    }
    (count > 0).then_some(value)
}
