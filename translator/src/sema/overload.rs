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

/// The chosen function and how its arguments are converted. Missing ones come from default arguments.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub function: FnId,
    pub conversions: Vec<ImplicitConversion>,
    /// For methods: the conversion of the object is implied.
    pub is_method: bool,
}

struct Viable {
    function: FnId,
    conversions: Vec<ImplicitConversion>,
    object: u32,
    template: Option<TemplateId>,
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
                Err(error.map(|diagnostic| reasons.into_iter().take(8).fold(diagnostic, Diagnostic::with_note)))
            }
        }
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
    ) -> Result<std::result::Result<Resolved, Vec<String>>> {
        let (mut viable, mut reasons) = (Vec::new(), Vec::new());
        for &entity in &candidates.entities {
            match self.check_candidate(entity, candidates.args.as_deref(), object, args, span) {
                Ok(found) => viable.push(found),
                Err(Failure::Poisoned) => return Err(Failure::Poisoned),
                Err(error) => reasons.push(self.candidate_note(entity, &error)),
            }
        }
        if viable.is_empty() {
            return Ok(Err(reasons));
        }
        let best = self.best_viable(&viable, args.len(), &candidates.name, span)?;
        let chosen = viable.swap_remove(best);
        let is_method = self.is_method(chosen.function);
        Ok(Ok(Resolved { function: chosen.function, conversions: chosen.conversions, is_method }))
    }

    fn candidate_note(&self, entity: Entity, error: &Failure) -> String {
        let name = match entity {
            Entity::Function(function) => self.show_signature(function),
            Entity::Template(template) => format!("template {}", self.templates[template.index()].name),
            _ => "something else".to_string(),
        };
        format!("candidate {name}: {}", error.message())
    }

    fn check_candidate(
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
        let required = self.required_params(function, &signature)?;
        if args.len() < required {
            return fail(Code::E0204, format!("needs {required} arguments, not {}", args.len()), span);
        }
        if args.len() > signature.params.len() && !signature.variadic {
            return fail(Code::E0204, format!("takes {} arguments, not {}", signature.params.len(), args.len()), span);
        }
        let object = self.object_penalty(function, object, span)?;
        let mut conversions = Vec::new();
        for (index, arg) in args.iter().enumerate() {
            let conversion = match signature.params.get(index) {
                Some(param) => self.implicit_conversion(arg, param.ty)?,
                None => Some(ImplicitConversion {
                    rank: ConversionRank::Ellipsis,
                    to: arg.ty,
                    kind: convert::ConversionKind::Ellipsis,
                    penalty: 0,
                }),
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
        Ok(Viable { function, conversions, object, template })
    }

    /// Parameters without default arguments, at any declaration of the function.
    fn required_params(&mut self, function: FnId, signature: &Signature<'a>) -> Result<usize> {
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
                        let same = declaration.ty.params.len() == tree.ty.params.len();
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

    /// How well the object fits the method's qualifiers.
    fn object_penalty(&mut self, function: FnId, object: Option<&Operand<'a>>, span: Span) -> Result<u32> {
        if !self.is_method(function) || self.function(function).ast.kind() == ast::FunctionKind::Constructor {
            return Ok(0);
        }
        let Some(object) = object else { return fail(Code::E0204, "it needs an object", span) };
        let ty = self.function(function).ast.ty();
        let is_const = ty.quals.const_ || self.is_const_lambda(function);
        if object.ty.is_const && !is_const {
            return fail(Code::E0204, "it is not const, but the object is", span);
        }
        match (ty.ref_qual, object.is_lvalue()) {
            (ast::RefQual::Lvalue, false) if !is_const => return fail(Code::E0204, "it is for lvalues", span),
            (ast::RefQual::Rvalue, true) => return fail(Code::E0204, "it is for rvalues", span),
            _ => {}
        }
        Ok(u32::from(is_const != object.ty.is_const))
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
        for arg in args {
            types.push(match arg.kind {
                OperandKind::Braced(_) | OperandKind::Functions(_) => None,
                _ => Some((arg.ty, arg.is_lvalue())),
            });
        }
        let deduced = self.nested(span, |sema| sema.deduce_call(template, given, params, &types, span))?;
        let (all, env) = self.complete_args(template, given, &deduced, span)?;
        let function = self.instantiate_function(template, all, env);
        self.signature(function)?;
        Ok(function)
    }

    /// `auto` parameters: each takes the type that a variable of its declaration would have.
    fn generic_candidate(
        &mut self,
        template: TemplateId,
        params: &'a [ast::Param],
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<FnId> {
        if params.len() != args.len() || params.iter().any(|param| param.pack) {
            return fail(Code::E0204, format!("takes {} arguments, not {}", params.len(), args.len()), span);
        }
        let ctx = self.templates[template.index()].ctx;
        let mut infos = Vec::new();
        for (param, arg) in params.iter().zip(args) {
            let ty = match crate::lower::mentions_auto(&param.ty) {
                true => self.deduce_auto(&param.ty, arg, &crate::lower::NO_TREE)?,
                false => self.in_ctx(ctx, |sema| sema.resolve_type(&param.ty))?,
            };
            infos.push(ParamInfo { ast: param, ty: self.decay(ty), pack: None });
        }
        let key = infos.iter().map(|info| TemplateArg::Type(info.ty)).collect();
        let env = self.new_env(ctx.env, Vec::new());
        let function = self.instantiate_function(template, key, env);
        let result = match self.function(function).ast.ty() {
            ty if crate::lower::mentions_auto(&ty.result) => None,
            ty => Some(self.in_ctx(ctx, |sema| sema.resolve_type(&ty.result))?),
        };
        self.functions[function.index()].signature = Some(Signature { params: infos, result, variadic: false });
        Ok(function)
    }

    fn best_viable(&mut self, viable: &[Viable], count: usize, name: &str, span: Span) -> Result<usize> {
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
            if self.same_parameters(a.function, b.function)? && a.template.is_some() == b.template.is_some() {
                // Two declarations of one function: the one with the body.
                if self.function(b.function).ast.body().is_some() && self.function(a.function).ast.body().is_none() {
                    best = index;
                }
                continue;
            }
            let error = failure(Code::E0205, format!("call of `{name}` is ambiguous"), span);
            let notes = [self.show_signature(a.function), self.show_signature(b.function)];
            return Err(
                error.map(|d| d.with_note(format!("candidate {}", notes[0])).with_note(format!("candidate {}", notes[1])))
            );
        }
        Ok(best)
    }

    /// [over.match.best]
    fn is_better(&mut self, a: &Viable, b: &Viable, count: usize) -> Result<bool> {
        let (mut wins, mut loses) = (a.object < b.object, a.object > b.object);
        for (x, y) in a.conversions.iter().zip(&b.conversions) {
            match self.compare_conversions(x, y)? {
                std::cmp::Ordering::Less => wins = true,
                std::cmp::Ordering::Greater => loses = true,
                std::cmp::Ordering::Equal => {}
            }
        }
        if wins != loses {
            return Ok(wins);
        }
        if wins {
            return Ok(false);
        }
        match (a.template, b.template) {
            (None, Some(_)) => return Ok(true),
            (Some(_), None) => return Ok(false),
            (Some(x), Some(y)) if x != y => {
                let forth = self.function_at_least_as_specialised(x, y, count);
                let back = self.function_at_least_as_specialised(y, x, count);
                if forth != back {
                    return Ok(forth);
                }
            }
            _ => {}
        }
        // A user's definition takes the place of a shipped function of the same signature.
        let (mine, theirs) = (self.function(a.function), self.function(b.function));
        Ok(!mine.shipped && theirs.shipped && self.same_parameters(a.function, b.function)?)
    }

    fn compare_conversions(&mut self, a: &ImplicitConversion, b: &ImplicitConversion) -> Result<std::cmp::Ordering> {
        if a.rank != b.rank {
            return Ok(a.rank.cmp(&b.rank));
        }
        if a.rank == ConversionRank::User {
            // Two user conversions compare only if they use the same function ([over.ics.rank]/3.3).
            let same = match (&a.kind, &b.kind) {
                (convert::ConversionKind::Function(x, _), convert::ConversionKind::Function(y, _)) => x == y,
                _ => false,
            };
            return Ok(if same { a.penalty.cmp(&b.penalty) } else { std::cmp::Ordering::Equal });
        }
        Ok(a.penalty.cmp(&b.penalty))
    }
}
