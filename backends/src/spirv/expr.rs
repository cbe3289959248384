//! Expressions as values.
//!
//! Both arms of a `Select` and both operands of a `Logical` are harmless by the contract of the legal form, but for indices into arrays:
//! an arm that loads an element of a computed index gets control flow, so that the load happens only where the source has it.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{Expr, ExprId, LogicalOp, Scalar, Type, TypeId};
use rspirv::dr::Operand;
use rspirv::spirv::{Op, SelectionControl, Word};

impl FunctionWriter<'_, '_> {
    pub(super) fn value(&mut self, expr: ExprId) -> Result<Word, EmitError> {
        if let Some(value) = self.known(expr) {
            return Ok(value);
        }
        let value = self.new_value(expr)?;
        self.remember(expr, value);
        Ok(value)
    }

    fn new_value(&mut self, expr: ExprId) -> Result<Word, EmitError> {
        let ty = self.function.ty(expr);
        match self.function.expr(expr).clone() {
            Expr::Const { scalar, bits } => self.number(scalar, bits),
            Expr::NamedConst(constant) => {
                let constant = &self.module.program.module.tables.constants[constant];
                self.number(constant.scalar, constant.bits)
            }
            Expr::Zero(ty) | Expr::Undef(ty) => self.zero(ty),
            Expr::Let(id) => self.bound(id),
            Expr::Param(index) => self.param(index),
            Expr::Geometry(geometry) => Ok(self.geometry(geometry)),
            Expr::Load { pointer, volatile } => {
                let place = self.place(pointer)?;
                self.load(&place, volatile)
            }
            Expr::Unary { op, value } => self.unary(op, value),
            Expr::Binary { op, a, b } => self.binary(op, a, b),
            Expr::Logical { op, a, b } => self.logical(op, a, b),
            Expr::Select { condition, accept, reject } => self.select_value(ty, condition, accept, reject),
            Expr::Convert { value, to } => self.convert(value, to),
            Expr::Bitcast { value, to } => self.bitcast(value, to),
            Expr::Math { function, args } => self.math(function, &args),
            Expr::Call { function, args, .. } => self.call(function, &args),
            Expr::Construct { ty, parts } => self.construct(ty, &parts),
            Expr::Extract { value, index } => self.extract_value(value, index),
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) | Expr::Field { .. } | Expr::Element { .. } | Expr::PointerCast { .. } => {
                let place = self.place(expr)?;
                self.pointer(&place)
            }
            Expr::Offset { .. } | Expr::PointerDiff { .. } | Expr::PointerToInt(_) | Expr::IntToPointer { .. } => {
                Err(self.bug("pointer arithmetic"))
            }
        }
    }

    pub(super) fn zero(&mut self, ty: TypeId) -> Result<Word, EmitError> {
        match self.module.ir_types.get(ty) {
            Type::Scalar(scalar) => self.number(scalar, 0),
            _ => {
                let ty = self.value_type(ty)?;
                Ok(self.module.asm.null(ty))
            }
        }
    }

    /// The scalar type of an expression.
    pub(super) fn scalar_of(&self, expr: ExprId) -> Result<Scalar, EmitError> {
        let scalar = self.module.ir_types.as_scalar(self.function.ty(expr));
        scalar.ok_or_else(|| self.bug("arithmetic on what is no scalar"))
    }

    /// The bits of an expression that is a constant.
    pub(super) fn constant_bits(&self, expr: ExprId) -> Option<u64> {
        match self.function.expr(expr) {
            Expr::Const { bits, .. } => Some(*bits),
            Expr::NamedConst(constant) => Some(self.module.program.module.tables.constants[*constant].bits),
            Expr::Zero(ty) => self.module.ir_types.as_scalar(*ty).map(|_| 0),
            Expr::Convert { value, to } => {
                let (from, bits) = (self.module.ir_types.as_scalar(self.function.ty(*value))?, self.constant_bits(*value)?);
                let is_word = |scalar| matches!(scalar, Scalar::I32 | Scalar::U32);
                (is_word(from) && is_word(*to)).then_some(bits)
            }
            _ => None,
        }
    }

    fn logical(&mut self, op: LogicalOp, a: ExprId, b: ExprId) -> Result<Word, EmitError> {
        let ty = self.module.asm.bool();
        let left = self.value(a)?;
        if !self.loads_at_computed_index(b) {
            let right = self.value(b)?;
            let op = match op {
                LogicalOp::And => Op::LogicalAnd,
                LogicalOp::Or => Op::LogicalOr,
            };
            return Ok(self.op(op, ty, &[left, right]));
        }
        match op {
            LogicalOp::And => self.branch_value(ty, left, |w| w.value(b), |w| Ok(w.module.asm.truth(false))),
            LogicalOp::Or => self.branch_value(ty, left, |w| Ok(w.module.asm.truth(true)), |w| w.value(b)),
        }
    }

    fn select_value(&mut self, ty: TypeId, condition: ExprId, accept: ExprId, reject: ExprId) -> Result<Word, EmitError> {
        let is_scalar = self.module.ir_types.as_scalar(ty).is_some();
        let word = self.value_type(ty)?;
        let chosen = self.value(condition)?;
        if is_scalar && !self.loads_at_computed_index(accept) && !self.loads_at_computed_index(reject) {
            let accept = self.value(accept)?;
            let reject = self.value(reject)?;
            return Ok(self.select(word, chosen, accept, reject));
        }
        self.branch_value(word, chosen, |w| w.value(accept), |w| w.value(reject))
    }

    /// Is there a load whose address depends on a computed index?
    fn loads_at_computed_index(&mut self, expr: ExprId) -> bool {
        if let Some(known) = self.guarded.get(&expr) {
            return *known;
        }
        let mut found = match self.function.expr(expr) {
            Expr::Element { index, .. } => self.constant_bits(*index).is_none(),
            _ => false,
        };
        let mut operands = Vec::new();
        self.function.expr(expr).operands(|operand| operands.push(operand));
        for operand in operands {
            found = found || self.loads_at_computed_index(operand);
        }
        self.guarded.insert(expr, found);
        found
    }

    /// `condition ? accept : reject`, where only the chosen arm runs.
    fn branch_value(
        &mut self,
        ty: Word,
        condition: Word,
        accept: impl FnOnce(&mut Self) -> Result<Word, EmitError>,
        reject: impl FnOnce(&mut Self) -> Result<Word, EmitError>,
    ) -> Result<Word, EmitError> {
        let (yes, no, merge) = (self.label(), self.label(), self.label());
        self.raw(Op::SelectionMerge, vec![Operand::IdRef(merge), Operand::SelectionControl(SelectionControl::NONE)]);
        self.branch_if(condition, yes, no);
        let accepted = self.arm(yes, merge, accept)?;
        let rejected = self.arm(no, merge, reject)?;
        self.begin(merge);
        Ok(self.op(Op::Phi, ty, &[accepted.0, accepted.1, rejected.0, rejected.1]))
    }

    /// An arm's value and the block it comes from.
    fn arm(
        &mut self,
        label: Word,
        merge: Word,
        value: impl FnOnce(&mut Self) -> Result<Word, EmitError>,
    ) -> Result<(Word, Word), EmitError> {
        self.begin(label);
        let mark = self.memo_mark();
        let value = value(self)?;
        self.memo_reset(mark);
        let from = self.current_label();
        self.branch(merge);
        Ok((value, from))
    }

    fn bitcast(&mut self, value: ExprId, to: TypeId) -> Result<Word, EmitError> {
        let from = self.value_type(self.function.ty(value))?;
        let to = self.value_type(to)?;
        let value = self.value(value)?;
        Ok(if from == to { value } else { self.op(Op::Bitcast, to, &[value]) })
    }

    fn construct(&mut self, ty: TypeId, parts: &[ExprId]) -> Result<Word, EmitError> {
        let ty = self.value_type(ty)?;
        if parts.is_empty() {
            return Ok(self.module.asm.null(ty));
        }
        let parts: Vec<Word> = parts.iter().map(|part| self.value(*part)).collect::<Result<_, _>>()?;
        Ok(self.op(Op::CompositeConstruct, ty, &parts))
    }

    fn extract_value(&mut self, value: ExprId, index: u32) -> Result<Word, EmitError> {
        if self.known(value).is_none()
            && let Some(place) = self.loaded_part(value, index)?
        {
            return self.load(&place, false);
        }
        let part = self.module.part_type(self.function.ty(value), index);
        let part = part.ok_or_else(|| self.bug("a part of what has none"))?;
        let ty = self.value_type(part)?;
        let value = self.value(value)?;
        Ok(self.extract(ty, value, index))
    }
}
