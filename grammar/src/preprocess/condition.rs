//! Conditions of `#if`: C++ [cpp.cond].

use super::Preprocessor;
use crate::token::{Kind, Token};
use ast::Symbol;
use source::{Code, Span};

const MAX_DEPTH: usize = 200;

/// Arithmetic is that of `intmax_t` and `uintmax_t`.
#[derive(Clone, Copy)]
struct Value {
    bits: i64,
    unsigned: bool,
}

impl Value {
    fn signed(bits: i64) -> Value {
        Value { bits, unsigned: false }
    }

    fn truth(self) -> bool {
        self.bits != 0
    }
}

impl Preprocessor<'_> {
    /// Whether the condition holds; a malformed one is reported and does not.
    pub(super) fn evaluate(&mut self, line: &[Token], directive: Span) -> bool {
        let prepared = self.answer_questions(line);
        let expanded = self.expand_line(&prepared);
        // Macros may bring `defined` in.
        let tokens = self.answer_questions(&expanded);
        let mut parser = Evaluator { tokens: &tokens, at: 0, depth: 0 };
        let value = parser.conditional(true);
        let left = parser.tokens.get(parser.at);
        match (value, left) {
            (Ok(value), None) => value.truth(),
            (Ok(_), Some(token)) => {
                let span = token.span();
                self.error(Code::E0106, "unexpected text behind the condition", span);
                false
            }
            (Err(message), at) => {
                let span = at.map_or(directive, Token::span);
                self.error(Code::E0106, message, span);
                false
            }
        }
    }

    /// Replaces `defined(X)`, `__has_include(..)` and its kin by 0 or 1.
    fn answer_questions(&self, line: &[Token]) -> Vec<Token> {
        let mut out = Vec::with_capacity(line.len());
        let mut at = 0;
        while let Some(token) = line.get(at) {
            at += 1;
            let rest = &line[at..];
            let answer = match token.as_str() {
                "defined" => self.defined(rest),
                "__has_include" | "__has_include_next" => self.has_include(rest),
                "__has_builtin"
                | "__has_attribute"
                | "__has_cpp_attribute"
                | "__has_feature"
                | "__has_extension"
                | "__has_declspec_attribute"
                | "__has_warning"
                | "__is_identifier" => closing(rest).map(|end| (false, end + 1)),
                _ => None,
            };
            match answer {
                Some((truth, used)) => {
                    out.push(Self::make_token(Kind::Number, Symbol::new(if truth { "1" } else { "0" }), token));
                    at += used;
                }
                None => out.push(*token),
            }
        }
        out
    }

    fn defined(&self, rest: &[Token]) -> Option<(bool, usize)> {
        let known = |name: &Token| {
            let asks = matches!(name.as_str(), "__has_include" | "__has_builtin" | "__has_attribute" | "__has_cpp_attribute");
            asks || name.text.is_some_and(|symbol| self.state.macros.counts_as_defined(symbol))
        };
        match rest {
            [paren, name, close, ..] if paren.is(Kind::LParen) && name.is(Kind::Ident) && close.is(Kind::RParen) => {
                Some((known(name), 3))
            }
            [name, ..] if name.is(Kind::Ident) => Some((known(name), 1)),
            _ => None,
        }
    }

    fn has_include(&self, rest: &[Token]) -> Option<(bool, usize)> {
        let end = closing(rest)?;
        let inner = &rest[1..end];
        let (name, quoted) = match inner {
            [only] if only.is(Kind::Str) => (only.as_str().trim_matches('"').to_string(), true),
            [open, middle @ .., close] if open.is(Kind::Lt) && close.is(Kind::Gt) => {
                (middle.iter().map(Token::as_str).collect(), false)
            }
            _ => return None,
        };
        Some((self.find_include(&name, quoted).is_some(), end + 1))
    }
}

/// The index of the `)` that closes the `(` at 0.
fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::LParen => depth += 1,
            Kind::RParen if depth == 1 => return Some(at),
            Kind::RParen => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

struct Evaluator<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

type Outcome = Result<Value, &'static str>;

