//! Declarations of variables: automatic ones, `static` and `__shared__` ones in functions, those of namespaces and classes.

use super::*;
use ast::{Init, Spec, TypeKind as Tree};
use ir::{Scalar, Space, StmtKind};
use source::Code;

impl<'a> Sema<'a> {
    pub(super) fn lower_vars(&mut self, vars: &'a ast::Vars) -> Result<()> {
        let mut failed = Ok(());
        for var in &vars.vars {
            let start = self.f.blocks.last().map_or(0, Vec::len);
            let lowered = self.full_expression(|sema| sema.lower_var(var, &vars.specs));
            if lowered.is_ok()
                && vars.specs.has(Spec::Constexpr)
                && let Some(symbol) = var.name.as_ref().and_then(|name| name.symbol())
            {
                self.remember_constant(symbol, start);
            }
            if let Err(error) = lowered {
                // Later uses of the name must not be reported again.
                if let Some(symbol) = var.name.as_ref().and_then(|name| name.symbol()) {
                    self.declare_local(symbol, LocalEntity::Poisoned);
                }
                failed = Err(error);
            }
        }
        failed
    }

    fn lower_var(&mut self, var: &'a ast::Var, specs: &'a ast::Specs) -> Result<()> {
        let Some(name) = var.name.as_ref().and_then(|name| name.symbol()) else {
            return fail(Code::E0237, "a variable needs a name", var.span);
        };
        if specs.has(Spec::Shared) || specs.has(Spec::Static) && !self.is_constant_static(var, specs) || specs.has(Spec::Constant)
        {
            self.check_not_declared(name, var.span)?;
            return self.lower_static(name, var, specs);
        }
        if specs.has(Spec::Extern) {
            return Ok(());
        }
        if let Tree::Function(_) = var.ty.kind {
            return Ok(());
        }
        self.check_not_declared(name, var.span)?;
        let (ty, operand) = self.local_type(var)?;
        let ty = self.types.qualify(ty, specs.has(Spec::Constexpr), false);
        self.check_not_abstract(ty, var.span)?;
        if self.types.is_ref(ty) {
            return self.lower_reference(name, ty, var, operand);
        }
        if self.types.is_void(ty) {
            return fail(Code::E0211, format!("`{name}` cannot have type `void`"), var.span);
        }
        if let Some(class) = self.types.as_class(ty) {
            return self.lower_class_var(name, class, ty, var, operand);
        }
        let start = self.f.blocks.last().map_or(0, Vec::len);
        let Some(value) = self.initial_value(ty, var, operand)? else {
            return self.lower_uninitialised(name, ty, var);
        };
        let value = match specs.has(Spec::Constexpr) && self.types.is_arithmetic(ty.unqualified()) {
            true => self.constexpr_value(name, value, start, var.span)?,
            false => value,
        };
        if ty.is_const && !ty.is_volatile && !matches!(self.types.kind(ty), TypeKind::Array(..)) {
            return self.lower_constant(name, ty, value, var.span);
        }
        let ir = self.variable_ir_type(value, var.span);
        let local = self.f.func.add_local(name.as_str(), ir, var.span);
        if matches!(self.f.func.expr(value), ir::Expr::Zero(_))
            && self.types.is_pointer(ty)
            && !self.f.assumptions.locals.contains_key(&var.span)
        {
            self.f.undetermined.insert(var.span);
        }
        let address = self.local_addr(local, var.span);
        let value = self.adapt_for_store(address, value, var.span)?;
        self.push(StmtKind::Declare { local, init: Some(value) }, var.span);
        self.declare_object(name, ty, Place::Memory(address));
        self.end_with_scope(address, ty)
    }

    /// One declaration of a name in a block, and none of a parameter's or of one in the statement's head ([basic.scope.block]).
    fn check_not_declared(&self, name: Symbol, span: Span) -> Result<()> {
        let mut scopes = self.f.scopes.iter().rev();
        let own = scopes.next();
        let head = scopes.next().filter(|scope| scope.is_head);
        // A variable may hide a class of its name.
        let is_taken = |scope: &Scope| {
            matches!(scope.names.get(&name), Some(LocalEntity::Object(_) | LocalEntity::Pack(_) | LocalEntity::Enumerator(..)))
        };
        match own.into_iter().chain(head).any(is_taken) {
            true => fail(Code::E0238, format!("`{name}` is declared in this block already"), span),
            false => Ok(()),
        }
    }

