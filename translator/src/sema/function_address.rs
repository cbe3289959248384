//! Functions as values (C++ [over.over]). A pointer to a function is a 64-bit number that its signature gives, the same in every
//! translation: 0 is null. A call through a pointer whose number is known calls the function; another one goes through
//! `lower/dispatch.rs`.

use super::*;
use crate::lower::FunctionSet;
use ir::{ExprId, Scalar};

impl<'a> Sema<'a> {
    /// The type of the one function that a name means, if it is no template and not overloaded.
    pub(super) fn only_function(&mut self, set: &FunctionSet<'a>) -> Result<Option<CType>> {
        match self.single_function(set)? {
            Some(function) => self.function_type(function).map(Some),
            None => Ok(None),
        }
    }

    pub fn single_function(&mut self, set: &FunctionSet<'a>) -> Result<Option<FnId>> {
        let mut found: Option<FnId> = None;
        for &entity in &set.entities {
            let function = match (entity, &set.args) {
                (Entity::Function(function), None) => function,
                (Entity::Template(template), Some(given)) if self.is_function_template(template) => {
                    let Ok((all, env)) = self.complete_args(template, given, &FxHashMap::default(), Span::NONE) else { continue };
                    let function = self.instantiate_function(template, all, env);
                    if self.signature(function).is_err() {
                        continue;
                    }
                    self.explicit_specialisation(function)?
                }
                _ => return Ok(None),
            };
            match found {
                Some(known) if !self.same_parameters(known, function)? => return Ok(None),
                // A prototype and its definition.
                Some(_) if self.function(function).ast.body().is_none() => {}
                _ => found = Some(function),
            }
        }
        Ok(found)
    }

    /// `int(float)`
    pub fn function_type(&mut self, function: FnId) -> Result<CType> {
        let span = self.function(function).ast.span();
        if self.is_method(function) {
            return self.method_type(function, span);
        }
        let signature = self.signature(function)?;
        let result = match signature.result {
            Some(result) => result,
            // The body says what is returned.
            None => {
                let mut params = Vec::new();
                for param in &signature.params {
                    params.push(self.ir_type(param.ty, span)?);
                }
                self.lower_function(FunctionKey { function, params, known: Vec::new() }, span)?.1
            }
        };
        let params = signature.params.iter().map(|param| param.ty.unqualified()).collect();
        Ok(self.types.intern(TypeKind::Function(FunctionSig::new(result, params, signature.variadic))))
    }

    /// The function of a set whose type is the one that a pointer or reference wants.
    pub(super) fn function_for_pointer(&mut self, set: &FunctionSet<'a>, to: CType) -> Result<Option<FnId>> {
        let pointee = self.types.pointee(to).unwrap_or(to);
        let TypeKind::Function(sig) = self.types.kind(pointee).clone() else { return Ok(None) };
        for &entity in &set.entities {
            let function = match entity {
                Entity::Function(function) if set.args.is_none() => function,
                Entity::Template(template) => match self.deduce_address(template, set.args.as_deref(), &sig) {
                    Some(function) => function,
                    None => continue,
                },
                _ => continue,
            };
            if !self.is_method(function) && self.function_type(function)?.same(pointee) {
                return Ok(Some(function));
            }
        }
        Ok(None)
    }

    /// The method of a set whose type is the one that a pointer to members wants: `int (C::*f)(int) = &C::f`.
    pub(super) fn method_for_pointer(&mut self, set: &FunctionSet<'a>, owner: CType, method: CType) -> Result<Option<FnId>> {
        for &entity in &set.entities {
            let Entity::Function(function) = entity else { continue };
            let class = self.function(function).ctx.class.filter(|_| self.is_method(function));
            if class.is_some() && class == self.types.as_class(owner) && self.function_type(function)?.same(method) {
                return Ok(Some(function));
            }
        }
        Ok(None)
    }

    fn is_function_template(&self, template: TemplateId) -> bool {
        matches!(self.templates[template.index()].tree, TemplateTree::Function(_) | TemplateTree::Lambda(_))
    }

    fn deduce_address(&mut self, template: TemplateId, given: Option<&[TemplateArg]>, sig: &FunctionSig) -> Option<FnId> {
        let TemplateTree::Function(tree) = self.templates[template.index()].tree else { return None };
        let args: Vec<Option<(CType, bool)>> =
            sig.params.iter().map(|&ty| Some((self.types.strip_ref(ty), self.types.is_ref(ty)))).collect();
        let given = given.unwrap_or_default();
        let deduced = self.deduce_call(template, given, &tree.ty.params, &args, tree.span).ok()?;
        let (all, env) = self.complete_args(template, given, &deduced, tree.span).ok()?;
        let function = self.instantiate_function(template, all, env);
        self.signature(function).ok()?;
        self.explicit_specialisation(function).ok()
    }

    /// The number that stands for a function, which from now on may be called by pointers.
    pub fn function_number(&mut self, function: FnId) -> Result<u64> {
        let ty = self.function_type(function)?;
        let text = format!("{} {}", self.show_signature(function), self.show(ty));
        let number = fnv(&text);
        match self.numbered_function(number) {
            Some(other) if other != function && !self.same_parameters(other, function)? => {
                let span = self.function(function).ast.span();
                return fail(Code::E0399, "internal error while lowering: two functions of one number", span);
            }
            Some(_) => {}
            None => self.address_taken.push((number, function)),
        }
        Ok(number)
    }

    pub fn function_address(&mut self, function: FnId, span: Span) -> Result<ExprId> {
        let number = self.function_number(function)?;
        Ok(self.constant(Scalar::U64, number, span))
    }

    pub fn numbered_function(&self, number: u64) -> Option<FnId> {
        self.address_taken.iter().find(|(known, _)| *known == number).map(|(_, function)| *function)
    }

    /// A pointer or reference to a function.
    pub fn is_function_pointer(&self, ty: CType) -> bool {
        match *self.types.kind(ty) {
            TypeKind::Pointer(inner) | TypeKind::LvalueRef(inner) | TypeKind::RvalueRef(inner) => {
                matches!(self.types.kind(inner), TypeKind::Function(_))
            }
            _ => false,
        }
    }

    /// Does an object hold pointers to functions or members, or a pointer to something that does? Only those that device code made have a meaning.
    pub fn holds_function_pointer(&mut self, ty: CType, depth: u32) -> bool {
        if depth > 8 {
            return false;
        }
        match self.types.kind(ty).clone() {
            TypeKind::Function(_) | TypeKind::MemberPointer(..) => true,
            TypeKind::Pointer(inner) | TypeKind::Array(inner, _) => self.holds_function_pointer(inner, depth + 1),
            TypeKind::Class(class) => {
                let fields: Vec<CType> = self.class(class).fields.iter().map(|field| field.ty).collect();
                fields.into_iter().any(|ty| self.holds_function_pointer(ty, depth + 1))
            }
            _ => false,
        }
    }

    /// `f` and `n::f<int>` as a template argument.
    pub(super) fn function_argument(&mut self, set: &FunctionSet<'a>, span: Span) -> Result<TemplateArg> {
        let Some(function) = self.single_function(set)? else {
            return fail(Code::E0225, format!("overloaded `{}` as a template argument is not supported", set.name), span);
        };
        let ty = self.function_type(function)?;
        let number = self.function_number(function)?;
        Ok(TemplateArg::Value(self.types.pointer(ty), number))
    }
}

/// FNV-1a.
pub(crate) fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
