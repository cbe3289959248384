//! Copies of large structs and arrays whose views differ: a loop over each array in them.
//!
//! ```text
//! y[i] = x[i]          for k in 0..100 { y[i * 107 + k] = x[i * 107 + k] }
//!                      y[i * 107 + 100] = x[i * 107 + 100] ...
//! ```
//!
//! Where both views are native the target copies the whole by itself.

use super::super::Refusal;
use super::super::address::{Address, Root, Term, chain_address};
use super::{Before, MOST_ELEMENTS, Rewriter};
use ir::{BinaryOp, Block, Expr, ExprId, LoopForm, Scalar, Stmt, StmtKind, Type, TypeId, Types};
use source::Span;

/// Where a large value comes from.
pub(super) enum Source {
    At(Address),
    Zero,
}

impl Rewriter<'_> {
    pub(super) fn is_large(&self, ty: TypeId) -> bool {
        scalars(&self.module.tables.types, ty) > MOST_ELEMENTS
    }

    /// The source of a large value that must be copied in parts: `None` where the target can load it as a whole.
    pub(super) fn large_source(&mut self, value: ExprId, out: &mut Vec<Stmt>) -> Result<Option<Source>, Refusal> {
        let ty = self.builder().ty(value);
        let span = self.function.exprs.span(value);
        let Expr::Load { pointer, .. } = *self.function.expr(value) else { return Ok(None) };
        if !self.is_large(ty) {
            return Ok(None);
        }
        let address = self.address(pointer, Some(out))?;
        let view = self.view(address.root, span)?;
        Ok(self.place(&address, ty, view, span).is_none().then_some(Source::At(address)))
    }

    /// A large value in a local of its own, where it can be loaded as a whole.
    pub(super) fn copied(
        &mut self,
        address: &Address,
        ty: TypeId,
        volatile: bool,
        span: Span,
        before: Before<'_>,
    ) -> Result<ExprId, Refusal> {
        let Some(before) = before else {
            return Err(Refusal::Access { span, why: "a large value is copied where no statement can stand" });
        };
        let copy = self.function.add_local("copy", ty, span);
        before.push(Stmt { kind: StmtKind::Declare { local: copy, init: None }, span });
        self.copy(&Address::of(Root::Local(copy)), &Source::At(address.clone()), ty, volatile, span, before)?;
        Ok(self.builder().load_local(copy, span))
    }

    /// Stores a large value that has been rewritten already.
    pub(super) fn store_large(
        &mut self,
        address: &Address,
        ty: TypeId,
        value: ExprId,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        if let (Expr::Construct { .. }, Type::Struct(_)) = (self.function.expr(value), self.module.tables.types.get(ty)) {
            let value = self.bind_value(value, out);
            for (index, (offset, part)) in self.parts(ty, span)?.into_iter().enumerate() {
                let part_value = self.extract(value, index as u32, part, span);
                self.store(&address.plus(offset), part, part_value, volatile, span, out)?;
            }
            return Ok(());
        }
        let source = match *self.function.expr(value) {
            Expr::Zero(_) => Source::Zero,
            Expr::Load { pointer, .. } => Source::At(chain_address(&mut self.builder(), pointer)?),
            _ => {
                let whole = self.function.add_local("whole", ty, span);
                out.push(Stmt { kind: StmtKind::Declare { local: whole, init: Some(value) }, span });
                Source::At(Address::of(Root::Local(whole)))
            }
        };
        self.copy(address, &source, ty, volatile, span, out)
    }

    pub(super) fn copy(
        &mut self,
        to: &Address,
        from: &Source,
        ty: TypeId,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        match self.module.tables.types.get(ty) {
            Type::Array { element, count: Some(count) } if self.is_large(ty) => {
                self.copy_elements(to, from, element, count, volatile, span, out)
            }
            Type::Struct(_) if self.is_large(ty) => {
                for (offset, part) in self.parts(ty, span)? {
                    self.copy(&to.plus(offset), &from.plus(offset), part, volatile, span, out)?;
                }
                Ok(())
            }
            _ => {
                let value = match from {
                    Source::At(address) => self.load(address, ty, volatile, span, Some(out))?,
                    Source::Zero => self.builder().add(Expr::Zero(ty), span),
                };
                self.store(to, ty, value, volatile, span, out)
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn copy_elements(
        &mut self,
        to: &Address,
        from: &Source,
        element: TypeId,
        count: u64,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let mut builder = self.builder();
        let int = builder.scalar_ty(Scalar::I32);
        let counter = builder.function.add_local("k", int, span);
        let zero = builder.constant(Scalar::I32, 0, span);
        let end = builder.constant(Scalar::I32, count as i64, span);
        let current = builder.load_local(counter, span);
        let condition = builder.binary(BinaryOp::Lt, current, end, span);
        let next = builder.with_constant(BinaryOp::Add, current, 1, span);
        let update = builder.store_local(counter, next, span);
        let stride = self.module.tables.types.size_of(element) as i64;
        let term = Term { index: current, stride, bound: Some(count) };
        let mut body = Vec::new();
        self.copy(&to.step(term), &from.step(term), element, volatile, span, &mut body)?;
        let repeat = StmtKind::Loop {
            form: LoopForm::For,
            condition: Some(condition),
            body: Block { stmts: body },
            update: Block { stmts: vec![update] },
            until: None,
            unroll: None,
        };
        let declare = StmtKind::Declare { local: counter, init: Some(zero) };
        let stmts = [declare, repeat].map(|kind| Stmt { kind, span }).to_vec();
        out.push(Stmt { kind: StmtKind::Scope(Block { stmts }), span });
        Ok(())
    }
}

impl Source {
    fn plus(&self, bytes: i64) -> Source {
        match self {
            Source::At(address) => Source::At(address.plus(bytes)),
            Source::Zero => Source::Zero,
        }
    }

    fn step(&self, term: Term) -> Source {
        match self {
            Source::At(address) => Source::At(address.step(term)),
            Source::Zero => Source::Zero,
        }
    }
}

/// How many scalars a value of the type has.
fn scalars(types: &Types, ty: TypeId) -> u64 {
    match types.get(ty) {
        Type::Scalar(_) | Type::Pointer { .. } | Type::Void => 1,
        Type::Vector { count, .. } => count.into(),
        Type::Array { element, count } => scalars(types, element).saturating_mul(count.unwrap_or(0)),
        Type::Struct(definition) => {
            types.structs()[definition].fields.iter().fold(0, |sum: u64, field| sum.saturating_add(scalars(types, field.ty)))
        }
    }
}
