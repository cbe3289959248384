//! Template arguments and instantiation (C++ [temp.arg], [temp.spec]).

use super::*;
use crate::lower::{FunctionSet, LocalEntity, OperandKind};
use ast::{TemplateArgKind, TemplateParamKind};

/// What value parameters are bound to while templates are put in order: no program's constant, and small enough for an array's size.
const UNIQUE_VALUE: u64 = 0xed5e_0000;

impl<'a> Sema<'a> {
    /// Template arguments as written, with packs expanded in place.
    pub fn eval_template_args(&mut self, args: &'a [ast::TemplateArg]) -> Result<Vec<TemplateArg>> {
        let mut out = Vec::new();
        for arg in args {
            if arg.pack {
                self.expand_template_arg(arg, &mut out)?;
            } else {
                match self.eval_template_arg(arg)? {
                    TemplateArg::Pack(items) => out.extend(items),
                    item => out.push(item),
                }
            }
        }
        Ok(out)
    }

    fn expand_template_arg(&mut self, arg: &'a ast::TemplateArg, out: &mut Vec<TemplateArg>) -> Result<()> {
        let mut names = Vec::new();
        crate::lower::names_in_arg(arg, &mut names);
        let items = self.expand_packs(&names, arg.span, |sema| sema.eval_template_arg(arg))?;
        out.extend(items);
        Ok(())
    }

    fn eval_template_arg(&mut self, arg: &'a ast::TemplateArg) -> Result<TemplateArg> {
        match &arg.kind {
            TemplateArgKind::Type(ty) => match &ty.kind {
                // Syntax knows that the name is no value; it may be a template's.
                ast::TypeKind::Name(named) if named.name.last().args.is_none() && ty.quals == ast::Quals::NONE => {
                    match self.eval_name_arg(&named.name)? {
                        arg @ (TemplateArg::Template(_) | TemplateArg::Type(_)) => Ok(arg),
                        _ => Ok(TemplateArg::Type(self.resolve_type(ty)?)),
                    }
                }
                _ => Ok(TemplateArg::Type(self.resolve_type(ty)?)),
            },
            TemplateArgKind::Expr(expr) => {
                if let Some(function) = self.function_expression(expr)? {
                    return Ok(function);
                }
                if let Some(ty) = self.type_like_expression(expr)? {
                    return Ok(TemplateArg::Type(ty));
                }
                let (ty, bits) = self.eval_constant(expr)?;
                Ok(TemplateArg::Value(ty.unqualified(), bits))
            }
            TemplateArgKind::Name(name) => self.eval_name_arg(name),
        }
    }

    /// `int()` is a function type ([temp.arg]/2).
    fn type_like_expression(&mut self, expr: &'a ast::Expr) -> Result<Option<CType>> {
        let ast::ExprKind::Construct { ty, args } = &expr.kind else { return Ok(None) };
        if !args.is_empty() {
            return Ok(None);
        }
        let result = self.resolve_type(ty)?;
        Ok(Some(self.types.intern(TypeKind::Function(FunctionSig::new(result, Vec::new(), false)))))
    }

    /// `&f`, `f<int>`
    fn function_expression(&mut self, expr: &'a ast::Expr) -> Result<Option<TemplateArg>> {
        let expr = expr.without_parens();
        let inner = match &expr.kind {
            ast::ExprKind::Unary { op: ast::UnaryOp::AddressOf, operand } => operand.without_parens(),
            _ => expr,
        };
        // A pointer to a member is a value like others.
        if !matches!(inner.kind, ast::ExprKind::Name(_))
            || self.unevaluated(|sema| sema.member_address(inner, expr.span))?.is_some()
        {
            return Ok(None);
        }
        match self.unevaluated(|sema| sema.lower_expr(inner))?.kind {
            OperandKind::Functions(set) => self.function_argument(&set, expr.span).map(Some),
            _ => Ok(None),
        }
    }

