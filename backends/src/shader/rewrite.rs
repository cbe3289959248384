//! What every pass needs to build and rebuild expressions of one function.
//!
//! Expressions are immutable and cheap: a pass adds new ones and lets statements point to them. What nothing points to
//! any more stays in the arena and is never printed.

use ir::{
    BinaryOp, Block, Expr, ExprId, Function, GlobalId, LetId, LocalId, Scalar, Stmt, StmtKind, Tables, Type, TypeId, UnaryOp,
};
use source::Span;

/// A function under change, with the tables its types live in.
pub(super) struct Builder<'a> {
    pub(super) tables: &'a mut Tables,
    pub(super) function: &'a mut Function,
}

impl Builder<'_> {
    /// Adds an expression. Passes only build expressions that have a type, so a failure is a bug of the pass.
    pub(super) fn add(&mut self, expr: Expr, span: Span) -> ExprId {
        match self.function.add(self.tables, expr, span) {
            Ok(id) => id,
            Err(error) => unreachable!("a pass built an expression without a type: {error}"),
        }
    }

    pub(super) fn span(&self, id: ExprId) -> Span {
        self.function.exprs.span(id)
    }

    pub(super) fn expr(&self, id: ExprId) -> Expr {
        self.function.expr(id).clone()
    }

    pub(super) fn ty(&self, id: ExprId) -> TypeId {
        self.function.ty(id)
    }

    pub(super) fn scalar_of(&self, id: ExprId) -> Option<Scalar> {
        self.tables.types.as_scalar(self.ty(id))
    }

    pub(super) fn kind(&self, ty: TypeId) -> Type {
        self.tables.types.get(ty)
    }

    pub(super) fn scalar_ty(&mut self, scalar: Scalar) -> TypeId {
        self.tables.types.scalar(scalar)
    }

    pub(super) fn constant(&mut self, scalar: Scalar, value: i64, span: Span) -> ExprId {
        let bits = if scalar.size() == 8 { value as u64 } else { value as u64 & ((1u64 << scalar.bits()) - 1) };
        self.add(Expr::Const { scalar, bits }, span)
    }

    pub(super) fn boolean(&mut self, value: bool, span: Span) -> ExprId {
        self.constant(Scalar::Bool, i64::from(value), span)
    }

    /// `!value`; a comparison of integers turns round.
    pub(super) fn not(&mut self, value: ExprId, span: Span) -> ExprId {
        match self.expr(value) {
            Expr::Unary { op: UnaryOp::Not, value } => value,
            Expr::Binary { op, a, b } if self.scalar_of(a).is_some_and(|scalar| scalar.is_int()) && op.is_comparison() => {
                self.add(Expr::Binary { op: inverse(op), a, b }, span)
            }
            _ => self.add(Expr::Unary { op: UnaryOp::Not, value }, span),
        }
    }

    /// The value of an integer literal (or named constant), with the sign of its type.
    pub(super) fn const_value(&self, id: ExprId) -> Option<i64> {
        match *self.function.expr(id) {
            Expr::Const { scalar, bits } if scalar.is_int() => Some(sign_extend(scalar, bits)),
            Expr::NamedConst(constant) => {
                let constant = &self.tables.constants[constant];
                constant.scalar.is_int().then(|| sign_extend(constant.scalar, constant.bits))
            }
            Expr::Zero(ty) => self.tables.types.as_scalar(ty).filter(|scalar| scalar.is_int()).map(|_| 0),
            Expr::Convert { value, to } if to.is_int() => {
                let value = self.const_value(value)?;
                Some(if to.size() == 8 { value } else { sign_extend(to, value as u64) })
            }
            _ => None,
        }
    }

    /// A binary operation, folded where the result needs none: `x + 0`, `x * 1`, two literals.
    pub(super) fn binary(&mut self, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> ExprId {
        let scalar = self.scalar_of(a);
        let literal = |builder: &Builder<'_>, id| match builder.expr(id) {
            Expr::Const { .. } => builder.const_value(id),
            _ => None,
        };
        if let Some(scalar) = scalar.filter(|scalar| scalar.is_int()) {
            match (op, literal(self, a), literal(self, b)) {
                (BinaryOp::Add, Some(x), Some(y)) => return self.constant(scalar, x.wrapping_add(y), span),
                (BinaryOp::Sub, Some(x), Some(y)) => return self.constant(scalar, x.wrapping_sub(y), span),
                (BinaryOp::Mul, Some(x), Some(y)) => return self.constant(scalar, x.wrapping_mul(y), span),
                (BinaryOp::And, Some(x), Some(y)) => return self.constant(scalar, x & y, span),
                (BinaryOp::Shl, Some(x), Some(y)) if (0..32).contains(&y) => return self.constant(scalar, x << y, span),
                (BinaryOp::Shr, Some(x), Some(y)) if x >= 0 && (0..32).contains(&y) => {
                    return self.constant(scalar, x >> y, span);
                }
                (BinaryOp::Add | BinaryOp::Or | BinaryOp::Xor, Some(0), _) => return b,
                (BinaryOp::Mul, Some(1), _) => return b,
                (BinaryOp::Mul, Some(0), _) => return a,
                (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Shl | BinaryOp::Shr, _, Some(0)) => {
                    return a;
                }
                (BinaryOp::Mul | BinaryOp::Div, _, Some(1)) => return a,
                (BinaryOp::Mul, _, Some(0)) => return b,
                (BinaryOp::Add, _, Some(y)) if y < 0 && y != i64::MIN && scalar.is_signed() => {
                    let y = self.constant(scalar, -y, span);
                    return self.add(Expr::Binary { op: BinaryOp::Sub, a, b: y }, span);
                }
                _ => {}
            }
        }
        self.add(Expr::Binary { op, a, b }, span)
    }

    /// `x op constant` of the type of `x`.
    pub(super) fn with_constant(&mut self, op: BinaryOp, a: ExprId, value: i64, span: Span) -> ExprId {
        let Some(scalar) = self.scalar_of(a) else { unreachable!("arithmetic on a scalar") };
        let b = self.constant(scalar, value, span);
        self.binary(op, a, b, span)
    }

    pub(super) fn convert(&mut self, value: ExprId, to: Scalar, span: Span) -> ExprId {
        if self.scalar_of(value) == Some(to) {
            return value;
        }
        if to.is_int()
            && let Expr::Const { scalar, .. } = self.expr(value)
            && scalar.is_int()
            && let Some(literal) = self.const_value(value)
        {
            return self.constant(to, literal, span);
        }
        self.add(Expr::Convert { value, to }, span)
    }

    /// The same bits as another scalar of the same size; `Convert` between integers, where that is the same.
    pub(super) fn reinterpret(&mut self, value: ExprId, to: Scalar, span: Span) -> ExprId {
        match self.scalar_of(value) {
            Some(from) if from == to => value,
            Some(from) if from.is_int() && to.is_int() => self.convert(value, to, span),
            _ => {
                let to = self.scalar_ty(to);
                self.add(Expr::Bitcast { value, to }, span)
            }
        }
    }

    pub(super) fn load(&mut self, pointer: ExprId, span: Span) -> ExprId {
        self.add(Expr::Load { pointer, volatile: false }, span)
    }

    pub(super) fn load_local(&mut self, local: LocalId, span: Span) -> ExprId {
        let pointer = self.add(Expr::LocalAddr(local), span);
        self.load(pointer, span)
    }

    pub(super) fn store_local(&mut self, local: LocalId, value: ExprId, span: Span) -> Stmt {
        let pointer = self.add(Expr::LocalAddr(local), span);
        Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span }
    }

    pub(super) fn global(&mut self, global: GlobalId, span: Span) -> ExprId {
        self.add(Expr::GlobalAddr(global), span)
    }

    pub(super) fn element(&mut self, base: ExprId, index: ExprId, span: Span) -> ExprId {
        self.add(Expr::Element { base, index }, span)
    }

    pub(super) fn field(&mut self, base: ExprId, index: u32, span: Span) -> ExprId {
        self.add(Expr::Field { base, index }, span)
    }

    /// `value` bound by a `Let` that goes to `out`, unless it is as short as the name would be.
    pub(super) fn bind(&mut self, name: &str, value: ExprId, out: &mut Vec<Stmt>) -> ExprId {
        if self.is_cheap(value) {
            return value;
        }
        let span = self.span(value);
        let result = self.made_let(name, self.ty(value), span);
        out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        self.add(Expr::Let(result), span)
    }

    /// A value with a name that no source has given it.
    pub(super) fn made_let(&mut self, name: &str, ty: TypeId, span: Span) -> LetId {
        let result = self.function.add_let(Some(name.to_owned()), ty, span);
        self.function.lets[result].is_made = true;
        result
    }

    /// Names, literals and loads of whole locals: evaluating them twice costs nothing.
    pub(super) fn is_cheap(&self, value: ExprId) -> bool {
        match self.function.expr(value) {
            Expr::Const { .. } | Expr::Zero(_) | Expr::NamedConst(_) | Expr::Let(_) | Expr::Param(_) | Expr::Geometry(_) => true,
            Expr::Load { pointer, .. } => matches!(self.function.expr(*pointer), Expr::LocalAddr(_)),
            Expr::Convert { value, .. } => self.is_cheap(*value),
            _ => false,
        }
    }

    /// Is each reading of it an effect?
    pub(super) fn reads_volatile(&self, value: ExprId) -> bool {
        let mut reads = false;
        self.function.walk_expr(value, &mut |id| reads |= matches!(self.function.expr(id), Expr::Load { volatile: true, .. }));
        reads
    }

    /// Does evaluating it read memory that a store may change?
    pub(super) fn reads_memory(&self, value: ExprId) -> bool {
        let mut reads = false;
        self.function.walk_expr(value, &mut |id| reads |= matches!(self.function.expr(id), Expr::Load { .. }));
        reads
    }
}