    /// [class.abstract]: there are no objects of an abstract class, nor arrays of them.
    pub(super) fn check_not_abstract(&mut self, ty: CType, span: Span) -> Result<()> {
        let mut ty = ty;
        while let TypeKind::Array(element, _) = *self.types.kind(ty) {
            ty = element;
        }
        match self.types.as_class(ty) {
            Some(class) if self.is_abstract(class)? => {
                fail(Code::E0247, format!("`{}` is abstract, so there are no objects of it", self.show(ty)), span)
            }
            _ => Ok(()),
        }
    }

    /// The value of a `constexpr` number, which the statements from `start` on compute ([dcl.constexpr]/10).
    fn constexpr_value(&mut self, name: Symbol, value: ExprId, start: usize, span: Span) -> Result<ExprId> {
        if self.fold(value).is_some() || self.f.unseen {
            return Ok(value);
        }
        let stmts = self.f.blocks.last().and_then(|block| block.get(start..)).map(<[ir::Stmt]>::to_vec).unwrap_or_default();
        let bits = self.evaluate(&ir::Block { stmts }, value);
        let (Some(bits), Some(scalar)) = (bits, self.scalar_of(value)) else {
            return fail(Code::E0207, format!("the value of `{name}` is not constant"), span);
        };
        // What computed it has no effect beside.
        if let Some(block) = self.f.blocks.last_mut() {
            block.truncate(start);
        }
        Ok(self.constant(scalar, bits, span))
    }

    pub(super) fn declare_object(&mut self, name: Symbol, ty: CType, place: Place) {
        self.declare_local(name, LocalEntity::Object(Object { ty, declared: ty, place, constant: None }));
    }

    fn variable_ir_type(&mut self, value: ExprId, key: Span) -> TypeId {
        let ir = self.ir_ty(value);
        self.f.assumptions.locals.get(&key).copied().unwrap_or(ir)
    }

    /// The declared type; with `auto`, also the initialiser that gave it.
    pub(super) fn local_type(&mut self, var: &'a ast::Var) -> Result<(CType, Option<Operand<'a>>)> {
        if let Some(ty) = self.deduced_class_type(var)? {
            return Ok((self.types.qualify(ty, var.ty.quals.const_, var.ty.quals.volatile), None));
        }
        if mentions_auto(&var.ty) {
            let Some(init) = &var.init else { return fail(Code::E0202, "`auto` needs an initialiser", var.span) };
            let tree = single_init(init);
            let Some(tree) = tree else { return fail(Code::E0202, "`auto` needs one initialiser", var.span) };
            let operand = self.lower_expr(tree)?;
            let ty = self.deduce_auto(&var.ty, &operand, tree)?;
            return Ok((ty, Some(operand)));
        }
        let ty = self.resolve_type(&var.ty)?;
        Ok((self.complete_array(ty, var)?, None))
    }

    /// `T a[] = {..}` has as many elements as its list.
    fn complete_array(&mut self, ty: CType, var: &'a ast::Var) -> Result<CType> {
        let TypeKind::Array(element, None) = *self.types.kind(ty) else { return Ok(ty) };
        let count = match &var.init {
            Some(Init::Braced(list)) => self.list_length(element, list)?,
            Some(Init::Copy(value)) => match &value.kind {
                ast::ExprKind::Braced(list) => self.list_length(element, list)?,
                ast::ExprKind::Str(text) => text.value.len() as u64 + 1,
                _ => return Ok(ty),
            },
            _ => return Ok(ty),
        };
        Ok(self.types.array(element, Some(count)))
    }

