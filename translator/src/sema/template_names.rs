//! Files templates under their names: functions, classes, variables, guides and explicit specialisations. As in [`names`](super::names),
//! nothing is resolved here.

use super::names::*;
use super::*;
use ast::DeclKind;

impl<'a> Sema<'a> {
    pub(super) fn register_template(&mut self, template: &'a ast::Template, place: Place) {
        let first = self.templates.len();
        self.register_template_tree(template, place);
        for made in &mut self.templates[first..] {
            made.requires = template.requires.as_ref();
        }
    }

    fn register_template_tree(&mut self, template: &'a ast::Template, place: Place) {
        match &template.decl.kind {
            DeclKind::Function(function) => self.register_function_template(function, template, place),
            DeclKind::Class(class) => self.register_class_template(class, template, place),
            DeclKind::Alias(alias) => {
                let id = self.add_template(TemplateTree::Alias(alias), &template.params, place);
                self.declare(place.ctx, NameKey::Ident(alias.name.name), Entity::Template(id));
            }
            DeclKind::Vars(vars) => self.register_variable_template(vars, template, place),
            DeclKind::Template(inner) => {
                if let DeclKind::Function(function) = &inner.decl.kind {
                    let tree = OutOfLineTree::Function(function);
                    self.file_out_of_line(place.ctx.ns, Some(&function.name), Some(&template.params), Some(&inner.params), tree);
                }
            }
            DeclKind::Friend(inner) => self.register_friend_template(inner, template, place),
            _ => {}
        }
    }

    fn register_function_template(&mut self, function: &'a ast::Function, template: &'a ast::Template, place: Place) {
        if function.kind == ast::FunctionKind::DeductionGuide {
            return self.register_guide(function, &template.params, place);
        }
        let Some(key) = function_key(function) else { return };
        if template.params.is_empty() {
            self.register_explicit_specialisation(function, key, place);
        } else if function.name.is_qualified() && place.ctx.class.is_none() {
            self.file_out_of_line(
                place.ctx.ns,
                Some(&function.name),
                Some(&template.params),
                None,
                OutOfLineTree::Function(function),
            );
        } else {
            let id = self.add_template(TemplateTree::Function(function), &template.params, place);
            self.declare(place.ctx, key, Entity::Template(id));
        }
    }

    /// `A(T) -> A<T>;`
    pub(super) fn register_guide(&mut self, function: &'a ast::Function, params: &'a [ast::TemplateParam], place: Place) {
        let Some(name) = function.name.symbol() else { return };
        let id = self.add_template(TemplateTree::Function(function), params, place);
        self.guides.entry((place.ctx.ns, name)).or_default().push(id);
    }

    fn register_explicit_specialisation(&mut self, function: &'a ast::Function, key: NameKey, place: Place) {
        if function.name.is_qualified() && place.ctx.class.is_none() {
            self.file_out_of_line(place.ctx.ns, Some(&function.name), None, None, OutOfLineTree::Function(function));
            return;
        }
        let names = match place.ctx.class {
            Some(class) => &self.class(class).members,
            None => &self.namespaces[place.ctx.ns.index()].names,
        };
        let templates: Vec<TemplateId> = names
            .get(&key)
            .into_iter()
            .flatten()
            .filter_map(|entity| match entity {
                Entity::Template(id) => Some(*id),
                _ => None,
            })
            .collect();
        for id in templates {
            self.templates[id.index()].explicit.push(function);
        }
    }

    fn register_class_template(&mut self, class: &'a ast::Class, template: &'a ast::Template, place: Place) {
        let Some(name) = &class.name else { return };
        let Some(symbol) = name.symbol() else { return };
        if name.is_qualified() && place.ctx.class.is_none() && self.find_scope_namespace(name, place.ctx.ns).is_none() {
            return self.file_out_of_line(place.ctx.ns, Some(name), Some(&template.params), None, OutOfLineTree::Class(class));
        }
        let key = NameKey::Ident(symbol);
        let known = self.declared_template(place.ctx, key);
        if let Some(args) = &name.last().args {
            if let Some(primary) = known {
                self.templates[primary.index()].specialisations.push(Specialisation {
                    params: &template.params,
                    requires: template.requires.as_ref(),
                    args,
                    tree: TemplateTree::Class(class),
                    ctx: place.ctx,
                });
            }
            return;
        }
        match known {
            Some(id) => {
                if class.members.is_some() {
                    self.templates[id.index()].tree = TemplateTree::Class(class);
                    self.merge_defaults(id, &template.params);
                }
            }
            None => {
                let id = self.add_template(TemplateTree::Class(class), &template.params, place);
                self.declare(place.ctx, key, Entity::Template(id));
            }
        }
    }

    /// The definition's parameter names count; default arguments may stand at an earlier declaration.
    fn merge_defaults(&mut self, id: TemplateId, params: &'a [ast::TemplateParam]) {
        let old = self.templates[id.index()].params;
        for (index, param) in old.iter().enumerate() {
            if let Some(default) = &param.default {
                self.template_defaults.insert((id, index as u32), default);
            }
        }
        self.templates[id.index()].params = params;
    }

    fn register_variable_template(&mut self, vars: &'a ast::Vars, template: &'a ast::Template, place: Place) {
        for var in &vars.vars {
            let Some(name) = &var.name else { continue };
            if name.is_qualified() {
                self.file_out_of_line(place.ctx.ns, Some(name), Some(&template.params), None, OutOfLineTree::Variable(var));
                continue;
            }
            let Some(symbol) = name.symbol() else { continue };
            let key = NameKey::Ident(symbol);
            let tree = TemplateTree::Variable(var, &vars.specs);
            match (&name.last().args, self.declared_template(place.ctx, key)) {
                (Some(args), Some(primary)) => self.templates[primary.index()].specialisations.push(Specialisation {
                    params: &template.params,
                    requires: template.requires.as_ref(),
                    args,
                    tree,
                    ctx: place.ctx,
                }),
                _ => {
                    let id = self.add_template(tree, &template.params, place);
                    self.declare(place.ctx, key, Entity::Template(id));
                }
            }
        }
    }

    fn declared_template(&self, ctx: Ctx, key: NameKey) -> Option<TemplateId> {
        let names = match ctx.class {
            Some(class) => &self.class(class).members,
            None => &self.namespaces[ctx.ns.index()].names,
        };
        names.get(&key)?.iter().find_map(|entity| match entity {
            Entity::Template(id) => Some(*id),
            _ => None,
        })
    }

    pub(super) fn add_template(&mut self, tree: TemplateTree<'a>, params: &'a [ast::TemplateParam], place: Place) -> TemplateId {
        let name = match tree {
            TemplateTree::Function(function) => last_name(&function.name),
            TemplateTree::Lambda(_) => "lambda".to_string(),
            TemplateTree::Class(class) => class.name.as_ref().map_or_else(String::new, last_name),
            TemplateTree::Alias(alias) => alias.name.name.as_str().to_string(),
            TemplateTree::Variable(var, _) => var.name.as_ref().map_or_else(String::new, last_name),
        };
        let name = self.qualified_name(place.ctx, &name);
        self.templates.push(TemplateInfo {
            name,
            tree,
            params,
            requires: None,
            ctx: place.ctx,
            shipped: place.shipped,
            order: place.order,
            specialisations: Vec::new(),
            explicit: Vec::new(),
        });
        TemplateId(self.templates.len() as u32 - 1)
    }
}
