//! Compare and exchange. WGSL's is weak: it may fail though the values are equal (WGSL, "Atomic Built-in Functions"). CUDA's may not, so it is tried
//! again; where the program itself tries again with what it has seen, that is enough.
//!
//! ```text
//! loop {                                        loop {
//!     // seen = compare_exchange(p, old, new)       let exchange = atomicCompareExchangeWeak(&p, old, new);
//!     if seen == old {                              if exchange.exchanged {
//!         break;                                        break;
//!     }                                             }
//!     old = seen;                                   old = exchange.old_value;
//! }                                             }
//! ```

use super::function::FunctionWriter;
use crate::common::effects::loaded_local;
use ir::{AtomicOp, BinaryOp, Block, Expr, ExprId, LetId, LocalId, Stmt, StmtKind};

/// The end of a loop that tries until nobody was faster.
struct Attempt<'b> {
    /// What computes the new value: done again, it is the same again.
    before: &'b [Stmt],
    pointer: ExprId,
    value: ExprId,
    old: LocalId,
}

impl FunctionWriter<'_, '_> {
    /// Prints the body of an endless loop if it is such an attempt.
    pub(super) fn attempt(&mut self, body: &Block) -> bool {
        let Some(Attempt { before, pointer, value, old }) = self.as_attempt(body) else { return false };
        self.text().open("loop {");
        self.namer.push();
        before.iter().for_each(|stmt| self.statement(stmt, &[]));
        let (place, value, old) = (self.place(pointer), self.plain(value), self.locals[&old].clone());
        let exchange = self.take_name("exchange");
        self.text().line(format!("let {exchange} = atomicCompareExchangeWeak(&{place}, {old}, {value});"));
        self.text().open(format!("if {exchange}.exchanged {{"));
        self.text().line("break;");
        self.text().close("}");
        self.text().line(format!("{old} = {exchange}.old_value;"));
        self.namer.pop();
        self.text().close("}");
        true
    }

    fn as_attempt<'b>(&self, body: &'b Block) -> Option<Attempt<'b>> {
        let [before @ .., exchange, leave, again] = body.stmts.as_slice() else { return None };
        let StmtKind::Atomic {
            result: Some(seen), op: AtomicOp::CompareExchange, pointer, value, compare: Some(compare), ..
        } = exchange.kind
        else {
            return None;
        };
        let old = loaded_local(self.function, compare)?;
        let StmtKind::If { condition, accept, reject } = &leave.kind else { return None };
        let Expr::Binary { op: BinaryOp::Eq, a, b } = *self.function.expr(*condition) else { return None };
        let StmtKind::Store { pointer: target, value: kept, volatile: false } = again.kind else { return None };
        let is_seen = |id: ExprId| *self.function.expr(id) == Expr::Let(seen);
        let is_old = |id: ExprId| loaded_local(self.function, id) == Some(old);
        let leaves = matches!(accept.stmts[..], [Stmt { kind: StmtKind::Break, .. }]) && reject.stmts.is_empty();
        let is_again = *self.function.expr(target) == Expr::LocalAddr(old) && is_seen(kept);
        let is_compared = is_seen(a) && is_old(b) || is_old(a) && is_seen(b);
        let is_known =
            self.locals.contains_key(&old) && self.uses_of(seen) == 2 && before.iter().all(|stmt| self.only_computes(stmt));
        (leaves && is_again && is_compared && is_known).then_some(Attempt { before, pointer, value, old })
    }

    fn only_computes(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Let { .. } => true,
            StmtKind::Call { function, .. } => !self.module.uses.effectful.contains(function),
            _ => false,
        }
    }

    pub(super) fn compare_exchange(&mut self, result: Option<LetId>, place: &str, value: String, compare: Option<ExprId>) {
        let compare = compare.map_or_else(|| "0".to_string(), |compare| self.typed(compare));
        let wanted = self.take_name("expected");
        let old = match result {
            Some(result) => self.name_let(result, "old"),
            None => self.take_name("old"),
        };
        self.text().line(format!("let {wanted} = {compare};"));
        self.text().line(format!("var {old} = {wanted};"));
        self.text().open("loop {");
        self.text().line(format!("let exchange = atomicCompareExchangeWeak(&{place}, {wanted}, {value});"));
        self.text().line(format!("{old} = exchange.old_value;"));
        self.text().open(format!("if exchange.exchanged || {old} != {wanted} {{"));
        self.text().line("break;");
        self.text().close("}");
        self.text().close("}");
    }
}
