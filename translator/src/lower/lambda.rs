//! Lambdas: a closure class with one field for each captured variable, and a call operator.

use super::*;
use ast::{CaptureDefault, CaptureKind, Lambda, OperatorName};
use ir::Expr;
use source::Code;

impl<'a> Sema<'a> {
    pub(super) fn lower_lambda(&mut self, lambda: &'a Lambda, span: Span) -> Result<Operand<'a>> {
        let captures = self.find_captures(lambda, span)?;
        let ctx = self.local_ctx();
        let class = self.closure_class(lambda, &captures, ctx, span)?;
        let ty = self.class_type(class);
        let ir = self.ir_type(ty, span)?;
        let parts: Vec<ExprId> = captures.into_iter().map(|capture| capture.value).collect();
        let value = if parts.is_empty() { self.zero(ir, span) } else { self.add(Expr::Construct { ty: ir, parts }, span)? };
        Ok(Operand::value(ty, value, span))
    }

    fn find_captures(&mut self, lambda: &'a Lambda, span: Span) -> Result<Vec<Captured>> {
        let mut out: Vec<Captured> = Vec::new();
        for capture in &lambda.captures {
            match &capture.kind {
                CaptureKind::Copy(ident) => self.capture_named(ident.name, false, capture.span, &mut out)?,
                CaptureKind::Reference(ident) => self.capture_named(ident.name, true, capture.span, &mut out)?,
                CaptureKind::This => self.capture_this(capture.span, &mut out)?,
                CaptureKind::StarThis => {
                    let Some(this) = self.f.this else {
                        return fail(Code::E0237, "`this` is available in methods only", capture.span);
                    };
                    let object = Operand::lvalue(this.class, Place::Memory(this.pointer), capture.span);
                    let captured = self.capture_operand(None, object, false, capture.span)?;
                    out.push(captured);
                }
                CaptureKind::Init { name, by_reference, init } => {
                    let Some(tree) = variable::single_init(init) else {
                        return fail(Code::E0214, "a capture needs one initialiser", capture.span);
                    };
                    let operand = self.lower_expr(tree)?;
                    let captured = self.capture_operand(Some(name.name), operand, *by_reference, capture.span)?;
                    out.push(captured);
                }
            }
        }
        if let Some(default) = lambda.default {
            let mut names = Vec::new();
            walk::names_in_block(&lambda.body, &mut names);
            for name in names {
                let known = out.iter().any(|captured| captured.name == Some(name));
                if !known && matches!(self.f.find_local(name), Some(LocalEntity::Object(_) | LocalEntity::Pack(_))) {
                    self.capture_named(name, default == CaptureDefault::Reference, span, &mut out)?;
                }
            }
            if self.f.this.is_some() && !out.iter().any(|captured| captured.name.is_none()) {
                self.capture_this(span, &mut out)?;
            }
        }
        Ok(out)
    }

    fn capture_named(&mut self, name: Symbol, by_reference: bool, span: Span, out: &mut Vec<Captured>) -> Result<()> {
        match self.f.find_local(name).cloned() {
            // Constants need no capture.
            Some(LocalEntity::Object(Object { constant: Some(_), .. })) => Ok(()),
            Some(LocalEntity::Object(object)) => {
                let operand = Operand::lvalue(object.ty, object.place, span);
                let captured = self.capture_operand(Some(name), operand, by_reference, span)?;
                out.push(captured);
                Ok(())
            }
            Some(LocalEntity::Pack(objects)) => {
                for object in objects {
                    let operand = Operand::lvalue(object.ty, object.place, span);
                    let captured = self.capture_operand(Some(name), operand, by_reference, span)?;
                    out.push(Captured { in_pack: true, ..captured });
                }
                Ok(())
            }
            Some(LocalEntity::Poisoned) => Err(Failure::Poisoned),
            _ => fail(Code::E0201, format!("`{name}` is no variable that can be captured"), span),
        }
    }

    fn capture_this(&mut self, span: Span, out: &mut Vec<Captured>) -> Result<()> {
        let Some(this) = self.f.this else { return fail(Code::E0237, "`this` is available in methods only", span) };
        let ty = self.types.pointer(this.class);
        out.push(Captured { name: None, ty, by_reference: false, value: this.pointer, in_pack: false });
        Ok(())
    }

    fn capture_operand(
        &mut self,
        name: Option<Symbol>,
        operand: Operand<'a>,
        by_reference: bool,
        span: Span,
    ) -> Result<Captured> {
        if by_reference {
            let value = self.address_of(&operand, span)?;
            let ty = self.types.lvalue_ref(operand.ty);
            return Ok(Captured { name, ty, by_reference, value, in_pack: false });
        }
        if let TypeKind::Array(..) = self.types.kind(operand.ty) {
            let address = self.address_of(&operand, span)?;
            let value = self.load(address, false, span)?;
            return Ok(Captured { name, ty: operand.ty, by_reference, value, in_pack: false });
        }
        let ty = operand.ty.unqualified();
        let value = self.convert(&operand, ty, span)?;
        Ok(Captured { name, ty, by_reference, value, in_pack: false })
    }

    /// Each evaluation with the same captured types gives the same class.
    fn closure_class(&mut self, lambda: &'a Lambda, captures: &[Captured], ctx: Ctx, span: Span) -> Result<ClassId> {
        let types: Vec<(CType, TypeId)> = captures.iter().map(|capture| (capture.ty, self.ir_ty(capture.value))).collect();
        let key = (lambda as *const Lambda as usize, self.f.ctx.env, types);
        if let Some(&known) = self.closures.get(&key) {
            return Ok(known);
        }
        let tree = closure_tree();
        // Kernels are told apart by their names, and so are the lambdas in them.
        let name = if self.closures.is_empty() { "lambda".to_string() } else { format!("lambda{}", self.closures.len() + 1) };
        let class = self.add_class_in(tree, ctx, name);
        let mut fields = Vec::new();
        let mut end = 0u64;
        for (index, capture) in captures.iter().enumerate() {
            let ir = self.ir_ty(capture.value);
            let (size, align) = (self.module.tables.types.size_of(ir), self.module.tables.types.align_of(ir));
            let offset = end.next_multiple_of(align);
            end = offset + size;
            let name = capture.name.map_or_else(|| "self".to_string(), |name| name.as_str().to_string());
            // The captures of a pack share their name.
            let name = if capture.in_pack { format!("{name}{index}") } else { name };
            fields.push(ir::Field { name, ty: ir, offset });
            self.classes[class.index()].fields.push(FieldInfo {
                name: Some(capture.name.unwrap_or_else(|| Symbol::new("this"))),
                ty: capture.ty,
                offset,
                ir_index: index as u32,
                bits: None,
                init: None,
                is_mutable: false,
                span,
            });
            self.classes[class.index()].captures.push(CaptureInfo {
                name: capture.name,
                by_reference: capture.by_reference,
                in_pack: capture.in_pack,
            });
        }
        let align = fields.iter().map(|field| self.module.tables.types.align_of(field.ty)).max().unwrap_or(1);
        let size = end.max(1).next_multiple_of(align);
        let definition = ir::Struct { name: "Lambda".to_string(), fields, size, align, is_union: false };
        let ir = self.module.tables.types.add_struct(definition, span);
        let info = &mut self.classes[class.index()];
        (info.ir, info.size, info.data_size, info.align) = (Some(ir), size, size, align);
        (info.members_state, info.layout_state) = (Completion::Done, Completion::Done);
        let ctx = Ctx { class: Some(class), ..ctx };
        let entity = self.call_operator_entity(lambda, ctx);
        let call = NameKey::Operator(OperatorName::Call);
        self.classes[class.index()].members.entry(call).or_default().push(entity);
        self.closures.insert(key, class);
        Ok(class)
    }

    /// A lambda that captures nothing, as the function that a pointer to it calls ([expr.prim.lambda.closure]/7).
    pub(crate) fn closure_function(&mut self, class: ClassId) -> Option<FnId> {
        if !self.class(class).captures.is_empty() {
            return None;
        }
        let key = NameKey::Operator(OperatorName::Call);
        let Entity::Function(own) = *self.class(class).members.get(&key)?.first()? else { return None };
        let FunctionTree::Lambda(_) = self.function(own).ast else { return None };
        if let Some(known) = self.closure_functions.get(&class) {
            return Some(*known);
        }
        let info = self.function(own);
        let (tree, ctx, order) = (info.ast, Ctx { class: None, ..info.ctx }, info.order);
        let name = format!("lambda{}", self.closure_functions.len());
        let function = self.add_function_in(tree, ctx, name, false, order);
        self.closure_functions.insert(class, function);
        Some(function)
    }

    /// A lambda with `auto` parameters is a template.
    fn call_operator_entity(&mut self, lambda: &'a Lambda, ctx: Ctx) -> Entity {
        let generic = lambda.ty.params.iter().any(|param| mentions_auto(&param.ty));
        if !generic && lambda.template_params.is_empty() {
            let order = self.order;
            return Entity::Function(self.add_function_in(FunctionTree::Lambda(lambda), ctx, "lambda".to_string(), false, order));
        }
        Entity::Template(self.add_template_in(TemplateTree::Lambda(lambda), &lambda.template_params, ctx))
    }

    /// Inside the call operator the captured variables are fields of the closure.
    pub(super) fn declare_captures(&mut self, class: ClassId, pointer: ExprId, is_const: bool, span: Span) -> Result<()> {
        let captures = self.class(class).captures.clone();
        let mut packs: Vec<(Symbol, Vec<Object>)> = Vec::new();
        for (index, capture) in captures.iter().enumerate() {
            let field = self.class(class).fields[index].clone();
            let at = self.add(Expr::Field { base: pointer, index: index as u32 }, span)?;
            let Some(name) = capture.name else {
                // `*this`: the copy is the object.
                if let Some(own) = self.types.as_class(field.ty) {
                    let ty = self.types.qualify(field.ty, is_const, false);
                    self.f.this = Some(This { pointer: at, class: ty });
                    self.f.ctx.class = Some(own);
                    continue;
                }
                let pointer = self.load(at, false, span)?;
                let pointee = self.types.pointee(field.ty).unwrap_or(CType::VOID);
                self.f.this = Some(This { pointer, class: pointee });
                self.f.ctx.class = self.types.as_class(pointee);
                continue;
            };
            let (ty, place) = match capture.by_reference {
                true => (self.types.strip_ref(field.ty), Place::Memory(self.load(at, false, span)?)),
                false => (self.types.qualify(field.ty, is_const, false), Place::Memory(at)),
            };
            if !capture.in_pack {
                self.declare_object(name, ty, place);
                continue;
            }
            let object = Object { ty, declared: ty, place, constant: None };
            match packs.iter_mut().find(|(known, _)| *known == name) {
                Some((_, objects)) => objects.push(object),
                None => packs.push((name, vec![object])),
            }
        }
        for (name, objects) in packs {
            self.declare_local(name, LocalEntity::Pack(objects));
        }
        Ok(())
    }
}

/// One captured variable and what goes into the closure.
struct Captured {
    name: Option<Symbol>,
    ty: CType,
    by_reference: bool,
    value: ExprId,
    /// One of a captured parameter pack.
    in_pack: bool,
}

/// A closure class has no tree of its own.
fn closure_tree() -> &'static ast::Class {
    static TREE: std::sync::OnceLock<ast::Class> = std::sync::OnceLock::new();
    TREE.get_or_init(|| ast::Class {
        key: ast::ClassKey::Struct,
        specs: ast::Specs::default(),
        name: None,
        bases: Vec::new(),
        members: Some(Vec::new()),
        span: Span::NONE,
    })
}
