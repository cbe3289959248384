//! Template argument deduction: matches a type as written against a type (C++ [temp.deduct]).
//!
//! Patterns are trees, not types: a parameter is a bare name in the template's parameter list. What is not deduced here is checked
//! later, when the parameter's type is read again with everything bound.

use super::*;
use ast::{ExprKind, Id, TemplateArgKind, TemplateParamKind, TypeKind as Tree};

/// What was found so far. A parameter that is met twice must be the same both times.
pub(super) struct Deduction<'a> {
    params: &'a [ast::TemplateParam],
    found: FxHashMap<Symbol, TemplateArg>,
    /// `const T` matches const types alone. A call's argument may gain qualifiers ([temp.deduct.call]/4).
    strict: bool,
}

type Deduced = FxHashMap<Symbol, TemplateArg>;

impl<'a> Deduction<'a> {
    pub(super) fn new(params: &'a [ast::TemplateParam], strict: bool) -> Deduction<'a> {
        Deduction { params, found: FxHashMap::default(), strict }
    }

    pub(super) fn forget(&mut self, name: Symbol) {
        self.found.remove(&name);
    }

    /// Does a tree mention a parameter of the template?
    fn mentions(&self, names: &[Symbol]) -> bool {
        names.iter().any(|name| self.params.iter().any(|param| param.name.is_some_and(|ident| ident.name == *name)))
    }

    fn param(&self, name: &ast::Name) -> Option<&'a ast::TemplateParam> {
        let symbol = match &name.segments[..] {
            [segment] if !name.global => match segment.id {
                Id::Ident(symbol) => symbol,
                _ => return None,
            },
            _ => return None,
        };
        self.params.iter().find(|param| param.name.is_some_and(|ident| ident.name == symbol))
    }

    /// `false`: it was deduced as something else before.
    fn bind(&mut self, name: Symbol, arg: TemplateArg) -> bool {
        match (self.found.get(&name), &arg) {
            (Some(TemplateArg::Value(_, old)), TemplateArg::Value(_, new)) => old == new,
            (Some(old), new) => old == new,
            (None, _) => {
                self.found.insert(name, arg);
                true
            }
        }
    }
}

impl<'a> Sema<'a> {
    /// Deduces a function template's arguments from those of a call. `args` are types with the references and categories that
    /// [temp.deduct.call] wants: (type, is it an lvalue), `None` where an argument takes no part.
    pub fn deduce_call(
        &mut self,
        template: TemplateId,
        given: &[TemplateArg],
        params: &'a [ast::Param],
        args: &[Option<(CType, bool)>],
        span: Span,
    ) -> Result<Deduced> {
        let info = &self.templates[template.index()];
        let (template_params, ctx) = (info.params, info.ctx);
        let mut state = Deduction::new(template_params, true);
        for (param, arg) in template_params.iter().zip(given) {
            match param.name {
                Some(ident) if param.pack => {
                    let rest = given[template_params.len() - 1..].to_vec();
                    state.found.insert(ident.name, TemplateArg::Pack(rest));
                }
                Some(ident) => {
                    state.found.insert(ident.name, arg.clone());
                }
                None => {}
            }
        }
        let explicit: Vec<Symbol> = state.found.keys().copied().collect();
        self.in_ctx(ctx, |sema| {
            for (index, param) in params.iter().enumerate() {
                if param.pack {
                    let rest = args.get(index..).unwrap_or_default();
                    sema.deduce_pack(&mut state, &explicit, param, rest, span)?;
                    break;
                }
                if let Some(Some((ty, is_lvalue))) = args.get(index) {
                    sema.deduce_param(&mut state, &explicit, &param.ty, *ty, *is_lvalue, span)?;
                }
            }
            Ok(())
        })?;
        Ok(state.found)
    }

