//! `for (T x : range)`: over arrays by an index, over classes by their iterators (C++ [stmt.ranged]).

use super::*;
use ast::{DeclKind, OperatorName, RangeFor};
use ir::{Expr, LoopForm, Scalar, StmtKind};
use source::Code;

impl<'a> Sema<'a> {
    pub(super) fn lower_range_for(&mut self, tree: &'a RangeFor, span: Span) -> Result<()> {
        if let Some(init) = &tree.init {
            self.lower_stmt_here(init)?;
        }
        let since = self.f.temporary_objects.len();
        let range = self.lower_expr(&tree.range)?;
        match *self.types.kind(range.ty) {
            TypeKind::Array(element, Some(count)) => self.over_array(tree, &range, element, count, span),
            TypeKind::Class(_) => {
                // The range lives as long as the loop.
                let address = self.address_of(&range, span)?;
                self.prolong(address, since);
                let address = self.bind(address, None, span);
                self.over_iterators(tree, Operand::lvalue(range.ty, Place::Memory(address), span), span)
            }
            _ => {
                let shown = self.show(range.ty);
                fail(Code::E0230, format!("`{shown}` is no range: it has no `begin` and `end`"), span)
            }
        }
    }

    fn over_array(&mut self, tree: &'a RangeFor, range: &Operand<'a>, element: CType, count: u64, span: Span) -> Result<()> {
        let unroll = self.unroll(tree.unroll.as_ref())?;
        let base = self.address_of(range, span)?;
        let base = self.bind(base, None, span);
        let ty = self.module.tables.types.scalar(Scalar::I32);
        let zero = self.constant(Scalar::I32, 0, span);
        let local = self.declare_temporary(ty, Some(zero), span);
        let counter = self.local_addr(local, span);
        let index = self.load(counter, false, span)?;
        let limit = self.constant(Scalar::I32, count, span);
        let condition = self.binary(ir::BinaryOp::Lt, index, limit, span)?;
        let pointer = self.add(Expr::Element { base, index }, span)?;
        let body = self.range_body(tree, span, |_| Ok(Operand::lvalue(element, Place::Memory(pointer), span)))?;
        let (update, ()) = self.block(|sema| {
            let one = sema.constant(Scalar::I32, 1, span);
            let next = sema.binary(ir::BinaryOp::Add, index, one, span)?;
            sema.push(StmtKind::Store { pointer: counter, value: next, volatile: false }, span);
            Ok(())
        })?;
        self.push(StmtKind::Loop { form: LoopForm::For, condition: Some(condition), body, update, until: None, unroll }, span);
        Ok(())
    }

    /// `for (auto i = begin(r), e = end(r); i != e; ++i) { T x = *i; .. }`
    fn over_iterators(&mut self, tree: &'a RangeFor, range: Operand<'a>, span: Span) -> Result<()> {
        let unroll = self.unroll(tree.unroll.as_ref())?;
        let iterator = self.range_end("begin", &range, span)?;
        let end = self.range_end("end", &range, span)?;
        let (head, value) = self.block(|sema| {
            sema.full_value(span, |sema| {
                let differs = sema.binary_operands(ast::BinaryOp::Ne, iterator.clone(), end.clone(), span)?;
                sema.condition_value(&differs)
            })
        })?;
        let (condition, mut body) = self.leave_unless(value, head, span)?;
        body.stmts.extend(self.range_body(tree, span, |sema| sema.dereferenced(&iterator, span))?.stmts);
        let (update, ()) = self.block(|sema| {
            sema.full_expression(|sema| sema.prefix_operand(ast::UnaryOp::Increment, iterator.clone(), span, false).map(drop))
        })?;
        self.push(StmtKind::Loop { form: LoopForm::For, condition, body, update, until: None, unroll }, span);
        Ok(())
    }

    fn dereferenced(&mut self, iterator: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        if self.types.as_class(iterator.ty).is_none() {
            return self.dereference(iterator, span);
        }
        self.call_operator(OperatorName::Binary(ast::BinaryOp::Mul), vec![iterator.clone()], span)
    }

