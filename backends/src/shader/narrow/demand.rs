//! Of which 64-bit values and variables only the low half ever matters: indices, above all.
//!
//! Every use asks for the whole of its operand, but for those that the rule of low halves lets through: what is cut to 32 bits, or masked
//! to them, asks for low halves, and so do the operands of modular operations of which only the low half is asked for. Values and variables
//! start as "low only" and lose that when a use asks for more, until nothing changes: the greatest solution, so that variables
//! that feed themselves (`i = i + step`) keep it.

use super::{is_modular, is_wide};
use ir::{BinaryOp, Expr, ExprId, Function, LetId, LocalId, Stmt, StmtKind, Types};

pub(super) struct Demand {
    /// By handle: is the whole of it asked for?
    whole_lets: Vec<bool>,
    whole_locals: Vec<bool>,
    changed: bool,
}

impl Demand {
    pub(super) fn of(types: &Types, function: &Function) -> Demand {
        let (whole_lets, whole_locals) = (vec![false; function.lets.len()], vec![false; function.locals.len()]);
        let mut demand = Demand { whole_lets, whole_locals, changed: true };
        while std::mem::take(&mut demand.changed) {
            function.body.walk(&mut |stmt| Uses { types, function, demand: &mut demand }.stmt(stmt));
        }
        demand
    }

    pub(super) fn is_low(&self, id: LetId) -> bool {
        !self.whole_lets[id.index()]
    }

    pub(super) fn is_low_local(&self, local: LocalId) -> bool {
        !self.whole_locals[local.index()]
    }

    fn ask_whole_let(&mut self, id: LetId) {
        self.changed |= !std::mem::replace(&mut self.whole_lets[id.index()], true);
    }

    fn ask_whole_local(&mut self, local: LocalId) {
        self.changed |= !std::mem::replace(&mut self.whole_locals[local.index()], true);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Low,
    Whole,
}

struct Uses<'a> {
    types: &'a Types,
    function: &'a Function,
    demand: &'a mut Demand,
}

impl Uses<'_> {
    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Let { result, value } => {
                let asked = if self.demand.is_low(*result) { Asked::Low } else { Asked::Whole };
                self.expr(*value, asked);
            }
            StmtKind::Declare { local, init: Some(init) } => self.store(*local, *init),
            StmtKind::Store { pointer, value, .. } => match *self.function.expr(*pointer) {
                Expr::LocalAddr(local) => self.store(local, *value),
                _ => stmt.kind.operands(|operand| self.expr(operand, Asked::Whole)),
            },
            kind => kind.operands(|operand| self.expr(operand, Asked::Whole)),
        }
    }

    fn store(&mut self, local: LocalId, value: ExprId) {
        let asked = if self.demand.is_low_local(local) { Asked::Low } else { Asked::Whole };
        self.expr(value, asked);
    }

    fn is_wide(&self, id: ExprId) -> bool {
        self.types.as_scalar(self.function.ty(id)).is_some_and(is_wide)
    }

    /// A constant without upper half.
    fn is_small_constant(&self, id: ExprId) -> bool {
        matches!(*self.function.expr(id), Expr::Const { bits, .. } if bits >> 32 == 0)
    }

    fn expr(&mut self, id: ExprId, asked: Asked) {
        let asked = if self.is_wide(id) { asked } else { Asked::Whole };
        let function = self.function;
        match *function.expr(id) {
            Expr::Let(bound) if asked == Asked::Whole => {
                self.demand.ask_whole_let(bound);
            }
            Expr::Let(_) => {}
            Expr::Load { pointer, volatile: false } => match *self.function.expr(pointer) {
                Expr::LocalAddr(local) if asked == Asked::Whole => {
                    self.demand.ask_whole_local(local);
                }
                Expr::LocalAddr(_) => {}
                _ => self.expr(pointer, Asked::Whole),
            },
            // An address that is used otherwise.
            Expr::LocalAddr(local) => {
                self.demand.ask_whole_local(local);
            }
            // No memory that a shader reaches has 2^32 bytes.
            Expr::Element { base, index } | Expr::Offset { base, index } => {
                self.expr(base, Asked::Whole);
                self.expr(index, Asked::Low);
            }
            Expr::Convert { value, to } if self.is_wide(value) && to.is_int() => {
                self.expr(value, if to.size() <= 4 { Asked::Low } else { asked });
            }
            Expr::Binary { op: BinaryOp::And, a, b } if self.is_small_constant(a) || self.is_small_constant(b) => {
                self.expr(a, Asked::Low);
                self.expr(b, Asked::Low);
            }
            Expr::Binary { op, a, b } if is_modular(op) && asked == Asked::Low => {
                self.expr(a, Asked::Low);
                self.expr(b, Asked::Low);
            }
            Expr::Binary { op: BinaryOp::Shl, a, b } if asked == Asked::Low && self.is_small_constant(b) => {
                self.expr(a, Asked::Low);
            }
            Expr::Unary { value, .. } if asked == Asked::Low => self.expr(value, Asked::Low),
            Expr::Select { condition, accept, reject } if asked == Asked::Low => {
                self.expr(condition, Asked::Whole);
                self.expr(accept, Asked::Low);
                self.expr(reject, Asked::Low);
            }
            ref other => other.operands(|operand| self.expr(operand, Asked::Whole)),
        }
    }
}
