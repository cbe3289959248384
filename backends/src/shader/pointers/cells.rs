//! Pointer variables: what a cell holds in place of a pointer, and how it is declared, assigned and read.

use super::super::Refusal;
use super::super::address::{Address, Root, Term, index_value};
use super::super::narrow::truncate;
use super::Rewriter;
use super::analysis::Cell;
use super::place::Pointed;
use ir::{Expr, ExprId, LocalId, Scalar, Stmt, StmtKind};
use source::Span;

impl Rewriter<'_, '_> {
    pub(super) fn declare(
        &mut self,
        local: LocalId,
        init: Option<ExprId>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let is_constant = self.flow.cells.get(&Cell::Local(local)).is_some_and(|target| target.is_constant);
        if is_constant && let Some(init) = init {
            let name = self.builder.function.locals[local].name.clone();
            return self.bind(Cell::Local(local), &name, init, out);
        }
        let (index, choice) = init.map(|init| self.parts(local, init)).transpose()?.unwrap_or_default();
        if let Some((local, _)) = self.index_of(local) {
            out.push(Stmt { kind: StmtKind::Declare { local, init: index }, span });
        }
        if let Some(local) = self.choice_of(local) {
            out.push(Stmt { kind: StmtKind::Declare { local, init: choice }, span });
        }
        Ok(())
    }

    pub(super) fn assign(&mut self, local: LocalId, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let (index, choice) = self.parts(local, value)?;
        // Both are computed before either changes: `p = p == a ? b : p`.
        let index = match (index, choice) {
            (Some(index), Some(_)) => Some(self.builder.bind("index", index, out)),
            (index, _) => index,
        };
        if let (Some(choice), Some(local)) = (choice, self.choice_of(local)) {
            out.push(self.builder.store_local(local, choice, span));
        }
        if let (Some(index), Some((local, _))) = (index, self.index_of(local)) {
            out.push(self.builder.store_local(local, index, span));
        }
        Ok(())
    }

    /// What a changing cell must hold to point where `value` does: the index, and the number of the root.
    fn parts(&mut self, local: LocalId, value: ExprId) -> Result<(Option<ExprId>, Option<ExprId>), Refusal> {
        let span = self.builder.span(value);
        let target = self.flow.cells.get(&Cell::Local(local)).cloned().unwrap_or_default();
        let place = self.pointed(value)?;
        let index = self.index_of(local).map(|(_, unit)| self.distance(&place.address, unit as i64, span));
        let choice = target.needs_choice().then(|| self.renumber(&place, &target.roots, span));
        Ok((index, choice))
    }

    /// The number among `roots` of the root that `place` is in; -1 if it is null.
    pub(super) fn renumber(&mut self, place: &Pointed, roots: &[Root], span: Span) -> ExprId {
        if let Some(which) = place.which.filter(|_| place.roots == roots) {
            return which;
        }
        let mut number = place.nullable.then(|| self.builder.constant(Scalar::I32, -1, span));
        for (index, root) in place.roots.iter().enumerate().rev() {
            let position = roots.iter().position(|other| other == root).unwrap_or(0);
            let position = self.builder.constant(Scalar::I32, position as i64, span);
            number = Some(match (number, place.which) {
                (Some(reject), Some(which)) => {
                    let condition = self.is_root(which, index, span);
                    self.builder.add(Expr::Select { condition, accept: position, reject }, span)
                }
                _ => position,
            });
        }
        number.unwrap_or_else(|| self.builder.constant(Scalar::I32, -1, span))
    }

    /// The integer local of a cell that changes; `None` if it always holds the start of a root.
    fn index_of(&mut self, local: LocalId) -> Option<(LocalId, u64)> {
        if let Some(&index) = self.indices.get(&local) {
            return Some(index);
        }
        let target = self.flow.cells.get(&Cell::Local(local))?;
        if target.step == 0 || target.roots.is_empty() {
            return None;
        }
        let unit = target.step;
        let index = (self.integer_beside(local, ""), unit);
        self.indices.insert(local, index);
        Some(index)
    }

