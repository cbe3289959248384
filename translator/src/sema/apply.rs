//! The IR of conversions that were chosen.

use super::*;
use crate::lower::{Operand, OperandKind};
use ir::{Expr, ExprId, Scalar};

impl<'a> Sema<'a> {
    /// Converts, or says that it cannot be done.
    pub fn convert(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Result<ExprId> {
        match self.implicit_conversion(from, to)? {
            Some(conversion) => self.apply_conversion(from, &conversion, span),
            None => Err(self.no_conversion(from, to, span)),
        }
    }

    /// As a cast or a condition does.
    pub fn convert_explicitly(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Result<ExprId> {
        match self.explicit_conversion(from, to)? {
            Some(conversion) => self.apply_conversion(from, &conversion, span),
            None => Err(self.no_conversion(from, to, span)),
        }
    }

    pub fn no_conversion(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Failure {
        let shown = match from.kind {
            OperandKind::Braced(_) => "a braced list".to_string(),
            OperandKind::Functions(ref set) => format!("function `{}`", set.name),
            _ => format!("`{}`", self.show(from.ty)),
        };
        failure(Code::E0203, format!("no conversion from {shown} to `{}`", self.show(to)), span)
    }

    /// The IR of a conversion: a value, or an address where `to` is a reference.
    pub fn apply_conversion(&mut self, from: &Operand<'a>, conversion: &ImplicitConversion, span: Span) -> Result<ExprId> {
        match &conversion.kind {
            ConversionKind::Standard => self.standard_value(from, conversion.to, span),
            ConversionKind::Bind => {
                let target = self.types.strip_ref(conversion.to);
                let address = self.address_of(from, span)?;
                self.upcast(address, from.ty, target, span)
            }
            ConversionKind::BindTemporary(inner) => {
                let value = self.apply_conversion(from, inner, span)?;
                let ty = self.ir_ty(value);
                let local = self.declare_temporary(ty, Some(value), span);
                let address = self.local_addr(local, span);
                let object = self.types.strip_ref(conversion.to);
                self.end_with_expression(address, object)?;
                Ok(address)
            }
            ConversionKind::Constructor(function) => {
                let class = conversion.to.unqualified();
                self.construct_with(*function, class, vec![from.clone()], span)
            }
            ConversionKind::Ambiguous(a, b) => {
                let name = format!("conversion to {}", self.show(conversion.to));
                Err(self.ambiguous(*a, *b, &name, span))
            }
            ConversionKind::Address(function) => self.function_address(*function, span),
            ConversionKind::Function(function, then) => {
                let result = self.call_method(*function, from, Vec::new(), span)?;
                self.apply_conversion(&result, then, span)
            }
            ConversionKind::Braced => match from.kind {
                OperandKind::Braced(init) => self.init_value_braced(conversion.to.unqualified(), init, span),
                _ => Err(Failure::Poisoned),
            },
            ConversionKind::Ellipsis => {
                let value = self.rvalue(from)?;
                let ty = self.decay(from.ty).unqualified();
                let to = match self.types.kind(ty) {
                    TypeKind::Float => CType::DOUBLE,
                    _ if self.types.is_integral(ty) || self.is_enum(ty) => self.promoted_type(ty)?,
                    _ => ty,
                };
                self.convert_value(value, ty, to, span)
            }
        }
    }

    fn standard_value(&mut self, from: &Operand<'a>, to: CType, span: Span) -> Result<ExprId> {
        if let (Some(derived), Some(base)) = (self.types.as_class(from.ty), self.types.as_class(to)) {
            if derived != base {
                let address = self.address_of(from, span)?;
                let address = self.upcast(address, from.ty, to, span)?;
                let place = crate::lower::Place::Memory(address);
                let kind = if from.is_lvalue() { OperandKind::Lvalue(place) } else { OperandKind::Xvalue(place) };
                let part = Operand { ty: to.with_cv(from.ty.is_const, from.ty.is_volatile), kind, span };
                return self.copy_class(&part, base, span);
            }
            return self.copy_class(from, base, span);
        }
        let value = self.rvalue(from)?;
        let source = self.decay(from.ty).unqualified();
        self.convert_value(value, source, to.unqualified(), span)
    }

    /// Converts a scalar or pointer that both types allow, explicitly too.
    pub fn convert_value(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        if from.same(to) {
            return Ok(value);
        }
        let from = self.enum_to_int(from)?;
        let to = self.enum_to_int(to)?;
        if let Some(value) = self.convert_member_pointer(value, from, to, span)? {
            return Ok(value);
        }
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) => self.convert_pointer(value, a, b, span),
            (TypeKind::Nullptr, TypeKind::Pointer(_)) => {
                let ty = self.ir_type(to, span)?;
                Ok(self.zero(ty, span))
            }
            (TypeKind::Pointer(_) | TypeKind::Nullptr, TypeKind::Bool) => self.truth_of(value, span),
            (TypeKind::Int(_), TypeKind::Pointer(_) | TypeKind::Nullptr) => {
                let ty = self.ir_type(to, span)?;
                if self.is_zero_literal(value) {
                    return Ok(self.zero(ty, span));
                }
                let value = self.convert_scalar(value, Scalar::U64, span)?;
                self.add(Expr::IntToPointer { value, to: ty }, span)
            }
            (TypeKind::Pointer(_), TypeKind::Int(kind)) => {
                let value = self.add(Expr::PointerToInt(value), span)?;
                self.convert_scalar(value, kind.scalar(), span)
            }
            (_, TypeKind::Bool) if self.types.is_arithmetic(from) => self.truth_of(value, span),
            _ if self.types.is_arithmetic(from) && self.types.is_arithmetic(to) => {
                let ty = self.ir_type(to, span)?;
                match self.module.tables.types.as_scalar(ty) {
                    Some(scalar) => self.convert_scalar(value, scalar, span),
                    None => fail(Code::E0203, "no conversion between these types", span),
                }
            }
            _ => fail(Code::E0203, format!("no conversion from `{}` to `{}`", self.show(from), self.show(to)), span),
        }
    }

    /// Keeps the space; changes the pointee where the types differ in more than qualifiers.
    fn convert_pointer(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        if from.same(to) || self.same_layout(from, to) {
            return Ok(value);
        }
        if let (Some(derived), Some(base_class)) = (self.types.as_class(from), self.types.as_class(to))
            && self.base_path(derived, base_class)?.is_some()
        {
            let value = self.bind(value, None, span);
            let base = self.upcast(value, from, to, span)?;
            return match self.first_byte_of(derived, base_class)? {
                0 => Ok(base),
                _ => self.unless_null(value, base, span),
            };
        }
        let pointee = match self.ir_type(to, span) {
            Ok(ty) => ty,
            Err(_) if matches!(self.types.kind(to), TypeKind::Class(_)) => {
                let pointer = self.types.pointer(to);
                let ty = self.ir_type(pointer, span)?;
                match self.module.tables.types.as_pointer(ty) {
                    Some((pointee, _)) => pointee,
                    None => return Err(Failure::Poisoned),
                }
            }
            Err(error) => return Err(error),
        };
        let Some((old, space)) = self.module.tables.types.as_pointer(self.ir_ty(value)) else {
            return fail(Code::E0399, "internal error while lowering: a pointer is needed", span);
        };
        if old == pointee {
            return Ok(value);
        }
        let ty = self.module.tables.types.pointer(pointee, space);
        if let Expr::Zero(_) = self.f.func.expr(value) {
            return Ok(self.zero(ty, span));
        }
        self.add(Expr::PointerCast { base: value, to: ty }, span)
    }

    /// Where the subobject of a base begins.
    pub(crate) fn first_byte_of(&mut self, derived: ClassId, base: ClassId) -> Result<u64> {
        let (mut offset, mut class) = (0, derived);
        for step in self.base_path(derived, base)?.unwrap_or_default() {
            if let MemberStep::Base(index) = step {
                self.layout_class(class, Span::NONE)?;
                let base = &self.class(class).bases[index as usize];
                (offset, class) = (offset + base.offset, base.class);
            }
        }
        Ok(offset)
    }

    /// A null pointer to a class is one to its bases, wherever they lie, and the other way round ([conv.ptr]/3, [expr.static.cast]/11).
    pub(crate) fn unless_null(&mut self, value: ExprId, moved: ExprId, span: Span) -> Result<ExprId> {
        let ty = self.ir_ty(moved);
        let is_this = self.f.this_pointer() == Some(value);
        match self.f.func.expr(value) {
            Expr::Zero(_) => Ok(self.zero(ty, span)),
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) | Expr::Field { .. } | Expr::Element { .. } => Ok(moved),
            _ if is_this => Ok(moved),
            _ => {
                let condition = self.truth_of(value, span)?;
                let reject = self.zero(ty, span);
                self.add(Expr::Select { condition, accept: moved, reject }, span)
            }
        }
    }

