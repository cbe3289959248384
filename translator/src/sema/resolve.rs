//! From types as written to [`CType`]s, and from names to the types they stand for.

use super::*;
use crate::lower::LocalEntity;
use ast::{Builtin, Segment, TypeNameKey};

impl<'a> Sema<'a> {
    /// The type that a tree means in the present context.
    pub fn resolve_type(&mut self, ty: &'a ast::Type) -> Result<CType> {
        let resolved = self.resolve_unqualified_type(ty)?;
        Ok(self.types.qualify(resolved, ty.quals.const_, ty.quals.volatile))
    }

    fn resolve_unqualified_type(&mut self, ty: &'a ast::Type) -> Result<CType> {
        match &ty.kind {
            ast::TypeKind::Builtin(builtin) => self.builtin_type(*builtin, ty.span),
            ast::TypeKind::Name(named) => self.resolve_type_name(&named.name, named.key),
            ast::TypeKind::Decltype(expr) => self.decltype(expr),
            ast::TypeKind::TypeofType(inner) => self.resolve_type(inner),
            ast::TypeKind::Class(class) => self.resolve_class_tree(class),
            ast::TypeKind::Enum(definition) => {
                let id = self.enum_of_tree(definition, self.f.ctx);
                Ok(self.types.intern(TypeKind::Enum(id)))
            }
            ast::TypeKind::Pointer(inner) => {
                let pointee = self.resolve_type(inner)?;
                if self.types.is_ref(pointee) {
                    return fail(Code::E0203, "there are no pointers to references", ty.span);
                }
                Ok(self.types.pointer(pointee))
            }
            ast::TypeKind::LvalueRef(inner) => {
                let inner = self.resolve_type(inner)?;
                Ok(self.types.lvalue_ref(inner))
            }
            ast::TypeKind::RvalueRef(inner) => {
                let inner = self.resolve_type(inner)?;
                Ok(self.types.rvalue_ref(inner))
            }
            ast::TypeKind::Array { element, size } => self.resolve_array(element, size.as_deref()),
            ast::TypeKind::Function(function) => self.resolve_function_type(function),
            ast::TypeKind::MemberPointer { class, pointee } => {
                let owner = self.resolve_type_name(class, ast::TypeNameKey::Plain)?;
                if !matches!(self.types.kind(owner), TypeKind::Class(_) | TypeKind::Unique(_)) {
                    let shown = self.show(owner);
                    return fail(Code::E0202, format!("`{shown}` is no class"), ty.span);
                }
                let pointee = self.resolve_type(pointee)?;
                Ok(self.types.intern(TypeKind::MemberPointer(owner.unqualified(), pointee)))
            }
            ast::TypeKind::Auto | ast::TypeKind::DecltypeAuto => {
                fail(Code::E0202, "`auto` has nothing to be deduced from here", ty.span)
            }
            ast::TypeKind::None => fail(Code::E0237, "a type is missing here", ty.span),
            ast::TypeKind::Error => Err(Failure::Poisoned),
        }
    }

    fn builtin_type(&mut self, builtin: Builtin, span: Span) -> Result<CType> {
        let int = |kind| Ok(CType::int(kind));
        match builtin {
            Builtin::Void => Ok(CType::VOID),
            Builtin::Bool => Ok(CType::BOOL),
            Builtin::Float => Ok(CType::FLOAT),
            Builtin::Double => Ok(CType::DOUBLE),
            Builtin::Char => int(IntKind::Char),
            Builtin::SChar => int(IntKind::SChar),
            Builtin::UChar => int(IntKind::UChar),
            Builtin::Short => int(IntKind::Short),
            Builtin::UShort => int(IntKind::UShort),
            Builtin::Int => int(IntKind::Int),
            Builtin::UInt => int(IntKind::UInt),
            Builtin::Long => int(IntKind::Long),
            Builtin::ULong => int(IntKind::ULong),
            Builtin::LongLong => int(IntKind::LongLong),
            Builtin::ULongLong => int(IntKind::ULongLong),
            Builtin::Wchar => int(IntKind::Wchar),
            Builtin::Char8 => int(IntKind::Char8),
            Builtin::Char16 => int(IntKind::Char16),
            Builtin::Char32 => int(IntKind::Char32),
            Builtin::Int128 | Builtin::UInt128 | Builtin::LongDouble | Builtin::Float128 => {
                fail(Code::E0229, format!("type `{}` is not available", builtin.as_str()), span)
            }
        }
    }

