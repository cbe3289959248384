//! Unary, binary and conditional operators: built-in ones by the usual arithmetic conversions, others by overloads.

use super::*;
use ast::{BinaryOp as Op, Expr as Tree, OperatorName, PostfixOp, UnaryOp as UnaryTree};
use ir::{BinaryOp, Expr, LogicalOp, Scalar, StmtKind, UnaryOp};
use source::Code;

impl<'a> Sema<'a> {
    /// The operand with its value bound, if an effect since `mark` could change it.
    pub(super) fn hold(&mut self, operand: Operand<'a>, mark: emit::Mark) -> Result<Operand<'a>> {
        let kind = match operand.kind {
            OperandKind::Value(Some(value)) => OperandKind::Value(Some(self.keep(value, mark, operand.span))),
            OperandKind::Lvalue(Place::Memory(pointer)) => {
                OperandKind::Lvalue(Place::Memory(self.keep(pointer, mark, operand.span)))
            }
            OperandKind::Xvalue(Place::Memory(pointer)) => {
                OperandKind::Xvalue(Place::Memory(self.keep(pointer, mark, operand.span)))
            }
            other => other,
        };
        Ok(Operand { kind, ..operand })
    }

    fn is_overloadable(&self, operand: &Operand<'a>) -> bool {
        matches!(self.types.kind(operand.ty), TypeKind::Class(_) | TypeKind::Enum(_))
    }

    pub(super) fn lower_unary(&mut self, op: UnaryTree, tree: &'a Tree, span: Span) -> Result<Operand<'a>> {
        if let UnaryTree::Increment | UnaryTree::Decrement = op {
            return self.lower_prefix(op, tree, span, true);
        }
        if op == UnaryTree::LabelAddress {
            return fail(Code::E0222, "the address of a label is not supported", span);
        }
        if op == UnaryTree::AddressOf
            && let Some(pointer) = self.member_address(tree, span)?
        {
            return Ok(pointer);
        }
        let operand = self.lower_expr(tree)?;
        if self.is_overloadable(&operand)
            && let Some(name) = overloaded_unary(op)
            && let Some(result) = self.try_operator(name, vec![operand.clone()], span)?
        {
            return Ok(result);
        }
        if let (UnaryTree::Plus, Some(class)) = (op, self.types.as_class(operand.ty))
            && let Some(function) = self.closure_function(class)
        {
            let ty = self.function_type(function)?;
            let value = self.function_address(function, span)?;
            return Ok(Operand::value(self.types.pointer(ty), value, span));
        }
        match op {
            UnaryTree::Deref => self.dereference(&operand, span),
            UnaryTree::AddressOf => self.take_address(&operand, span),
            UnaryTree::Not => {
                let value = self.condition_value(&operand)?;
                let value = self.not(value, span)?;
                Ok(Operand::value(CType::BOOL, value, span))
            }
            UnaryTree::Plus => {
                let operand = self.decayed_function(operand)?;
                let ty = self.decay(operand.ty).unqualified();
                if !self.types.is_pointer(ty) {
                    return self.arithmetic_unary(op, &operand, span);
                }
                let value = self.rvalue(&operand)?;
                Ok(Operand::value(ty, value, span))
            }
            _ => self.arithmetic_unary(op, &operand, span),
        }
    }

    fn arithmetic_unary(&mut self, op: UnaryTree, operand: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        let operand = self.builtin_operand(operand)?;
        let operand = self.promoted_bits(operand)?;
        let ty = operand.ty.unqualified();
        let allowed = self.types.is_integral(ty)
            || self.is_enum(ty) && !self.is_scoped_enum(ty)
            || self.types.is_floating(ty) && op != UnaryTree::BitNot;
        if !allowed {
            let shown = self.show(ty);
            return fail(Code::E0206, format!("operator `{}` does not apply to `{shown}`", op.as_str()), span);
        }
        let promoted = self.promoted_type(ty)?;
        let value = self.rvalue(&operand)?;
        let value = self.convert_value(value, ty, promoted, span)?;
        let value = match op {
            UnaryTree::Minus => self.negate(UnaryOp::Neg, value, span)?,
            UnaryTree::BitNot => self.negate(UnaryOp::BitNot, value, span)?,
            _ => value,
        };
        Ok(Operand::value(promoted, value, span))
    }

    pub(super) fn dereference(&mut self, operand: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        if let (OperandKind::Functions(_), _) | (_, TypeKind::Function(_)) = (&operand.kind, self.types.kind(operand.ty)) {
            return Ok(operand.clone());
        }
        let operand = self.builtin_operand(operand)?;
        let ty = self.decay(operand.ty);
        if let (TypeKind::Array(element, _), OperandKind::Lvalue(_) | OperandKind::Xvalue(_)) =
            (self.types.kind(operand.ty).clone(), &operand.kind)
        {
            let pointer = self.rvalue(&operand)?;
            return Ok(Operand::lvalue(element, Place::Memory(pointer), span));
        }
        let Some(pointee) = self.types.pointee(ty) else {
            let shown = self.show(operand.ty);
            return fail(Code::E0206, format!("`{shown}` is no pointer"), span);
        };
        let pointer = self.rvalue(&operand)?;
        Ok(Operand::lvalue(pointee, Place::Memory(pointer), span))
    }

    fn take_address(&mut self, operand: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        match &operand.kind {
            OperandKind::Lvalue(place) => {
                let pointer = self.place_address(*place, operand.ty, span)?;
                let ty = self.types.pointer(operand.ty);
                Ok(Operand::value(ty, pointer, span))
            }
            // Which one is meant may be said by what the address becomes.
            OperandKind::Functions(_) => Ok(operand.clone()),
            OperandKind::Text(_) => {
                let pointer = self.address_of(operand, span)?;
                let ty = self.types.pointer(operand.ty);
                Ok(Operand::value(ty, pointer, span))
            }
            _ => fail(Code::E0206, "only an object has an address, not a temporary value", span),
        }
    }

    /// `++x`
    pub(super) fn lower_prefix(&mut self, op: UnaryTree, tree: &'a Tree, span: Span, wanted: bool) -> Result<Operand<'a>> {
        let operand = self.lower_expr(tree)?;
        self.prefix_operand(op, operand, span, wanted)
    }

    pub(super) fn prefix_operand(
        &mut self,
        op: UnaryTree,
        operand: Operand<'a>,
        span: Span,
        wanted: bool,
    ) -> Result<Operand<'a>> {
        let up = op == UnaryTree::Increment;
        if self.is_overloadable(&operand) {
            let name = if up { OperatorName::Increment } else { OperatorName::Decrement };
            return self.call_operator(name, vec![operand], span);
        }
        let place = self.writable(&operand, span)?;
        let place = if wanted { self.settle_place(place, span)? } else { place };
        let old = self.read_place(place, operand.ty, span)?;
        let new = self.step(old, operand.ty, up, span)?;
        self.store_place(place, operand.ty, new, span)?;
        Ok(Operand::lvalue(operand.ty, place, span))
    }

    /// `x++`: the old value is bound before the store, if somebody wants it.
    pub(super) fn lower_postfix(&mut self, op: PostfixOp, tree: &'a Tree, span: Span, wanted: bool) -> Result<Operand<'a>> {
        let up = op == PostfixOp::Increment;
        let operand = self.lower_expr(tree)?;
        if self.is_overloadable(&operand) {
            let name = if up { OperatorName::Increment } else { OperatorName::Decrement };
            let zero = self.constant(Scalar::I32, 0, span);
            return self.call_operator(name, vec![operand, Operand::value(CType::INT, zero, span)], span);
        }
        let place = self.writable(&operand, span)?;
        let mut old = self.read_place(place, operand.ty, span)?;
        if wanted {
            old = self.bind(old, None, span);
        }
        let new = self.step(old, operand.ty, up, span)?;
        self.store_place(place, operand.ty, new, span)?;
        Ok(Operand::value(operand.ty.unqualified(), old, span))
    }

    /// One more or one less, in the type's own arithmetic.
    fn step(&mut self, value: ExprId, ty: CType, up: bool, span: Span) -> Result<ExprId> {
        if let Some(pointee) = self.types.pointee(ty) {
            let one = self.constant(Scalar::I32, if up { 1 } else { u64::MAX }, span);
            return self.offset(value, one, pointee, span);
        }
        let ty = ty.unqualified();
        if !self.types.is_arithmetic(ty) || ty == CType::BOOL && !up {
            let shown = self.show(ty);
            return fail(Code::E0206, format!("`{shown}` cannot be counted up or down"), span);
        }
        let promoted = self.promoted_type(ty)?;
        let wide = self.convert_value(value, ty, promoted, span)?;
        let one = self.constant(Scalar::I32, 1, span);
        let one = self.convert_value(one, CType::INT, promoted, span)?;
        let op = if up { BinaryOp::Add } else { BinaryOp::Sub };
        let sum = self.binary(op, wide, one, span)?;
        self.convert_value(sum, promoted, ty, span)
    }

    pub(super) fn lower_binary(&mut self, op: Op, lhs: &'a Tree, rhs: &'a Tree, span: Span) -> Result<Operand<'a>> {
        match op {
            Op::And | Op::Or => return self.lower_logical(op, lhs, rhs, span),
            Op::DotStar | Op::ArrowStar => return self.lower_member_access(op == Op::ArrowStar, lhs, rhs, span),
            Op::ThreeWay => return fail(Code::E0230, "`<=>` is not supported", span),
            _ => {}
        }
        let object = self.lower_expr(lhs)?;
        let value = self.settle_lvalue(object.clone())?;
        let mark = self.mark();
        let b = self.lower_expr(rhs)?;
        // An operator function may want the object itself.
        let a = if self.is_overloadable(&b) { object } else { value };
        let a = self.hold(a, mark)?;
        self.binary_operands(op, a, b, span)
    }

    /// A scalar lvalue is read at once: the other operand might change it.
    fn settle_lvalue(&mut self, operand: Operand<'a>) -> Result<Operand<'a>> {
        let scalar = self.types.is_arithmetic(operand.ty) || self.types.is_pointer(operand.ty);
        let operand = self.promoted_bits(operand)?;
        match operand.kind {
            OperandKind::Lvalue(place) | OperandKind::Xvalue(place) if scalar => {
                let value = self.read_place(place, operand.ty, operand.span)?;
                Ok(Operand::value(operand.ty.unqualified(), value, operand.span))
            }
            _ => Ok(operand),
        }
    }

    /// A bit-field is an int if that holds all its values, whatever its type is ([conv.prom]/5).
    fn promoted_bits(&mut self, operand: Operand<'a>) -> Result<Operand<'a>> {
        let (OperandKind::Lvalue(Place::Bits { field, .. }) | OperandKind::Xvalue(Place::Bits { field, .. })) = operand.kind
        else {
            return Ok(operand);
        };
        let ty = operand.ty.unqualified();
        let TypeKind::Int(kind) = *self.types.kind(ty) else { return Ok(operand) };
        let room = if kind.scalar().is_signed() { 32 } else { 31 };
        if field.width > room {
            return Ok(operand);
        }
        let value = self.rvalue(&operand)?;
        let value = self.convert_value(value, ty, CType::INT, operand.span)?;
        Ok(Operand::value(CType::INT, value, operand.span))
    }

    pub(super) fn binary_operands(&mut self, op: Op, a: Operand<'a>, b: Operand<'a>, span: Span) -> Result<Operand<'a>> {
        // Nearly all operands are numbers: nothing is overloaded for them and nothing becomes of them first.
        if self.is_plain_number(&a) && self.is_plain_number(&b) {
            return self.builtin_binary(op, &a, &b, span);
        }
        if (self.is_overloadable(&a) || self.is_overloadable(&b))
            && let Some(result) = self.try_operator(OperatorName::Binary(op), vec![a.clone(), b.clone()], span)?
        {
            return Ok(result);
        }
        if let Op::Eq | Op::Ne = op
            && (self.is_overloadable(&a) || self.is_overloadable(&b))
            && let Some(result) = self.rewritten_equality(op, &a, &b, span)?
        {
            return Ok(result);
        }
        let (a, b) = (self.decayed_function(a)?, self.decayed_function(b)?);
        let (a, b) = (self.promoted_bits(a)?, self.promoted_bits(b)?);
        let (a, b) = self.builtin_operands(op, &a, &b)?;
        self.builtin_binary(op, &a, &b, span)
    }

    /// A number, but no bit-field.
    fn is_plain_number(&self, operand: &Operand<'a>) -> bool {
        self.types.is_arithmetic(operand.ty)
            && matches!(
                operand.kind,
                OperandKind::Value(Some(_))
                    | OperandKind::Lvalue(Place::Memory(_) | Place::Value { .. })
                    | OperandKind::Xvalue(Place::Memory(_) | Place::Value { .. })
            )
    }

    /// C++20 [over.match.oper]/3.4: without an operator of its own, `a != b` is `!(a == b)`, and `a == b` is `b == a`. Tried where
    /// nothing else fits, so what C++17 means by an expression stays as it is.
    fn rewritten_equality(&mut self, op: Op, a: &Operand<'a>, b: &Operand<'a>, span: Span) -> Result<Option<Operand<'a>>> {
        let operands = [a.clone(), b.clone()];
        let scalar = |sema: &mut Self| sema.builtin_choice(OperatorName::Binary(op), &operands);
        if scalar(self)?.is_some() || self.is_enum(a.ty) && self.is_enum(b.ty) {
            return Ok(None);
        }
        let equality = OperatorName::Binary(Op::Eq);
        let mut found = None;
        if op == Op::Ne {
            found = self.try_operator(equality, vec![a.clone(), b.clone()], span)?;
        }
        if found.is_none() {
            found = self.try_operator(equality, vec![b.clone(), a.clone()], span)?;
        }
        let Some(equal) = found else { return Ok(None) };
        if op == Op::Eq {
            return Ok(Some(equal));
        }
        let equal = self.condition_value(&equal)?;
        let value = self.not(equal, span)?;
        Ok(Some(Operand::value(CType::BOOL, value, span)))
    }

    fn builtin_binary(&mut self, op: Op, a: &Operand<'a>, b: &Operand<'a>, span: Span) -> Result<Operand<'a>> {
        let (ta, tb) = (self.decay(a.ty).unqualified(), self.decay(b.ty).unqualified());
        let pointers = (self.types.pointee(ta), self.types.pointee(tb));
        if let (Op::Eq | Op::Ne, Some(common)) = (op, self.common_member_pointer(ta, tb)?) {
            let (x, y) = (self.convert(a, common, span)?, self.convert(b, common, span)?);
            let value = self.binary(ir_op(op), x, y, span)?;
            return Ok(Operand::value(CType::BOOL, value, span));
        }
        let is_null = |ty: CType| ty == CType::NULLPTR;
        if pointers.0.is_some() || pointers.1.is_some() || is_null(ta) || is_null(tb) {
            return self.pointer_binary(op, a, b, ta, tb, span);
        }
        if !self.is_builtin_operand(ta) || !self.is_builtin_operand(tb) || self.scoped_mismatch(op, ta, tb) {
            let (ta, tb) = (self.show(ta), self.show(tb));
            return fail(Code::E0206, format!("operator `{}` does not apply to `{ta}` and `{tb}`", op.as_str()), span);
        }
        let (mut x, mut y) = (self.rvalue(a)?, self.rvalue(b)?);
        let ir_op = ir_op(op);
        if ir_op.is_shift() {
            let (pa, pb) = (self.promoted_type(ta)?, self.promoted_type(tb)?);
            if !self.types.is_integral(pa) || !self.types.is_integral(pb) {
                let (ta, tb) = (self.show(ta), self.show(tb));
                return fail(Code::E0206, format!("operator `{}` does not apply to `{ta}` and `{tb}`", op.as_str()), span);
            }
            x = self.convert_value(x, ta, pa, span)?;
            y = self.convert_value(y, tb, pb, span)?;
            let value = self.add(Expr::Binary { op: ir_op, a: x, b: y }, span)?;
            return Ok(Operand::value(pa, value, span));
        }
        let common = self.common_type(ta, tb)?;
        let floats = self.types.is_floating(common);
        if floats && matches!(op, Op::Rem | Op::BitAnd | Op::BitOr | Op::BitXor) {
            let (ta, tb) = (self.show(ta), self.show(tb));
            return fail(Code::E0206, format!("operator `{}` does not apply to `{ta}` and `{tb}`", op.as_str()), span);
        }
        // Comparing two bools needs no integers.
        if ta == CType::BOOL && tb == CType::BOOL && matches!(op, Op::Eq | Op::Ne) {
            let value = self.binary(ir_op, x, y, span)?;
            return Ok(Operand::value(CType::BOOL, value, span));
        }
        x = self.convert_value(x, ta, common, span)?;
        y = self.convert_value(y, tb, common, span)?;
        let value = self.binary(ir_op, x, y, span)?;
        let ty = if ir_op.is_comparison() { CType::BOOL } else { common };
        Ok(Operand::value(ty, value, span))
    }

    fn is_builtin_operand(&self, ty: CType) -> bool {
        self.types.is_arithmetic(ty) || self.is_enum(ty)
    }

    /// Scoped enums compare with themselves only and have no arithmetic.
    fn scoped_mismatch(&self, op: Op, a: CType, b: CType) -> bool {
        let scoped = self.is_scoped_enum(a) || self.is_scoped_enum(b);
        scoped && !(a == b && ir_op(op).is_comparison())
    }

    /// The usual arithmetic conversions ([expr.arith.conv]).
    pub fn common_type(&mut self, a: CType, b: CType) -> Result<CType> {
        if a == CType::DOUBLE || b == CType::DOUBLE {
            return Ok(CType::DOUBLE);
        }
        if a == CType::FLOAT || b == CType::FLOAT {
            return Ok(CType::FLOAT);
        }
        let (a, b) = (self.promoted_type(a)?, self.promoted_type(b)?);
        let (Some(x), Some(y)) = (self.types.as_int(a), self.types.as_int(b)) else { return Ok(a) };
        if x == y {
            return Ok(a);
        }
        let (sx, sy) = (x.scalar().is_signed(), y.scalar().is_signed());
        if sx == sy {
            return Ok(if x.rank() >= y.rank() { a } else { b });
        }
        let (unsigned, signed) = if sx { (y, x) } else { (x, y) };
        let kind = if unsigned.rank() >= signed.rank() {
            unsigned
        } else if signed.scalar().bits() > unsigned.scalar().bits() {
            signed
        } else {
            signed.to_unsigned()
        };
        Ok(CType::int(kind))
    }

    fn pointer_binary(
        &mut self,
        op: Op,
        a: &Operand<'a>,
        b: &Operand<'a>,
        ta: CType,
        tb: CType,
        span: Span,
    ) -> Result<Operand<'a>> {
        let (pa, pb) = (self.types.pointee(ta), self.types.pointee(tb));
        let comparison = ir_op_opt(op).is_some_and(BinaryOp::is_comparison);
        // C++ [expr.add]: only pointers to objects move.
        let is_function = |ty: Option<CType>| ty.is_some_and(|ty| matches!(self.types.kind(ty), TypeKind::Function(_)));
        if !comparison && (is_function(pa) || is_function(pb)) {
            let (ta, tb) = (self.show(ta), self.show(tb));
            return fail(Code::E0206, format!("operator `{}` does not apply to `{ta}` and `{tb}`", op.as_str()), span);
        }
        match (op, pa, pb) {
            (Op::Add, Some(pointee), None) => self.pointer_step(a, b, ta, pointee, false, span),
            (Op::Add, None, Some(pointee)) => self.pointer_step(b, a, tb, pointee, false, span),
            (Op::Sub, Some(pointee), None) => self.pointer_step(a, b, ta, pointee, true, span),
            (Op::Sub, Some(x), Some(y)) if x.same(y) => {
                let (a, b) = (self.rvalue(a)?, self.rvalue(b)?);
                let value = self.add(Expr::PointerDiff { a, b }, span)?;
                Ok(Operand::value(CType::LONG, value, span))
            }
            _ if comparison => {
                let x = self.rvalue(a)?;
                let y = self.rvalue(b)?;
                // The literal 0 and nullptr take the other side's type.
                let (x, y) = match (pa, pb) {
                    (Some(_), None) => (x, self.null_like(x, b, y, tb, span)?),
                    (None, Some(_)) => (self.null_like(y, a, x, ta, span)?, y),
                    // C++ [expr.eq], [expr.rel]: nullptr compares with pointers, and for equality with itself.
                    (None, None) if ta != tb || !matches!(op, Op::Eq | Op::Ne) => {
                        let (ta, tb) = (self.show(ta), self.show(tb));
                        return fail(
                            Code::E0206,
                            format!("operator `{}` does not apply to `{ta}` and `{tb}`", op.as_str()),
                            span,
                        );
                    }
                    (None, None) => {
                        let value = self.constant(ir::Scalar::Bool, u64::from(op == Op::Eq), span);
                        return Ok(Operand::value(CType::BOOL, value, span));
                    }
                    _ => (x, y),
                };
                let value = self.add(Expr::Binary { op: ir_op(op), a: x, b: y }, span)?;
                Ok(Operand::value(CType::BOOL, value, span))
            }
            _ => {
                let (ta, tb) = (self.show(ta), self.show(tb));
                fail(Code::E0206, format!("operator `{}` does not apply to `{ta}` and `{tb}`", op.as_str()), span)
            }
        }
    }

