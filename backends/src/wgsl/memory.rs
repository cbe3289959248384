//! Places, loads, stores and atomics.

use super::expr::{Level, Printed};
use super::function::FunctionWriter;
use super::literal;
use crate::common::effects::{Root, root, same};
use ir::{AtomicOp, BinaryOp, Expr, ExprId, LetId, Type};

/// An index that no element of a buffer has: 4 GiB have no more words.
pub(super) const MOST_WORDS: u64 = (1 << 30) - 1;

impl FunctionWriter<'_, '_> {
    /// The place an address means: `x[i].y`.
    pub(super) fn place(&mut self, address: ExprId) -> String {
        match *self.function.expr(address) {
            Expr::LocalAddr(local) => match self.locals.get(&local) {
                Some(name) => name.clone(),
                None => self.not_legal("a variable that is used before it is declared", address).text,
            },
            Expr::GlobalAddr(global) => self.module.names.globals[&global].clone(),
            Expr::Param(index) => format!("(*{})", self.params[index as usize]),
            Expr::Field { base, index } => {
                let pointee = self.pointee(base);
                let member = self.member(pointee, index);
                [self.place(base), member].concat()
            }
            Expr::Element { base, index } => {
                let index = self.index_within(base, index);
                [&self.place(base), "[", &index, "]"].concat()
            }
            _ => self.not_legal("an address that is computed", address).text,
        }
    }

    /// WGSL takes no constant index outside of the array, nor a negative one. There the program has no defined meaning; the last element is
    /// as good as any.
    fn index_within(&mut self, base: ExprId, index: ExprId) -> String {
        let Some((scalar, bits)) = super::literal::value(self.function, self.tables(), index) else { return self.plain(index) };
        let unsigned = if scalar.size() == 8 { bits } else { bits & 0xffff_ffff };
        match self.module.types().get(self.pointee(base)) {
            Type::Array { count: Some(count), .. } if unsigned >= count => count.saturating_sub(1).to_string(),
            Type::Array { count: None, .. } if unsigned > MOST_WORDS => MOST_WORDS.to_string(),
            _ => self.plain(index),
        }
    }

    fn pointee(&self, address: ExprId) -> ir::TypeId {
        self.module.types().as_pointer(self.function.ty(address)).map_or(self.function.ty(address), |(pointee, _)| pointee)
    }

    fn is_atomic(&self, address: ExprId) -> bool {
        matches!(root(self.function, address), Some(Root::Global(global)) if self.module.uses.atomic.contains(&global))
    }

    /// What a parameter points to, all of it: without parentheses, which parts of it want.
    fn whole_pointee(&self, pointer: ExprId) -> Option<String> {
        let Expr::Param(index) = *self.function.expr(pointer) else { return None };
        Some(format!("*{}", self.params[index as usize]))
    }

    pub(super) fn load(&mut self, pointer: ExprId) -> Printed {
        if let Some(text) = self.whole_pointee(pointer) {
            return Printed { text, level: Level::Unary };
        }
        let place = self.place(pointer);
        if self.is_atomic(pointer) { Printed::primary(format!("atomicLoad(&{place})")) } else { Printed::primary(place) }
    }

    pub(super) fn store(&mut self, pointer: ExprId, value: ExprId) -> String {
        let place = self.place(pointer);
        if self.is_atomic(pointer) {
            let value = self.plain(value);
            return format!("atomicStore(&{place}, {value})");
        }
        let whole = self.whole_pointee(pointer);
        match self.compound(pointer, value) {
            // `*p++` moves the pointer for readers of C.
            Some(text) if text.starts_with(' ') => [whole.unwrap_or(place), text].concat(),
            Some(text) => [place, text].concat(),
            None => [&whole.unwrap_or(place), " = ", &self.plain(value)].concat(),
        }
    }

    /// `x = x + 1` is `x++`, and `x = x * y` is `x *= y`.
    fn compound(&mut self, pointer: ExprId, value: ExprId) -> Option<String> {
        let Expr::Binary { op, a, b } = *self.function.expr(self.behind_folded(value)) else { return None };
        let Expr::Load { pointer: loaded, .. } = *self.function.expr(a) else { return None };
        if op.is_comparison() || op.is_shift() || !same(self.function, pointer, loaded) {
            return None;
        }
        let scalar = self.scalar(a)?;
        if matches!(op, BinaryOp::Div | BinaryOp::Rem) && literal::is_zero(self.function, self.tables(), b) {
            return None;
        }
        if scalar.is_int() && matches!(self.function.expr(b), Expr::Const { bits: 1, .. }) {
            match op {
                BinaryOp::Add => return Some("++".into()),
                BinaryOp::Sub => return Some("--".into()),
                _ => {}
            }
        }
        let sign = match op {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            _ => return None,
        };
        let is_bits = matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor);
        let b = if is_bits { self.print_bits(b, false).text } else { self.plain(b) };
        Some([" ", sign, "= ", &b].concat())
    }

    pub(super) fn atomic(
        &mut self,
        result: Option<LetId>,
        op: AtomicOp,
        pointer: ExprId,
        value: ExprId,
        compare: Option<ExprId>,
    ) {
        let place = self.place(pointer);
        let value = self.plain(value);
        let call = match op {
            AtomicOp::Add => format!("atomicAdd(&{place}, {value})"),
            AtomicOp::Sub => format!("atomicSub(&{place}, {value})"),
            AtomicOp::Min => format!("atomicMin(&{place}, {value})"),
            AtomicOp::Max => format!("atomicMax(&{place}, {value})"),
            AtomicOp::And => format!("atomicAnd(&{place}, {value})"),
            AtomicOp::Or => format!("atomicOr(&{place}, {value})"),
            AtomicOp::Xor => format!("atomicXor(&{place}, {value})"),
            AtomicOp::Exchange => format!("atomicExchange(&{place}, {value})"),
            AtomicOp::Load => format!("atomicLoad(&{place})"),
            AtomicOp::Store => {
                self.text().line(format!("atomicStore(&{place}, {value});"));
                return;
            }
            AtomicOp::CompareExchange => return self.compare_exchange(result, &place, value, compare),
            AtomicOp::Inc | AtomicOp::Dec => self.not_legal("atomicInc or atomicDec", pointer).text,
        };
        match result.filter(|id| self.is_used(*id)) {
            Some(result) => {
                let name = self.name_let(result, "old");
                self.text().line(format!("let {name} = {call};"));
            }
            None if op == AtomicOp::Load => {}
            None => self.text().line(format!("{call};")),
        }
    }

    /// An argument: the address of a whole local, or a value.
    pub(super) fn argument(&mut self, id: ExprId) -> String {
        match self.function.expr(id) {
            Expr::Param(index) if matches!(self.module.types().get(self.function.ty(id)), Type::Pointer { .. }) => {
                self.params[*index as usize].clone()
            }
            _ => self.print(id).within(|level| level >= Level::Or),
        }
    }
}
