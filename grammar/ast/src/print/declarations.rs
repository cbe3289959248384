//! Declarations.

use super::Printer;
use crate::*;

impl Printer {
    pub(super) fn decl(&mut self, decl: &Decl) {
        match &decl.kind {
            DeclKind::Access(access) => {
                self.line(match access {
                    Access::Public => "public:",
                    Access::Protected => "protected:",
                    Access::Private => "private:",
                });
            }
            DeclKind::Group(decls) => decls.iter().for_each(|decl| self.decl(decl)),
            _ => {
                self.line_start();
                self.bare_decl(decl);
                self.put("\n");
            }
        }
    }

    /// Without indentation and newline.
    pub(super) fn bare_decl(&mut self, decl: &Decl) {
        match &decl.kind {
            DeclKind::Empty => self.put(";"),
            DeclKind::Vars(vars) => {
                self.vars(vars);
                self.put(";");
            }
            DeclKind::Binding(binding) => {
                self.binding(binding);
                self.put(";");
            }
            DeclKind::Function(function) => self.function(function),
            DeclKind::Group(decls) => decls.iter().for_each(|decl| self.bare_decl(decl)),
            DeclKind::Class(class) => {
                self.class(class);
                self.put(";");
            }
            DeclKind::Enum(enumeration) => {
                self.enumeration(enumeration);
                self.put(";");
            }
            DeclKind::Typedef(typedef) => self.typedef(typedef),
            DeclKind::Alias(alias) => {
                self.put(&format!("using {} = ", alias.name));
                self.typed(&alias.ty, "");
                self.put(";");
            }
            DeclKind::Using(name) => self.named("using ", name),
            DeclKind::UsingNamespace(name) => self.named("using namespace ", name),
            DeclKind::UsingEnum(name) => self.named("using enum ", name),
            DeclKind::NamespaceAlias { name, target } => self.named(&format!("namespace {name} = "), target),
            DeclKind::StaticAssert(assert) => {
                self.put("static_assert(");
                self.expr(&assert.condition);
                if let Some(message) = &assert.message {
                    self.put(", ");
                    self.expr(message);
                }
                self.put(");");
            }
            DeclKind::Template(template) => self.template(template),
            DeclKind::Instantiate { extern_, decl } => {
                self.put(if *extern_ { "extern template " } else { "template " });
                self.bare_decl(decl);
            }
            // The specifiers of the declaration have the word.
            DeclKind::Friend(decl) => {
                let prefix = if matches!(decl.kind, DeclKind::Class(_)) { "friend " } else { "" };
                self.put(prefix);
                self.bare_decl(decl);
            }
            DeclKind::FriendType(ty) => {
                self.put("friend ");
                self.typed(ty, "");
                self.put(";");
            }
            DeclKind::Asm(text) => self.put(&format!("asm({text});")),
            DeclKind::Access(_) => {}
            DeclKind::Error => self.put("/* error */;"),
        }
    }

    fn named(&mut self, prefix: &str, name: &Name) {
        self.put(prefix);
        self.name(name);
        self.put(";");
    }

    pub(super) fn specs(&mut self, specs: &Specs) {
        for align in &specs.aligns {
            self.align(align);
        }
        for spec in specs.set.iter().filter(|spec| !matches!(spec, Spec::Override | Spec::Final)) {
            self.put(spec.as_str());
            self.put(" ");
        }
        if let Some(bounds) = &specs.launch_bounds {
            self.put("__launch_bounds__(");
            self.list(&bounds.args, Printer::expr);
            self.put(") ");
        }
    }

    fn align(&mut self, align: &Align) {
        self.put("alignas(");
        match &align.kind {
            AlignKind::Bytes(expr) => self.expr(expr),
            AlignKind::AsType(ty) => self.typed(ty, ""),
        }
        self.put(") ");
    }

    /// Without the `;`.
    pub(super) fn vars(&mut self, vars: &Vars) {
        self.specs(&vars.specs);
        self.base_type(&vars.base);
        for (at, var) in vars.vars.iter().enumerate() {
            self.put(if at > 0 { ", " } else { " " });
            let name = self.apart(|p| var.name.iter().for_each(|name| p.name(name)));
            let (_, declarator) = self.declarator(&var.ty, name);
            self.put(&declarator);
            if let Some(bits) = &var.bits {
                self.put(" : ");
                self.expr(bits);
            }
            self.init(var.init.as_ref());
        }
    }

    pub(super) fn init(&mut self, init: Option<&Init>) {
        match init {
            None => {}
            Some(Init::Copy(expr)) => {
                self.put(" = ");
                self.expr(expr);
            }
            Some(Init::Direct { args, .. }) => {
                self.put("(");
                self.list(args, Printer::expr);
                self.put(")");
            }
            Some(Init::Braced(braced)) => self.braced(braced),
        }
    }

    pub(super) fn binding(&mut self, binding: &Binding) {
        self.specs(&binding.specs);
        let names = binding.names.iter().map(|name| name.name.as_str()).collect::<Vec<_>>().join(", ");
        self.typed(&binding.ty, &format!("[{names}]"));
        self.init(binding.init.as_ref());
    }

