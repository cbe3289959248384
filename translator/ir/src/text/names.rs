//! The names that the text form shows: unique, and the same again after print and parse.

use super::spell;
use crate::expr::{LetId, LocalId};
use crate::module::{Function, Module};
use crate::stmt::StmtKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// Gives each name of one scope its shown form: the first `i` stays, the next ones become `i.1`, `i.2`.
#[derive(Clone, Default)]
struct Namer {
    taken: FxHashSet<String>,
    next: FxHashMap<String, u32>,
}

impl Namer {
    fn name(&mut self, base: &str) -> String {
        let shown = quote(base);
        if self.taken.insert(shown.clone()) {
            return shown;
        }
        let counter = self.next.entry(shown.clone()).or_insert(0);
        loop {
            *counter += 1;
            let numbered = format!("{shown}.{counter}");
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

/// Names of the module's items, by index.
pub(super) struct ModuleNames {
    pub(super) structs: Vec<String>,
    pub(super) functions: Vec<String>,
    pub(super) constants: Vec<String>,
    pub(super) globals: Vec<String>,
    values: Namer,
}

impl ModuleNames {
    pub(super) fn new(module: &Module) -> ModuleNames {
        let all =
            |namer: &mut Namer, names: &mut dyn Iterator<Item = &str>| names.map(|name| namer.name(name)).collect::<Vec<_>>();
        let mut values = Namer::default();
        ModuleNames {
            structs: all(&mut Namer::default(), &mut module.tables.types.structs().iter().map(|(_, s)| s.name.as_str())),
            functions: all(&mut Namer::default(), &mut module.functions.iter().map(|(_, f)| f.name.as_str())),
            constants: all(&mut values, &mut module.tables.constants.iter().map(|(_, c)| c.name.as_str())),
            globals: all(&mut values, &mut module.tables.globals.iter().map(|(_, g)| g.name.as_str())),
            values,
        }
    }
}

/// Names of a function's parameters, locals and lets, by index.
pub(super) struct FunctionNames {
    pub(super) params: Vec<String>,
    pub(super) locals: Vec<String>,
    pub(super) lets: Vec<String>,
}

impl FunctionNames {
    /// Numbers in the order of the text, so that they come out alike for a function that was read back.
    pub(super) fn new(module: &ModuleNames, function: &Function) -> FunctionNames {
        let mut namer = module.values.clone();
        let params = function.params.iter().map(|param| namer.name(&param.name)).collect();
        let mut names = FunctionNames {
            params,
            locals: vec![String::new(); function.locals.len()],
            lets: vec![String::new(); function.lets.len()],
        };
        let mut unnamed = 0;
        function.body.walk(&mut |stmt| {
            if let StmtKind::Declare { local, .. } = stmt.kind {
                names.name_local(&mut namer, function, local);
            }
            if let Some(id) = stmt.kind.result() {
                names.name_let(&mut namer, &mut unnamed, function, id);
            }
        });
        // What no statement binds still gets a name: printing must work on broken functions.
        function.locals.handles().for_each(|local| names.name_local(&mut namer, function, local));
        function.lets.handles().for_each(|id| names.name_let(&mut namer, &mut unnamed, function, id));
        names
    }

    fn name_local(&mut self, namer: &mut Namer, function: &Function, local: LocalId) {
        let shown = &mut self.locals[local.index()];
        if shown.is_empty() {
            *shown = namer.name(&function.locals[local].name);
        }
    }

    fn name_let(&mut self, namer: &mut Namer, unnamed: &mut u32, function: &Function, id: LetId) {
        let shown = &mut self.lets[id.index()];
        if !shown.is_empty() {
            return;
        }
        *shown = match &function.lets[id].name {
            Some(name) => namer.name(name),
            None => {
                *unnamed += 1;
                format!("%{}", *unnamed - 1)
            }
        };
    }
}

/// An identifier as it is, anything else between backticks.
pub(super) fn quote(name: &str) -> String {
    if is_identifier(name) && !spell::is_reserved(name) {
        return name.to_owned();
    }
    let escaped = name.replace('\\', "\\\\").replace('`', "\\`").replace('\n', "\\n");
    format!("`{escaped}`")
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
