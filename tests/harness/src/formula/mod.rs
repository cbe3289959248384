//! The small language in which headers say what memory holds: numbers, sums and loops over what was there before.
//!
//! `samples/README.md` is its description. A formula is parsed against an [`Env`], so every name is resolved before it runs; running is
//! bounded by a budget of steps, so a loop without end is an error.

mod eval;
mod functions;
mod lex;
mod parse;

use crate::layout::Layout;
use crate::scalar::Value;
pub use eval::Machine;

/// What a formula may speak of besides its own variables.
#[derive(Default)]
pub struct Env<'a> {
    pub numbers: Vec<(&'a str, Value)>,
    pub memory: Vec<Memory<'a>>,
}

/// A buffer as it was before the first launch.
pub struct Memory<'a> {
    pub name: &'a str,
    pub layout: &'a Layout,
    pub bytes: &'a [u8],
}

/// A mistake in a formula, `at` bytes from its start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    pub at: usize,
    pub message: String,
}

impl FormulaError {
    fn new(at: usize, message: impl Into<String>) -> FormulaError {
        FormulaError { at, message: message.into() }
    }
}

/// A parsed formula. Its first parameters are the locals 0, 1, ... in the order given to [`Formula::parse`].
#[derive(Debug)]
pub struct Formula {
    body: Expr,
    locals: usize,
}

impl Formula {
    pub fn parse(text: &str, parameters: &[&str], env: &Env) -> Result<Formula, FormulaError> {
        let (body, locals) = parse::parse(text, parameters, env)?;
        Ok(Formula { body, locals })
    }
}

/// An expression and where it starts in the text.
#[derive(Debug)]
struct Expr {
    at: u32,
    kind: ExprKind,
}

#[derive(Debug)]
enum ExprKind {
    Const(Value),
    Local(usize),
    /// Scalar number `index` of a field of a buffer.
    Load {
        memory: usize,
        field: usize,
        index: Box<Expr>,
    },
    /// The `index`-th smallest scalar.
    Sorted {
        memory: usize,
        field: usize,
        index: Box<Expr>,
    },
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<[Expr; 2]>),
    And(Box<[Expr; 2]>),
    Or(Box<[Expr; 2]>),
    Select(Box<[Expr; 3]>),
    Call(functions::Function, Vec<Expr>),
    Reduce {
        kind: Reduction,
        local: usize,
        bounds: Box<[Expr; 2]>,
        body: Box<Expr>,
    },
    Block(Vec<Stmt>, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unary {
    Negate,
    Not,
    Complement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reduction {
    Sum,
    Product,
    Least,
    Most,
    Count,
}

#[derive(Debug)]
enum Stmt {
    /// `let` and assignment alike.
    Set(usize, Expr),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    While(Expr, Vec<Stmt>),
    For(usize, [Expr; 2], Vec<Stmt>),
    Break,
}

#[cfg(test)]
mod tests;
