//! Objects: reading, storing, addresses, and the address spaces of pointers that are stored.

use super::*;
use ir::{BinaryOp, Expr, Scalar, Space, StmtKind, Type, UnaryOp};
use source::Code;

impl<'a> Sema<'a> {
    /// The value of an operand; arrays become pointers to their first element.
    pub fn rvalue(&mut self, operand: &Operand<'a>) -> Result<ExprId> {
        match &operand.kind {
            OperandKind::Value(Some(value)) => Ok(*value),
            OperandKind::Value(None) => {
                fail(Code::E0233, "a value is needed here, but the expression is of type `void`", operand.span)
            }
            OperandKind::Lvalue(place) | OperandKind::Xvalue(place) => {
                if let (TypeKind::Function(_), Place::Memory(number)) = (self.types.kind(operand.ty), place) {
                    return Ok(*number);
                }
                if let TypeKind::Array(..) = self.types.kind(operand.ty) {
                    let address = self.place_address(*place, operand.ty, operand.span)?;
                    let zero = self.constant(Scalar::I32, 0, operand.span);
                    return self.add(Expr::Element { base: address, index: zero }, operand.span);
                }
                self.read_place(*place, operand.ty, operand.span)
            }
            OperandKind::Functions(set) => match self.single_function(set)? {
                Some(function) => self.function_address(function, operand.span),
                None => fail(
                    Code::E0225,
                    format!("`{}` is overloaded: which function is meant is not said here", set.name),
                    operand.span,
                ),
            },
            OperandKind::Braced(_) => fail(Code::E0233, "a braced list has no value of its own", operand.span),
            OperandKind::Text(literal) => {
                let address = self.literal_address(literal, operand.span)?;
                let zero = self.constant(Scalar::I32, 0, operand.span);
                self.add(Expr::Element { base: address, index: zero }, operand.span)
            }
        }
    }

    /// The array that a string literal is.
    fn literal_address(&mut self, literal: &ast::StrLit, span: Span) -> Result<ExprId> {
        match literal.prefix {
            ast::TextPrefix::None | ast::TextPrefix::Utf8 => self.text_address(&literal.value, span),
            _ => fail(Code::E0303, "string literals of wide characters are not available here", span),
        }
    }

    /// A constant that holds the text and the zero behind it; equal ones are one object, as C++ allows.
    pub(super) fn text_address(&mut self, text: &[u8], span: Span) -> Result<ExprId> {
        let bytes: Vec<u8> = text.iter().copied().chain([0]).collect();
        let element = self.module.tables.types.scalar(Scalar::I8);
        let ty = self.module.tables.types.array(element, Some(bytes.len() as u64));
        let globals = &mut self.module.tables.globals;
        let is_text = |global: &ir::Global| global.literal && global.ty == ty && global.init.as_ref() == Some(&bytes);
        let known = globals.iter().find(|(_, global)| is_text(global)).map(|(id, _)| id);
        let id = known.unwrap_or_else(|| {
            let name = format!("text{}", globals.len());
            globals.add(
                ir::Global {
                    name,
                    ty,
                    space: Space::Constant,
                    init: Some(bytes.clone()),
                    dynamic: false,
                    align: 1,
                    per_thread: 0,
                    literal: true,
                },
                span,
            )
        });
        self.add(Expr::GlobalAddr(id), span)
    }

    pub(super) fn read_place(&mut self, place: Place, ty: CType, span: Span) -> Result<ExprId> {
        match place {
            Place::Memory(pointer) => {
                if self.types.is_void(ty) {
                    return fail(Code::E0233, "an object of type `void` has no value", span);
                }
                self.load(pointer, ty.is_volatile, span)
            }
            Place::Value { value, .. } => Ok(value),
            Place::Bits { unit, field } => self.read_bits(unit, field, ty, span),
        }
    }

