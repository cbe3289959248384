//! What host code launches, found by reading it as a compiler does: names are looked up, templates deduced, types computed. Nothing
//! is evaluated but constants.
//!
//! ```text
//! template <class F> void for_each(int n, F f) { kernel<<<n / 256, 256>>>(n, f); }
//! int main() { for_each(n, [=] __device__ (int i) { x[i] = 0; }); }             wants kernel<lambda>
//! ```
//!
//! Host code may use what is not here: a statement that cannot be read says nothing, a variable of unknown type has none. So this finds
//! launches or misses them, and changes no kernel's meaning; `launch` and `host` guess from the text where this finds nothing.

use super::*;
use ast::{Condition, DeclKind, Expr as Tree, ExprKind, Init, Spec, Stmt, StmtKind as Kind};
use rustc_hash::FxHashSet;

/// Host functions call each other this deep.
const MAX_HOST_CALLS: u32 = 64;

/// A kernel, and the name by which host code launches or mentions it.
pub(super) type HostLaunch = (Span, FnId);

#[derive(Default)]
pub(super) struct HostWalk {
    seen: FxHashSet<FnId>,
    depth: u32,
    pub(super) launches: Vec<HostLaunch>,
    /// Branches of `if constexpr` that were not chosen.
    pub(super) discarded: Vec<Span>,
}

impl<'a> Sema<'a> {
    pub(super) fn host_launches(&mut self) -> HostWalk {
        // Heads of functions and members of classes may use what is not here as well.
        let outer = std::mem::replace(&mut self.f.unseen, true);
        let walk = self.walk_hosts();
        self.f.unseen = outer;
        walk
    }

    fn walk_hosts(&mut self) -> HostWalk {
        let unit = self.unit;
        let is_host = |order: u32| unit.hosts.binary_search(&(order as usize)).is_ok();
        let mut walk = HostWalk::default();
        let classes: Vec<ClassId> = (0..self.classes.len() as u32).map(ClassId).collect();
        for class in classes {
            let info = self.class(class);
            if is_host(info.order) && info.template.is_none() {
                // A class that cannot be read has no methods here.
                let _ = self.complete_members(class);
            }
        }
        for index in 0..self.functions.len() as u32 {
            let info = self.function(FnId(index));
            if is_host(info.order) && info.template.is_none() && self.is_concrete(info.ctx) {
                self.walk_host_function(FnId(index), &mut walk);
            }
        }
        for (item, decl) in unit.hosts.iter().filter_map(|&at| Some((&unit.items[at], unit.items[at].decl.as_ref()?))) {
            if let DeclKind::Instantiate { decl: inner, .. } = &decl.kind
                && let DeclKind::Function(function) = &inner.kind
            {
                let ctx = Ctx { ns: self.scope_namespace(item), class: None, env: EnvId(0) };
                if let Ok(function) = self.in_ctx(ctx, |sema| sema.instantiated_host(function)) {
                    self.walk_host_function(function, &mut walk);
                }
            }
        }
        walk
    }

    /// `template void scale(float*, int);`: what is not written is deduced from the type ([temp.explicit]/3).
    fn instantiated_host(&mut self, function: &'a ast::Function) -> Result<FnId> {
        let Found::Entities(entities) = self.lookup(&function.name)? else { return Err(Failure::Poisoned) };
        let given = function.name.last().args.as_ref();
        let candidates = Candidates {
            entities,
            args: given.map(|given| self.eval_template_args(given)).transpose()?,
            name: expr::last_text(&function.name),
        };
        let params = self.instantiation_args(function)?;
        self.resolve_overload(&candidates, None, &params, function.name.span).map(|resolved| resolved.function)
    }

    /// Not in a class template.
    fn is_concrete(&self, ctx: Ctx) -> bool {
        ctx.class.is_none_or(|class| self.class(class).template.is_none() && self.is_concrete(self.class(class).ctx))
    }

