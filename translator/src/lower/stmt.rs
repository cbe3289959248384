//! Statements and control flow.

use super::*;
use ast::{Condition, DeclKind, Stmt as Tree, StmtKind as Kind};
use ir::{LoopForm, StmtKind};
use source::Code;

/// After so many errors in one function the rest is not looked at.
const MAX_ERRORS: usize = 20;

impl<'a> Sema<'a> {
    /// A block with its scope. An error ends a statement, not the block, so that one run shows all.
    pub(super) fn lower_block(&mut self, block: &'a ast::Block) -> ir::Block {
        self.f.blocks.push(Vec::new());
        self.push_scope();
        self.lower_stmts(&block.stmts);
        self.end_scope(block.span);
        ir::Block { stmts: self.f.blocks.pop().unwrap_or_default() }
    }

    pub(super) fn lower_stmts(&mut self, stmts: &'a [Tree]) {
        if stmts.iter().any(|stmt| goto::label_of(stmt).is_some()) {
            if let Err(error) = self.lower_labelled(stmts) {
                self.report(error);
            }
            return;
        }
        for stmt in stmts {
            // In a recursion with known arguments what is not reached must not go deeper.
            if self.f.diagnostics.len() >= MAX_ERRORS || self.is_unrolled_recursion() && !self.is_reachable() {
                return;
            }
            if let Err(error) = self.lower_stmt(stmt) {
                self.report(error);
            }
        }
    }

    /// Remembers an error of the function at hand; what was reported before says nothing.
    pub(super) fn report(&mut self, error: Failure) {
        match error {
            Failure::Error(diagnostic) => {
                if !self.f.diagnostics.contains(&diagnostic) {
                    self.f.diagnostics.push(*diagnostic);
                }
            }
            Failure::Poisoned => self.f.poisoned = true,
        }
    }

    pub(super) fn lower_stmt(&mut self, stmt: &'a Tree) -> Result<()> {
        if self.f.depth > 500 {
            return fail(Code::E0216, "statements are nested too deeply", stmt.span);
        }
        self.f.depth += 1;
        let depth = self.f.blocks.len();
        let scopes = self.f.scopes.len();
        let result = self.lower_stmt_kind(stmt);
        self.f.blocks.truncate(depth);
        self.f.scopes.truncate(scopes);
        self.f.depth -= 1;
        result
    }

    fn lower_stmt_kind(&mut self, stmt: &'a Tree) -> Result<()> {
        let span = stmt.span;
        match &stmt.kind {
            Kind::Empty => Ok(()),
            Kind::Expr(expr) => self.full_expression(|sema| sema.lower_discarded(expr)),
            Kind::Decl(decl) => self.lower_local_decl(decl),
            Kind::Block(block) => {
                let block = self.lower_block(block);
                if !block.stmts.is_empty() {
                    self.push(StmtKind::Scope(block), span);
                }
                Ok(())
            }
            Kind::If(tree) => self.scoped(span, |sema| sema.lower_if(tree, span)),
            Kind::Switch(tree) => self.scoped(span, |sema| sema.lower_switch(tree, span).and_then(|()| sema.resume_jumps(span))),
            Kind::While(tree) => self.scoped(span, |sema| sema.lower_while(tree, span).and_then(|()| sema.resume_jumps(span))),
            Kind::DoWhile(tree) => self.lower_do_while(tree, span).and_then(|()| self.resume_jumps(span)),
            Kind::For(tree) => self.scoped(span, |sema| sema.lower_for(tree, span).and_then(|()| sema.resume_jumps(span))),
            Kind::RangeFor(tree) => {
                self.scoped(span, |sema| sema.lower_range_for(tree, span).and_then(|()| sema.resume_jumps(span)))
            }
            Kind::Break => self.jump(self.f.breaks.last().copied(), StmtKind::Break, span),
            Kind::Continue => self.jump(self.f.continues.last().copied(), StmtKind::Continue, span),
            Kind::Case { .. } | Kind::Default => self.jump(None, StmtKind::Break, span),
            Kind::Return(value) => self.lower_return(value.as_deref(), span),
            Kind::Goto(label) => self.lower_goto(label),
            // A label that nobody jumps to does nothing.
            Kind::Label(_) => Ok(()),
            Kind::Asm(tree) if tree.template.value.iter().all(u8::is_ascii_whitespace) => Ok(()),
            Kind::Asm(tree) => self.lower_ptx(tree, span),
            Kind::Try(_) => fail(Code::E0223, "exceptions are not available on the device", span),
            Kind::Error => Err(Failure::Poisoned),
        }
    }

