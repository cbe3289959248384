//! Pointers that lie in memory.
//!
//! In the heap a pointer has CUDA's 8 bytes: its address, and four zeros. In a thread's own or the block's memory it may also point to
//! variables: the upper word is then one more than the variable's number among all that the function stores pointers to
//! (`Flow::memory`), the lower one the distance in bytes. Null is zero in both, and a byte-wise copy keeps what a pointer means.
//! Device memory without a heap holds no pointers: the host that wrote them, or will read them, knows nothing of our numbers. With one,
//! `__device__` and `__constant__` variables hold addresses in it, as the heap itself does.

use super::super::Refusal;
use super::super::address::{Root, Term};
use super::Rewriter;
use super::analysis::{Flow, heap_unit};
use super::place::Pointed;
use ir::{BinaryOp, Expr, ExprId, GlobalId, Scalar, Space, Stmt, StmtKind};
use source::Span;

impl Flow {
    /// The upper word of a pointer into `root`.
    fn number(&self, root: Root, heap: Option<GlobalId>) -> i64 {
        if heap.map(Root::Global) == Some(root) {
            return 0;
        }
        self.memory.roots.iter().position(|&other| other == root).map_or(0, |position| position as i64 + 1)
    }
}

impl Rewriter<'_, '_> {
    /// A pointer that is loaded through `pointer`.
    pub(super) fn loaded(&mut self, leaf: ExprId, pointer: ExprId, span: Span) -> Result<Pointed, Refusal> {
        let container = self.pointed(pointer)?;
        if let Some(local) = self.pointer_variable(&container, span)? {
            return Ok(self.cell(local));
        }
        if container.roots.iter().any(|&root| !self.holds_pointers(root)) {
            return Err(Refusal::PointerInMemory { span });
        }
        let low = self.word_of(&container, 0, span)?;
        let globals = &self.builder.tables.globals;
        let heap = self.interface.heap;
        if heap.is_some() && container.roots.iter().all(|&root| holds_addresses(globals, heap, root)) {
            return self.heap_place(leaf, low, span).ok_or(Refusal::PointerInMemory { span });
        }
        let unit = heap_unit(self.builder, leaf);
        let target = self.flow.loaded_from(&container.roots, self.interface.heap, unit);
        let mut place = Pointed::of(&target);
        let unit = 1u64 << target.step.trailing_zeros().min(4);
        if target.step != 0 {
            let index = self.builder.with_constant(BinaryOp::Shr, low, i64::from(unit.trailing_zeros()), span);
            place.address.terms.push(Term { index, stride: unit as i64, bound: None });
        }
        if target.needs_choice() {
            let high = self.word_of(&container, 1, span)?;
            place.which = Some(self.numbered(high, &target.roots, target.may_be_null, span));
        }
        Ok(place)
    }

    /// The position in `roots` of the root that a pointer's upper word tells.
    fn numbered(&mut self, high: ExprId, roots: &[Root], nullable: bool, span: Span) -> ExprId {
        let high = self.builder.convert(high, Scalar::I32, span);
        let numbers: Vec<i64> = roots.iter().map(|&root| self.flow.number(root, self.interface.heap)).collect();
        // One run: null, which is 0, becomes a negative number.
        if numbers[0] > 0 && numbers.iter().zip(numbers[0]..).all(|(&number, wanted)| number == wanted) {
            return self.builder.with_constant(BinaryOp::Sub, high, numbers[0], span);
        }
        let default = if nullable { -1 } else { roots.len() as i64 - 1 };
        let mut which = self.builder.constant(Scalar::I32, default, span);
        let last = if nullable { roots.len() } else { roots.len() - 1 };
        for (index, &number) in numbers.iter().enumerate().take(last).rev() {
            let number = self.builder.constant(Scalar::I32, number, span);
            let condition = self.builder.binary(BinaryOp::Eq, high, number, span);
            let accept = self.builder.constant(Scalar::I32, index as i64, span);
            which = self.builder.add(Expr::Select { condition, accept, reject: which }, span);
        }
        which
    }

