//! What stands where in a buffer.

use crate::scalar::{Scalar, alignment_of, scalars_of};

/// One member of a structure, or the only one of a plain buffer (then its name is empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub scalar: Scalar,
    /// Bytes from the start of the structure.
    pub offset: usize,
    /// How many scalars side by side.
    pub count: usize,
}

/// A structure that repeats every `stride` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub stride: usize,
    pub fields: Vec<Field>,
}

impl Layout {
    /// A buffer of scalars.
    pub fn plain(scalar: Scalar) -> Layout {
        Layout { stride: scalar.size(), fields: vec![Field { name: String::new(), scalar, offset: 0, count: 1 }] }
    }

    /// A C structure with these members, laid out as the host does (Itanium, LP64). `None` for an unknown type name or one too large.
    pub fn structure<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Layout> {
        let (mut fields, mut end, mut alignment) = (Vec::new(), 0usize, 1);
        for (name, ty) in members {
            let (scalar, count) = scalars_of(ty)?;
            let own = alignment_of(ty)?;
            let offset = end.checked_next_multiple_of(own)?;
            fields.push(Field { name: name.to_string(), scalar, offset, count });
            end = count.checked_mul(scalar.size())?.checked_add(offset)?;
            alignment = alignment.max(own);
        }
        Some(Layout { stride: end.checked_next_multiple_of(alignment)?.max(1), fields })
    }

    /// The field of this name; the empty name means the only field of a plain buffer.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Byte offset of scalar `index` of a field, counted over all repetitions of the structure.
    pub fn offset_of(&self, field: &Field, index: usize) -> Option<usize> {
        let lane = (index % field.count).checked_mul(field.scalar.size())?;
        (index / field.count).checked_mul(self.stride)?.checked_add(field.offset)?.checked_add(lane)
    }

    /// How many scalars of a field `bytes` bytes hold.
    pub fn scalars(&self, field: &Field, bytes: usize) -> usize {
        bytes / self.stride * field.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_aligned_as_the_host_does() {
        let layout = Layout::structure([("tag", "u8"), ("v", "float3"), ("d", "f64"), ("name", "u8[3]")]).unwrap();
        let offsets: Vec<_> = layout.fields.iter().map(|f| f.offset).collect();
        assert_eq!(offsets, [0, 4, 16, 24]);
        assert_eq!(layout.stride, 32);
        let v = layout.field("v").unwrap();
        assert_eq!(layout.offset_of(v, 5), Some(32 + 4 + 8));
        assert_eq!(layout.scalars(v, 96), 9);
    }
}
