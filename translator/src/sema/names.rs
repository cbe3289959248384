//! Files the declarations of a translation unit, a namespace or a class under their names. Nothing is resolved here.

use super::*;
use ast::{Decl, DeclKind, Spec};
use grammar::{Item, Origin};

/// What surrounds a declaration while it is filed.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) ctx: Ctx,
    pub(super) shipped: bool,
    pub(super) order: u32,
}

const ROOT: NsId = NsId(0);
const NO_ENV: EnvId = EnvId(0);

impl<'a> Sema<'a> {
    /// Files every item that the device reaches.
    pub fn register_unit(&mut self) {
        let unit = self.unit;
        for (order, item) in unit.items.iter().enumerate() {
            if let Some(decl) = &item.decl {
                let ns = self.enter_scopes(item);
                let place = Place {
                    ctx: Ctx { ns, class: None, env: NO_ENV },
                    shipped: item.origin == Origin::Builtin,
                    order: order as u32,
                };
                self.register_decl(decl, place);
            }
        }
    }

    fn enter_scopes(&mut self, item: &Item) -> NsId {
        let mut ns = ROOT;
        for scope in &item.scope {
            ns = self.child_namespace(ns, scope.name.map(|ident| ident.name), scope.inline || scope.name.is_none());
        }
        ns
    }

    fn child_namespace(&mut self, parent: NsId, name: Option<Symbol>, transparent: bool) -> NsId {
        let key = NameKey::Ident(name.unwrap_or_else(|| Symbol::new("(unnamed)")));
        if let Some(entities) = self.namespaces[parent.index()].names.get(&key)
            && let Some(Entity::Namespace(ns)) = entities.iter().find(|e| matches!(e, Entity::Namespace(_)))
        {
            return *ns;
        }
        self.looked_up.clear();
        let id = NsId(self.namespaces.len() as u32);
        self.namespaces.push(Namespace { name, parent: Some(parent), ..Namespace::default() });
        self.namespaces[parent.index()].names.entry(key).or_default().push(Entity::Namespace(id));
        if transparent {
            self.namespaces[parent.index()].used.push(id);
        }
        id
    }

    /// Operators whose overloads are rare and whose look-up costs.
    fn note_operator(&mut self, key: NameKey) {
        use ast::BinaryOp::{And, Or};
        match key {
            NameKey::Operator(OperatorName::Comma) => self.overloads_comma = true,
            NameKey::Operator(OperatorName::Binary(And | Or)) => self.overloads_logical = true,
            _ => {}
        }
    }

    pub(super) fn declare(&mut self, ctx: Ctx, key: NameKey, entity: Entity) {
        self.note_operator(key);
        let names = match ctx.class {
            Some(class) => &mut self.classes[class.index()].members,
            None => {
                self.looked_up.clear();
                &mut self.namespaces[ctx.ns.index()].names
            }
        };
        let entities = names.entry(key).or_default();
        if !entities.contains(&entity) {
            entities.push(entity);
        }
    }

    /// Files the members of a class; its fields' types are left for the layout.
    pub(super) fn register_members(&mut self, class: ClassId, members: &'a [Decl]) {
        let info = self.class(class);
        let ctx = Ctx { class: Some(class), ..info.ctx };
        let place = Place { ctx, shipped: info.shipped, order: info.order };
        for member in members {
            self.register_decl(member, place);
        }
    }