    /// A name alone: a type, a template, or a value.
    fn eval_name_arg(&mut self, name: &'a ast::Name) -> Result<TemplateArg> {
        let found = self.lookup(name)?;
        let has_args = name.last().args.is_some();
        match &found {
            Found::Nothing => return Err(self.unknown_name(name)),
            Found::Argument(arg @ (TemplateArg::Value(..) | TemplateArg::Pack(_))) => return Ok(arg.clone()),
            Found::Argument(arg @ TemplateArg::Template(_)) if !has_args => return Ok(arg.clone()),
            Found::Entities(entities) | Found::Members { entities, .. } => match entities.first() {
                Some(Entity::Template(id)) if !has_args => return Ok(TemplateArg::Template(*id)),
                Some(Entity::Template(id)) if matches!(self.templates[id.index()].tree, TemplateTree::Function(_)) => {
                    let args = match &name.last().args {
                        Some(args) => Some(self.eval_template_args(args)?),
                        None => None,
                    };
                    let name_text = super::names::last_name(name);
                    let set = FunctionSet {
                        entities: entities.clone(),
                        args,
                        object: None,
                        by_arguments: None,
                        is_qualified: false,
                        name: name_text,
                    };
                    return self.function_argument(&set, name.span);
                }
                Some(Entity::Template(id)) if self.is_value_template(*id) => return self.eval_value_name(name),
                Some(Entity::Variable(_) | Entity::Enumerator(..) | Entity::Field(_)) => return self.eval_value_name(name),
                Some(Entity::Function(_)) => {
                    let set = FunctionSet {
                        entities: entities.clone(),
                        args: None,
                        object: None,
                        by_arguments: None,
                        is_qualified: false,
                        name: super::names::last_name(name),
                    };
                    return self.function_argument(&set, name.span);
                }
                _ => {}
            },
            Found::Local(LocalEntity::Object(_) | LocalEntity::Enumerator(..)) => return self.eval_value_name(name),
            _ => {}
        }
        Ok(TemplateArg::Type(self.type_of_found(found, name.last())?))
    }

    fn is_value_template(&self, id: TemplateId) -> bool {
        matches!(self.templates[id.index()].tree, TemplateTree::Variable(..))
    }

    fn eval_value_name(&mut self, name: &'a ast::Name) -> Result<TemplateArg> {
        let (ty, bits) = self.eval_constant_name(name)?;
        Ok(TemplateArg::Value(ty.unqualified(), bits))
    }

    /// Binds all parameters: first what is given, then what was deduced, then the defaults.
    pub fn complete_args(
        &mut self,
        template: TemplateId,
        given: &[TemplateArg],
        deduced: &FxHashMap<Symbol, TemplateArg>,
        span: Span,
    ) -> Result<(Vec<TemplateArg>, EnvId)> {
        let info = &self.templates[template.index()];
        let (params, ctx) = (info.params, info.ctx);
        let env = self.new_env(ctx.env, Vec::new());
        let mut args = Vec::with_capacity(params.len());
        let mut at = 0;
        for (index, param) in params.iter().enumerate() {
            let symbol = param.name.map(|ident| ident.name);
            let known = symbol.and_then(|symbol| deduced.get(&symbol)).cloned();
            let arg = if param.pack {
                let mut items: Vec<TemplateArg> = given.get(at..).unwrap_or_default().to_vec();
                at = given.len();
                if let Some(TemplateArg::Pack(more)) = known {
                    items = if more.len() >= items.len() { more } else { items };
                }
                let mut checked = Vec::new();
                for item in items {
                    checked.push(self.check_arg(param, item, ctx, env, span)?);
                }
                TemplateArg::Pack(checked)
            } else if at < given.len() {
                at += 1;
                self.check_arg(param, given[at - 1].clone(), ctx, env, span)?
            } else if let Some(arg) = known {
                self.check_arg(param, arg, ctx, env, span)?
            } else {
                self.default_arg(template, index as u32, param, ctx, env, span)?
            };
            if let Some(symbol) = symbol {
                self.envs[env.index()].bindings.push((symbol, arg.clone()));
            }
            args.push(arg);
        }
        if at < given.len() {
            let name = &self.templates[template.index()].name;
            return fail(Code::E0208, format!("too many template arguments for `{name}`"), span);
        }
        if let Some(condition) = self.templates[template.index()].requires
            && !self.is_satisfied(condition, Ctx { env, ..ctx }, span)
        {
            let name = &self.templates[template.index()].name;
            let message = format!("the constraint of `{name}` is not fulfilled by <{}>", self.show_args(&args));
            return fail(Code::E0208, message, span);
        }
        Ok((args, env))
    }

