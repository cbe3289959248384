//! Which names a tree mentions, to find the packs of an expansion.

use super::*;
use ast::{Expr, ExprKind, Id, InitItem, Name, TemplateArg as ArgTree, TemplateArgKind, Type, TypeKind as Tree};

/// Does the type hold `auto` that must be deduced?
pub fn mentions_auto(ty: &Type) -> bool {
    match &ty.kind {
        Tree::Auto | Tree::DecltypeAuto => true,
        Tree::Pointer(inner) | Tree::LvalueRef(inner) | Tree::RvalueRef(inner) => mentions_auto(inner),
        Tree::Array { element, .. } => mentions_auto(element),
        _ => false,
    }
}

pub fn names_in_type(ty: &Type, out: &mut Vec<Symbol>) {
    match &ty.kind {
        Tree::Name(named) => names_in_segments(&named.name, out),
        Tree::Decltype(expr) => names_in_expr(expr, out),
        Tree::TypeofType(inner) | Tree::Pointer(inner) | Tree::LvalueRef(inner) | Tree::RvalueRef(inner) => {
            names_in_type(inner, out)
        }
        Tree::MemberPointer { class, pointee } => {
            names_in_segments(class, out);
            names_in_type(pointee, out);
        }
        Tree::Array { element, size } => {
            names_in_type(element, out);
            if let Some(size) = size {
                names_in_expr(size, out);
            }
        }
        Tree::Function(function) => {
            names_in_type(&function.result, out);
            for param in &function.params {
                names_in_type(&param.ty, out);
            }
        }
        Tree::Builtin(_) | Tree::Auto | Tree::DecltypeAuto | Tree::Class(_) | Tree::Enum(_) | Tree::None | Tree::Error => {}
    }
}

pub fn names_in_segments(name: &Name, out: &mut Vec<Symbol>) {
    for segment in &name.segments {
        match &segment.id {
            Id::Ident(symbol) => out.push(*symbol),
            Id::Decltype(expr) => names_in_expr(expr, out),
            Id::Conversion(ty) => names_in_type(ty, out),
            Id::Operator(_) | Id::Destructor(_) => {}
        }
        for arg in segment.args.iter().flat_map(|args| args.iter()) {
            names_in_arg(arg, out);
        }
    }
}

pub fn names_in_arg(arg: &ArgTree, out: &mut Vec<Symbol>) {
    match &arg.kind {
        TemplateArgKind::Type(ty) => names_in_type(ty, out),
        TemplateArgKind::Expr(expr) => names_in_expr(expr, out),
        TemplateArgKind::Name(name) => names_in_segments(name, out),
    }
}

fn names_in_items(items: &[InitItem], out: &mut Vec<Symbol>) {
    for item in items {
        names_in_expr(&item.value, out);
    }
}

pub fn names_in_expr(expr: &Expr, out: &mut Vec<Symbol>) {
    match &expr.kind {
        ExprKind::Name(name) => names_in_segments(name, out),
        ExprKind::Paren(inner) | ExprKind::Pack(inner) | ExprKind::SizeofExpr(inner) | ExprKind::AlignofExpr(inner) => {
            names_in_expr(inner, out);
        }
        ExprKind::NoexceptExpr(inner) => names_in_expr(inner, out),
        ExprKind::Unary { operand, .. } | ExprKind::Postfix { operand, .. } => names_in_expr(operand, out),
        ExprKind::Binary { lhs, rhs, .. } | ExprKind::Assign { lhs, rhs, .. } | ExprKind::Comma { lhs, rhs } => {
            names_in_expr(lhs, out);
            names_in_expr(rhs, out);
        }
        ExprKind::Conditional { condition, then, otherwise } => {
            names_in_expr(condition, out);
            if let Some(then) = then {
                names_in_expr(then, out);
            }
            names_in_expr(otherwise, out);
        }
        ExprKind::Call { callee, args } => {
            names_in_expr(callee, out);
            args.iter().for_each(|arg| names_in_expr(arg, out));
        }
        ExprKind::Index { base, index } => {
            names_in_expr(base, out);
            index.iter().for_each(|index| names_in_expr(index, out));
        }
        ExprKind::Member { base, name, .. } => {
            names_in_expr(base, out);
            for segment in &name.segments {
                segment.args.iter().flat_map(|args| args.iter()).for_each(|arg| names_in_arg(arg, out));
            }
        }
        ExprKind::CCast { ty, operand } | ExprKind::NamedCast { ty, operand, .. } => {
            names_in_type(ty, out);
            names_in_expr(operand, out);
        }
        ExprKind::Construct { ty, args } => {
            names_in_type(ty, out);
            args.iter().for_each(|arg| names_in_expr(arg, out));
        }
        ExprKind::ConstructBraced { ty, init } => {
            names_in_type(ty, out);
            names_in_items(&init.items, out);
        }
        ExprKind::Braced(init) => names_in_items(&init.items, out),
        ExprKind::SizeofType(ty) | ExprKind::AlignofType(ty) => names_in_type(ty, out),
        ExprKind::SizeofPack(ident) => out.push(ident.name),
        ExprKind::TypeTrait { args, .. } => args.iter().for_each(|arg| names_in_arg(arg, out)),
        ExprKind::Lambda(lambda) => walk::names_in_block(&lambda.body, out),
        ExprKind::Fold(fold) => {
            fold.left.iter().chain(&fold.right).for_each(|side| names_in_expr(side, out));
        }
        _ => {}
    }
}