    fn register_decl(&mut self, decl: &'a Decl, place: Place) {
        match &decl.kind {
            DeclKind::Empty | DeclKind::Access(_) | DeclKind::Asm(_) | DeclKind::Error | DeclKind::FriendType(_) => {}
            DeclKind::StaticAssert(_) | DeclKind::Instantiate { .. } | DeclKind::Binding(_) => {}
            DeclKind::Vars(vars) => self.register_vars(vars, place),
            DeclKind::Function(function) => self.register_function(function, place),
            DeclKind::Group(decls) => {
                for decl in decls {
                    self.register_decl(decl, place);
                }
            }
            DeclKind::Class(class) => {
                let id = self.register_class(class, place);
                if let (None, Some(owner)) = (&class.name, place.ctx.class) {
                    self.register_anonymous_member(id, owner, class.span);
                }
            }
            DeclKind::Enum(definition) => {
                self.register_enum(definition, place);
            }
            DeclKind::Typedef(typedef) => {
                self.register_inline_type(&typedef.base, place);
                for name in &typedef.names {
                    self.register_alias(name.name.name, &name.ty, place);
                }
            }
            DeclKind::Alias(alias) => self.register_alias(alias.name.name, &alias.ty, place),
            DeclKind::Using(name) => {
                let index = self.usings.len() as u32;
                self.usings.push((name, place.ctx));
                if place.ctx.class.is_some() && super::lookup::inherits_constructors(name) {
                    self.declare(place.ctx, NameKey::Constructor, Entity::Using(index));
                } else if let Some(key) = name_key(name) {
                    self.declare(place.ctx, key, Entity::Using(index));
                }
            }
            DeclKind::UsingNamespace(name) => {
                if let Some(ns) = self.find_namespace(name, place.ctx.ns) {
                    self.looked_up.clear();
                    self.namespaces[place.ctx.ns.index()].used.push(ns);
                }
            }
            DeclKind::UsingEnum(name) => {
                // [enum.udecl]: the enumerators as if declared here. A name that is no enum is an error where one of them is used.
                let found = self.in_ctx(place.ctx, |sema| sema.resolve_type_name(name, ast::TypeNameKey::Plain));
                for (name, id, index) in found.ok().map(|ty| self.enumerators_of(ty)).unwrap_or_default() {
                    self.declare(place.ctx, NameKey::Ident(name), Entity::Enumerator(id, index));
                }
            }
            DeclKind::NamespaceAlias { name, target } => {
                if let Some(ns) = self.find_namespace(target, place.ctx.ns) {
                    self.declare(place.ctx, NameKey::Ident(name.name), Entity::Namespace(ns));
                }
            }
            DeclKind::Template(template) => self.register_template(template, place),
            DeclKind::Friend(decl) => self.register_friend(decl, place),
        }
    }

    /// The enumerators of an enum with their numbers.
    pub(crate) fn enumerators_of(&self, ty: CType) -> Vec<(Symbol, EnumId, u32)> {
        let TypeKind::Enum(id) = *self.types.kind(ty) else { return Vec::new() };
        let items = self.enums[id.index()].ast.items.iter().flatten();
        items.enumerate().map(|(index, item)| (item.name.name, id, index as u32)).collect()
    }

    /// A friend that is defined in the class belongs to the namespace, but only the arguments' types lead to it.
    fn register_friend(&mut self, decl: &'a Decl, place: Place) {
        let Some(class) = place.ctx.class else { return };
        let has_body = |function: &ast::Function| !matches!(function.body, ast::FunctionBody::None);
        let (key, entity) = match &decl.kind {
            DeclKind::Function(function) if !function.name.is_qualified() && has_body(function) => {
                (function_key(function), Entity::Function(self.add_function(FunctionTree::Function(function), place, None)))
            }
            DeclKind::Template(template) => match &template.decl.kind {
                DeclKind::Function(function) if has_body(function) => {
                    let tree = TemplateTree::Function(function);
                    (function_key(function), Entity::Template(self.add_template(tree, &template.params, place)))
                }
                _ => return,
            },
            _ => return,
        };
        if let Some(key) = key {
            self.note_operator(key);
            self.classes[class.index()].friends.entry(key).or_default().push(entity);
        }
    }

