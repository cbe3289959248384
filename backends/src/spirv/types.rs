//! IR types as SPIR-V types, with or without explicit layout.
//!
//! Vulkan demands offsets and strides on what buffers hold and forbids them elsewhere, so structs and arrays exist in two forms.

use super::module::ModuleWriter;
use super::options::EmitError;
use ir::{Scalar, Type, TypeId};
use rspirv::spirv::{Capability, Decoration, StorageClass, Word};
use source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Layout {
    /// Values, locals and shared memory.
    Plain,
    /// Buffers: the offsets of the IR's types.
    Explicit,
}

impl ModuleWriter<'_> {
    pub(super) fn scalar_type(&mut self, scalar: Scalar, span: Span) -> Result<Word, EmitError> {
        Ok(match scalar {
            Scalar::Bool => self.asm.bool(),
            Scalar::I32 | Scalar::U32 => self.asm.int(32),
            Scalar::I64 | Scalar::U64 => self.asm.int(64),
            Scalar::F16 => self.asm.float(16),
            Scalar::F32 => self.asm.float(32),
            Scalar::F64 => self.asm.float(64),
            Scalar::I8 | Scalar::U8 | Scalar::I16 | Scalar::U16 | Scalar::BF16 => {
                return Err(EmitError::NotLegal { what: format!("the type {}", scalar.name()), span });
            }
        })
    }

    /// The type of values.
    pub(super) fn value_type(&mut self, ty: TypeId, span: Span) -> Result<Word, EmitError> {
        self.ty(ty, Layout::Plain, span)
    }

    pub(super) fn ty(&mut self, ty: TypeId, layout: Layout, span: Span) -> Result<Word, EmitError> {
        if let Some(word) = self.types.get(&(ty, layout)) {
            return Ok(*word);
        }
        let word = self.new_type(ty, layout, span)?;
        self.types.insert((ty, layout), word);
        Ok(word)
    }

    fn new_type(&mut self, ty: TypeId, layout: Layout, span: Span) -> Result<Word, EmitError> {
        let types = &self.ir_types;
        match types.get(ty) {
            Type::Void => Ok(self.asm.void()),
            Type::Scalar(scalar) => {
                if layout == Layout::Explicit {
                    self.check_buffer_scalar(scalar, span)?;
                }
                self.scalar_type(scalar, span)
            }
            Type::Vector { scalar, count } => {
                if layout == Layout::Explicit {
                    self.check_buffer_scalar(scalar, span)?;
                }
                let component = self.scalar_type(scalar, span)?;
                Ok(self.asm.vector(component, u32::from(count)))
            }
            Type::Array { element, count } => {
                let stride = types.size_of(element);
                let element = self.ty(element, layout, span)?;
                let array = match count {
                    Some(count) => {
                        let length = u32::try_from(count.max(1)).map_err(|_| not_legal("an array of 2^32 elements", span))?;
                        let length = self.asm.constant_u32(length);
                        self.asm.array(element, length)
                    }
                    None => self.asm.runtime_array(element),
                };
                if layout == Layout::Explicit {
                    self.asm.decorate(array, Decoration::ArrayStride, &[stride as u32]);
                }
                Ok(array)
            }
            Type::Struct(definition) => {
                let definition = types.structs()[definition].clone();
                if definition.is_union {
                    return Err(not_legal("a union", span));
                }
                let mut members = Vec::new();
                for field in &definition.fields {
                    members.push(self.ty(field.ty, layout, span)?);
                }
                let word = self.asm.structure(&members);
                self.name(word, &definition.name);
                for (index, field) in definition.fields.iter().enumerate() {
                    if self.options.names {
                        self.asm.member_name(word, index as u32, &field.name);
                    }
                    if layout == Layout::Explicit {
                        self.asm.decorate_member(word, index as u32, Decoration::Offset, &[field.offset as u32]);
                    }
                }
                Ok(word)
            }
            Type::Pointer { pointee, space: ir::Space::Local } if layout == Layout::Plain => {
                let pointee = self.ty(pointee, Layout::Plain, span)?;
                Ok(self.asm.pointer(StorageClass::Function, pointee))
            }
            Type::Pointer { .. } => Err(not_legal("a pointer value", span)),
        }
    }

    /// The type of part `index` of a vector, struct or array.
    pub(super) fn part_type(&mut self, ty: TypeId, index: u32) -> Option<TypeId> {
        match self.ir_types.get(ty) {
            Type::Struct(definition) => self.ir_types.structs()[definition].fields.get(index as usize).map(|field| field.ty),
            Type::Vector { scalar, .. } => Some(self.ir_types.scalar(scalar)),
            Type::Array { element, .. } => Some(element),
            Type::Void | Type::Scalar(_) | Type::Pointer { .. } => None,
        }
    }

    fn check_buffer_scalar(&mut self, scalar: Scalar, span: Span) -> Result<(), EmitError> {
        match scalar {
            Scalar::Bool => Err(not_legal("a bool in a buffer", span)),
            Scalar::F16 => {
                self.asm.capability(Capability::StorageBuffer16BitAccess);
                self.asm.capability(Capability::UniformAndStorageBuffer16BitAccess);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

pub(super) fn not_legal(what: impl Into<String>, span: Span) -> EmitError {
    EmitError::NotLegal { what: what.into(), span }
}