    /// Is a constraint fulfilled? One that makes no sense for the arguments is not ([temp.constr.atomic]/3).
    fn is_satisfied(&mut self, condition: &'a ast::Expr, ctx: Ctx, span: Span) -> bool {
        let value = self.in_ctx(ctx, |sema| sema.nested(span, |sema| sema.eval_constant(condition)));
        value.is_ok_and(|(_, bits)| bits != 0)
    }

    fn default_arg(
        &mut self,
        template: TemplateId,
        index: u32,
        param: &'a ast::TemplateParam,
        ctx: Ctx,
        env: EnvId,
        span: Span,
    ) -> Result<TemplateArg> {
        let default = param.default.as_ref().or_else(|| self.template_defaults.get(&(template, index)).copied());
        let Some(default) = default else {
            let name = param.name.map_or_else(|| format!("number {}", index + 1), |ident| format!("`{ident}`"));
            return fail(Code::E0209, format!("template parameter {name} is not given and cannot be deduced"), span);
        };
        let arg = self.in_ctx(Ctx { env, ..ctx }, |sema| sema.nested(span, |sema| sema.eval_template_arg(default)))?;
        self.check_arg(param, arg, ctx, env, span)
    }

    /// The argument must be of the parameter's kind; values are converted to its type.
    fn check_arg(
        &mut self,
        param: &'a ast::TemplateParam,
        arg: TemplateArg,
        ctx: Ctx,
        env: EnvId,
        span: Span,
    ) -> Result<TemplateArg> {
        match (&param.kind, arg) {
            (TemplateParamKind::Type, arg @ TemplateArg::Type(_)) => Ok(arg),
            (TemplateParamKind::Template(_), arg @ TemplateArg::Template(_)) => Ok(arg),
            (TemplateParamKind::Value(ty), TemplateArg::Value(from, bits)) => {
                if matches!(ty.kind, ast::TypeKind::Auto) {
                    return Ok(TemplateArg::Value(from, bits));
                }
                let to = match ty.kind {
                    // Names nothing: the most frequent case needs no context.
                    ast::TypeKind::Builtin(_) => self.resolve_type(ty)?,
                    _ => self.in_ctx(Ctx { env, ..ctx }, |sema| sema.resolve_type(ty))?,
                };
                let to = self.decay(to.unqualified());
                if self.is_function_pointer(to) && from != CType::NULLPTR {
                    let (a, b) = (self.types.pointee(from), self.types.pointee(self.types.strip_ref(to)));
                    let target = b.unwrap_or(self.types.strip_ref(to));
                    if !a.is_some_and(|a| a.same(target)) {
                        let shown = self.show(to);
                        return fail(
                            Code::E0208,
                            format!("`{}` cannot be a template argument of type `{shown}`", self.show(from)),
                            span,
                        );
                    }
                    return Ok(TemplateArg::Value(self.types.pointer(target), bits));
                }
                let bits = self.convert_constant(from, bits, to, span)?;
                Ok(TemplateArg::Value(to, bits))
            }
            (TemplateParamKind::Type, _) => fail(Code::E0208, "a type is needed as template argument", span),
            (TemplateParamKind::Value(_), _) => fail(Code::E0208, "a value is needed as template argument", span),
            (TemplateParamKind::Template(_), _) => fail(Code::E0208, "a template is needed as template argument", span),
        }
    }

    /// A class or alias template with its arguments.
    pub fn instantiate_type(&mut self, template: TemplateId, given: Vec<TemplateArg>, span: Span) -> Result<CType> {
        self.nested(span, |sema| sema.instantiate_type_nested(template, given, span))
    }

