//! Values of vectors, structs and arrays: bytes in the frame.

use super::{Compiler, Home, Result, part_offset};
use crate::interpreter::code::{At, Instr, Loc};
use ir::{Expr, ExprId, Type, TypeId};

impl Compiler<'_> {
    /// Where the bytes of an aggregate value are. With `into` they may be put there, but need not.
    pub(super) fn aggregate(&mut self, id: ExprId, into: Option<At>) -> Result<At> {
        let outer = self.span;
        let own = self.function.exprs.span(id);
        if !own.is_none() {
            self.span = own;
        }
        let result = self.aggregate_spanned(id, into);
        self.span = outer;
        result
    }

    /// Puts the bytes of an aggregate value at `to`.
    pub(super) fn aggregate_into(&mut self, id: ExprId, to: At) -> Result<()> {
        let from = self.aggregate(id, Some(to))?;
        if from != to {
            let len = self.size32(self.function.ty(id))?;
            self.emit(Instr::FrameCopy { to, from, len });
        }
        Ok(())
    }

    fn aggregate_spanned(&mut self, id: ExprId, into: Option<At>) -> Result<At> {
        let function = self.function;
        let ty = function.ty(id);
        match function.expr(id) {
            Expr::Let(bound) => match self.lets[bound.index()] {
                Some(Loc::Mem { at, .. }) => Ok(at),
                _ => self.fail("a value is used that nothing binds"),
            },
            Expr::Param(index) => match self.code.params.get(*index as usize) {
                Some(Loc::Mem { at, .. }) => Ok(*at),
                _ => self.fail("a parameter that is not there"),
            },
            Expr::Zero(_) => self.fill(ty, into, true),
            Expr::Undef(_) => self.fill(ty, into, false),
            Expr::Load { pointer, .. } => self.load_aggregate(*pointer, ty, into),
            Expr::Select { condition, accept, reject } => {
                // Always scratch bytes: an arm may read what `into` holds.
                let to = self.scratch(ty)?;
                let mut no = Vec::new();
                self.jump(*condition, false, &mut no)?;
                self.aggregate_into(*accept, to)?;
                let end = self.emit(Instr::Jump { to: 0 });
                self.land(&no);
                self.aggregate_into(*reject, to)?;
                self.land(&[end]);
                Ok(to)
            }
            Expr::Call { function, args, .. } => {
                let (at, len) = (self.scratch(ty)?, self.size32(ty)?);
                self.call(Some(Loc::Mem { at, len }), function.index(), args)?;
                Ok(at)
            }
            Expr::Construct { parts, .. } => self.construct(ty, parts),
            Expr::Extract { value, index } => {
                let whole = self.aggregate(*value, None)?;
                match part_offset(self.module, function.ty(*value), *index) {
                    Some(offset) => Ok(whole + offset as u32),
                    None => self.fail("there is no such part"),
                }
            }
            Expr::Bitcast { value, .. } => match self.register_scalar(function.ty(*value)) {
                None => self.aggregate(*value, into),
                Some(scalar) => {
                    let src = self.value(*value)?;
                    let at = self.scratch(ty)?;
                    self.emit(Instr::FrameStore { at, src, scalar });
                    Ok(at)
                }
            },
            _ => self.fail("this gives no aggregate"),
        }
    }

    fn fill(&mut self, ty: TypeId, into: Option<At>, defined: bool) -> Result<At> {
        let at = into.map_or_else(|| self.scratch(ty), Ok)?;
        let len = self.size32(ty)?;
        self.emit(Instr::FrameFill { at, len, defined });
        Ok(at)
    }

    fn load_aggregate(&mut self, pointer: ExprId, ty: TypeId, into: Option<At>) -> Result<At> {
        if let Some((local, offset)) = self.static_place(pointer)
            && let Home::Mem { at, .. } = self.homes[local.index()]
        {
            return Ok(at + offset as u32);
        }
        let addr = self.value(pointer)?;
        let to = into.map_or_else(|| self.scratch(ty), Ok)?;
        let layout = self.layout(ty)?;
        self.emit(Instr::CopyIn { to, addr, layout });
        Ok(to)
    }

    /// In scratch bytes: a part may read the variable that the whole is for.
    fn construct(&mut self, ty: TypeId, parts: &[ExprId]) -> Result<At> {
        let at = self.scratch(ty)?;
        let len = self.size32(ty)?;
        if matches!(self.module.tables.types.get(ty), Type::Struct(_)) {
            self.emit(Instr::FrameFill { at, len, defined: false });
        }
        for (index, part) in (0..).zip(parts) {
            let Some(offset) = part_offset(self.module, ty, index) else { return self.fail("there is no such part") };
            self.store_part(at + offset as u32, *part)?;
        }
        Ok(at)
    }

    /// Puts any value into frame bytes. An undefined scalar leaves undefined bytes.
    pub(super) fn store_part(&mut self, at: At, value: ExprId) -> Result<()> {
        let ty = self.function.ty(value);
        match self.register_scalar(ty) {
            None => self.aggregate_into(value, at),
            Some(_) if matches!(self.function.expr(value), Expr::Undef(_)) => {
                let len = self.size32(ty)?;
                self.emit(Instr::FrameFill { at, len, defined: false });
                Ok(())
            }
            Some(scalar) => {
                let src = self.value(value)?;
                self.emit(Instr::FrameStore { at, src, scalar });
                Ok(())
            }
        }
    }
}
