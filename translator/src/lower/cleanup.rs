//! Ends of lives: destructors at the ends of scopes, on every way out of them, and at the ends of full expressions
//! (C++ [class.dtor], [stmt.jump], [class.temporary]).
//!
//! ```text
//! { Guard g(x); if (c) return f(x); h(x); }   ->   Guard(&g, x); if c { v = f(x); ~Guard(&g); return v; } h(x); ~Guard(&g);
//! ```
//!
//! A prvalue that initialises an object is that object, so nothing is destroyed for it; one that gets an address of its own is a
//! temporary. One in an arm of `?:` or behind `&&` has a flag that says whether it lives.

use super::*;
use ir::StmtKind;
use source::Code;

#[derive(Clone, Copy, Debug)]
pub(super) enum Cleanup {
    /// An object of a class with a destructor, or an array of them.
    Object { address: ExprId, ty: CType, alive: Option<ir::LocalId> },
    /// What a destructor does behind its body: members and bases.
    Parts { address: ExprId, class: ClassId },
}

/// A temporary of the full expression at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Temporary {
    address: ExprId,
    ty: CType,
    /// Set when it began, where that is not sure.
    alive: Option<ir::LocalId>,
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
            self.add_cleanup(Cleanup::Object { address, ty, alive: None });
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
            let alive = match self.f.blocks.len() > self.f.expression_blocks {
                true => Some(self.begin_conditionally(address)?),
                false => None,
            };
            self.f.temporary_objects.push(Temporary { address, ty, alive });
        }
        Ok(())
    }

    /// The temporary begins in a part of the expression that may be left out: it is declared in front of the expression, with a flag.
    fn begin_conditionally(&mut self, address: ExprId) -> Result<ir::LocalId> {
        let span = self.f.func.exprs.span(address);
        let outer = self.f.expression_blocks;
        let Some(local) = self.root_local(address) else {
            return fail(Code::E0228, "a temporary with a destructor that has no place of its own", span);
        };
        let mut init = None;
        for block in &mut self.f.blocks[outer..] {
            let at = block.iter().position(|stmt| matches!(stmt.kind, StmtKind::Declare { local: own, .. } if own == local));
            let Some(at) = at else { continue };
            if let StmtKind::Declare { init: value, .. } = block[at].kind {
                init = value.map(|value| (value, at));
            }
            let pointer = address;
            match init {
                Some((value, _)) => block[at].kind = StmtKind::Store { pointer, value, volatile: false },
                None => drop(block.remove(at)),
            }
        }
        let ty = self.module.tables.types.scalar(ir::Scalar::Bool);
        self.f.temporaries += 1;
        let alive = self.f.func.add_local(format!("alive{}", self.f.temporaries), ty, span);
        let no = self.constant(ir::Scalar::Bool, 0, span);
        let front = [(local, None), (alive, Some(no))];
        let front = front.map(|(local, init)| ir::Stmt { kind: StmtKind::Declare { local, init }, span });
        self.f.blocks[outer - 1].extend(front);
        let (pointer, value) = (self.local_addr(alive, span), self.constant(ir::Scalar::Bool, 1, span));
        self.push(StmtKind::Store { pointer, value, volatile: false }, span);
        Ok(alive)
    }

    /// A reference prolongs the life of the temporary that it is bound to.
    pub(super) fn prolong(&mut self, reference: ExprId, since: usize) {
        let root = self.root_local(reference);
        let bound = self.f.temporary_objects[since.min(self.f.temporary_objects.len())..]
            .iter()
            .rposition(|temporary| root.is_some() && self.root_local(temporary.address) == root);
        if let Some(index) = bound {
            let Temporary { address, ty, alive } = self.f.temporary_objects.remove(since + index);
            self.add_cleanup(Cleanup::Object { address, ty, alive });
        }
    }

    /// A full expression: its temporaries end behind it, the last one first.
    pub(super) fn full_expression<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let since = self.f.temporary_objects.len();
        let outer = std::mem::replace(&mut self.f.expression_blocks, self.f.blocks.len());
        let result = work(self);
        self.f.expression_blocks = outer;
        let ended = self.f.temporary_objects.split_off(since.min(self.f.temporary_objects.len()));
        let result = result?;
        for temporary in ended.into_iter().rev() {
            let span = self.f.func.exprs.span(temporary.address);
            self.destroy_if(temporary.alive, temporary.address, temporary.ty, span)?;
        }
        Ok(result)
    }

    fn destroy_if(&mut self, alive: Option<ir::LocalId>, address: ExprId, ty: CType, span: Span) -> Result<()> {
        let Some(alive) = alive else { return self.destroy(address, ty, span) };
        let (accept, ()) = self.block(|sema| sema.destroy(address, ty, span))?;
        let flag = self.local_addr(alive, span);
        let condition = self.load(flag, false, span)?;
        self.push(StmtKind::If { condition, accept, reject: ir::Block::default() }, span);
        Ok(())
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
                    Cleanup::Object { address, ty, alive } => self.destroy_if(alive, address, ty, span)?,
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
