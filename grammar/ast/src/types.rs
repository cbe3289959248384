//! Types as written. Declarators are resolved: the type of `p` in `int *p[3]` is `Array(Pointer(int), 3)`.

use crate::{Class, Enum, Expr, Name, Param};
use source::Span;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub kind: TypeKind,
    pub quals: Quals,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Quals {
    pub const_: bool,
    pub volatile: bool,
    pub restrict: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    Builtin(Builtin),
    /// A type by its name; `typename` and elaborated keys (`struct S`) are remembered for the printer.
    Name(NamedType),
    Auto,
    /// `decltype(auto)`
    DecltypeAuto,
    /// `decltype(e)`, `typeof(e)`
    Decltype(Box<Expr>),
    /// `typeof(T)`
    TypeofType(Box<Type>),
    /// A class defined in place, or `struct S` declared by the declaration itself. Shared by all declarators.
    Class(Arc<Class>),
    Enum(Arc<Enum>),
    Pointer(Box<Type>),
    LvalueRef(Box<Type>),
    RvalueRef(Box<Type>),
    /// `T C::*`
    MemberPointer {
        class: Name,
        pointee: Box<Type>,
    },
    Array {
        element: Box<Type>,
        /// `None`: `T a[]`
        size: Option<Box<Expr>>,
    },
    Function(Box<FunctionType>),
    /// No type was written: constructors, destructors, conversion operators.
    None,
    /// A syntax error was here and has been reported.
    Error,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    pub name: Name,
    pub key: TypeNameKey,
}

/// The word before a type's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeNameKey {
    Plain,
    Typename,
    Struct,
    Class,
    Union,
    Enum,
}

/// The built-in types after their words were put together: `long unsigned int` is `ULong`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    Void,
    Bool,
    Char,
    SChar,
    UChar,
    Short,
    UShort,
    Int,
    UInt,
    Long,
    ULong,
    LongLong,
    ULongLong,
    Int128,
    UInt128,
    Wchar,
    Char8,
    Char16,
    Char32,
    Float,
    Double,
    LongDouble,
    Float128,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FunctionType {
    pub result: Type,
    /// `auto f() -> T`: `result` is what stands after the arrow.
    pub trailing: bool,
    pub params: Vec<Param>,
    /// `...` at the end.
    pub variadic: bool,
    pub quals: Quals,
    pub ref_qual: RefQual,
    pub noexcept: Noexcept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefQual {
    None,
    Lvalue,
    Rvalue,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Noexcept {
    No,
    Yes,
    If(Box<Expr>),
}

impl Quals {
    pub const NONE: Quals = Quals { const_: false, volatile: false, restrict: false };

    pub fn union(self, other: Quals) -> Quals {
        Quals {
            const_: self.const_ | other.const_,
            volatile: self.volatile | other.volatile,
            restrict: self.restrict | other.restrict,
        }
    }
}

impl Type {
    pub fn new(kind: TypeKind, span: Span) -> Type {
        Type { kind, quals: Quals::NONE, span }
    }

    pub fn is_none(&self) -> bool {
        matches!(self.kind, TypeKind::None)
    }
}

impl Builtin {
    pub const fn as_str(self) -> &'static str {
        match self {
            Builtin::Void => "void",
            Builtin::Bool => "bool",
            Builtin::Char => "char",
            Builtin::SChar => "signed char",
            Builtin::UChar => "unsigned char",
            Builtin::Short => "short",
            Builtin::UShort => "unsigned short",
            Builtin::Int => "int",
            Builtin::UInt => "unsigned int",
            Builtin::Long => "long",
            Builtin::ULong => "unsigned long",
            Builtin::LongLong => "long long",
            Builtin::ULongLong => "unsigned long long",
            Builtin::Int128 => "__int128",
            Builtin::UInt128 => "unsigned __int128",
            Builtin::Wchar => "wchar_t",
            Builtin::Char8 => "char8_t",
            Builtin::Char16 => "char16_t",
            Builtin::Char32 => "char32_t",
            Builtin::Float => "float",
            Builtin::Double => "double",
            Builtin::LongDouble => "long double",
            Builtin::Float128 => "__float128",
        }
    }
}
