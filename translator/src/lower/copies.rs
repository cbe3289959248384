//! Implicit copies: bytes where no part of the class has a copy of its own, else part by part (C++ [class.copy.ctor]/14,
//! [class.copy.assign]/12).

use super::*;
use ast::OperatorName;
use ir::{Expr, StmtKind};
use source::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copying {
    Construct,
    Assign,
}

impl<'a> Sema<'a> {
    /// Has a base or member a copy constructor, or an assignment, that a user wrote?
    pub(super) fn parts_copy_themselves(&mut self, class: ClassId, copying: Copying, span: Span) -> Result<bool> {
        self.layout_class(class, span)?;
        let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
        let fields: Vec<CType> = self.class(class).fields.iter().map(|field| field.ty).collect();
        let mut parts = bases;
        for mut ty in fields {
            while let TypeKind::Array(element, _) = *self.types.kind(ty) {
                ty = element;
            }
            parts.extend(self.types.as_class(ty));
        }
        for part in parts {
            if self.copies_itself(part, copying)? || self.parts_copy_themselves(part, copying, span)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn copies_itself(&mut self, class: ClassId, copying: Copying) -> Result<bool> {
        self.complete_members(class)?;
        let entities = match copying {
            Copying::Construct => self.constructors(class)?,
            Copying::Assign => {
                let key = NameKey::Operator(OperatorName::Assign);
                self.class(class).members.get(&key).cloned().unwrap_or_default()
            }
        };
        for entity in entities {
            let Entity::Function(function) = entity else { continue };
            if self.is_defaulted(self.function(function).ast) {
                continue;
            }
            let signature = self.signature(function)?;
            let Some(first) = signature.params.first() else { continue };
            let own = self.types.as_class(self.types.strip_ref(first.ty)) == Some(class);
            if own && (copying == Copying::Assign || self.types.is_ref(first.ty)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A new object: the bytes, and over them the parts that have a copy constructor.
    pub(super) fn copy_parts(&mut self, from: &Operand<'a>, class: ClassId, span: Span) -> Result<ExprId> {
        let value = self.rvalue(from)?;
        let ir = self.ir_ty(value);
        let local = self.declare_temporary(ir, Some(value), span);
        let address = self.local_addr(local, span);
        for (at, part, part_class) in self.class_parts(from, address, class, span)? {
            if self.copies_itself(part_class, Copying::Construct)?
                || self.parts_copy_themselves(part_class, Copying::Construct, span)?
            {
                let value = self.copy_class(&part, part_class, span)?;
                self.push(StmtKind::Store { pointer: at, value, volatile: false }, span);
            }
        }
        self.load(address, false, span)
    }

    /// A class that declares a destructor, a copy or an assignment has no implicit move: its parts are copied ([class.copy.ctor]/8).
    fn moves_implicitly(&mut self, class: ClassId) -> Result<bool> {
        let members = &self.class(class).members;
        let assign = NameKey::Operator(OperatorName::Assign);
        if members.contains_key(&NameKey::Destructor) || members.contains_key(&assign) {
            return Ok(false);
        }
        for entity in self.constructors(class)? {
            let Entity::Function(function) = entity else { continue };
            let signature = self.signature(function)?;
            if let Some(first) = signature.params.first()
                && let TypeKind::LvalueRef(target) = *self.types.kind(first.ty)
                && self.types.as_class(target) == Some(class)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Bases and members that are classes: where the new one is, the old one, its class.
    fn class_parts(
        &mut self,
        from: &Operand<'a>,
        to: ExprId,
        class: ClassId,
        span: Span,
    ) -> Result<Vec<(ExprId, Operand<'a>, ClassId)>> {
        let source = self.address_of(from, span)?;
        let mut parts = Vec::new();
        let moves = !from.is_lvalue() && self.moves_implicitly(class)?;
        let part_of = |ty: CType, address| {
            let kind = match moves {
                false => OperandKind::Lvalue(Place::Memory(address)),
                true => OperandKind::Xvalue(Place::Memory(address)),
            };
            Operand { ty: ty.with_cv(from.ty.is_const, from.ty.is_volatile), kind, span }
        };
        for (index, base) in self.class(class).bases.clone().into_iter().enumerate() {
            if self.is_empty_class(base.class) {
                continue;
            }
            let step = [MemberStep::Base(index as u32)];
            let (old, new) = (self.follow_steps(source, class, &step, span)?, self.follow_steps(to, class, &step, span)?);
            let ty = self.class_type(base.class);
            parts.push((new, part_of(ty, old), base.class));
        }
        for field in self.class(class).fields.clone() {
            let mut element = field.ty;
            while let TypeKind::Array(inner, _) = *self.types.kind(element) {
                element = inner;
            }
            let Some(inner) = self.types.as_class(element) else { continue };
            if element != field.ty {
                if self.copies_itself(inner, Copying::Construct)? || self.copies_itself(inner, Copying::Assign)? {
                    return fail(Code::E0230, "copying an array of objects that copy themselves is not supported", span);
                }
                continue;
            }
            let old = self.add(Expr::Field { base: source, index: field.ir_index }, span)?;
            let new = self.add(Expr::Field { base: to, index: field.ir_index }, span)?;
            parts.push((new, part_of(field.ty, old), inner));
        }
        Ok(parts)
    }

    pub(super) fn assigns_by_parts(&mut self, class: ClassId, span: Span) -> Result<bool> {
        Ok(self.parts_copy_themselves(class, Copying::Assign, span)? || self.is_stored_by_parts(class, span)?)
    }

    /// `left = right` of one class without an `operator=` of its own.
    pub(super) fn assign_implicitly(
        &mut self,
        left: &Operand<'a>,
        right: &Operand<'a>,
        class: ClassId,
        span: Span,
        wanted: bool,
    ) -> Result<Operand<'a>> {
        let place = self.writable(left, span)?;
        if !self.assigns_by_parts(class, span)? {
            let value = self.rvalue(right)?;
            let place = if wanted { self.settle_place(place, span)? } else { place };
            self.store_place(place, left.ty, value, span)?;
            return Ok(Operand::lvalue(left.ty, place, span));
        }
        let target = self.place_address(place, left.ty, span)?;
        let target = self.bind(target, None, span);
        let result = Operand::lvalue(left.ty, Place::Memory(target), span);
        // The parts that assign themselves see the old values, so they go first; the bytes of the others follow.
        let fields = self.class(class).fields.clone();
        let parts = self.class_parts(right, target, class, span)?;
        for (at, part, part_class) in parts {
            let ty = self.class_type(part_class);
            let own = Operand::lvalue(ty, Place::Memory(at), span);
            self.assign(own, part, span, false)?;
        }
        let source = self.address_of(right, span)?;
        for field in fields {
            if self.types.as_class(field.ty).is_some() {
                continue;
            }
            let old = self.add(Expr::Field { base: source, index: field.ir_index }, span)?;
            let new = self.add(Expr::Field { base: target, index: field.ir_index }, span)?;
            let value = self.load(old, false, span)?;
            self.push(StmtKind::Store { pointer: new, value, volatile: false }, span);
        }
        Ok(result)
    }
}
