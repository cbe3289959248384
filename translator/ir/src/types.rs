//! C-like types with CUDA's layout (Itanium LP64: host and device agree byte for byte).
//!
//! Types are interned: equal types have equal [`TypeId`]s. Structs are nominal: each definition is its own type.

use crate::arena::{Arena, Handle};
use rustc_hash::FxHashMap;
use source::Span;

pub type TypeId = Handle<Type>;
pub type StructId = Handle<Struct>;

/// Scalars of CUDA C++ after `char`, `long`, enums and the like have found their width and sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    BF16,
    F32,
    F64,
}

impl Scalar {
    pub const ALL: [Scalar; 13] = [
        Scalar::Bool,
        Scalar::I8,
        Scalar::I16,
        Scalar::I32,
        Scalar::I64,
        Scalar::U8,
        Scalar::U16,
        Scalar::U32,
        Scalar::U64,
        Scalar::F16,
        Scalar::BF16,
        Scalar::F32,
        Scalar::F64,
    ];

    /// Bytes in memory; a `bool` takes one.
    pub const fn size(self) -> u64 {
        match self {
            Scalar::Bool | Scalar::I8 | Scalar::U8 => 1,
            Scalar::I16 | Scalar::U16 | Scalar::F16 | Scalar::BF16 => 2,
            Scalar::I32 | Scalar::U32 | Scalar::F32 => 4,
            Scalar::I64 | Scalar::U64 | Scalar::F64 => 8,
        }
    }

    /// Bits of the value: 1 for `bool`.
    pub const fn bits(self) -> u32 {
        match self {
            Scalar::Bool => 1,
            _ => self.size() as u32 * 8,
        }
    }

    pub const fn is_float(self) -> bool {
        matches!(self, Scalar::F16 | Scalar::BF16 | Scalar::F32 | Scalar::F64)
    }

    /// True for the integers; `bool` is none.
    pub const fn is_int(self) -> bool {
        !self.is_float() && !matches!(self, Scalar::Bool)
    }

    pub const fn is_signed(self) -> bool {
        matches!(self, Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64)
    }

    /// The spelling in the text form: `i32`, `f16`, `bool`.
    pub const fn name(self) -> &'static str {
        match self {
            Scalar::Bool => "bool",
            Scalar::I8 => "i8",
            Scalar::I16 => "i16",
            Scalar::I32 => "i32",
            Scalar::I64 => "i64",
            Scalar::U8 => "u8",
            Scalar::U16 => "u16",
            Scalar::U32 => "u32",
            Scalar::U64 => "u64",
            Scalar::F16 => "f16",
            Scalar::BF16 => "bf16",
            Scalar::F32 => "f32",
            Scalar::F64 => "f64",
        }
    }
}

/// Address spaces of the CUDA guide, "Device Memory Accesses". `Generic` is a pointer whose space is not known (yet).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Space {
    /// Device memory: what `cudaMalloc` gives, `__device__` variables.
    Global,
    /// `__shared__`: one copy for each block.
    Shared,
    /// Automatic variables: one copy for each thread.
    Local,
    /// `__constant__`: read only.
    Constant,
    Generic,
}

impl Space {
    pub const fn name(self) -> &'static str {
        match self {
            Space::Global => "global",
            Space::Shared => "shared",
            Space::Local => "local",
            Space::Constant => "constant",
            Space::Generic => "generic",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Of functions that return nothing. No value has it.
    Void,
    Scalar(Scalar),
    /// CUDA's `float4` and its like: 2 to 4 components (`float1` is a struct). The size is that of the components,
    /// so `float3` takes 12 bytes; vectors of 2 and 4 align to their size but at most to 16, those of 3 to a component.
    Vector {
        scalar: Scalar,
        count: u8,
    },
    /// `count` is `None` where the length is known only at launch: dynamic shared memory, and what a pointer parameter
    /// points to after the shader passes.
    Array {
        element: TypeId,
        count: Option<u64>,
    },
    Struct(StructId),
    /// 8 bytes in memory.
    Pointer {
        pointee: TypeId,
        space: Space,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: String,
    pub ty: TypeId,
    /// Bytes from the start of the struct. All fields of a union have offset 0.
    pub offset: u64,
}

/// A struct or union with its byte layout, fixed by sema. Bit-fields are lowered to shifts on their storage unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    pub name: String,
    pub fields: Vec<Field>,
    pub size: u64,
    pub align: u64,
    pub is_union: bool,
}

/// All types of a module. Interning needs `&mut`, so tables are handed around apart from functions.
#[derive(Clone, Debug, Default)]
pub struct Types {
    list: Vec<Type>,
    ids: FxHashMap<Type, TypeId>,
    /// Of those the scalars, which are asked for with nearly every expression.
    scalars: [Option<TypeId>; Scalar::ALL.len()],
    structs: Arena<Struct>,
}

impl Types {
    pub fn intern(&mut self, ty: Type) -> TypeId {
        *self.ids.entry(ty).or_insert_with(|| {
            self.list.push(ty);
            Handle::new(self.list.len() - 1)
        })
    }

