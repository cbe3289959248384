//! Classes: their members, their functions' signatures and bodies, wherever those stand.

use super::names::{self, function_key, name_key};
use super::*;
use ast::{DeclKind, FunctionBody, FunctionKind, Spec};

/// Which definitions outside the class count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Any,
    /// `template <> int A<char>::f() { .. }`
    Specialisation,
}

impl<'a> Sema<'a> {
    /// Finds the bases and files the members' names. Fields' types come with the layout.
    pub fn complete_members(&mut self, class: ClassId) -> Result<()> {
        if self.class(class).members_state != Completion::Open {
            return Ok(());
        }
        if self.class(class).ast.members.is_none() {
            self.find_nested_definition(class);
        }
        let tree = self.class(class).ast;
        let Some(members) = &tree.members else { return Ok(()) };
        self.classes[class.index()].members_state = Completion::Running;
        let ctx = self.class(class).ctx;
        for base in &tree.bases {
            if base.virtual_ {
                return fail(Code::E0221, "virtual base classes are not supported yet", base.span);
            }
            let mut bases = Vec::new();
            if base.pack {
                let mut names = Vec::new();
                crate::lower::names_in_type(&base.ty, &mut names);
                bases = self.in_ctx(ctx, |sema| sema.expand_packs(&names, base.span, |sema| sema.resolve_type(&base.ty)))?;
            } else {
                bases.push(self.in_ctx(ctx, |sema| sema.nested(base.span, |sema| sema.resolve_type(&base.ty)))?);
            }
            for ty in bases {
                let Some(base_class) = self.types.as_class(ty) else {
                    return fail(Code::E0202, format!("`{}` is no class", self.show(ty)), base.span);
                };
                self.classes[class.index()].bases.push(BaseInfo { class: base_class, offset: 0, ir_index: None, flat: false });
            }
        }
        self.register_members(class, members);
        self.classes[class.index()].members_state = Completion::Done;
        Ok(())
    }

    /// `struct Outer::Inner { .. };`, also of a class template ([class.nest]/2, [temp.mem.class]).
    fn find_nested_definition(&mut self, class: ClassId) {
        let (own, outer) = (self.class(class).ast.name.as_ref().and_then(|name| name.symbol()), self.class(class).ctx.class);
        let (Some(own), Some(outer)) = (own, outer) else { return };
        let Some(outer_name) = self.class(outer).ast.name.as_ref().and_then(|name| name.symbol()) else { return };
        let entries = self.out_of_line.get(&outer_name).cloned().unwrap_or_default();
        for entry in entries {
            let OutOfLineTree::Class(tree) = entry.tree else { continue };
            if entry.name.symbol() != Some(own)
                || !self.is_member_of(&entry, outer)
                || !matches!(self.is_of_instance(&entry, outer), Ok(true))
            {
                continue;
            }
            let env = self.bind_out_of_line(&entry, outer, None);
            let info = &mut self.classes[class.index()];
            info.ast = tree;
            info.ctx = Ctx { env, ..info.ctx };
            return;
        }
    }