    /// `template <typename T> friend void f(T) { .. }`
    pub(super) fn register_friend_template(&mut self, inner: &'a Decl, template: &'a ast::Template, place: Place) {
        let (DeclKind::Function(function), Some(class)) = (&inner.kind, place.ctx.class) else { return };
        if matches!(function.body, ast::FunctionBody::None) {
            return;
        }
        let id = self.add_template(TemplateTree::Function(function), &template.params, place);
        if let Some(key) = function_key(function) {
            self.note_operator(key);
            self.classes[class.index()].friends.entry(key).or_default().push(Entity::Template(id));
        }
    }

    fn register_vars(&mut self, vars: &'a ast::Vars, place: Place) {
        let anonymous = self.register_inline_type(&vars.base, place);
        for var in &vars.vars {
            let qualified = var.name.as_ref().is_some_and(|name| name.is_qualified());
            if qualified {
                self.file_out_of_line(place.ctx.ns, var.name.as_ref(), None, None, OutOfLineTree::Variable(var));
            } else if place.ctx.class.is_some() && !vars.specs.has(Spec::Static) {
                self.register_field(var, vars.specs.has(Spec::Mutable), place);
            } else if let Some(symbol) = var.name.as_ref().and_then(|name| name.symbol()) {
                if self.is_declared_again(var, &vars.specs, symbol, place) {
                    continue;
                }
                let id = self.add_variable(var, &vars.specs, place);
                self.declare(place.ctx, NameKey::Ident(symbol), Entity::Variable(id));
            }
        }
        if let (true, Some(class), Some(owner)) = (vars.vars.is_empty(), anonymous, place.ctx.class) {
            self.register_anonymous_member(class, owner, vars.base.span);
        }
    }

    /// `extern int n;` and `int n = 4;` are one variable, whichever comes first ([basic.def]/2): the definition counts.
    fn is_declared_again(&mut self, var: &'a ast::Var, specs: &'a ast::Specs, symbol: Symbol, place: Place) -> bool {
        if place.ctx.class.is_some() {
            return false;
        }
        let declares = |var: &ast::Var, specs: &ast::Specs| specs.has(Spec::Extern) && var.init.is_none();
        let known = self.namespaces[place.ctx.ns.index()].names.get(&NameKey::Ident(symbol)).into_iter().flatten();
        let known = known.copied().find_map(|entity| match entity {
            Entity::Variable(id) => Some(id),
            _ => None,
        });
        // Dynamic shared memory is declared by `extern` alone, and under one name with several types.
        let Some(known) = known.filter(|_| !specs.has(Spec::Shared)) else { return false };
        let first = &mut self.vars[known.index()];
        if declares(var, specs) {
            return true;
        }
        if declares(first.ast, first.specs) {
            (first.ast, first.specs) = (var, specs);
            return true;
        }
        false
    }

    fn register_anonymous_member(&mut self, class: ClassId, owner: ClassId, span: Span) {
        let ty = self.types.intern(TypeKind::Class(class));
        let field = FieldInfo { name: None, ty, offset: 0, ir_index: 0, bits: None, init: None, is_mutable: false, span };
        self.classes[owner.index()].fields.push(field);
    }

    fn register_field(&mut self, var: &'a ast::Var, is_mutable: bool, place: Place) {
        let Some(class) = place.ctx.class else { return };
        let name = var.name.as_ref().and_then(|name| name.symbol());
        let fields = &mut self.classes[class.index()].fields;
        let index = fields.len() as u32;
        // The type is `void` until the layout looks at the tree again.
        fields.push(FieldInfo {
            name,
            ty: CType::VOID,
            offset: 0,
            ir_index: 0,
            bits: None,
            init: var.init.as_ref(),
            is_mutable,
            span: var.span,
        });
        self.field_trees.insert((class, index), var);
        if let Some(name) = name {
            self.declare(place.ctx, NameKey::Ident(name), Entity::Field(index));
        }
    }

