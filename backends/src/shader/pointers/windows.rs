//! The heap in several buffers: which of them an access is in, its address tells.
//!
//! ```text
//! x = p[i]        x = address >> 27 == 0 ? heap[address] : heap1[address - (1 << 27)]
//! p[i] = x        if address >> 27 == 0 { heap[address] = x } else { heap1[address - (1 << 27)] = x }
//! ```
//!
//! Until an access chooses, the first window stands for the heap, so pointers, comparisons and what lies in memory know nothing of this. No
//! access straddles two windows, because no allocation does ([`heap_layout`](crate::launch_plan::heap_layout)). Chains that start at the heap itself
//! are in what `malloc` gives away, which lies in the first window.

use super::super::Refusal;
use super::super::address::{Address, Root};
use super::Rewriter;
use super::place::Pointed;
use ir::{BinaryOp, Expr, Scalar, Stmt};
use source::Span;

/// An address that is itself loaded from the heap is written once for each window, and what that was loaded from again: `p->next->next->value`.
const MOST_LOADS: usize = 4096;

impl Rewriter<'_, '_> {
    /// May the place be in one of several windows?
    pub(super) fn is_windowed(&self, place: &Pointed) -> bool {
        self.interface.windows.len() > 1 && self.heap_in(place).is_some()
    }

    fn heap_in(&self, place: &Pointed) -> Option<usize> {
        let heap = Root::Global(self.interface.heap?);
        place.roots.iter().position(|&root| root == heap)
    }

    /// The place with all windows among its roots, the first in place of the heap and the others behind. What tells the window is evaluated once where
    /// there is a place for statements.
    pub(super) fn in_windows(&mut self, place: &Pointed, out: Option<&mut Vec<Stmt>>, span: Span) -> Result<Pointed, Refusal> {
        let Some(heap) = self.heap_in(place).filter(|_| self.interface.windows.len() > 1) else { return Ok(place.clone()) };
        let mut place = place.clone();
        // Units that are powers of two, for a shift.
        let granularity = place.address.granularity();
        let unit = if granularity == 0 { 1 } else { 1u64 << granularity.trailing_zeros().min(4) };
        let distance = self.distance(&place.address, unit as i64, span);
        let distance = self.builder.convert(distance, Scalar::U32, span);
        let bits = self.interface.window_bits - unit.trailing_zeros();
        let window = self.builder.with_constant(BinaryOp::Shr, distance, i64::from(bits), span);
        let window = self.builder.convert(window, Scalar::I32, span);
        let others = place.roots.len() as i64 - 1;
        let mut which = window;
        if let Some(root) = place.which {
            let first = self.builder.constant(Scalar::I32, 0, span);
            let is_heap = self.is_root(root, heap, span);
            let is_first = self.builder.binary(BinaryOp::Eq, window, first, span);
            let later = self.builder.with_constant(BinaryOp::Add, window, others, span);
            let in_heap = self.builder.add(Expr::Select { condition: is_first, accept: root, reject: later }, span);
            which = self.builder.add(Expr::Select { condition: is_heap, accept: in_heap, reject: root }, span);
        }
        match out {
            Some(out) => which = self.builder.bind("window", which, out),
            None => self.choosing += self.interface.windows.len(),
        }
        if self.choosing > MOST_LOADS {
            return Err(Refusal::ManyRoots { span, name: "heap".into() });
        }
        place.which = Some(which);
        place.roots.extend(self.interface.windows[1..].iter().map(|&window| Root::Global(window)));
        Ok(place)
    }

    /// The place's address if it is in this root.
    pub(super) fn address_in(&self, place: &Pointed, root: Root) -> Address {
        let window = self.interface.windows.iter().position(|&window| Root::Global(window) == root).unwrap_or(0);
        Address { root, ..place.address.plus(-((window as i64) << self.interface.window_bits)) }
    }
}