    fn resolve_class_tree(&mut self, class: &'a ast::Class) -> Result<CType> {
        if class.members.is_none()
            && let Some(name) = &class.name
            && let Ok(ty) = self.resolve_type_name(name, TypeNameKey::Struct)
        {
            return Ok(ty);
        }
        let id = self.class_of_tree(class, self.f.ctx, false, self.order);
        Ok(self.types.intern(TypeKind::Class(id)))
    }

    fn resolve_array(&mut self, element: &'a ast::Type, size: Option<&'a ast::Expr>) -> Result<CType> {
        let span = element.span;
        let element = self.resolve_type(element)?;
        if self.types.is_ref(element) || self.types.is_void(element) || matches!(self.types.kind(element), TypeKind::Function(_))
        {
            let shown = self.show(element);
            return fail(Code::E0203, format!("there are no arrays of `{shown}`"), span);
        }
        let Some(size) = size else { return Ok(self.types.array(element, None)) };
        let count = self.eval_integer(size)?;
        match u64::try_from(count) {
            Ok(count) if count < 1 << 32 => Ok(self.types.array(element, Some(count))),
            Ok(_) => fail(Code::E0218, "the array is too large", size.span),
            Err(_) => fail(Code::E0207, format!("the size of an array cannot be {count}"), size.span),
        }
    }

    fn resolve_function_type(&mut self, function: &'a ast::FunctionType) -> Result<CType> {
        let result = self.resolve_type(&function.result)?;
        let mut params = Vec::new();
        for param in &function.params {
            // `f(void)`, and qualifiers at the top, are no part of the type ([dcl.fct]/5).
            if function.params.len() == 1 && matches!(param.ty.kind, ast::TypeKind::Builtin(Builtin::Void)) {
                break;
            }
            if param.pack {
                let mut names = Vec::new();
                crate::lower::names_in_type(&param.ty, &mut names);
                params.extend(self.expand_packs(&names, param.span, |sema| {
                    let ty = sema.resolve_type(&param.ty)?;
                    Ok(sema.decay(ty).unqualified())
                })?);
                continue;
            }
            let ty = self.resolve_type(&param.ty)?;
            params.push(self.decay(ty).unqualified());
        }
        Ok(self.types.intern(TypeKind::Function(FunctionSig {
            result,
            params,
            variadic: function.variadic,
            is_const: function.quals.const_,
            is_volatile: function.quals.volatile,
            ref_qual: function.ref_qual,
        })))
    }

    /// What a parameter of this type is: arrays and functions become pointers ([dcl.fct]).
    pub fn decay(&mut self, ty: CType) -> CType {
        match *self.types.kind(ty) {
            TypeKind::Array(element, _) => self.types.pointer(element),
            TypeKind::Function(_) => self.types.pointer(ty),
            _ => ty,
        }
    }

    pub fn resolve_type_name(&mut self, name: &'a ast::Name, key: TypeNameKey) -> Result<CType> {
        let mut found = self.lookup(name)?;
        let elaborated = !matches!(key, TypeNameKey::Plain | TypeNameKey::Typename);
        let hidden = matches!(&found, Found::Local(LocalEntity::Object(_)));
        if elaborated && hidden {
            let entities = names::name_key(name).map(|key| self.lookup_in_namespaces(self.f.ctx.ns, key)).unwrap_or_default();
            found = Found::Entities(entities);
        }
        if matches!(found, Found::Nothing) {
            let declares = matches!(key, TypeNameKey::Struct | TypeNameKey::Class | TypeNameKey::Union);
            return match name.as_ident().filter(|_| declares) {
                Some(symbol) => Ok(self.declare_incomplete_class(symbol)),
                None => Err(self.unknown_name(name)),
            };
        }
        self.type_of_found(found, name.last())
    }