    fn list_length(&mut self, element: CType, list: &'a ast::BraceInit) -> Result<u64> {
        if list.items.iter().any(|item| matches!(item.value.kind, ast::ExprKind::Pack(_))) {
            return Ok(self.unevaluated(|sema| sema.braced_operands(list))?.len() as u64);
        }
        if let [only] = &list.items[..]
            && let ast::ExprKind::Str(text) = &only.value.without_parens().kind
        {
            return Ok(text.value.len() as u64 + 1);
        }
        let is_designated = list.items.iter().any(|item| !item.designators.is_empty());
        if matches!(self.types.kind(element), TypeKind::Array(..) | TypeKind::Class(_)) && !is_designated {
            return self.unevaluated(|sema| sema.elements_of(element, list));
        }
        let (mut at, mut most) = (0u64, 0u64);
        for item in &list.items {
            if let Some(ast::Designator::Index(index)) = item.designators.first() {
                at = u64::try_from(self.eval_integer(index)?).unwrap_or(0);
            }
            at += 1;
            most = most.max(at);
        }
        Ok(most)
    }

    /// `auto`, `auto*`, `const auto&`, `auto&&` from an initialiser ([dcl.spec.auto]).
    pub(crate) fn deduce_auto(&mut self, pattern: &'a ast::Type, operand: &Operand<'a>, tree: &'a ast::Expr) -> Result<CType> {
        if let OperandKind::Functions(set) = &operand.kind
            && let Some(function) = self.single_function(set)?
        {
            let ty = self.function_type(function)?;
            let probe =
                Operand { ty, kind: OperandKind::Lvalue(Place::Memory(self.zero_number(operand.span))), span: operand.span };
            return self.deduce_auto(pattern, &probe, tree);
        }
        if let OperandKind::Functions(_) | OperandKind::Braced(_) = operand.kind {
            return fail(Code::E0202, "`auto` cannot be deduced from this", operand.span);
        }
        if let Tree::DecltypeAuto = pattern.kind {
            return self.decltype(tree);
        }
        let ty = match &pattern.kind {
            Tree::LvalueRef(inner) => {
                let target = self.match_auto(inner, operand.ty, operand.span)?;
                self.types.lvalue_ref(target)
            }
            Tree::RvalueRef(inner) => {
                let plain = matches!(inner.kind, Tree::Auto) && inner.quals == ast::Quals::NONE;
                let target = self.match_auto(inner, operand.ty, operand.span)?;
                if plain && operand.is_lvalue() { self.types.lvalue_ref(target) } else { self.types.rvalue_ref(target) }
            }
            _ => {
                let decayed = self.decay(operand.ty).unqualified();
                self.match_auto(pattern, decayed, operand.span)?
            }
        };
        Ok(ty)
    }

    fn match_auto(&mut self, pattern: &'a ast::Type, ty: CType, span: Span) -> Result<CType> {
        let matched = match &pattern.kind {
            Tree::Auto | Tree::DecltypeAuto => ty,
            Tree::Pointer(inner) => {
                let decayed = self.decay(ty);
                let Some(pointee) = self.types.pointee(decayed) else {
                    let shown = self.show(ty);
                    return fail(Code::E0203, format!("`auto*` cannot be deduced from `{shown}`"), span);
                };
                let pointee = self.match_auto(inner, pointee, span)?;
                self.types.pointer(pointee)
            }
            _ => return fail(Code::E0230, "this use of `auto` is not supported", span),
        };
        Ok(self.types.qualify(matched, pattern.quals.const_, pattern.quals.volatile))
    }

    /// The value of an initialiser, `None` for none.
    fn initial_value(&mut self, ty: CType, var: &'a ast::Var, operand: Option<Operand<'a>>) -> Result<Option<ExprId>> {
        if let Some(operand) = operand {
            return self.convert(&operand, ty.unqualified(), var.span).map(Some);
        }
        match &var.init {
            Some(init) => self.init_value(ty, init, var.span).map(Some),
            None => Ok(None),
        }
    }

    fn lower_uninitialised(&mut self, name: Symbol, ty: CType, var: &'a ast::Var) -> Result<()> {
        let ir = self.ir_type(ty, var.span)?;
        if let TypeKind::Array(_, None) = self.types.kind(ty) {
            return fail(Code::E0211, format!("array `{name}` has no length"), var.span);
        }
        let known = self.f.assumptions.locals.get(&var.span).copied();
        if known.is_none() {
            self.f.undetermined.insert(var.span);
        }
        let local = self.f.func.add_local(name.as_str(), known.unwrap_or(ir), var.span);
        self.push(StmtKind::Declare { local, init: None }, var.span);
        let address = self.local_addr(local, var.span);
        self.declare_object(name, ty, Place::Memory(address));
        self.clear_bit_fields(address, ty, var.span)?;
        self.init_default_at(address, ty, var.span)?;
        self.end_with_scope(address, ty)
    }

