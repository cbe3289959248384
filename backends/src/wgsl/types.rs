//! Types and struct definitions, with WGSL's memory layout checked against CUDA's.

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

    /// Prints a struct; `@size` and `@align` where CUDA's layout is wider than WGSL's.
    pub(super) fn print_struct(&mut self, id: StructId) {
        let definition = self.types().structs()[id].clone();
        let name = self.names.structs[&id].clone();
        self.text.open(format!("struct {name} {{"));
        if definition.fields.is_empty() {
            self.text.line("empty: u32,"); // WGSL has no struct without members.
        }
        let mut end = 0;
        for (index, field) in definition.fields.iter().enumerate() {
            let natural = wgsl_align(self.types(), field.ty);
            let at = round_up(end, natural);
            let next = definition.fields.get(index + 1).map_or(definition.size, |next| next.offset);
            let mut attributes = String::new();
            if at != field.offset {
                let align = 1 << field.offset.trailing_zeros().min(8);
                attributes = format!("@align({align}) ");
            }
            let size = wgsl_size(self.types(), field.ty);
            let following = definition.fields.get(index + 1).map_or(definition.align, |next| wgsl_align(self.types(), next.ty));
            if round_up(field.offset + size, following) < next {
                attributes.push_str(&format!("@size({}) ", next - field.offset));
                end = next;
            } else {
                end = field.offset + size;
            }
            let line = format!("{attributes}{}: {},", super::names::field_name(&field.name, index), self.ty(field.ty));
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

pub(super) fn round_up(value: u64, align: u64) -> u64 {
    value.div_ceil(align.max(1)) * align.max(1)
}

/// WGSL, "Memory Layout": alignment of a type.
pub(super) fn wgsl_align(types: &Types, id: TypeId) -> u64 {
    match types.get(id) {
        Type::Vector { scalar, count: 3 } => scalar.size() * 4,
        Type::Vector { scalar, count } => scalar.size() * u64::from(count),
        Type::Array { element, .. } => wgsl_align(types, element),
        Type::Struct(definition) => types.structs()[definition].fields.iter().map(|f| wgsl_align(types, f.ty)).max().unwrap_or(1),
        Type::Scalar(Scalar::Bool) => 4,
        _ => types.align_of(id),
    }
}

/// WGSL, "Memory Layout": size of a type.
pub(super) fn wgsl_size(types: &Types, id: TypeId) -> u64 {
    match types.get(id) {
        Type::Array { element, count } => {
            round_up(wgsl_size(types, element), wgsl_align(types, element)).saturating_mul(count.map_or(0, length))
        }
        Type::Scalar(Scalar::Bool) => 4,
        _ => types.size_of(id),
    }
}
