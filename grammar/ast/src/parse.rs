//! Runs the generated parser over the role tokens of one declaration. The only module that knows LALRPOP.

// The parser's values are boxed, so that its stack stays small; the builders take them as they come.
#[allow(clippy::boxed_local, clippy::vec_box, clippy::too_many_arguments)]
mod build;
mod expected;
mod literal;

lalrpop_util::lalrpop_mod!(
    #[allow(clippy::all, unused)]
    cuda,
    "/parse/cuda.rs"
);

use crate::{Decl, Expr, Symbol, Tok};
use lalrpop_util::{ErrorRecovery, ParseError};
use source::{Code, Diagnostic, Span};
use std::cell::Cell;
use std::rc::Rc;

/// What the actions of the grammar report to.
#[derive(Default)]
pub(crate) struct Errors {
    diagnostics: Vec<Diagnostic>,
    /// How many `;`, `{` and `}` the parser has read. Between two of them only the first syntax error counts: the others
    /// are its consequences.
    boundaries: Rc<Cell<u32>>,
    last: Option<u32>,
}

impl Errors {
    fn push(&mut self, code: Code, message: impl Into<String>, span: Span) {
        self.diagnostics.push(Diagnostic::error(code, message, span));
    }

    /// The parser dropped tokens to go on.
    fn recovered(&mut self, recovery: ErrorRecovery<u32, Tok, ()>) {
        self.unexpected(recovery.error);
    }

    fn unexpected(&mut self, error: ParseError<u32, Tok, ()>) {
        let diagnostic = match error {
            ParseError::UnrecognizedToken { token: (lo, found, hi), expected } => {
                let message = format!("expected {}, found {}", expected::describe(&expected), expected::found(found));
                Diagnostic::error(Code::E0120, message, Span::new(lo, hi))
            }
            ParseError::UnrecognizedEof { location, expected } => {
                let message = format!("expected {}, found the end of the declaration", expected::describe(&expected));
                Diagnostic::error(Code::E0120, message, Span::new(location, location))
            }
            ParseError::ExtraToken { token: (lo, found, hi) } => {
                let message = format!("expected the end of the declaration, found {}", expected::found(found));
                Diagnostic::error(Code::E0120, message, Span::new(lo, hi))
            }
            ParseError::InvalidToken { location } => {
                Diagnostic::error(Code::E0120, "unexpected text", Span::new(location, location))
            }
            ParseError::User { error: () } => return,
        };
        let place = Some(self.boundaries.get());
        if self.last != place {
            self.last = place;
            self.diagnostics.push(diagnostic);
        }
    }
}

/// Parses one declaration. The tree is there if the parser came to the end, with or without recovered errors.
pub fn parse_decl(tokens: Vec<(u32, Tok, u32)>) -> (Option<Box<Decl>>, Vec<Diagnostic>) {
    let mut errors = Errors::default();
    let boundaries = errors.boundaries.clone();
    let tokens = tokens.into_iter().inspect(|token| {
        if matches!(token.1, Tok::Semi | Tok::LBrace | Tok::RBrace | Tok::BlockL) {
            boundaries.set(boundaries.get() + 1);
        }
    });
    let tree = match cuda::DeclParser::new().parse(&mut errors, tokens) {
        Ok(tree) => Some(tree),
        Err(error) => {
            errors.unexpected(error);
            None
        }
    };
    (tree, errors.diagnostics)
}

/// A number as an expression, `None` if it is malformed. `float` says which kind of literal its text is.
pub fn parse_number(text: Symbol, float: bool, span: Span) -> Option<Expr> {
    let mut errors = Errors::default();
    let make = if float { literal::float_literal } else { literal::int_literal };
    let expr = make(text, span.lo, span.hi, &mut errors);
    errors.diagnostics.is_empty().then_some(*expr)
}
