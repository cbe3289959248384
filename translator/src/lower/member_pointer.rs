//! Pointers to members (C++ [expr.unary.op]/3, [expr.mptr.oper], [conv.mem]).
//!
//! ```text
//! int Point::* axis = &Point::y; p.*axis          ->   axis = 4 + 1; the int 4 bytes behind &p
//! int (Shape::*f)(int) = &Shape::grow; (s.*f)(2)  ->   f = number(Shape::grow); a call of it, or a switch over those it may be
//! ```
//!
//! A pointer to a data member is its offset and one, so that zero is null (the Itanium ABI has -1, but then zeroed memory would be a
//! pointer). A pointer to a member function is a number, as in `sema/function_address.rs`; for the host it is twice as wide, so it has
//! no place in memory here. Neither can come from the host.

use super::*;
use ast::{Expr as Tree, ExprKind};
use ir::{BinaryOp, Expr, Scalar};
use source::Code;

impl<'a> Sema<'a> {
    /// `&C::m` for a member that belongs to objects; `None` for everything else that `&` may stand before.
    pub(crate) fn member_address(&mut self, tree: &'a Tree, span: Span) -> Result<Option<Operand<'a>>> {
        let ExprKind::Name(name) = &tree.kind else { return Ok(None) };
        if !name.is_qualified() {
            return Ok(None);
        }
        let Ok(Found::Members { class, steps, entities }) = self.lookup(name) else { return Ok(None) };
        match entities[..] {
            [Entity::Field(index)] => {
                if steps.iter().any(|step| matches!(step, MemberStep::Field(_))) {
                    return fail(Code::E0225, "a pointer to a member of an anonymous union or structure is not supported", span);
                }
                self.layout_class(class, span)?;
                let field = self.class(class).fields[index as usize].clone();
                if field.bits.is_some() {
                    return fail(Code::E0304, "a bit-field has no address", span);
                }
                let owner = self.class_type(class);
                let ty = self.types.intern(TypeKind::MemberPointer(owner, field.ty));
                let value = self.constant(Scalar::I64, field.offset + 1, span);
                Ok(Some(Operand::value(ty, value, span)))
            }
            [Entity::Function(function)] if self.is_method(function) => {
                let ty = self.method_pointer_type(function)?;
                let value = match self.f.unevaluated {
                    0 => self.function_address(function, span)?,
                    _ => self.zero_number(span),
                };
                Ok(Some(Operand::value(ty, value, span)))
            }
            _ => Ok(None),
        }
    }

    fn method_pointer_type(&mut self, function: FnId) -> Result<CType> {
        let (Some(class), span) = (self.function(function).ctx.class, self.function(function).ast.span()) else {
            return Err(Failure::Poisoned);
        };
        let (ty, class) = (self.method_type(function, span)?, self.class_type(class));
        Ok(self.types.intern(TypeKind::MemberPointer(class, ty)))
    }

    /// `int(float) const`: of a method without its object.
    pub(crate) fn method_type(&mut self, function: FnId, span: Span) -> Result<CType> {
        let signature = self.signature(function)?;
        let result = match signature.result {
            Some(result) => result,
            None => {
                let class = self.function(function).ctx.class.ok_or(Failure::Poisoned)?;
                let object = self.class_type(class);
                let object = self.types.pointer(object);
                let mut params = vec![self.ir_type(object, span)?];
                for param in &signature.params {
                    params.push(self.ir_type(param.ty, span)?);
                }
                self.lower_function(FunctionKey { function, params, known: Vec::new() }, span)?.1
            }
        };
        let params = signature.params.iter().map(|param| param.ty.unqualified()).collect();
        let tree = self.function(function).ast.ty();
        let is_const = tree.quals.const_ || self.is_const_lambda(function);
        let (is_volatile, ref_qual) = (tree.quals.volatile, tree.ref_qual);
        let sig = FunctionSig { result, params, variadic: signature.variadic, is_const, is_volatile, ref_qual };
        Ok(self.types.intern(TypeKind::Function(sig)))
    }

    /// `o.*p`, `q->*p` for a data member.
    pub(super) fn lower_member_access(&mut self, arrow: bool, lhs: &'a Tree, rhs: &'a Tree, span: Span) -> Result<Operand<'a>> {
        let (object, pointer, class, member) = self.member_operands(arrow, lhs, rhs, span)?;
        if let TypeKind::Function(_) = self.types.kind(member) {
            return fail(Code::E0233, "a member function by its pointer can only be called", span);
        }
        let address = self.object_as(&object, class, span)?;
        let (past, one) = (self.rvalue(&pointer)?, self.constant(Scalar::I64, 1, span));
        let offset = self.binary(BinaryOp::Sub, past, one, span)?;
        let start = self.offset_bytes(address, 0, span)?;
        let at = self.add(Expr::Offset { base: start, index: offset }, span)?;
        let pointee = self.ir_type(member, span)?;
        let space = self.module.tables.types.as_pointer(self.ir_ty(address)).map_or(ir::Space::Generic, |(_, space)| space);
        let to = self.module.tables.types.pointer(pointee, space);
        let at = self.add(Expr::PointerCast { base: at, to }, span)?;
        let ty = self.types.qualify(member, object.ty.is_const, object.ty.is_volatile);
        let place = Place::Memory(at);
        let kind = if object.is_lvalue() { OperandKind::Lvalue(place) } else { OperandKind::Xvalue(place) };
        Ok(Operand { ty, kind, span })
    }