    /// Types that differ in qualifiers below the top only.
    pub(crate) fn same_layout(&self, a: CType, b: CType) -> bool {
        match (self.types.kind(a), self.types.kind(b)) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) => a.same(*b) || self.same_layout(*a, *b),
            (TypeKind::Array(a, n), TypeKind::Array(b, m)) => n == m && (a.same(*b) || self.same_layout(*a, *b)),
            _ => a.same(b),
        }
    }

    /// The address of a base within an object.
    pub fn upcast(&mut self, address: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        let (Some(derived), Some(base)) = (self.types.as_class(from), self.types.as_class(to)) else { return Ok(address) };
        if derived == base {
            return Ok(address);
        }
        let Some(path) = self.base_path(derived, base)? else { return Ok(address) };
        self.follow_steps(address, derived, &path, span)
    }

    /// Walks from an object's address to a subobject's.
    pub fn follow_steps(&mut self, address: ExprId, class: ClassId, steps: &[MemberStep], span: Span) -> Result<ExprId> {
        let (mut address, mut class) = (address, class);
        for step in steps {
            self.layout_class(class, span)?;
            let (index, next) = match *step {
                MemberStep::Base(index) => {
                    let base = self.class(class).bases[index as usize].clone();
                    if base.flat && base.offset != 0 {
                        address = self.offset_bytes(address, base.offset as i64, span)?;
                    }
                    (base.ir_index, base.class)
                }
                MemberStep::Field(index) => {
                    let field = &self.class(class).fields[index as usize];
                    let (ir_index, ty) = (field.ir_index, field.ty);
                    let Some(next) = self.types.as_class(ty) else { return Err(Failure::Poisoned) };
                    (Some(ir_index), next)
                }
            };
            address = match index {
                Some(index) => self.add(Expr::Field { base: address, index }, span)?,
                None => self.cast_to_class(address, next, span)?,
            };
            class = next;
        }
        Ok(address)
    }

    pub(crate) fn offset_bytes(&mut self, address: ExprId, by: i64, span: Span) -> Result<ExprId> {
        let space = self.module.tables.types.as_pointer(self.ir_ty(address)).map_or(ir::Space::Generic, |(_, space)| space);
        let byte = self.module.tables.types.scalar(Scalar::U8);
        let bytes = self.module.tables.types.pointer(byte, space);
        let address = self.add(Expr::PointerCast { base: address, to: bytes }, span)?;
        let index = self.constant(Scalar::I64, by as u64, span);
        self.add(Expr::Offset { base: address, index }, span)
    }

    /// An empty base has the address of the object.
    fn cast_to_class(&mut self, address: ExprId, class: ClassId, span: Span) -> Result<ExprId> {
        let ty = self.class_type(class);
        let pointee = self.ir_type(ty, span)?;
        let space = self.module.tables.types.as_pointer(self.ir_ty(address)).map_or(ir::Space::Generic, |(_, space)| space);
        let to = self.module.tables.types.pointer(pointee, space);
        self.add(Expr::PointerCast { base: address, to }, span)
    }
}
