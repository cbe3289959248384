//! A fresh state.

use super::*;

impl<'a> Sema<'a> {
    pub fn new(unit: &'a Unit, field_spaces: FxHashMap<(String, u32), ir::Space>) -> Sema<'a> {
        let mut module = ir::Module::default();
        let void = module.tables.types.void();
        let root = Ctx { ns: NsId(0), class: None, env: EnvId(0) };
        let mut macro_uses = FxHashMap::default();
        for constant in &unit.macros {
            for span in &constant.uses {
                macro_uses.insert(*span, constant.name);
            }
        }
        Sema {
            unit,
            types: TypeTable::default(),
            module,
            namespaces: vec![Namespace::default()],
            envs: vec![Env::default()],
            classes: Vec::new(),
            enums: Vec::new(),
            aliases: Vec::new(),
            vars: Vec::new(),
            functions: Vec::new(),
            templates: Vec::new(),
            usings: Vec::new(),
            expanding: Vec::new(),
            looked_up: FxHashMap::default(),
            overloads_comma: false,
            overloads_logical: false,
            closures: FxHashMap::default(),
            closure_functions: FxHashMap::default(),
            guides: FxHashMap::default(),
            implicit_guides: FxHashMap::default(),
            out_of_line: FxHashMap::default(),
            field_trees: FxHashMap::default(),
            template_defaults: FxHashMap::default(),
            class_memo: FxHashMap::default(),
            enum_memo: FxHashMap::default(),
            instances: FxHashMap::default(),
            lowered: FxHashMap::default(),
            address_taken: Vec::new(),
            dispatchers: Vec::new(),
            virtual_dispatchers: Vec::new(),
            constructed: Vec::new(),
            call_chain: Vec::new(),
            rounds: Vec::new(),
            stacked: rustc_hash::FxHashSet::default(),
            local_globals: FxHashMap::default(),
            named_constants: FxHashMap::default(),
            macro_uses,
            geometry_types: [None; 2],
            field_spaces,
            field_spaces_changed: false,
            f: FunctionState::scratch(root, void),
            depth: 0,
            order: u32::MAX,
            defined: u32::MAX,
            warnings: Vec::new(),
            selected_field: None,
        }
    }
}