    fn read_bits(&mut self, unit: ExprId, field: BitField, ty: CType, span: Span) -> Result<ExprId> {
        let underlying = self.enum_to_int(ty)?;
        let to = match self.types.kind(underlying) {
            TypeKind::Bool => Scalar::Bool,
            TypeKind::Int(kind) => kind.scalar(),
            _ => return fail(Code::E0399, "internal error while lowering: type of a bit-field", span),
        };
        let work = match (field.unit, to.is_signed()) {
            (Scalar::U64, true) => Scalar::I64,
            (Scalar::U64, false) => Scalar::U64,
            (_, true) => Scalar::I32,
            (_, false) => Scalar::U32,
        };
        let raw = self.load(unit, ty.is_volatile, span)?;
        let wide = self.convert_scalar(raw, if work.bits() == 64 { Scalar::U64 } else { Scalar::U32 }, span)?;
        let wide = self.convert_scalar(wide, work, span)?;
        let up = self.constant(Scalar::U32, u64::from(work.bits() - field.shift - field.width), span);
        let down = self.constant(Scalar::U32, u64::from(work.bits() - field.width), span);
        let left = self.add(Expr::Binary { op: BinaryOp::Shl, a: wide, b: up }, span)?;
        let value = self.add(Expr::Binary { op: BinaryOp::Shr, a: left, b: down }, span)?;
        self.convert_scalar(value, to, span)
    }

    /// Stores a value that is already of the object's type.
    pub(super) fn store_place(&mut self, place: Place, ty: CType, value: ExprId, span: Span) -> Result<()> {
        match place {
            Place::Memory(pointer) => {
                let value = self.adapt_for_store(pointer, value, span)?;
                self.push(StmtKind::Store { pointer, value, volatile: ty.is_volatile }, span);
                Ok(())
            }
            Place::Value { .. } => {
                let pointer = self.place_address(place, ty, span)?;
                self.store_place(Place::Memory(pointer), ty, value, span)
            }
            Place::Bits { unit, field } => self.store_bits(unit, field, value, ty.is_volatile, span),
        }
    }

    fn store_bits(&mut self, unit: ExprId, field: BitField, value: ExprId, volatile: bool, span: Span) -> Result<()> {
        let work = if field.unit == Scalar::U64 { Scalar::U64 } else { Scalar::U32 };
        let ones = if field.width == 64 { u64::MAX } else { (1 << field.width) - 1 };
        let old = self.load(unit, volatile, span)?;
        let old = self.convert_scalar(old, work, span)?;
        let clear = self.constant(work, !(ones << field.shift), span);
        let kept = self.add(Expr::Binary { op: BinaryOp::And, a: old, b: clear }, span)?;
        let value = match self.scalar_of(value) {
            Some(scalar) if scalar.is_signed() && work == Scalar::U32 => self.convert_scalar(value, Scalar::I32, span)?,
            _ => value,
        };
        let value = self.convert_scalar(value, work, span)?;
        let mask = self.constant(work, ones, span);
        let low = self.add(Expr::Binary { op: BinaryOp::And, a: value, b: mask }, span)?;
        let shift = self.constant(Scalar::U32, u64::from(field.shift), span);
        let moved = self.add(Expr::Binary { op: BinaryOp::Shl, a: low, b: shift }, span)?;
        let value = self.add(Expr::Binary { op: BinaryOp::Or, a: kept, b: moved }, span)?;
        let value = self.convert_scalar(value, field.unit, span)?;
        self.push(StmtKind::Store { pointer: unit, value, volatile }, span);
        Ok(())
    }

    /// The address of the object that an operand denotes; temporaries get one.
    pub fn address_of(&mut self, operand: &Operand<'a>, span: Span) -> Result<ExprId> {
        match &operand.kind {
            OperandKind::Lvalue(place) | OperandKind::Xvalue(place) => self.place_address(*place, operand.ty, span),
            OperandKind::Value(Some(value)) => {
                let value = *value;
                let address = self.place_address(Place::Value { value, param: None }, operand.ty, span)?;
                self.end_with_expression(address, operand.ty)?;
                Ok(address)
            }
            OperandKind::Braced(_) | OperandKind::Value(None) => fail(Code::E0233, "this has no address", span),
            OperandKind::Functions(_) => self.rvalue(operand),
            OperandKind::Text(literal) => self.literal_address(literal, span),
        }
    }