    fn walk_host_function(&mut self, function: FnId, walk: &mut HostWalk) {
        let specs = self.function(function).ast.specs();
        let device_only = specs.has(Spec::Global) || specs.has(Spec::Device) && !specs.has(Spec::Host);
        if device_only || walk.depth >= MAX_HOST_CALLS || !walk.seen.insert(function) {
            return;
        }
        let Ok(Some((tree, ctx))) = self.function_body(function) else { return };
        let Some(body) = tree.body() else { return };
        let signature = self.signature(function).ok();
        walk.depth += 1;
        let _ = self.in_ctx(ctx, |sema| {
            sema.f.unevaluated = 1;
            sema.push_scope();
            sema.host_this(ctx, tree.span());
            match signature {
                Some(signature) => sema.declare_params_unevaluated(&signature.params),
                None => tree.ty().params.iter().for_each(|param| sema.host_param(param)),
            }
            sema.walk_host_stmts(&body.stmts, walk);
            Ok(())
        });
        walk.depth -= 1;
    }

    fn host_this(&mut self, ctx: Ctx, span: Span) {
        let Some(class) = ctx.class else { return };
        let ty = self.class_type(class);
        let Ok(ir) = self.ir_type(ty, span) else { return };
        let pointer = self.module.tables.types.pointer(ir, ir::Space::Generic);
        let pointer = self.zero(pointer, span);
        self.f.this = Some(This { pointer, class: ty });
    }

    fn host_param(&mut self, param: &'a ast::Param) {
        let Some(ident) = param.name else { return };
        let ty = self.resolve_type(&param.ty);
        self.declare_host_object(ident.name, ty, None, param.span);
    }

    /// A variable that nobody reads or writes; of unknown type it poisons what uses it.
    fn declare_host_object(&mut self, name: Symbol, ty: Result<CType>, constant: Option<u64>, span: Span) {
        let object = ty.and_then(|declared| {
            let ty = self.types.strip_ref(declared);
            let ir = self.ir_type(ty, span)?;
            let pointer = self.module.tables.types.pointer(ir, ir::Space::Generic);
            let address = self.zero(pointer, span);
            let (place, constant) = match (constant, self.module.tables.types.as_scalar(ir)) {
                (Some(bits), Some(scalar)) => {
                    let value = self.constant(scalar, bits, span);
                    (Place::Value { value, param: None }, Some((ty.unqualified(), bits, None)))
                }
                _ => (Place::Memory(address), None),
            };
            Ok(Object { ty, declared, place, constant })
        });
        self.declare_local(name, object.map_or(LocalEntity::Poisoned, LocalEntity::Object));
    }

    fn walk_host_scope(&mut self, walk: &mut HostWalk, work: impl FnOnce(&mut Self, &mut HostWalk)) {
        self.push_scope();
        work(self, walk);
        self.pop_scope();
    }

    fn walk_host_stmts(&mut self, stmts: &'a [Stmt], walk: &mut HostWalk) {
        stmts.iter().for_each(|stmt| self.walk_host_stmt(stmt, walk));
    }

    fn walk_host_block(&mut self, block: &'a ast::Block, walk: &mut HostWalk) {
        self.walk_host_scope(walk, |sema, walk| sema.walk_host_stmts(&block.stmts, walk));
    }