    fn instantiate_type_nested(&mut self, template: TemplateId, given: Vec<TemplateArg>, span: Span) -> Result<CType> {
        let (args, env) = self.complete_args(template, &given, &FxHashMap::default(), span)?;
        let info = &self.templates[template.index()];
        match info.tree {
            TemplateTree::Alias(alias) => {
                let ctx = Ctx { env, ..info.ctx };
                self.in_ctx(ctx, |sema| sema.resolve_type(&alias.ty))
            }
            TemplateTree::Class(class) => {
                if let Some(Entity::Class(class)) = self.instances.get(&(template, args.clone())) {
                    return Ok(self.types.intern(TypeKind::Class(*class)));
                }
                let (class, ctx) = match self.choose_specialisation(template, &args, span)? {
                    Some((TemplateTree::Class(special), ctx)) => (special, ctx),
                    _ => (class, Ctx { env, ..self.templates[template.index()].ctx }),
                };
                let info = &self.templates[template.index()];
                let (name, shipped, order) = (info.name.clone(), info.shipped, info.order);
                let id = self.add_class(class, ctx, name, shipped, order);
                self.classes[id.index()].template = Some((template, args.clone()));
                self.instances.insert((template, args), Entity::Class(id));
                Ok(self.types.intern(TypeKind::Class(id)))
            }
            _ => {
                let name = info.name.clone();
                fail(Code::E0202, format!("`{name}` is not a type"), span)
            }
        }
    }

    /// A variable template with its arguments.
    pub fn instantiate_variable(&mut self, template: TemplateId, given: Vec<TemplateArg>, span: Span) -> Result<VarId> {
        self.nested(span, |sema| {
            let (args, env) = sema.complete_args(template, &given, &FxHashMap::default(), span)?;
            if let Some(Entity::Variable(var)) = sema.instances.get(&(template, args.clone())) {
                return Ok(*var);
            }
            let info = &sema.templates[template.index()];
            let primary = (info.tree, Ctx { env, ..info.ctx });
            let (tree, ctx) = sema.choose_specialisation(template, &args, span)?.unwrap_or(primary);
            let TemplateTree::Variable(var, specs) = tree else {
                return fail(Code::E0233, "this template is no variable", span);
            };
            let id = sema.add_variable(var, specs, ctx);
            sema.instances.insert((template, args), Entity::Variable(id));
            Ok(id)
        })
    }

    /// A function template with all its arguments; only the signature is read.
    pub fn instantiate_function(&mut self, template: TemplateId, args: Vec<TemplateArg>, env: EnvId) -> FnId {
        if let Some(Entity::Function(id)) = self.instances.get(&(template, args.clone())) {
            return *id;
        }
        let info = &self.templates[template.index()];
        let (tree, name, shipped, ctx) = (info.tree, info.name.clone(), info.shipped, Ctx { env, ..info.ctx });
        let tree = match tree {
            TemplateTree::Lambda(lambda) => FunctionTree::Lambda(lambda),
            TemplateTree::Function(function) => FunctionTree::Function(function),
            // The callers only come with function templates.
            TemplateTree::Class(_) | TemplateTree::Alias(_) | TemplateTree::Variable(..) => unreachable!("no function template"),
        };
        let id = self.add_function_in(tree, ctx, name, shipped, u32::MAX);
        self.functions[id.index()].template = Some((template, args.clone()));
        self.instances.insert((template, args), Entity::Function(id));
        id
    }