    fn null_like(&mut self, like: ExprId, operand: &Operand<'a>, value: ExprId, ty: CType, span: Span) -> Result<ExprId> {
        let is_zero = matches!(self.f.func.expr(value), Expr::Const { bits: 0, .. } | Expr::NamedConst(_) | Expr::Zero(_));
        if ty == CType::NULLPTR || is_zero && self.fold(value).unwrap_or(0) == 0 {
            let ty = self.ir_ty(like);
            return Ok(self.zero(ty, span));
        }
        let shown = self.show(operand.ty);
        fail(Code::E0206, format!("a pointer cannot be compared with `{shown}`"), span)
    }

    fn pointer_step(
        &mut self,
        base: &Operand<'a>,
        index: &Operand<'a>,
        ty: CType,
        pointee: CType,
        back: bool,
        span: Span,
    ) -> Result<Operand<'a>> {
        let is_array = matches!(self.types.kind(base.ty), TypeKind::Array(..));
        let mut step = self.index_value(index)?;
        if back {
            // An unsigned 32-bit step must not wrap around when it is negated.
            if let Some(Scalar::U32) = self.scalar_of(step) {
                step = self.convert_scalar(step, Scalar::I64, span)?;
            }
            step = self.unary(UnaryOp::Neg, step, span)?;
        }
        if let (true, OperandKind::Lvalue(place) | OperandKind::Xvalue(place)) = (is_array, &base.kind) {
            let address = self.place_address(*place, base.ty, span)?;
            let value = self.add(Expr::Element { base: address, index: step }, span)?;
            return Ok(Operand::value(ty, value, span));
        }
        let pointer = self.rvalue(base)?;
        let value = self.offset(pointer, step, pointee, span)?;
        Ok(Operand::value(ty, value, span))
    }

    /// `&&` and `||`: a lazy expression where the right side is pure, otherwise a branch.
    fn lower_logical(&mut self, op: Op, lhs: &'a Tree, rhs: &'a Tree, span: Span) -> Result<Operand<'a>> {
        let mut left = self.lower_expr(lhs)?;
        if self.overloads_logical {
            let mark = self.mark();
            let right = self.unevaluated(|sema| sema.lower_expr(rhs))?;
            if !self.is_overloadable(&left) && !self.is_overloadable(&right) {
                return self.builtin_logical(op, left, rhs, span);
            }
            let candidates = self.operator_candidates(OperatorName::Binary(op), &[left.clone(), right])?;
            if !candidates.entities.is_empty() {
                let right = self.lower_expr(rhs)?;
                left = self.hold(left, mark)?;
                if let Some(result) = self.try_operator(OperatorName::Binary(op), vec![left.clone(), right.clone()], span)? {
                    return Ok(result);
                }
            }
        }
        self.builtin_logical(op, left, rhs, span)
    }

    fn builtin_logical(&mut self, op: Op, left: Operand<'a>, rhs: &'a Tree, span: Span) -> Result<Operand<'a>> {
        let a = self.condition_value(&left)?;
        let (block, b) = self.block(|sema| {
            let right = sema.lower_expr(rhs)?;
            sema.condition_value(&right)
        })?;
        let logical = if op == Op::And { LogicalOp::And } else { LogicalOp::Or };
        if block.stmts.is_empty() {
            let value = self.add(Expr::Logical { op: logical, a, b }, span)?;
            return Ok(Operand::value(CType::BOOL, value, span));
        }
        let ty = self.module.tables.types.scalar(Scalar::Bool);
        let local = self.declare_temporary(ty, Some(a), span);
        let address = self.local_addr(local, span);
        let now = self.load(address, false, span)?;
        let condition = if op == Op::And { now } else { self.not(now, span)? };
        let mut accept = block;
        accept.stmts.push(ir::Stmt { kind: StmtKind::Store { pointer: address, value: b, volatile: false }, span });
        self.push(StmtKind::If { condition, accept, reject: ir::Block::default() }, span);
        let value = self.load(address, false, span)?;
        Ok(Operand::value(CType::BOOL, value, span))
    }

    /// An operand contextually converted to bool ([conv]/4).
    pub(super) fn condition_value(&mut self, operand: &Operand<'a>) -> Result<ExprId> {
        if self.types.as_class(operand.ty).is_some() {
            return self.convert_explicitly(operand, CType::BOOL, operand.span);
        }
        let ty = self.decay(operand.ty).unqualified();
        if let TypeKind::MemberPointer(..) = self.types.kind(ty) {
            let value = self.rvalue(operand)?;
            return self.convert_value(value, ty, CType::BOOL, operand.span);
        }
        let ok = self.types.is_arithmetic(ty)
            || self.types.is_pointer(ty)
            || ty == CType::NULLPTR
            || self.is_enum(ty) && !self.is_scoped_enum(ty);
        if !ok {
            let shown = self.show(ty);
            return fail(Code::E0203, format!("no conversion from `{shown}` to `bool`"), operand.span);
        }
        let value = self.rvalue(operand)?;
        self.truth_of(value, operand.span)
    }

    pub(super) fn lower_condition(&mut self, tree: &'a Tree) -> Result<ExprId> {
        let operand = self.lower_expr(tree)?;
        self.condition_value(&operand)
    }

    pub(super) fn lower_conditional(
        &mut self,
        condition: &'a Tree,
        then: Option<&'a Tree>,
        otherwise: &'a Tree,
        span: Span,
    ) -> Result<Operand<'a>> {
        let Some(then) = then else { return self.lower_elvis(condition, otherwise, span) };
        let condition = self.lower_condition(condition)?;
        if let Some(bits) = self.fold(condition) {
            // The chosen arm alone is lowered; the other one only gives its part of the type.
            let (taken, left) = if bits != 0 { (then, otherwise) } else { (otherwise, then) };
            if let Some(operand) = self.constant_conditional(taken, left, span)? {
                return Ok(operand);
            }
        }
        let (mut accept, a) = self.block(|sema| sema.lower_arm(then))?;
        let (mut reject, b) = self.block(|sema| sema.lower_arm(otherwise))?;
        let pure = accept.stmts.is_empty() && reject.stmts.is_empty();
        if self.types.is_void(a.ty) && !matches!(a.kind, OperandKind::Braced(_)) || self.types.is_void(b.ty) {
            if !pure {
                self.push(StmtKind::If { condition, accept, reject }, span);
            }
            return Ok(Operand::void(span));
        }
        if let (OperandKind::Lvalue(Place::Memory(x)), OperandKind::Lvalue(Place::Memory(y)), true) =
            (&a.kind, &b.kind, pure && a.ty == b.ty)
        {
            let (x, y) = self.unify(*x, *y, span)?;
            let pointer = self.add(Expr::Select { condition, accept: x, reject: y }, span)?;
            return Ok(Operand::lvalue(a.ty, Place::Memory(pointer), span));
        }
        let ty = self.conditional_type(&a, &b, span)?;
        let (more, x) = self.block(|sema| sema.convert(&a, ty, span))?;
        accept.stmts.extend(more.stmts);
        let (more, y) = self.block(|sema| sema.convert(&b, ty, span))?;
        reject.stmts.extend(more.stmts);
        let (x, y) = self.unify(x, y, span)?;
        if accept.stmts.is_empty() && reject.stmts.is_empty() {
            let value = self.add(Expr::Select { condition, accept: x, reject: y }, span)?;
            return Ok(Operand::value(ty, value, span));
        }
        let ir = self.ir_ty(x);
        let local = self.declare_temporary(ir, None, span);
        let pointer = self.local_addr(local, span);
        accept.stmts.push(ir::Stmt { kind: StmtKind::Store { pointer, value: x, volatile: false }, span });
        reject.stmts.push(ir::Stmt { kind: StmtKind::Store { pointer, value: y, volatile: false }, span });
        self.push(StmtKind::If { condition, accept, reject }, span);
        let value = self.load(pointer, false, span)?;
        Ok(Operand::value(ty, value, span))
    }

    /// An arm of `?:`: a function's name is a pointer to it ([conv.func]).
    fn lower_arm(&mut self, tree: &'a Tree) -> Result<Operand<'a>> {
        let operand = self.lower_expr(tree)?;
        self.decayed_function(operand)
    }

    /// A function's name as a pointer to it.
    fn decayed_function(&mut self, operand: Operand<'a>) -> Result<Operand<'a>> {
        if let OperandKind::Functions(set) = &operand.kind
            && let Some(function) = self.single_function(set)?
        {
            let ty = self.function_type(function)?;
            let value = self.function_address(function, operand.span)?;
            return Ok(Operand::value(self.types.pointer(ty), value, operand.span));
        }
        Ok(operand)
    }

    /// GNU's `a ?: b`: `a` is evaluated once.
    fn lower_elvis(&mut self, condition: &'a Tree, otherwise: &'a Tree, span: Span) -> Result<Operand<'a>> {
        let first = self.lower_expr(condition)?;
        let value = self.rvalue(&first)?;
        let first = Operand::value(self.decay(first.ty).unqualified(), self.bind(value, None, span), span);
        let condition = self.condition_value(&first)?;
        let (mut reject, b) = self.block(|sema| sema.lower_arm(otherwise))?;
        let ty = self.conditional_type(&first, &b, span)?;
        let x = self.convert(&first, ty, span)?;
        let (more, y) = self.block(|sema| sema.convert(&b, ty, span))?;
        reject.stmts.extend(more.stmts);
        let (x, y) = self.unify(x, y, span)?;
        if reject.stmts.is_empty() {
            let value = self.add(Expr::Select { condition, accept: x, reject: y }, span)?;
            return Ok(Operand::value(ty, value, span));
        }
        let ir = self.ir_ty(x);
        let local = self.declare_temporary(ir, Some(x), span);
        let pointer = self.local_addr(local, span);
        reject.stmts.push(ir::Stmt { kind: StmtKind::Store { pointer, value: y, volatile: false }, span });
        self.push(StmtKind::If { condition, accept: ir::Block::default(), reject }, span);
        let value = self.load(pointer, false, span)?;
        Ok(Operand::value(ty, value, span))
    }

    fn constant_conditional(&mut self, taken: &'a Tree, left: &'a Tree, span: Span) -> Result<Option<Operand<'a>>> {
        let other = self.unevaluated(|sema| sema.lower_arm(left))?;
        let operand = self.lower_arm(taken)?;
        if self.types.is_void(operand.ty) || self.types.is_void(other.ty) {
            return Ok(Some(Operand::void(span)));
        }
        if operand.ty == other.ty {
            return Ok(Some(operand));
        }
        let ty = self.conditional_type(&operand, &other, span)?;
        let value = self.convert(&operand, ty, span)?;
        Ok(Some(Operand::value(ty, value, span)))
    }

    /// The common type of the arms ([expr.cond]).
    fn conditional_type(&mut self, a: &Operand<'a>, b: &Operand<'a>, span: Span) -> Result<CType> {
        let (ta, tb) = (self.decay(a.ty).unqualified(), self.decay(b.ty).unqualified());
        if matches!(b.kind, OperandKind::Braced(_)) || ta == tb {
            return Ok(ta);
        }
        if self.types.is_arithmetic(ta) && self.types.is_arithmetic(tb) {
            return self.common_type(ta, tb);
        }
        if self.is_builtin_operand(ta) && self.is_builtin_operand(tb) && !self.is_scoped_enum(ta) && !self.is_scoped_enum(tb) {
            return self.common_type(ta, tb);
        }
        // More qualified pointers, and void*, are what both convert to.
        let to_b = self.implicit_conversion(a, tb)?.is_some();
        let to_a = self.implicit_conversion(b, ta)?.is_some();
        match (to_a, to_b) {
            (true, false) => Ok(ta),
            (false, true) => Ok(tb),
            (true, true) if self.types.is_pointer(ta) => Ok(ta),
            _ => {
                let (ta, tb) = (self.show(ta), self.show(tb));
                fail(Code::E0206, format!("the arms of `?:` have types `{ta}` and `{tb}`"), span)
            }
        }
    }

    /// A place whose address does not change when something is stored.
    pub(super) fn settle_place(&mut self, place: Place, span: Span) -> Result<Place> {
        Ok(match place {
            Place::Memory(pointer) => Place::Memory(self.bind(pointer, None, span)),
            other => other,
        })
    }
}

