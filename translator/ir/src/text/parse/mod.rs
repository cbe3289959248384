//! Text to module. The first error ends it: the input is ours, not a user's.

mod expr;
mod item;
mod stmt;

use super::lexer::{Spot, Token, lex};
use crate::expr::{ConstantId, Expr, ExprId, LetId, LocalId};
use crate::module::{FuncId, GlobalId, Module};
use crate::types::TypeId;
use rustc_hash::FxHashMap;
use source::Span;

/// Why a text is no module. `line` and `column` count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ParseError {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

impl ParseError {
    pub(super) fn at(text: &str, offset: usize, message: impl Into<String>) -> ParseError {
        let before = &text[..offset.min(text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
        ParseError { message: message.into(), line, column }
    }
}

/// Reads a module. Spans are those of the text, as if it were the first file of a source map.
pub fn parse(text: &str) -> Result<Module> {
    let tokens = lex(text)?;
    let mut parser = Parser {
        text,
        tokens,
        pos: 0,
        depth: 0,
        module: Module::default(),
        structs: FxHashMap::default(),
        functions: FxHashMap::default(),
        values: FxHashMap::default(),
        function: None,
    };
    parser.module()?;
    Ok(parser.module)
}

/// Expressions and blocks deeper than this are refused, so that the parser's own stack suffices.
const MAX_DEPTH: u32 = 256;

#[derive(Clone, Copy)]
enum Symbol {
    Constant(ConstantId),
    Global(GlobalId),
    Param(u32),
    Local(LocalId),
    Let(LetId),
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Spot<'a>>,
    pos: usize,
    depth: u32,
    module: Module,
    structs: FxHashMap<String, TypeId>,
    functions: FxHashMap<String, FuncId>,
    values: FxHashMap<String, Symbol>,
    /// The function whose body is read.
    function: Option<FuncId>,
}

type Result<T> = std::result::Result<T, ParseError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.pos].token
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.tokens[self.pos].token.clone();
        self.pos = (self.pos + 1).min(self.tokens.len() - 1);
        token
    }

    /// Is the next token the first of a new line?
    fn at_line_end(&self) -> bool {
        self.tokens[self.pos].starts_line
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if *found == word)
    }

    fn eat_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.next();
        }
        found
    }

    /// A keyword, if it is there and on the same line.
    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word) && !self.at_line_end();
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<()> {
        if self.eat_sign(sign) { Ok(()) } else { self.fail(format!("expected `{sign}`")) }
    }

    fn expect_word(&mut self, word: &str) -> Result<()> {
        if self.is_word(word) {
            self.next();
            return Ok(());
        }
        self.fail(format!("expected `{word}`"))
    }

    fn word(&mut self) -> Result<String> {
        match self.next() {
            Token::Word(word) => Ok(word.to_owned()),
            _ => self.fail_before("expected a word"),
        }
    }

    /// A name as it is shown; no keyword.
    fn name(&mut self) -> Result<String> {
        match self.next() {
            Token::Word(word) if !super::spell::is_reserved(word) => Ok(word.to_owned()),
            Token::Name(name) => Ok(name),
            _ => self.fail_before("expected a name"),
        }
    }

    fn integer(&mut self) -> Result<u64> {
        let value = match self.next() {
            Token::Number(digits, "") => digits.parse().ok(),
            Token::Hex(value) => Some(value),
            _ => None,
        };
        value.map_or_else(|| self.fail_before("expected an integer"), Ok)
    }

    fn string(&mut self) -> Result<String> {
        match self.next() {
            Token::Text(text) => Ok(text),
            _ => self.fail_before("expected a string"),
        }
    }

    fn line_end(&self) -> Result<()> {
        if self.at_line_end() { Ok(()) } else { self.fail("expected the end of the line") }
    }

    fn fail<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(ParseError::at(self.text, self.tokens[self.pos].start, message))
    }

    /// Fails at the token that was just taken.
    fn fail_before<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(ParseError::at(self.text, self.tokens[self.pos.saturating_sub(1)].start, message))
    }

    /// From the token at `start` to the one just taken.
    fn span(&self, start: usize) -> Span {
        let end = self.tokens[self.pos.saturating_sub(1).max(start)].end;
        Span::new(self.tokens[start].start as u32 + 1, end as u32 + 1)
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == MAX_DEPTH {
            return self.fail("nested too deep");
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn func(&self) -> FuncId {
        self.function.expect("statements and expressions stand in a function")
    }

    fn ty_of(&self, id: ExprId) -> TypeId {
        self.module.functions[self.func()].ty(id)
    }

    fn add(&mut self, expr: Expr, start: usize) -> Result<ExprId> {
        let span = self.span(start);
        let func = self.func();
        match self.module.add_expr(func, expr, span) {
            Ok(id) => Ok(id),
            Err(error) => Err(ParseError::at(self.text, self.tokens[start].start, error.to_string())),
        }
    }
}

/// The source's name in a shown one: without quotes and number.
fn plain_name(shown: &str) -> String {
    if let Some(quoted) = shown.strip_prefix('`') {
        let end = quoted.rfind('`').unwrap_or(quoted.len());
        return unescape(&quoted[..end]);
    }
    shown.split('.').next().unwrap_or(shown).to_owned()
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                other => out.extend(other),
            },
            c => out.push(c),
        }
    }
    out
}
