//! Overload resolution (C++ [over.match]) for functions, methods, operators and constructors.

use super::*;
use crate::lower::{Operand, OperandKind};
use ast::Spec;

/// Functions that a call may mean.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    pub entities: Vec<Entity>,
    /// `f<int>(..)`
    pub args: Option<Vec<TemplateArg>>,
    pub name: String,
}

/// Candidates that do not fit, and why.
pub type Reasons = Vec<(Entity, Failure)>;

/// The chosen function and how its arguments are converted. Missing ones come from default arguments.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub function: FnId,
    pub conversions: Vec<ImplicitConversion>,
    /// For methods: the conversion of the object is implied.
    pub is_method: bool,
    /// A virtual function is called by its own name.
    pub is_static: bool,
}

/// Stands for the operator of the language among the candidates of an expression ([over.built]).
pub(crate) const BUILTIN: FnId = FnId(u32::MAX);

/// A candidate whose arguments convert.
pub(crate) struct Viable {
    pub function: FnId,
    pub conversions: Vec<ImplicitConversion>,
    /// How the object becomes the method's `*this`; `None` for functions without an object.
    pub object: Option<ImplicitConversion>,
    pub template: Option<TemplateId>,
    /// A conversion function's result on its way to the type that is wanted ([over.match.best]/2.2).
    pub second: Option<ImplicitConversion>,
}

/// What [over.match.best] says.
pub(crate) enum Choice {
    Best(usize),
    Ambiguous(usize, usize),
}

impl<'a> Sema<'a> {
    /// Chooses the best function, or explains why there is none. `object` is what a method is called on.
    pub fn resolve_overload(
        &mut self,
        candidates: &Candidates,
        object: Option<&Operand<'a>>,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Resolved> {
        match self.try_overload(candidates, object, args, span)? {
            Ok(resolved) => Ok(resolved),
            Err(reasons) => {
                let shown: Vec<String> = args.iter().map(|arg| self.show_operand(arg)).collect();
                let message = format!("no function `{}` takes ({})", candidates.name, shown.join(", "));
                let error = failure(Code::E0204, message, span);
                Err(self.with_reasons(error, reasons))
            }
        }
    }

    /// Notes that say why each candidate does not fit.
    pub fn with_reasons(&self, error: Failure, reasons: Reasons) -> Failure {
        let notes: Vec<String> = reasons.iter().take(8).map(|(entity, error)| self.candidate_note(*entity, error)).collect();
        error.map(|diagnostic| notes.into_iter().fold(diagnostic, Diagnostic::with_note))
    }

    fn show_operand(&self, operand: &Operand<'a>) -> String {
        match &operand.kind {
            OperandKind::Braced(_) => "{..}".to_string(),
            OperandKind::Functions(set) => set.name.clone(),
            _ => self.show(operand.ty),
        }
    }

    /// The inner error lists why each candidate does not fit.
    pub fn try_overload(
        &mut self,
        candidates: &Candidates,
        object: Option<&Operand<'a>>,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<std::result::Result<Resolved, Reasons>> {
        let (mut viable, mut reasons) = (Vec::new(), Vec::new());
        for &entity in &candidates.entities {
            match self.check_candidate(entity, candidates.args.as_deref(), object, args, span) {
                Ok(found) => viable.push(found),
                Err(Failure::Poisoned) => return Err(Failure::Poisoned),
                Err(error) => reasons.push((entity, error)),
            }
        }
        if viable.is_empty() {
            return Ok(Err(reasons));
        }
        self.prefer_known(&mut viable, args);
        let best = match self.choose(&viable, args.len())? {
            Choice::Best(best) => best,
            Choice::Ambiguous(a, b) => {
                return Err(self.ambiguous(viable[a].function, viable[b].function, &candidates.name, span));
            }
        };
        let chosen = viable.swap_remove(best);
        let is_method = self.is_method(chosen.function);
        Ok(Ok(Resolved { function: chosen.function, conversions: chosen.conversions, is_method, is_static: false }))
    }

