//! Virtual functions: an object carries the number of its class where the ABI has the address of a table, and a call that may go to
//! several classes is a switch over those of which objects are made (C++ [class.virtual]).
//!
//! ```text
//! int Shape.area(u64 class, Shape* self) { switch (class) { case number(Square): return Square::area((Square*)self); .. } return 0; }
//! ```
//!
//! `delete` of such an object is a switch too: it ends the whole object and gives back the memory that it starts at.
//!
//! CUDA allows virtual calls on objects that the device made only, so the numbers are ours. Where the object is a variable, its class
//! is known and the function is called by its name.

use super::*;
use ir::{Expr, FuncId, FunctionKind, Scalar, StmtKind};
use source::Code;

#[derive(Clone, Debug)]
pub struct VirtualDispatcher {
    func: FuncId,
    /// What is called; `None` for `delete`.
    function: Option<FnId>,
    /// The class that the call names.
    class: ClassId,
    /// Of the object and the arguments.
    params: Vec<TypeId>,
    result: CType,
}

impl VirtualDispatcher {
    pub(super) fn func(&self) -> FuncId {
        self.func
    }
}

impl<'a> Sema<'a> {
    /// Writes the number of the class where the object and its bases keep it.
    pub(super) fn set_class_numbers(&mut self, address: ExprId, class: ClassId, span: Span) -> Result<()> {
        if !self.class(class).polymorphic {
            return Ok(());
        }
        if !self.constructed.contains(&class) {
            self.constructed.push(class);
        }
        let number = fnv(&self.show_class(class));
        self.write_number(address, class, number, span)
    }

    fn write_number(&mut self, address: ExprId, class: ClassId, number: u64, span: Span) -> Result<()> {
        if let Some(index) = self.class(class).vptr {
            let pointer = self.add(Expr::Field { base: address, index }, span)?;
            let value = self.constant(Scalar::U64, number, span);
            self.push(StmtKind::Store { pointer, value, volatile: false }, span);
        }
        for (index, base) in self.class(class).bases.clone().into_iter().enumerate() {
            if self.class(base.class).polymorphic {
                let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
                self.write_number(at, base.class, number, span)?;
            }
        }
        Ok(())
    }

    fn read_number(&mut self, address: ExprId, class: ClassId, span: Span) -> Result<ExprId> {
        if let Some(index) = self.class(class).vptr {
            let pointer = self.add(Expr::Field { base: address, index }, span)?;
            return self.load(pointer, false, span);
        }
        let bases = self.class(class).bases.clone();
        for (index, base) in bases.into_iter().enumerate() {
            if self.class(base.class).polymorphic {
                let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
                return self.read_number(at, base.class, span);
            }
        }
        fail(Code::E0399, "internal error while lowering: a class without virtual functions", span)
    }

    pub(super) fn call_virtual(
        &mut self,
        function: FnId,
        object: &Operand<'a>,
        conversions: &[ImplicitConversion],
        args: &[Operand<'a>],
        span: Span,
    ) -> Result<Operand<'a>> {
        let Some(class) = self.types.as_class(object.ty) else { return Err(Failure::Poisoned) };
        self.layout_class(class, span)?;
        let address = self.address_of(object, span)?;
        let is_variable = matches!(self.f.func.expr(address), Expr::LocalAddr(_));
        if is_variable && let Some(known) = self.overrider(class, function)? {
            let Some(owner) = self.function(known).ctx.class else { return Err(Failure::Poisoned) };
            let (from, to) = (self.class_type(class), self.class_type(owner));
            let mut values = vec![self.upcast(address, from, to, span)?];
            self.convert_args(known, conversions, args, &mut values, span)?;
            return self.emit_call(known, values, span);
        }
        let address = self.bind(address, None, span);
        let mut values = vec![address];
        self.convert_args(function, conversions, args, &mut values, span)?;
        let Some(result) = self.signature(function)?.result else {
            return fail(Code::E0221, "a virtual function whose result is deduced", span);
        };
        if self.f.unevaluated > 0 {
            return self.result_probe(result, span);
        }
        let params: Vec<TypeId> = values.iter().map(|&value| self.ir_ty(value)).collect();
        let number = self.read_number(address, class, span)?;
        let func = self.virtual_dispatcher(Some(function), class, params, result, span)?;
        values.insert(0, number);
        self.emit_dispatch(func, result, values, span)
    }

    /// `delete` of an object of a class with virtual functions.
    pub(super) fn delete_virtual(&mut self, address: ExprId, class: ClassId, span: Span) -> Result<()> {
        self.layout_class(class, span)?;
        let number = self.read_number(address, class, span)?;
        let params = vec![self.ir_ty(address)];
        let func = self.virtual_dispatcher(None, class, params, CType::VOID, span)?;
        self.emit_dispatch(func, CType::VOID, vec![number, address], span).map(drop)
    }

