//! The names of one module: everything at module scope gets one before any text is written.
//!
//! What a function declares hides what has its name at module scope (WGSL, "Declaration and Scope"). So a function avoids only the names that
//! its own text uses, and a parameter `a` is `a` whatever buffers the kernels have.

use super::{helpers, literal};
use crate::common::names::{Namer, identifier};
use crate::shader::Program;
use ir::{ConstantId, Expr, FuncId, Function, GlobalId, StructId, Type, TypeId, Types};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

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
    /// What no name of the source may be, anywhere: our own names.
    own: Namer,
    pub globals: FxHashMap<GlobalId, String>,
    pub functions: FxHashMap<FuncId, String>,
    pub structs: FxHashMap<StructId, String>,
    pub constants: FxHashMap<ConstantId, String>,
}

impl Names {
    /// `broadcasts` are names that the module's own variables have.
    pub fn of(program: &Program, broadcasts: &BTreeMap<TypeId, String>) -> Names {
        let mut names = Names::default();
        OWN.iter().for_each(|own| names.own.reserve(own));
        helpers::NAMES.iter().for_each(|name| names.own.reserve(name));
        broadcasts.values().for_each(|name| names.own.reserve(name));
        let mut namer = names.own.clone();
        let module = &program.module;
        // Kernels first: their names are the module's interface.
        let (kernels, others): (Vec<_>, Vec<_>) =
            module.functions.iter().partition(|(id, _)| program.entries.iter().any(|entry| entry.kernel == *id));
        for (id, function) in kernels.into_iter().chain(others) {
            names.functions.insert(id, namer.take(&function.name));
        }
        for (id, global) in module.tables.globals.iter() {
            names.globals.insert(id, namer.take(&global.name));
        }
        for (id, definition) in module.tables.types.structs().iter() {
            names.structs.insert(id, namer.take(&definition.name));
        }
        // A macro used as `int` and as `unsigned` is two constants in the IR; as text they are one.
        let mut texts: FxHashMap<(String, String), String> = FxHashMap::default();
        for (id, constant) in module.tables.constants.iter() {
            let value = literal::text(constant.scalar, constant.bits, false, false);
            let name = match texts.get(&(constant.name.clone(), value.clone())) {
                Some(name) => name.clone(),
                None => namer.take(&constant.name),
            };
            texts.insert((constant.name.clone(), value), name.clone());
            names.constants.insert(id, name);
        }
        names
    }

    /// Gives names to what a function declares: other ones than those of the module that its text uses.
    pub fn inside(&self, id: FuncId, function: &Function, types: &Types) -> Namer {
        let mut namer = self.own.clone();
        namer.push();
        namer.occupy(&self.functions[&id]);
        let mut mentioned = Mentioned { types, seen: vec![false; types.len()], structs: Vec::new() };
        mentioned.add(function.result);
        function.params.iter().for_each(|param| mentioned.add(param.ty));
        function.locals.iter().for_each(|(_, local)| mentioned.add(local.ty));
        // The arena of a program's function holds nothing that it does not use.
        for (_, data) in function.exprs.iter() {
            mentioned.add(data.ty);
            match data.expr {
                Expr::GlobalAddr(global) => namer.occupy(&self.globals[&global]),
                Expr::NamedConst(constant) => namer.occupy(&self.constants[&constant]),
                _ => {}
            }
        }
        for (callee, _) in function.callees() {
            namer.occupy(&self.functions[&callee]);
        }
        for definition in &mentioned.structs {
            namer.occupy(&self.structs[definition]);
        }
        namer
    }
}

/// The structs that types are made of.
struct Mentioned<'a> {
    types: &'a Types,
    seen: Vec<bool>,
    structs: Vec<StructId>,
}

impl Mentioned<'_> {
    fn add(&mut self, ty: TypeId) {
        if std::mem::replace(&mut self.seen[ty.index()], true) {
            return;
        }
        match self.types.get(ty) {
            Type::Array { element: inner, .. } | Type::Pointer { pointee: inner, .. } => self.add(inner),
            Type::Struct(definition) => {
                self.structs.push(definition);
                let fields = &self.types.structs()[definition].fields;
                fields.iter().for_each(|field| self.add(field.ty));
            }
            Type::Void | Type::Scalar(_) | Type::Vector { .. } => {}
        }
    }
}

/// A struct member's name; padding and anonymous members get one from their place.
pub(super) fn field_name(name: &str, index: usize) -> String {
    if name.is_empty() { format!("field{index}") } else { identifier(name) }
}
