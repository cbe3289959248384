//! The IR builder: adds expressions and statements, folds what must be folded, and keeps evaluation in order.

use super::*;
use ir::{BinaryOp, Expr, LetId, LocalId, Scalar, StmtKind, UnaryOp};
use source::Code;

/// A position in the block at hand, to bind operands at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    block: usize,
    length: usize,
}

impl<'a> Sema<'a> {
    /// Adds an expression. It cannot fail for well-typed operands; if it does, that is reported as our own bug.
    pub fn add(&mut self, expr: Expr, span: Span) -> Result<ExprId> {
        match self.f.func.add(&mut self.module.tables, expr, span) {
            Ok(id) => Ok(id),
            Err(error) => fail(Code::E0399, format!("internal error while lowering: {error}"), span),
        }
    }

    pub fn constant(&mut self, scalar: Scalar, bits: u64, span: Span) -> ExprId {
        let ty = self.module.tables.types.scalar(scalar);
        self.f.func.exprs.add(ir::ExprData { expr: Expr::Const { scalar, bits: mask_bits(scalar, bits) }, ty }, span)
    }

    pub fn zero(&mut self, ty: TypeId, span: Span) -> ExprId {
        match self.module.tables.types.as_scalar(ty) {
            Some(scalar) => self.constant(scalar, 0, span),
            None => self.f.func.exprs.add(ir::ExprData { expr: Expr::Zero(ty), ty }, span),
        }
    }

    /// A constant with the source's name.
    pub fn named_constant(&mut self, name: &str, scalar: Scalar, bits: u64, span: Span) -> (ExprId, ir::ConstantId) {
        let bits = mask_bits(scalar, bits);
        let constants = &mut self.module.tables.constants;
        let of_value = self.named_constants.entry((scalar, bits)).or_default();
        let known = of_value.iter().copied().find(|&id| constants[id].name == name);
        let id = known.unwrap_or_else(|| {
            let id = constants.add(ir::Constant { name: name.to_string(), scalar, bits }, span);
            of_value.push(id);
            id
        });
        let ty = self.module.tables.types.scalar(scalar);
        (self.f.func.exprs.add(ir::ExprData { expr: Expr::NamedConst(id), ty }, span), id)
    }

    pub fn push(&mut self, kind: StmtKind, span: Span) {
        if let Some(block) = self.f.blocks.last_mut() {
            block.push(ir::Stmt { kind, span });
        }
    }

    /// Runs `work` with a new block and returns what it emitted.
    pub fn block<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<(ir::Block, T)> {
        self.f.blocks.push(Vec::new());
        let result = work(self);
        let stmts = self.f.blocks.pop().unwrap_or_default();
        Ok((ir::Block { stmts }, result?))
    }

    pub fn scalar_of(&self, expr: ExprId) -> Option<Scalar> {
        self.module.tables.types.as_scalar(self.f.func.ty(expr))
    }

    pub fn ir_ty(&self, expr: ExprId) -> TypeId {
        self.f.func.ty(expr)
    }

    /// Binds a value now.
    pub fn bind(&mut self, value: ExprId, name: Option<String>, span: Span) -> ExprId {
        if self.is_settled(value) && name.is_none() {
            return value;
        }
        let ty = self.ir_ty(value);
        let id = self.f.func.add_let(name, ty, span);
        self.push(StmtKind::Let { result: id, value }, span);
        self.let_value(id, span)
    }

    pub fn let_value(&mut self, id: LetId, span: Span) -> ExprId {
        let ty = self.f.func.lets[id].ty;
        self.f.func.exprs.add(ir::ExprData { expr: Expr::Let(id), ty }, span)
    }

    /// A new local variable, declared here.
    pub fn declare_temporary(&mut self, ty: TypeId, init: Option<ExprId>, span: Span) -> LocalId {
        self.f.temporaries += 1;
        let name = format!("t{}", self.f.temporaries);
        let local = self.f.func.add_local(name, ty, span);
        self.push(StmtKind::Declare { local, init }, span);
        local
    }

    pub fn local_addr(&mut self, local: LocalId, span: Span) -> ExprId {
        let ty = self.f.func.locals[local].ty;
        let ty = self.module.tables.types.pointer(ty, ir::Space::Local);
        self.f.func.exprs.add(ir::ExprData { expr: Expr::LocalAddr(local), ty }, span)
    }

    /// Does the value stay the same whatever is stored: no load below it?
    pub fn is_settled(&self, expr: ExprId) -> bool {
        let mut settled = true;
        self.f.func.walk_expr(expr, &mut |id| settled &= !matches!(self.f.func.expr(id), Expr::Load { .. }));
        settled
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { block: self.f.blocks.len(), length: self.f.blocks.last().map_or(0, Vec::len) }
    }

