//! Expressions. Parentheses are kept (`Paren`), so that printing needs no precedence.

use crate::{Block, BraceInit, FunctionType, Ident, Launch, Name, Specs, Symbol, TemplateArg, Type};
use source::Span;

#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    Int(IntLit),
    Float(FloatLit),
    Char(CharLit),
    Str(StrLit),
    Bool(bool),
    Nullptr,
    This,
    /// A variable, function, enumerator; also a type, where syntax cannot know (`T(x)` is then a `Call`).
    Name(Name),
    Paren(Box<Expr>),
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    /// `x++`, `x--`
    Postfix {
        op: PostfixOp,
        operand: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// `a = b`, `a += b`
    Assign {
        op: Option<BinaryOp>,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// `a ? b : c`; GNU's `a ?: c` has no `then`.
    Conditional {
        condition: Box<Expr>,
        then: Option<Box<Expr>>,
        otherwise: Box<Expr>,
    },
    Comma {
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    Call {
        callee: Box<Expr>,
        args: Vec<Expr>,
    },
    /// `k<<<grid, block>>>(args)`
    Launch(Box<Launch>),
    Index {
        base: Box<Expr>,
        index: Vec<Expr>,
    },
    /// `a.b`, `a->b`, `a.template f<T>`, `p->~T`
    Member {
        base: Box<Expr>,
        arrow: bool,
        name: Name,
    },
    /// `(T)e`
    CCast {
        ty: Box<Type>,
        operand: Box<Expr>,
    },
    /// `static_cast<T>(e)`
    NamedCast {
        cast: NamedCast,
        ty: Box<Type>,
        operand: Box<Expr>,
    },
    /// `T(a, b)` with a type that syntax knows: `int(x)`, `float3(..)`, `typename A::B()`.
    Construct {
        ty: Box<Type>,
        args: Vec<Expr>,
    },
    /// `T{a, b}`; the type may be a bare name.
    ConstructBraced {
        ty: Box<Type>,
        init: BraceInit,
    },
    /// `{a, b}` where an initialiser or argument stands.
    Braced(BraceInit),
    SizeofExpr(Box<Expr>),
    SizeofType(Box<Type>),
    /// `sizeof...(P)`
    SizeofPack(Ident),
    AlignofType(Box<Type>),
    AlignofExpr(Box<Expr>),
    NoexceptExpr(Box<Expr>),
    TypeidType(Box<Type>),
    TypeidExpr(Box<Expr>),
    /// A compiler built-in that takes types: `__is_same(T, U)`, `__builtin_offsetof(S, m)`, `va_arg(ap, T)`.
    TypeTrait {
        name: Ident,
        args: Vec<TemplateArg>,
    },
    New(Box<New>),
    Delete {
        global: bool,
        array: bool,
        operand: Box<Expr>,
    },
    Throw(Option<Box<Expr>>),
    Lambda(Box<Lambda>),
    Fold(Box<Fold>),
    /// `e...`
    Pack(Box<Expr>),
    /// GNU's `({ .. })`
    StmtExpr(Block),
    /// A syntax error was here and has been reported.
    Error,
}

/// An integer literal. `text` is what was written, for printing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntLit {
    pub value: u128,
    pub radix: Radix,
    pub unsigned: bool,
    pub length: IntLength,
    pub text: Symbol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Radix {
    Decimal,
    Hex,
    Octal,
    Binary,
}

/// Suffixes `l`, `ll`, `z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntLength {
    Plain,
    Long,
    LongLong,
    Size,
}

/// A floating literal. `digits` has neither suffix nor digit separators and may be hexadecimal (`0x1p-3`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatLit {
    pub digits: Symbol,
    pub suffix: FloatSuffix,
    pub text: Symbol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatSuffix {
    /// `double`
    None,
    /// `f`
    Float,
    /// `l`
    Long,
    /// `f16`, `h`
    Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CharLit {
    /// Code unit after escapes; several characters are packed as compilers do.
    pub value: u32,
    pub prefix: TextPrefix,
    pub text: Symbol,
}

/// A string literal; neighbours are already joined. `value` is after escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrLit {
    pub value: Vec<u8>,
    pub prefix: TextPrefix,
    /// As written, with quotes; joined ones with a blank between.
    pub text: Symbol,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextPrefix {
    None,
    /// `L`
    Wide,
    /// `u8`
    Utf8,
    /// `u`
    Utf16,
    /// `U`
    Utf32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Plus,
    Minus,
    Not,
    BitNot,
    Deref,
    AddressOf,
    Increment,
    Decrement,
    /// `&&label` (GNU)
    LabelAddress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostfixOp {
    Increment,
    Decrement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Shl,
    Shr,
    BitAnd,
    BitOr,
    BitXor,
    And,
    Or,
    Eq,
    Ne,
    Lt,
    Gt,
    Le,
    Ge,
    /// `<=>`
    ThreeWay,
    /// `.*`
    DotStar,
    /// `->*`
    ArrowStar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NamedCast {
    Static,
    Dynamic,
    Reinterpret,
    Const,
}

#[derive(Clone, Debug, PartialEq)]
pub struct New {
    /// `::new`
    pub global: bool,
    pub placement: Vec<Expr>,
    /// For `new T[n]` an `Array` of size `n`.
    pub ty: Type,
    pub init: Option<crate::Init>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    pub default: Option<CaptureDefault>,
    pub captures: Vec<Capture>,
    pub template_params: Vec<crate::TemplateParam>,
    /// `mutable`, `constexpr`, `__device__`, `__host__`
    pub specs: Specs,
    /// The result is `Auto` if none was written.
    pub ty: FunctionType,
    pub body: Block,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureDefault {
    /// `=`
    Copy,
    /// `&`
    Reference,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    pub kind: CaptureKind,
    pub pack: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CaptureKind {
    Copy(Ident),
    Reference(Ident),
    This,
    /// `*this`
    StarThis,
    /// `x = e`, `x(e)`, `x{e}`
    Init {
        name: Ident,
        by_reference: bool,
        init: crate::Init,
    },
}

/// `(... + p)`, `(p + ...)`, `(a + ... + p)`
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    pub op: FoldOp,
    /// What stands before the dots.
    pub left: Option<Expr>,
    /// What stands behind them.
    pub right: Option<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldOp {
    Binary(BinaryOp),
    Assign(Option<BinaryOp>),
    Comma,
}

impl BinaryOp {
    pub const fn as_str(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
            BinaryOp::BitAnd => "&",
            BinaryOp::BitOr => "|",
            BinaryOp::BitXor => "^",
            BinaryOp::And => "&&",
            BinaryOp::Or => "||",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Gt => ">",
            BinaryOp::Le => "<=",
            BinaryOp::Ge => ">=",
            BinaryOp::ThreeWay => "<=>",
            BinaryOp::DotStar => ".*",
            BinaryOp::ArrowStar => "->*",
        }
    }

    /// C++'s precedence, higher binds tighter. All binary operators group from left to right.
    pub const fn precedence(self) -> u8 {
        match self {
            BinaryOp::DotStar | BinaryOp::ArrowStar => 12,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => 11,
            BinaryOp::Add | BinaryOp::Sub => 10,
            BinaryOp::Shl | BinaryOp::Shr => 9,
            BinaryOp::ThreeWay => 8,
            BinaryOp::Lt | BinaryOp::Gt | BinaryOp::Le | BinaryOp::Ge => 7,
            BinaryOp::Eq | BinaryOp::Ne => 6,
            BinaryOp::BitAnd => 5,
            BinaryOp::BitXor => 4,
            BinaryOp::BitOr => 3,
            BinaryOp::And => 2,
            BinaryOp::Or => 1,
        }
    }
}

impl UnaryOp {
    pub const fn as_str(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Minus => "-",
            UnaryOp::Not => "!",
            UnaryOp::BitNot => "~",
            UnaryOp::Deref => "*",
            UnaryOp::AddressOf => "&",
            UnaryOp::Increment => "++",
            UnaryOp::Decrement => "--",
            UnaryOp::LabelAddress => "&&",
        }
    }
}

impl PostfixOp {
    pub const fn as_str(self) -> &'static str {
        match self {
            PostfixOp::Increment => "++",
            PostfixOp::Decrement => "--",
        }
    }
}

impl NamedCast {
    pub const fn as_str(self) -> &'static str {
        match self {
            NamedCast::Static => "static_cast",
            NamedCast::Dynamic => "dynamic_cast",
            NamedCast::Reinterpret => "reinterpret_cast",
            NamedCast::Const => "const_cast",
        }
    }
}

impl Expr {
    pub fn new(kind: ExprKind, span: Span) -> Expr {
        Expr { kind, span }
    }

    /// Visits the expressions directly inside, in the order of the text; not those in types, template arguments and lambdas.
    pub fn for_each_child<'t>(&'t self, visit: &mut dyn FnMut(&'t Expr)) {
        match &self.kind {
            ExprKind::Paren(inner)
            | ExprKind::SizeofExpr(inner)
            | ExprKind::AlignofExpr(inner)
            | ExprKind::NoexceptExpr(inner)
            | ExprKind::TypeidExpr(inner)
            | ExprKind::Pack(inner)
            | ExprKind::Unary { operand: inner, .. }
            | ExprKind::Postfix { operand: inner, .. }
            | ExprKind::Member { base: inner, .. }
            | ExprKind::CCast { operand: inner, .. }
            | ExprKind::NamedCast { operand: inner, .. }
            | ExprKind::Delete { operand: inner, .. } => visit(inner),
            ExprKind::Binary { lhs, rhs, .. } | ExprKind::Assign { lhs, rhs, .. } | ExprKind::Comma { lhs, rhs } => {
                visit(lhs);
                visit(rhs);
            }
            ExprKind::Conditional { condition, then, otherwise } => {
                visit(condition);
                then.iter().for_each(|then| visit(then));
                visit(otherwise);
            }
            ExprKind::Call { callee: first, args } | ExprKind::Index { base: first, index: args } => {
                visit(first);
                args.iter().for_each(visit);
            }
            ExprKind::Launch(launch) => {
                visit(&launch.kernel);
                launch.config.iter().chain(&launch.args).for_each(visit);
            }
            ExprKind::Construct { args, .. } => args.iter().for_each(visit),
            ExprKind::ConstructBraced { init, .. } | ExprKind::Braced(init) => {
                init.items.iter().for_each(|item| visit(&item.value));
            }
            ExprKind::New(new) => new.placement.iter().for_each(visit),
            ExprKind::Throw(value) => value.iter().for_each(|value| visit(value)),
            ExprKind::Fold(fold) => fold.left.iter().chain(&fold.right).for_each(visit),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Char(_)
            | ExprKind::Str(_)
            | ExprKind::Bool(_)
            | ExprKind::Nullptr
            | ExprKind::This
            | ExprKind::Name(_)
            | ExprKind::SizeofType(_)
            | ExprKind::SizeofPack(_)
            | ExprKind::AlignofType(_)
            | ExprKind::TypeidType(_)
            | ExprKind::TypeTrait { .. }
            | ExprKind::Lambda(_)
            | ExprKind::StmtExpr(_)
            | ExprKind::Error => {}
        }
    }

    /// Without the parentheses around it.
    pub fn without_parens(&self) -> &Expr {
        let mut expr = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }
}