    pub(super) fn add_variable(&mut self, ast: &'a ast::Var, specs: &'a ast::Specs, ctx_place: impl Into<PlaceOf>) -> VarId {
        let place = ctx_place.into();
        let id = VarId(self.vars.len() as u32);
        let name = ast.name.as_ref().and_then(|name| name.symbol()).map_or_else(String::new, |s| s.as_str().to_string());
        self.vars.push(VarInfo {
            ast,
            specs,
            ctx: place.0,
            name,
            state: Completion::Open,
            ty: CType::VOID,
            value: None,
            global: None,
        });
        id
    }

    fn register_alias(&mut self, name: Symbol, ty: &'a ast::Type, place: Place) {
        let id = self.add_alias(ty, place.ctx);
        // `typedef struct S { .. } S;` names one thing twice.
        let is_same =
            matches!(&ty.kind, ast::TypeKind::Class(class) if class.name.as_ref().and_then(|n| n.as_ident()) == Some(name));
        if !is_same {
            self.declare(place.ctx, NameKey::Ident(name), Entity::Alias(id));
        }
    }

    pub(crate) fn add_alias(&mut self, ty: &'a ast::Type, ctx: Ctx) -> AliasId {
        self.aliases.push(AliasInfo { ty, ctx, state: Completion::Open, resolved: CType::VOID });
        AliasId(self.aliases.len() as u32 - 1)
    }

    /// A class or enum that a declaration defines on the way. Returns an anonymous class.
    fn register_inline_type(&mut self, ty: &'a ast::Type, place: Place) -> Option<ClassId> {
        match &ty.kind {
            ast::TypeKind::Class(class) => {
                let id = self.register_class(class, place);
                class.name.is_none().then_some(id)
            }
            ast::TypeKind::Enum(definition) => {
                self.register_enum(definition, place);
                None
            }
            ast::TypeKind::Pointer(inner) | ast::TypeKind::Array { element: inner, .. } => {
                self.register_inline_type(inner, place)
            }
            _ => None,
        }
    }

    fn register_class(&mut self, class: &'a ast::Class, place: Place) -> ClassId {
        let name = class.name.as_ref();
        if let Some(name) = name.filter(|name| name.is_qualified() && class.members.is_some()) {
            match self.find_scope_namespace(name, place.ctx.ns) {
                None => self.file_out_of_line(place.ctx.ns, Some(name), None, None, OutOfLineTree::Class(class)),
                Some(ns) => self.define_in_namespace(class, ns),
            }
        }
        let Some(symbol) = name.and_then(|name| name.as_ident()) else {
            return self.class_of_tree(class, place.ctx, place.shipped, place.order);
        };
        let key = NameKey::Ident(symbol);
        if let Some(known) = self.declared_class(place.ctx, key) {
            self.class_memo.insert((class as *const _ as usize, place.ctx.env), known);
            if class.members.is_some() && self.class(known).ast.members.is_none() {
                self.classes[known.index()].ast = class;
            }
            return known;
        }
        let id = self.class_of_tree(class, place.ctx, place.shipped, place.order);
        self.declare(place.ctx, key, Entity::Class(id));
        id
    }

    /// `struct n::S { .. };` where the namespace has `struct S;`
    fn define_in_namespace(&mut self, class: &'a ast::Class, ns: NsId) {
        let Some(symbol) = class.name.as_ref().and_then(|name| name.symbol()) else { return };
        let ctx = Ctx { ns, class: None, env: EnvId(0) };
        if let Some(known) = self.declared_class(ctx, NameKey::Ident(symbol))
            && self.class(known).ast.members.is_none()
        {
            self.classes[known.index()].ast = class;
        }
    }

    fn declared_class(&self, ctx: Ctx, key: NameKey) -> Option<ClassId> {
        let names = match ctx.class {
            Some(class) => &self.class(class).members,
            None => &self.namespaces[ctx.ns.index()].names,
        };
        names.get(&key)?.iter().find_map(|entity| match entity {
            Entity::Class(id) => Some(*id),
            _ => None,
        })
    }

