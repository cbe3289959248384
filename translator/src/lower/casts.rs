//! Casts as they are written (C++ [expr.cast], [expr.static.cast], [expr.reinterpret.cast], [expr.const.cast]).

use super::*;
use ast::Expr as Tree;
use ir::{Expr, Scalar};
use source::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastKind {
    C,
    Static,
    Const,
    Reinterpret,
}

impl<'a> Sema<'a> {
    pub(super) fn lower_cast(&mut self, to: CType, operand: &'a Tree, kind: CastKind, span: Span) -> Result<Operand<'a>> {
        let from = self.lower_expr(operand)?;
        if kind == CastKind::Const {
            // [expr.const.cast]: qualifiers alone may differ.
            let (target, source) = (self.types.strip_ref(to), self.decay(from.ty));
            let (target, source) = match (self.types.pointee(target), self.types.pointee(source)) {
                (Some(target), Some(source)) => (target, source),
                _ => (target, from.ty),
            };
            if !self.same_layout(source, target) {
                let (from, to) = (self.show(from.ty), self.show(to));
                return fail(Code::E0203, format!("`const_cast` from `{from}` to `{to}`"), span);
            }
        }
        self.cast_operand(to, from, kind, span)
    }

    pub(super) fn cast_operand(&mut self, to: CType, from: Operand<'a>, kind: CastKind, span: Span) -> Result<Operand<'a>> {
        match *self.types.kind(to) {
            TypeKind::Void => Ok(Operand::void(span)),
            TypeKind::LvalueRef(target) | TypeKind::RvalueRef(target) => {
                let is_lvalue = matches!(self.types.kind(to), TypeKind::LvalueRef(_));
                self.cast_reference(to, target, is_lvalue, from, kind, span)
            }
            _ => {
                if let OperandKind::Braced(init) = from.kind {
                    return self.braced_operand(to, init, span);
                }
                if self.types.as_class(to).is_some() {
                    return self.construct_operand(to, vec![from], span);
                }
                let value = self.cast_value(&from, to.unqualified(), kind, span)?;
                Ok(Operand::value(to.unqualified(), value, span))
            }
        }
    }

    fn cast_reference(
        &mut self,
        to: CType,
        target: CType,
        is_lvalue: bool,
        from: Operand<'a>,
        cast: CastKind,
        span: Span,
    ) -> Result<Operand<'a>> {
        let kind = |place| if is_lvalue { OperandKind::Lvalue(place) } else { OperandKind::Xvalue(place) };
        if let (true, OperandKind::Lvalue(place) | OperandKind::Xvalue(place)) = (from.ty.same(target), &from.kind) {
            return Ok(Operand { ty: target, kind: kind(*place), span });
        }
        if let Some(conversion) = self.explicit_conversion(&from, to)? {
            let address = self.apply_conversion(&from, &conversion, span)?;
            return Ok(Operand { ty: target, kind: kind(Place::Memory(address)), span });
        }
        if cast == CastKind::Static && !self.are_related(from.ty, target)? {
            return Err(self.no_static_cast(from.ty, to, span));
        }
        let address = self.address_of(&from, span)?;
        let (a, b) = (self.types.pointer(from.ty), self.types.pointer(target));
        let address = self.cast_pointer_value(address, a, b, span)?;
        Ok(Operand { ty: target, kind: kind(Place::Memory(address)), span })
    }

    fn cast_value(&mut self, from: &Operand<'a>, to: CType, kind: CastKind, span: Span) -> Result<ExprId> {
        if self.types.as_class(from.ty).is_some() {
            return self.convert_explicitly(from, to, span);
        }
        if let OperandKind::Functions(_) = from.kind {
            return self.convert(from, to, span);
        }
        let source = self.decay(from.ty).unqualified();
        if kind == CastKind::Static && !self.is_static_cast(from, source, to)? {
            return Err(self.no_static_cast(source, to, span));
        }
        let value = self.rvalue(from)?;
        if self.types.is_pointer(source) && self.types.is_pointer(to) {
            let value = self.bind(value, None, span);
            let cast = self.cast_pointer_value(value, source, to, span)?;
            let classes = [source, to].map(|ty| self.types.pointee(ty).and_then(|pointee| self.types.as_class(pointee)));
            return match classes {
                [Some(base), Some(derived)] if base != derived && self.first_byte_of(derived, base)? != 0 => {
                    self.unless_null(value, cast, span)
                }
                _ => Ok(cast),
            };
        }
        if kind == CastKind::Reinterpret && self.types.is_floating(source) != self.types.is_floating(to) {
            let (from, to) = (self.show(source), self.show(to));
            return fail(Code::E0203, format!("`reinterpret_cast` from `{from}` to `{to}`"), span);
        }
        self.convert_value(value, source, to, span)
    }

    /// [expr.static.cast]: implicit conversions, and those that go the other way; no pointers as numbers, or to what is not related.
    fn is_static_cast(&mut self, operand: &Operand<'a>, from: CType, to: CType) -> Result<bool> {
        let is_address = |sema: &Self, ty| sema.types.is_pointer(ty) || ty == CType::NULLPTR;
        if !is_address(self, from) && !is_address(self, to) || self.implicit_conversion(operand, to)?.is_some() {
            return Ok(true);
        }
        match (self.types.pointee(from), self.types.pointee(to)) {
            (Some(a), Some(b)) => Ok(b.is_qualified_at_least(a) && (self.types.is_void(a) || self.are_related(a, b)?)),
            _ => Ok(false),
        }
    }

    /// One type, or a class and a base of it.
    fn are_related(&mut self, a: CType, b: CType) -> Result<bool> {
        match (self.types.as_class(a), self.types.as_class(b)) {
            (Some(x), Some(y)) => Ok(self.base_path(x, y)?.is_some() || self.base_path(y, x)?.is_some()),
            _ => Ok(a.same(b)),
        }
    }

    fn no_static_cast(&self, from: CType, to: CType, span: Span) -> Failure {
        let (from, to) = (self.show(from), self.show(to));
        failure(Code::E0203, format!("no `static_cast` from `{from}` to `{to}`"), span)
    }

    /// Any pointer to any pointer; down from a base to a derived class too.
    fn cast_pointer_value(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        let (Some(a), Some(b)) = (self.types.pointee(from), self.types.pointee(to)) else { return Err(Failure::Poisoned) };
        if let (Some(base), Some(derived)) = (self.types.as_class(a), self.types.as_class(b))
            && base != derived
            && let Some(path) = self.base_path(derived, base)?
        {
            return self.downcast(value, derived, &path, to, span);
        }
        self.convert_value(value, from, to, span)
    }

    pub(super) fn downcast(
        &mut self,
        value: ExprId,
        derived: ClassId,
        path: &[MemberStep],
        to: CType,
        span: Span,
    ) -> Result<ExprId> {
        let mut offset = 0;
        let mut class = derived;
        for step in path {
            if let MemberStep::Base(index) = step {
                self.layout_class(class, span)?;
                let base = self.class(class).bases[*index as usize].clone();
                offset += base.offset;
                class = base.class;
            }
        }
        let ty = self.ir_type(to, span)?;
        let space = self.module.tables.types.as_pointer(self.ir_ty(value)).map_or(ir::Space::Generic, |(_, space)| space);
        let byte = self.module.tables.types.scalar(Scalar::U8);
        let bytes = self.module.tables.types.pointer(byte, space);
        let mut value = value;
        if offset != 0 {
            value = self.add(Expr::PointerCast { base: value, to: bytes }, span)?;
            let back = self.constant(Scalar::I64, (offset as i64).wrapping_neg() as u64, span);
            value = self.add(Expr::Offset { base: value, index: back }, span)?;
        }
        let pointee = self.module.tables.types.as_pointer(ty).map(|(pointee, _)| pointee);
        let Some(pointee) = pointee else { return Err(Failure::Poisoned) };
        let to = self.module.tables.types.pointer(pointee, space);
        self.add(Expr::PointerCast { base: value, to }, span)
    }
}