    /// A constant with a known value keeps its name; another one is a named value.
    fn lower_constant(&mut self, name: Symbol, ty: CType, value: ExprId, span: Span) -> Result<()> {
        if let (Some(bits), Some(scalar)) = (self.fold(value), self.scalar_of(value)) {
            let (value, id) = self.named_constant(name.as_str(), scalar, bits, span);
            let constant = Some((ty.unqualified(), bits, Some(id)));
            let place = Place::Value { value, param: None };
            self.declare_local(name, LocalEntity::Object(Object { ty, declared: ty, place, constant }));
            return Ok(());
        }
        let value = self.bind(value, Some(name.as_str().to_string()), span);
        self.declare_object(name, ty, Place::Value { value, param: None });
        Ok(())
    }

    fn lower_reference(&mut self, name: Symbol, ty: CType, var: &'a ast::Var, operand: Option<Operand<'a>>) -> Result<()> {
        let target = self.types.strip_ref(ty);
        let since = self.f.temporary_objects.len();
        let address = match (operand, &var.init) {
            (Some(operand), _) => self.convert(&operand, ty, var.span)?,
            (None, Some(init)) => self.init_value(ty, init, var.span)?,
            (None, None) => return fail(Code::E0214, format!("reference `{name}` is not initialised"), var.span),
        };
        self.prolong(address, since);
        let address = match self.is_settled(address) {
            true => address,
            false => self.bind(address, Some(name.as_str().to_string()), var.span),
        };
        let place = Place::Memory(address);
        self.declare_local(name, LocalEntity::Object(Object { ty: target, declared: ty, place, constant: None }));
        Ok(())
    }

    fn lower_class_var(
        &mut self,
        name: Symbol,
        class: ClassId,
        ty: CType,
        var: &'a ast::Var,
        operand: Option<Operand<'a>>,
    ) -> Result<()> {
        let ir = self.ir_type(ty, var.span)?;
        let plain = !self.has_user_constructor(class)?;
        let value = match (&operand, &var.init) {
            (Some(operand), _) => Some(self.convert(operand, ty.unqualified(), var.span)?),
            (None, Some(init)) if plain => Some(self.init_value(ty, init, var.span)?),
            _ => None,
        };
        let local = self.f.func.add_local(name.as_str(), ir, var.span);
        self.push(StmtKind::Declare { local, init: value }, var.span);
        let address = self.local_addr(local, var.span);
        self.declare_object(name, ty, Place::Memory(address));
        if let (None, init) = (value, &var.init) {
            self.clear_bit_fields(address, ty, var.span)?;
            self.init_object_at(address, ty.unqualified(), init.as_ref(), var.span)?;
        }
        self.end_with_scope(address, ty)
    }

    /// `static const int N = 4;` in a function is a constant. So is `static const char* const names[]`: the memory of a
    /// module's variable cannot hold addresses before a launch has placed them, a table in the function can.
    fn is_constant_static(&self, var: &ast::Var, specs: &ast::Specs) -> bool {
        let mut ty = &var.ty;
        while let Tree::Array { element, .. } = &ty.kind {
            ty = element;
        }
        let is_const = specs.has(Spec::Constexpr) || ty.quals.const_;
        let is_table = matches!(var.ty.kind, Tree::Array { .. });
        let held = if is_table { matches!(ty.kind, Tree::Pointer { .. }) } else { !matches!(ty.kind, Tree::Class(_)) };
        is_const && held && var.init.is_some()
    }

    /// `static`, `__shared__` and `__constant__` variables in functions are variables of the module, one for each instance.
    fn lower_static(&mut self, name: Symbol, var: &'a ast::Var, specs: &'a ast::Specs) -> Result<()> {
        let ty = self.resolve_type(&var.ty)?;
        let ty = self.complete_array(ty, var)?;
        let key = (var as *const _ as usize, self.f.instance);
        let global = match self.local_globals.get(&key) {
            Some(&global) => global,
            None => {
                let global = self.add_global(name.as_str(), ty, var, specs)?;
                self.local_globals.insert(key, global);
                global
            }
        };
        let address = self.add(ir::Expr::GlobalAddr(global), var.span)?;
        self.declare_object(name, ty, Place::Memory(address));
        Ok(())
    }

