//! Words of a formula.

use super::FormulaError;
use crate::scalar::Value;

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Number(Value),
    Name(String),
    /// An operator or bracket, as written.
    Symbol(&'static str),
    End,
}

/// Longest first, so that `<<` is not two `<`.
const SYMBOLS: [&str; 35] = [
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "..", "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "?",
    ":", "(", ")", "[", "]", "{", "}", ",", ";", ".", "@", "#",
];

/// All tokens with their byte offsets; the last one is [`Token::End`].
pub fn lex(text: &str) -> Result<Vec<(usize, Token)>, FormulaError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = if c.is_ascii_digit() {
            number(text, at)?
        } else if c.is_alphabetic() || c == '_' {
            let length = text[at..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len() - at);
            (Token::Name(text[at..at + length].to_string()), length)
        } else if let Some(symbol) = SYMBOLS.iter().find(|s| text[at..].starts_with(**s)) {
            (Token::Symbol(symbol), symbol.len())
        } else {
            return Err(FormulaError::new(at, format!("`{c}` means nothing in a formula")));
        };
        tokens.push((at, token));
        at += length;
    }
    tokens.push((text.len(), Token::End));
    Ok(tokens)
}

fn number(text: &str, at: usize) -> Result<(Token, usize), FormulaError> {
    let rest = &text[at..];
    if let Some(digits) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let length = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
        let value =
            i128::from_str_radix(&digits[..length], 16).map_err(|_| FormulaError::new(at, "malformed hexadecimal number"))?;
        return Ok((Token::Number(Value::Int(value)), length + 2));
    }
    let bytes = rest.as_bytes();
    let digits = |mut i: usize| {
        while bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let mut end = digits(0);
    let mut float = false;
    // `0..n` is a range, not the number `0.`.
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        (end, float) = (digits(end + 1), true);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            (end, float) = (digits(end + 1 + sign), true);
        }
    }
    let value = if float { rest[..end].parse().ok().map(Value::Float) } else { rest[..end].parse().ok().map(Value::Int) };
    let value = value.ok_or_else(|| FormulaError::new(at, "malformed number"))?;
    Ok((Token::Number(value), end))
}