    /// Leaves the scopes that were opened since.
    fn jump(&mut self, scopes: Option<usize>, kind: StmtKind, span: Span) -> Result<()> {
        let Some(depth) = scopes else {
            return fail(Code::E0232, "this statement stands outside of what it belongs to", span);
        };
        self.leave_scopes(depth, span)?;
        self.leave_for(kind, span)
    }

    /// A scope of its own for a statement that declares something in its head. It leaves a `Scope` only if it declared something.
    fn scoped(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.push_head_scope();
        self.f.blocks.push(Vec::new());
        let result = work(self);
        let closed = self.close_scope(span);
        let stmts = self.f.blocks.pop().unwrap_or_default();
        result.and(closed)?;
        let declares =
            stmts.len() > 1 && stmts.iter().any(|stmt| matches!(stmt.kind, StmtKind::Declare { .. } | StmtKind::Let { .. }));
        if declares {
            self.push(StmtKind::Scope(ir::Block { stmts }), span);
        } else {
            stmts.into_iter().for_each(|stmt| self.push(stmt.kind, stmt.span));
        }
        Ok(())
    }

    /// A namespace by a name that may begin with an alias of the block.
    fn namespace_in_block(&mut self, name: &ast::Name) -> Option<NsId> {
        let ident = |segment: &ast::Segment| match segment.id {
            ast::Id::Ident(symbol) => Some(symbol),
            _ => None,
        };
        let (first, rest) = name.segments.split_first()?;
        let alias = ident(first).filter(|_| !name.global).and_then(|symbol| self.f.find_local(symbol));
        let Some(LocalEntity::Namespace(start)) = alias else { return self.namespace_named(name) };
        let start = *start;
        rest.iter().try_fold(start, |ns, segment| {
            let inner = self.lookup_in_namespace(ns, NameKey::Ident(ident(segment)?));
            inner.into_iter().find_map(|entity| match entity {
                Entity::Namespace(ns) => Some(ns),
                _ => None,
            })
        })
    }