    #[inline]
    pub fn get(&self, id: TypeId) -> Type {
        self.list[id.index()]
    }

    /// The id of a type that was interned before.
    pub fn lookup(&self, ty: Type) -> Option<TypeId> {
        self.ids.get(&ty).copied()
    }

    pub fn void(&mut self) -> TypeId {
        self.intern(Type::Void)
    }

    #[inline]
    pub fn scalar(&mut self, scalar: Scalar) -> TypeId {
        if let Some(known) = self.scalars[scalar as usize] {
            return known;
        }
        let id = self.intern(Type::Scalar(scalar));
        self.scalars[scalar as usize] = Some(id);
        id
    }

    pub fn vector(&mut self, scalar: Scalar, count: u8) -> TypeId {
        self.intern(Type::Vector { scalar, count })
    }

    pub fn array(&mut self, element: TypeId, count: Option<u64>) -> TypeId {
        self.intern(Type::Array { element, count })
    }

    pub fn pointer(&mut self, pointee: TypeId, space: Space) -> TypeId {
        self.intern(Type::Pointer { pointee, space })
    }

    /// Adds a struct definition; two with equal content are still two types.
    pub fn add_struct(&mut self, definition: Struct, span: Span) -> TypeId {
        let id = self.structs.add(definition, span);
        self.intern(Type::Struct(id))
    }

    pub fn structs(&self) -> &Arena<Struct> {
        &self.structs
    }

    /// For sema, which must name a struct before it knows its fields (`struct Node { Node* next; }`).
    pub fn struct_mut(&mut self, id: StructId) -> &mut Struct {
        &mut self.structs[id]
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    #[inline]
    pub fn as_scalar(&self, id: TypeId) -> Option<Scalar> {
        match self.get(id) {
            Type::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// A union, or a structure with bit-fields whose units lie over other members: its members are read and written in memory alone, because
    /// as a value it has no parts.
    pub fn shares_bytes(&self, definition: &Struct) -> bool {
        let mut end = 0;
        let overlaps = definition.fields.iter().any(|field| {
            let starts_inside = field.offset < end;
            end = end.max(field.offset + self.size_of(field.ty));
            starts_inside
        });
        definition.is_union || overlaps
    }

    pub fn as_struct(&self, id: TypeId) -> Option<&Struct> {
        match self.get(id) {
            Type::Struct(definition) => Some(&self.structs[definition]),
            _ => None,
        }
    }

    /// Pointee and space of a pointer type.
    #[inline]
    pub fn as_pointer(&self, id: TypeId) -> Option<(TypeId, Space)> {
        match self.get(id) {
            Type::Pointer { pointee, space } => Some((pointee, space)),
            _ => None,
        }
    }

    /// Bytes in memory; 0 for `void` and for arrays without a length.
    pub fn size_of(&self, id: TypeId) -> u64 {
        match self.get(id) {
            Type::Void => 0,
            Type::Scalar(scalar) => scalar.size(),
            Type::Vector { scalar, count } => scalar.size() * u64::from(count),
            Type::Array { element, count } => self.size_of(element).saturating_mul(count.unwrap_or(0)),
            Type::Struct(definition) => self.structs[definition].size,
            Type::Pointer { .. } => 8,
        }
    }

    /// Alignment in bytes, at least 1.
    pub fn align_of(&self, id: TypeId) -> u64 {
        match self.get(id) {
            Type::Void => 1,
            Type::Scalar(scalar) => scalar.size(),
            Type::Vector { scalar, count: 3 } => scalar.size(),
            Type::Vector { scalar, count } => (scalar.size() * u64::from(count)).min(16),
            Type::Array { element, .. } => self.align_of(element),
            Type::Struct(definition) => self.structs[definition].align,
            Type::Pointer { .. } => 8,
        }
    }

    /// Does a value of this type hold a pointer somewhere?
    pub fn has_pointer(&self, id: TypeId) -> bool {
        match self.get(id) {
            Type::Pointer { .. } => true,
            Type::Array { element, .. } => self.has_pointer(element),
            Type::Struct(definition) => self.structs[definition].fields.iter().any(|field| self.has_pointer(field.ty)),
            Type::Void | Type::Scalar(_) | Type::Vector { .. } => false,
        }
    }
}