    /// A template sees the functions before it, and behind it those in the namespaces of its arguments ([temp.dep.candidate]). Where only later ones
    /// fit, they are taken although C++ would not find them.
    fn prefer_known(&mut self, viable: &mut Vec<Viable>, args: &[Operand<'a>]) {
        let is_known = |sema: &Sema<'a>, candidate: &Viable| {
            sema.declared_order(candidate.function) <= sema.defined || sema.function(candidate.function).ctx.class.is_some()
        };
        if viable.iter().all(|candidate| is_known(self, candidate)) || !viable.iter().any(|candidate| is_known(self, candidate)) {
            return;
        }
        let finds_more = |sema: &mut Sema<'a>, arg: &Operand<'a>| match arg.kind {
            OperandKind::Functions(_) | OperandKind::Braced(_) => true,
            _ => sema.has_associated_namespaces(arg.ty),
        };
        if !args.iter().any(|arg| finds_more(self, arg)) {
            viable.retain(|candidate| is_known(self, candidate));
        }
    }

    /// Number of the item that declares the function, or the template that it is an instance of.
    pub(crate) fn declared_order(&self, function: FnId) -> u32 {
        let info = self.function(function);
        info.template.as_ref().map_or(info.order, |(template, _)| self.templates[template.index()].order)
    }

    fn candidate_note(&self, entity: Entity, error: &Failure) -> String {
        let name = match entity {
            Entity::Function(function) => self.show_signature(function),
            Entity::Template(template) => format!("template {}", self.templates[template.index()].name),
            _ => "something else".to_string(),
        };
        format!("candidate {name}: {}", error.message())
    }

    /// Do the arguments fit? Of the reason why they do not, the message alone is shown, so nobody looks for names that are like it.
    pub(crate) fn check_candidate(
        &mut self,
        entity: Entity,
        given: Option<&[TemplateArg]>,
        object: Option<&Operand<'a>>,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Viable> {
        let outer = std::mem::replace(&mut self.f.is_candidate, true);
        let checked = self.check_fit(entity, given, object, args, span);
        self.f.is_candidate = outer;
        checked
    }