    fn walk_host_stmt(&mut self, stmt: &'a Stmt, walk: &mut HostWalk) {
        match &stmt.kind {
            Kind::Expr(expr) | Kind::Return(Some(expr)) => self.walk_host_expr(expr, walk),
            Kind::Decl(decl) => self.walk_host_decl(decl, walk),
            Kind::Block(block) => self.walk_host_block(block, walk),
            Kind::If(tree) => self.walk_host_scope(walk, |sema, walk| sema.walk_host_if(tree, walk)),
            Kind::Switch(tree) => self.walk_host_scope(walk, |sema, walk| {
                tree.init.iter().for_each(|init| sema.walk_host_stmt(init, walk));
                sema.walk_host_condition(&tree.condition, walk);
                sema.walk_host_stmt(&tree.body, walk);
            }),
            Kind::While(tree) => self.walk_host_scope(walk, |sema, walk| {
                sema.walk_host_condition(&tree.condition, walk);
                sema.walk_host_stmt(&tree.body, walk);
            }),
            Kind::DoWhile(tree) => {
                self.walk_host_scope(walk, |sema, walk| sema.walk_host_stmt(&tree.body, walk));
                self.walk_host_expr(&tree.condition, walk);
            }
            Kind::For(tree) => self.walk_host_scope(walk, |sema, walk| {
                sema.walk_host_stmt(&tree.init, walk);
                tree.condition.iter().for_each(|condition| sema.walk_host_condition(condition, walk));
                tree.step.iter().for_each(|step| sema.walk_host_expr(step, walk));
                sema.walk_host_stmt(&tree.body, walk);
            }),
            Kind::RangeFor(tree) => self.walk_host_scope(walk, |sema, walk| {
                sema.walk_host_expr(&tree.range, walk);
                sema.poison_host_names(&tree.variable);
                sema.walk_host_stmt(&tree.body, walk);
            }),
            Kind::Try(tree) => {
                self.walk_host_block(&tree.body, walk);
                tree.handlers.iter().for_each(|handler| self.walk_host_block(&handler.body, walk));
            }
            _ => {}
        }
    }

    /// Both branches of an ordinary `if`, the chosen one of `if constexpr`.
    fn walk_host_if(&mut self, tree: &'a ast::If, walk: &mut HostWalk) {
        tree.init.iter().for_each(|init| self.walk_host_stmt(init, walk));
        let known = match &tree.condition {
            Condition::Expr(condition) if tree.constexpr => self.host_constant(|sema| sema.eval_constant(condition)),
            _ => None,
        };
        self.walk_host_condition(&tree.condition, walk);
        let branches = [Some(&tree.then), tree.otherwise.as_ref()].into_iter().zip([true, false]);
        for (branch, taken) in branches.filter_map(|(branch, taken)| Some((branch?, taken))) {
            match known {
                Some((_, bits)) if (bits != 0) != taken => walk.discarded.push(branch.span),
                _ => self.walk_host_scope(walk, |sema, walk| sema.walk_host_stmt(branch, walk)),
            }
        }
    }

    fn walk_host_condition(&mut self, condition: &'a Condition, walk: &mut HostWalk) {
        match condition {
            Condition::Expr(expr) => self.walk_host_expr(expr, walk),
            Condition::Decl(decl) => self.walk_host_decl(decl, walk),
        }
    }

