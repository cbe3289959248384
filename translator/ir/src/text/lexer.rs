//! Tokens of the text form.

use super::parse::ParseError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A name that may be a keyword.
    Word(&'a str),
    /// A name that is none: quoted, numbered (`i.1`) or unnamed (`%3`).
    Name(String),
    /// Digits, fraction and exponent; then the type's suffix.
    Number(&'a str, &'a str),
    /// Digits behind `0x`.
    Hex(u64),
    Text(String),
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    pub(super) token: Token<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The first token of its line: an expression does not go on here.
    pub(super) starts_line: bool,
}

/// Longer signs stand before their beginnings.
const SIGNS: &[&str] = &[
    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "->", ".*", "(", ")", "{", "}", "[", "]", "<", ">", "+", "-", "*", "/", "%",
    "&", "|", "^", "~", "!", "?", ":", ",", "=", ".", "#", "@", ";",
];

pub(super) fn lex(text: &str) -> Result<Vec<Spot<'_>>, ParseError> {
    let mut lexer = Lexer { text, pos: 0 };
    // Few texts have more tokens.
    let mut spots = Vec::with_capacity(text.len() / 2);
    loop {
        let starts_line = lexer.skip_space() || spots.is_empty();
        let start = lexer.pos;
        let token = lexer.token()?;
        let ended = token == Token::End;
        spots.push(Spot { token, start, end: lexer.pos, starts_line: starts_line || ended });
        if ended {
            return Ok(spots);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    pos: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.pos..]
    }

    fn take_while(&mut self, test: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !test(c)).unwrap_or(rest.len());
        self.pos += length;
        &rest[..length]
    }

    /// Skips blanks and comments; was there a line end? A `;` between brackets of an array type is a sign: there a blank and
    /// a digit follow.
    fn skip_space(&mut self) -> bool {
        let mut line_end = false;
        loop {
            line_end |= self.take_while(char::is_whitespace).contains('\n');
            let rest = self.rest();
            if rest.starts_with("//")
                || (rest.starts_with(';') && !rest[1..].trim_start_matches(' ').starts_with(|c: char| c.is_ascii_digit()))
            {
                self.take_while(|c| c != '\n');
            } else {
                return line_end;
            }
        }
    }

    fn token(&mut self) -> Result<Token<'a>, ParseError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token::End) };
        match first {
            '`' => self.quoted('`').map(|name| {
                let name = super::names::quote(&name);
                Token::Name(self.number_behind().map_or(name.clone(), |number| format!("{name}.{number}")))
            }),
            '"' => self.quoted('"').map(Token::Text),
            '0'..='9' => self.number(),
            '%' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.pos += 1;
                Ok(Token::Name(format!("%{}", self.take_while(|c| c.is_ascii_digit()))))
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let word = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                Ok(match self.number_behind() {
                    Some(number) => Token::Name(format!("{word}.{number}")),
                    None => Token::Word(word),
                })
            }
            _ => match SIGNS.iter().find(|sign| sign.starts_with(first) && rest.starts_with(**sign)) {
                Some(sign) => {
                    self.pos += sign.len();
                    Ok(Token::Sign(sign))
                }
                None => Err(self.error(format!("unexpected character `{}`", first.escape_debug()))),
            },
        }
    }

    /// The `1` of a `.1` that follows a name.
    fn number_behind(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let is_there = rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        is_there.then(|| {
            self.pos += 1;
            self.take_while(|c| c.is_ascii_digit())
        })
    }

    fn number(&mut self) -> Result<Token<'a>, ParseError> {
        if self.rest().starts_with("0x") {
            self.pos += 2;
            let digits = self.take_while(|c| c.is_ascii_hexdigit());
            return u64::from_str_radix(digits, 16).map(Token::Hex).map_err(|_| self.error("not a 64-bit number"));
        }
        let start = self.pos;
        self.take_while(|c| c.is_ascii_digit());
        if self.rest().starts_with('.') && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
            self.pos += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let exponent = self.rest().strip_prefix('e').map(|rest| rest.strip_prefix('-').unwrap_or(rest));
        if exponent.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            self.pos += 1;
            self.take_while(|c| c.is_ascii_digit() || c == '-');
        }
        let digits = &self.text[start..self.pos];
        let suffix = self.take_while(|c| c.is_ascii_alphanumeric());
        Ok(Token::Number(digits, suffix))
    }

    fn quoted(&mut self, quote: char) -> Result<String, ParseError> {
        self.pos += 1;
        let mut out = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((offset, c)) = chars.next() {
            if c == quote {
                self.pos += offset + 1;
                return Ok(out);
            }
            let value = match c {
                '\n' => break,
                '\\' => match chars.next().map(|(_, escaped)| escaped) {
                    Some('n') => Some('\n'),
                    Some('u') => {
                        let digits: String =
                            chars.by_ref().map(|(_, c)| c).skip_while(|c| *c == '{').take_while(|c| *c != '}').collect();
                        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
                    }
                    other => other,
                },
                c => Some(c),
            };
            match value {
                Some(value) => out.push(value),
                None => break,
            }
        }
        Err(self.error(format!("no closing {quote}")))
    }

    fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError::at(self.text, self.pos, message)
    }
}
