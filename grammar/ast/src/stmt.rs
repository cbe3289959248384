//! Statements. Labels stand flat in their block, before the statement they name.

use crate::{Decl, Expr, Ident, Param, StrLit};
use source::Span;

#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    /// With its braces.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    Empty,
    Expr(Box<Expr>),
    Decl(Box<Decl>),
    Block(Block),
    If(Box<If>),
    Switch(Box<Switch>),
    /// `case a:` or GNU's `case a ... b:`. Flat: the labelled statement follows in the same block.
    Case {
        value: Box<Expr>,
        high: Option<Box<Expr>>,
    },
    /// `default:`
    Default,
    Label(Ident),
    Goto(Ident),
    While(Box<While>),
    DoWhile(Box<DoWhile>),
    For(Box<For>),
    RangeFor(Box<RangeFor>),
    Break,
    Continue,
    /// `return;`, `return e;`, `return {a, b};`
    Return(Option<Box<Expr>>),
    Asm(Box<Asm>),
    Try(Box<Try>),
    /// A syntax error was here and has been reported.
    Error,
}

#[derive(Clone, Debug, PartialEq)]
pub struct If {
    pub constexpr: bool,
    /// `if (int i = f(); i > 0)`
    pub init: Option<Stmt>,
    pub condition: Condition,
    pub then: Stmt,
    pub otherwise: Option<Stmt>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Expr(Expr),
    /// `while (int n = f())`: one variable with its initialiser.
    Decl(Box<Decl>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    pub init: Option<Stmt>,
    pub condition: Condition,
    pub body: Stmt,
}

#[derive(Clone, Debug, PartialEq)]
pub struct While {
    pub unroll: Option<Unroll>,
    pub condition: Condition,
    pub body: Stmt,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DoWhile {
    pub unroll: Option<Unroll>,
    pub body: Stmt,
    pub condition: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub unroll: Option<Unroll>,
    /// An expression, a declaration or `Empty`.
    pub init: Stmt,
    pub condition: Option<Condition>,
    pub step: Option<Expr>,
    pub body: Stmt,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RangeFor {
    pub unroll: Option<Unroll>,
    pub init: Option<Stmt>,
    /// `Vars` with one variable, or `Binding`; neither has an initialiser.
    pub variable: Decl,
    /// May be a braced list.
    pub range: Expr,
    pub body: Stmt,
}

/// `#pragma unroll`, `#pragma unroll 4`, `#pragma unroll (N)` before a loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Unroll {
    pub factor: Option<Expr>,
    pub span: Span,
}

/// `asm volatile("..." : outputs : inputs : clobbers);`
#[derive(Clone, Debug, PartialEq)]
pub struct Asm {
    pub volatile: bool,
    pub template: StrLit,
    pub outputs: Vec<AsmOperand>,
    pub inputs: Vec<AsmOperand>,
    pub clobbers: Vec<StrLit>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AsmOperand {
    /// `[name]`
    pub name: Option<Ident>,
    pub constraint: StrLit,
    pub value: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    pub body: Block,
    pub handlers: Vec<Handler>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// `None`: `catch (...)`
    pub param: Option<Param>,
    pub body: Block,
}
