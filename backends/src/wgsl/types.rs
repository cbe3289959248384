//! Types and struct definitions.

use super::module::ModuleWriter;
use ir::{Scalar, StructId, Type, TypeId, Types};

impl ModuleWriter<'_> {
    /// A type as WGSL writes it.
    pub(super) fn ty(&self, id: TypeId) -> String {
        match self.types().get(id) {
            Type::Void => String::new(),
            Type::Scalar(scalar) => scalar_name(scalar).to_string(),
            Type::Vector { scalar, count } => vector_name(scalar, count),
            Type::Array { element, count: Some(count) } => format!("array<{}, {}>", self.ty(element), length(count)),
            Type::Array { element, count: None } => format!("array<{}>", self.ty(element)),
            Type::Struct(definition) => self.names.structs[&definition].clone(),
            Type::Pointer { pointee, .. } => format!("ptr<function, {}>", self.ty(pointee)),
        }
    }

    /// The same for a variable whose 32-bit integers are atomics.
    pub(super) fn atomic_ty(&self, id: TypeId) -> String {
        match self.types().get(id) {
            Type::Scalar(scalar) => format!("atomic<{}>", scalar_name(scalar)),
            Type::Array { element, count: Some(count) } => format!("array<{}, {}>", self.atomic_ty(element), length(count)),
            Type::Array { element, count: None } => format!("array<{}>", self.atomic_ty(element)),
            _ => self.ty(id),
        }
    }

    pub(super) fn types(&self) -> &Types {
        &self.program.module.tables.types
    }

    /// Prints a struct. One in a buffer lies there as in CUDA by WGSL's own rules (`shader/layout.rs`); where others lie is nobody's
    /// business, so nothing says it: `float3` has CUDA's alignment of 4, `vec3f` needs 16.
    pub(super) fn print_struct(&mut self, id: StructId) {
        let definition = self.types().structs()[id].clone();
        let name = self.names.structs[&id].clone();
        self.text.open(format!("struct {name} {{"));
        if definition.fields.is_empty() {
            self.text.line("empty: u32,"); // WGSL has no struct without members.
        }
        for (index, field) in definition.fields.iter().enumerate() {
            let line = format!("{}: {},", super::names::field_name(&field.name, index), self.ty(field.ty));
            self.text.line(line);
        }
        self.text.close("}");
        self.text.gap();
    }
}

/// WGSL has no arrays without elements, which nvcc takes. One element takes what the program, without a defined meaning, does with them.
fn length(count: u64) -> u64 {
    count.max(1)
}

pub(super) fn scalar_name(scalar: Scalar) -> &'static str {
    scalar.name()
}

fn vector_name(scalar: Scalar, count: u8) -> String {
    let short = match scalar {
        Scalar::F32 => "f",
        Scalar::I32 => "i",
        Scalar::U32 => "u",
        Scalar::F16 => "h",
        _ => return format!("vec{count}<{}>", scalar.name()),
    };
    format!("vec{count}{short}")
}
