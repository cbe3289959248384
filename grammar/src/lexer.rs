//! Text to raw tokens. Newlines become a flag of the token behind them; comments are kept apart.

use crate::token::{Flags, Kind, Token};
use ast::Interner;
use logos::Logos;
use rustc_hash::FxHashMap;
use source::Span;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The tokens of a file, in positions that start at `base`.
#[derive(Debug, Default)]
pub struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Span>,
}

/// Lexes a shipped header. Its text never changes, so the work is done once for the process.
pub fn lex_shipped(text: &'static str, base: u32) -> Lexed {
    type Cache = Mutex<FxHashMap<(usize, usize), Arc<Lexed>>>;
    static CACHE: OnceLock<Cache> = OnceLock::new();
    // The address of a static text stands for its content.
    let key = (text.as_ptr() as usize, text.len());
    let cached = {
        let mut cache = CACHE.get_or_init(Cache::default).lock().unwrap_or_else(PoisonError::into_inner);
        cache.entry(key).or_insert_with(|| Arc::new(lex(text, 0))).clone()
    };
    let shift = |token: &Token| Token { lo: token.lo + base, hi: token.hi + base, ..*token };
    Lexed { tokens: cached.tokens.iter().map(shift).collect(), comments: Vec::new() }
}

/// Lexes a whole file. Never fails: what is no token becomes `Kind::Unknown`.
pub fn lex(text: &str, base: u32) -> Lexed {
    let mut interner = Interner::lock();
    let mut lexed = Lexed { tokens: Vec::with_capacity(text.len() / 4), comments: Vec::new() };
    let mut lexer = Kind::lexer(text);
    let mut flags = Flags::LINE_START;
    let mut end = 0;
    while let Some(result) = lexer.next() {
        let range = lexer.span();
        let kind = result.unwrap_or(Kind::Unknown);
        match kind {
            Kind::Newline => {
                flags = Flags::LINE_START;
                end = range.end;
                continue;
            }
            Kind::Comment => {
                lexed.comments.push(Span::new(base + range.start as u32, base + range.end as u32));
                flags = flags.with(Flags::SPACE);
                end = range.end;
                continue;
            }
            _ => {}
        }
        if range.start != end {
            flags = flags.with(Flags::SPACE);
        }
        // Formatters write `k << <1, 32 >> >(x)`, which nvcc takes; a `<` behind `<<` is nothing else.
        if kind == Kind::Lt
            && !flags.has(Flags::LINE_START)
            && let Some(last) = lexed.tokens.last_mut()
            && last.kind == Kind::Shl
        {
            (last.kind, last.hi) = (Kind::LaunchL, base + range.end as u32);
            (flags, end) = (Flags::default(), range.end);
            continue;
        }
        let text = match kind {
            Kind::Ident | Kind::Number | Kind::Char | Kind::Str => Some(interner.intern(lexer.slice())),
            // A comment without end may be long; its text says nothing.
            Kind::Unknown if range.len() <= 8 => Some(interner.intern(lexer.slice())),
            _ => None,
        };
        lexed.tokens.push(Token { lo: base + range.start as u32, hi: base + range.end as u32, text, kind, flags });
        flags = Flags::default();
        end = range.end;
    }
    lexed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        lex(text, 1).tokens.iter().map(|t| t.kind).collect()
    }

    fn texts(text: &str) -> Vec<&'static str> {
        lex(text, 1).tokens.iter().map(Token::as_str).collect()
    }

    #[test]
    fn numbers_keep_suffixes_and_exponents() {
        assert_eq!(texts("1.f .5 1e-3f 0x1p-3 0xffULL 1'000 3..."), ["1.f", ".5", "1e-3f", "0x1p-3", "0xffULL", "1'000", "3..."]);
    }

    #[test]
    fn greater_is_single_and_launch_is_one() {
        use Kind::*;
        assert_eq!(kinds("a<<<b>>>(c)"), [Ident, LaunchL, Ident, Gt, Gt, Gt, LParen, Ident, RParen]);
        assert_eq!(kinds("a << <b >> >(c)"), [Ident, LaunchL, Ident, Gt, Gt, Gt, LParen, Ident, RParen]);
        assert_eq!(kinds("a<<=b<<c<=d"), [Ident, ShlEq, Ident, Shl, Ident, Le, Ident]);
    }

    #[test]
    fn strings_comments_and_lines() {
        let lexed = lex("a // x\n  b /* y\n z */ c \"s\\\"\" R\"x(a)\" )x\" 'c' L'\\n'", 1);
        assert_eq!(lexed.comments.len(), 2);
        let starts: Vec<_> = lexed.tokens.iter().filter(|t| t.starts_line()).map(Token::as_str).collect();
        assert_eq!(starts, ["a", "b"]);
        assert_eq!(lexed.tokens.iter().filter(|t| t.kind == Kind::Str).count(), 2);
        assert_eq!(lexed.tokens.iter().filter(|t| t.kind == Kind::Char).count(), 2);
    }

    #[test]
    fn what_does_not_end_is_unknown() {
        assert!(kinds("a \"b").contains(&Kind::Unknown));
        assert!(kinds("a /* b").contains(&Kind::Unknown));
        assert!(kinds("@ ` \\ x").contains(&Kind::Unknown));
    }
}