    fn check_fit(
        &mut self,
        entity: Entity,
        given: Option<&[TemplateArg]>,
        object: Option<&Operand<'a>>,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Viable> {
        let (function, template) = match entity {
            Entity::Function(function) => {
                if given.is_some() {
                    return fail(Code::E0208, "it is no template", span);
                }
                if self.function(function).order > self.order && self.function(function).ctx.class.is_none() {
                    return fail(Code::E0201, "it is declared later", span);
                }
                (function, None)
            }
            Entity::Template(template) => {
                (self.deduce_candidate(template, given.unwrap_or_default(), args, span)?, Some(template))
            }
            _ => return fail(Code::E0233, "it is no function", span),
        };
        let signature = self.signature(function)?;
        if args.len() < signature.params.len() {
            let required = self.required_params(function, &signature)?;
            if args.len() < required {
                return fail(Code::E0204, format!("needs {required} arguments, not {}", args.len()), span);
            }
        }
        if args.len() > signature.params.len() && !signature.variadic {
            return fail(Code::E0204, format!("takes {} arguments, not {}", signature.params.len(), args.len()), span);
        }
        let object = self.object_conversion(function, object, span)?;
        let mut conversions = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let conversion = match signature.params.get(index) {
                Some(param) => self.implicit_conversion(arg, param.ty)?,
                None => Some(self.ellipsis(arg)),
            };
            match conversion {
                Some(conversion) => conversions.push(conversion),
                None => {
                    let to = self.show(signature.params[index].ty);
                    let from = self.show_operand(arg);
                    return fail(Code::E0203, format!("no conversion from `{from}` to `{to}` for argument {}", index + 1), span);
                }
            }
        }
        Ok(Viable { function, conversions, object, template, second: None })
    }

    /// Parameters without default arguments, at any declaration of the function.
    pub(super) fn required_params(&mut self, function: FnId, signature: &Signature<'a>) -> Result<usize> {
        let mut required = signature.params.len();
        while required > 0 && self.default_argument(function, signature, required - 1)?.is_some() {
            required -= 1;
        }
        Ok(required)
    }

    /// The default argument of a parameter, and where its names are looked up.
    pub fn default_argument(
        &mut self,
        function: FnId,
        signature: &Signature<'a>,
        index: usize,
    ) -> Result<Option<(&'a ast::Expr, Ctx)>> {
        let ctx = self.function(function).ctx;
        if let Some(default) = &signature.params[index].ast.default {
            return Ok(Some((default, ctx)));
        }
        if signature.params[index].pack.is_some() || ctx.class.is_some() {
            return Ok(None);
        }
        let FunctionTree::Function(tree) = self.function(function).ast else { return Ok(None) };
        let Some(key) = names::function_key(tree) else { return Ok(None) };
        let template = self.function(function).template.as_ref().map(|(id, _)| *id);
        for entity in self.lookup_in_namespace(ctx.ns, key) {
            match (entity, template) {
                (Entity::Function(other), None)
                    if other != function
                        && self.function(other).ast.ty().params.get(index).is_some_and(|param| param.default.is_some())
                        && self.same_parameters(function, other)? =>
                {
                    let param = &self.function(other).ast.ty().params[index];
                    return Ok(param.default.as_ref().map(|default| (default, self.function(other).ctx)));
                }
                (Entity::Template(other), Some(own)) if other != own => {
                    if let TemplateTree::Function(declaration) = self.templates[other.index()].tree {
                        let same = self.are_one_template(own, other);
                        if let (true, Some(default)) =
                            (same, declaration.ty.params.get(index).and_then(|param| param.default.as_ref()))
                        {
                            return Ok(Some((default, ctx)));
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(None)
    }

    pub(crate) fn ellipsis(&self, arg: &Operand<'a>) -> ImplicitConversion {
        let shape = Shape::plain(arg.ty, arg.ty);
        ImplicitConversion::standard(ConversionRank::Ellipsis, arg.ty, ConversionKind::Ellipsis, shape)
    }

    /// The object as the method's implicit parameter: a reference to the class with the method's qualifiers, which binds to
    /// temporaries too unless the method has a `&` ([over.match.funcs]/4). Methods of bases count as the object's own.
    pub(crate) fn object_conversion(
        &mut self,
        function: FnId,
        object: Option<&Operand<'a>>,
        span: Span,
    ) -> Result<Option<ImplicitConversion>> {
        if !self.is_method(function) || self.function(function).ast.kind() == ast::FunctionKind::Constructor {
            return Ok(None);
        }
        let Some(object) = object else { return fail(Code::E0204, "it needs an object", span) };
        let ty = self.function(function).ast.ty();
        let is_const = ty.quals.const_ || self.is_const_lambda(function);
        if object.ty.is_const && !is_const {
            return fail(Code::E0204, "it is not const, but the object is", span);
        }
        if object.ty.is_volatile && !ty.quals.volatile {
            return fail(Code::E0204, "it is not volatile, but the object is", span);
        }
        match (ty.ref_qual, object.is_lvalue()) {
            (ast::RefQual::Lvalue, false) if !is_const => return fail(Code::E0204, "it is for lvalues", span),
            (ast::RefQual::Rvalue, true) => return fail(Code::E0204, "it is for rvalues", span),
            _ => {}
        }
        let own = object.ty.unqualified();
        let reference = Some(Binding {
            rvalue_ref: ty.ref_qual == ast::RefQual::Rvalue,
            to_rvalue: !object.is_lvalue(),
            object: ty.ref_qual == ast::RefQual::None,
        });
        let target = own.with_cv(is_const, ty.quals.volatile);
        let shape = Shape { from: own, target, step: Step::Plain, reference };
        Ok(Some(ImplicitConversion::standard(ConversionRank::Exact, target, ConversionKind::Bind, shape)))
    }

    /// A lambda's call operator is const unless it says `mutable`.
    pub fn is_const_lambda(&self, function: FnId) -> bool {
        matches!(self.function(function).ast, FunctionTree::Lambda(lambda) if !lambda.specs.has(Spec::Mutable))
    }

    /// A function template as a candidate: its arguments deduced, its signature read.
    pub fn deduce_candidate(
        &mut self,
        template: TemplateId,
        given: &[TemplateArg],
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<FnId> {
        let info = &self.templates[template.index()];
        let params = match info.tree {
            TemplateTree::Function(function) => &function.ty.params,
            TemplateTree::Lambda(lambda) => &lambda.ty.params,
            _ => return fail(Code::E0233, "it is no function", span),
        };
        if params.iter().any(|param| crate::lower::mentions_auto(&param.ty)) {
            return self.generic_candidate(template, params, args, span);
        }
        let mut types = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            types.push(match &arg.kind {
                OperandKind::Braced(list) => {
                    let takes_array = params.get(at).is_some_and(|param| is_array_reference(&param.ty));
                    if takes_array { self.list_as_array(list)?.map(|ty| (ty, false)) } else { None }
                }
                OperandKind::Functions(set) => self.only_function(set)?.map(|ty| (ty, true)),
                _ => Some((arg.ty, arg.is_lvalue())),
            });
        }
        let deduced = self.nested(span, |sema| sema.deduce_call(template, given, params, &types, span))?;
        let (all, env) = self.complete_args(template, given, &deduced, span)?;
        let function = self.instantiate_function(template, all, env);
        self.signature(function)?;
        Ok(function)
    }

    /// `T[n]` for a list of n values of one type T, which a parameter `const P (&)[N]` deduces from ([temp.deduct.call]/1).
    fn list_as_array(&mut self, list: &'a ast::BraceInit) -> Result<Option<CType>> {
        let Ok(items) = self.unevaluated(|sema| sema.braced_operands(list)) else { return Ok(None) };
        let types: Vec<CType> = items.iter().map(|item| self.decay(item.ty).unqualified()).collect();
        let one = types.first().filter(|first| types.iter().all(|ty| ty.same(**first)) && !self.types.is_void(**first));
        Ok(one.map(|element| self.types.array(element.with_const(), Some(types.len() as u64))))
    }

    /// `auto` parameters: each takes the type that a variable of its declaration would have.
    fn generic_candidate(
        &mut self,
        template: TemplateId,
        params: &'a [ast::Param],
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<FnId> {
        let pack = params.last().is_some_and(|param| param.pack);
        if params.len() != args.len() && !(pack && args.len() + 1 >= params.len()) {
            return fail(Code::E0204, format!("takes {} arguments, not {}", params.len(), args.len()), span);
        }
        let ctx = self.templates[template.index()].ctx;
        let mut infos = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let Some(param) = params.get(index).or(params.last()) else { continue };
            let ty = match crate::lower::mentions_auto(&param.ty) {
                true => self.deduce_auto(&param.ty, arg, &crate::lower::NO_TREE)?,
                false => self.in_ctx(ctx, |sema| sema.resolve_type(&param.ty))?,
            };
            let number = (index + 1).checked_sub(params.len()).map(|number| number as u32);
            infos.push(ParamInfo { ast: param, ty: self.decay(ty), pack: number.filter(|_| param.pack) });
        }
        let key = infos.iter().map(|info| TemplateArg::Type(info.ty)).collect();
        let env = self.new_env(ctx.env, Vec::new());
        let function = self.instantiate_function(template, key, env);
        let result = match self.function(function).ast.ty() {
            ty if crate::lower::mentions_auto(&ty.result) => None,
            ty => Some(self.in_ctx(ctx, |sema| sema.resolve_type(&ty.result))?),
        };
        self.functions[function.index()].signature = Some(Rc::new(Signature { params: infos, result, variadic: false }));
        Ok(function)
    }

    pub(crate) fn ambiguous(&self, a: FnId, b: FnId, name: &str, span: Span) -> Failure {
        let error = failure(Code::E0205, format!("call of `{name}` is ambiguous"), span);
        let show =
            |function| if function == BUILTIN { "the built-in operator".to_string() } else { self.show_signature(function) };
        let notes = [show(a), show(b)];
        error.map(|d| d.with_note(format!("candidate {}", notes[0])).with_note(format!("candidate {}", notes[1])))
    }

    pub(crate) fn choose(&mut self, viable: &[Viable], count: usize) -> Result<Choice> {
        let mut best = 0;
        for index in 1..viable.len() {
            if self.is_better(&viable[index], &viable[best], count)? {
                best = index;
            }
        }
        for index in 0..viable.len() {
            if index == best || self.is_better(&viable[best], &viable[index], count)? {
                continue;
            }
            let (a, b) = (&viable[best], &viable[index]);
            if self.are_one_function(a, b)? {
                // Two declarations of one function: the one with the body.
                if self.function(b.function).ast.body().is_some() && self.function(a.function).ast.body().is_none() {
                    best = index;
                }
                continue;
            }
            return Ok(Choice::Ambiguous(best, index));
        }
        Ok(Choice::Best(best))
    }

    fn are_one_function(&mut self, a: &Viable, b: &Viable) -> Result<bool> {
        if a.function == b.function || a.function == BUILTIN || b.function == BUILTIN {
            return Ok(a.function == b.function);
        }
        let templates = match (a.template, b.template) {
            (Some(x), Some(y)) => self.are_one_template(x, y),
            (None, None) => true,
            _ => false,
        };
        if self.function(a.function).ast.kind() == ast::FunctionKind::Conversion
            && self.signature(a.function)?.result != self.signature(b.function)?.result
        {
            return Ok(false);
        }
        let (x, y) = (self.function(a.function).ctx, self.function(b.function).ctx);
        Ok(templates && x.ns == y.ns && x.class == y.class && self.same_parameters(a.function, b.function)?)
    }

    /// [over.match.best]
    fn is_better(&mut self, a: &Viable, b: &Viable, count: usize) -> Result<bool> {
        let (mut wins, mut loses) = (false, false);
        let objects = a.object.iter().zip(&b.object);
        for (x, y) in objects.chain(a.conversions.iter().zip(&b.conversions)) {
            match self.compare_conversions(x, y)? {
                std::cmp::Ordering::Less => wins = true,
                std::cmp::Ordering::Greater => loses = true,
                std::cmp::Ordering::Equal => {}
            }
        }
        if wins || loses {
            return Ok(wins && !loses);
        }
        if let (Some(x), Some(y)) = (&a.second, &b.second) {
            let order = self.compare_standard((x.rank, &x.shape), (y.rank, &y.shape))?;
            if order != std::cmp::Ordering::Equal {
                return Ok(order == std::cmp::Ordering::Less);
            }
        }
        match (a.template, b.template) {
            (None, Some(_)) => return Ok(true),
            (Some(_), None) => return Ok(false),
            (Some(x), Some(y)) if x != y => {
                let order = self.compare_templates(x, y, count);
                if order != std::cmp::Ordering::Equal {
                    return Ok(order == std::cmp::Ordering::Less);
                }
                // [temp.constr.order]: a constraint is more than none; which of two is more is not compared.
                let constrained = |id: TemplateId| self.templates[id.index()].requires.is_some();
                if constrained(x) != constrained(y) {
                    return Ok(constrained(x));
                }
            }
            _ => {}
        }
        if a.function == BUILTIN || b.function == BUILTIN {
            return Ok(b.function == BUILTIN);
        }
        // A user's definition takes the place of a shipped function of the same signature; a declaration alone declares that one again.
        if self.function(a.function).shipped == self.function(b.function).shipped
            || !self.same_parameters(a.function, b.function)?
        {
            return Ok(false);
        }
        let own = if self.function(a.function).shipped { b.function } else { a.function };
        Ok((own == a.function) == self.function_body(own)?.is_some())
    }
}

/// `T (&)[N]` or `T (&&)[N]`.
fn is_array_reference(ty: &ast::Type) -> bool {
    let (ast::TypeKind::LvalueRef(target) | ast::TypeKind::RvalueRef(target)) = &ty.kind else { return false };
    matches!(target.kind, ast::TypeKind::Array { .. })
}