    /// The object, the pointer, and what it points to: in which class, of which type.
    fn member_operands(
        &mut self,
        arrow: bool,
        lhs: &'a Tree,
        rhs: &'a Tree,
        span: Span,
    ) -> Result<(Operand<'a>, Operand<'a>, ClassId, CType)> {
        let object = self.lower_expr(lhs)?;
        let object = if arrow { self.dereference(&object, span)? } else { object };
        let mark = self.mark();
        let pointer = self.lower_expr(rhs)?;
        let object = self.hold(object, mark)?;
        let (class, member) = match *self.types.kind(pointer.ty) {
            TypeKind::MemberPointer(owner, member) => (self.types.as_class(owner).ok_or(Failure::Poisoned)?, member),
            _ => {
                let shown = self.show(pointer.ty);
                return fail(Code::E0206, format!("`{shown}` is no pointer to a member"), span);
            }
        };
        let derived = self.types.as_class(object.ty);
        let fits = match derived {
            Some(derived) => self.base_path(derived, class)?.is_some(),
            None => false,
        };
        if !fits {
            let (object, class) = (self.show(object.ty), self.show_class(class));
            return fail(Code::E0206, format!("`{object}` has no members of `{class}`"), span);
        }
        Ok((object, pointer, class, member))
    }

    fn object_as(&mut self, object: &Operand<'a>, class: ClassId, span: Span) -> Result<ExprId> {
        let address = self.address_of(object, span)?;
        let to = self.class_type(class);
        self.upcast(address, object.ty, to, span)
    }

