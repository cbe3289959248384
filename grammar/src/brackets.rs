//! The mate of every bracket, computed once: all later look-ahead jumps over brackets.
//!
//! Unbalanced brackets are reported before anything else, because one missing brace changes the meaning of all that follows.

use crate::token::{Kind, Token};
use ast::Kw;
use source::{Code, Diagnostic, Span};

/// Deeper nesting is refused: every later stage recurses on brackets.
const MAX_DEPTH: usize = 256;

/// No bracket, or a bracket without a mate.
pub const NO_MATE: u32 = u32::MAX;

/// The index of the mate of each token that is a bracket.
pub fn match_brackets(tokens: &[Token]) -> Result<Vec<u32>, Vec<Diagnostic>> {
    let mut mates = vec![NO_MATE; tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => {
                if open.len() >= MAX_DEPTH {
                    return Err(vec![too_deep(token.span())]);
                }
                open.push(at);
            }
            Kind::RParen | Kind::RBracket | Kind::RBrace => match open.pop() {
                Some(mate) if closes(tokens[mate].kind, token.kind) => {
                    mates[mate] = at as u32;
                    mates[at] = mate as u32;
                }
                _ => return Err(explain(tokens)),
            },
            _ => {}
        }
    }
    if open.is_empty() { Ok(mates) } else { Err(explain(tokens)) }
}

pub fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(Code::E0116, format!("brackets nest more than {MAX_DEPTH} deep"), span)
}

fn closes(open: Kind, close: Kind) -> bool {
    matches!((open, close), (Kind::LParen, Kind::RParen) | (Kind::LBracket, Kind::RBracket) | (Kind::LBrace, Kind::RBrace))
}

/// Goes through the brackets once more and says what is wrong. A kernel cannot start inside a function, so a line that
/// starts with `__global__` ends whatever block is open; the error then names the right function.
fn explain(tokens: &[Token]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if diagnostics.len() >= 20 {
            break;
        }
        match token.kind {
            Kind::LParen | Kind::LBracket | Kind::LBrace => open.push(at),
            Kind::RParen | Kind::RBracket | Kind::RBrace => close(tokens, &mut open, at, &mut diagnostics),
            Kind::Ident if token.starts_line() && token.keyword() == Some(Kw::Global) => {
                if let Some(first) = open.iter().position(|&o| is_block(tokens, o)) {
                    report_unclosed(tokens, &open[first..], &mut diagnostics);
                    open.truncate(first);
                }
            }
            _ => {}
        }
    }
    report_unclosed(tokens, &open, &mut diagnostics);
    diagnostics
}

fn close(tokens: &[Token], open: &mut Vec<usize>, at: usize, diagnostics: &mut Vec<Diagnostic>) {
    let token = &tokens[at];
    match open.last() {
        Some(&mate) if closes(tokens[mate].kind, token.kind) => {
            open.pop();
        }
        Some(&mate) => {
            let message = format!("`{}` does not close `{}`", token.as_str(), tokens[mate].as_str());
            let diagnostic = Diagnostic::error(Code::E0115, message, token.span());
            diagnostics.push(diagnostic.with_label(tokens[mate].span(), "opened here"));
            // Drop brackets until one fits; if none does, the closing one is the stranger.
            if let Some(fit) = open.iter().rposition(|&o| closes(tokens[o].kind, token.kind)) {
                open.truncate(fit);
            }
        }
        None => {
            let message = format!("`{}` closes nothing", token.as_str());
            diagnostics.push(Diagnostic::error(Code::E0115, message, token.span()));
        }
    }
}

/// `{` of a function: `)` stands before it.
fn is_block(tokens: &[Token], at: usize) -> bool {
    tokens[at].is(Kind::LBrace) && at > 0 && tokens[at - 1].is(Kind::RParen)
}

fn report_unclosed(tokens: &[Token], open: &[usize], diagnostics: &mut Vec<Diagnostic>) {
    for &at in open.iter().take(20) {
        let message = format!("this `{}` is never closed", tokens[at].as_str());
        diagnostics.push(Diagnostic::error(Code::E0115, message, tokens[at].span()));
    }
}
