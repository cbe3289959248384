//! Class template argument deduction: `Pair p(1, 2.5);`, `Array{1, 2, 3}` (C++ [over.match.class.deduct]).
//!
//! The constructors of the primary template and the deduction guides are function templates, of which overload resolution chooses one.
//! Constructors that are templates themselves take no part.

use super::*;
use ast::{DeclKind, Init};
use source::Code;

impl<'a> Sema<'a> {
    /// The class template that a type without arguments names, if its arguments are to be deduced.
    fn placeholder(&mut self, ty: &'a ast::Type) -> Result<Option<TemplateId>> {
        let ast::TypeKind::Name(named) = &ty.kind else { return Ok(None) };
        if named.name.last().args.is_some() {
            return Ok(None);
        }
        let entities = match self.lookup(&named.name)? {
            Found::Entities(entities) | Found::Members { entities, .. } => entities,
            _ => return Ok(None),
        };
        match entities.first() {
            Some(Entity::Template(id)) if self.template_without_args(*id) => Ok(Some(*id)),
            _ => Ok(None),
        }
    }

    /// The type of a variable whose class template has no arguments written.
    pub(super) fn deduced_class_type(&mut self, var: &'a ast::Var) -> Result<Option<CType>> {
        let Some(id) = self.placeholder(&var.ty)? else { return Ok(None) };
        let Some(init) = &var.init else { return Ok(None) };
        let args = self.unevaluated(|sema| match init {
            Init::Direct { args, .. } => sema.lower_args(args),
            Init::Braced(list) => sema.braced_operands(list),
            Init::Copy(value) => match &value.kind {
                ast::ExprKind::Braced(list) => sema.braced_operands(list),
                _ => Ok(vec![sema.lower_expr(value)?]),
            },
        })?;
        self.deduce_class_args(id, &args, var.span).map(Some)
    }

    /// `Pair{1, 2.5}`
    pub(super) fn deduced_cast_type(&mut self, ty: &'a ast::Type, list: &'a ast::BraceInit, span: Span) -> Result<Option<CType>> {
        let Some(id) = self.placeholder(ty)? else { return Ok(None) };
        let args = self.unevaluated(|sema| sema.braced_operands(list))?;
        self.deduce_class_args(id, &args, span).map(Some)
    }

    /// `Pair(1, 2.5)`
    pub(super) fn deduced_call_type(&mut self, ty: &'a ast::Type, args: &'a [ast::Expr], span: Span) -> Result<Option<CType>> {
        let Some(id) = self.placeholder(ty)? else { return Ok(None) };
        let args = self.unevaluated(|sema| sema.lower_args(args))?;
        self.deduce_class_args(id, &args, span).map(Some)
    }

    pub(super) fn deduce_class_args(&mut self, id: TemplateId, args: &[Operand<'a>], span: Span) -> Result<CType> {
        let info = &self.templates[id.index()];
        let (name, ctx, tree) = (info.name.clone(), info.ctx, info.tree);
        // A copy of an instance ([over.match.class.deduct]/1.3).
        if let [only] = args
            && let Some(class) = self.types.as_class(only.ty)
            && self.class(class).template.as_ref().is_some_and(|(template, _)| *template == id)
        {
            return Ok(only.ty.unqualified());
        }
        let TemplateTree::Class(class) = tree else { return Err(Failure::Poisoned) };
        let symbol = class.name.as_ref().and_then(|name| name.symbol());
        let guides = symbol.and_then(|symbol| self.guides.get(&(ctx.ns, symbol)).cloned()).unwrap_or_default();
        let implicit = self.constructors_as_templates(id, class);
        let (mut viable, mut reasons) = (Vec::new(), Vec::new());
        for (guide, written) in implicit.iter().map(|id| (*id, false)).chain(guides.iter().map(|id| (*id, true))) {
            match self.check_candidate(Entity::Template(guide), None, None, args, span) {
                Ok(found) => viable.push((found, written)),
                Err(Failure::Poisoned) => return Err(Failure::Poisoned),
                Err(error) => reasons.push((Entity::Template(guide), error)),
            }
        }
        let (found, written): (Vec<Viable>, Vec<bool>) = viable.into_iter().unzip();
        if found.is_empty() {
            let error =
                failure(Code::E0209, format!("the template arguments of `{name}` cannot be deduced from these values"), span);
            return Err(self.with_reasons(error, reasons));
        }
        let chosen = match self.choose(&found, args.len())? {
            Choice::Best(best) => best,
            // A guide is better than a constructor ([over.match.best]/2.10).
            Choice::Ambiguous(a, b) if written[a] != written[b] => {
                if written[a] {
                    a
                } else {
                    b
                }
            }
            Choice::Ambiguous(a, b) => return Err(self.ambiguous(found[a].function, found[b].function, &name, span)),
        };
        let function = found[chosen].function;
        if written[chosen] {
            let (tree, ctx) = (self.function(function).ast, self.function(function).ctx);
            return self.in_ctx(ctx, |sema| sema.resolve_type(&tree.ty().result));
        }
        let Some((_, args)) = self.function(function).template.clone() else { return Err(Failure::Poisoned) };
        let given = args.into_iter().flat_map(|arg| match arg {
            TemplateArg::Pack(items) => items,
            other => vec![other],
        });
        self.instantiate_type(id, given.collect(), span)
    }

    fn constructors_as_templates(&mut self, id: TemplateId, class: &'a ast::Class) -> Vec<TemplateId> {
        if let Some(known) = self.implicit_guides.get(&id) {
            return known.clone();
        }
        let (params, ctx) = (self.templates[id.index()].params, self.templates[id.index()].ctx);
        let mut out = Vec::new();
        for member in class.members.iter().flatten() {
            if let DeclKind::Function(function) = &member.kind
                && function.kind == ast::FunctionKind::Constructor
            {
                out.push(self.add_template_in(TemplateTree::Function(function), params, ctx));
            }
        }
        self.implicit_guides.insert(id, out.clone());
        out
    }
}
