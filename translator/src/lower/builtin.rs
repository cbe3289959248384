//! Calls of built-ins: what the table says becomes an expression or a statement.

use super::*;
use crate::sema::builtins::{self, Operation};
use ir::{AtomicOp, BinaryOp, Expr, MathFn, Scalar, StmtKind, WarpOp};
use source::Code;

impl<'a> Sema<'a> {
    /// `None`: the function is no built-in, or the program defines it itself.
    pub(super) fn call_builtin(
        &mut self,
        function: FnId,
        resolved: &Resolved,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Option<Operand<'a>>> {
        let info = self.function(function);
        if !info.shipped || info.ast.body().is_some() || info.ctx.class.is_some() {
            return Ok(None);
        }
        let name = info.name.clone();
        let Some(row) = builtins::find(&name) else { return Ok(None) };
        let result = self.signature(function)?.result.unwrap_or(CType::VOID);
        if self.f.unevaluated > 0 {
            return if self.types.is_void(result) { Ok(Some(Operand::void(span))) } else { self.probe(result, span).map(Some) };
        }
        match row.operation {
            Operation::Printf => return self.lower_printf(args, span).map(Some),
            Operation::AssertFail => return self.lower_assert(args, span).map(Some),
            _ => {}
        }
        let mut values = Vec::new();
        self.convert_args(function, &resolved.conversions, args, &mut values, span)?;
        self.lower_operation(row.operation, values, result, args, span).map(Some)
    }

    fn lower_operation(
        &mut self,
        operation: Operation,
        values: Vec<ExprId>,
        result: CType,
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Operand<'a>> {
        let value = match operation {
            Operation::Math(function) => {
                let value = self.add(Expr::Math { function, args: values }, span)?;
                self.fit_result(value, result, span)?
            }
            Operation::FindFirstSet => self.find_first_set(values[0], span)?,
            Operation::Bitcast => {
                let to = self.ir_type(result, span)?;
                self.add(Expr::Bitcast { value: values[0], to }, span)?
            }
            Operation::GridBarrier => return self.effect(StmtKind::GridBarrier, span),
            Operation::Arrive => return self.effect(StmtKind::Arrive { object: values[0] }, span),
            Operation::Barrier => return self.effect(StmtKind::Barrier, span),
            Operation::Fence(scope) => return self.effect(StmtKind::Fence(scope), span),
            Operation::WarpBarrier => return self.effect(StmtKind::WarpBarrier { mask: values.first().copied() }, span),
            Operation::Yield => return self.effect(StmtKind::Yield, span),
            Operation::TileBarrier => return self.effect(StmtKind::TileBarrier { threads: values[0] }, span),
            Operation::Trap => return self.effect(StmtKind::Trap, span),
            Operation::Clock => {
                let ty = self.ir_type(result, span)?;
                let scalar = self.module.tables.types.as_scalar(ty).unwrap_or(Scalar::I32);
                self.bound(result, |result| StmtKind::Clock { result, scalar }, span)?
            }
            Operation::Geometry(geometry) => {
                let value = self.add(Expr::Geometry(geometry), span)?;
                self.fit_result(value, result, span)?
            }
            Operation::Nothing => return Ok(Operand::void(span)),
            Operation::First => values[0],
            Operation::BlockVote(op) => {
                let value = self.truth_of(values[0], span)?;
                self.bound(result, |result| StmtKind::BlockVote { result, op, value }, span)?
            }
            Operation::Atomic(AtomicOp::Store, scope) => {
                let (op, pointer, value) = (AtomicOp::Store, values[0], values[1]);
                if self.is_in_constant_memory(pointer) {
                    return fail(Code::E0212, "a kernel cannot change constant memory", span);
                }
                return self.effect(StmtKind::Atomic { result: None, op, pointer, value, compare: None, scope }, span);
            }
            Operation::Atomic(op, scope) => self.lower_atomic(op, scope, values, result, span)?,
            Operation::Shuffle(op) => {
                let mask = Some(values[0]);
                let args = values[1..].to_vec();
                self.bound(result, |result| StmtKind::Warp { result, op, mask, args }, span)?
            }
            Operation::Vote(op) => {
                let vote = self.truth_of(values[1], span)?;
                let mask = Some(values[0]);
                self.warp(op, mask, vec![vote], result, span)?
            }
            Operation::ActiveMask => self.warp(WarpOp::ActiveMask, None, Vec::new(), result, span)?,
            Operation::Match(op) | Operation::Reduce(op) => {
                let mask = Some(values[0]);
                self.warp(op, mask, values[1..].to_vec(), result, span)?
            }
            Operation::Copy => return self.lower_memory(args, values, true, span),
            Operation::Fill => return self.lower_memory(args, values, false, span),
            Operation::Printf | Operation::AssertFail => return Err(Failure::Poisoned),
        };
        Ok(Operand::value(result.unqualified(), value, span))
    }

