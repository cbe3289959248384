//! Which of two function templates is more specialised (C++ [temp.func.order], [temp.deduct.partial]).
//!
//! Each template's parameters are bound to types that are equal to themselves alone; what can then be deduced by the other template is
//! at least as specialised as it.

use super::deduce::Deduction;
use super::*;
use ast::TypeKind as Tree;
use std::cmp::Ordering;

/// One function parameter of the two, as the template of the argument and that of the parameter have it.
struct Pair<'a> {
    arg: &'a ast::Param,
    param: &'a ast::Param,
    /// Its type with the unique arguments, as written.
    ty: CType,
}

impl<'a> Sema<'a> {
    /// `Less`: `x` is more specialised, for calls with `count` arguments.
    pub(super) fn compare_templates(&mut self, x: TemplateId, y: TemplateId, count: usize) -> Ordering {
        let (Some(fx), Some(fy)) = (self.function_tree(x), self.function_tree(y)) else { return Ordering::Equal };
        let (forth, back) = (self.at_least_as(x, y, count), self.at_least_as(y, x, count));
        let all = |found: &[bool]| found.iter().all(|&fits| fits);
        match (all(&forth), all(&back)) {
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => return Ordering::Equal,
            (true, true) => {}
        }
        let by_reference = self.compare_references(x, y, count);
        if by_reference != Ordering::Equal {
            return by_reference;
        }
        // The one whose next parameter is a pack is worse ([temp.deduct.partial]/11, as DR 1395 has it).
        let next = |f: &ast::Function| f.ty.params.get(count).is_some_and(|param| param.pack);
        next(fx).cmp(&next(fy))
    }

