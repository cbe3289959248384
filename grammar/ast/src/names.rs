//! Names: identifiers, qualified names, template arguments, operator names.

use crate::{Expr, Symbol, Type};
use source::Span;
use std::fmt;
use std::ops::Deref;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident {
    pub name: Symbol,
    pub span: Span,
}

/// A name as written: `x`, `::n::A<int>::f`, `operator+`, `~T`, `decltype(x)::type`.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// Starts with `::`.
    pub global: bool,
    /// At least one; the last is the name itself, those before it are its scopes.
    pub segments: Segments,
    pub span: Span,
}

/// The segments of a name. Nearly all names have one, and names are the most frequent nodes of all trees, so that one takes no
/// memory of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Segments {
    One(Segment),
    Several(Vec<Segment>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub id: Id,
    /// `Some` also for an empty list: `f<>`. Few segments have one.
    pub args: Option<Box<TemplateArgs>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TemplateArgs(pub Vec<TemplateArg>);

#[derive(Clone, Debug, PartialEq)]
pub enum Id {
    Ident(Symbol),
    /// `operator+`, `operator()`
    Operator(OperatorName),
    /// `operator T`
    Conversion(Box<Type>),
    /// `~T`: the name behind the tilde.
    Destructor(Symbol),
    /// `decltype(e)::...`: only as a scope.
    Decltype(Box<Expr>),
}

/// The operators that a function may be named for (C++ [over.oper]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperatorName {
    Call,
    Index,
    Arrow,
    ArrowStar,
    Comma,
    /// `!`
    Not,
    /// `~`
    BitNot,
    Increment,
    Decrement,
    /// `+ - * & ...`: one operand (`*`, `&`, `+`, `-`) or two, as the parameters say.
    Binary(crate::BinaryOp),
    /// `=`
    Assign,
    /// `+=` and so on.
    CompoundAssign(crate::BinaryOp),
    New,
    NewArray,
    Delete,
    DeleteArray,
    /// `operator""_suffix`
    Literal(Symbol),
}

#[derive(Clone, Debug, PartialEq)]
pub struct TemplateArg {
    pub kind: TemplateArgKind,
    /// `args...`
    pub pack: bool,
    pub span: Span,
}

/// C++ tells types from expressions by look-up, which syntax has not: a bare name is `Name`, sema decides.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateArgKind {
    Type(Type),
    Expr(Expr),
    /// A name alone, type or value or template.
    Name(Name),
}

impl Name {
    pub fn from_ident(ident: Ident) -> Name {
        Name {
            global: false,
            segments: Segments::One(Segment { id: Id::Ident(ident.name), args: None, span: ident.span }),
            span: ident.span,
        }
    }

    /// The last segment. A name always has one.
    pub fn last(&self) -> &Segment {
        self.segments.last().expect("a name has at least one segment")
    }

    /// The symbol of the last segment, if it is an identifier.
    pub fn symbol(&self) -> Option<Symbol> {
        match self.last().id {
            Id::Ident(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// The symbol, if the name is one identifier without scope or template arguments.
    pub fn as_ident(&self) -> Option<Symbol> {
        match &self.segments[..] {
            [Segment { id: Id::Ident(symbol), args: None, .. }] if !self.global => Some(*symbol),
            _ => None,
        }
    }

    pub fn is_qualified(&self) -> bool {
        self.global || self.segments.len() > 1
    }
}

impl Deref for Segments {
    type Target = [Segment];

    fn deref(&self) -> &[Segment] {
        match self {
            Segments::One(segment) => std::slice::from_ref(segment),
            Segments::Several(segments) => segments,
        }
    }
}

impl<'n> IntoIterator for &'n Segments {
    type Item = &'n Segment;
    type IntoIter = std::slice::Iter<'n, Segment>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Deref for TemplateArgs {
    type Target = [TemplateArg];

    fn deref(&self) -> &[TemplateArg] {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}