    /// `struct S* p` declares `S` in the namespace around it ([basic.scope.pdecl]/7).
    fn declare_incomplete_class(&mut self, name: ast::Symbol) -> CType {
        static INCOMPLETE: std::sync::LazyLock<ast::Class> = std::sync::LazyLock::new(|| ast::Class {
            key: ast::ClassKey::Struct,
            specs: ast::Specs::default(),
            name: None,
            bases: Vec::new(),
            members: None,
            span: Span::NONE,
        });
        let ctx = Ctx { ns: self.f.ctx.ns, class: None, env: EnvId(0) };
        let class = self.add_class(&INCOMPLETE, ctx, name.as_str().to_string(), false, 0);
        self.declare(ctx, NameKey::Ident(name), Entity::Class(class));
        self.types.intern(TypeKind::Class(class))
    }

    /// The type that a looked-up name stands for, with its template arguments.
    pub fn type_of_found(&mut self, found: Found, segment: &'a Segment) -> Result<CType> {
        match found {
            Found::Type(ty) | Found::Argument(TemplateArg::Type(ty)) => Ok(ty),
            Found::Local(LocalEntity::Type(ty)) => Ok(ty),
            Found::Local(LocalEntity::Poisoned) => Err(Failure::Poisoned),
            Found::Argument(TemplateArg::Template(template)) => self.template_type(template, segment),
            Found::Entities(entities) | Found::Members { entities, .. } => self.type_of_entities(&entities, segment),
            Found::Nothing => fail(Code::E0201, format!("unknown name `{}`", segment_text(segment)), segment.span),
            Found::Local(_) | Found::Argument(_) => {
                fail(Code::E0202, format!("`{}` is not a type", segment_text(segment)), segment.span)
            }
        }
    }

    fn type_of_entities(&mut self, entities: &[Entity], segment: &'a Segment) -> Result<CType> {
        for entity in entities {
            match *entity {
                Entity::Class(class) => return Ok(self.types.intern(TypeKind::Class(class))),
                Entity::Enum(id) => return Ok(self.types.intern(TypeKind::Enum(id))),
                Entity::Alias(alias) => return self.alias_type(alias),
                Entity::Template(template) => return self.template_type(template, segment),
                _ => {}
            }
        }
        if entities.is_empty() {
            return fail(Code::E0201, format!("unknown name `{}`", segment_text(segment)), segment.span);
        }
        fail(Code::E0202, format!("`{}` is not a type", segment_text(segment)), segment.span)
    }

    pub fn alias_type(&mut self, alias: AliasId) -> Result<CType> {
        let info = &mut self.aliases[alias.index()];
        match info.state {
            Completion::Done => return Ok(info.resolved),
            Completion::Running => return fail(Code::E0211, "this type is defined by itself", info.ty.span),
            Completion::Open => {}
        }
        info.state = Completion::Running;
        let (ty, ctx) = (info.ty, info.ctx);
        let resolved = self.in_ctx(ctx, |sema| sema.resolve_type(ty));
        let info = &mut self.aliases[alias.index()];
        match resolved {
            Ok(resolved) => {
                info.resolved = resolved;
                info.state = Completion::Done;
                Ok(resolved)
            }
            Err(error) => {
                info.state = Completion::Open;
                Err(error)
            }
        }
    }