    fn function_tree(&self, id: TemplateId) -> Option<&'a ast::Function> {
        match self.templates[id.index()].tree {
            TemplateTree::Function(function) => Some(function),
            _ => None,
        }
    }

    /// Beside a method, whose object is its first parameter, a free operator's first parameter is the object ([temp.func.order]/3).
    fn object_param(&self, of: TemplateId, beside: TemplateId) -> usize {
        let is_method = |id: TemplateId| self.templates[id.index()].ctx.class.is_some() && !self.is_friend_template(id);
        usize::from(!is_method(of) && is_method(beside))
    }

    fn pairs(&mut self, arg: TemplateId, param: TemplateId, count: usize) -> Vec<Pair<'a>> {
        let (Some(fa), Some(fp)) = (self.function_tree(arg), self.function_tree(param)) else { return Vec::new() };
        let ctx = self.templates[arg.index()].ctx;
        let env = self.unique_env(self.templates[arg.index()].params, ctx);
        let at =
            |f: &'a ast::Function, index: usize| f.ty.params.get(index).or_else(|| f.ty.params.last().filter(|param| param.pack));
        let mut pairs = Vec::new();
        let (skip_arg, skip_param) = (self.object_param(arg, param), self.object_param(param, arg));
        for index in 0..count.saturating_sub(skip_arg.max(skip_param)) {
            let (Some(arg), Some(param)) = (at(fa, index + skip_arg), at(fp, index + skip_param)) else { break };
            let mut names = Vec::new();
            crate::lower::names_in_type(&arg.ty, &mut names);
            let read = self.in_ctx(Ctx { env, ..ctx }, |sema| match arg.pack {
                true => {
                    let all = sema.expand_packs(&names, arg.span, |sema| sema.resolve_type(&arg.ty))?;
                    all.first().copied().ok_or(Failure::Poisoned)
                }
                false => sema.resolve_type(&arg.ty),
            });
            // `typename T::type` of a unique type is a type of its own.
            let ty = read.unwrap_or_else(|_| self.types.intern(TypeKind::Unique(1000 + index as u32)));
            // Qualifiers at the top are no part of a function's type ([dcl.fct]/5).
            pairs.push(Pair { arg, param, ty: self.decay(ty).unqualified() });
        }
        pairs
    }

    /// For each parameter: can `b` deduce it from `a`'s?
    fn at_least_as(&mut self, a: TemplateId, b: TemplateId, count: usize) -> Vec<bool> {
        let pairs = self.pairs(a, b, count);
        let info = &self.templates[b.index()];
        let (params, ctx) = (info.params, info.ctx);
        let packs: Vec<Symbol> = params.iter().filter(|p| p.pack).filter_map(|p| Some(p.name?.name)).collect();
        let mut state = Deduction::new(params, true);
        let matched = self.in_ctx(ctx, |sema| {
            let mut out = Vec::new();
            for pair in &pairs {
                if pair.arg.pack && !pair.param.pack {
                    out.push(false);
                    continue;
                }
                if pair.param.pack {
                    packs.iter().for_each(|name| state.forget(*name));
                }
                let ty = sema.types.strip_ref(pair.ty).unqualified();
                out.push(match &pair.param.ty.kind {
                    Tree::LvalueRef(inner) | Tree::RvalueRef(inner) => sema.match_unqualified(&mut state, inner, ty),
                    _ => sema.match_adjusted(&mut state, &pair.param.ty, ty),
                });
            }
            Ok(out)
        });
        matched.unwrap_or_default()
    }

    /// Among equals an lvalue reference is better than an rvalue reference, more qualifiers better than fewer ([temp.deduct.partial]/9).
    fn compare_references(&mut self, x: TemplateId, y: TemplateId, count: usize) -> Ordering {
        let (forth, back) = (self.pairs(x, y, count), self.pairs(y, x, count));
        let (mut wins, mut loses) = (false, false);
        for (a, b) in forth.iter().zip(&back) {
            if !self.types.is_ref(a.ty) || !self.types.is_ref(b.ty) {
                continue;
            }
            let is_lvalue = |sema: &Self, ty| matches!(sema.types.kind(ty), TypeKind::LvalueRef(_));
            let (la, lb) = (is_lvalue(self, a.ty), is_lvalue(self, b.ty));
            let (ta, tb) = (self.types.strip_ref(a.ty), self.types.strip_ref(b.ty));
            if la != lb {
                wins |= la;
                loses |= lb;
            } else if ta.is_qualified_at_least(tb) != tb.is_qualified_at_least(ta) {
                wins |= ta.is_qualified_at_least(tb);
                loses |= tb.is_qualified_at_least(ta);
            }
        }
        match (wins, loses) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    /// A prototype and a definition of one template ([temp.over.link]): the same parameters, as written up to their names.
    pub(crate) fn are_one_template(&mut self, x: TemplateId, y: TemplateId) -> bool {
        let has_body =
            |sema: &Self, id| sema.function_tree(id).is_some_and(|tree| matches!(tree.body, ast::FunctionBody::Block(_)));
        x == y || !(has_body(self, x) && has_body(self, y)) && self.are_same_templates(x, y)
    }

    /// Templates with the same parameters, as written up to their names.
    pub(super) fn are_same_templates(&mut self, x: TemplateId, y: TemplateId) -> bool {
        let (Some(fx), Some(fy)) = (self.function_tree(x), self.function_tree(y)) else { return false };
        let (px, py) = (self.templates[x.index()].params, self.templates[y.index()].params);
        let same_kind = |a: &ast::TemplateParam, b: &ast::TemplateParam| {
            use ast::TemplateParamKind::{Template, Type, Value};
            a.pack == b.pack && matches!((&a.kind, &b.kind), (Type, Type) | (Value(_), Value(_)) | (Template(_), Template(_)))
        };
        let kinds = px.len() == py.len() && px.iter().zip(py).all(|(a, b)| same_kind(a, b));
        if !kinds || fx.ty.params.len() != fy.ty.params.len() {
            return false;
        }
        let count = fx.ty.params.len();
        let (forth, back) = (self.pairs(x, y, count), self.pairs(y, x, count));
        forth.iter().zip(&back).all(|(a, b)| a.ty == b.ty)
    }
}
