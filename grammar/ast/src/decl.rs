//! Declarations: variables, functions, classes, enums, templates, aliases.
//!
//! Namespaces and `extern "C"` are not here: the splitter enters them, and an item knows its scope.

use crate::{Block, Expr, Ident, Name, Specs, Symbol, TemplateArg, Type, TypeNameKey};
use source::Span;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Decl {
    pub kind: DeclKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum DeclKind {
    /// `;` alone.
    Empty,
    /// Variables, data members; also `struct { .. } a, b;` (the class is in `base`).
    Vars(Box<Vars>),
    /// `auto [a, b] = e;`
    Binding(Box<Binding>),
    Function(Box<Function>),
    /// Declarators of several kinds under one specifier list: `float x, f(float);`
    Group(Vec<Decl>),
    /// `struct S { .. };` or `struct S;`
    Class(Arc<Class>),
    Enum(Arc<Enum>),
    Typedef(Box<Typedef>),
    /// `using A = T;`
    Alias(Box<Alias>),
    /// `using n::f;`, `using typename B::T;`
    Using(Name),
    /// `using namespace n;`
    UsingNamespace(Name),
    /// `using enum n::E;`
    UsingEnum(Name),
    /// `namespace a = b::c;`
    NamespaceAlias {
        name: Ident,
        target: Name,
    },
    StaticAssert(Box<StaticAssert>),
    Template(Box<Template>),
    /// `template __global__ void k<float>(float *);`, `template struct S<int>;`
    Instantiate {
        /// `extern template ...`
        extern_: bool,
        decl: Box<Decl>,
    },
    /// `friend ...;` The set of the inner specifiers has `Friend` too. `friend T;` is `FriendType`.
    Friend(Box<Decl>),
    FriendType(Box<Type>),
    /// `public:`
    Access(Access),
    /// `asm("...");` outside functions.
    Asm(Symbol),
    /// A syntax error was here and has been reported.
    Error,
}

/// One declaration of variables or data members.
#[derive(Clone, Debug, PartialEq)]
pub struct Vars {
    pub specs: Specs,
    /// The type before the declarators. If it defines a class or enum, it does so once for all of them.
    pub base: Type,
    /// Empty only for `struct { .. };` (an anonymous member) under specifiers.
    pub vars: Vec<Var>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Var {
    /// `None`: an unnamed bit-field.
    pub name: Option<Name>,
    pub ty: Type,
    pub bits: Option<Expr>,
    pub init: Option<Init>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Init {
    /// `= e`, where `e` may be a braced list: `= {1, 2}`
    Copy(Expr),
    /// `(a, b)`
    Direct { args: Vec<Expr>, span: Span },
    /// `{a, b}`
    Braced(BraceInit),
}

#[derive(Clone, Debug, PartialEq)]
pub struct BraceInit {
    pub items: Vec<InitItem>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct InitItem {
    /// `.x`, `.x.y`, `[3]`
    pub designators: Vec<Designator>,
    pub value: Expr,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Designator {
    Field(Ident),
    Index(Expr),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub specs: Specs,
    /// `auto`, `auto&`, `const auto&`
    pub ty: Type,
    pub names: Vec<Ident>,
    /// `None` in a range-for.
    pub init: Option<Init>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    pub specs: Specs,
    pub name: Name,
    pub ty: crate::FunctionType,
    pub kind: FunctionKind,
    /// `: a(1), B<T>(x)`: constructors only.
    pub inits: Vec<MemberInit>,
    pub body: FunctionBody,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// Functions and operators.
    Ordinary,
    Constructor,
    Destructor,
    Conversion,
    /// `A(T) -> A<T>;`
    DeductionGuide,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FunctionBody {
    /// A prototype.
    None,
    Block(Block),
    /// `= default`
    Default,
    /// `= delete`
    Delete,
    /// `= 0`
    Pure,
}

#[derive(Clone, Debug, PartialEq)]
pub struct MemberInit {
    /// A member, a base, or the class itself (delegation).
    pub name: Name,
    pub init: Init,
    /// `Bases(args)...`
    pub pack: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub specs: Specs,
    pub name: Option<Ident>,
    pub ty: Type,
    pub default: Option<Expr>,
    /// `T... args`
    pub pack: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub key: ClassKey,
    /// `alignas`, `__align__`; `final`.
    pub specs: Specs,
    /// `None`: anonymous. Template arguments: a specialisation. Scopes: defined out of line.
    pub name: Option<Name>,
    pub bases: Vec<Base>,
    /// `None`: only declared.
    pub members: Option<Vec<Decl>>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClassKey {
    Struct,
    Class,
    Union,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    pub access: Option<Access>,
    pub virtual_: bool,
    pub ty: Type,
    pub pack: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    Public,
    Protected,
    Private,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// `enum class`, `enum struct`
    pub scoped: bool,
    pub name: Option<Name>,
    /// `: unsigned char`
    pub underlying: Option<Type>,
    /// `None`: only declared.
    pub items: Option<Vec<Enumerator>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Enumerator {
    pub name: Ident,
    pub value: Option<Expr>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Typedef {
    /// May define a class: `typedef struct { .. } S, *P;`
    pub base: Type,
    /// As in `Vars`, `alignas` may stand here.
    pub specs: Specs,
    pub names: Vec<TypedefName>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TypedefName {
    pub name: Ident,
    pub ty: Type,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    pub name: Ident,
    pub ty: Type,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StaticAssert {
    pub condition: Expr,
    pub message: Option<Expr>,
}

/// `template <..> requires .. decl`. An empty parameter list is an explicit specialisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub params: Vec<TemplateParam>,
    pub requires: Option<Expr>,
    /// A class, function, variable, alias, or another template (a member template out of line).
    pub decl: Decl,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TemplateParam {
    pub kind: TemplateParamKind,
    pub name: Option<Ident>,
    /// `typename... T`
    pub pack: bool,
    pub default: Option<TemplateArg>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TemplateParamKind {
    /// `typename T`, `class T`
    Type,
    /// `int N`
    Value(Type),
    /// `template <typename> class T`
    Template(Vec<TemplateParam>),
}

impl ClassKey {
    pub const fn as_str(self) -> &'static str {
        match self {
            ClassKey::Struct => "struct",
            ClassKey::Class => "class",
            ClassKey::Union => "union",
        }
    }
}

impl From<ClassKey> for TypeNameKey {
    fn from(key: ClassKey) -> TypeNameKey {
        match key {
            ClassKey::Struct => TypeNameKey::Struct,
            ClassKey::Class => TypeNameKey::Class,
            ClassKey::Union => TypeNameKey::Union,
        }
    }
}