    /// Constants are the only things that are evaluated.
    fn host_constant<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        let outer = std::mem::take(&mut self.f.unevaluated);
        let result = work(self);
        self.f.unevaluated = outer;
        result.ok()
    }

    fn walk_host_decl(&mut self, decl: &'a ast::Decl, walk: &mut HostWalk) {
        match &decl.kind {
            DeclKind::Vars(vars) => {
                for var in &vars.vars {
                    var.init.iter().for_each(|init| self.walk_host_init(init, walk));
                    self.host_variable(var, &vars.specs);
                }
            }
            DeclKind::Group(decls) => decls.iter().for_each(|decl| self.walk_host_decl(decl, walk)),
            _ => {
                if self.lower_local_decl(decl).is_err() {
                    self.poison_host_names(decl);
                }
            }
        }
    }

    fn walk_host_init(&mut self, init: &'a Init, walk: &mut HostWalk) {
        match init {
            Init::Copy(value) => self.walk_host_expr(value, walk),
            Init::Direct { args, .. } => args.iter().for_each(|arg| self.walk_host_expr(arg, walk)),
            Init::Braced(list) => list.items.iter().for_each(|item| self.walk_host_expr(&item.value, walk)),
        }
    }

    fn host_variable(&mut self, var: &'a ast::Var, specs: &'a ast::Specs) {
        let Some(name) = var.name.as_ref().and_then(|name| name.symbol()) else { return };
        let ty = self.local_type(var).map(|(ty, _)| self.types.qualify(ty, specs.has(Spec::Constexpr), false));
        let constant = match (&ty, &var.init) {
            (Ok(ty), Some(init)) if ty.is_const && (self.types.is_arithmetic(*ty) || self.is_enum(*ty)) => {
                let (ty, span) = (ty.unqualified(), var.span);
                let value = self.host_constant(|sema| {
                    let (block, value) = sema.block(|sema| sema.init_value(ty, init, span))?;
                    Ok(sema.evaluate(&block, value))
                });
                value.flatten()
            }
            _ => None,
        };
        self.declare_host_object(name, ty, constant, var.span);
    }

    fn poison_host_names(&mut self, decl: &'a ast::Decl) {
        match &decl.kind {
            DeclKind::Vars(vars) => {
                let names = vars.vars.iter().filter_map(|var| var.name.as_ref()?.symbol());
                names.for_each(|name| self.declare_local(name, LocalEntity::Poisoned));
            }
            DeclKind::Binding(binding) => {
                binding.names.iter().for_each(|ident| self.declare_local(ident.name, LocalEntity::Poisoned));
            }
            DeclKind::Alias(alias) => self.declare_local(alias.name.name, LocalEntity::Poisoned),
            DeclKind::Typedef(typedef) => {
                typedef.names.iter().for_each(|name| self.declare_local(name.name.name, LocalEntity::Poisoned));
            }
            _ => {}
        }
    }

    fn walk_host_expr(&mut self, tree: &'a Tree, walk: &mut HostWalk) {
        if self.f.depth > 500 {
            return;
        }
        self.f.depth += 1;
        match &tree.kind {
            ExprKind::Lambda(lambda) => self.walk_host_lambda(lambda, walk),
            ExprKind::StmtExpr(block) => self.walk_host_block(block, walk),
            ExprKind::Launch(launch) => {
                launch.args.iter().for_each(|arg| self.walk_host_expr(arg, walk));
                self.host_launch(launch, walk);
            }
            ExprKind::Call { callee, args } => {
                self.walk_host_expr(callee, walk);
                args.iter().for_each(|arg| self.walk_host_expr(arg, walk));
                if let Ok(Some(function)) = self.host_callee(callee, args) {
                    self.walk_host_function(function, walk);
                }
            }
            // A template that is named with its arguments is instantiated ([temp.inst]/3): `cudaLaunchKernel(k<float>, ..)`.
            ExprKind::Name(name) if name.last().args.is_some() => self.host_mention(name, walk),
            _ => tree.for_each_child(&mut |child| self.walk_host_expr(child, walk)),
        }
        self.f.depth -= 1;
    }

    /// The body of a host lambda is read where it stands.
    fn walk_host_lambda(&mut self, lambda: &'a ast::Lambda, walk: &mut HostWalk) {
        if lambda.specs.has(Spec::Device) && !lambda.specs.has(Spec::Host) {
            return;
        }
        self.walk_host_scope(walk, |sema, walk| {
            lambda.ty.params.iter().for_each(|param| sema.host_param(param));
            sema.walk_host_stmts(&lambda.body.stmts, walk);
        });
    }

    fn host_mention(&mut self, name: &'a ast::Name, walk: &mut HostWalk) {
        if let Ok(function) = self.kernel_by_name(name, None) {
            walk.launches.push((name.span, function));
        }
    }

    /// With the arguments' types; those that are not known deduce nothing.
    fn host_launch(&mut self, launch: &'a ast::Launch, walk: &mut HostWalk) {
        let ExprKind::Name(name) = &launch.kernel.without_parens().kind else { return };
        let args = self.host_args(&launch.args);
        let found = match args.and_then(|args| self.kernel_by_name(name, Some(&args))) {
            Err(_) => self.kernel_by_name(name, None),
            found => found,
        };
        if let Ok(function) = found {
            walk.launches.push((name.span, function));
        }
    }

    fn host_args(&mut self, args: &'a [Tree]) -> Result<Vec<Operand<'a>>> {
        let mut out = Vec::new();
        for arg in args {
            match self.unevaluated(|sema| sema.lower_args(std::slice::from_ref(arg))) {
                Ok(operands) => out.extend(operands),
                Err(_) if matches!(arg.kind, ExprKind::Pack(_)) => return Err(Failure::Poisoned),
                Err(_) => out.push(host::unknown_operand(arg.span)),
            }
        }
        Ok(out)
    }

    /// The function that a call in host code means, if it is not the library's.
    fn host_callee(&mut self, callee: &'a Tree, args: &'a [Tree]) -> Result<Option<FnId>> {
        let inner = callee.without_parens();
        if let ExprKind::Name(name) = &inner.kind
            && matches!(self.lookup(name)?, Found::Nothing)
        {
            return Ok(None);
        }
        let target = self.unevaluated(|sema| sema.lower_expr(inner))?;
        if let OperandKind::Functions(set) = &target.kind
            && self.is_of_library(set)
        {
            return Ok(None);
        }
        let args = self.host_args(args)?;
        let span = inner.span;
        let resolved = match target.kind {
            OperandKind::Functions(set) => match self.resolve_set(set.clone(), &args, span) {
                Ok((resolved, ..)) => resolved,
                // A parameter's type is of a library that is not here.
                Err(error) => return self.written_instance(&set).map_or(Err(error), |function| Ok(Some(function))),
            },
            _ => {
                let Some(class) = self.types.as_class(target.ty) else { return Ok(None) };
                let key = NameKey::Operator(ast::OperatorName::Call);
                let Found::Members { entities, .. } = self.lookup_in_class(class, key, false)? else { return Ok(None) };
                let candidates = Candidates { entities, args: None, name: String::new() };
                self.resolve_overload(&candidates, Some(&target), &args, span)?
            }
        };
        let function = self.explicit_specialisation(resolved.function)?;
        Ok((!self.function(function).shipped).then_some(function))
    }

    /// Shipped functions only, whatever the arguments are: no overload is chosen among them, since none launches anything.
    fn is_of_library(&self, set: &FunctionSet<'a>) -> bool {
        let is_shipped = |entity: &Entity| match entity {
            Entity::Function(id) => self.function(*id).shipped,
            Entity::Template(id) => self.templates[id.index()].shipped,
            _ => false,
        };
        let is_elsewhere = |key| {
            let in_namespaces = self.namespaces.iter().filter_map(|ns| ns.names.get(&key));
            let of_friends = self.classes.iter().filter_map(|class| class.friends.get(&key));
            in_namespaces.chain(of_friends).flatten().any(|entity| !is_shipped(entity))
        };
        set.entities.iter().all(is_shipped) && !set.by_arguments.is_some_and(is_elsewhere)
    }

    /// The one instance with a body that `f<float>` can mean.
    fn written_instance(&mut self, set: &FunctionSet<'a>) -> Option<FnId> {
        let given = set.args.as_ref()?;
        let mut found = None;
        for &entity in &set.entities {
            let Entity::Template(template) = entity else { return None };
            let TemplateTree::Function(tree) = self.templates[template.index()].tree else { return None };
            if let (ast::FunctionBody::Block(_), Ok((all, env))) =
                (&tree.body, self.complete_args(template, given, &FxHashMap::default(), Span::NONE))
            {
                let function = self.instantiate_function(template, all, env);
                if found.replace(function).is_some() {
                    return None;
                }
            }
        }
        found
    }
}
