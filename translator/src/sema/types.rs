//! C++ types, interned: equal types have equal [`CType`]s.
//!
//! A [`CType`] is an index into [`TypeTable`] and its own cv-qualifiers, so that it is `Copy`. The qualifiers of an array are those of
//! its elements. Templates need no dependent types: a template is instantiated by reading its tree again with its parameters bound.

use super::{ClassId, EnumId};
use rustc_hash::FxHashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CType {
    id: u32,
    pub is_const: bool,
    pub is_volatile: bool,
}

/// The integer types of C++ in LP64. `char` is a type of its own, signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IntKind {
    Char,
    SChar,
    UChar,
    Char8,
    Short,
    UShort,
    Char16,
    Int,
    UInt,
    Wchar,
    Char32,
    Long,
    ULong,
    LongLong,
    ULongLong,
}

impl IntKind {
    pub const ALL: [IntKind; 15] = [
        IntKind::Char,
        IntKind::SChar,
        IntKind::UChar,
        IntKind::Char8,
        IntKind::Short,
        IntKind::UShort,
        IntKind::Char16,
        IntKind::Int,
        IntKind::UInt,
        IntKind::Wchar,
        IntKind::Char32,
        IntKind::Long,
        IntKind::ULong,
        IntKind::LongLong,
        IntKind::ULongLong,
    ];

    pub const fn scalar(self) -> ir::Scalar {
        use ir::Scalar;
        match self {
            IntKind::Char | IntKind::SChar => Scalar::I8,
            IntKind::UChar | IntKind::Char8 => Scalar::U8,
            IntKind::Short => Scalar::I16,
            IntKind::UShort | IntKind::Char16 => Scalar::U16,
            IntKind::Int | IntKind::Wchar => Scalar::I32,
            IntKind::UInt | IntKind::Char32 => Scalar::U32,
            IntKind::Long | IntKind::LongLong => Scalar::I64,
            IntKind::ULong | IntKind::ULongLong => Scalar::U64,
        }
    }

    /// C++ [conv.rank].
    pub const fn rank(self) -> u8 {
        match self {
            IntKind::Char | IntKind::SChar | IntKind::UChar | IntKind::Char8 => 1,
            IntKind::Short | IntKind::UShort | IntKind::Char16 => 2,
            IntKind::Int | IntKind::UInt | IntKind::Wchar | IntKind::Char32 => 3,
            IntKind::Long | IntKind::ULong => 4,
            IntKind::LongLong | IntKind::ULongLong => 5,
        }
    }

