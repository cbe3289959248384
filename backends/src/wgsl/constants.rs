//! Which bound values are variables, so that nobody computes with them before the shader runs.
//!
//! ```text
//! let big = 1e30;                          var big = 1e30;
//! out[i] = big * big;                      out[i] = big * big;
//! ```
//!
//! When naga makes a pipeline with constants it evaluates whatever follows from constants, `let`s included, and takes an overflow, an
//! infinity, a division by zero or an index outside of its array for an error, as WGSL wants for constant expressions; but a `let` is none
//! (WGSL, "Constant Expressions").
//! In CUDA all of them have values. What no such operation uses stays a `let`.

use super::literal;
use super::memory::MOST_WORDS;
use ir::{BinaryOp, Expr, ExprId, Function, LetId, LocalId, MathFn, Scalar, StmtKind, Tables, Type};
use rustc_hash::{FxHashMap, FxHashSet};

/// Something with a name in WGSL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bound {
    Let(LetId),
    Local(LocalId),
}

/// The constant values that operations use which may overflow, or which naga gets wrong. `never_stored`: locals that would be printed as `let`.
pub(super) fn hidden(function: &Function, tables: &Tables, never_stored: &FxHashSet<LocalId>) -> FxHashSet<Bound> {
    let mut finder = Finder { function, tables, known: FxHashMap::default(), hidden: FxHashSet::default() };
    // In the order of the text: a value is bound before it is used.
    function.body.walk(&mut |stmt| match stmt.kind {
        StmtKind::Let { result, value } if finder.is_known(value) => {
            finder.known.insert(Bound::Let(result), value);
        }
        StmtKind::Declare { local, init: Some(init) } if never_stored.contains(&local) && finder.is_known(init) => {
            finder.known.insert(Bound::Local(local), init);
        }
        _ => {}
    });
    if !finder.known.is_empty() {
        function.walk_all(&mut |expr| {
            if finder.may_overflow(expr) && finder.is_known(expr) {
                finder.hide(expr);
            }
            if let Expr::Element { base, index } = *function.expr(expr)
                && finder.is_known(index)
                && !finder.is_within(base, index)
            {
                finder.hide(index);
            }
        });
    }
    finder.hidden
}

struct Finder<'a> {
    function: &'a Function,
    tables: &'a Tables,
    /// With what each is bound to.
    known: FxHashMap<Bound, ExprId>,
    hidden: FxHashSet<Bound>,
}

impl Finder<'_> {
    fn bound(&self, expr: ExprId) -> Option<Bound> {
        match self.function.expr(expr) {
            Expr::Let(id) => Some(Bound::Let(*id)),
            Expr::Load { pointer, .. } => self.local_of(*pointer).map(Bound::Local),
            _ => None,
        }
    }

    /// The local that an address with known indices lies in.
    fn local_of(&self, address: ExprId) -> Option<LocalId> {
        match self.function.expr(address) {
            Expr::LocalAddr(local) => Some(*local),
            Expr::Field { base, .. } => self.local_of(*base),
            Expr::Element { base, index } if self.is_known(*index) => self.local_of(*base),
            _ => None,
        }
    }

    /// Does the value follow from constants alone?
    fn is_known(&self, expr: ExprId) -> bool {
        match self.function.expr(expr) {
            Expr::Const { .. } | Expr::NamedConst(_) | Expr::Zero(_) => true,
            Expr::Let(_) | Expr::Load { .. } => self.bound(expr).is_some_and(|bound| self.known.contains_key(&bound)),
            Expr::Unary { .. }
            | Expr::Binary { .. }
            | Expr::Math { .. }
            | Expr::Convert { .. }
            | Expr::Select { .. }
            | Expr::Construct { .. }
            | Expr::Extract { .. }
            | Expr::Bitcast { .. } => {
                let mut all = true;
                self.function.expr(expr).operands(|operand| all &= self.is_known(operand));
                all
            }
            _ => false,
        }
    }

    fn may_overflow(&self, expr: ExprId) -> bool {
        let scalar = |expr: ExprId| self.tables.types.as_scalar(self.function.ty(expr));
        let is_float = scalar(expr).is_some_and(|scalar| scalar.is_float());
        match self.function.expr(expr) {
            // naga converts no 64-bit constants, and loses its way where a part of a constant vector, array or structure is taken.
            Expr::Convert { value, .. } => scalar(*value).is_some_and(|scalar| scalar.bits() == 64),
            Expr::Extract { .. } => true,
            Expr::Load { pointer, .. } => !matches!(self.function.expr(*pointer), Expr::LocalAddr(_)),
            Expr::Binary { op: BinaryOp::Shl | BinaryOp::Div | BinaryOp::Rem, .. } => true,
            Expr::Math { function: MathFn::Abs, .. } => true,
            Expr::Binary { .. } | Expr::Math { .. } => is_float,
            _ => false,
        }
    }

    /// Does an index that follows from constants certainly name an element?
    fn is_within(&self, base: ExprId, index: ExprId) -> bool {
        let Some(index) = self.index(index) else { return false };
        let Some((array, _)) = self.tables.types.as_pointer(self.function.ty(base)) else { return true };
        match self.tables.types.get(array) {
            Type::Array { count: Some(count), .. } => (0..count as i64).contains(&index),
            _ => (0..=MOST_WORDS as i64).contains(&index),
        }
    }

    /// The value of an index, where it is simple enough.
    fn index(&self, id: ExprId) -> Option<i64> {
        if let Some(value) = self.bound(id).and_then(|bound| self.known.get(&bound)) {
            return self.index(*value);
        }
        if let Expr::Binary { op, a, b } = *self.function.expr(id) {
            let (a, b) = (self.index(a)?, self.index(b)?);
            return match op {
                BinaryOp::Add => a.checked_add(b),
                BinaryOp::Sub => a.checked_sub(b),
                BinaryOp::Mul => a.checked_mul(b),
                _ => None,
            };
        }
        let (scalar, bits) = literal::value(self.function, self.tables, id)?;
        Some(if scalar == Scalar::U32 { i64::from(bits as u32) } else { i64::from(bits as i32) })
    }

    /// Everything bound that the value comes from directly.
    fn hide(&mut self, expr: ExprId) {
        if let Some(bound) = self.bound(expr) {
            self.hidden.insert(bound);
            return;
        }
        let mut operands = Vec::new();
        self.function.expr(expr).operands(|operand| operands.push(operand));
        operands.into_iter().for_each(|operand| self.hide(operand));
    }
}
