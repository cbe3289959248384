//! The names of one module: everything at module scope gets one before any text is written.

use super::geometry::GeometryUse;
use super::{helpers, literal};
use crate::common::names::{Namer, identifier};
use crate::shader::Program;
use ir::{ConstantId, FuncId, GlobalId, StructId};
use rustc_hash::FxHashMap;

/// Names that our own text uses in every kernel.
const OWN: [&str; 12] = [
    "launch",
    "thread",
    "threadIdx",
    "block",
    "blockIdx",
    "group",
    "groups",
    "blockDimX",
    "blockDimY",
    "blockDimZ",
    "Launch",
    "broadcast",
];

#[derive(Debug, Default)]
pub struct Names {
    pub namer: Namer,
    pub globals: FxHashMap<GlobalId, String>,
    pub functions: FxHashMap<FuncId, String>,
    pub structs: FxHashMap<StructId, String>,
    pub constants: FxHashMap<ConstantId, String>,
}

impl Names {
    pub fn of(program: &Program, _geometry: &GeometryUse) -> Names {
        let mut names = Names::default();
        OWN.iter().for_each(|own| names.namer.reserve(own));
        helpers::NAMES.iter().for_each(|name| names.namer.reserve(name));
        let module = &program.module;
        // Kernels first: their names are the module's interface.
        let (kernels, others): (Vec<_>, Vec<_>) =
            module.functions.iter().partition(|(id, _)| program.entries.iter().any(|entry| entry.kernel == *id));
        for (id, function) in kernels.into_iter().chain(others) {
            names.functions.insert(id, names.namer.take(&function.name));
        }
        for (id, global) in module.tables.globals.iter() {
            names.globals.insert(id, names.namer.take(&global.name));
        }
        for (id, definition) in module.tables.types.structs().iter() {
            names.structs.insert(id, names.namer.take(&definition.name));
        }
        // A macro used as `int` and as `unsigned` is two constants in the IR; as text they are one.
        let mut texts: FxHashMap<(String, String), String> = FxHashMap::default();
        for (id, constant) in module.tables.constants.iter() {
            let value = literal::text(constant.scalar, constant.bits, false, false);
            let name = match texts.get(&(constant.name.clone(), value.clone())) {
                Some(name) => name.clone(),
                None => names.namer.take(&constant.name),
            };
            texts.insert((constant.name.clone(), value), name.clone());
            names.constants.insert(id, name);
        }
        names
    }
}

/// A struct member's name; padding and anonymous members get one from their place.
pub(super) fn field_name(name: &str, index: usize) -> String {
    if name.is_empty() { format!("field{index}") } else { identifier(name) }
}