    fn choice_of(&mut self, local: LocalId) -> Option<LocalId> {
        if let Some(&choice) = self.choices.get(&local) {
            return Some(choice);
        }
        if !self.flow.cells.get(&Cell::Local(local))?.needs_choice() {
            return None;
        }
        let choice = self.integer_beside(local, "_root");
        self.choices.insert(local, choice);
        Some(choice)
    }

    fn integer_beside(&mut self, local: LocalId, suffix: &str) -> LocalId {
        let ty = self.builder.scalar_ty(Scalar::I32);
        let name = format!("{}{suffix}", self.builder.function.locals[local].name);
        let span = self.builder.function.locals.span(local);
        self.builder.function.add_local(name, ty, span)
    }

    pub(super) fn distance(&mut self, address: &Address, unit: i64, span: Span) -> ExprId {
        let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / unit)).collect();
        let index = index_value(self.builder, &terms, address.constant / unit, span);
        self.builder.convert(index, Scalar::I32, span)
    }

    /// Binds each index by a `Let`, so that later changes of variables do not reach it.
    pub(super) fn bind(&mut self, cell: Cell, name: &str, value: ExprId, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = self.builder.span(value);
        let has_no_name = |binding: &ir::Let| binding.name.is_none() || binding.is_made;
        let is_made = matches!(cell, Cell::Let(result) if has_no_name(&self.builder.function.lets[result]));
        let mut place = self.pointed(value)?;
        self.add_up(&mut place.address, span);
        for term in &mut place.address.terms {
            // The low 32 bits are all that an index needs.
            if let Some(scalar) = self.builder.scalar_of(term.index).filter(|scalar| scalar.size() == 8) {
                term.index = truncate(self.builder, term.index, if scalar.is_signed() { Scalar::I32 } else { Scalar::U32 });
            }
            term.index = self.named(name, is_made, term.index, out);
        }
        place.which = place.which.map(|which| self.named(name, is_made, which, out));
        self.bound.insert(cell, place);
        Ok(())
    }

    fn named(&mut self, name: &str, is_made: bool, value: ExprId, out: &mut Vec<Stmt>) -> ExprId {
        let stable = matches!(self.builder.expr(value), Expr::Let(_) | Expr::Param(_) | Expr::Geometry(_) | Expr::Const { .. });
        if stable {
            return value;
        }
        let (ty, span) = (self.builder.ty(value), self.builder.span(value));
        let result = self.builder.function.add_let(Some(name.to_owned()), ty, span);
        self.builder.function.lets[result].is_made = is_made;
        out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        self.builder.add(Expr::Let(result), span)
    }

    /// Joins terms of one stride: `a + i * w + j` has one index, `i * w + j`.
    fn add_up(&mut self, address: &mut Address, span: Span) {
        let mut joined: Vec<Term> = Vec::new();
        for &term in &address.terms {
            match joined.iter_mut().find(|other| other.stride == term.stride && other.bound.is_none() && term.bound.is_none()) {
                Some(other) => {
                    other.index = index_value(self.builder, &[(other.index, 1), (term.index, 1)], 0, span);
                }
                None => joined.push(term),
            }
        }
        address.terms = joined;
    }

    pub(super) fn cell(&mut self, local: LocalId) -> Pointed {
        if let Some(place) = self.bound.get(&Cell::Local(local)) {
            return place.clone();
        }
        let span = self.builder.function.locals.span(local);
        let target = self.flow.cells.get(&Cell::Local(local)).cloned().unwrap_or_default();
        let mut place = Pointed::of(&target);
        if let Some((index, unit)) = self.index_of(local) {
            let index = self.builder.load_local(index, span);
            place.address.terms.push(Term { index, stride: unit as i64, bound: None });
        }
        place.which = self.choice_of(local).map(|choice| self.builder.load_local(choice, span));
        place
    }
}