    fn deduce_pack(
        &mut self,
        state: &mut Deduction<'a>,
        explicit: &[Symbol],
        param: &'a ast::Param,
        args: &[Option<(CType, bool)>],
        span: Span,
    ) -> Result<()> {
        let mut names = Vec::new();
        crate::lower::names_in_type(&param.ty, &mut names);
        names.retain(|name| state.params.iter().any(|p| p.pack && p.name.is_some_and(|ident| ident.name == *name)));
        let outer = state.found.clone();
        // What was written of a pack is its beginning; the rest is deduced ([temp.arg.explicit]/3).
        let mut packs: Vec<Vec<TemplateArg>> = Vec::new();
        for name in &names {
            packs.push(match outer.get(name) {
                Some(TemplateArg::Pack(given)) if explicit.contains(name) => given.clone(),
                _ => Vec::new(),
            });
        }
        let written: Vec<usize> = packs.iter().map(Vec::len).collect();
        for (index, arg) in args.iter().enumerate() {
            for name in &names {
                state.found.remove(name);
            }
            let Some((ty, is_lvalue)) = arg else { continue };
            if written.iter().any(|&count| index < count) {
                continue;
            }
            self.deduce_param(state, &[], &param.ty, *ty, *is_lvalue, span)?;
            for (name, pack) in names.iter().zip(&mut packs) {
                if let Some(found) = state.found.remove(name) {
                    pack.push(found);
                }
            }
        }
        for (name, pack) in names.into_iter().zip(packs) {
            state.found.insert(name, TemplateArg::Pack(pack));
        }
        Ok(())
    }

    /// One parameter of a call ([temp.deduct.call]).
    fn deduce_param(
        &mut self,
        state: &mut Deduction<'a>,
        explicit: &[Symbol],
        pattern: &'a ast::Type,
        arg: CType,
        is_lvalue: bool,
        span: Span,
    ) -> Result<()> {
        let mut names = Vec::new();
        crate::lower::names_in_type(pattern, &mut names);
        if !names.iter().any(|name| state.params.iter().any(|p| p.name.is_some_and(|ident| ident.name == *name))) {
            return Ok(());
        }
        let by_value = !matches!(pattern.kind, Tree::LvalueRef(_) | Tree::RvalueRef(_));
        let (pattern, arg): (&'a ast::Type, CType) = match &pattern.kind {
            Tree::RvalueRef(inner) if self.is_forwarding(state, inner) && is_lvalue => (inner, self.types.lvalue_ref(arg)),
            Tree::LvalueRef(inner) | Tree::RvalueRef(inner) => (inner, self.remove_pattern_quals(inner, arg)),
            _ => (pattern, self.decay(arg).unqualified()),
        };
        if let Tree::Name(named) = &pattern.kind
            && state.param(&named.name).and_then(|p| p.name).is_some_and(|ident| explicit.contains(&ident.name))
        {
            return Ok(());
        }
        let before = state.found.clone();
        for strict in [true, false] {
            state.strict = strict;
            // Qualifiers at the top take no part: the parameter may have more of them than the argument.
            let matched = match by_value {
                true => self.match_adjusted(state, pattern, arg),
                false => self.match_unqualified(state, pattern, arg),
            };
            state.strict = true;
            if matched {
                return Ok(());
            }
            state.found = before.clone();
        }
        // A derived class may bind to `Base<T>` and `Base<T>*` ([temp.deduct.call]/4), if one base alone fits.
        let mut by_base: Vec<Deduced> = Vec::new();
        for base in self.bases_for_deduction(arg) {
            state.found = before.clone();
            if self.match_unqualified(state, pattern, base) && !by_base.contains(&state.found) {
                by_base.push(std::mem::take(&mut state.found));
            }
        }
        if by_base.len() == 1 {
            state.found = by_base.swap_remove(0);
            return Ok(());
        }
        state.found = before;
        let kept = self.names_explicit(state, explicit, pattern);
        if kept {
            return Ok(());
        }
        let shown = self.show(arg);
        fail(Code::E0209, format!("the template arguments cannot be deduced from an argument of type `{shown}`"), span)
    }

    /// Parts of the pattern were given explicitly: then conversions decide later.
    fn names_explicit(&self, state: &Deduction<'a>, explicit: &[Symbol], pattern: &'a ast::Type) -> bool {
        match &pattern.kind {
            Tree::Name(named) => {
                state.param(&named.name).and_then(|p| p.name).is_some_and(|ident| explicit.contains(&ident.name))
                    || named.name.last().args.is_some()
            }
            Tree::Pointer(inner) | Tree::LvalueRef(inner) | Tree::RvalueRef(inner) => self.names_explicit(state, explicit, inner),
            _ => false,
        }
    }