    /// The `u32` at a place or `more` words behind.
    fn word_of(&mut self, place: &Pointed, more: i64, span: Span) -> Result<ExprId, Refusal> {
        let word = self.builder.scalar_ty(Scalar::U32);
        let ty = self.builder.tables.types.pointer(word, Space::Generic);
        let place = Pointed { address: place.address.plus(more * 4), ..place.clone() };
        self.load(&place, ty, word, false, span)
    }

    pub(super) fn store_pointer(
        &mut self,
        pointer: ExprId,
        value: ExprId,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let container = self.pointed(pointer)?;
        if let Some(local) = self.pointer_variable(&container, span)? {
            return self.assign(local, value, span, out);
        }
        if container.roots.iter().any(|&root| !self.holds_pointers(root)) {
            return Err(Refusal::PointerInMemory { span });
        }
        let target = self.pointed(value)?;
        let globals = &self.builder.tables.globals;
        let only_heap = container.roots.iter().all(|&root| holds_addresses(globals, self.interface.heap, root));
        if only_heap && target.roots.iter().any(|&root| self.interface.heap.map(Root::Global) != Some(root)) {
            return Err(Refusal::PointerInMemory { span });
        }
        let low = match target.roots.is_empty() {
            true => self.builder.constant(Scalar::U32, 0, span),
            false => self.distance(&target.address, 1, span),
        };
        let low = self.builder.convert(low, Scalar::U32, span);
        let low = self.builder.bind("pointer", low, out);
        let high = self.upper_word(&target, span);
        let high = self.builder.bind("pointer_root", high, out);
        let word = self.builder.scalar_ty(Scalar::U32);
        let ty = self.builder.tables.types.pointer(word, Space::Generic);
        for (more, value) in [(0, low), (4, high)] {
            let place = Pointed { address: container.address.plus(more), ..container.clone() };
            let kind = |pointer| StmtKind::Store { pointer, value, volatile: false };
            self.branch(&place, ty, span, out, &mut |_, pointer| vec![Stmt { kind: kind(pointer), span }])?;
        }
        Ok(())
    }

    fn upper_word(&mut self, target: &Pointed, span: Span) -> ExprId {
        let mut number = target.nullable.then(|| self.builder.constant(Scalar::U32, 0, span));
        for (index, &root) in target.roots.iter().enumerate().rev() {
            let here = self.flow.number(root, self.interface.heap);
            let here = self.builder.constant(Scalar::U32, here, span);
            number = Some(match (number, target.which) {
                (Some(reject), Some(which)) => {
                    let condition = self.is_root(which, index, span);
                    self.builder.add(Expr::Select { condition, accept: here, reject }, span)
                }
                _ => here,
            });
        }
        number.unwrap_or_else(|| self.builder.constant(Scalar::U32, 0, span))
    }

    fn holds_pointers(&self, root: Root) -> bool {
        let globals = &self.builder.tables.globals;
        holds_addresses(globals, self.interface.heap, root) || is_own_memory(globals, root)
    }
}

/// Device memory whose pointers are addresses in the heap: the heap, and variables of the module.
pub(super) fn holds_addresses(globals: &ir::Arena<ir::Global>, heap: Option<GlobalId>, root: Root) -> bool {
    match root {
        Root::Global(global) => heap.is_some() && matches!(globals[global].space, Space::Global | Space::Constant),
        Root::Local(_) | Root::Param(_) => false,
    }
}

/// Memory that no host and no other kernel sees.
pub(super) fn is_own_memory(globals: &ir::Arena<ir::Global>, root: Root) -> bool {
    match root {
        Root::Local(_) => true,
        Root::Global(global) => globals[global].space == Space::Shared,
        Root::Param(_) => false,
    }
}
