//! Kernels: which there are, for which template arguments they are wanted, and their lowering.

use super::launch::{HostFiles, HostText};
use super::*;
use crate::requests::KernelRequest;
use crate::{KernelResult, KernelStatus};
use ast::{DeclKind, LaunchArgs, LaunchSite, Spec};
use source::{Code, SourceMap};

impl<'a> Sema<'a> {
    /// All kernels of the unit: plain ones, and templates for each way they are wanted.
    pub fn lower_kernels(&mut self, map: &SourceMap, requests: &[KernelRequest]) -> Vec<KernelResult> {
        let mut wanted: Vec<FnId> = Vec::new();
        let mut results = Vec::new();
        self.plain_kernels(&mut wanted);
        self.explicit_instantiations(&mut wanted);
        let launched = self.launched_kernels(map, &mut wanted);
        let mut asked: Vec<(FnId, &str)> = Vec::new();
        for request in requests {
            match self.requested_kernel(request) {
                Ok(function) => {
                    add_once(&mut wanted, function);
                    asked.push((function, &request.text));
                }
                Err(error) => {
                    // As a launch in the file writes it: `scale<T, n>` with names that only the host knows.
                    let text = squeezed(&request.text);
                    let same: Vec<FnId> =
                        launched.iter().filter(|(known, _)| *known == text).map(|(_, function)| *function).collect();
                    if same.is_empty() {
                        results.push(failed_request(request, error));
                    }
                    asked.extend(same.into_iter().map(|function| (function, request.text.as_str())));
                }
            }
        }
        wanted.sort_by_key(|function| (self.function(*function).ast.span().lo, function.0));
        let specialised: Vec<TemplateId> =
            wanted.iter().filter_map(|function| self.function(*function).template.as_ref().map(|(id, _)| *id)).collect();
        for function in wanted {
            let mut result = self.lower_kernel(function);
            result.requests = asked.iter().filter(|(of, _)| *of == function).map(|(_, text)| text.to_string()).collect();
            results.push(result);
        }
        self.finish_kernels(&mut results);
        for index in 0..self.templates.len() {
            let id = TemplateId(index as u32);
            if self.is_kernel_template(id) && !specialised.contains(&id) && !self.has_other_instances(id, &specialised) {
                results.push(self.not_instantiated(id));
            }
        }
        results.sort_by_key(|result| result.span.lo);
        results
    }

    fn plain_kernels(&self, wanted: &mut Vec<FnId>) {
        for (index, info) in self.functions.iter().enumerate() {
            let is_kernel = info.ast.specs().has(Spec::Global) && info.ast.body().is_some();
            if is_kernel && info.template.is_none() && info.ctx.class.is_none() {
                wanted.push(FnId(index as u32));
            }
        }
    }

    fn is_kernel_template(&self, id: TemplateId) -> bool {
        match self.templates[id.index()].tree {
            TemplateTree::Function(function) => {
                function.specs.has(Spec::Global) && matches!(function.body, ast::FunctionBody::Block(_))
            }
            _ => false,
        }
    }

    /// A prototype and a definition are two templates of one name.
    fn has_other_instances(&self, id: TemplateId, specialised: &[TemplateId]) -> bool {
        let name = &self.templates[id.index()].name;
        specialised.iter().any(|other| {
            let prototype = matches!(self.templates[other.index()].tree, TemplateTree::Function(f)
                if !matches!(f.body, ast::FunctionBody::Block(_)));
            prototype && self.templates[other.index()].name == *name
        })
    }

    /// `template __global__ void k<float, 8>(float*);`
    fn explicit_instantiations(&mut self, wanted: &mut Vec<FnId>) {
        let unit = self.unit;
        for (item, decl) in unit.reached() {
            let DeclKind::Instantiate { decl: inner, .. } = &decl.kind else { continue };
            let DeclKind::Function(function) = &inner.kind else { continue };
            if !function.specs.has(Spec::Global) {
                continue;
            }
            let ns = self.scope_namespace(item);
            let found = self.in_ctx(Ctx { ns, class: None, env: EnvId(0) }, |sema| sema.instantiation_target(function));
            match found {
                Ok(function) => add_once(wanted, function),
                Err(error) => self.warn(error),
            }
        }
    }

