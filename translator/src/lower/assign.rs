//! Assignments, simple and compound. The right side comes first, as C++17 has it.

use super::*;
use ast::{BinaryOp as Op, Expr as Tree, ExprKind, OperatorName};
use source::Code;

impl<'a> Sema<'a> {
    pub(super) fn lower_assign(
        &mut self,
        op: Option<Op>,
        lhs: &'a Tree,
        rhs: &'a Tree,
        span: Span,
        wanted: bool,
    ) -> Result<Operand<'a>> {
        let right = self.lower_expr(rhs)?;
        let mark = self.mark();
        // The target of an assignment is seen last, but a class or a call there must not come between.
        let left = self.lower_expr(lhs)?;
        // An operator function may want the object itself.
        let right = match self.types.kind(left.ty) {
            TypeKind::Class(_) | TypeKind::Enum(_) => self.hold(right, mark)?,
            _ => self.hold_value(right, mark)?,
        };
        match op {
            None => self.assign(left, right, span, wanted),
            Some(op) => self.compound_assign(op, left, right, span, wanted),
        }
    }

    /// Reads a scalar right side before the left side's effects.
    fn hold_value(&mut self, operand: Operand<'a>, mark: emit::Mark) -> Result<Operand<'a>> {
        let scalar = self.types.is_arithmetic(operand.ty) || self.types.is_pointer(operand.ty) || self.is_enum(operand.ty);
        match operand.kind {
            OperandKind::Lvalue(place) | OperandKind::Xvalue(place) if scalar => {
                let value = self.read_place(place, operand.ty, operand.span)?;
                let value = self.keep(value, mark, operand.span);
                Ok(Operand::value(operand.ty.unqualified(), value, operand.span))
            }
            _ => self.hold(operand, mark),
        }
    }

    pub(super) fn assign(&mut self, left: Operand<'a>, right: Operand<'a>, span: Span, wanted: bool) -> Result<Operand<'a>> {
        if let Some(class) = self.types.as_class(left.ty)
            && let Some(result) = self.assign_overloaded(class, &left, &right, span)?
        {
            return Ok(result);
        }
        let ty = left.ty;
        if let (Some(class), Some(from)) = (self.types.as_class(ty), self.types.as_class(right.ty))
            && !matches!(right.kind, OperandKind::Braced(_))
            && self.base_path(from, class)?.is_some()
        {
            let is_plain = from == class && !self.needs_cleanup(ty)? && !self.assigns_by_parts(class, span)?;
            let right = match right.kind {
                OperandKind::Value(_) if !is_plain => {
                    let address = self.address_of(&right, span)?;
                    Operand { kind: OperandKind::Xvalue(Place::Memory(address)), ..right }
                }
                _ => right,
            };
            let right = if from == class { right } else { self.upcast_operand(right, class, span)? };
            return self.assign_implicitly(&left, &right, class, span, wanted);
        }
        let place = self.writable(&left, span)?;
        let value = self.convert(&right, ty.unqualified(), span)?;
        let place = if wanted { self.settle_place(place, span)? } else { place };
        self.store_place(place, ty, value, span)?;
        Ok(Operand::lvalue(ty, place, span))
    }

    /// A user's `operator=`, if the class has one with a body.
    fn assign_overloaded(
        &mut self,
        class: ClassId,
        left: &Operand<'a>,
        right: &Operand<'a>,
        span: Span,
    ) -> Result<Option<Operand<'a>>> {
        let key = NameKey::Operator(OperatorName::Assign);
        self.complete_members(class)?;
        let has = self.class(class).members.get(&key).into_iter().flatten().any(|entity| match entity {
            Entity::Function(function) => !self.is_defaulted(self.function(*function).ast),
            _ => true,
        });
        if !has {
            return Ok(None);
        }
        let same_class = self.types.as_class(right.ty) == Some(class);
        let entities = self.class(class).members.get(&key).cloned().unwrap_or_default();
        let candidates = Candidates { entities, args: None, name: "operator=".into() };
        match self.try_overload(&candidates, Some(left), std::slice::from_ref(right), span)? {
            Ok(resolved) if self.is_defaulted(self.function(resolved.function).ast) => Ok(None),
            Ok(resolved) => self.call_resolved(resolved, Some(left), std::slice::from_ref(right), span).map(Some),
            // The implicit copy assignment is left.
            Err(_) if same_class => Ok(None),
            Err(reasons) => {
                let error = failure(Code::E0204, "no `operator=` takes this value", span);
                Err(self.with_reasons(error, reasons))
            }
        }
    }

    fn compound_assign(
        &mut self,
        op: Op,
        left: Operand<'a>,
        right: Operand<'a>,
        span: Span,
        wanted: bool,
    ) -> Result<Operand<'a>> {
        let overloadable = |ty| matches!(self.types.kind(ty), TypeKind::Class(_) | TypeKind::Enum(_));
        if overloadable(left.ty) || overloadable(right.ty) {
            let name = OperatorName::CompoundAssign(op);
            if let Some(result) = self.try_operator(name, vec![left.clone(), right.clone()], span)? {
                return Ok(result);
            }
        }
        let ty = left.ty;
        let place = self.writable(&left, span)?;
        let place = if wanted { self.settle_place(place, span)? } else { place };
        let old = self.read_place(place, ty, span)?;
        let old = Operand::value(ty.unqualified(), old, left.span);
        let result = self.binary_operands(op, old, right, span)?;
        let value = match (self.types.is_pointer(ty), self.is_enum(ty)) {
            (false, false) => {
                let value = self.rvalue(&result)?;
                self.convert_value(value, result.ty, ty.unqualified(), span)?
            }
            _ => self.convert(&result, ty.unqualified(), span)?,
        };
        self.store_place(place, ty, value, span)?;
        Ok(Operand::lvalue(ty, place, span))
    }

    pub(super) fn is_in_constant_memory(&self, pointer: ir::ExprId) -> bool {
        let ty = self.f.func.ty(pointer);
        matches!(self.module.tables.types.as_pointer(ty), Some((_, ir::Space::Constant)))
    }

    /// The place of an lvalue that may be changed.
    pub(super) fn writable(&mut self, operand: &Operand<'a>, span: Span) -> Result<Place> {
        if operand.ty.is_const {
            let shown = self.show(operand.ty);
            return fail(Code::E0212, format!("an object of type `{shown}` cannot be changed"), operand.span);
        }
        if let TypeKind::Array(..) = self.types.kind(operand.ty) {
            return fail(Code::E0212, "an array cannot be changed as a whole", operand.span);
        }
        match operand.kind {
            OperandKind::Lvalue(Place::Value { value, param }) => {
                let pointer = self.place_address(Place::Value { value, param }, operand.ty, span)?;
                Ok(Place::Memory(pointer))
            }
            // CUDA C++ Programming Guide, "__constant__ Memory Space Specifier": kernels read it.
            OperandKind::Lvalue(Place::Memory(pointer)) if self.is_in_constant_memory(pointer) => {
                fail(Code::E0212, "a kernel cannot change constant memory", operand.span)
            }
            OperandKind::Lvalue(place) => Ok(place),
            OperandKind::Xvalue(place) if self.types.as_class(operand.ty).is_some() => Ok(place),
            OperandKind::Value(Some(_)) if self.types.as_class(operand.ty).is_some() => {
                Ok(Place::Memory(self.address_of(operand, span)?))
            }
            _ => fail(Code::E0212, "a temporary value cannot be changed", operand.span),
        }
    }

    pub(super) fn is_braced(tree: &Tree) -> bool {
        matches!(tree.kind, ExprKind::Braced(_))
    }
}
