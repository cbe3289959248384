//! WGSL's memory layout (WGSL specification, "Memory Layout"), to tell where it is CUDA's.

use super::Features;
use ir::{Scalar, Type, TypeId, Types};

/// May a buffer have this type, with every byte where CUDA puts it?
pub(super) fn is_host_shareable(types: &Types, ty: TypeId, features: Features) -> bool {
    match types.get(ty) {
        Type::Array { element, count: None } => shape(types, element, features).is_some_and(|shape| shape.fills(types, element)),
        _ => shape(types, ty, features).is_some(),
    }
}

/// Alignment and size as WGSL computes them.
struct Shape {
    align: u64,
    size: u64,
}

impl Shape {
    /// An array of it has CUDA's stride.
    fn fills(&self, types: &Types, ty: TypeId) -> bool {
        self.size.next_multiple_of(self.align) == types.size_of(ty)
    }
}

fn shape(types: &Types, ty: TypeId, features: Features) -> Option<Shape> {
    match types.get(ty) {
        Type::Scalar(scalar) => scalar_shape(scalar, features),
        // What becomes an array of pairs of words (`wide`).
        Type::Vector { scalar, count } if scalar.size() == 8 && !is_native(scalar, features) => {
            Some(Shape { align: 8, size: 8 * u64::from(count) })
        }
        Type::Vector { scalar, count } => {
            let part = scalar_shape(scalar, features)?.size;
            let align = if count == 2 { 2 } else { 4 } * part;
            Some(Shape { align, size: part * u64::from(count) })
        }
        Type::Array { element, count: Some(count) } => {
            let inner = shape(types, element, features)?;
            inner.fills(types, element).then(|| Shape { align: inner.align, size: types.size_of(element) * count })
        }
        Type::Struct(definition) => {
            let definition = &types.structs()[definition];
            if definition.fields.is_empty() {
                return None;
            }
            let (mut end, mut align) = (0u64, 1);
            for field in &definition.fields {
                let inner = shape(types, field.ty, features)?;
                if end.next_multiple_of(inner.align) != field.offset {
                    return None;
                }
                end = field.offset + inner.size;
                align = align.max(inner.align);
            }
            let size = end.next_multiple_of(align);
            (size == definition.size).then_some(Shape { align, size })
        }
        Type::Void | Type::Pointer { .. } | Type::Array { count: None, .. } => None,
    }
}

fn scalar_shape(scalar: Scalar, features: Features) -> Option<Shape> {
    let legal = match scalar {
        Scalar::I32 | Scalar::U32 | Scalar::F32 => true,
        // Two words, if not one number.
        Scalar::I64 | Scalar::U64 | Scalar::F64 => true,
        Scalar::F16 => features.float16,
        Scalar::Bool | Scalar::I8 | Scalar::I16 | Scalar::U8 | Scalar::U16 | Scalar::BF16 => false,
    };
    legal.then(|| Shape { align: scalar.size(), size: scalar.size() })
}

fn is_native(scalar: Scalar, features: Features) -> bool {
    if scalar.is_float() { features.float64 } else { features.int64 }
}