pub(super) fn ir_op(op: Op) -> BinaryOp {
    ir_op_opt(op).unwrap_or(BinaryOp::Add)
}

fn ir_op_opt(op: Op) -> Option<BinaryOp> {
    Some(match op {
        Op::Add => BinaryOp::Add,
        Op::Sub => BinaryOp::Sub,
        Op::Mul => BinaryOp::Mul,
        Op::Div => BinaryOp::Div,
        Op::Rem => BinaryOp::Rem,
        Op::Shl => BinaryOp::Shl,
        Op::Shr => BinaryOp::Shr,
        Op::BitAnd => BinaryOp::And,
        Op::BitOr => BinaryOp::Or,
        Op::BitXor => BinaryOp::Xor,
        Op::Eq => BinaryOp::Eq,
        Op::Ne => BinaryOp::Ne,
        Op::Lt => BinaryOp::Lt,
        Op::Gt => BinaryOp::Gt,
        Op::Le => BinaryOp::Le,
        Op::Ge => BinaryOp::Ge,
        Op::And | Op::Or | Op::ThreeWay | Op::DotStar | Op::ArrowStar => return None,
    })
}

fn overloaded_unary(op: UnaryTree) -> Option<OperatorName> {
    Some(match op {
        UnaryTree::Plus => OperatorName::Binary(Op::Add),
        UnaryTree::Minus => OperatorName::Binary(Op::Sub),
        UnaryTree::Deref => OperatorName::Binary(Op::Mul),
        UnaryTree::AddressOf => OperatorName::Binary(Op::BitAnd),
        UnaryTree::Not => OperatorName::Not,
        UnaryTree::BitNot => OperatorName::BitNot,
        UnaryTree::Increment | UnaryTree::Decrement | UnaryTree::LabelAddress => return None,
    })
}