    /// `value` was made at `mark`; if an effect since then could change it, binds it there.
    pub(super) fn keep(&mut self, value: ExprId, mark: Mark, span: Span) -> ExprId {
        let Some(block) = self.f.blocks.last() else { return value };
        if mark.block != self.f.blocks.len() || block.len() <= mark.length || self.is_settled(value) {
            return value;
        }
        let since: Vec<&ir::Stmt> = block[mark.length..].iter().collect();
        if since.iter().all(|stmt| self.is_harmless(stmt, value)) {
            return value;
        }
        let ty = self.ir_ty(value);
        let id = self.f.func.add_let(None, ty, span);
        let stmt = ir::Stmt { kind: StmtKind::Let { result: id, value }, span };
        if let Some(block) = self.f.blocks.last_mut() {
            block.insert(mark.length, stmt);
        }
        self.let_value(id, span)
    }

    /// Can the statement not change what `value` loads? A store into a local that `value` does not read, and bindings.
    fn is_harmless(&self, stmt: &ir::Stmt, value: ExprId) -> bool {
        match &stmt.kind {
            StmtKind::Let { .. } | StmtKind::Declare { .. } => true,
            StmtKind::Store { pointer, volatile: false, .. } => match self.root_local(*pointer) {
                Some(written) => {
                    let mut safe = true;
                    self.f.func.walk_expr(value, &mut |id| {
                        if let Expr::Load { pointer, .. } = self.f.func.expr(id) {
                            safe &= self.reads_other(*pointer, written);
                        }
                    });
                    safe
                }
                None => false,
            },
            _ => false,
        }
    }

    fn reads_other(&self, pointer: ExprId, written: LocalId) -> bool {
        match self.root_local(pointer) {
            Some(read) => read != written,
            None => !matches!(
                self.module.tables.types.as_pointer(self.ir_ty(pointer)),
                Some((_, ir::Space::Local | ir::Space::Generic)) | None
            ),
        }
    }

    /// The local variable that an address chain starts at.
    pub fn root_local(&self, pointer: ExprId) -> Option<LocalId> {
        match self.f.func.expr(pointer) {
            Expr::LocalAddr(local) => Some(*local),
            Expr::Field { base, .. } | Expr::Element { base, .. } | Expr::PointerCast { base, .. } => self.root_local(*base),
            Expr::Offset { base, .. } => self.root_local(*base),
            _ => None,
        }
    }

    /// A conversion between scalars; literals are converted here, and nothing is made of a conversion to the same type.
    pub fn convert_scalar(&mut self, value: ExprId, to: Scalar, span: Span) -> Result<ExprId> {
        let Some(from) = self.scalar_of(value) else {
            return fail(Code::E0399, "internal error while lowering: a scalar is needed", span);
        };
        if from == to {
            return Ok(value);
        }
        match self.f.func.expr(value).clone() {
            Expr::Const { bits, .. } => {
                let bits = crate::sema::convert_bits(from, bits, to);
                return Ok(self.constant(to, bits, span));
            }
            Expr::NamedConst(id) => {
                let constant = self.module.tables.constants[id].clone();
                let bits = crate::sema::convert_bits(from, constant.bits, to);
                return Ok(self.named_constant(&constant.name, to, bits, span).0);
            }
            _ => {}
        }
        if from == Scalar::F64 {
            if let Some(bits) = self.fold(value) {
                return Ok(self.constant(to, crate::sema::convert_bits(from, bits, to), span));
            }
            if to == Scalar::F32
                && let Some(narrow) = self.narrow_double(value, span)?
            {
                return Ok(narrow);
            }
        }
        self.add(Expr::Convert { value, to }, span)
    }

