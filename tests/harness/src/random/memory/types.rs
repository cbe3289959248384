//! Types with the layout of the Itanium C++ ABI, which hosts and NVIDIA's compiler share: what stands at which byte, and at which bit.

/// A scalar type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prim {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
    /// Written as a bool, read as the byte that it is: other views may have written that byte.
    Bool,
}

impl Prim {
    pub fn size(self) -> u32 {
        match self {
            Prim::I8 | Prim::U8 | Prim::Bool => 1,
            Prim::I16 | Prim::U16 => 2,
            Prim::I32 | Prim::U32 | Prim::F32 => 4,
            Prim::I64 | Prim::U64 | Prim::F64 => 8,
        }
    }

    pub fn is_signed(self) -> bool {
        matches!(self, Prim::I8 | Prim::I16 | Prim::I32 | Prim::I64)
    }

    pub fn is_wide(self) -> bool {
        self.size() == 8
    }

    /// An integer of at most 32 bits.
    pub fn is_small_integer(self) -> bool {
        matches!(self, Prim::I8 | Prim::U8 | Prim::I16 | Prim::U16 | Prim::I32 | Prim::U32)
    }

    pub fn name(self) -> &'static str {
        match self {
            Prim::I8 => "signed char",
            Prim::U8 => "unsigned char",
            Prim::I16 => "short",
            Prim::U16 => "unsigned short",
            Prim::I32 => "int",
            Prim::U32 => "unsigned",
            Prim::F32 => "float",
            Prim::I64 => "long long",
            Prim::U64 => "unsigned long long",
            Prim::F64 => "double",
            Prim::Bool => "bool",
        }
    }

    /// `uchar` of `uchar3`.
    pub fn stem(self) -> &'static str {
        match self {
            Prim::I8 => "char",
            Prim::U8 => "uchar",
            Prim::I16 => "short",
            Prim::U16 => "ushort",
            Prim::I32 => "int",
            Prim::U32 | Prim::Bool => "uint",
            Prim::F32 => "float",
            Prim::I64 => "longlong",
            Prim::U64 => "ulonglong",
            Prim::F64 => "double",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    Prim(Prim),
    Vector(Prim, u32),
    /// By index into the program's records.
    Record(usize),
    Array(Prim, u32),
}

/// A run of bits in a struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    pub unit: Prim,
    /// From the start of the struct.
    pub first: u32,
    pub width: u32,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub ty: Ty,
    pub offset: u32,
    pub bits: Option<Bits>,
}

/// A struct or a union, with fields `f0`, `f1`, ...
#[derive(Clone, Debug)]
pub struct Record {
    pub is_union: bool,
    pub fields: Vec<Field>,
    pub size: u32,
    pub align: u32,
    /// Some bits belong to no field, or to a bool that other views may have given no value. What a copy does to those is nobody's promise.
    pub is_loose: bool,
}

pub fn size_of(ty: &Ty, records: &[Record]) -> u32 {
    match ty {
        Ty::Prim(prim) => prim.size(),
        Ty::Vector(prim, lanes) | Ty::Array(prim, lanes) => prim.size() * lanes,
        Ty::Record(index) => records[*index].size,
    }
}

/// CUDA aligns vectors of two and four to their size, those of three to a lane.
pub fn align_of(ty: &Ty, records: &[Record]) -> u32 {
    match ty {
        Ty::Prim(prim) | Ty::Vector(prim, 3) | Ty::Array(prim, _) => prim.size(),
        Ty::Vector(prim, lanes) => (prim.size() * lanes).min(16),
        Ty::Record(index) => records[*index].align,
    }
}

/// Is a copy of it more or less than a copy of its bytes?
pub fn is_loose(ty: &Ty, records: &[Record]) -> bool {
    matches!(ty, Ty::Prim(Prim::Bool)) || matches!(ty, Ty::Record(index) if records[*index].is_loose)
}

/// A member before it has a place. `Some(width)` is a bit-field.
pub type Member = (Ty, Option<u32>);

pub fn lay_out(is_union: bool, members: &[Member], records: &[Record]) -> Record {
    let mut fields = Vec::new();
    // In bits: the end of what is placed, and how many are taken.
    let (mut end, mut taken, mut longest, mut align) = (0u32, 0u32, 0u32, 1u32);
    for (ty, width) in members {
        let start = if is_union { 0 } else { end };
        let unit = align_of(ty, records) * 8;
        align = align.max(unit / 8);
        let (first, length, bits) = match (ty, width) {
            (Ty::Prim(prim), Some(width)) => {
                // A bit-field does not cross a boundary of its type.
                let crosses = start / unit != (start + width - 1) / unit;
                let first = if crosses { start.next_multiple_of(unit) } else { start };
                (first, *width, Some(Bits { unit: *prim, first, width: *width }))
            }
            _ => (start.next_multiple_of(unit), size_of(ty, records) * 8, None),
        };
        fields.push(Field { ty: ty.clone(), offset: first / 8, bits });
        end = first + length;
        longest = longest.max(end);
        let solid = !is_loose(ty, records);
        taken += if solid { length } else { 0 };
    }
    let size = longest.div_ceil(8).next_multiple_of(align);
    let fills = |field: &Field| field.bits.is_none() && size_of(&field.ty, records) == size && !is_loose(&field.ty, records);
    let is_loose = if is_union { !fields.iter().any(fills) } else { taken != size * 8 };
    Record { is_union, fields, size, align, is_loose }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prim(prim: Prim) -> Member {
        (Ty::Prim(prim), None)
    }

    #[test]
    fn structs_are_laid_out_as_the_abi_says() {
        let record = lay_out(false, &[prim(Prim::U8), (Ty::Vector(Prim::F32, 3), None), prim(Prim::I16)], &[]);
        assert_eq!(record.fields.iter().map(|field| field.offset).collect::<Vec<_>>(), [0, 4, 16]);
        assert_eq!((record.size, record.align, record.is_loose), (20, 4, true));
        let union = lay_out(true, &[prim(Prim::U16), (Ty::Array(Prim::U8, 6), None)], &[]);
        assert_eq!((union.size, union.align, union.is_loose), (6, 2, false));
    }

    #[test]
    fn bit_fields_do_not_cross_their_type() {
        let bits = |prim, width| (Ty::Prim(prim), Some(width));
        let members = [bits(Prim::U32, 5), bits(Prim::U32, 20), bits(Prim::U8, 4), bits(Prim::U8, 6), bits(Prim::U32, 30)];
        let record = lay_out(false, &members, &[]);
        let first: Vec<u32> = record.fields.iter().map(|field| field.bits.unwrap().first).collect();
        // The fourth would cross from one byte into the next, the fifth from one word into the next.
        assert_eq!(first, [0, 5, 25, 32, 64]);
        assert_eq!((record.size, record.align), (12, 4));
    }
}