    fn is_forwarding(&self, state: &Deduction<'a>, inner: &ast::Type) -> bool {
        if inner.quals.const_ || inner.quals.volatile {
            return false;
        }
        match &inner.kind {
            Tree::Auto => true,
            Tree::Name(named) => state.param(&named.name).is_some_and(|param| matches!(param.kind, TemplateParamKind::Type)),
            _ => false,
        }
    }

    fn bases_for_deduction(&mut self, arg: CType) -> Vec<CType> {
        let (class, through_pointer) = match *self.types.kind(arg) {
            TypeKind::Class(class) => (class, false),
            TypeKind::Pointer(inner) => match self.types.as_class(inner) {
                Some(class) => (class, true),
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        if self.complete_members(class).is_err() {
            return Vec::new();
        }
        let mut out = Vec::new();
        for base in self.class(class).bases.clone() {
            let ty = self.types.intern(TypeKind::Class(base.class));
            let ty = if through_pointer { self.types.pointer(ty) } else { ty };
            out.push(ty);
            out.extend(self.bases_for_deduction(ty));
        }
        out
    }

    /// Matches template arguments as written against known ones: partial specialisations, `A<T, N>` in a parameter.
    pub fn deduce_args(
        &mut self,
        params: &'a [ast::TemplateParam],
        patterns: &'a [ast::TemplateArg],
        args: &[TemplateArg],
    ) -> Result<Deduced> {
        let mut state = Deduction::new(params, true);
        if self.match_args(&mut state, patterns, args) {
            Ok(state.found)
        } else {
            fail(Code::E0209, "the template arguments do not match", Span::NONE)
        }
    }

    fn match_args(&mut self, state: &mut Deduction<'a>, patterns: &'a [ast::TemplateArg], args: &[TemplateArg]) -> bool {
        for (index, pattern) in patterns.iter().enumerate() {
            if pattern.pack {
                return self.match_pack_arg(state, pattern, args.get(index..).unwrap_or_default());
            }
            let Some(arg) = args.get(index) else { return false };
            if !self.match_arg(state, pattern, arg) {
                return false;
            }
        }
        true
    }

    fn match_pack_arg(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::TemplateArg, args: &[TemplateArg]) -> bool {
        let mut names = Vec::new();
        crate::lower::names_in_arg(pattern, &mut names);
        names.retain(|name| state.params.iter().any(|p| p.pack && p.name.is_some_and(|ident| ident.name == *name)));
        let mut packs: Vec<Vec<TemplateArg>> = vec![Vec::new(); names.len()];
        for arg in args {
            if !self.match_arg(state, pattern, arg) {
                return false;
            }
            for (name, pack) in names.iter().zip(&mut packs) {
                pack.extend(state.found.remove(name));
            }
        }
        names.into_iter().zip(packs).all(|(name, pack)| state.bind(name, TemplateArg::Pack(pack)))
    }

    fn match_arg(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::TemplateArg, arg: &TemplateArg) -> bool {
        match (&pattern.kind, arg) {
            (TemplateArgKind::Name(name), arg) => match (state.param(name), name.last().args.is_some()) {
                (Some(param), false) => match (&param.kind, arg, param.name) {
                    (_, _, None) => true,
                    (TemplateParamKind::Type, TemplateArg::Type(_), Some(ident))
                    | (TemplateParamKind::Value(_), TemplateArg::Value(..), Some(ident))
                    | (TemplateParamKind::Template(_), TemplateArg::Template(_), Some(ident)) => {
                        state.bind(ident.name, arg.clone())
                    }
                    _ => false,
                },
                _ => match arg {
                    TemplateArg::Type(ty) => self.match_named(state, name, *ty),
                    // A value or template by name takes no part in deduction; it is compared afterwards.
                    _ => true,
                },
            },
            (TemplateArgKind::Type(pattern), TemplateArg::Type(ty)) => self.match_type(state, pattern, *ty),
            // A template template parameter by its name, which syntax takes for a type.
            (TemplateArgKind::Type(pattern), TemplateArg::Template(_)) => match &pattern.kind {
                Tree::Name(named) if named.name.last().args.is_none() => match state.param(&named.name) {
                    Some(param) => match (&param.kind, param.name) {
                        (TemplateParamKind::Template(_), Some(ident)) => state.bind(ident.name, arg.clone()),
                        _ => false,
                    },
                    // A template that no parameter stands for is compared afterwards.
                    None => true,
                },
                _ => false,
            },
            (TemplateArgKind::Expr(expr), TemplateArg::Value(ty, bits)) => self.match_value(state, expr, *ty, *bits),
            (TemplateArgKind::Expr(_), TemplateArg::Type(_)) => true,
            _ => false,
        }
    }

    fn match_value(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::Expr, ty: CType, bits: u64) -> bool {
        match &pattern.without_parens().kind {
            ExprKind::Name(name) => match state.param(name).and_then(|param| param.name) {
                Some(ident) => state.bind(ident.name, TemplateArg::Value(ty, bits)),
                None => self.match_constant(state, pattern, bits),
            },
            _ => self.match_constant(state, pattern, bits),
        }
    }

    /// A value that no parameter takes part in must be the same; `N + 1` is not deduced.
    fn match_constant(&mut self, state: &Deduction<'a>, pattern: &'a ast::Expr, bits: u64) -> bool {
        let mut names = Vec::new();
        crate::lower::names_in_expr(pattern, &mut names);
        state.mentions(&names) || self.eval_constant(pattern).is_ok_and(|(_, value)| value == bits)
    }

    fn match_named(&mut self, state: &mut Deduction<'a>, name: &'a ast::Name, arg: CType) -> bool {
        if let (Some(param), None) = (state.param(name), &name.last().args) {
            return match (param.name, &param.kind) {
                (Some(ident), TemplateParamKind::Type) => state.bind(ident.name, TemplateArg::Type(arg)),
                _ => false,
            };
        }
        let Some(patterns) = &name.last().args else {
            // `T::type` is not deduced; a name without parameters means one type.
            let mut names = Vec::new();
            crate::lower::names_in_segments(name, &mut names);
            return state.mentions(&names)
                || self.resolve_type_name(name, ast::TypeNameKey::Plain).map_or(true, |ty| ty.same(arg));
        };
        if let Some(alias) = self.alias_pattern(name) {
            return self.match_alias(state, alias, patterns, arg);
        }
        let TypeKind::Class(class) = *self.types.kind(arg) else { return false };
        let Some((template, args)) = self.class(class).template.clone() else { return false };
        if let Some(param) = state.param(name) {
            let bound = param.name.is_some_and(|ident| state.bind(ident.name, TemplateArg::Template(template)));
            return bound && self.match_flat(state, patterns, &args);
        }
        match self.lookup(name) {
            Ok(Found::Entities(entities)) | Ok(Found::Members { entities, .. }) => match entities.first() {
                Some(Entity::Template(id)) if *id == template => self.match_flat(state, patterns, &args),
                _ => false,
            },
            Ok(Found::Type(ty)) => {
                ty.same(arg)
                    || self
                        .types
                        .as_class(ty)
                        .is_some_and(|c| self.class(c).template.as_ref().is_some_and(|(id, _)| *id == template))
                        && self.match_flat(state, patterns, &args)
            }
            _ => false,
        }
    }

    fn match_flat(&mut self, state: &mut Deduction<'a>, patterns: &'a [ast::TemplateArg], args: &[TemplateArg]) -> bool {
        let mut flat = Vec::new();
        for arg in args {
            match arg {
                TemplateArg::Pack(items) => flat.extend(items.iter().cloned()),
                item => flat.push(item.clone()),
            }
        }
        let strict = std::mem::replace(&mut state.strict, true);
        let matched = self.match_args(state, patterns, &flat);
        state.strict = strict;
        matched
    }

    fn alias_pattern(&mut self, name: &'a ast::Name) -> Option<TemplateId> {
        let Ok(Found::Entities(entities) | Found::Members { entities, .. }) = self.lookup(name) else { return None };
        match entities.first() {
            Some(&Entity::Template(id)) if matches!(self.templates[id.index()].tree, TemplateTree::Alias(_)) => Some(id),
            _ => None,
        }
    }

    /// [temp.alias]/2: an alias template stands for its type. What that type tells of the alias's parameters is matched with the pattern's
    /// arguments; where it does not tell all, as in `typename enable_if<B, T>::type`, nothing is deduced ([temp.deduct.type]/5).
    fn match_alias(
        &mut self,
        state: &mut Deduction<'a>,
        alias: TemplateId,
        patterns: &'a [ast::TemplateArg],
        arg: CType,
    ) -> bool {
        let info = &self.templates[alias.index()];
        let (TemplateTree::Alias(tree), params, ctx) = (&info.tree, info.params, info.ctx) else { return false };
        let tree: &'a ast::Alias = tree;
        let mut inner = Deduction::new(params, state.strict);
        if !self.in_ctx(ctx, |sema| Ok(sema.match_type(&mut inner, &tree.ty, arg))).unwrap_or(false) {
            return false;
        }
        let told: Vec<Option<TemplateArg>> =
            params.iter().map(|param| param.name.and_then(|name| inner.found.get(&name.name).cloned())).collect();
        if let Some(all) = told.iter().cloned().collect::<Option<Vec<TemplateArg>>>() {
            return self.match_flat(state, patterns, &all);
        }
        // An argument that the type says nothing of is not deduced. Packs would have to be all of them.
        if params.iter().any(|param| param.pack) || patterns.iter().any(|pattern| pattern.pack) {
            return true;
        }
        let strict = std::mem::replace(&mut state.strict, true);
        let matched = patterns.iter().zip(told).all(|(pattern, arg)| arg.is_none_or(|arg| self.match_arg(state, pattern, &arg)));
        state.strict = strict;
        matched
    }

    /// The type of a parameter: `T a[n]` is `T* a` there, and no size is deduced ([dcl.fct]/5).
    pub(super) fn match_adjusted(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::Type, arg: CType) -> bool {
        match (&pattern.kind, self.types.kind(arg)) {
            (Tree::Array { element, .. }, TypeKind::Pointer(pointee)) => self.match_type(state, element, *pointee),
            _ => self.match_unqualified(state, pattern, arg),
        }
    }

    fn match_type(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::Type, arg: CType) -> bool {
        let element = match *self.types.kind(arg) {
            TypeKind::Array(element, _) => element,
            _ => arg,
        };
        let lacks = pattern.quals.const_ && !element.is_const || pattern.quals.volatile && !element.is_volatile;
        if state.strict && lacks {
            return false;
        }
        let arg = self.remove_pattern_quals(pattern, arg);
        self.match_unqualified(state, pattern, arg)
    }

    /// As [`Self::match_type`], but for qualifiers at the top.
    pub(super) fn match_unqualified(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::Type, arg: CType) -> bool {
        match &pattern.kind {
            Tree::Name(named) => self.match_named(state, &named.name, arg),
            Tree::Pointer(inner) => match *self.types.kind(arg) {
                TypeKind::Pointer(pointee) => self.match_type(state, inner, pointee),
                _ => false,
            },
            Tree::LvalueRef(inner) => match *self.types.kind(arg) {
                TypeKind::LvalueRef(referent) => self.match_type(state, inner, referent),
                _ => false,
            },
            Tree::RvalueRef(inner) => match *self.types.kind(arg) {
                TypeKind::RvalueRef(referent) => self.match_type(state, inner, referent),
                _ => false,
            },
            Tree::Array { element, size } => match *self.types.kind(arg) {
                TypeKind::Array(item, count) => {
                    let sized = match (size, count) {
                        (Some(size), Some(count)) => self.match_value(state, size, CType::SIZE, count),
                        (None, None) => true,
                        _ => false,
                    };
                    sized && self.match_type(state, element, item)
                }
                _ => false,
            },
            Tree::Function(function) => self.match_function(state, function, arg),
            Tree::MemberPointer { class, pointee } => match *self.types.kind(arg) {
                TypeKind::MemberPointer(owner, member) => {
                    self.match_named(state, class, owner) && self.match_type(state, pointee, member)
                }
                _ => false,
            },
            Tree::Auto => true,
            // Not dependent, or not deduced: it must come out equal when it is read with everything bound.
            _ => match self.types.kind(arg) {
                TypeKind::Unique(_) => false,
                _ => match self.resolve_type(pattern) {
                    Ok(ty) => ty.same(arg),
                    Err(_) => true,
                },
            },
        }
    }

    fn match_function(&mut self, state: &mut Deduction<'a>, function: &'a ast::FunctionType, arg: CType) -> bool {
        let TypeKind::Function(sig) = self.types.kind(arg).clone() else { return false };
        let quals = (function.quals.const_, function.quals.volatile, function.ref_qual);
        if quals != (sig.is_const, sig.is_volatile, sig.ref_qual) {
            return false;
        }
        if !self.match_type(state, &function.result, sig.result) {
            return false;
        }
        let (params, pack) = match function.params.split_last() {
            Some((last, before)) if last.pack => (before, Some(last)),
            // `f(void)`
            Some((only, [])) if matches!(only.ty.kind, Tree::Builtin(ast::Builtin::Void)) => (&[][..], None),
            _ => (&function.params[..], None),
        };
        if sig.params.len() < params.len() || sig.params.len() > params.len() && pack.is_none() {
            return false;
        }
        let plain = params.iter().zip(&sig.params).all(|(pattern, &ty)| self.match_adjusted(state, &pattern.ty, ty));
        plain && pack.is_none_or(|pack| self.match_param_pack(state, pack, &sig.params[params.len()..]))
    }

    /// `P...` in a function type.
    fn match_param_pack(&mut self, state: &mut Deduction<'a>, pattern: &'a ast::Param, args: &[CType]) -> bool {
        let mut names = Vec::new();
        crate::lower::names_in_type(&pattern.ty, &mut names);
        names.retain(|name| state.params.iter().any(|p| p.pack && p.name.is_some_and(|ident| ident.name == *name)));
        let known: Vec<Option<TemplateArg>> = names.iter().map(|name| state.found.remove(name)).collect();
        let mut packs: Vec<Vec<TemplateArg>> = vec![Vec::new(); names.len()];
        for &arg in args {
            if !self.match_type(state, &pattern.ty, arg) {
                return false;
            }
            for (name, pack) in names.iter().zip(&mut packs) {
                pack.extend(state.found.remove(name));
            }
        }
        for (name, known) in names.iter().zip(known) {
            if let Some(known) = known {
                state.found.insert(*name, known);
            }
        }
        names.into_iter().zip(packs).all(|(name, pack)| state.bind(name, TemplateArg::Pack(pack)))
    }

    /// `const T` against `const int` leaves `T` with `int`.
    fn remove_pattern_quals(&mut self, pattern: &ast::Type, arg: CType) -> CType {
        match *self.types.kind(arg) {
            TypeKind::Array(element, count) if pattern.quals.const_ => {
                let element = element.without_cv(true, false);
                self.types.array(element, count)
            }
            _ => arg.without_cv(pattern.quals.const_, pattern.quals.volatile),
        }
    }

    /// A conversion function template for a type that is wanted ([temp.deduct.conv]).
    pub(super) fn deduce_conversion(&mut self, template: TemplateId, to: CType) -> Result<FnId> {
        let info = &self.templates[template.index()];
        let (params, ctx) = (info.params, info.ctx);
        let TemplateTree::Function(tree) = info.tree else { return Err(Failure::Poisoned) };
        let ast::Id::Conversion(result) = &tree.name.last().id else { return Err(Failure::Poisoned) };
        let pattern: &'a ast::Type = match &result.kind {
            Tree::LvalueRef(inner) | Tree::RvalueRef(inner) => inner,
            _ => result,
        };
        let to = self.types.strip_ref(to).unqualified();
        let mut state = Deduction::new(params, false);
        let matched = self.in_ctx(ctx, |sema| Ok(sema.match_type(&mut state, pattern, to)))?;
        if !matched {
            return fail(Code::E0209, "the template arguments of the conversion cannot be deduced", tree.span);
        }
        let (all, env) = self.complete_args(template, &[], &state.found, tree.span)?;
        let function = self.instantiate_function(template, all, env);
        self.signature(function)?;
        Ok(function)
    }
}