    /// `A<int>` where `A` is a class or alias template; inside `A` the name alone is the class itself.
    pub fn template_type(&mut self, template: TemplateId, segment: &'a Segment) -> Result<CType> {
        if template.index() >= self.templates.len() {
            return fail(Code::E0209, "this template is a parameter that is not bound", segment.span);
        }
        let given = match &segment.args {
            Some(args) => self.eval_template_args(args)?,
            None => match self.enclosing_instance(template) {
                Some(class) => return Ok(self.types.intern(TypeKind::Class(class))),
                None if self.all_params_have_defaults(template) => Vec::new(),
                None => {
                    let name = self.templates[template.index()].name.clone();
                    return fail(Code::E0208, format!("template `{name}` needs arguments here"), segment.span);
                }
            },
        };
        self.instantiate_type(template, given, segment.span)
    }

    fn all_params_have_defaults(&self, template: TemplateId) -> bool {
        self.templates[template.index()].params.iter().all(|param| param.pack || param.default.is_some())
    }

    fn enclosing_instance(&self, template: TemplateId) -> Option<ClassId> {
        let mut at = self.f.ctx.class;
        while let Some(class) = at {
            if self.class(class).template.as_ref().is_some_and(|(id, _)| *id == template) {
                return Some(class);
            }
            at = self.class(class).ctx.class;
        }
        None
    }

    /// The underlying type and the values of an enum.
    pub fn complete_enum(&mut self, id: EnumId) -> Result<()> {
        let info = &mut self.enums[id.index()];
        if info.state != Completion::Open {
            return Ok(());
        }
        info.state = Completion::Running;
        let (tree, ctx) = (info.ast, info.ctx);
        let fixed = match &tree.underlying {
            Some(ty) => Some(self.in_ctx(ctx, |sema| sema.resolve_type(ty))?.unqualified()),
            None if tree.scoped => Some(CType::INT),
            None => None,
        };
        if let Some(ty) = fixed {
            self.enums[id.index()].underlying = ty;
        }
        let mut next = 0i128;
        for item in tree.items.iter().flatten() {
            if let Some(value) = &item.value {
                next = self.in_ctx(ctx, |sema| sema.eval_integer(value))?;
            }
            self.enums[id.index()].values.push(next);
            next += 1;
        }
        if fixed.is_none() {
            self.enums[id.index()].underlying = underlying_type(&self.enums[id.index()].values);
        }
        self.enums[id.index()].state = Completion::Done;
        Ok(())
    }

    /// The integer type behind an enum, or the type itself.
    pub fn enum_to_int(&mut self, ty: CType) -> Result<CType> {
        match *self.types.kind(ty) {
            TypeKind::Enum(id) => {
                self.complete_enum(id)?;
                Ok(self.enums[id.index()].underlying)
            }
            _ => Ok(ty.unqualified()),
        }
    }

    pub fn is_scoped_enum(&self, ty: CType) -> bool {
        matches!(*self.types.kind(ty), TypeKind::Enum(id) if self.enums[id.index()].ast.scoped)
    }

    pub fn is_enum(&self, ty: CType) -> bool {
        matches!(self.types.kind(ty), TypeKind::Enum(_))
    }
}

/// What g++ and clang choose for an enum without a fixed type: `unsigned int` unless a value is negative or too large.
fn underlying_type(values: &[i128]) -> CType {
    let (least, most) = (values.iter().copied().min().unwrap_or(0), values.iter().copied().max().unwrap_or(0));
    let kind = match least < 0 {
        true if least >= i128::from(i32::MIN) && most <= i128::from(i32::MAX) => IntKind::Int,
        true => IntKind::Long,
        false if most <= i128::from(u32::MAX) => IntKind::UInt,
        false => IntKind::ULong,
    };
    CType::int(kind)
}

pub(super) fn segment_text(segment: &Segment) -> String {
    match &segment.id {
        ast::Id::Ident(symbol) => symbol.as_str().to_string(),
        _ => "operator".to_string(),
    }
}