    /// The parameters and the result of a function, in the context of its declaration.
    pub fn signature(&mut self, function: FnId) -> Result<Rc<Signature<'a>>> {
        let info = self.function(function);
        if let Some(signature) = &info.signature {
            return Ok(signature.clone());
        }
        if info.signature_running {
            return fail(Code::E0211, format!("the type of `{}` depends on itself", info.name), info.ast.span());
        }
        let (tree, ctx) = (info.ast, info.ctx);
        self.functions[function.index()].signature_running = true;
        let signature = self.in_ctx(ctx, |sema| sema.nested(tree.span(), |sema| sema.read_signature(tree)));
        self.functions[function.index()].signature_running = false;
        let signature = Rc::new(signature?);
        self.functions[function.index()].signature = Some(signature.clone());
        Ok(signature)
    }

    fn read_signature(&mut self, tree: FunctionTree<'a>) -> Result<Signature<'a>> {
        let ty = tree.ty();
        let mut params = Vec::new();
        for param in &ty.params {
            if let [only] = &ty.params[..]
                && matches!(only.ty.kind, ast::TypeKind::Builtin(ast::Builtin::Void))
                && only.name.is_none()
            {
                break;
            }
            // A literal operator's `long double` is the double that the literal has on the device.
            let is_literal = matches!(tree, FunctionTree::Function(function)
                if matches!(function.name.last().id, ast::Id::Operator(ast::OperatorName::Literal(_))));
            if is_literal && matches!(param.ty.kind, ast::TypeKind::Builtin(ast::Builtin::LongDouble)) {
                params.push(ParamInfo { ast: param, ty: CType::DOUBLE, pack: None });
                continue;
            }
            self.read_param(param, &mut params)?;
        }
        for (at, param) in ty.params.iter().enumerate() {
            // C++ [basic.scope.param]
            let same = |other: &&ast::Param| other.name.is_some() && other.name.map(|n| n.name) == param.name.map(|n| n.name);
            if ty.params[..at].iter().find(same).is_some() {
                return fail(Code::E0238, "two parameters have this name", param.span);
            }
        }
        // The result may name the parameters: `-> decltype(a + b)`.
        if ty.trailing {
            self.declare_params_unevaluated(&params);
        }
        let result = self.read_result(tree, ty)?;
        Ok(Signature { params, result, variadic: ty.variadic })
    }

    fn read_param(&mut self, param: &'a ast::Param, params: &mut Vec<ParamInfo<'a>>) -> Result<()> {
        if !param.pack {
            let ty = self.resolve_type(&param.ty)?;
            let ty = self.decay(ty);
            params.push(ParamInfo { ast: param, ty, pack: None });
            return Ok(());
        }
        let mut names = Vec::new();
        crate::lower::names_in_type(&param.ty, &mut names);
        let types = self.expand_packs(&names, param.span, |sema| {
            let ty = sema.resolve_type(&param.ty)?;
            Ok(sema.decay(ty))
        })?;
        for (index, ty) in types.into_iter().enumerate() {
            params.push(ParamInfo { ast: param, ty, pack: Some(index as u32) });
        }
        Ok(())
    }

    fn read_result(&mut self, tree: FunctionTree<'a>, ty: &'a ast::FunctionType) -> Result<Option<CType>> {
        match tree.kind() {
            FunctionKind::Constructor | FunctionKind::Destructor | FunctionKind::DeductionGuide => return Ok(Some(CType::VOID)),
            FunctionKind::Conversion => {
                if let FunctionTree::Function(function) = tree
                    && let ast::Id::Conversion(to) = &function.name.last().id
                {
                    return Ok(Some(self.resolve_type(to)?));
                }
            }
            FunctionKind::Ordinary => {}
        }
        if crate::lower::mentions_auto(&ty.result) {
            return Ok(None);
        }
        Ok(Some(self.resolve_type(&ty.result)?))
    }

    /// The tree with the body of a function, and the context in which its names are looked up.
    pub fn function_body(&mut self, function: FnId) -> Result<Option<(FunctionTree<'a>, Ctx)>> {
        let info = self.function(function);
        let (tree, ctx) = (info.ast, info.ctx);
        if tree.body().is_some() || self.is_defaulted(tree) {
            // A member of a template may be specialised, though the class has a body for it ([temp.expl.spec]).
            let of_template = ctx.class.is_some_and(|class| self.class(class).template.is_some());
            if let FunctionTree::Function(declaration) = tree
                && (of_template || ctx.class.is_some() && info.template.is_some())
                && let Some(special) = self.out_of_line_body(function, declaration, Wanted::Specialisation)?
            {
                return Ok(Some(special));
            }
            return Ok(Some((tree, ctx)));
        }
        let FunctionTree::Function(declaration) = tree else { return Ok(None) };
        if ctx.class.is_some() {
            return self.out_of_line_body(function, declaration, Wanted::Any);
        }
        match self.definition(function, declaration)? {
            Some(other) => self.function_body(other),
            None => Ok(None),
        }
    }

    /// The one with a body of those that are one function: a prototype and a definition are two here. The function itself, if none has.
    pub fn defined_function(&mut self, function: FnId) -> Result<FnId> {
        let info = self.function(function);
        match info.ast {
            FunctionTree::Function(declaration) if info.ctx.class.is_none() && matches!(declaration.body, FunctionBody::None) => {
                Ok(self.definition(function, declaration)?.unwrap_or(function))
            }
            _ => Ok(function),
        }
    }

    /// Of a prototype in a namespace the function that defines it.
    fn definition(&mut self, function: FnId, declaration: &'a ast::Function) -> Result<Option<FnId>> {
        let Some(key) = function_key(declaration) else { return Ok(None) };
        let (ns, template) = (self.function(function).ctx.ns, self.function(function).template.clone());
        for entity in self.lookup_in_namespace(ns, key) {
            match (entity, &template) {
                (Entity::Function(other), None) if other != function => {
                    let has_body = self.function(other).ast.body().is_some();
                    if has_body && self.same_parameters(function, other)? {
                        return Ok(Some(other));
                    }
                }
                (Entity::Template(other), Some((id, args))) if other != *id => {
                    let TemplateTree::Function(definition) = self.templates[other.index()].tree else { continue };
                    if matches!(definition.body, FunctionBody::Block(_))
                        && self.are_one_template(*id, other)
                        && let Ok((all, env)) = self.complete_args(other, args, &FxHashMap::default(), declaration.span)
                    {
                        return Ok(Some(self.instantiate_function(other, all, env)));
                    }
                }
                _ => {}
            }
        }
        Ok(None)
    }

    pub fn is_defaulted(&self, tree: FunctionTree<'a>) -> bool {
        matches!(tree, FunctionTree::Function(function) if matches!(function.body, FunctionBody::Default))
    }

    pub fn same_parameters(&mut self, a: FnId, b: FnId) -> Result<bool> {
        let (a, b) = (self.signature(a)?, self.signature(b)?);
        Ok(a.params.len() == b.params.len()
            && a.variadic == b.variadic
            && a.params.iter().zip(&b.params).all(|(a, b)| a.ty.unqualified() == b.ty.unqualified()))
    }

    /// `T A<T>::f() { .. }`: found by the class's name, then by the member's, then by its parameters.
    fn out_of_line_body(
        &mut self,
        function: FnId,
        declaration: &'a ast::Function,
        wanted: Wanted,
    ) -> Result<Option<(FunctionTree<'a>, Ctx)>> {
        let of_all = |entry: &OutOfLine| entry.params.is_some_and(|params| !params.is_empty());
        let info = self.function(function);
        let (ctx, member_template) = (info.ctx, info.template.clone());
        let Some(class) = ctx.class else { return Ok(None) };
        let Some(class_name) = self.class(class).ast.name.as_ref().and_then(|name| name.symbol()) else { return Ok(None) };
        let key = function_key(declaration);
        let mut entries = self.out_of_line.get(&class_name).cloned().unwrap_or_default();
        // Explicit specialisations come before the definitions for all instances.
        entries.sort_by_key(|entry| entry.params.is_some());
        for entry in entries {
            let OutOfLineTree::Function(definition) = entry.tree else { continue };
            if !self.is_member_of(&entry, class) {
                continue;
            }
            if wanted == Wanted::Specialisation && of_all(&entry) {
                continue;
            }
            if function_key(definition) != key || definition.ty.params.len() != declaration.ty.params.len() {
                continue;
            }
            // Of a class that is no template the only parameters are the member's own.
            let of_template = self.class(class).template.is_some();
            let own_params = if of_template { entry.inner_params.is_some() } else { entry.params.is_some() };
            if own_params != member_template.is_some() && entry.params.is_some() {
                continue;
            }
            if !self.is_of_instance(&entry, class)? {
                continue;
            }
            let env = self.bind_out_of_line(&entry, class, member_template.as_ref());
            let body_ctx = Ctx { ns: ctx.ns, class: Some(class), env };
            let tree = FunctionTree::Function(definition);
            let signature = self.in_ctx(body_ctx, |sema| sema.read_signature(tree));
            let declared = self.signature(function)?;
            let same = signature.is_ok_and(|s| {
                let mut pairs = s.params.iter().zip(&declared.params);
                s.params.len() == declared.params.len()
                    && pairs.all(|(a, b)| a.ty.unqualified() == b.ty.unqualified())
                    && definition.ty.quals.const_ == declaration.ty.quals.const_
            });
            if same {
                return Ok(Some((tree, body_ctx)));
            }
        }
        Ok(None)
    }

    /// `template <> int A<char>::f()` is for one instance alone; a definition for all instances names the parameters.
    fn is_of_instance(&mut self, entry: &OutOfLine<'a>, class: ClassId) -> Result<bool> {
        let Some(scope) = entry.name.segments.len().checked_sub(2).map(|index| &entry.name.segments[index]) else {
            return Ok(true);
        };
        let (Some(written), Some((_, args))) = (&scope.args, self.class(class).template.clone()) else { return Ok(true) };
        if entry.params.is_some_and(|params| !params.is_empty()) {
            return Ok(true);
        }
        let ctx = Ctx { ns: self.class(class).ctx.ns, class: None, env: EnvId(0) };
        let written = self.in_ctx(ctx, |sema| sema.eval_template_args(written))?;
        let same = |a: &TemplateArg, b: &TemplateArg| match (a, b) {
            (TemplateArg::Value(_, a), TemplateArg::Value(_, b)) => a == b,
            (a, b) => a == b,
        };
        Ok(written.len() == args.len() && written.iter().zip(&args).all(|(a, b)| same(a, b)))
    }

    /// The parameters' names at the definition may differ from those inside the class.
    fn bind_out_of_line(
        &mut self,
        entry: &OutOfLine<'a>,
        class: ClassId,
        member: Option<&(TemplateId, Vec<TemplateArg>)>,
    ) -> EnvId {
        let mut bindings = Vec::new();
        let class_args = self.class(class).template.clone().map(|(_, args)| args).unwrap_or_default();
        let (outer, inner) = match (entry.params, entry.inner_params) {
            (Some(params), None) if class_args.is_empty() => (None, Some(params)),
            (outer, inner) => (outer, inner),
        };
        for (param, arg) in outer.into_iter().flatten().zip(class_args) {
            if let Some(ident) = param.name {
                bindings.push((ident.name, arg));
            }
        }
        for (param, arg) in inner.into_iter().flatten().zip(member.map(|(_, args)| args.clone()).unwrap_or_default()) {
            if let Some(ident) = param.name {
                bindings.push((ident.name, arg));
            }
        }
        let parent = self.class(class).ctx.env;
        self.new_env(parent, bindings)
    }

    /// Does `n::A::B::f` name a member of this class, and not of another that has its name elsewhere?
    fn is_member_of(&mut self, entry: &OutOfLine<'a>, class: ClassId) -> bool {
        let Some((_, scopes)) = entry.name.segments.split_last() else { return false };
        let (mut rest, mut at) = (scopes, Some(class));
        let mut outermost = class;
        while let (Some(inner), Some((last, before))) = (at, rest.split_last()) {
            let own = self.class(inner).ast.name.as_ref().and_then(|name| name.symbol());
            if own != names::segment_symbol(last) {
                // A class by another name, a typedef's or one of a template's parameters: only its own name is known here.
                return own.is_none();
            }
            (rest, outermost, at) = (before, inner, self.class(inner).ctx.class);
        }
        let Some(symbol) = self.class(outermost).ast.name.as_ref().and_then(|name| name.symbol()) else { return true };
        let key = NameKey::Ident(symbol);
        let found = match rest {
            [] => self.lookup_in_namespaces(entry.ns, key),
            namespaces => match self.walk_namespaces(namespaces, entry.name.global, entry.ns) {
                Some(ns) => self.lookup_in_namespace(ns, key),
                None => return false,
            },
        };
        let template = self.class(outermost).template.as_ref().map(|(template, _)| *template);
        found.iter().any(|entity| match entity {
            Entity::Class(id) => *id == outermost,
            Entity::Template(id) => Some(*id) == template,
            _ => false,
        })
    }

    /// A static member's definition outside the class, for its initialiser.
    pub fn out_of_line_variable(&mut self, class: ClassId, name: &str) -> Option<&'a ast::Var> {
        let class_name = self.class(class).ast.name.as_ref()?.symbol()?;
        let entries = self.out_of_line.get(&class_name)?.clone();
        entries.into_iter().find_map(|entry| match entry.tree {
            OutOfLineTree::Variable(var)
                if entry.name.symbol().is_some_and(|symbol| symbol == *name) && self.is_member_of(&entry, class) =>
            {
                Some(var)
            }
            _ => None,
        })
    }

    /// The constructors, and whether the class is an aggregate (C++17 [dcl.init.aggr]).
    pub fn constructors(&mut self, class: ClassId) -> Result<Vec<Entity>> {
        self.complete_members(class)?;
        let own = self.class(class).members.get(&NameKey::Constructor).cloned().unwrap_or_default();
        if !own.iter().any(|entity| matches!(entity, Entity::Using(_))) {
            return Ok(own);
        }
        let mut out = Vec::new();
        for entity in own {
            match entity {
                Entity::Using(index) => {
                    for inherited in self.expand_using(index) {
                        // Default, copy and move constructors are not inherited ([class.inhctor.init], [namespace.udecl]/4).
                        if !self.is_special_constructor(inherited)? {
                            out.push(inherited);
                        }
                    }
                }
                other => out.push(other),
            }
        }
        Ok(out)
    }

    fn is_special_constructor(&mut self, entity: Entity) -> Result<bool> {
        let Entity::Function(function) = entity else { return Ok(false) };
        let signature = self.signature(function)?;
        let own = self.function(function).ctx.class;
        Ok(match &signature.params[..] {
            [] => true,
            [only] => self.types.is_ref(only.ty) && own.is_some() && self.types.as_class(self.types.strip_ref(only.ty)) == own,
            _ => false,
        })
    }

    /// Constructors that the program wrote a body for, or inherited ones.
    pub fn has_user_constructor(&mut self, class: ClassId) -> Result<bool> {
        Ok(self.constructors(class)?.iter().any(|entity| match entity {
            Entity::Function(id) => !self.is_defaulted(self.function(*id).ast),
            _ => true,
        }))
    }

    /// Does the class have a destructor that does something?
    pub fn has_destructor(&mut self, class: ClassId) -> Result<bool> {
        self.complete_members(class)?;
        let own = self.class(class).members.get(&NameKey::Destructor).into_iter().flatten().any(|entity| match entity {
            Entity::Function(id) => match self.function(*id).ast.body() {
                Some(body) => !body.stmts.is_empty(),
                None => !self.is_defaulted(self.function(*id).ast),
            },
            _ => true,
        });
        if own {
            return Ok(true);
        }
        let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
        let fields: Vec<CType> = self.class(class).fields.iter().map(|field| field.ty).collect();
        for base in bases {
            if self.has_destructor(base)? {
                return Ok(true);
            }
        }
        for field in fields {
            let mut ty = field;
            while let TypeKind::Array(element, _) = *self.types.kind(ty) {
                ty = element;
            }
            if let Some(class) = self.types.as_class(ty)
                && self.has_destructor(class)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Declared virtual, or overriding a function of a base that is.
    pub fn is_virtual(&mut self, function: FnId) -> Result<bool> {
        let info = self.function(function);
        let specs = info.ast.specs();
        if specs.has(Spec::Virtual) || specs.has(Spec::Override) {
            return Ok(true);
        }
        let Some(class) = info.ctx.class else { return Ok(false) };
        for base in self.class(class).bases.clone() {
            if let Some(overridden) = self.overrider(base.class, function)?
                && self.is_virtual(overridden)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The function of a class, or the nearest of its bases, with the name, parameters and qualifiers of a virtual one.
    pub fn overrider(&mut self, class: ClassId, function: FnId) -> Result<Option<FnId>> {
        self.complete_members(class)?;
        let FunctionTree::Function(tree) = self.function(function).ast else { return Ok(None) };
        let Some(key) = function_key(tree) else { return Ok(None) };
        for entity in self.class(class).members.get(&key).cloned().unwrap_or_default() {
            let Entity::Function(own) = entity else { continue };
            let (a, b) = (self.function(own).ast.ty(), self.function(function).ast.ty());
            let quals = a.quals.const_ == b.quals.const_ && a.ref_qual == b.ref_qual;
            if own == function || quals && self.same_parameters(own, function)? {
                return Ok(Some(own));
            }
        }
        for base in self.class(class).bases.clone() {
            if let Some(found) = self.overrider(base.class, function)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Has the class, or a base, virtual functions?
    pub fn is_polymorphic(&mut self, class: ClassId) -> Result<bool> {
        self.complete_members(class)?;
        let members = self.class(class).ast.members.iter().flatten();
        let own = members.into_iter().any(|member| match &member.kind {
            DeclKind::Function(function) => function.specs.has(Spec::Virtual),
            _ => false,
        });
        if own {
            return Ok(true);
        }
        for base in self.class(class).bases.clone() {
            if self.is_polymorphic(base.class)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Is a virtual function of the class or of a base pure, and overridden nowhere ([class.abstract]/4)?
    pub fn is_abstract(&mut self, class: ClassId) -> Result<bool> {
        if self.class(class).ast.members.is_none() || !self.is_polymorphic(class)? {
            return Ok(false);
        }
        let is_pure = |sema: &Self, function| match sema.function(function).ast {
            FunctionTree::Function(tree) => matches!(tree.body, FunctionBody::Pure),
            _ => false,
        };
        let mut classes = vec![class];
        while let Some(next) = classes.pop() {
            self.complete_members(next)?;
            for member in self.class(next).ast.members.iter().flatten() {
                let DeclKind::Function(tree) = &member.kind else { continue };
                let Some(key) = function_key(tree).filter(|_| matches!(tree.body, FunctionBody::Pure)) else { continue };
                for entity in self.class(next).members.get(&key).cloned().unwrap_or_default() {
                    let Entity::Function(function) = entity else { continue };
                    if is_pure(self, function) && self.overrider(class, function)?.is_some_and(|last| is_pure(self, last)) {
                        return Ok(true);
                    }
                }
            }
            classes.extend(self.class(next).bases.iter().map(|base| base.class));
        }
        Ok(false)
    }

    pub fn is_static_member(&self, function: FnId) -> bool {
        let info = self.function(function);
        info.ctx.class.is_some() && (info.ast.specs().has(Spec::Static) || self.is_friend(function))
    }

    /// A friend that is defined in a class sees the class, but is no member.
    fn is_friend(&self, function: FnId) -> bool {
        let info = self.function(function);
        match (info.ctx.class, info.ast) {
            (Some(class), FunctionTree::Function(tree)) => self.is_friend_tree(class, tree),
            _ => false,
        }
    }

    pub(crate) fn is_friend_template(&self, id: TemplateId) -> bool {
        let info = &self.templates[id.index()];
        match (info.ctx.class, info.tree) {
            (Some(class), TemplateTree::Function(tree)) => self.is_friend_tree(class, tree),
            _ => false,
        }
    }

    fn is_friend_tree(&self, class: ClassId, tree: &ast::Function) -> bool {
        self.class(class).ast.members.iter().flatten().any(|member| {
            // `friend` may stand behind the template head or in front of it.
            let inner = match &member.kind {
                DeclKind::Friend(decl) => decl,
                DeclKind::Template(template) => match &template.decl.kind {
                    DeclKind::Friend(decl) => decl,
                    _ => return false,
                },
                _ => return false,
            };
            match &inner.kind {
                DeclKind::Function(friend) => std::ptr::eq(&**friend, tree),
                DeclKind::Template(template) => match &template.decl.kind {
                    DeclKind::Function(friend) => std::ptr::eq(&**friend, tree),
                    _ => false,
                },
                _ => false,
            }
        })
    }

    /// A function that is called on an object.
    pub fn is_method(&self, function: FnId) -> bool {
        self.function(function).ctx.class.is_some() && !self.is_static_member(function)
    }

    /// Is there more than one subobject of a base? Then nothing converts to it ([class.member.lookup]/8).
    pub(super) fn is_ambiguous_base(&mut self, derived: ClassId, base: ClassId) -> Result<bool> {
        Ok(self.count_bases(derived, base)? > 1)
    }

    fn count_bases(&mut self, derived: ClassId, base: ClassId) -> Result<u32> {
        if derived == base {
            return Ok(1);
        }
        self.complete_members(derived)?;
        let bases: Vec<ClassId> = self.class(derived).bases.iter().map(|base| base.class).collect();
        bases.into_iter().try_fold(0, |count, next| Ok(count + self.count_bases(next, base)?))
    }

    /// Is `derived` the class `base` or derived from it? The way, if so.
    pub fn base_path(&mut self, derived: ClassId, base: ClassId) -> Result<Option<Vec<MemberStep>>> {
        if derived == base {
            return Ok(Some(Vec::new()));
        }
        self.complete_members(derived)?;
        let bases: Vec<ClassId> = self.class(derived).bases.iter().map(|base| base.class).collect();
        for (index, next) in bases.into_iter().enumerate() {
            if let Some(mut path) = self.base_path(next, base)? {
                path.insert(0, MemberStep::Base(index as u32));
                return Ok(Some(path));
            }
        }
        Ok(None)
    }

    /// The declared type of a variable at namespace scope or a static member.
    pub fn variable_type(&mut self, var: VarId) -> Result<CType> {
        let info = &self.vars[var.index()];
        match info.state {
            Completion::Done => return Ok(info.ty),
            Completion::Running => {
                return fail(Code::E0211, format!("the type of `{}` depends on itself", info.name), info.ast.span);
            }
            Completion::Open => {}
        }
        let (tree, ctx) = (info.ast, info.ctx);
        self.vars[var.index()].state = Completion::Running;
        let ty = self.in_ctx(ctx, |sema| sema.nested(tree.span, |sema| sema.declared_type(tree)));
        let is_constexpr = self.vars[var.index()].specs.has(Spec::Constexpr);
        let info = &mut self.vars[var.index()];
        info.state = Completion::Open;
        let ty = ty?;
        let ty = self.types.qualify(ty, is_constexpr, false);
        let info = &mut self.vars[var.index()];
        info.ty = ty;
        info.state = Completion::Done;
        Ok(ty)
    }

    /// Explicit specialisation of a function template for these arguments, if there is one.
    pub fn explicit_specialisation(&mut self, function: FnId) -> Result<FnId> {
        let Some((template, args)) = self.function(function).template.clone() else { return Ok(function) };
        let ctx = self.templates[template.index()].ctx;
        for special in self.templates[template.index()].explicit.clone() {
            let key = (template, vec![TemplateArg::Value(CType::VOID, special as *const _ as u64)]);
            let id = match self.instances.get(&key) {
                Some(Entity::Function(id)) => *id,
                _ => {
                    let (name, shipped) =
                        (self.templates[template.index()].name.clone(), self.templates[template.index()].shipped);
                    let id = self.add_function_in(FunctionTree::Function(special), ctx, name, shipped, 0);
                    self.instances.insert(key, Entity::Function(id));
                    id
                }
            };
            if self.specialises(special, id, function, &args)? {
                // Now it is known of which arguments it is the specialisation: its name says them.
                self.functions[id.index()].template = Some((template, args));
                return Ok(id);
            }
        }
        Ok(function)
    }

    fn specialises(&mut self, special: &'a ast::Function, id: FnId, function: FnId, args: &[TemplateArg]) -> Result<bool> {
        if let Some(written) = &special.name.last().args {
            let ctx = self.function(id).ctx;
            let written = self.in_ctx(ctx, |sema| sema.eval_template_args(written))?;
            let same = written.iter().zip(args).all(|(a, b)| match (a, b) {
                (TemplateArg::Value(_, a), TemplateArg::Value(_, b)) => a == b,
                (a, b) => a == b,
            });
            if !same {
                return Ok(false);
            }
        }
        // All arguments may be written; another template of this name may be meant still ([temp.expl.spec]/12).
        self.same_parameters(id, function)
    }

    pub(crate) fn key_of(name: &ast::Name) -> Option<NameKey> {
        name_key(name)
    }
}