    /// The class that a tree defines within an env; made when it is first met.
    pub(crate) fn class_of_tree(&mut self, class: &'a ast::Class, ctx: Ctx, shipped: bool, order: u32) -> ClassId {
        let key = (class as *const _ as usize, ctx.env);
        if let Some(&id) = self.class_memo.get(&key) {
            return id;
        }
        let name = class.name.as_ref().and_then(|name| name.symbol()).map_or("(unnamed)", Symbol::as_str);
        let id = self.add_class(class, ctx, self.qualified_name(ctx, name), shipped, order);
        self.class_memo.insert(key, id);
        id
    }

    pub(super) fn add_class(&mut self, ast: &'a ast::Class, ctx: Ctx, name: String, shipped: bool, order: u32) -> ClassId {
        self.classes.push(ClassInfo {
            ast,
            ctx,
            name,
            template: None,
            shipped,
            order,
            members_state: Completion::Open,
            members: FxHashMap::default(),
            layout_state: Completion::Open,
            friends: FxHashMap::default(),
            bases: Vec::new(),
            fields: Vec::new(),
            size: 0,
            data_size: 0,
            align: 1,
            polymorphic: false,
            vptr: None,
            vector: None,
            ir: None,
            captures: Vec::new(),
        });
        ClassId(self.classes.len() as u32 - 1)
    }

    fn register_enum(&mut self, definition: &'a ast::Enum, place: Place) -> EnumId {
        let id = self.enum_of_tree(definition, place.ctx);
        if let Some(symbol) = definition.name.as_ref().and_then(|name| name.symbol()) {
            self.declare(place.ctx, NameKey::Ident(symbol), Entity::Enum(id));
        }
        if !definition.scoped {
            for (index, item) in definition.items.iter().flatten().enumerate() {
                self.declare(place.ctx, NameKey::Ident(item.name.name), Entity::Enumerator(id, index as u32));
            }
        }
        id
    }

    pub(crate) fn enum_of_tree(&mut self, definition: &'a ast::Enum, ctx: Ctx) -> EnumId {
        let key = (definition as *const _ as usize, ctx.env);
        if let Some(&id) = self.enum_memo.get(&key) {
            return id;
        }
        let name = definition.name.as_ref().and_then(|name| name.symbol()).map_or("(unnamed enum)", Symbol::as_str);
        let name = self.qualified_name(ctx, name);
        self.enums.push(EnumInfo {
            ast: definition,
            ctx,
            name,
            state: Completion::Open,
            underlying: CType::INT,
            values: Vec::new(),
        });
        let id = EnumId(self.enums.len() as u32 - 1);
        self.enum_memo.insert(key, id);
        id
    }

    fn register_function(&mut self, function: &'a ast::Function, place: Place) {
        if function.kind == ast::FunctionKind::DeductionGuide {
            self.register_guide(function, &[], place);
            return;
        }
        if function.name.is_qualified()
            && place.ctx.class.is_none()
            && self.find_scope_namespace(&function.name, place.ctx.ns).is_none()
        {
            self.file_out_of_line(place.ctx.ns, Some(&function.name), None, None, OutOfLineTree::Function(function));
            return;
        }
        let ns = self.find_scope_namespace(&function.name, place.ctx.ns).unwrap_or(place.ctx.ns);
        let place = Place { ctx: Ctx { ns, ..place.ctx }, ..place };
        if function.ty.params.iter().any(|param| crate::lower::mentions_auto(&param.ty)) {
            // An abbreviated function template ([dcl.fct]/18).
            let id = self.add_template(TemplateTree::Function(function), &[], place);
            if let Some(key) = function_key(function) {
                self.declare(place.ctx, key, Entity::Template(id));
            }
            return;
        }
        let id = self.add_function(FunctionTree::Function(function), place, None);
        if let Some(key) = function_key(function) {
            self.declare(place.ctx, key, Entity::Function(id));
        }
    }