    fn instantiation_target(&mut self, function: &'a ast::Function) -> Result<FnId> {
        let args = self.instantiation_args(function)?;
        self.kernel_by_name(&function.name, Some(&args))
    }

    /// Operands of the types that an explicit instantiation has for its parameters.
    pub(super) fn instantiation_args(&mut self, function: &'a ast::Function) -> Result<Vec<Operand<'a>>> {
        let mut args = Vec::new();
        for param in &function.ty.params {
            let ty = self.resolve_type(&param.ty)?;
            args.push(self.probe(ty, param.span)?);
        }
        Ok(args)
    }

    /// The kernel that a name with template arguments means; arguments that are not written are deduced.
    pub(super) fn kernel_by_name(&mut self, name: &'a ast::Name, args: Option<&[Operand<'a>]>) -> Result<FnId> {
        let entities = match self.lookup(name)? {
            Found::Entities(entities) => entities,
            _ => self.kernels_named(name),
        };
        let given = match &name.last().args {
            Some(given) => self.eval_template_args(given)?,
            None => Vec::new(),
        };
        self.choose_kernel(&entities, given, args, expr::last_text(name), name.span)
    }

    /// A launch in a namespace names its kernel without it.
    fn kernels_named(&self, name: &ast::Name) -> Vec<Entity> {
        let Some(symbol) = name.symbol() else { return Vec::new() };
        let key = NameKey::Ident(symbol);
        self.namespaces.iter().filter_map(|ns| ns.names.get(&key)).flatten().copied().collect()
    }

