//! Functions: one IR function for each C++ function and each combination of its parameters' IR types, since pointers to different
//! address spaces are different types there.

use super::*;
use ir::{FuncId, FunctionKind, StmtKind};
use source::Code;

/// A body is lowered again at most so often until the address spaces hold.
const MAX_ATTEMPTS: u32 = 16;

/// Room for the expressions of a function that is neither small nor large.
const EXPRS: usize = 64;

impl<'a> Sema<'a> {
    /// The IR function for these parameter types, made on first use, and the C++ type of its result.
    pub fn lower_function(&mut self, key: FunctionKey, call: Span) -> Result<(FuncId, CType)> {
        let function = self.defined_function(key.function)?;
        let key = FunctionKey { function, ..key };
        match self.lowered.get(&key) {
            Some(LoweredFunction::Done { func, result }) => return Ok((*func, *result)),
            Some(LoweredFunction::Running(Some(reserved))) => return Ok(*reserved),
            Some(LoweredFunction::Running(None)) => {
                let first = self.call_chain.iter().rposition(|&on| on == function).unwrap_or(0);
                let round = self.call_chain[first..].to_vec();
                if !self.rounds.contains(&round) {
                    self.rounds.push(round);
                }
                let name = self.show_function(function);
                return fail(Code::E0301, format!("`{name}` calls itself, directly or through others"), call);
            }
            Some(LoweredFunction::Failed(diagnostics)) => {
                return self.callee_failed(function, diagnostics.first().cloned(), call);
            }
            None => {}
        }
        let Some((tree, ctx)) = self.function_body(function)? else {
            let at = self.function(function).ast.span();
            let name = self.show_function(function);
            let error = failure(Code::E0219, format!("`{name}` is declared, but its body is not here"), call);
            return Err(error.map(|diagnostic| diagnostic.with_label(at, "declared here")));
        };
        let reserved = self.reserve_recursive(function, tree)?;
        self.lowered.insert(key.clone(), LoweredFunction::Running(reserved));
        let kind = FunctionKind::Device;
        let reserved = reserved.map(|(func, _)| func);
        self.call_chain.push(function);
        let outcome = self.nested(call, |sema| sema.lower_body_until_stable(&key, tree, ctx, kind, reserved));
        self.call_chain.pop();
        if let (Some(place), Err(_) | Ok(Err(_))) = (reserved, &outcome) {
            self.forget_callers(place);
        }
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                self.lowered.remove(&key);
                return Err(error);
            }
        };
        match outcome {
            Ok((func, result)) => {
                self.lowered.insert(key, LoweredFunction::Done { func, result });
                Ok((func, result))
            }
            Err(diagnostics) => {
                let first = diagnostics.first().cloned();
                self.lowered.insert(key, LoweredFunction::Failed(diagnostics));
                self.callee_failed(function, first, call)
            }
        }
    }

    /// A function that calls itself needs a place before it has a body. Constant expressions may need one, too.
    fn reserve_recursive(&mut self, function: FnId, tree: FunctionTree<'a>) -> Result<Option<(FuncId, CType)>> {
        let Some(result) = self.signature(function)?.result else { return Ok(None) };
        let plain = self.types.is_arithmetic(result) || self.is_enum(result);
        let constant = plain && tree.specs().has(ast::Spec::Constexpr);
        if !constant && !self.stacked.contains(&function) {
            return Ok(None);
        }
        let ir = self.ir_type(result, tree.span())?;
        let name = self.unique_name(function, FunctionKind::Device);
        let empty = ir::Function::new(name, FunctionKind::Device, ir, tree.span());
        Ok(Some((self.module.functions.add(empty, tree.span()), result)))
    }

    /// What was lowered meanwhile may call the place of a function that came to nothing.
    fn forget_callers(&mut self, place: FuncId) {
        let module = &self.module;
        self.lowered.retain(|_, lowered| match lowered {
            LoweredFunction::Done { func, .. } => !crate::passes::prune::reached(module, *func).contains(&place),
            LoweredFunction::Running(_) | LoweredFunction::Failed(_) => true,
        });
    }

    fn callee_failed<T>(&self, function: FnId, first: Option<Diagnostic>, call: Span) -> Result<T> {
        match first {
            Some(diagnostic) => {
                let name = self.show_function(function);
                let diagnostic = if diagnostic.labels.len() < 8 {
                    diagnostic.with_label(call, format!("in `{name}`, called from here"))
                } else {
                    diagnostic
                };
                Err(Failure::Error(Box::new(diagnostic)))
            }
            None => Err(Failure::Poisoned),
        }
    }

    /// Lowers the body until what it assumes about its variables is what it finds.
    pub(super) fn lower_body_until_stable(
        &mut self,
        key: &FunctionKey,
        tree: FunctionTree<'a>,
        ctx: Ctx,
        kind: FunctionKind,
        reserved: Option<FuncId>,
    ) -> Result<std::result::Result<(FuncId, CType), Vec<Diagnostic>>> {
        let function = key.function;
        let signature = self.signature(function)?;
        let mut assumptions = Assumptions::default();
        for _ in 0..MAX_ATTEMPTS {
            let void = self.module.tables.types.void();
            let state = FunctionState::scratch(ctx, void);
            let outer = std::mem::replace(&mut self.f, state);
            let (order, defined) = (self.order, self.defined);
            self.order = self.visible_order(function, tree);
            self.defined = self.defined_order(function, tree);
            self.f.current = Some(function);
            self.f.assumptions = assumptions.clone();
            self.f.next_assumptions = assumptions.clone();
            self.f.known_params = key.known.clone();
            self.f.unrolled_recursion = !key.known.is_empty() && self.calls_itself(function);
            let started = self.start_function(function, tree, &signature, &key.params, kind);
            let lowered = started.and_then(|()| self.lower_function_body(function, tree));
            if let Err(error) = lowered {
                self.report(error);
            }
            (self.order, self.defined) = (order, defined);
            let state = std::mem::replace(&mut self.f, outer);
            if !state.diagnostics.is_empty() || state.poisoned {
                return Ok(Err(state.diagnostics));
            }
            if state.next_assumptions == state.assumptions {
                if let (Some(id), Some(found)) = (reserved, state.ir_result)
                    && self.module.functions[id].result != found
                {
                    // A pointer to another space than its own calls took it for, and those that it calls and that call it.
                    self.module.functions[id].result = found;
                    let stacked = &self.stacked;
                    let holds = |key: &FunctionKey, lowered: &LoweredFunction| {
                        !stacked.contains(&key.function) || !matches!(lowered, LoweredFunction::Done { .. })
                    };
                    self.lowered.retain(|key, lowered| holds(key, lowered));
                    continue;
                }
                return Ok(Ok(self.finish_function(function, state, reserved)));
            }
            assumptions = state.next_assumptions;
        }
        fail(Code::E0398, "the address spaces of this function's pointers do not settle", tree.span())
    }

    /// Up to which item a body sees functions: templates and members are read where they are used, not where they stand.
    fn visible_order(&self, function: FnId, body: FunctionTree<'a>) -> u32 {
        let info = self.function(function);
        if info.ast.span() != body.span() {
            // The prototype was found, the body stands further down.
            return u32::MAX;
        }
        let late = info.template.is_some() || info.ctx.class.is_some();
        if late { u32::MAX } else { info.order }
    }

    /// Where the names of a template's body that do not depend are bound ([temp.nondep]), and all that arguments do not find ([temp.dep.candidate]).
    fn defined_order(&self, function: FnId, body: FunctionTree<'a>) -> u32 {
        let info = self.function(function);
        if info.ast.span() == body.span() { self.declared_order(function) } else { u32::MAX }
    }

    /// Names the function last: its body may have brought in another one of the same name.
    fn finish_function(&mut self, function: FnId, state: FunctionState<'a>, reserved: Option<FuncId>) -> (FuncId, CType) {
        let result = state.result.or(state.declared_result).unwrap_or(CType::VOID);
        let mut func = state.func;
        if let Some(ir) = state.ir_result {
            func.result = ir;
        }
        func.body = ir::Block { stmts: state.blocks.into_iter().next().unwrap_or_default() };
        func.name = self.unique_name(function, func.kind);
        ir::bind_locals::run(&mut func, &mut self.module.tables);
        let span = func.span;
        if let Some(id) = reserved {
            func.name = self.module.functions[id].name.clone();
            self.module.functions[id] = func;
            return (id, result);
        }
        (self.module.functions.add(func, span), result)
    }

    fn start_function(
        &mut self,
        function: FnId,
        tree: FunctionTree<'a>,
        signature: &Signature<'a>,
        params: &[TypeId],
        kind: FunctionKind,
    ) -> Result<()> {
        self.f.func.kind = kind;
        self.f.func.span = tree.span();
        self.f.func.exprs.reserve(EXPRS);
        self.f.declared_result = signature.result;
        self.f.result = signature.result;
        if signature.result.is_none() {
            self.f.result_pattern = result_pattern(tree);
        }
        if let Some(result) = signature.result {
            let ir = self.ir_type(result, tree.span())?;
            self.f.func.result = ir;
        }
        // Captured variables lie around the parameters: the body may declare others of their names.
        self.push_scope();
        let mut params = params.iter().copied();
        if self.is_method(function) {
            let (Some(ty), Some(class)) = (params.next(), self.function(function).ctx.class) else {
                return Err(Failure::Poisoned);
            };
            let index = self.add_param("self", ty, false, tree.span());
            let pointer = self.param(index, tree.span())?;
            let is_const = tree.ty().quals.const_ || self.is_const_lambda(function);
            let class_ty = self.class_type(class).with_cv(is_const, false);
            self.f.this = Some(This { pointer, class: class_ty });
            if !self.class(class).captures.is_empty() {
                self.declare_captures(class, pointer, is_const, tree.span())?;
            }
        }
        self.push_head_scope();
        self.declare_params(tree, signature, params)
    }

    fn add_param(&mut self, name: &str, ty: TypeId, is_restrict: bool, span: Span) -> u32 {
        let param = ir::Param { name: name.to_string(), ty, is_restrict, is_const: false, span };
        self.f.func.params.push(param);
        self.f.func.params.len() as u32 - 1
    }

    fn param(&mut self, index: u32, span: Span) -> Result<ExprId> {
        self.add(ir::Expr::Param(index), span)
    }

    /// The definition's names go with the declaration's types.
    fn declare_params(
        &mut self,
        tree: FunctionTree<'a>,
        signature: &Signature<'a>,
        types: impl Iterator<Item = TypeId>,
    ) -> Result<()> {
        let mut packs: Vec<(Symbol, Vec<Object>)> = Vec::new();
        let names: Vec<&'a ast::Param> = tree.ty().params.iter().collect();
        let mut at = 0;
        for (info, ir) in signature.params.iter().zip(types) {
            let position = match info.pack {
                Some(n) if n > 0 => at - 1,
                _ => {
                    at += 1;
                    at - 1
                }
            };
            let param = names.get(position).copied().unwrap_or(info.ast);
            let span = param.span;
            let name =
                param.name.map_or_else(|| format!("arg{}", self.f.func.params.len()), |ident| ident.name.as_str().to_string());
            let name = match info.pack {
                Some(n) => format!("{name}{n}"),
                None => name,
            };
            let (quals, pointee) = (param.ty.quals, self.types.pointee(info.ty));
            let index = self.add_param(&name, ir, quals.restrict, span);
            if let Some(last) = self.f.func.params.last_mut() {
                last.is_const = pointee.is_some_and(|pointee| pointee.is_const);
            }
            let value = self.param(index, span)?;
            let is_scalar = self.types.is_arithmetic(info.ty) || self.types.is_pointer(info.ty);
            if is_scalar && info.pack.is_none() && param.name.is_some_and(|ident| assigned::is_assigned(ident.name, tree.body()))
            {
                self.f.assumptions.param_locals.insert(index);
                self.f.next_assumptions.param_locals.insert(index);
            }
            let object = self.param_object(info.ty, index, value, &name, span)?;
            match (param.name, info.pack) {
                (Some(ident), None) => self.declare_local(ident.name, LocalEntity::Object(object)),
                (Some(ident), Some(_)) => match packs.iter_mut().find(|(known, _)| *known == ident.name) {
                    Some((_, objects)) => objects.push(object),
                    None => packs.push((ident.name, vec![object])),
                },
                (None, _) => {}
            }
        }
        for param in names {
            if let (true, Some(ident)) = (param.pack, param.name)
                && !packs.iter().any(|(known, _)| *known == ident.name)
            {
                packs.push((ident.name, Vec::new()));
            }
        }
        for (name, objects) in packs {
            self.declare_local(name, LocalEntity::Pack(objects));
        }
        Ok(())
    }

    /// A reference is an address; a parameter that is changed lives in a local, the others are values. Those of a kernel are copies of
    /// bytes, whose originals the host destroys (CUDA guide, "`__global__` Function Argument Processing").
    fn param_object(&mut self, ty: CType, index: u32, value: ExprId, name: &str, span: Span) -> Result<Object> {
        if self.types.is_ref(ty) {
            let target = self.types.strip_ref(ty);
            let known = self.f.known_params.iter().find(|(at, _)| *at == index).map(|(_, bits)| *bits);
            let value = match known {
                Some(number) => self.constant(ir::Scalar::U64, number, span),
                None => value,
            };
            return Ok(Object { ty: target, declared: ty, place: Place::Memory(value), constant: None });
        }
        let ends = self.f.func.kind == FunctionKind::Device && self.needs_cleanup(ty)?;
        let place = if ends || self.f.assumptions.param_locals.contains(&index) {
            let own = self.ir_ty(value);
            let ir = self.f.assumptions.locals.get(&span).copied().unwrap_or(own);
            let local = self.f.func.add_local(name, ir, span);
            let address = self.local_addr(local, span);
            let init = self.adapt_for_store(address, value, span)?;
            self.push(StmtKind::Declare { local, init: Some(init) }, span);
            if ends {
                self.end_with_scope(address, ty)?;
            }
            Place::Memory(address)
        } else {
            Place::Value { value, param: Some(index) }
        };
        let known = match place {
            Place::Value { .. } => self.f.known_params.iter().find(|(at, _)| *at == index).map(|(_, bits)| *bits),
            _ => None,
        };
        Ok(Object { ty, declared: ty, place, constant: known.map(|bits| (ty.unqualified(), bits, None)) })
    }

    fn lower_function_body(&mut self, function: FnId, tree: FunctionTree<'a>) -> Result<()> {
        let span = tree.span();
        if let (FunctionTree::Function(definition), ast::FunctionKind::Constructor) = (tree, tree.kind()) {
            self.lower_constructor_start(function, definition)?;
        }
        if let Some(body) = tree.body() {
            if let (ast::FunctionKind::Destructor, Some(this), Some(class)) =
                (tree.kind(), self.f.this, self.function(function).ctx.class)
            {
                self.set_class_numbers(this.pointer, class, span)?;
                self.add_cleanup(cleanup::Cleanup::Parts { address: this.pointer, class });
            }
            self.push_scope();
            self.lower_stmts(&body.stmts);
            self.end_scope(body.span);
            self.end_scope(body.span);
        } else if self.is_defaulted(tree) && tree.kind() == ast::FunctionKind::Ordinary {
            return self.lower_defaulted_equality(function, span);
        }
        Ok(())
    }

    /// `bool operator==(const C&) const = default;`: bases and members in their order, until two differ ([class.eq]).
    fn lower_defaulted_equality(&mut self, function: FnId, span: Span) -> Result<()> {
        let own = self.function(function).ast;
        let is_equality = matches!(own, FunctionTree::Function(tree)
            if tree.name.last().id == ast::Id::Operator(ast::OperatorName::Binary(ast::BinaryOp::Eq)));
        let signature = self.signature(function)?;
        let (Some(this), Some(class), [other], true) =
            (self.f.this, self.function(function).ctx.class, &signature.params[..], is_equality)
        else {
            return fail(Code::E0230, "of the defaulted comparisons only a class's own `operator==` is supported", span);
        };
        if self.types.as_class(self.types.strip_ref(other.ty)) != Some(class) {
            return fail(Code::E0230, "a defaulted `operator==` compares two objects of its class", span);
        }
        let mine = Operand::lvalue(this.class, Place::Memory(this.pointer), span);
        let param = self.param(1, span)?;
        let ty = self.class_type(class);
        let ty = self.types.qualify(ty, true, false);
        let place = match self.types.is_ref(other.ty) {
            true => Place::Memory(param),
            false => Place::Value { value: param, param: Some(1) },
        };
        let theirs = Operand::lvalue(ty, place, span);
        self.layout_class(class, span)?;
        for base in self.class(class).bases.clone() {
            let (a, b) =
                (self.upcast_operand(mine.clone(), base.class, span)?, self.upcast_operand(theirs.clone(), base.class, span)?);
            self.return_if_unequal(a, b, span)?;
        }
        for index in 0..self.class(class).fields.len() as u32 {
            let field = &self.class(class).fields[index as usize];
            if field.name.is_none() {
                if self.types.as_class(field.ty).is_some() {
                    return fail(
                        Code::E0230,
                        "a defaulted `operator==` of a class with an anonymous member is not supported",
                        span,
                    );
                }
                continue;
            }
            let a = self.field_operand(mine.clone(), class, index, span)?;
            let b = self.field_operand(theirs.clone(), class, index, span)?;
            self.return_if_unequal(a, b, span)?;
        }
        let yes = self.constant(ir::Scalar::Bool, 1, span);
        self.push(ir::StmtKind::Return(Some(yes)), span);
        Ok(())
    }

    fn return_if_unequal(&mut self, a: Operand<'a>, b: Operand<'a>, span: Span) -> Result<()> {
        if let TypeKind::Array(element, Some(count)) = *self.types.kind(a.ty) {
            let (start, other) = (self.address_of(&a, span)?, self.address_of(&b, span)?);
            let count = self.constant(ir::Scalar::U32, count, span);
            return self.repeat(count, span, |sema, index| {
                let x = sema.add(ir::Expr::Element { base: start, index }, span)?;
                let y = sema.add(ir::Expr::Element { base: other, index }, span)?;
                let element = sema.types.qualify(element, true, false);
                let x = Operand::lvalue(element, Place::Memory(x), span);
                sema.return_if_unequal(x, Operand::lvalue(element, Place::Memory(y), span), span)
            });
        }
        let equal = self.binary_operands(ast::BinaryOp::Eq, a, b, span)?;
        let equal = self.condition_value(&equal)?;
        let condition = self.not(equal, span)?;
        let (accept, ()) = self.block(|sema| {
            let no = sema.constant(ir::Scalar::Bool, 0, span);
            sema.push(ir::StmtKind::Return(Some(no)), span);
            Ok(())
        })?;
        self.push(ir::StmtKind::If { condition, accept, reject: ir::Block::default() }, span);
        Ok(())
    }

    /// `: name(..)` names a member or a class ([class.base.init]/2).
    fn check_initialiser(&mut self, class: ClassId, init: &'a ast::MemberInit) -> Result<()> {
        let Some(symbol) = init.name.as_ident() else { return Ok(()) };
        let found = self.lookup_in_class(class, NameKey::Ident(symbol), false)?;
        if !matches!(found, Found::Nothing) || self.resolve_type_name(&init.name, ast::TypeNameKey::Plain).is_ok() {
            return Ok(());
        }
        let shown = self.show_class(class);
        fail(Code::E0210, format!("`{shown}` has no member and no base `{symbol}`"), init.span)
    }

    fn lower_constructor_start(&mut self, function: FnId, definition: &'a ast::Function) -> Result<()> {
        let (Some(this), Some(class)) = (self.f.this, self.function(function).ctx.class) else { return Err(Failure::Poisoned) };
        self.layout_class(class, definition.span)?;
        for init in &definition.inits {
            self.check_initialiser(class, init)?;
        }
        let own_name = self.class(class).ast.name.as_ref().and_then(|name| name.symbol());
        if let [only] = &definition.inits[..]
            && only.name.symbol().is_some()
            && only.name.symbol() == own_name
        {
            let ty = self.class_type(class);
            return self.init_object_at(this.pointer, ty, Some(&only.init), only.span);
        }
        self.init_members_at(this.pointer, class, &definition.inits, definition.span)
    }

    fn function_named(&self, name: &str) -> Option<FuncId> {
        self.module.functions.iter().find(|(_, other)| other.name == name).map(|(id, _)| id)
    }

    /// The name, with a number behind it if a function has it.
    pub(super) fn free_name(&self, name: String) -> String {
        if self.function_named(&name).is_none() {
            return name;
        }
        let numbered = (2u32..).map(|n| format!("{name}.{n}")).find(|name| self.function_named(name).is_none());
        numbered.unwrap_or(name)
    }

    /// A kernel's name is what a launch writes; functions of one name are numbered.
    fn unique_name(&mut self, function: FnId, kind: FunctionKind) -> String {
        let name = match kind {
            FunctionKind::Kernel => self.show_function(function),
            FunctionKind::Device => self.output_name(self.show_function(function)),
        };
        let Some(other) = self.function_named(&name) else { return name };
        let numbered = self.free_name(name.clone());
        if kind != FunctionKind::Kernel {
            return numbered;
        }
        self.module.functions[other].name = numbered;
        name
    }
}

fn result_pattern<'a>(tree: FunctionTree<'a>) -> Option<&'a ast::Type> {
    let ty = &tree.ty().result;
    (mentions_auto(ty) && !matches!(ty.kind, ast::TypeKind::Auto)).then_some(ty)
}
