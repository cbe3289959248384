//! Who may call whom: a function of the host has no code on the device (CUDA C++ Programming Guide, "Execution space specifiers").
//!
//! As nvcc has it: a `__global__` or `__device__` function that calls a host function is an error. Two calls are taken as meant, with
//! the callee's body: a `constexpr` function, which nvcc accepts with `--expt-relaxed-constexpr`, and a call from a
//! `__host__ __device__` function, of which nvcc only warns.

use super::*;
use ast::Spec;
use source::Code;

impl<'a> Sema<'a> {
    /// Refuses a host function in code of the device alone.
    pub(super) fn check_callee_space(&mut self, callee: FnId, span: Span) -> Result<()> {
        let Some(caller) = self.f.current.filter(|_| self.f.unevaluated == 0) else { return Ok(()) };
        let specs = self.function(caller).ast.specs();
        let device_only = specs.has(Spec::Global) || specs.has(Spec::Device) && !specs.has(Spec::Host);
        if !device_only || !self.is_of_host(callee)? {
            return Ok(());
        }
        let (name, caller) = (self.show_function(callee), self.show_function(caller));
        let error = failure(Code::E0244, format!("`{name}` is a function of the host, but `{caller}` runs on the device"), span);
        let declared = self.function(callee).ast.span();
        Err(error.map(|diagnostic| {
            diagnostic.with_label(declared, "declared here, without `__device__`").with_help("mark it `__host__ __device__`")
        }))
    }

    /// No declaration of it says `__device__`, and nothing else makes it the device's.
    fn is_of_host(&mut self, function: FnId) -> Result<bool> {
        let info = self.function(function);
        let FunctionTree::Function(tree) = info.ast else { return Ok(false) };
        if info.shipped || on_device(&tree.specs) || self.is_defaulted(info.ast) {
            return Ok(false);
        }
        if let Some((FunctionTree::Function(definition), _)) = self.function_body(function)?
            && on_device(&definition.specs)
        {
            return Ok(false);
        }
        let (ctx, template) = (self.function(function).ctx, self.function(function).template.clone());
        let (None, Some(key)) = (ctx.class, crate::sema::function_key(tree)) else { return Ok(true) };
        for entity in self.lookup_in_namespace(ctx.ns, key) {
            let other = match (entity, &template) {
                (Entity::Function(other), None) if self.same_parameters(function, other)? => self.function(other).ast,
                (Entity::Template(other), Some((id, _))) if self.are_one_template(*id, other) => {
                    match self.templates[other.index()].tree {
                        TemplateTree::Function(tree) => FunctionTree::Function(tree),
                        _ => continue,
                    }
                }
                _ => continue,
            };
            if on_device(other.specs()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn on_device(specs: &ast::Specs) -> bool {
    [Spec::Device, Spec::Global, Spec::Constexpr, Spec::Consteval].into_iter().any(|spec| specs.has(spec))
}