    fn add_function(&mut self, tree: FunctionTree<'a>, place: Place, name: Option<String>) -> FnId {
        let name = name.unwrap_or_else(|| match tree {
            FunctionTree::Function(function) => self.qualified_name(place.ctx, &last_name(&function.name)),
            FunctionTree::Lambda(_) => "lambda".to_string(),
        });
        self.functions.push(FnInfo {
            ast: tree,
            ctx: place.ctx,
            name,
            template: None,
            shipped: place.shipped,
            order: place.order,
            signature: None,
            signature_running: false,
        });
        FnId(self.functions.len() as u32 - 1)
    }

    pub(crate) fn add_function_in(&mut self, tree: FunctionTree<'a>, ctx: Ctx, name: String, shipped: bool, order: u32) -> FnId {
        self.add_function(tree, Place { ctx, shipped, order }, Some(name))
    }

    pub(crate) fn add_class_in(&mut self, ast: &'a ast::Class, ctx: Ctx, name: String) -> ClassId {
        let order = self.order;
        self.add_class(ast, ctx, name, false, order)
    }

    pub(crate) fn add_template_in(&mut self, tree: TemplateTree<'a>, params: &'a [ast::TemplateParam], ctx: Ctx) -> TemplateId {
        self.add_template(tree, params, Place { ctx, shipped: false, order: self.order })
    }

    /// A local class or enum of a function body, filed by the caller in the block's scope.
    pub(crate) fn local_class(&mut self, class: &'a ast::Class, ctx: Ctx) -> ClassId {
        let id = self.class_of_tree(class, ctx, false, self.order);
        self.classes[id.index()].order = u32::MAX;
        id
    }

    pub(super) fn file_out_of_line(
        &mut self,
        ns: NsId,
        name: Option<&'a ast::Name>,
        params: Option<&'a [ast::TemplateParam]>,
        inner_params: Option<&'a [ast::TemplateParam]>,
        tree: OutOfLineTree<'a>,
    ) {
        let Some(name) = name else { return };
        let Some(scope) = name.segments.len().checked_sub(2).and_then(|index| name.segments.get(index)) else { return };
        if let ast::Id::Ident(symbol) = scope.id {
            let entry = OutOfLine { name, ns, params, inner_params, tree };
            self.out_of_line.entry(symbol).or_default().push(entry);
        }
    }

    /// The namespace that a name's scopes spell, if they are all namespaces.
    pub(super) fn find_scope_namespace(&self, name: &ast::Name, from: NsId) -> Option<NsId> {
        let scopes = &name.segments[..name.segments.len() - 1];
        if scopes.is_empty() {
            return name.global.then_some(ROOT);
        }
        self.walk_namespaces(scopes, name.global, from)
    }

    pub(crate) fn namespace_named(&self, name: &ast::Name) -> Option<NsId> {
        self.find_namespace(name, self.f.ctx.ns)
    }

    pub(crate) fn alias_class_tree(&mut self, class: &'a ast::Class, env: EnvId, id: ClassId) {
        self.class_memo.insert((class as *const _ as usize, env), id);
    }

    fn find_namespace(&self, name: &ast::Name, from: NsId) -> Option<NsId> {
        self.walk_namespaces(&name.segments, name.global, from)
    }

    pub(super) fn walk_namespaces(&self, segments: &[ast::Segment], global: bool, from: NsId) -> Option<NsId> {
        let (first, rest) = segments.split_first()?;
        let mut start = Some(if global { ROOT } else { from });
        let mut ns = loop {
            let at = start?;
            if let Some(found) = self.namespace_member(at, first, 0) {
                break found;
            }
            start = if global { None } else { self.namespaces[at.index()].parent };
        };
        for segment in rest {
            ns = self.namespace_member(ns, segment, 0)?;
        }
        Some(ns)
    }