impl<'a> Sema<'a> {
    /// Runs `work` once for each element of the packs among `names`, with the packs bound to that element.
    pub fn expand_packs<T>(
        &mut self,
        names: &[Symbol],
        span: Span,
        mut work: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut packs: Vec<(Symbol, Vec<TemplateArg>)> = Vec::new();
        let mut objects: Vec<(Symbol, Vec<Object>)> = Vec::new();
        for &name in names {
            if packs.iter().any(|(known, _)| *known == name) || objects.iter().any(|(known, _)| *known == name) {
                continue;
            }
            match self.f.find_local(name) {
                Some(LocalEntity::Pack(items)) => objects.push((name, items.clone())),
                Some(_) => {}
                None => {
                    if let Some(TemplateArg::Pack(items)) = self.env_lookup(self.f.ctx.env, name) {
                        packs.push((name, items.clone()));
                    }
                }
            }
        }
        let lengths = packs.iter().map(|(_, items)| items.len()).chain(objects.iter().map(|(_, items)| items.len()));
        let lengths: Vec<usize> = lengths.collect();
        let Some(&count) = lengths.first() else {
            return fail(source::Code::E0230, "there is no pack to expand here", span);
        };
        if lengths.iter().any(|&length| length != count) {
            return fail(source::Code::E0208, "the packs of this expansion differ in length", span);
        }
        let outer = self.f.ctx;
        let mut out = Vec::new();
        for index in 0..count {
            let bindings = packs.iter().map(|(name, items)| (*name, items[index].clone())).collect();
            let env = self.new_env(outer.env, bindings);
            self.f.ctx = Ctx { env, ..outer };
            self.push_scope();
            for (name, items) in &objects {
                self.declare_local(*name, LocalEntity::Object(items[index]));
            }
            let result = work(self);
            self.pop_scope();
            self.f.ctx = outer;
            out.push(result?);
        }
        Ok(out)
    }
}

impl<'a> Sema<'a> {
    /// `(... op p)`, `(p op ...)`, with or without a first or last value ([expr.prim.fold]).
    pub(super) fn lower_fold(&mut self, fold: &'a ast::Fold, span: Span) -> Result<Operand<'a>> {
        use ast::{BinaryOp, FoldOp};
        let left = fold.left.as_ref().filter(|tree| self.has_pack(tree));
        let right = fold.right.as_ref().filter(|tree| self.has_pack(tree));
        let Some(pattern) = left.or(right) else {
            return fail(source::Code::E0230, "there is no pack to fold here", span);
        };
        let from_left = left.is_none();
        let mut names = Vec::new();
        names_in_expr(pattern, &mut names);
        if let FoldOp::Comma = fold.op {
            self.expand_packs(&names, span, |sema| sema.lower_discarded(pattern))?;
            return Ok(Operand::void(span));
        }
        let FoldOp::Binary(op) = fold.op else {
            return fail(source::Code::E0230, "a fold over an assignment is not supported", span);
        };
        let lazy = matches!(op, BinaryOp::And | BinaryOp::Or);
        let start = self.mark();
        let mut items = self.expand_packs(&names, span, |sema| sema.lower_expr(pattern))?;
        if lazy && self.mark() != start {
            return fail(source::Code::E0230, "a fold over `&&` or `||` with effects is not supported", span);
        }
        let other = if left.is_some() { fold.right.as_ref() } else { fold.left.as_ref() };
        if let Some(other) = other {
            let other = self.lower_expr(other)?;
            if from_left { items.insert(0, other) } else { items.push(other) }
        }
        if items.is_empty() {
            let bits = match op {
                BinaryOp::And => 1,
                BinaryOp::Or => 0,
                _ => return fail(source::Code::E0230, "a fold over an empty pack has no value", span),
            };
            let value = self.constant(ir::Scalar::Bool, bits, span);
            return Ok(Operand::value(CType::BOOL, value, span));
        }
        if !from_left {
            items.reverse();
        }
        let mut items = items.into_iter();
        let Some(mut result) = items.next() else { return Err(Failure::Poisoned) };
        for item in items {
            let (a, b) = if from_left { (result, item) } else { (item, result) };
            result = if lazy { self.fold_lazy(op, &a, &b, span)? } else { self.binary_operands(op, a, b, span)? };
        }
        Ok(result)
    }

    fn fold_lazy(&mut self, op: ast::BinaryOp, a: &Operand<'a>, b: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        let (a, b) = (self.condition_value(a)?, self.condition_value(b)?);
        let op = if op == ast::BinaryOp::And { ir::LogicalOp::And } else { ir::LogicalOp::Or };
        let value = self.add(ir::Expr::Logical { op, a, b }, span)?;
        Ok(Operand::value(CType::BOOL, value, span))
    }

    fn has_pack(&self, tree: &Expr) -> bool {
        let mut names = Vec::new();
        names_in_expr(tree, &mut names);
        names.into_iter().any(|name| match self.f.find_local(name) {
            Some(entity) => matches!(entity, LocalEntity::Pack(_)),
            None => matches!(self.env_lookup(self.f.ctx.env, name), Some(TemplateArg::Pack(_))),
        })
    }
}