    pub const fn to_unsigned(self) -> IntKind {
        match self {
            IntKind::Char | IntKind::SChar => IntKind::UChar,
            IntKind::Short => IntKind::UShort,
            IntKind::Int | IntKind::Wchar => IntKind::UInt,
            IntKind::Long => IntKind::ULong,
            IntKind::LongLong => IntKind::ULongLong,
            other => other,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            IntKind::Char => "char",
            IntKind::SChar => "signed char",
            IntKind::UChar => "unsigned char",
            IntKind::Char8 => "char8_t",
            IntKind::Short => "short",
            IntKind::UShort => "unsigned short",
            IntKind::Char16 => "char16_t",
            IntKind::Int => "int",
            IntKind::UInt => "unsigned int",
            IntKind::Wchar => "wchar_t",
            IntKind::Char32 => "char32_t",
            IntKind::Long => "long",
            IntKind::ULong => "unsigned long",
            IntKind::LongLong => "long long",
            IntKind::ULongLong => "unsigned long long",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind {
    Void,
    Bool,
    Int(IntKind),
    Float,
    Double,
    Nullptr,
    Pointer(CType),
    LvalueRef(CType),
    RvalueRef(CType),
    Array(CType, Option<u64>),
    Function(FunctionSig),
    /// `T C::*`: the class and the member's type.
    MemberPointer(CType, CType),
    Class(ClassId),
    Enum(EnumId),
    /// Stands for a template parameter while templates are put in order ([temp.func.order]); equal to itself alone.
    Unique(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionSig {
    pub result: CType,
    pub params: Vec<CType>,
    pub variadic: bool,
    /// Of member functions.
    pub is_const: bool,
    pub is_volatile: bool,
    pub ref_qual: ast::RefQual,
}

impl FunctionSig {
    pub fn new(result: CType, params: Vec<CType>, variadic: bool) -> FunctionSig {
        FunctionSig { result, params, variadic, is_const: false, is_volatile: false, ref_qual: ast::RefQual::None }
    }
}

impl CType {
    const fn plain(id: u32) -> CType {
        CType { id, is_const: false, is_volatile: false }
    }

    pub const VOID: CType = CType::plain(0);
    pub const BOOL: CType = CType::plain(1);
    pub const FLOAT: CType = CType::plain(2);
    pub const DOUBLE: CType = CType::plain(3);
    pub const NULLPTR: CType = CType::plain(4);
    pub const INT: CType = CType::int(IntKind::Int);
    pub const UINT: CType = CType::int(IntKind::UInt);
    pub const LONG: CType = CType::int(IntKind::Long);
    pub const SIZE: CType = CType::int(IntKind::ULong);

    pub const fn int(kind: IntKind) -> CType {
        CType::plain(5 + kind as u32)
    }

    pub const fn unqualified(self) -> CType {
        CType::plain(self.id)
    }

    pub const fn with_const(self) -> CType {
        CType { is_const: true, ..self }
    }

    pub const fn with_cv(self, is_const: bool, is_volatile: bool) -> CType {
        CType { id: self.id, is_const: self.is_const | is_const, is_volatile: self.is_volatile | is_volatile }
    }

    pub const fn without_cv(self, no_const: bool, no_volatile: bool) -> CType {
        CType { id: self.id, is_const: self.is_const && !no_const, is_volatile: self.is_volatile && !no_volatile }
    }

    /// The same type but for cv-qualifiers at the top.
    pub fn same(self, other: CType) -> bool {
        self.id == other.id
    }

    pub fn is_qualified_at_least(self, other: CType) -> bool {
        (self.is_const || !other.is_const) && (self.is_volatile || !other.is_volatile)
    }
}

#[derive(Debug)]
pub struct TypeTable {
    kinds: Vec<TypeKind>,
    ids: FxHashMap<TypeKind, u32>,
}

impl Default for TypeTable {
    fn default() -> Self {
        let mut table = TypeTable { kinds: Vec::new(), ids: FxHashMap::default() };
        for kind in [TypeKind::Void, TypeKind::Bool, TypeKind::Float, TypeKind::Double, TypeKind::Nullptr] {
            table.intern(kind);
        }
        for kind in IntKind::ALL {
            table.intern(TypeKind::Int(kind));
        }
        table
    }
}

impl TypeTable {
    pub fn intern(&mut self, kind: TypeKind) -> CType {
        if let Some(&id) = self.ids.get(&kind) {
            return CType::plain(id);
        }
        let id = self.kinds.len() as u32;
        self.kinds.push(kind.clone());
        self.ids.insert(kind, id);
        CType::plain(id)
    }

    pub fn kind(&self, ty: CType) -> &TypeKind {
        &self.kinds[ty.id as usize]
    }

    pub fn pointer(&mut self, pointee: CType) -> CType {
        self.intern(TypeKind::Pointer(pointee))
    }

    /// `T&`, with references collapsed: `T& &&` is `T&`.
    pub fn lvalue_ref(&mut self, ty: CType) -> CType {
        match *self.kind(ty) {
            TypeKind::LvalueRef(inner) | TypeKind::RvalueRef(inner) => self.intern(TypeKind::LvalueRef(inner)),
            _ => self.intern(TypeKind::LvalueRef(ty)),
        }
    }

    pub fn rvalue_ref(&mut self, ty: CType) -> CType {
        match *self.kind(ty) {
            TypeKind::LvalueRef(_) | TypeKind::RvalueRef(_) => ty,
            _ => self.intern(TypeKind::RvalueRef(ty)),
        }
    }

    /// An array; its own qualifiers go to the elements.
    pub fn array(&mut self, element: CType, count: Option<u64>) -> CType {
        self.intern(TypeKind::Array(element, count))
    }

    /// Adds cv-qualifiers; those of an array go to its elements, references have none.
    pub fn qualify(&mut self, ty: CType, is_const: bool, is_volatile: bool) -> CType {
        if !is_const && !is_volatile {
            return ty;
        }
        match *self.kind(ty) {
            TypeKind::Array(element, count) => {
                let element = self.qualify(element, is_const, is_volatile);
                self.array(element, count)
            }
            TypeKind::LvalueRef(_) | TypeKind::RvalueRef(_) | TypeKind::Function(_) => ty,
            _ => ty.with_cv(is_const, is_volatile),
        }
    }

    /// The type without a reference around it.
    pub fn strip_ref(&self, ty: CType) -> CType {
        match *self.kind(ty) {
            TypeKind::LvalueRef(inner) | TypeKind::RvalueRef(inner) => inner,
            _ => ty,
        }
    }

    pub fn is_ref(&self, ty: CType) -> bool {
        matches!(self.kind(ty), TypeKind::LvalueRef(_) | TypeKind::RvalueRef(_))
    }

    pub fn pointee(&self, ty: CType) -> Option<CType> {
        match *self.kind(ty) {
            TypeKind::Pointer(pointee) => Some(pointee),
            _ => None,
        }
    }

    pub fn as_class(&self, ty: CType) -> Option<ClassId> {
        match *self.kind(ty) {
            TypeKind::Class(class) => Some(class),
            _ => None,
        }
    }

    pub fn as_int(&self, ty: CType) -> Option<IntKind> {
        match *self.kind(ty) {
            TypeKind::Int(kind) => Some(kind),
            _ => None,
        }
    }

    pub fn is_integral(&self, ty: CType) -> bool {
        matches!(self.kind(ty), TypeKind::Int(_) | TypeKind::Bool)
    }

    pub fn is_floating(&self, ty: CType) -> bool {
        matches!(self.kind(ty), TypeKind::Float | TypeKind::Double)
    }

    pub fn is_arithmetic(&self, ty: CType) -> bool {
        self.is_integral(ty) || self.is_floating(ty)
    }

    pub fn is_void(&self, ty: CType) -> bool {
        matches!(self.kind(ty), TypeKind::Void)
    }

    pub fn is_pointer(&self, ty: CType) -> bool {
        matches!(self.kind(ty), TypeKind::Pointer(_))
    }
}