fn inverse(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Eq => BinaryOp::Ne,
        BinaryOp::Ne => BinaryOp::Eq,
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Ge => BinaryOp::Lt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::Le => BinaryOp::Gt,
        other => other,
    }
}

/// The integer that the low bits of `bits` mean in `scalar`.
pub(super) fn sign_extend(scalar: Scalar, bits: u64) -> i64 {
    let width = scalar.bits();
    if width >= 64 {
        return bits as i64;
    }
    let low = bits & ((1 << width) - 1);
    if scalar.is_signed() && low >> (width - 1) == 1 { (low | !((1 << width) - 1)) as i64 } else { low as i64 }
}

/// Rebuilds the tree below `root`: operands first, then `change` sees the old handle and the expression with new operands.
/// It returns the replacement, or `None` to keep the expression (added anew if an operand changed).
pub(super) fn rebuild(
    builder: &mut Builder<'_>,
    root: ExprId,
    change: &mut impl FnMut(&mut Builder<'_>, ExprId, &Expr) -> Option<ExprId>,
) -> ExprId {
    let mut expr = builder.expr(root);
    let mut changed = false;
    expr.operands_mut(|operand| {
        let new = rebuild(builder, *operand, change);
        changed |= *operand != new;
        *operand = new;
    });
    if let Some(replacement) = change(builder, root, &expr) {
        return replacement;
    }
    if !changed {
        return root;
    }
    let span = builder.span(root);
    builder.add(expr, span)
}

/// Applies [`rebuild`] to every operand of every statement of the function.
pub(super) fn rebuild_all(builder: &mut Builder<'_>, change: &mut impl FnMut(&mut Builder<'_>, ExprId, &Expr) -> Option<ExprId>) {
    let mut body = std::mem::take(&mut builder.function.body);
    body.walk_mut(&mut |stmt| stmt.kind.operands_mut(|operand| *operand = rebuild(builder, *operand, change)));
    builder.function.body = body;
}

/// Is there such a statement, however deep?
pub(super) fn block_has(block: &Block, test: &mut impl FnMut(&Stmt) -> bool) -> bool {
    block.stmts.iter().any(|stmt| stmt_has(stmt, test))
}

pub(super) fn stmt_has(stmt: &Stmt, test: &mut impl FnMut(&Stmt) -> bool) -> bool {
    test(stmt)
        || match &stmt.kind {
            StmtKind::Scope(block) => block_has(block, test),
            StmtKind::If { accept: one, reject: other, .. } | StmtKind::Loop { body: one, update: other, .. } => {
                block_has(one, test) || block_has(other, test)
            }
            StmtKind::Switch { cases, .. } => cases.iter().any(|case| block_has(&case.body, test)),
            _ => false,
        }
}