    fn namespace_member(&self, ns: NsId, segment: &ast::Segment, depth: u32) -> Option<NsId> {
        let ast::Id::Ident(symbol) = segment.id else { return None };
        let namespace = &self.namespaces[ns.index()];
        let own = namespace.names.get(&NameKey::Ident(symbol)).into_iter().flatten().find_map(|entity| match entity {
            Entity::Namespace(ns) => Some(*ns),
            _ => None,
        });
        if own.is_some() || depth > 8 {
            return own;
        }
        namespace.used.iter().find_map(|&used| self.namespace_member(used, segment, depth + 1))
    }

    /// `n::A::f`, for messages and for functions' names.
    pub(crate) fn qualified_name(&self, ctx: Ctx, name: &str) -> String {
        if let Some(class) = ctx.class {
            return format!("{}::{name}", self.class(class).name);
        }
        let mut text = name.to_string();
        let mut at = Some(ctx.ns);
        while let Some(ns) = at {
            let namespace = &self.namespaces[ns.index()];
            if let Some(name) = namespace.name {
                text = format!("{name}::{text}");
            }
            at = namespace.parent;
        }
        text
    }
}

/// A declaration context, for callers outside this module.
pub struct PlaceOf(Ctx);

impl From<Place> for PlaceOf {
    fn from(place: Place) -> PlaceOf {
        PlaceOf(place.ctx)
    }
}

impl From<Ctx> for PlaceOf {
    fn from(ctx: Ctx) -> PlaceOf {
        PlaceOf(ctx)
    }
}

/// The text of a name's last segment, without template arguments.
pub(crate) fn last_name(name: &ast::Name) -> String {
    match &name.last().id {
        ast::Id::Ident(symbol) => symbol.as_str().to_string(),
        ast::Id::Operator(op) => format!("operator{}", operator_text(*op)),
        ast::Id::Conversion(_) => "operator (conversion)".to_string(),
        ast::Id::Destructor(symbol) => format!("~{symbol}"),
        ast::Id::Decltype(_) => "decltype".to_string(),
    }
}

pub(crate) fn operator_text(op: OperatorName) -> String {
    match op {
        OperatorName::Call => "()".into(),
        OperatorName::Index => "[]".into(),
        OperatorName::Arrow => "->".into(),
        OperatorName::ArrowStar => "->*".into(),
        OperatorName::Comma => ",".into(),
        OperatorName::Not => "!".into(),
        OperatorName::BitNot => "~".into(),
        OperatorName::Increment => "++".into(),
        OperatorName::Decrement => "--".into(),
        OperatorName::Binary(op) => op.as_str().into(),
        OperatorName::Assign => "=".into(),
        OperatorName::CompoundAssign(op) => format!("{}=", op.as_str()),
        OperatorName::New => " new".into(),
        OperatorName::NewArray => " new[]".into(),
        OperatorName::Delete => " delete".into(),
        OperatorName::DeleteArray => " delete[]".into(),
        OperatorName::Literal(suffix) => format!("\"\"{suffix}"),
    }
}

/// The key a name is looked up by.
pub(crate) fn name_key(name: &ast::Name) -> Option<NameKey> {
    match &name.last().id {
        ast::Id::Ident(symbol) => Some(NameKey::Ident(*symbol)),
        ast::Id::Operator(op) => Some(NameKey::Operator(*op)),
        ast::Id::Conversion(_) => Some(NameKey::Conversion),
        ast::Id::Destructor(_) => Some(NameKey::Destructor),
        ast::Id::Decltype(_) => None,
    }
}

pub(crate) fn function_key(function: &ast::Function) -> Option<NameKey> {
    match function.kind {
        ast::FunctionKind::Constructor => Some(NameKey::Constructor),
        ast::FunctionKind::Destructor => Some(NameKey::Destructor),
        ast::FunctionKind::Conversion => Some(NameKey::Conversion),
        ast::FunctionKind::DeductionGuide => None,
        ast::FunctionKind::Ordinary => name_key(&function.name),
    }
}

pub(super) fn segment_symbol(segment: &ast::Segment) -> Option<Symbol> {
    match segment.id {
        ast::Id::Ident(symbol) => Some(symbol),
        _ => None,
    }
}