    /// `(o.*f)(x)`, `(q->*f)(x)`
    pub(super) fn call_member_pointer(
        &mut self,
        arrow: bool,
        (lhs, rhs): (&'a Tree, &'a Tree),
        args: &'a [Tree],
        span: Span,
    ) -> Result<Operand<'a>> {
        let (object, pointer, class, member) = self.member_operands(arrow, lhs, rhs, span)?;
        let TypeKind::Function(sig) = self.types.kind(member).clone() else {
            let target = self.lower_member_access(arrow, lhs, rhs, span)?;
            let args = self.lower_args(args)?;
            return self.call_pointer(target, args, span);
        };
        if object.ty.is_const && !sig.is_const {
            return fail(Code::E0206, "the member function is not const, but the object is", span);
        }
        // What is called is sequenced before the arguments ([expr.call]/8).
        let number = self.rvalue(&pointer)?;
        let mark = self.mark();
        let args = self.lower_args(args)?;
        let object = self.hold(object, mark)?;
        let number = self.keep(number, mark, span);
        if args.len() != sig.params.len() {
            return fail(Code::E0204, format!("takes {} arguments, not {}", sig.params.len(), args.len()), span);
        }
        if self.f.unevaluated > 0 {
            return self.result_probe(sig.result, span);
        }
        if let Some(function) = self.fold(number).and_then(|number| self.numbered_function(number)) {
            return self.call_method(function, &object, args, span);
        }
        let mut values = vec![number, self.object_as(&object, class, span)?];
        for (arg, &param) in args.iter().zip(&sig.params) {
            let mark = self.mark();
            let value = self.convert(arg, param, arg.span)?;
            for earlier in values.iter_mut() {
                *earlier = self.keep(*earlier, mark, span);
            }
            values.push(value);
        }
        let params = values[1..].iter().map(|&value| self.ir_ty(value)).collect();
        let func = self.dispatcher(pointer.ty.unqualified(), sig.result, params, span)?;
        self.emit_dispatch(func, sig.result, values, span)
    }

    /// May a pointer of this type lead to the function? Those of bases would need another object.
    pub(super) fn is_member_target(&mut self, function: FnId, owner: CType, member: CType, span: Span) -> Result<bool> {
        let own = self.function(function).ctx.class.filter(|_| self.is_method(function));
        let (Some(own), Some(class)) = (own, self.types.as_class(owner)) else { return Ok(false) };
        if self.base_path(class, own)?.is_none() || !self.method_type(function, span)?.same(member) {
            return Ok(false);
        }
        if own != class || self.is_virtual(function)? {
            let message =
                "a pointer that may lead to a virtual member function, or to one of a base, must be known while translating";
            return fail(Code::E0225, message, span);
        }
        Ok(true)
    }

    /// To `bool`, from null, and from a base's member to the derived class's.
    pub(crate) fn convert_member_pointer(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<Option<ExprId>> {
        let null = |sema: &mut Self, member: CType| match sema.types.kind(member) {
            TypeKind::Function(_) => sema.zero_number(span),
            _ => sema.constant(Scalar::I64, 0, span),
        };
        match (self.types.kind(from).clone(), self.types.kind(to).clone()) {
            (TypeKind::MemberPointer(_, member), TypeKind::Bool) => {
                let none = null(self, member);
                self.binary(BinaryOp::Ne, value, none, span).map(Some)
            }
            (TypeKind::Nullptr | TypeKind::Int(_), TypeKind::MemberPointer(_, member)) => Ok(Some(null(self, member))),
            (TypeKind::MemberPointer(base, member), TypeKind::MemberPointer(derived, _)) => {
                if let TypeKind::Function(_) = self.types.kind(member) {
                    return Ok(Some(value));
                }
                let (Some(base), Some(derived)) = (self.types.as_class(base), self.types.as_class(derived)) else {
                    return Ok(None);
                };
                let Some(path) = self.base_path(derived, base)? else { return Ok(None) };
                let by = self.base_offset(derived, &path, span)?;
                if by == 0 {
                    return Ok(Some(value));
                }
                let (none, by) = (null(self, member), self.constant(Scalar::I64, by, span));
                let is_null = self.binary(BinaryOp::Eq, value, none, span)?;
                let moved = self.binary(BinaryOp::Add, value, by, span)?;
                self.add(Expr::Select { condition: is_null, accept: none, reject: moved }, span).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn base_offset(&mut self, class: ClassId, path: &[MemberStep], span: Span) -> Result<u64> {
        let (mut at, mut offset) = (class, 0);
        for step in path {
            self.layout_class(at, span)?;
            if let MemberStep::Base(index) = step {
                let base = self.class(at).bases[*index as usize].clone();
                offset += base.offset;
                at = base.class;
            }
        }
        Ok(offset)
    }

    /// The type in which two pointers to members are compared ([expr.eq]/4), if one of them is such a pointer.
    pub(super) fn common_member_pointer(&mut self, a: CType, b: CType) -> Result<Option<CType>> {
        Ok(match (self.types.kind(a).clone(), self.types.kind(b).clone()) {
            (TypeKind::MemberPointer(x, _), TypeKind::MemberPointer(y, _)) => {
                match (self.types.as_class(x), self.types.as_class(y)) {
                    (Some(x), Some(y)) if self.base_path(y, x)?.is_some() => Some(b),
                    _ => Some(a),
                }
            }
            (TypeKind::MemberPointer(..), _) => Some(a),
            (_, TypeKind::MemberPointer(..)) => Some(b),
            _ => None,
        })
    }
}