    pub(super) fn lower_local_decl(&mut self, decl: &'a ast::Decl) -> Result<()> {
        match &decl.kind {
            DeclKind::Empty => Ok(()),
            DeclKind::Vars(vars) => {
                self.declare_inline_type(&vars.base)?;
                self.lower_vars(vars)
            }
            DeclKind::Binding(binding) => self.lower_binding(binding),
            DeclKind::Group(decls) => decls.iter().try_for_each(|decl| self.lower_local_decl(decl)),
            DeclKind::Class(class) if class.name.is_none() && class.key == ast::ClassKey::Union => {
                self.declare_anonymous_union(class, decl.span)
            }
            DeclKind::Class(class) => self.declare_local_class(class),
            DeclKind::Enum(definition) => {
                self.declare_local_enum(definition);
                Ok(())
            }
            DeclKind::Typedef(typedef) => {
                self.declare_inline_type(&typedef.base)?;
                for name in &typedef.names {
                    let ty = self.resolve_type(&name.ty)?;
                    self.declare_local(name.name.name, LocalEntity::Type(ty));
                }
                Ok(())
            }
            DeclKind::Alias(alias) => {
                let ty = self.resolve_type(&alias.ty)?;
                self.declare_local(alias.name.name, LocalEntity::Type(ty));
                Ok(())
            }
            DeclKind::StaticAssert(assert) => self.check_static_assert(assert, decl.span),
            DeclKind::Using(name) => self.lower_using(name),
            DeclKind::NamespaceAlias { name, target } => {
                let Some(ns) = self.namespace_in_block(target) else { return Err(self.unknown_name(target)) };
                self.declare_local(name.name, LocalEntity::Namespace(ns));
                Ok(())
            }
            DeclKind::UsingNamespace(name) => {
                // Local look-up by directives is done for the whole function: namespaces hold no device variables of one name as a rule.
                if let Some(ns) = self.namespace_in_block(name) {
                    let here = self.f.ctx.ns;
                    if !self.namespaces[here.index()].used.contains(&ns) {
                        self.namespaces[here.index()].used.push(ns);
                    }
                }
                Ok(())
            }
            DeclKind::UsingEnum(name) => {
                let ty = self.resolve_type_name(name, ast::TypeNameKey::Plain)?;
                if !self.is_enum(ty) {
                    return fail(Code::E0202, format!("`{}` is no enum", self.show(ty)), name.span);
                }
                for (name, id, index) in self.enumerators_of(ty) {
                    self.declare_local(name, LocalEntity::Enumerator(id, index));
                }
                Ok(())
            }
            DeclKind::Function(_) => Ok(()),
            DeclKind::Error => Err(Failure::Poisoned),
            _ => fail(Code::E0230, "this declaration is not supported inside functions", decl.span),
        }
    }

    fn lower_using(&mut self, name: &'a ast::Name) -> Result<()> {
        let Some(symbol) = name.symbol() else { return Ok(()) };
        match self.lookup(name)? {
            Found::Entities(entities) => match entities.first() {
                Some(Entity::Function(_) | Entity::Template(_)) => {
                    self.declare_local(symbol, LocalEntity::Functions(entities));
                    Ok(())
                }
                Some(Entity::Variable(var)) => {
                    let operand = self.variable_operand(*var, name.span)?;
                    if let OperandKind::Lvalue(place) = operand.kind {
                        self.declare_object(symbol, operand.ty, place);
                    }
                    Ok(())
                }
                _ => {
                    let ty = self.type_of_found(Found::Entities(entities), name.last())?;
                    self.declare_local(symbol, LocalEntity::Type(ty));
                    Ok(())
                }
            },
            Found::Nothing => Err(self.unknown_name(name)),
            found => {
                let ty = self.type_of_found(found, name.last())?;
                self.declare_local(symbol, LocalEntity::Type(ty));
                Ok(())
            }
        }
    }