    fn add_global(&mut self, name: &str, ty: CType, var: &'a ast::Var, specs: &'a ast::Specs) -> Result<ir::GlobalId> {
        let space = if specs.has(Spec::Shared) {
            Space::Shared
        } else if specs.has(Spec::Constant) || specs.has(Spec::Constexpr) || ty.is_const && !specs.has(Spec::Device) {
            Space::Constant
        } else {
            Space::Global
        };
        let dynamic = space == Space::Shared && specs.has(Spec::Extern);
        let ir = match *self.types.kind(ty) {
            // `extern __shared__ T* p` is not an array, but CUDA accepts `extern __shared__ T x[]` only.
            TypeKind::Array(element, None) if dynamic => {
                let element = self.ir_type(element, var.span)?;
                self.module.tables.types.array(element, None)
            }
            TypeKind::Array(_, None) => return fail(Code::E0211, format!("array `{name}` has no length"), var.span),
            _ => self.ir_type(ty, var.span)?,
        };
        let mut align = self.module.tables.types.align_of(ir);
        if !specs.aligns.is_empty() {
            align = align.max(self.eval_aligns(&specs.aligns)?);
        }
        let init = match (&var.init, space) {
            (Some(_), Space::Shared) => return fail(Code::E0307, "shared variables have no initialiser", var.span),
            (Some(init), _) => Some(self.initial_bytes(ty, ir, init, var.span)?),
            (None, Space::Shared) => None,
            (None, _) => self.default_bytes(ty, ir, var.span)?,
        };
        let global = ir::Global { name: name.to_string(), ty: ir, space, init, dynamic, per_thread: 0, literal: false, align };
        Ok(self.module.tables.globals.add(global, var.span))
    }

    /// The memory of a constant initialiser.
    fn initial_bytes(&mut self, ty: CType, ir: TypeId, init: &'a Init, span: Span) -> Result<Vec<u8>> {
        let size = self.module.tables.types.size_of(ir);
        if size > 1 << 26 {
            return fail(Code::E0218, "the initialised variable is too large", span);
        }
        let mut bytes = vec![0; size as usize];
        let (block, value) = self.block(|sema| sema.init_value(ty, init, span))?;
        if !self.bytes_of(&block, value, ir, &mut bytes)? {
            return fail(Code::E0306, "the initialiser is not constant", span);
        }
        Ok(bytes)
    }

    fn default_bytes(&mut self, ty: CType, ir: TypeId, span: Span) -> Result<Option<Vec<u8>>> {
        let Some(class) = self.types.as_class(ty) else { return Ok(None) };
        if !self.needs_initialisation(class)? {
            return Ok(None);
        }
        let mut bytes = vec![0; self.module.tables.types.size_of(ir) as usize];
        let (block, value) = self.block(|sema| sema.construct_class(ty, Vec::new(), span))?;
        Ok(self.bytes_of(&block, value, ir, &mut bytes)?.then_some(bytes))
    }

    /// The type of a variable at namespace scope or a static member, from its declaration or its initialiser.
    pub fn declared_type(&mut self, var: &'a ast::Var) -> Result<CType> {
        let (ty, _) = if mentions_auto(&var.ty) { self.unevaluated(|sema| sema.local_type(var))? } else { self.local_type(var)? };
        Ok(ty)
    }