    /// `(float)((double)a + (double)b)` is `a + b` in float: one operation on floats, done in double and rounded to float, is
    /// correctly rounded (Figueroa 1995: 53 >= 2 * 24 + 2). So a double literal alone does not make a kernel need doubles.
    fn narrow_double(&mut self, value: ExprId, span: Span) -> Result<Option<ExprId>> {
        let expr = self.f.func.expr(value).clone();
        match expr {
            Expr::Convert { value: inner, .. } if self.scalar_of(inner) == Some(Scalar::F32) => Ok(Some(inner)),
            Expr::Binary { op: op @ (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div), a, b } => {
                let (Some(a), Some(b)) = (self.as_float(a, span), self.as_float(b, span)) else { return Ok(None) };
                Ok(Some(self.add(Expr::Binary { op, a, b }, span)?))
            }
            Expr::Unary { op: UnaryOp::Neg, value } => match self.as_float(value, span) {
                Some(value) => Ok(Some(self.add(Expr::Unary { op: UnaryOp::Neg, value }, span)?)),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// The float that a double was widened from; a constant if it is one exactly.
    fn as_float(&mut self, value: ExprId, span: Span) -> Option<ExprId> {
        if let Expr::Convert { value: inner, to: Scalar::F64 } = self.f.func.expr(value) {
            let inner = *inner;
            return (self.scalar_of(inner) == Some(Scalar::F32)).then_some(inner);
        }
        let bits = self.fold(value)?;
        let double = f64::from_bits(bits);
        let exact = f64::from(double as f32) == double;
        if !exact {
            return None;
        }
        match self.f.func.expr(value).clone() {
            Expr::NamedConst(id) => {
                let name = self.module.tables.constants[id].name.clone();
                Some(self.named_constant(&name, Scalar::F32, u64::from((double as f32).to_bits()), span).0)
            }
            _ => Some(self.constant(Scalar::F32, u64::from((double as f32).to_bits()), span)),
        }
    }

    pub fn binary(&mut self, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> Result<ExprId> {
        if op.is_comparison() && self.scalar_of(a) == Some(Scalar::F64) && self.scalar_of(b) == Some(Scalar::F64) {
            // Widening is exact, so comparing the floats gives the same answer.
            if (self.fold(a).is_none() || self.fold(b).is_none())
                && let (Some(a), Some(b)) = (self.as_float(a, span), self.as_float(b, span))
            {
                return self.add(Expr::Binary { op, a, b }, span);
            }
        }
        self.add(Expr::Binary { op, a, b }, span)
    }

    pub fn unary(&mut self, op: UnaryOp, value: ExprId, span: Span) -> Result<ExprId> {
        if let (UnaryOp::Neg, Expr::Const { scalar, bits }) = (op, self.f.func.expr(value).clone())
            && let Some(bits) = crate::sema::fold_unary(op, scalar, bits)
        {
            return Ok(self.constant(scalar, bits, span));
        }
        self.add(Expr::Unary { op, value }, span)
    }

    pub fn load(&mut self, pointer: ExprId, volatile: bool, span: Span) -> Result<ExprId> {
        match *self.f.func.expr(pointer) {
            // Reading what a choice of addresses points to is a choice of values.
            Expr::Select { condition, accept, reject } if !volatile => {
                let accept = self.load(accept, volatile, span)?;
                let reject = self.load(reject, volatile, span)?;
                if self.ir_ty(accept) == self.ir_ty(reject) {
                    return self.add(Expr::Select { condition, accept, reject }, span);
                }
            }
            Expr::PointerCast { base, to } => {
                let pointee = |ty| self.module.tables.types.as_pointer(ty).map(|(pointee, _)| pointee);
                if pointee(self.ir_ty(base)) == pointee(to) {
                    return self.load(base, volatile, span);
                }
            }
            _ => {}
        }
        self.add(Expr::Load { pointer, volatile }, span)
    }

    /// `value != 0`, for conditions.
    pub fn truth_of(&mut self, value: ExprId, span: Span) -> Result<ExprId> {
        match self.scalar_of(value) {
            Some(Scalar::Bool) => return Ok(value),
            Some(scalar) => {
                if let Expr::Convert { value: inner, .. } = self.f.func.expr(value) {
                    let inner = *inner;
                    if self.scalar_of(inner) == Some(Scalar::Bool) && scalar.is_int() {
                        return Ok(inner);
                    }
                }
                if let Some(bits) = self.fold(value) {
                    let truth = crate::sema::convert_bits(scalar, bits, Scalar::Bool);
                    return Ok(self.constant(Scalar::Bool, truth, span));
                }
            }
            None => {}
        }
        let ty = self.ir_ty(value);
        let zero = self.zero(ty, span);
        self.binary(BinaryOp::Ne, value, zero, span)
    }

    pub fn not(&mut self, value: ExprId, span: Span) -> Result<ExprId> {
        if let Expr::Unary { op: UnaryOp::Not, value: inner } = self.f.func.expr(value) {
            return Ok(*inner);
        }
        self.add(Expr::Unary { op: UnaryOp::Not, value }, span)
    }
}

/// The bits of a scalar and nothing above them.
pub(crate) fn mask_bits(scalar: Scalar, bits: u64) -> u64 {
    match scalar.bits() {
        64 => bits,
        width => bits & ((1 << width) - 1),
    }
}