impl Evaluator<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, kind: Kind) -> bool {
        let found = self.peek().is_some_and(|t| t.is(kind));
        self.at += usize::from(found);
        found
    }

    /// `live`: the value counts, so that division by zero is an error.
    fn conditional(&mut self, live: bool) -> Outcome {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("this condition nests too deep");
        }
        let condition = self.binary(0, live)?;
        let value = if self.take(Kind::Question) {
            let then = self.conditional(live && condition.truth())?;
            if !self.take(Kind::Colon) {
                return Err("expected `:` in the condition");
            }
            let otherwise = self.conditional(live && !condition.truth())?;
            let bits = if condition.truth() { then.bits } else { otherwise.bits };
            Value { bits, unsigned: then.unsigned || otherwise.unsigned }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(value)
    }

    /// The operator at the current place: text, precedence, number of tokens (`>` comes singly).
    fn operator(&self) -> Option<(&'static str, u8, usize)> {
        let token = self.peek()?;
        let touching = self.tokens.get(self.at + 1).filter(|next| token.touches(next));
        Some(match token.kind {
            Kind::OrOr => ("||", 1, 1),
            Kind::AndAnd => ("&&", 2, 1),
            Kind::Pipe => ("|", 3, 1),
            Kind::Caret => ("^", 4, 1),
            Kind::Amp => ("&", 5, 1),
            Kind::EqEq => ("==", 6, 1),
            Kind::NotEq => ("!=", 6, 1),
            Kind::Lt => ("<", 7, 1),
            Kind::Le => ("<=", 7, 1),
            Kind::Gt => match touching.map(|t| t.kind) {
                Some(Kind::Gt) => (">>", 8, 2),
                Some(Kind::Eq) => (">=", 7, 2),
                // `>==` cannot be; `>=` before `=` is not legal either.
                _ => (">", 7, 1),
            },
            Kind::Shl => ("<<", 8, 1),
            Kind::Plus => ("+", 9, 1),
            Kind::Minus => ("-", 9, 1),
            Kind::Star => ("*", 10, 1),
            Kind::Slash => ("/", 10, 1),
            Kind::Percent => ("%", 10, 1),
            Kind::Ident => match token.as_str() {
                "or" => ("||", 1, 1),
                "and" => ("&&", 2, 1),
                "not_eq" => ("!=", 6, 1),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn binary(&mut self, least: u8, live: bool) -> Outcome {
        let mut left = self.unary(live)?;
        while let Some((op, precedence, length)) = self.operator() {
            if precedence <= least {
                break;
            }
            self.at += length;
            let right_counts = match op {
                "||" => live && !left.truth(),
                "&&" => live && left.truth(),
                _ => live,
            };
            let right = self.binary(precedence, right_counts)?;
            left = apply(op, left, right, live)?;
        }
        Ok(left)
    }

    fn unary(&mut self, live: bool) -> Outcome {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("this condition nests too deep");
        }
        let Some(token) = self.peek().copied() else { return Err("the condition ends too early") };
        self.at += 1;
        let value = match token.kind {
            Kind::Minus => self.unary(live).map(|v| Value { bits: v.bits.wrapping_neg(), ..v })?,
            Kind::Plus => self.unary(live)?,
            Kind::Bang => Value::signed(i64::from(!self.unary(live)?.truth())),
            Kind::Tilde => self.unary(live).map(|v| Value { bits: !v.bits, ..v })?,
            Kind::LParen => {
                let value = self.conditional(live)?;
                if !self.take(Kind::RParen) {
                    return Err("expected `)` in the condition");
                }
                value
            }
            Kind::Number => number(token.as_str()).ok_or("only integers may stand in a condition")?,
            Kind::Char => Value::signed(character(token.as_str())),
            Kind::Ident if token.as_str() == "not" => Value::signed(i64::from(!self.unary(live)?.truth())),
            Kind::Ident => Value::signed(i64::from(token.as_str() == "true")),
            _ => {
                self.at -= 1;
                return Err("expected a value in the condition");
            }
        };
        self.depth -= 1;
        Ok(value)
    }
}

fn apply(op: &str, a: Value, b: Value, live: bool) -> Outcome {
    let unsigned = a.unsigned || b.unsigned;
    let (ua, ub) = (a.bits as u64, b.bits as u64);
    let truth = |t: bool| Ok(Value::signed(i64::from(t)));
    let less = if unsigned { ua < ub } else { a.bits < b.bits };
    let bits = match op {
        "||" => return truth(a.truth() || b.truth()),
        "&&" => return truth(a.truth() && b.truth()),
        "==" => return truth(a.bits == b.bits),
        "!=" => return truth(a.bits != b.bits),
        "<" => return truth(less),
        ">=" => return truth(!less),
        ">" => return truth(!less && a.bits != b.bits),
        "<=" => return truth(less || a.bits == b.bits),
        "|" => a.bits | b.bits,
        "^" => a.bits ^ b.bits,
        "&" => a.bits & b.bits,
        "<<" => a.bits.wrapping_shl(b.bits as u32),
        ">>" if a.unsigned => ua.wrapping_shr(b.bits as u32) as i64,
        ">>" => a.bits.wrapping_shr(b.bits as u32),
        "+" => a.bits.wrapping_add(b.bits),
        "-" => a.bits.wrapping_sub(b.bits),
        "*" => a.bits.wrapping_mul(b.bits),
        "/" | "%" if b.bits == 0 => {
            if live {
                return Err("division by zero in the condition");
            }
            0
        }
        "/" if unsigned => (ua / ub) as i64,
        "/" => a.bits.wrapping_div(b.bits),
        "%" if unsigned => (ua % ub) as i64,
        _ => a.bits.wrapping_rem(b.bits),
    };
    Ok(Value { bits, unsigned: if matches!(op, "<<" | ">>") { a.unsigned } else { unsigned } })
}

fn number(text: &str) -> Option<Value> {
    let lower = text.replace('\'', "").to_ascii_lowercase();
    let digits = lower.trim_end_matches(['u', 'l', 'z']);
    let unsigned = lower[digits.len()..].contains('u');
    let bits = if let Some(hex) = digits.strip_prefix("0x") {
        u64::from_str_radix(hex, 16)
    } else if let Some(binary) = digits.strip_prefix("0b") {
        u64::from_str_radix(binary, 2)
    } else if digits.len() > 1 && digits.starts_with('0') {
        u64::from_str_radix(digits, 8)
    } else {
        digits.parse()
    };
    let bits = bits.ok()?;
    Some(Value { bits: bits as i64, unsigned: unsigned || bits > i64::MAX as u64 })
}

fn character(text: &str) -> i64 {
    let inner = text.trim_start_matches(['u', 'U', 'L', '8']).trim_matches('\'');
    match inner.as_bytes() {
        [b'\\', b'n'] => 10,
        [b'\\', b't'] => 9,
        [b'\\', b'0'] => 0,
        [b'\\', other, ..] => i64::from(*other),
        _ => inner.chars().next().map_or(0, |c| c as i64),
    }
}