    fn declare_inline_type(&mut self, ty: &'a ast::Type) -> Result<()> {
        match &ty.kind {
            ast::TypeKind::Class(class) if class.members.is_some() => self.declare_local_class(class),
            ast::TypeKind::Enum(definition) => {
                self.declare_local_enum(definition);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A local class sees the types and constants of the blocks around it.
    fn declare_local_class(&mut self, class: &'a ast::Class) -> Result<()> {
        let ctx = self.local_ctx();
        let id = self.local_class(class, ctx);
        let own = self.f.ctx.env;
        self.alias_class_tree(class, own, id);
        let ty = self.class_type(id);
        if let Some(symbol) = class.name.as_ref().and_then(|name| name.symbol()) {
            self.declare_local(symbol, LocalEntity::Type(ty));
        }
        Ok(())
    }

    /// `union { int i; float f; };`: an object without a name, whose members have the names of variables ([class.union.anon]).
    fn declare_anonymous_union(&mut self, class: &'a ast::Class, span: Span) -> Result<()> {
        let ctx = self.local_ctx();
        let id = self.local_class(class, ctx);
        self.layout_class(id, span)?;
        let ty = self.class_type(id);
        let ir = self.ir_type(ty, span)?;
        let local = self.declare_temporary(ir, None, span);
        let address = self.local_addr(local, span);
        for field in self.class(id).fields.clone() {
            let Some(name) = field.name else { continue };
            let at = self.add(ir::Expr::Field { base: address, index: field.ir_index }, span)?;
            self.declare_object(name, field.ty, Place::Memory(at));
        }
        Ok(())
    }

    /// The context at hand, with the local types and constants as bindings.
    pub(super) fn local_ctx(&mut self) -> Ctx {
        let (mut bindings, mut enumerators) = (Vec::new(), Vec::new());
        for scope in &self.f.scopes {
            let mut names: Vec<_> = scope.names.iter().collect();
            names.sort_by_key(|(name, _)| **name);
            for (name, entity) in names {
                match entity {
                    LocalEntity::Type(ty) => bindings.push((*name, TemplateArg::Type(*ty))),
                    LocalEntity::Object(Object { constant: Some((ty, bits, _)), .. }) => {
                        bindings.push((*name, TemplateArg::Value(*ty, *bits)));
                    }
                    LocalEntity::Enumerator(id, index) => enumerators.push((*name, *id, *index)),
                    _ => {}
                }
            }
        }
        for (name, id, index) in enumerators {
            // An enumerator whose value is wrong was reported where it is declared.
            if self.complete_enum(id).is_ok() {
                let value = self.enums[id.index()].values[index as usize];
                let ty = self.types.intern(TypeKind::Enum(id));
                bindings.push((name, TemplateArg::Value(ty, value as u64)));
            }
        }
        let env = self.new_env(self.f.ctx.env, bindings);
        Ctx { env, ..self.f.ctx }
    }

    fn declare_local_enum(&mut self, definition: &'a ast::Enum) {
        // The values see the constants of the blocks around ([basic.scope.pdecl]/4).
        let ctx = self.local_ctx();
        let id = self.enum_of_tree(definition, ctx);
        let ty = self.types.intern(TypeKind::Enum(id));
        if let Some(symbol) = definition.name.as_ref().and_then(|name| name.symbol()) {
            self.declare_local(symbol, LocalEntity::Type(ty));
        }
        if !definition.scoped {
            for (index, item) in definition.items.iter().flatten().enumerate() {
                self.declare_local(item.name.name, LocalEntity::Enumerator(id, index as u32));
            }
        }
    }

    pub(crate) fn check_static_assert(&mut self, assert: &'a ast::StaticAssert, span: Span) -> Result<()> {
        let (_, bits) = self.eval_constant(&assert.condition)?;
        if bits != 0 {
            return Ok(());
        }
        let message = match assert.message.as_ref().map(|message| &message.kind) {
            Some(ast::ExprKind::Str(text)) => format!("static assertion failed: {}", String::from_utf8_lossy(&text.value)),
            _ => "static assertion failed".to_string(),
        };
        fail(Code::E0213, message, span)
    }

    /// Is the function at hand one that calls itself, lowered for known arguments?
    fn is_unrolled_recursion(&self) -> bool {
        self.f.unrolled_recursion
    }

    fn lower_condition_tree(&mut self, condition: &'a Condition) -> Result<ExprId> {
        match condition {
            Condition::Expr(expr) => self.full_value(expr.span, |sema| sema.lower_condition(expr)),
            Condition::Decl(decl) => {
                self.lower_local_decl(decl)?;
                let operand = self.declared_operand(decl)?;
                self.condition_value(&operand)
            }
        }
    }

    /// The variable that a condition declares.
    pub(super) fn declared_operand(&mut self, decl: &'a ast::Decl) -> Result<Operand<'a>> {
        let name = match &decl.kind {
            DeclKind::Vars(vars) => vars.vars.first().and_then(|var| var.name.as_ref()),
            _ => None,
        };
        match name {
            Some(name) => self.lower_name(name),
            None => fail(Code::E0237, "a condition declares one variable", decl.span),
        }
    }

    fn lower_if(&mut self, tree: &'a ast::If, span: Span) -> Result<()> {
        if let Some(init) = &tree.init {
            self.lower_stmt_here(init)?;
        }
        if tree.constexpr {
            let Condition::Expr(condition) = &tree.condition else {
                return fail(Code::E0230, "a declaration as the condition of `if constexpr` is not supported", span);
            };
            let (_, bits) = self.eval_constant(condition)?;
            let chosen = if bits != 0 { Some(&tree.then) } else { tree.otherwise.as_ref() };
            return match chosen {
                Some(stmt) => self.lower_stmt_or_block(stmt),
                None => Ok(()),
            };
        }
        let condition = self.lower_condition_tree(&tree.condition)?;
        if self.is_unrolled_recursion()
            && let Some(bits) = self.fold(condition)
        {
            return match if bits != 0 { Some(&tree.then) } else { tree.otherwise.as_ref() } {
                Some(stmt) => self.lower_stmt_or_block(stmt),
                None => Ok(()),
            };
        }
        let accept = self.lower_branch(&tree.then);
        let reject = match &tree.otherwise {
            Some(otherwise) => self.lower_branch(otherwise),
            None => ir::Block::default(),
        };
        self.push(StmtKind::If { condition, accept, reject }, span);
        Ok(())
    }

    /// A declaration whose scope is the statement around it.
    pub(super) fn lower_stmt_here(&mut self, stmt: &'a Tree) -> Result<()> {
        match &stmt.kind {
            Kind::Decl(decl) => self.lower_local_decl(decl),
            _ => self.lower_stmt(stmt),
        }
    }

    /// The chosen branch of `if constexpr`, without an IR scope where it needs none.
    fn lower_stmt_or_block(&mut self, stmt: &'a Tree) -> Result<()> {
        match &stmt.kind {
            Kind::Block(block) => {
                let block = self.lower_block(block);
                let declares = block.stmts.iter().any(|s| matches!(s.kind, StmtKind::Declare { .. } | StmtKind::Let { .. }));
                if declares {
                    self.push(StmtKind::Scope(block), stmt.span);
                } else {
                    block.stmts.into_iter().for_each(|stmt| self.push(stmt.kind, stmt.span));
                }
                Ok(())
            }
            _ => self.lower_stmt(stmt),
        }
    }

    /// The statement of a branch or loop body as a block.
    pub(super) fn lower_branch(&mut self, stmt: &'a Tree) -> ir::Block {
        match &stmt.kind {
            Kind::Block(block) => self.lower_block(block),
            _ => {
                self.f.blocks.push(Vec::new());
                self.push_scope();
                self.lower_stmts(std::slice::from_ref(stmt));
                self.end_scope(stmt.span);
                ir::Block { stmts: self.f.blocks.pop().unwrap_or_default() }
            }
        }
    }

    fn lower_body(&mut self, stmt: &'a Tree) -> ir::Block {
        let depth = self.f.scopes.len();
        self.lower_loop_body(stmt, depth)
    }

    /// `depth`: the scopes that `break` and `continue` leave alone.
    pub(super) fn lower_loop_body(&mut self, stmt: &'a Tree, depth: usize) -> ir::Block {
        self.f.continues.push(depth);
        self.f.breaks.push(depth);
        self.enter_region(goto::RegionKind::Loop);
        let body = self.lower_branch(stmt);
        self.leave_region();
        self.f.continues.pop();
        self.f.breaks.pop();
        body
    }

    /// A loop's condition: an expression, or statements that leave the loop where they are not pure.
    fn loop_condition(&mut self, condition: Option<&'a Condition>, span: Span) -> Result<(Option<ExprId>, ir::Block)> {
        let Some(condition) = condition else { return Ok((None, ir::Block::default())) };
        let (mut head, value) = self.block(|sema| sema.lower_condition_tree(condition))?;
        if head.stmts.is_empty() {
            let endless = self.fold(value).is_some_and(|bits| bits != 0);
            return Ok(((!endless).then_some(value), head));
        }
        self.leave_unless(value, std::mem::take(&mut head), span)
    }

    /// A loop's condition where evaluating it takes statements: then they stand at the top of the body and leave the loop.
    pub(super) fn leave_unless(&mut self, value: ExprId, mut head: ir::Block, span: Span) -> Result<(Option<ExprId>, ir::Block)> {
        if head.stmts.is_empty() {
            return Ok((Some(value), head));
        }
        let condition = self.not(value, span)?;
        let leave = ir::Block { stmts: vec![ir::Stmt { kind: StmtKind::Break, span }] };
        head.stmts.push(ir::Stmt { kind: StmtKind::If { condition, accept: leave, reject: ir::Block::default() }, span });
        Ok((None, head))
    }

    fn lower_while(&mut self, tree: &'a ast::While, span: Span) -> Result<()> {
        let unroll = self.unroll(tree.unroll.as_ref())?;
        let (condition, mut body) = self.loop_condition(Some(&tree.condition), span)?;
        body.stmts.extend(self.lower_body(&tree.body).stmts);
        let update = ir::Block::default();
        self.push(StmtKind::Loop { form: LoopForm::While, condition, body, update, until: None, unroll }, span);
        Ok(())
    }

    fn lower_do_while(&mut self, tree: &'a ast::DoWhile, span: Span) -> Result<()> {
        let unroll = self.unroll(tree.unroll.as_ref())?;
        let body = self.lower_body(&tree.body);
        let (update, value) = self.block(|sema| sema.full_value(span, |sema| sema.lower_condition(&tree.condition)))?;
        let constant = self.fold(value);
        if constant == Some(0) && !leaves_loop(&body) {
            // `do { .. } while (0)` of macros.
            if !body.stmts.is_empty() {
                self.push(StmtKind::Scope(body), span);
            }
            return Ok(());
        }
        let until = match constant {
            Some(bits) if bits != 0 => None,
            _ => Some(self.not(value, span)?),
        };
        self.push(StmtKind::Loop { form: LoopForm::DoWhile, condition: None, body, update, until, unroll }, span);
        Ok(())
    }

    fn lower_for(&mut self, tree: &'a ast::For, span: Span) -> Result<()> {
        let unroll = self.unroll(tree.unroll.as_ref())?;
        self.lower_stmt_here(&tree.init)?;
        let (condition, mut body) = self.loop_condition(tree.condition.as_ref(), span)?;
        body.stmts.extend(self.lower_body(&tree.body).stmts);
        let (update, ()) = self.block(|sema| match &tree.step {
            Some(step) => sema.full_expression(|sema| sema.lower_discarded(step)),
            None => Ok(()),
        })?;
        self.push(StmtKind::Loop { form: LoopForm::For, condition, body, update, until: None, unroll }, span);
        Ok(())
    }

    pub(super) fn unroll(&mut self, unroll: Option<&'a ast::Unroll>) -> Result<Option<u32>> {
        let Some(unroll) = unroll else { return Ok(None) };
        let Some(factor) = &unroll.factor else { return Ok(Some(0)) };
        // The pragma is a hint: a factor that is not constant means nothing.
        Ok(self.eval_integer(factor).ok().and_then(|factor| u32::try_from(factor).ok()))
    }

    fn lower_return(&mut self, value: Option<&'a ast::Expr>, span: Span) -> Result<()> {
        let declared = self.f.declared_result;
        let Some(tree) = value else {
            self.f.result.get_or_insert(CType::VOID);
            if declared.is_some_and(|ty| !self.types.is_void(ty)) {
                return fail(Code::E0234, "a value must be returned here", span);
            }
            self.leave_scopes(0, span)?;
            self.push(StmtKind::Return(None), span);
            return Ok(());
        };
        let ty = match declared {
            Some(ty) => ty,
            None => self.deduce_result(tree)?,
        };
        if self.types.is_void(ty) {
            self.full_expression(|sema| sema.lower_discarded(tree))?;
            self.leave_scopes(0, span)?;
            self.push(StmtKind::Return(None), span);
            return Ok(());
        }
        let ty = if self.types.is_ref(ty) { ty } else { ty.unqualified() };
        let mut value = self.full_value(span, |sema| {
            let operand = sema.lower_expr(tree)?;
            let operand = sema.moved_local(tree, operand);
            let value = sema.convert(&operand, ty, tree.span)?;
            sema.adapt_result(value, span)
        })?;
        if self.has_cleanups() {
            value = self.bind(value, None, span);
            self.leave_scopes(0, span)?;
        }
        self.push(StmtKind::Return(Some(value)), span);
        Ok(())
    }

    /// A variable of the function that is returned is an rvalue, since it ends there ([class.copy.elision]/3).
    fn moved_local(&self, tree: &'a ast::Expr, operand: Operand<'a>) -> Operand<'a> {
        let ast::ExprKind::Name(name) = &tree.without_parens().kind else { return operand };
        let local = name.as_ident().and_then(|symbol| self.f.find_local(symbol));
        let is_object = matches!(local, Some(LocalEntity::Object(object)) if !self.types.is_ref(object.declared));
        match operand.kind {
            OperandKind::Lvalue(place) if is_object && self.types.as_class(operand.ty).is_some() && !operand.ty.is_const => {
                Operand { kind: OperandKind::Xvalue(place), ..operand }
            }
            _ => operand,
        }
    }

    fn deduce_result(&mut self, tree: &'a ast::Expr) -> Result<CType> {
        if let Some(known) = self.f.result {
            return Ok(known);
        }
        let operand = self.unevaluated(|sema| sema.lower_expr(tree))?;
        let ty = if self.types.is_void(operand.ty) && matches!(operand.kind, OperandKind::Value(None)) {
            CType::VOID
        } else {
            match self.f.result_pattern {
                Some(pattern) => self.deduce_auto(pattern, &operand, tree)?,
                None => self.decay(operand.ty).unqualified(),
            }
        };
        self.f.result = Some(ty);
        Ok(ty)
    }

    /// All returned pointers have one IR type.
    fn adapt_result(&mut self, value: ExprId, span: Span) -> Result<ExprId> {
        let have = self.ir_ty(value);
        if self.module.tables.types.as_pointer(have).is_none() {
            self.f.ir_result = Some(have);
            return Ok(value);
        }
        let is_null = matches!(self.f.func.expr(value), ir::Expr::Zero(_));
        let want = match self.f.assumptions.result.or(self.f.ir_result) {
            Some(want) => want,
            None if is_null => {
                self.f.next_assumptions.result.get_or_insert(have);
                return Ok(value);
            }
            None => {
                self.f.ir_result = Some(have);
                self.f.next_assumptions.result = Some(have);
                return Ok(value);
            }
        };
        self.f.ir_result = Some(want);
        if want == have {
            return Ok(value);
        }
        if is_null {
            return Ok(self.zero(want, span));
        }
        let Some(joined) = self.join_types(want, have) else {
            return fail(Code::E0399, "internal error while lowering: results of different types", span);
        };
        self.f.next_assumptions.result = Some(joined);
        self.add(ir::Expr::PointerCast { base: value, to: want }, span)
    }
}

/// Does a `break` or `continue` in the body belong to this loop?
fn leaves_loop(block: &ir::Block) -> bool {
    block.stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => true,
        StmtKind::Loop { .. } => false,
        StmtKind::Switch { cases, .. } => cases.iter().any(|case| has_continue(&case.body)),
        kind => kind.blocks().any(leaves_loop),
    })
}

fn has_continue(block: &ir::Block) -> bool {
    block.stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Continue => true,
        StmtKind::Loop { .. } => false,
        kind => kind.blocks().any(has_continue),
    })
}

/// `deduce_auto` wants the initialiser's tree only for `decltype(auto)`, which a range's variable cannot be.
pub(crate) static NO_TREE: ast::Expr = ast::Expr { kind: ast::ExprKind::Nullptr, span: Span::NONE };