    /// `r.begin()` if the class has such a member, else what the argument's namespace has. The iterator is a variable.
    fn range_end(&mut self, name: &str, range: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        let key = NameKey::Ident(Symbol::new(name));
        let Some(class) = self.types.as_class(range.ty) else { return Err(Failure::Poisoned) };
        let set = |entities, object, args| FunctionSet {
            entities,
            args,
            object,
            by_arguments: None,
            is_qualified: false,
            name: name.to_string(),
        };
        let found = match self.lookup_in_class(class, key, true)? {
            Found::Members { entities, .. } => {
                self.call_set(set(entities, Some(Box::new(range.clone())), None), Vec::new(), span)?
            }
            _ => {
                let entities = self.lookup_by_arguments(key, &[range.ty]);
                if entities.is_empty() {
                    let shown = self.show(range.ty);
                    return fail(Code::E0210, format!("`{shown}` has no `{name}` to iterate by"), span);
                }
                self.call_set(set(entities, None, None), vec![range.clone()], span)?
            }
        };
        let ty = self.decay(found.ty).unqualified();
        let value = self.convert(&found, ty, span)?;
        let ir = self.ir_ty(value);
        let local = self.declare_temporary(ir, Some(value), span);
        let address = self.local_addr(local, span);
        self.end_with_scope(address, ty)?;
        Ok(Operand::lvalue(ty, Place::Memory(address), span))
    }

    /// The loop's variable, whose life is one turn, and its body.
    fn range_body(
        &mut self,
        tree: &'a RangeFor,
        span: Span,
        element: impl FnOnce(&mut Self) -> Result<Operand<'a>>,
    ) -> Result<ir::Block> {
        let depth = self.f.scopes.len();
        self.f.blocks.push(Vec::new());
        self.push_head_scope();
        let declared = self.full_expression(|sema| {
            let element = element(sema)?;
            sema.declare_range_variable(&tree.variable, element, span)
        });
        if declared.is_ok() {
            let body = self.lower_loop_body(&tree.body, depth);
            body.stmts.into_iter().for_each(|stmt| self.push(stmt.kind, stmt.span));
        }
        let closed = self.close_scope(span);
        let body = ir::Block { stmts: self.f.blocks.pop().unwrap_or_default() };
        declared.and(closed)?;
        Ok(body)
    }

    fn declare_range_variable(&mut self, decl: &'a ast::Decl, operand: Operand<'a>, span: Span) -> Result<()> {
        let vars = match &decl.kind {
            DeclKind::Vars(vars) => vars,
            DeclKind::Binding(binding) => return self.bind_object(binding, operand, span),
            _ => return fail(Code::E0237, "a variable is needed", span),
        };
        let [var] = &vars.vars[..] else { return fail(Code::E0237, "one variable is needed", span) };
        let Some(name) = var.name.as_ref().and_then(|name| name.symbol()) else {
            return fail(Code::E0237, "a name is needed", span);
        };
        let ty = match mentions_auto(&var.ty) {
            true => self.deduce_auto(&var.ty, &operand, &NO_TREE)?,
            false => self.resolve_type(&var.ty)?,
        };
        let since = self.f.temporary_objects.len();
        let value = self.convert(&operand, ty, span)?;
        if self.types.is_ref(ty) {
            self.prolong(value, since);
            let address = self.bind(value, Some(name.as_str().to_string()), span);
            let target = self.types.strip_ref(ty);
            self.declare_object(name, target, Place::Memory(address));
            return Ok(());
        }
        let ir = self.ir_ty(value);
        let local = self.f.func.add_local(name.as_str(), ir, var.span);
        self.push(StmtKind::Declare { local, init: Some(value) }, span);
        let address = self.local_addr(local, span);
        self.declare_object(name, ty, Place::Memory(address));
        self.end_with_scope(address, ty)
    }
}
