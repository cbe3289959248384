//! Ends of lives: destructors at the ends of scopes, on every way out of them, and at the ends of full expressions
//! (C++ [class.dtor], [stmt.jump], [class.temporary]).
//!
//! ```text
//! { Guard g(x); if (c) return f(x); h(x); }   ->   Guard(&g, x); if c { v = f(x); ~Guard(&g); return v; } h(x); ~Guard(&g);
//! ```
//!
//! A prvalue that initialises an object is that object, so nothing is destroyed for it; one that gets an address of its own is a
//! temporary. A temporary in an arm of `?:` or behind `&&` would live or not at run time, and is refused.

use super::*;
use ir::StmtKind;
use source::Code;

#[derive(Clone, Copy, Debug)]
pub(super) enum Cleanup {
    /// An object of a class with a destructor, or an array of them.
    Object { address: ExprId, ty: CType },
    /// What a destructor does behind its body: members and bases.
    Parts { address: ExprId, class: ClassId },
}

/// A temporary of the full expression at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Temporary {
    address: ExprId,
    ty: CType,
    /// How many blocks were open where it began.
    blocks: usize,
}

impl<'a> Sema<'a> {
    /// Does something happen at the end of an object's life?
    pub(super) fn needs_cleanup(&mut self, ty: CType) -> Result<bool> {
        let mut inner = ty;
        while let TypeKind::Array(element, _) = *self.types.kind(inner) {
            inner = element;
        }
        match self.types.as_class(inner) {
            Some(class) => self.has_destructor(class),
            None => Ok(false),
        }
    }

    /// The object lives until the end of the innermost scope.
    pub(super) fn end_with_scope(&mut self, address: ExprId, ty: CType) -> Result<()> {
        if self.needs_cleanup(ty)? {
            self.add_cleanup(Cleanup::Object { address, ty });
        }
        Ok(())
    }

    pub(super) fn add_cleanup(&mut self, cleanup: Cleanup) {
        if let Some(scope) = self.f.scopes.last_mut() {
            scope.cleanups.push(cleanup);
        }
    }

    /// The temporary lives until the end of the full expression.
    pub(crate) fn end_with_expression(&mut self, address: ExprId, ty: CType) -> Result<()> {
        if self.f.unevaluated == 0 && self.needs_cleanup(ty)? {
            self.f.temporary_objects.push(Temporary { address, ty, blocks: self.f.blocks.len() });
        }
        Ok(())
    }

    /// A reference prolongs the life of the temporary that it is bound to.
    pub(super) fn prolong(&mut self, reference: ExprId, since: usize) {
        let root = self.root_local(reference);
        let bound = self.f.temporary_objects[since.min(self.f.temporary_objects.len())..]
            .iter()
            .rposition(|temporary| root.is_some() && self.root_local(temporary.address) == root);
        if let Some(index) = bound {
            let Temporary { address, ty, .. } = self.f.temporary_objects.remove(since + index);
            self.add_cleanup(Cleanup::Object { address, ty });
        }
    }

    /// A full expression: its temporaries end behind it, the last one first.
    pub(super) fn full_expression<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let since = self.f.temporary_objects.len();
        let result = work(self);
        let ended = self.f.temporary_objects.split_off(since.min(self.f.temporary_objects.len()));
        let result = result?;
        for temporary in ended.into_iter().rev() {
            let span = self.f.func.exprs.span(temporary.address);
            if temporary.blocks != self.f.blocks.len() {
                let shown = self.show(temporary.ty);
                let message = format!(
                    "a temporary `{shown}`, which has a destructor, in a part of an expression that may not be evaluated"
                );
                return fail(Code::E0228, message, span);
            }
            self.destroy(temporary.address, temporary.ty, span)?;
        }
        Ok(result)
    }

    /// A full expression whose value is wanted: it is read before the temporaries end.
    pub(super) fn full_value(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Result<ExprId>) -> Result<ExprId> {
        self.full_expression(|sema| {
            let since = sema.f.temporary_objects.len();
            let value = work(sema)?;
            Ok(if sema.f.temporary_objects.len() > since { sema.bind(value, None, span) } else { value })
        })
    }

    /// Ends the innermost scope where control reaches its end.
    pub(super) fn close_scope(&mut self, span: Span) -> Result<()> {
        let depth = self.f.scopes.len().saturating_sub(1);
        let result = if self.is_reachable() { self.leave_scopes(depth, span) } else { Ok(()) };
        self.pop_scope();
        result
    }

    /// [`Self::close_scope`] where an error is reported at once.
    pub(super) fn end_scope(&mut self, span: Span) {
        if let Err(error) = self.close_scope(span) {
            self.report(error);
        }
    }

    pub(super) fn is_reachable(&self) -> bool {
        let last = self.f.blocks.last().and_then(|block| block.last());
        !matches!(last.map(|stmt| &stmt.kind), Some(StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue))
    }

    /// Ends what lives in the scopes from `depth` on, for a jump out of them.
    pub(super) fn leave_scopes(&mut self, depth: usize, span: Span) -> Result<()> {
        for index in (depth..self.f.scopes.len()).rev() {
            for cleanup in self.f.scopes[index].cleanups.clone().into_iter().rev() {
                match cleanup {
                    Cleanup::Object { address, ty } => self.destroy(address, ty, span)?,
                    Cleanup::Parts { address, class } => self.destroy_parts(address, class, span)?,
                }
            }
        }
        Ok(())
    }

    pub(super) fn has_cleanups(&self) -> bool {
        self.f.scopes.iter().any(|scope| !scope.cleanups.is_empty())
    }

    /// Calls the destructor of an object in memory; elements of arrays from the last to the first.
    pub(super) fn destroy(&mut self, address: ExprId, ty: CType, span: Span) -> Result<()> {
        match self.types.kind(ty).clone() {
            TypeKind::Array(element, Some(count)) => {
                for index in (0..count.min(64)).rev() {
                    let index = self.constant(ir::Scalar::I32, index, span);
                    let at = self.add(ir::Expr::Element { base: address, index }, span)?;
                    self.destroy(at, element, span)?;
                }
                match count {
                    0..=64 => Ok(()),
                    _ => fail(Code::E0228, "an array of more than 64 objects with destructors is not supported", span),
                }
            }
            TypeKind::Class(class) if self.has_destructor(class)? => {
                let own = self.class(class).members.get(&NameKey::Destructor).and_then(|own| own.first().copied());
                match own {
                    Some(Entity::Function(function)) if !self.is_defaulted(self.function(function).ast) => {
                        self.emit_call(function, vec![address], span).map(drop)
                    }
                    _ => self.destroy_parts(address, class, span),
                }
            }
            _ => Ok(()),
        }
    }

    fn destroy_parts(&mut self, address: ExprId, class: ClassId, span: Span) -> Result<()> {
        self.layout_class(class, span)?;
        if self.class(class).ast.key == ast::ClassKey::Union {
            return Ok(());
        }
        for index in (0..self.class(class).fields.len()).rev() {
            let field = self.class(class).fields[index].clone();
            if field.bits.is_none() && self.needs_cleanup(field.ty)? {
                let at = self.add(ir::Expr::Field { base: address, index: field.ir_index }, span)?;
                self.destroy(at, field.ty, span)?;
            }
        }
        for index in (0..self.class(class).bases.len()).rev() {
            let base = self.class(class).bases[index].class;
            if self.has_destructor(base)? {
                let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
                let ty = self.class_type(base);
                self.destroy(at, ty, span)?;
            }
        }
        Ok(())
    }
}