    fn virtual_dispatcher(
        &mut self,
        function: Option<FnId>,
        class: ClassId,
        params: Vec<TypeId>,
        result: CType,
        span: Span,
    ) -> Result<FuncId> {
        let same = |known: &&VirtualDispatcher| known.function == function && known.class == class && known.params == params;
        if let Some(known) = self.virtual_dispatchers.iter().find(same) {
            return Ok(known.func);
        }
        let ir_result = self.ir_type(result, span)?;
        let what = match function {
            Some(function) => self.show_function(function),
            None => format!("{}::delete", self.show_class(class)),
        };
        let name = self.free_name(format!("virtual {what}"));
        let func = self.module.functions.add(ir::Function::new(name, FunctionKind::Device, ir_result, span), span);
        self.virtual_dispatchers.push(VirtualDispatcher { func, function, class, params, result });
        Ok(func)
    }

    pub(super) fn fill_virtual(&mut self, dispatcher: &VirtualDispatcher) -> Result<()> {
        let span = self.module.functions.span(dispatcher.func);
        let root = Ctx { ns: NsId(0), class: None, env: EnvId(0) };
        let mut targets = Vec::new();
        for class in self.constructed.clone() {
            if self.base_path(class, dispatcher.class)?.is_none() {
                continue;
            }
            let Some(function) = dispatcher.function else {
                targets.push((class, None));
                continue;
            };
            let Some(target) = self.overrider(class, function)? else { continue };
            // A pure function of a class whose constructor runs: calling it is undefined.
            if matches!(self.function(target).ast, FunctionTree::Function(tree) if matches!(tree.body, ast::FunctionBody::Pure)) {
                continue;
            }
            targets.push((class, Some(target)));
        }
        if targets.is_empty() {
            let shown = self.show_class(dispatcher.class);
            let message =
                format!("a virtual call on `{shown}`, but no kernel here makes an object of that class or one derived from it");
            return fail(Code::E0221, message, span);
        }
        let (mut func, ()) = self.in_scratch(root, |sema| sema.write_virtual(dispatcher, &targets, span))?;
        func.name = self.module.functions[dispatcher.func].name.clone();
        self.module.functions[dispatcher.func] = func;
        Ok(())
    }

    fn write_virtual(&mut self, dispatcher: &VirtualDispatcher, targets: &[(ClassId, Option<FnId>)], span: Span) -> Result<()> {
        let result = self.module.functions[dispatcher.func].result;
        self.f.func.result = result;
        let number = self.module.tables.types.scalar(Scalar::U64);
        let names = ["class".to_string(), "self".to_string()];
        let names = names.into_iter().chain((1..dispatcher.params.len()).map(|n| format!("arg{n}")));
        let mut params = Vec::new();
        for (name, ty) in names.zip(std::iter::once(number).chain(dispatcher.params.iter().copied())) {
            let index = self.f.func.params.len() as u32;
            self.f.func.params.push(ir::Param { name, ty, is_restrict: false, is_const: false, span });
            params.push(self.add(Expr::Param(index), span)?);
        }
        let void = self.types.is_void(dispatcher.result);
        let mut cases = Vec::new();
        for &(class, target) in targets {
            let bits = fnv(&self.show_class(class));
            let (body, ()) = self.block(|sema| {
                let Some(target) = target else {
                    let object = sema.whole_object(params[1], dispatcher.class, class, span)?;
                    return sema.end_and_free(object, class, span);
                };
                let object = sema.object_of_class(params[1], dispatcher.class, class, target, span)?;
                let args: Vec<ExprId> = std::iter::once(object).chain(params[2..].iter().copied()).collect();
                let types = args.iter().map(|&arg| sema.ir_ty(arg)).collect();
                let (function, _) =
                    sema.lower_function(FunctionKey { function: target, params: types, known: Vec::new() }, span)?;
                if sema.module.functions[function].result != result {
                    return fail(Code::E0221, "virtual functions that return pointers of different kinds", span);
                }
                sema.return_call(function, args, (!void).then_some(result), span);
                Ok(())
            })?;
            cases.push(ir::Case { values: vec![bits], is_default: false, body, falls_through: false, span });
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

    /// From the part of the object that the call named to the part that the function belongs to.
    fn object_of_class(&mut self, object: ExprId, from: ClassId, class: ClassId, target: FnId, span: Span) -> Result<ExprId> {
        let Some(owner) = self.function(target).ctx.class else { return Err(Failure::Poisoned) };
        let object = self.whole_object(object, from, class, span)?;
        let whole = self.class_type(class);
        let to = self.class_type(owner);
        self.upcast(object, whole, to, span)
    }
    /// From a part of an object to the object of a class that it is a part of.
    fn whole_object(&mut self, object: ExprId, from: ClassId, class: ClassId, span: Span) -> Result<ExprId> {
        let Some(path) = self.base_path(class, from)? else { return Err(Failure::Poisoned) };
        if path.is_empty() {
            return Ok(object);
        }
        let whole = self.class_type(class);
        let to = self.types.pointer(whole);
        self.downcast(object, class, &path, to, span)
    }

    fn end_and_free(&mut self, object: ExprId, class: ClassId, span: Span) -> Result<()> {
        let ty = self.class_type(class);
        self.destroy(object, ty, span)?;
        let memory = Operand::value(self.types.pointer(ty), object, span);
        let void = self.types.pointer(CType::VOID);
        let memory = self.cast_operand(void, memory, super::casts::CastKind::C, span)?;
        self.call_library("free", vec![memory], span).map(drop)
    }
}