    pub(super) fn place_address(&mut self, place: Place, _ty: CType, span: Span) -> Result<ExprId> {
        match place {
            Place::Memory(pointer) => Ok(pointer),
            Place::Bits { .. } => fail(Code::E0304, "a bit-field has no address", span),
            Place::Value { value, param } => {
                if let Some(index) = param {
                    // The body is lowered again with this parameter in a local.
                    self.f.next_assumptions.param_locals.insert(index);
                }
                let ty = self.ir_ty(value);
                let local = self.declare_temporary(ty, Some(value), span);
                Ok(self.local_addr(local, span))
            }
        }
    }

    /// Part of a value: looks through `Construct`. The members of a union share bytes, which memory alone has.
    pub(super) fn extract(&mut self, value: ExprId, index: u32, span: Span) -> Result<ExprId> {
        let ty = self.ir_ty(value);
        let types = &self.module.tables.types;
        if types.as_struct(ty).is_some_and(|definition| types.shares_bytes(definition)) {
            let pointer = match *self.f.func.expr(value) {
                Expr::Load { pointer, volatile: false } => pointer,
                _ => {
                    let local = self.declare_temporary(ty, Some(value), span);
                    self.local_addr(local, span)
                }
            };
            let member = self.add(Expr::Field { base: pointer, index }, span)?;
            return self.load(member, false, span);
        }
        match self.f.func.expr(value) {
            Expr::Construct { parts, .. } => match parts.get(index as usize) {
                Some(&part) => Ok(part),
                None => fail(Code::E0399, "internal error while lowering: no such part", span),
            },
            Expr::Load { pointer, volatile } => {
                let (pointer, volatile) = (*pointer, *volatile);
                let is_field = matches!(
                    self.module.tables.types.as_pointer(self.ir_ty(pointer)).map(|(pointee, _)| self
                        .module
                        .tables
                        .types
                        .get(pointee)),
                    Some(Type::Struct(_) | Type::Vector { .. })
                );
                if is_field && !volatile {
                    let pointer = self.add(Expr::Field { base: pointer, index }, span)?;
                    return self.load(pointer, volatile, span);
                }
                self.add(Expr::Extract { value, index }, span)
            }
            _ => self.add(Expr::Extract { value, index }, span),
        }
    }

    /// The common type of two that differ in address spaces alone.
    pub(super) fn join_types(&mut self, a: TypeId, b: TypeId) -> Option<TypeId> {
        if a == b {
            return Some(a);
        }
        let ((pa, sa), (pb, sb)) = (self.module.tables.types.as_pointer(a)?, self.module.tables.types.as_pointer(b)?);
        let pointee = self.join_types(pa, pb)?;
        let space = if sa == sb { sa } else { Space::Generic };
        Some(self.module.tables.types.pointer(pointee, space))
    }

    /// A pointer as the type of the variable wants it, or a note that the variable must be of another type.
    pub(super) fn adapt_for_store(&mut self, pointer: ExprId, value: ExprId, span: Span) -> Result<ExprId> {
        let Some((want, _)) = self.module.tables.types.as_pointer(self.ir_ty(pointer)) else { return Ok(value) };
        let have = self.ir_ty(value);
        if want == have || self.module.tables.types.as_pointer(have).is_none() {
            return Ok(value);
        }
        if let Expr::Zero(_) = self.f.func.expr(value) {
            return Ok(self.zero(want, span));
        }
        let Some(joined) = self.join_types(want, have) else {
            return fail(Code::E0399, "internal error while lowering: a store of another type", span);
        };
        if joined != want {
            self.widen_root(pointer, have, joined, span)?;
        }
        self.add(Expr::PointerCast { base: value, to: want }, span)
    }

    fn widen_root(&mut self, pointer: ExprId, have: TypeId, joined: TypeId, span: Span) -> Result<()> {
        match self.f.func.expr(pointer).clone() {
            Expr::LocalAddr(local) => {
                let key = self.f.func.locals.span(local);
                let open = self.f.undetermined.remove(&key);
                self.f.next_assumptions.locals.insert(key, if open { have } else { joined });
                Ok(())
            }
            Expr::Element { base, .. } if matches!(self.f.func.expr(base), Expr::LocalAddr(_)) => {
                let Expr::LocalAddr(local) = *self.f.func.expr(base) else { return Ok(()) };
                let key = self.f.func.locals.span(local);
                let open = self.f.undetermined.contains(&key);
                let element = if open { have } else { joined };
                let Type::Array { count, .. } = self.module.tables.types.get(self.f.func.locals[local].ty) else { return Ok(()) };
                let array = self.module.tables.types.array(element, count);
                self.f.next_assumptions.locals.insert(key, array);
                Ok(())
            }
            Expr::Field { base, index } => self.widen_field(base, index, have, span),
            // What lies behind a pointer keeps the space it was declared with. A pointer type's space is what is known of it; where it
            // points the address says.
            _ => Ok(()),
        }
    }