    fn effect(&mut self, stmt: StmtKind, span: Span) -> Result<Operand<'a>> {
        self.push(stmt, span);
        Ok(Operand::void(span))
    }

    /// A statement that binds a result of the C++ type.
    fn bound(&mut self, result: CType, stmt: impl FnOnce(ir::LetId) -> StmtKind, span: Span) -> Result<ExprId> {
        let ty = self.ir_type(result, span)?;
        let id = self.f.func.add_let(None, ty, span);
        self.push(stmt(id), span);
        Ok(self.let_value(id, span))
    }

    /// A warp operation, its result as the prototype has it.
    fn warp(&mut self, op: WarpOp, mask: Option<ExprId>, args: Vec<ExprId>, result: CType, span: Span) -> Result<ExprId> {
        let types: Vec<TypeId> = args.iter().map(|&arg| self.ir_ty(arg)).collect();
        let ty = match op {
            WarpOp::Any | WarpOp::All => self.module.tables.types.scalar(Scalar::I32),
            WarpOp::Ballot | WarpOp::ActiveMask | WarpOp::MatchAny | WarpOp::MatchAll => {
                self.module.tables.types.scalar(Scalar::U32)
            }
            _ => types.first().copied().unwrap_or(self.ir_type(result, span)?),
        };
        let id = self.f.func.add_let(None, ty, span);
        self.push(StmtKind::Warp { result: id, op, mask, args }, span);
        let value = self.let_value(id, span);
        self.fit_result(value, result, span)
    }

    fn fit_result(&mut self, value: ExprId, result: CType, span: Span) -> Result<ExprId> {
        let ir = self.ir_type(result, span)?;
        match self.module.tables.types.as_scalar(ir) {
            Some(scalar) => self.convert_scalar(value, scalar, span),
            None => Ok(value),
        }
    }

    fn find_first_set(&mut self, value: ExprId, span: Span) -> Result<ExprId> {
        let ty = self.ir_ty(value);
        let zero = self.zero(ty, span);
        let is_zero = self.binary(BinaryOp::Eq, value, zero, span)?;
        let trailing = self.add(Expr::Math { function: MathFn::CountTrailingZeros, args: vec![value] }, span)?;
        let one = self.constant(Scalar::I32, 1, span);
        let position = self.binary(BinaryOp::Add, trailing, one, span)?;
        let none = self.constant(Scalar::I32, 0, span);
        self.add(Expr::Select { condition: is_zero, accept: none, reject: position }, span)
    }

    fn lower_atomic(&mut self, op: AtomicOp, scope: ir::Scope, values: Vec<ExprId>, result: CType, span: Span) -> Result<ExprId> {
        let pointer = values[0];
        let (compare, value) = match values[..] {
            [_, compare, value] => (Some(compare), value),
            [_, value] => (None, value),
            _ => return fail(Code::E0399, "internal error while lowering: operands of an atomic", span),
        };
        if self.is_in_constant_memory(pointer) {
            return fail(Code::E0212, "a kernel cannot change constant memory", span);
        }
        self.bound(result, |result| StmtKind::Atomic { result: Some(result), op, pointer, value, compare, scope }, span)
    }

    fn lower_printf(&mut self, args: &[Operand<'a>], span: Span) -> Result<Operand<'a>> {
        let Some(OperandKind::Text(text)) = args.first().map(|arg| &arg.kind) else {
            return fail(Code::E0303, "the format of `printf` must be a string literal", span);
        };
        let Ok(format) = String::from_utf8(text.value.clone()) else {
            return fail(Code::E0303, "the format of `printf` is not UTF-8", span);
        };
        let mut values = Vec::new();
        for arg in &args[1..] {
            let conversion = self.ellipsis(arg);
            if let Some(class) = self.types.as_class(arg.ty) {
                let shown = self.show_class(class);
                return fail(Code::E0203, format!("`printf` has no conversion for an object of `{shown}`"), arg.span);
            }
            values.push(self.apply_conversion(arg, &conversion, arg.span)?);
        }
        let count = values.len() as u64;
        self.push(StmtKind::Printf { format, args: values }, span);
        let value = self.constant(Scalar::I32, count, span);
        Ok(Operand::value(CType::INT, value, span))
    }

    fn lower_assert(&mut self, args: &[Operand<'a>], span: Span) -> Result<Operand<'a>> {
        let text = |index: usize| args.get(index).and_then(|arg| self.known_text(arg));
        let line = args.get(2).and_then(|arg| match arg.kind {
            OperandKind::Value(Some(value)) => self.fold(value),
            _ => None,
        });
        let function = text(3).filter(|text| !text.is_empty());
        let own = || self.f.current.map_or_else(String::new, |function| self.show_pretty(function));
        let assertion = Box::new(ir::Assertion {
            expression: text(0).unwrap_or_default(),
            file: text(1).unwrap_or_default(),
            line: line.unwrap_or(0) as u32,
            function: function.unwrap_or_else(own),
        });
        let condition = self.constant(Scalar::Bool, 0, span);
        self.effect(StmtKind::Assert { condition, assertion }, span)
    }

    /// The characters of a string literal, or of a constant that holds one.
    fn known_text(&self, operand: &Operand<'a>) -> Option<String> {
        match operand.kind {
            OperandKind::Text(literal) => Some(String::from_utf8_lossy(&literal.value).into_owned()),
            OperandKind::Lvalue(Place::Memory(address)) => {
                let Expr::GlobalAddr(global) = *self.f.func.expr(address) else { return None };
                let text = self.module.tables.globals[global].init.as_ref()?.strip_suffix(&[0])?;
                Some(String::from_utf8_lossy(text).into_owned())
            }
            _ => None,
        }
    }

    /// `memcpy` and `memset`: a loop over bytes, or over elements where both sides and the size agree on one.
    fn lower_memory(&mut self, args: &[Operand<'a>], values: Vec<ExprId>, copy: bool, span: Span) -> Result<Operand<'a>> {
        let element = self.common_element(args, copy, self.fold(values[2]), span)?;
        let (ty, size) = match element {
            Some((ty, size)) => (ty, size),
            None => (self.module.tables.types.scalar(Scalar::U8), 1),
        };
        let to = self.retype(values[0], ty, span)?;
        let to = self.bind(to, None, span);
        let source = if copy {
            let from = self.retype(values[1], ty, span)?;
            self.bind(from, None, span)
        } else if element.is_some() {
            self.zero(ty, span)
        } else {
            let byte = self.convert_scalar(values[1], Scalar::U8, span)?;
            self.bind(byte, None, span)
        };
        let count = match self.fold(values[2]) {
            Some(bytes) => self.constant(Scalar::U64, bytes / size, span),
            None => {
                let step = self.constant(Scalar::U64, size, span);
                let count = if size == 1 { values[2] } else { self.binary(BinaryOp::Div, values[2], step, span)? };
                self.bind(count, None, span)
            }
        };
        self.copy_loop(to, source, copy, count, span)?;
        let void = CType::VOID;
        let result = self.types.pointer(void);
        Ok(Operand::value(result, values[0], span))
    }

    /// The element type when sizes are multiples of it: known because the pointers were of that type before they became `void*`.
    fn common_element(
        &mut self,
        args: &[Operand<'a>],
        copy: bool,
        bytes: Option<u64>,
        span: Span,
    ) -> Result<Option<(TypeId, u64)>> {
        let element = |sema: &mut Self, arg: &Operand<'a>| {
            let ty = sema.decay(arg.ty);
            let mut pointee = sema.types.pointee(ty)?;
            while let TypeKind::Array(inner, _) = *sema.types.kind(pointee) {
                pointee = inner;
            }
            Some(pointee.unqualified())
        };
        let Some(target) = element(self, &args[0]) else { return Ok(None) };
        if copy && element(self, &args[1]) != Some(target) || self.types.is_void(target) {
            return Ok(None);
        }
        if !copy {
            let zero = matches!(args[1].kind, OperandKind::Value(Some(value)) if self.fold(value) == Some(0));
            if !zero {
                return Ok(None);
            }
        }
        let (size, _) = self.size_and_align(target, span)?;
        let Some(bytes) = bytes else { return Ok(None) };
        if size == 0 || bytes % size != 0 {
            return Ok(None);
        }
        Ok(Some((self.ir_type(target, span)?, size)))
    }

    fn retype(&mut self, pointer: ExprId, to: TypeId, span: Span) -> Result<ExprId> {
        let Some((pointee, space)) = self.module.tables.types.as_pointer(self.ir_ty(pointer)) else {
            return Err(Failure::Poisoned);
        };
        if pointee == to {
            return Ok(pointer);
        }
        let wanted = self.module.tables.types.pointer(to, space);
        if let Expr::PointerCast { base, .. } = *self.f.func.expr(pointer)
            && self.ir_ty(base) == wanted
        {
            return Ok(base);
        }
        self.add(Expr::PointerCast { base: pointer, to: wanted }, span)
    }

    fn copy_loop(&mut self, to: ExprId, source: ExprId, copy: bool, count: ExprId, span: Span) -> Result<()> {
        self.repeat(count, span, |sema, index| {
            let pointer = sema.add(Expr::Offset { base: to, index }, span)?;
            let value = if copy {
                let from = sema.add(Expr::Offset { base: source, index }, span)?;
                sema.load(from, false, span)?
            } else {
                source
            };
            sema.push(StmtKind::Store { pointer, value, volatile: false }, span);
            Ok(())
        })
    }
}
