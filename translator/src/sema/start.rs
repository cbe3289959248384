//! A fresh state.

use super::*;

impl<'a> Sema<'a> {
    pub fn new(unit: &'a Unit, field_spaces: HashMap<(String, u32), ir::Space>) -> Sema<'a> {
        let mut module = ir::Module::default();
        let void = module.tables.types.void();
        let root = Ctx { ns: NsId(0), class: None, env: EnvId(0) };
        let mut macro_uses = HashMap::new();
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
            out_of_line: HashMap::new(),
            field_trees: HashMap::new(),
            template_defaults: HashMap::new(),
            class_memo: HashMap::new(),
            enum_memo: HashMap::new(),
            instances: HashMap::new(),
            lowered: HashMap::new(),
            address_taken: Vec::new(),
            dispatchers: Vec::new(),
            local_globals: HashMap::new(),
            named_constants: HashMap::new(),
            macro_uses,
            field_spaces,
            field_spaces_changed: false,
            f: FunctionState::scratch(root, void),
            depth: 0,
            order: u32::MAX,
            warnings: Vec::new(),
        }
    }
}
