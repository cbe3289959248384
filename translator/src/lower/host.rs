//! Types of launch arguments in host code, which is not parsed: by the nearest declaration of each variable in the text.
//!
//! This only helps to deduce which kernel templates are wanted. A type that is not found leaves the kernel uninstantiated; a wrong
//! guess instantiates a kernel that nobody launches. Neither changes what a kernel means.

use super::*;
use ast::{BinaryOp as Op, Expr as Tree, ExprKind, UnaryOp as UnaryTree};
use source::SourceMap;

impl<'a> Sema<'a> {
    /// Operands of the arguments' types, not to be evaluated.
    pub(super) fn host_operands(&mut self, args: &'a [Tree], launch: Span, map: &SourceMap) -> Result<Vec<Operand<'a>>> {
        let mut out = Vec::new();
        for arg in args {
            match self.host_type(arg, launch, map) {
                Some(ty) => out.push(self.probe(ty, arg.span)?),
                // Parameters that are not dependent need no type.
                None => out.push(unknown_operand(arg.span)),
            }
        }
        Ok(out)
    }

    fn host_type(&mut self, tree: &'a Tree, launch: Span, map: &SourceMap) -> Option<CType> {
        match &tree.kind {
            ExprKind::Paren(inner) => self.host_type(inner, launch, map),
            ExprKind::Name(name) => {
                let symbol = name.as_ident()?;
                self.variable_in_text(symbol.as_str(), launch, map)
            }
            ExprKind::CCast { ty, .. } | ExprKind::NamedCast { ty, .. } | ExprKind::Construct { ty, .. } => {
                self.resolve_type(ty).ok()
            }
            ExprKind::SizeofType(_) | ExprKind::SizeofExpr(_) => Some(CType::SIZE),
            ExprKind::Unary { op: UnaryTree::AddressOf, operand } => {
                let ty = self.host_type(operand, launch, map)?;
                Some(self.types.pointer(ty))
            }
            ExprKind::Unary { op: UnaryTree::Deref, operand } => {
                let ty = self.host_type(operand, launch, map)?;
                self.types.pointee(ty)
            }
            ExprKind::Unary { operand, .. } => self.host_type(operand, launch, map),
            ExprKind::Index { base, .. } => {
                let ty = self.host_type(base, launch, map)?;
                self.types.pointee(ty)
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let (a, b) = (self.host_type(lhs, launch, map)?, self.host_type(rhs, launch, map)?);
                if self.types.is_pointer(a) {
                    return Some(a);
                }
                if matches!(op, Op::Eq | Op::Ne | Op::Lt | Op::Gt | Op::Le | Op::Ge | Op::And | Op::Or) {
                    return Some(CType::BOOL);
                }
                self.common_type(a, b).ok()
            }
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::Char(_) => Some(self.lower_expr(tree).ok()?.ty),
            _ => None,
        }
    }

    /// The nearest declaration before the launch, else the nearest in the whole file.
    fn variable_in_text(&mut self, name: &str, launch: Span, map: &SourceMap) -> Option<CType> {
        let (file, range) = map.locate(launch)?;
        let text = map.text(file);
        let before = &text[..range.start.min(text.len())];
        let mut end = before.len();
        while let Some(at) = before[..end].rfind(name) {
            end = at;
            if !is_word_at(before, at, name.len()) {
                continue;
            }
            if let Some(declared) = declaration_before(before, at, name.len())
                && let Some(ty) = self.type_from_words(&declared)
            {
                return Some(ty);
            }
        }
        None
    }
}

fn is_word_at(text: &str, at: usize, length: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let before = text[..at].chars().next_back();
    let behind = text[at + length..].chars().next();
    !before.is_some_and(|c| word(c) || c == '.' || c == '>') && !behind.is_some_and(word)
}

/// The words and stars of the type in front of a declared name: `float *a, *b` gives `float *` for `b`.
fn declaration_before(text: &str, at: usize, length: usize) -> Option<String> {
    let start = text[..at].rfind([';', '{', '}', '(', ')']).map_or(0, |i| i + 1);
    let behind = text[at + length..].trim_start();
    if !behind.is_empty() && !behind.starts_with([';', '=', ',', ')', '[', '(', '{']) {
        return None;
    }
    // Comments and preprocessor lines are no part of a declaration.
    let head: String = text[start..at]
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect::<Vec<_>>()
        .join(" ");
    let pieces: Vec<&str> = head.split(',').collect();
    let own = pieces.last()?.trim();
    let is_declarator = |text: &str| text.chars().all(|c| c == '*' || c == '&' || c.is_whitespace());
    let mut declared = if !is_declarator(own) {
        own.to_string()
    } else {
        let first = pieces.first()?.split('=').next()?;
        // The first declarator is the last word in front.
        let words = first.trim().trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
        let base = words.replace(['*', '&'], " ");
        if pieces.len() < 2 {
            return None;
        }
        format!("{base} {own}")
    };
    if declared.contains('=') || declared.contains("return") || declared.contains('.') {
        return None;
    }
    if text[at + length..].trim_start().starts_with('[') {
        declared.push('*');
    }
    Some(declared)
}

/// An argument of unknown type: nothing is deduced from it.
pub(super) fn unknown_operand<'a>(span: Span) -> Operand<'a> {
    Operand { ty: CType::VOID, kind: OperandKind::Braced(empty_list()), span }
}

fn empty_list() -> &'static ast::BraceInit {
    static LIST: ast::BraceInit = ast::BraceInit { items: Vec::new(), span: Span::NONE };
    &LIST
}