    /// A variable of a namespace, or a static member.
    pub fn variable_operand(&mut self, var: VarId, span: Span) -> Result<Operand<'a>> {
        let ty = self.variable_type(var)?;
        if self.types.is_ref(ty) {
            return self.reference_variable(var, ty, span);
        }
        if let Some((ty_of_value, bits)) = self.variable_constant(var)? {
            let ir = self.ir_type(ty_of_value, span)?;
            if let Some(scalar) = self.module.tables.types.as_scalar(ir) {
                let name = self.vars[var.index()].name.clone();
                let value = self.named_constant(&name, scalar, bits, span).0;
                return Ok(Operand::lvalue(ty, Place::Value { value, param: None }, span));
            }
        }
        if self.f.unseen {
            // Host code has its own variables.
            let lvalue = self.types.lvalue_ref(ty);
            return self.probe(lvalue, span);
        }
        let global = self.variable_global(var, ty, span)?;
        let address = self.add(ir::Expr::GlobalAddr(global), span)?;
        Ok(Operand::lvalue(ty, Place::Memory(address), span))
    }

    fn reference_variable(&mut self, var: VarId, ty: CType, span: Span) -> Result<Operand<'a>> {
        let (tree, ctx) = (self.vars[var.index()].ast, self.vars[var.index()].ctx);
        let Some(init) = &tree.init else { return fail(Code::E0241, "a reference of the host", span) };
        let address = self.with_names(ctx, |sema| sema.nested(tree.span, |sema| sema.init_value(ty, init, span)))?;
        let target = self.types.strip_ref(ty);
        Ok(Operand::lvalue(target, Place::Memory(address), span))
    }

    /// The value of a `const` scalar with a constant initialiser.
    pub fn variable_constant(&mut self, var: VarId) -> Result<Option<(CType, u64)>> {
        if let Some(value) = self.vars[var.index()].value {
            return Ok(value);
        }
        let ty = self.variable_type(var)?;
        let scalar = self.types.is_arithmetic(ty) || self.is_enum(ty);
        if !ty.is_const || ty.is_volatile || !scalar || self.vars[var.index()].specs.has(Spec::Constant) {
            return Ok(None);
        }
        let info = &self.vars[var.index()];
        let (ctx, tree, span, name) = (info.ctx, info.ast, info.ast.span, info.name.clone());
        let outside = ctx.class.and_then(|class| self.out_of_line_variable(class, &name));
        let Some(init) = tree.init.as_ref().or(outside.and_then(|tree| tree.init.as_ref())) else { return Ok(None) };
        let evaluated = self.in_ctx(ctx, |sema| {
            sema.nested(span, |sema| {
                let (block, value) = sema.block(|sema| sema.init_value(ty, init, span))?;
                Ok(sema.evaluate(&block, value))
            })
        });
        let value = match evaluated {
            Ok(Some(bits)) => Some((ty.unqualified(), bits)),
            Ok(None) => None,
            Err(error) => return Err(error),
        };
        self.vars[var.index()].value = Some(value);
        Ok(value)
    }

    fn variable_global(&mut self, var: VarId, ty: CType, span: Span) -> Result<ir::GlobalId> {
        if let Some(global) = self.vars[var.index()].global {
            return Ok(global);
        }
        let info = &self.vars[var.index()];
        let (ctx, specs, name) = (info.ctx, info.specs, info.name.clone());
        let mut tree = info.ast;
        if let (None, Some(outside)) = (&tree.init, ctx.class.and_then(|class| self.out_of_line_variable(class, &name))) {
            tree = outside;
        }
        let device = [Spec::Device, Spec::Constant, Spec::Shared, Spec::Managed].into_iter().any(|spec| specs.has(spec));
        let mut element = ty;
        while let TypeKind::Array(inner, _) = *self.types.kind(element) {
            element = inner;
        }
        let is_constant = element.is_const && (tree.init.is_some() || specs.has(Spec::Constexpr));
        if !device && !is_constant {
            let at = tree.span;
            let error = failure(Code::E0241, format!("`{name}` is a variable of the host"), span);
            return Err(error.map(|diagnostic| diagnostic.with_label(at, "declared here")));
        }
        let ty = if !device { ty.with_const() } else { ty };
        // Its initialiser may name the variable itself.
        let global = self.in_ctx(ctx, |sema| sema.nested(tree.span, |sema| sema.add_global(&name, ty, tree, specs)))?;
        self.vars[var.index()].global = Some(global);
        Ok(global)
    }

    /// `auto [a, b] = e;`
    pub(super) fn lower_binding(&mut self, binding: &'a ast::Binding) -> Result<()> {
        let span = binding.ty.span;
        let Some(tree) = binding.init.as_ref().and_then(single_init) else {
            return fail(Code::E0214, "a structured binding needs an initialiser", span);
        };
        let bound = self.lower_expr(tree).and_then(|operand| self.bind_object(binding, operand, span));
        if bound.is_err() {
            // Later uses of the names must not be reported again.
            binding.names.iter().for_each(|ident| self.declare_local(ident.name, LocalEntity::Poisoned));
        }
        bound
    }

    pub(super) fn bind_object(&mut self, binding: &'a ast::Binding, operand: Operand<'a>, span: Span) -> Result<()> {
        let by_reference = matches!(binding.ty.kind, Tree::LvalueRef(_) | Tree::RvalueRef(_));
        let object = if by_reference {
            let address = self.address_of(&operand, span)?;
            let address = self.bind(address, None, span);
            Operand::lvalue(operand.ty, Place::Memory(address), span)
        } else {
            let ty = operand.ty.unqualified();
            let value = match self.types.kind(ty) {
                TypeKind::Array(..) => {
                    let address = self.address_of(&operand, span)?;
                    self.load(address, false, span)?
                }
                _ => self.convert(&operand, ty, span)?,
            };
            let ir = self.ir_ty(value);
            let local = self.declare_temporary(ir, Some(value), span);
            let address = self.local_addr(local, span);
            let ty = self.types.qualify(ty, binding.ty.quals.const_, false);
            Operand::lvalue(ty, Place::Memory(address), span)
        };
        self.bind_parts(binding, &object, span)
    }

    /// Does a class or one of its bases have data members?
    fn has_members(&mut self, class: ClassId, span: Span) -> Result<bool> {
        self.layout_class(class, span)?;
        if !self.class(class).fields.is_empty() {
            return Ok(true);
        }
        for base in self.class(class).bases.clone() {
            if self.has_members(base.class, span)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn bind_parts(&mut self, binding: &'a ast::Binding, object: &Operand<'a>, span: Span) -> Result<()> {
        // All members are of one class, which may be a base ([dcl.struct.bind]/5).
        let mut object = object.clone();
        while let Some(class) = self.types.as_class(object.ty) {
            self.layout_class(class, span)?;
            let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
            let mut with_members = Vec::new();
            for base in bases {
                if self.has_members(base, span)? {
                    with_members.push(base);
                }
            }
            match with_members[..] {
                [] => break,
                [base] if self.class(class).fields.is_empty() => object = self.upcast_operand(object, base, span)?,
                _ => return fail(Code::E0214, "members of several classes cannot be bound", span),
            }
        }
        let object = &object;
        let parts = match *self.types.kind(object.ty) {
            TypeKind::Class(class) => self.class(class).fields.len() as u64,
            TypeKind::Array(_, count) => count.unwrap_or(0),
            _ => 0,
        };
        if parts > binding.names.len() as u64 {
            return fail(Code::E0214, "the object has more parts than there are names", span);
        }
        for (index, ident) in binding.names.iter().enumerate() {
            let part = match *self.types.kind(object.ty) {
                TypeKind::Class(class) if index < self.class(class).fields.len() => {
                    self.field_operand(object.clone(), class, index as u32, span)?
                }
                TypeKind::Array(element, _) => {
                    let address = self.address_of(object, span)?;
                    let at = self.constant(Scalar::I32, index as u64, span);
                    let pointer = self.add(ir::Expr::Element { base: address, index: at }, span)?;
                    Operand::lvalue(element, Place::Memory(pointer), span)
                }
                _ => return fail(Code::E0214, "the object has fewer parts than there are names", span),
            };
            let OperandKind::Lvalue(place) = part.kind else { return fail(Code::E0214, "this cannot be bound", span) };
            self.declare_object(ident.name, part.ty, place);
        }
        Ok(())
    }
}

/// The one expression of an initialiser.
pub(super) fn single_init(init: &Init) -> Option<&ast::Expr> {
    match init {
        Init::Copy(value) => Some(value),
        Init::Direct { args, .. } => match &args[..] {
            [only] => Some(only),
            _ => None,
        },
        Init::Braced(list) => match &list.items[..] {
            [only] => Some(&only.value),
            _ => None,
        },
    }
}
