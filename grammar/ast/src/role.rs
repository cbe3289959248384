//! Role tokens: what the classifier hands to the parser. A token's kind carries the decision that C++ syntax leaves open:
//! `(` is a call, a parameter list, an initialiser or a cast by its kind alone, so the grammar behind is plain LALR(1).

use crate::{Access, BinaryOp, ClassKey, FoldOp, Kw, NamedCast, OperatorName, PostfixOp, Spec, Symbol, UnaryOp};

/// A qualifier of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cv {
    Const,
    Volatile,
    Restrict,
}

/// One word of a built-in type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Void,
    Bool,
    Char,
    Short,
    Int,
    Long,
    Signed,
    Unsigned,
    Int128,
    Wchar,
    Char8,
    Char16,
    Char32,
    Float,
    Double,
    Float128,
    Auto,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tok {
    // Names.
    Id(Symbol),
    /// A name that is a type here.
    Type(Symbol),
    /// A template-id that is a value: `TLt` follows.
    Tid(Symbol),
    /// A template-id that is a type.
    Ttype(Symbol),
    /// A name before `::`.
    Qual(Symbol),
    /// A template-id before `::`.
    Qtmpl(Symbol),
    OpName(OperatorName),
    /// `operator` before a type.
    ConvOp,
    /// Behind that type; a mark without text.
    ConvEnd,
    /// `~T`
    Dtor(Symbol),
    /// Before the colon of a label.
    Label(Symbol),
    // Literals, as written.
    Int(Symbol),
    Float(Symbol),
    Char(Symbol),
    Str(Symbol),
    Bool(bool),
    Nullptr,
    // Specifiers.
    Spec(Spec),
    /// A qualifier among the specifiers.
    SpecCv(Cv),
    /// A qualifier behind a pointer operator or a parameter list.
    PtrCv(Cv),
    Word(Word),
    Typename,
    LaunchBounds,
    Alignas,
    Decltype,
    DecltypeAuto,
    /// `decltype` before `(e)::`
    DecltypeScope,
    /// `typeof(` before an expression.
    TypeofExpr,
    /// `typeof(` before a type.
    TypeofType,
    /// `struct` before a definition.
    ClassDef(ClassKey),
    /// `struct` before a name that is only used or declared.
    ClassRef(ClassKey),
    /// `enum` before a definition; `true` for `enum class`.
    EnumDef(bool),
    EnumRef,
    /// `enum class E;`, `enum E : int;`
    EnumOpaque(bool),
    /// `typename` or `class` before a template parameter.
    TpKey,
    /// Empty specifier list: constructors, destructors, conversions.
    NoSpec,
    Noexcept,
    // Parentheses.
    LParen,
    ParamL,
    InitL,
    CastL,
    FoldL,
    RParen,
    // Brackets.
    LBracket,
    ArrL,
    LambdaL,
    BindL,
    RBracket,
    // Braces.
    BlockL,
    BraceL,
    LBrace,
    RBrace,
    // Angles.
    TLt,
    TGt,
    LaunchL,
    LaunchR,
    // Pointer operators in declarators.
    PStar,
    /// Before `C::*`.
    MemPtr,
    PAmp,
    PAmpAmp,
    /// `...` in a declarator or template parameter.
    Pack,
    /// `...` behind an expression.
    Expand,
    // Operators.
    UnOp(UnaryOp),
    /// Prefix `&`, in captures too.
    Amp,
    /// Prefix `*`, in captures too.
    Deref,
    BinOp(BinaryOp),
    AsgOp(BinaryOp),
    Assign,
    PostOp(PostfixOp),
    FoldOp(FoldOp),
    // Marks without text.
    /// Before a declaration in statement position.
    Decl,
    /// Before a type that is a template argument, or stands in `alignas`.
    TyArg,
    // Statements.
    If,
    /// `if` that has an `else`.
    IfElse,
    Else,
    While,
    Do,
    For,
    RangeFor,
    Switch,
    Case,
    Default,
    Break,
    Continue,
    Return,
    Goto,
    Try,
    Catch,
    Asm,
    Pragma,
    PragmaEnd,
    ConstexprIf,
    // Expressions.
    This,
    Sizeof,
    /// `sizeof(` before a type.
    SizeofType,
    SizeofPack,
    Alignof,
    AlignofType,
    NoexceptExpr,
    NamedCast(NamedCast),
    /// `true`: `::new`
    New(bool),
    Delete {
        global: bool,
        array: bool,
    },
    Throw,
    Typeid,
    TypeidType,
    /// A compiler built-in with type arguments.
    Trait(Symbol),
    // Other.
    Template,
    /// `extern template`
    ExternTemplate,
    Requires,
    /// Behind the constraint; a mark without text.
    RequiresEnd,
    Using,
    UsingNamespace,
    UsingEnum,
    UsingAlias,
    NamespaceAlias,
    StaticAssert,
    Access(Access),
    CtorColon,
    BitColon,
    /// `default` and `delete` behind `=`.
    Defaulted,
    Deleted,
    Colon,
    ColCol,
    Semi,
    Comma,
    Question,
    Dot,
    Arrow,
    /// `->` before a trailing return type.
    Trail,
    Ellipsis,
    /// A keyword that fits nowhere.
    Kw(Kw),
    /// Other text that fits nowhere.
    Stray,
}