    /// The most specialised partial specialisation that matches, with its context.
    fn choose_specialisation(
        &mut self,
        template: TemplateId,
        args: &[TemplateArg],
        span: Span,
    ) -> Result<Option<(TemplateTree<'a>, Ctx)>> {
        let mut matching: Vec<(Specialisation<'a>, EnvId)> = Vec::new();
        let mut best = 0;
        for special in self.templates[template.index()].specialisations.clone() {
            let Some(env) = self.match_specialisation(template, &special, args, span) else { continue };
            matching.push((special, env));
            if matching.len() > 1 && self.is_more_specialised(&special, &matching[best].0, span) {
                best = matching.len() - 1;
            }
        }
        for index in 0..matching.len() {
            if index != best && !self.is_more_specialised(&matching[best].0, &matching[index].0, span) {
                let name = self.templates[template.index()].name.clone();
                let message = format!("several specialisations of `{name}` fit <{}>", self.show_args(args));
                return fail(Code::E0205, message, span);
            }
        }
        Ok(matching.get(best).copied().map(|(special, env)| (special.tree, Ctx { env, ..special.ctx })))
    }

    fn match_specialisation(
        &mut self,
        template: TemplateId,
        special: &Specialisation<'a>,
        args: &[TemplateArg],
        span: Span,
    ) -> Option<EnvId> {
        let flat = flatten(args);
        let deduced = self.in_ctx(special.ctx, |sema| sema.deduce_args(special.params, special.args, &flat)).ok()?;
        let bindings: Vec<(Symbol, TemplateArg)> = special
            .params
            .iter()
            .filter_map(|param| {
                let name = param.name?.name;
                let unbound = if param.pack { Some(TemplateArg::Pack(Vec::new())) } else { None };
                Some((name, deduced.get(&name).cloned().or(unbound)?))
            })
            .collect();
        if bindings.len() < special.params.iter().filter(|param| param.name.is_some()).count() {
            return None;
        }
        let env = self.new_env(special.ctx.env, bindings);
        let ctx = Ctx { env, ..special.ctx };
        let written = self.in_ctx(ctx, |sema| sema.nested(span, |sema| sema.eval_template_args(special.args))).ok()?;
        let (written, _) = self.complete_args(template, &written, &FxHashMap::default(), span).ok()?;
        let written = flatten(&written);
        // `void_t<...>` and other parts that are not deduced must come out the same.
        let same = written.iter().zip(&flat).all(|(a, b)| match (a, b) {
            (TemplateArg::Value(_, a), TemplateArg::Value(_, b)) => a == b,
            (a, b) => a == b,
        });
        let fulfilled = special.requires.is_none_or(|condition| self.is_satisfied(condition, ctx, span));
        (same && written.len() == flat.len() && fulfilled).then_some(env)
    }

    fn is_more_specialised(&mut self, a: &Specialisation<'a>, b: &Specialisation<'a>, span: Span) -> bool {
        self.at_least_as_specialised(a, b, span) && !self.at_least_as_specialised(b, a, span)
    }

    fn at_least_as_specialised(&mut self, a: &Specialisation<'a>, b: &Specialisation<'a>, span: Span) -> bool {
        let env = self.unique_env(a.params, a.ctx);
        let ctx = Ctx { env, ..a.ctx };
        let Ok(args) = self.in_ctx(ctx, |sema| sema.nested(span, |sema| sema.eval_template_args(a.args))) else { return false };
        self.in_ctx(b.ctx, |sema| sema.deduce_args(b.params, b.args, &args)).is_ok()
    }

    /// Binds each parameter to something that is equal to itself alone.
    pub(super) fn unique_env(&mut self, params: &'a [ast::TemplateParam], ctx: Ctx) -> EnvId {
        let mut bindings = Vec::new();
        for (index, param) in params.iter().enumerate() {
            let Some(ident) = param.name else { continue };
            let arg = match &param.kind {
                TemplateParamKind::Type => TemplateArg::Type(self.types.intern(TypeKind::Unique(index as u32))),
                TemplateParamKind::Value(_) => TemplateArg::Value(CType::LONG, UNIQUE_VALUE + index as u64),
                TemplateParamKind::Template(_) => TemplateArg::Template(TemplateId(u32::MAX - index as u32)),
            };
            let arg = if param.pack { TemplateArg::Pack(vec![arg]) } else { arg };
            bindings.push((ident.name, arg));
        }
        self.new_env(ctx.env, bindings)
    }
}

fn flatten(args: &[TemplateArg]) -> Vec<TemplateArg> {
    let mut flat = Vec::new();
    for arg in args {
        match arg {
            TemplateArg::Pack(items) => flat.extend(items.iter().cloned()),
            item => flat.push(item.clone()),
        }
    }
    flat
}