    fn widen_field(&mut self, base: ExprId, index: u32, have: TypeId, span: Span) -> Result<()> {
        let owner = self.module.tables.types.as_pointer(self.ir_ty(base)).map(|(pointee, _)| pointee);
        let Some(class) = self.classes.iter().position(|class| class.ir.is_some() && class.ir == owner) else {
            return fail(Code::E0302, "a pointer to this address space cannot be stored here", span);
        };
        self.widen_class_field(ClassId(class as u32), index, have);
        Ok(())
    }

    /// The whole translation starts again with another space for this member.
    pub(super) fn widen_class_field(&mut self, class: ClassId, ir_index: u32, have: TypeId) {
        let Some(field) = self.class(class).fields.iter().position(|field| field.ir_index == ir_index) else { return };
        let space = self.module.tables.types.as_pointer(have).map_or(Space::Generic, |(_, space)| space);
        let key = (self.show_class(class), field as u32);
        let joined = match self.field_spaces.get(&key) {
            Some(&old) if old != space => Space::Generic,
            _ => space,
        };
        if self.field_spaces.insert(key, joined) != Some(joined) {
            self.field_spaces_changed = true;
        }
    }

    /// Parts of a struct, each with the type that the struct wants.
    pub(super) fn construct(&mut self, ty: TypeId, parts: Vec<ExprId>, span: Span) -> Result<ExprId> {
        let Ok(wanted) = ir::parts_of(&mut self.module.tables.types, ty) else {
            return fail(Code::E0399, "internal error while lowering: no parts", span);
        };
        let mut adapted = Vec::new();
        for (index, (part, want)) in parts.into_iter().zip(wanted).enumerate() {
            adapted.push(self.adapt_part(ty, index as u32, part, want, span)?);
        }
        self.add(Expr::Construct { ty, parts: adapted }, span)
    }

    fn adapt_part(&mut self, owner: TypeId, index: u32, part: ExprId, want: TypeId, span: Span) -> Result<ExprId> {
        let have = self.ir_ty(part);
        if have == want || self.module.tables.types.as_pointer(have).is_none() {
            return Ok(part);
        }
        if let Expr::Zero(_) = self.f.func.expr(part) {
            return Ok(self.zero(want, span));
        }
        if self.join_types(want, have) != Some(want) {
            match self.classes.iter().position(|class| class.ir == Some(owner)) {
                Some(class) => self.widen_class_field(ClassId(class as u32), index, have),
                None => return fail(Code::E0302, "a pointer to this address space cannot be stored here", span),
            }
        }
        self.add(Expr::PointerCast { base: part, to: want }, span)
    }

    /// Two pointers with one type, for `?:`.
    pub(super) fn unify(&mut self, a: ExprId, b: ExprId, span: Span) -> Result<(ExprId, ExprId)> {
        let (ta, tb) = (self.ir_ty(a), self.ir_ty(b));
        if ta == tb {
            return Ok((a, b));
        }
        if let Expr::Zero(_) = self.f.func.expr(a) {
            return Ok((self.zero(tb, span), b));
        }
        if let Expr::Zero(_) = self.f.func.expr(b) {
            return Ok((a, self.zero(ta, span)));
        }
        let Some(joined) = self.join_types(ta, tb) else {
            return fail(Code::E0399, "internal error while lowering: operands differ in type", span);
        };
        let cast = |sema: &mut Self, value, ty| {
            if ty == joined { Ok(value) } else { sema.add(Expr::PointerCast { base: value, to: joined }, span) }
        };
        let a = cast(self, a, ta)?;
        let b = cast(self, b, tb)?;
        Ok((a, b))
    }

    /// `-x` and `~x` on a promoted value.
    pub(super) fn negate(&mut self, op: UnaryOp, value: ExprId, span: Span) -> Result<ExprId> {
        self.unary(op, value, span)
    }
}