    fn choose_kernel(
        &mut self,
        entities: &[Entity],
        given: Vec<TemplateArg>,
        args: Option<&[Operand<'a>]>,
        name: String,
        span: Span,
    ) -> Result<FnId> {
        let mut error = None;
        for entity in entities {
            match *entity {
                Entity::Function(function) if given.is_empty() && self.function(function).ast.specs().has(Spec::Global) => {
                    return Ok(function);
                }
                Entity::Template(template) if self.is_kernel_template(template) => {
                    let chosen = match args {
                        Some(args) => self.deduce_candidate(template, &given, args, span),
                        None => self.complete_args(template, &given, &FxHashMap::default(), span).and_then(|(args, env)| {
                            let function = self.instantiate_function(template, args, env);
                            self.signature(function)?;
                            Ok(function)
                        }),
                    };
                    match chosen.and_then(|function| self.explicit_specialisation(function)) {
                        Ok(function) => return Ok(function),
                        Err(failed) => error = Some(failed),
                    }
                }
                _ => {}
            }
        }
        Err(error.unwrap_or_else(|| failure(Code::E0235, format!("there is no kernel `{name}`"), span)))
    }

    /// Also returns how each launch writes its kernel, without blanks.
    fn launched_kernels(&mut self, map: &SourceMap, wanted: &mut Vec<FnId>) -> Vec<(String, FnId)> {
        let unit = self.unit;
        let mut launched = Vec::new();
        let read = self.host_launches();
        for (name, function) in &read.launches {
            add_once(wanted, *function);
            launched.push((squeezed(map.snippet(*name).unwrap_or("")), *function));
        }
        // Where the text could not be read far enough, it is guessed from.
        let is_read = |site: Span| {
            let discarded = read.discarded.iter().any(|branch| branch.lo <= site.lo && site.hi <= branch.hi);
            discarded || read.launches.iter().any(|(name, _)| *name == site)
        };
        let guessed: Vec<&LaunchSite> = unit.launches.iter().filter(|site| !is_read(site.kernel.span)).collect();
        let asks_host = guessed.iter().any(|site| site.dependent || site.in_template);
        let files = if asks_host { HostFiles::of(&unit.user_files, map) } else { HostFiles::default() };
        let host = HostText::new(&files);
        for site in guessed {
            let mut names = Vec::new();
            site.kernel.last().args.iter().flat_map(|args| args.iter()).for_each(|arg| names_in_arg(arg, &mut names));
            let alternatives = if site.dependent || site.in_template {
                self.launch_bindings(&names, site.span, map, &host)
            } else {
                vec![Vec::new()]
            };
            for bindings in alternatives {
                let env = self.new_env(EnvId(0), bindings);
                let ctx = Ctx { ns: NsId(0), class: None, env };
                // What a launch alone does not tell is reported with the kernel, as not instantiated.
                if let Ok(function) = self.in_ctx(ctx, |sema| sema.launched_kernel(site, map)) {
                    add_once(wanted, function);
                    launched.push((squeezed(map.snippet(site.kernel.span).unwrap_or("")), function));
                }
            }
        }
        launched
    }

    fn launched_kernel(&mut self, site: &'a LaunchSite, map: &SourceMap) -> Result<FnId> {
        if let Ok(function) = self.kernel_by_name(&site.kernel, None) {
            return Ok(function);
        }
        let LaunchArgs::Parsed { args, .. } = &site.args else { return Err(Failure::Poisoned) };
        let operands = self.host_operands(args, site.span, map)?;
        self.kernel_by_name(&site.kernel, Some(&operands))
    }

    fn requested_kernel(&mut self, request: &KernelRequest) -> Result<FnId> {
        let key = NameKey::Ident(Symbol::new(&request.name));
        let scratch = Ctx { ns: NsId(0), class: None, env: EnvId(0) };
        self.in_ctx(scratch, |sema| {
            let mut entities: Vec<Entity> = Vec::new();
            for ns in &sema.namespaces {
                entities.extend(ns.names.get(&key).into_iter().flatten());
            }
            let mut given = Vec::new();
            for arg in &request.args {
                given.push(sema.requested_arg(arg)?);
            }
            sema.choose_kernel(&entities, given, None, request.text.clone(), Span::NONE)
        })
    }

    pub(super) fn scope_namespace(&self, item: &grammar::Item) -> NsId {
        let mut ns = NsId(0);
        for scope in &item.scope {
            let Some(ident) = scope.name else { continue };
            let key = NameKey::Ident(ident.name);
            let next = self.namespaces[ns.index()].names.get(&key).into_iter().flatten().find_map(|entity| match entity {
                Entity::Namespace(ns) => Some(*ns),
                _ => None,
            });
            ns = next.unwrap_or(ns);
        }
        ns
    }

    fn warn(&mut self, error: Failure) {
        if let Failure::Error(mut diagnostic) = error {
            diagnostic.severity = source::Severity::Warning;
            self.warnings.push(*diagnostic);
        }
    }

    fn not_instantiated(&self, id: TemplateId) -> KernelResult {
        let info = &self.templates[id.index()];
        let span = match info.tree {
            TemplateTree::Function(function) => function.name.span,
            _ => Span::NONE,
        };
        let message = format!("kernel template `{}` is not instantiated", info.name);
        let help = format!("name it: --kernel '{}<...>'", info.name);
        let diagnostic = Diagnostic::warning(Code::E0236, message, span).with_help(help);
        KernelResult {
            name: info.name.clone(),
            func: None,
            span,
            requests: Vec::new(),
            status: KernelStatus::NotInstantiated,
            diagnostics: vec![diagnostic],
        }
    }

    fn lower_kernel(&mut self, function: FnId) -> KernelResult {
        let name = self.show_function(function);
        let span = self.function(function).ast.span();
        match self.lower_kernel_function(function) {
            Ok(func) => KernelResult {
                name,
                func: Some(func),
                span,
                requests: Vec::new(),
                status: KernelStatus::Lowered,
                diagnostics: Vec::new(),
            },
            Err(diagnostics) => {
                KernelResult { name, func: None, span, requests: Vec::new(), status: KernelStatus::Refused, diagnostics }
            }
        }
    }

    fn lower_kernel_function(&mut self, function: FnId) -> std::result::Result<ir::FuncId, Vec<Diagnostic>> {
        let to_list = |error: Failure| match error {
            Failure::Error(diagnostic) => vec![*diagnostic],
            Failure::Poisoned => Vec::new(),
        };
        let prepared = self.prepare_kernel(function).map_err(to_list);
        let (tree, ctx, params, max_threads) = prepared.map_err(|list| self.never_silent(list, function))?;
        let key = FunctionKey { function, params, known: Vec::new() };
        let lowered = self.lower_body_until_stable(&key, tree, ctx, ir::FunctionKind::Kernel, None);
        let lowered = lowered.map_err(to_list).map_err(|list| self.never_silent(list, function))?;
        let (func, _) = lowered.map_err(|list| self.never_silent(list, function))?;
        self.module.functions[func].max_threads = max_threads;
        Ok(func)
    }

    /// What is known only when everything is lowered: the functions behind pointers and virtual calls.
    fn finish_kernels(&mut self, results: &mut [KernelResult]) {
        let failed = self.fill_dispatchers();
        for result in results.iter_mut() {
            let Some(func) = result.func else { continue };
            let reached = crate::passes::prune::reached(&self.module, func);
            if let Some((_, diagnostic)) = failed.iter().find(|(dispatcher, _)| reached.contains(dispatcher)) {
                (result.func, result.status) = (None, KernelStatus::Refused);
                result.diagnostics.push(diagnostic.clone());
            }
        }
    }

    /// A refusal always has a reason.
    fn never_silent(&self, diagnostics: Vec<Diagnostic>, function: FnId) -> Vec<Diagnostic> {
        if !diagnostics.is_empty() {
            return diagnostics;
        }
        let span = self.function(function).ast.span();
        vec![Diagnostic::error(Code::E0240, "the kernel, or something it uses, could not be read", span)]
    }

    #[allow(clippy::type_complexity)]
    fn prepare_kernel(&mut self, function: FnId) -> Result<(FunctionTree<'a>, Ctx, Vec<TypeId>, Option<u32>)> {
        let signature = self.signature(function)?;
        let span = self.function(function).ast.span();
        if signature.result.is_none_or(|result| !self.types.is_void(result)) {
            return fail(Code::E0239, "a kernel must return `void`", span);
        }
        let mut params = Vec::new();
        for param in &signature.params {
            if self.types.is_ref(param.ty) {
                return fail(Code::E0239, "a kernel cannot take a reference", param.ast.span);
            }
            params.push(self.ir_type(param.ty, param.ast.span)?);
            if self.holds_function_pointer(param.ty, 0) {
                return fail(
                    Code::E0225,
                    "pointers to functions or members that the host gives are not supported yet",
                    param.ast.span,
                );
            }
        }
        let Some((tree, ctx)) = self.function_body(function)? else {
            return fail(Code::E0219, "the kernel has no body", span);
        };
        let max_threads = self.max_threads(tree, ctx);
        Ok((tree, ctx, params, max_threads))
    }

    fn max_threads(&mut self, tree: FunctionTree<'a>, ctx: Ctx) -> Option<u32> {
        let bounds = tree.specs().launch_bounds.as_ref()?;
        let first = bounds.args.first()?;
        let threads = self.in_ctx(ctx, |sema| sema.eval_integer(first)).ok()?;
        u32::try_from(threads).ok()
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn add_once(wanted: &mut Vec<FnId>, function: FnId) {
    if !wanted.contains(&function) {
        wanted.push(function);
    }
}

fn failed_request(request: &KernelRequest, error: Failure) -> KernelResult {
    let diagnostic = match error {
        Failure::Error(diagnostic) => *diagnostic,
        Failure::Poisoned => Diagnostic::error(Code::E0235, format!("there is no kernel `{}`", request.text), Span::NONE),
    };
    KernelResult {
        name: request.text.clone(),
        func: None,
        span: Span::NONE,
        requests: vec![request.text.clone()],
        status: KernelStatus::Refused,
        diagnostics: vec![diagnostic],
    }
}