    fn typedef(&mut self, typedef: &Typedef) {
        self.specs(&typedef.specs);
        self.base_type(&typedef.base);
        for (at, name) in typedef.names.iter().enumerate() {
            self.put(if at > 0 { ", " } else { " " });
            let (_, declarator) = self.declarator(&name.ty, name.name.name.as_str().to_string());
            self.put(&declarator);
        }
        self.put(";");
    }

    fn function(&mut self, function: &Function) {
        self.specs(&function.specs);
        let mut declarator = self.apart(|p| p.name(&function.name));
        declarator.push_str(&self.apart(|p| p.function_rest(&function.ty)));
        if function.ty.trailing && function.kind != FunctionKind::DeductionGuide {
            self.put("auto ");
            self.put(&declarator);
        } else if function.ty.trailing {
            self.put(&declarator);
        } else {
            let (base, declarator) = self.declarator(&function.ty.result, declarator);
            self.base_type(base);
            if !base.is_none() {
                self.put(" ");
            }
            self.put(&declarator);
        }
        for spec in [Spec::Override, Spec::Final] {
            if function.specs.has(spec) {
                self.put(" ");
                self.put(spec.as_str());
            }
        }
        self.function_body(function);
    }

    fn function_body(&mut self, function: &Function) {
        for (at, init) in function.inits.iter().enumerate() {
            self.put(if at > 0 { ", " } else { " : " });
            self.name(&init.name);
            self.init(Some(&init.init));
            if init.pack {
                self.put("...");
            }
        }
        match &function.body {
            FunctionBody::None => self.put(";"),
            FunctionBody::Block(block) => {
                self.put(" ");
                self.block(block);
            }
            FunctionBody::Default => self.put(" = default;"),
            FunctionBody::Delete => self.put(" = delete;"),
            FunctionBody::Pure => self.put(" = 0;"),
        }
    }

    pub(super) fn template_params(&mut self, params: &[TemplateParam]) {
        self.put("<");
        self.list(params, Printer::template_param);
        self.put(">");
    }

    fn template(&mut self, template: &Template) {
        self.put("template ");
        self.template_params(&template.params);
        self.put(" ");
        if let Some(requires) = &template.requires {
            self.put("requires ");
            self.expr(requires);
            self.put(" ");
        }
        self.bare_decl(&template.decl);
    }

    fn template_param(&mut self, param: &TemplateParam) {
        let pack = if param.pack { "..." } else { "" };
        let name = param.name.map_or("", |name| name.name.as_str());
        let named = format!("{pack}{}{name}", if name.is_empty() || param.pack { "" } else { " " });
        match &param.kind {
            TemplateParamKind::Type => self.put(&format!("typename{named}")),
            TemplateParamKind::Template(params) => {
                self.put("template ");
                self.template_params(params);
                self.put(&format!(" class{named}"));
            }
            TemplateParamKind::Value(ty) => self.typed(ty, &format!("{pack}{name}")),
        }
        if let Some(default) = &param.default {
            self.put(" = ");
            self.template_arg(default);
        }
    }

    pub(super) fn class(&mut self, class: &Class) {
        self.put(class.key.as_str());
        self.put(" ");
        for align in &class.specs.aligns {
            self.align(align);
        }
        if class.specs.has(Spec::Packed) {
            self.put("__attribute__((packed)) ");
        }
        class.name.iter().for_each(|name| self.name(name));
        if class.specs.has(Spec::Final) {
            self.put(" final");
        }
        for (at, base) in class.bases.iter().enumerate() {
            self.put(if at > 0 { ", " } else { " : " });
            self.base(base);
        }
        if let Some(members) = &class.members {
            self.put(" {\n");
            self.indent += 1;
            members.iter().for_each(|member| self.decl(member));
            self.indent -= 1;
            self.line_start();
            self.put("}");
        }
    }

    fn base(&mut self, base: &Base) {
        match base.access {
            Some(Access::Public) => self.put("public "),
            Some(Access::Protected) => self.put("protected "),
            Some(Access::Private) => self.put("private "),
            None => {}
        }
        if base.virtual_ {
            self.put("virtual ");
        }
        self.typed(&base.ty, "");
        if base.pack {
            self.put("...");
        }
    }

    pub(super) fn enumeration(&mut self, enumeration: &Enum) {
        self.put(if enumeration.scoped { "enum class" } else { "enum" });
        if let Some(name) = &enumeration.name {
            self.put(" ");
            self.name(name);
        }
        if let Some(ty) = &enumeration.underlying {
            self.put(" : ");
            self.typed(ty, "");
        }
        if let Some(items) = &enumeration.items {
            self.put(" { ");
            self.list(items, |p, item| {
                p.put(item.name.name.as_str());
                if let Some(value) = &item.value {
                    p.put(" = ");
                    p.expr(value);
                }
            });
            self.put(" }");
        }
    }
}
