//! Calls through pointers to functions whose value is not known while translating: a switch over the functions whose address is
//! taken and whose type is the pointer's.
//!
//! ```text
//! int call(u64 target, int x) { switch (target) { case number(f): return f(x); case number(g): return g(x); } return 0; }
//! ```
//!
//! Which functions there are is known only when everything else is lowered, so a dispatcher is made empty and filled last. A call
//! through a null or wild pointer is undefined in C++; here it does nothing and gives zero.

use super::*;
use ir::{Expr, FuncId, FunctionKind, Scalar, StmtKind};
use source::Code;

#[derive(Clone, Debug)]
pub struct Dispatcher {
    func: FuncId,
    /// The function type.
    ty: CType,
    params: Vec<TypeId>,
    result: CType,
}

impl<'a> Sema<'a> {
    /// `p(x)` and `(*p)(x)`
    pub(super) fn call_pointer(&mut self, target: Operand<'a>, args: Vec<Operand<'a>>, span: Span) -> Result<Operand<'a>> {
        let ty = self.types.pointee(target.ty).unwrap_or(target.ty);
        let TypeKind::Function(sig) = self.types.kind(ty).clone() else {
            let shown = self.show(target.ty);
            return fail(Code::E0206, format!("`{shown}` cannot be called"), span);
        };
        let number = self.rvalue(&target)?;
        if args.len() < sig.params.len() || args.len() > sig.params.len() && !sig.variadic {
            return fail(Code::E0204, format!("takes {} arguments, not {}", sig.params.len(), args.len()), span);
        }
        let mut values = Vec::new();
        for (arg, &param) in args.iter().zip(&sig.params) {
            let mark = self.mark();
            let value = self.convert(arg, param, arg.span)?;
            for earlier in values.iter_mut() {
                *earlier = self.keep(*earlier, mark, span);
            }
            values.push(value);
        }
        if self.f.unevaluated > 0 {
            return self.result_probe(sig.result, span);
        }
        let known = self.fold(number).and_then(|number| self.numbered_function(number));
        if let Some(function) = known {
            return self.emit_call(function, values, span);
        }
        let params = values.iter().map(|&value| self.ir_ty(value)).collect();
        let func = self.dispatcher(ty, sig.result, params, span)?;
        values.insert(0, number);
        self.emit_dispatch(func, sig.result, values, span)
    }

    pub(super) fn emit_dispatch(&mut self, func: FuncId, result: CType, args: Vec<ExprId>, span: Span) -> Result<Operand<'a>> {
        if self.types.is_void(result) {
            self.push(StmtKind::Call { result: None, function: func, args }, span);
            return Ok(Operand::void(span));
        }
        let id = self.f.func.add_let(None, self.module.functions[func].result, span);
        let value = self.let_value(id, span);
        self.push(StmtKind::Call { result: Some(id), function: func, args }, span);
        Ok(self.returned(result, value, span))
    }

    pub(super) fn dispatcher(&mut self, ty: CType, result: CType, params: Vec<TypeId>, span: Span) -> Result<FuncId> {
        if let Some(known) = self.dispatchers.iter().find(|known| known.ty == ty && known.params == params) {
            return Ok(known.func);
        }
        let ir_result = self.ir_type(result, span)?;
        let name = format!("dispatch{}", self.dispatchers.len());
        let func = ir::Function::new(name, FunctionKind::Device, ir_result, span);
        let func = self.module.functions.add(func, span);
        self.dispatchers.push(Dispatcher { func, ty, params, result });
        Ok(func)
    }

    /// Writes the bodies, now that the targets are known; lowering a target may take the address of another one.
    /// Returns those that cannot be written, with the reason.
    pub(super) fn fill_dispatchers(&mut self) -> Vec<(FuncId, Diagnostic)> {
        let mut failed = Vec::new();
        let known = |sema: &Self| {
            let virtuals = (sema.virtual_dispatchers.len(), sema.constructed.len());
            (sema.dispatchers.len(), sema.address_taken.len(), virtuals)
        };
        let mut filled = None;
        while filled != Some(known(self)) {
            filled = Some(known(self));
            failed.clear();
            for index in 0..self.virtual_dispatchers.len() {
                let dispatcher = self.virtual_dispatchers[index].clone();
                let func = dispatcher.func();
                let result = self.fill_virtual(&dispatcher);
                self.note_failure(func, result, &mut failed);
            }
            for index in 0..self.dispatchers.len() {
                let dispatcher = self.dispatchers[index].clone();
                let result = self.fill_dispatcher(&dispatcher);
                self.note_failure(dispatcher.func, result, &mut failed);
            }
        }
        failed
    }

    fn note_failure(&self, func: FuncId, result: Result<()>, failed: &mut Vec<(FuncId, Diagnostic)>) {
        let diagnostic = match result {
            Ok(()) => return,
            Err(Failure::Error(diagnostic)) => *diagnostic,
            Err(Failure::Poisoned) => {
                let span = self.module.functions.span(func);
                Diagnostic::error(Code::E0240, "a function that may be called from here could not be read", span)
            }
        };
        failed.push((func, diagnostic));
    }

    fn fill_dispatcher(&mut self, dispatcher: &Dispatcher) -> Result<()> {
        let span = self.module.functions.span(dispatcher.func);
        let root = Ctx { ns: NsId(0), class: None, env: EnvId(0) };
        let result = self.module.functions[dispatcher.func].result;
        let mut targets = Vec::new();
        for (number, function) in self.address_taken.clone() {
            let fits = match *self.types.kind(dispatcher.ty) {
                TypeKind::MemberPointer(owner, member) => self.is_member_target(function, owner, member, span)?,
                _ => !self.is_method(function) && self.function_type(function)?.same(dispatcher.ty),
            };
            if !fits {
                continue;
            }
            let key = FunctionKey { function, params: dispatcher.params.clone(), known: Vec::new() };
            let (func, _) = self.lower_function(key, span)?;
            if self.module.functions[func].result != result {
                let message = "the functions that this pointer may call return pointers to different address spaces";
                return fail(Code::E0302, message, span);
            }
            targets.push((number, func));
        }
        let (state, ()) = self.in_scratch(root, |sema| sema.write_dispatcher(dispatcher, &targets, result, span))?;
        let mut func = state;
        func.name = self.module.functions[dispatcher.func].name.clone();
        self.module.functions[dispatcher.func] = func;
        Ok(())
    }

    fn write_dispatcher(&mut self, dispatcher: &Dispatcher, targets: &[(u64, FuncId)], result: TypeId, span: Span) -> Result<()> {
        self.f.func.result = result;
        let number = self.module.tables.types.scalar(Scalar::U64);
        let names = std::iter::once("target".to_string()).chain((0..dispatcher.params.len()).map(|n| format!("arg{n}")));
        let types = std::iter::once(number).chain(dispatcher.params.iter().copied());
        let mut params = Vec::new();
        for (name, ty) in names.zip(types) {
            let index = self.f.func.params.len() as u32;
            self.f.func.params.push(ir::Param { name, ty, is_restrict: false, is_const: false, span });
            params.push(self.add(Expr::Param(index), span)?);
        }
        let void = self.types.is_void(dispatcher.result);
        let mut cases = Vec::new();
        for &(number, function) in targets {
            let (body, ()) = self.block(|sema| {
                sema.return_call(function, params[1..].to_vec(), (!void).then_some(result), span);
                Ok(())
            })?;
            cases.push(ir::Case { values: vec![number], is_default: false, body, falls_through: false, span });
        }
        if !cases.is_empty() {
            self.push(StmtKind::Switch { selector: params[0], cases }, span);
        }
        if !void {
            let zero = self.zero(result, span);
            self.push(StmtKind::Return(Some(zero)), span);
        }
        Ok(())
    }

    /// `return function(args);`, with the type of the value unless it is `void`.
    pub(super) fn return_call(&mut self, function: ir::FuncId, args: Vec<ExprId>, value: Option<ir::TypeId>, span: Span) {
        let result = value.map(|ty| self.f.func.add_let(None, ty, span));
        self.push(StmtKind::Call { result, function, args }, span);
        let value = result.map(|id| self.let_value(id, span));
        self.push(StmtKind::Return(value), span);
    }

    /// Which arguments are pointers to functions that are known here: the callee is lowered for them. Where it calls itself, all
    /// scalars that are known count, so that a recursion whose depth is a constant is unrolled.
    pub(super) fn known_arguments(&mut self, function: FnId, args: &[ExprId]) -> Result<Vec<(u32, u64)>> {
        let signature = self.signature(function)?;
        let first = args.len().saturating_sub(signature.params.len());
        let unrolled = self.calls_itself(function) && !self.stacked.contains(&function);
        let mut known = Vec::new();
        for (index, param) in signature.params.iter().enumerate() {
            let scalar = unrolled && (self.types.is_arithmetic(param.ty) || self.is_enum(param.ty));
            if (scalar || self.is_function_pointer(param.ty))
                && let Some(number) = args.get(first + index).and_then(|&arg| self.fold(arg))
            {
                known.push(((first + index) as u32, number));
            }
        }
        Ok(known)
    }

    /// A number that is not evaluated.
    pub(super) fn zero_number(&mut self, span: Span) -> ExprId {
        self.constant(Scalar::U64, 0, span)
    }
}
