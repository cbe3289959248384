//! `a.b` and `p->b`: data members, methods, static members, also by their bare name inside a class.

use super::expr::last_text;
use super::*;
use ast::{Expr as Tree, Id, Name, OperatorName};
use ir::Expr;
use source::Code;

impl<'a> Sema<'a> {
    pub(super) fn lower_member(&mut self, base: &'a Tree, arrow: bool, name: &'a Name, span: Span) -> Result<Operand<'a>> {
        let mut object = self.lower_expr(base)?;
        if arrow {
            object = self.follow_arrow(object, span)?;
        }
        if matches!(name.last().id, Id::Destructor(_)) {
            return self.destructor_call_target(object, name, span);
        }
        let Some(class) = self.types.as_class(object.ty) else {
            let shown = self.show(object.ty);
            return fail(Code::E0210, format!("`{shown}` is no class, so it has no member `{}`", last_text(name)), name.span);
        };
        let start = match name.is_qualified() {
            true => match self.with_names(Ctx { class: Some(class), ..self.f.ctx }, |sema| sema.resolve_scope(name))? {
                lookup::ScopeRef::Class(scope) => scope,
                _ => return fail(Code::E0202, "a class is needed before `::`", name.span),
            },
            false => class,
        };
        let object = match start == class {
            true => object,
            false => self.upcast_operand(object, start, span)?,
        };
        let Some(key) = Self::key_of(name) else { return fail(Code::E0237, "no member can have this name", name.span) };
        self.layout_if_defined(start, span)?;
        match self.lookup_in_class(start, key, true)? {
            Found::Members { class: owner, steps, entities } => {
                self.check_access(start, owner, key, name.span)?;
                self.select_member(name, object, owner, &steps, entities, span)
            }
            _ => {
                let (shown, text) = (self.show_class(start), last_text(name));
                let error = failure(Code::E0210, format!("`{shown}` has no member `{text}`"), name.span);
                Err(match self.nearest_member(start, &text) {
                    Some(near) => error.map(|diagnostic| diagnostic.with_help(format!("did you mean `{near}`?"))),
                    None => error,
                })
            }
        }
    }

    fn layout_if_defined(&mut self, class: ClassId, span: Span) -> Result<()> {
        if self.class(class).layout_state == Completion::Open { self.layout_class(class, span) } else { Ok(()) }
    }

    fn destructor_call_target(&mut self, object: Operand<'a>, name: &'a Name, span: Span) -> Result<Operand<'a>> {
        let set = FunctionSet {
            entities: Vec::new(),
            args: None,
            object: Some(Box::new(object)),
            by_arguments: None,
            is_qualified: false,
            name: format!("~{}", last_text(name)),
        };
        Ok(Operand { ty: CType::VOID, kind: OperandKind::Functions(set), span })
    }

    fn follow_arrow(&mut self, object: Operand<'a>, span: Span) -> Result<Operand<'a>> {
        let mut object = object;
        for _ in 0..16 {
            if self.types.as_class(object.ty).is_none() {
                return self.dereference(&object, span);
            }
            object = self.call_operator(OperatorName::Arrow, vec![object], span)?;
        }
        fail(Code::E0215, "`operator->` returns objects without an end", span)
    }

    pub(super) fn upcast_operand(&mut self, object: Operand<'a>, to: ClassId, span: Span) -> Result<Operand<'a>> {
        let ty = self.class_type(to).with_cv(object.ty.is_const, object.ty.is_volatile);
        let address = self.address_of(&object, span)?;
        let address = self.upcast(address, object.ty, ty, span)?;
        Ok(Operand::lvalue(ty, Place::Memory(address), span))
    }

    /// A bare name inside a class means `this->name`, if it is no static member.
    pub(super) fn member_name(
        &mut self,
        name: &'a Name,
        class: ClassId,
        steps: &[MemberStep],
        entities: Vec<Entity>,
    ) -> Result<Operand<'a>> {
        let span = name.span;
        let entities = without_hidden_types(entities);
        let needs_object = entities.iter().any(|entity| match entity {
            Entity::Field(_) => true,
            Entity::Function(function) => self.is_method(*function),
            Entity::Template(_) => true,
            _ => false,
        });
        let this = match self.f.this {
            Some(this) if needs_object => Some(this),
            _ => None,
        };
        let Some(this) = this else {
            if let Some(Entity::Field(index)) = entities.first() {
                return self.unevaluated_field(class, *index, span);
            }
            return self.static_member(name, entities, None);
        };
        let object = Operand::lvalue(this.class, Place::Memory(this.pointer), span);
        let Some(own) = self.types.as_class(this.class) else { return Err(Failure::Poisoned) };
        // In a nested class or a qualified name the steps start at another class.
        if self.base_path(own, class)?.is_none() && steps.is_empty() {
            return self.static_member(name, entities, None);
        }
        let steps = match steps.is_empty() {
            true => self.base_path(own, class)?.unwrap_or_default(),
            false => steps.to_vec(),
        };
        self.select_member(name, object, class, &steps, entities, span)
    }

    /// `sizeof(S::member)` and the like.
    fn unevaluated_field(&mut self, class: ClassId, index: u32, span: Span) -> Result<Operand<'a>> {
        self.layout_class(class, span)?;
        let ty = self.class(class).fields[index as usize].ty;
        self.selected_field = Some(ty);
        if self.f.unevaluated == 0 {
            return fail(Code::E0237, "a data member needs an object here", span);
        }
        let target = self.types.strip_ref(ty);
        let lvalue = self.types.lvalue_ref(target);
        self.probe(lvalue, span)
    }

    fn static_member(&mut self, name: &'a Name, entities: Vec<Entity>, object: Option<Box<Operand<'a>>>) -> Result<Operand<'a>> {
        match entities.first() {
            Some(Entity::Variable(var)) => self.variable_operand(*var, name.span),
            Some(Entity::Enumerator(id, index)) => self.enumerator(*id, *index, name.span),
            Some(Entity::Template(id)) if matches!(self.templates[id.index()].tree, TemplateTree::Variable(..)) => {
                let args = match &name.last().args {
                    Some(args) => self.eval_template_args(args)?,
                    None => Vec::new(),
                };
                let var = self.instantiate_variable(*id, args, name.span)?;
                self.variable_operand(var, name.span)
            }
            Some(Entity::Function(_) | Entity::Template(_)) => self.function_operand(name, entities, object, false),
            _ => fail(Code::E0233, format!("`{}` is not a value", last_text(name)), name.span),
        }
    }

    fn select_member(
        &mut self,
        name: &'a Name,
        object: Operand<'a>,
        owner: ClassId,
        steps: &[MemberStep],
        entities: Vec<Entity>,
        span: Span,
    ) -> Result<Operand<'a>> {
        self.selected_field = None;
        let entities = without_hidden_types(entities);
        match entities.first() {
            Some(Entity::Field(index)) => {
                let object = self.step_into(object, steps, span)?;
                let operand = self.field_operand(object, owner, *index, span)?;
                self.selected_field = Some(self.class(owner).fields[*index as usize].ty);
                Ok(operand)
            }
            Some(Entity::Function(_) | Entity::Template(_)) => {
                self.function_operand(name, entities, Some(Box::new(object)), false)
            }
            _ => self.static_member(name, entities, None),
        }
    }

    /// The subobject that has a member, without an address where the object has none.
    fn step_into(&mut self, object: Operand<'a>, steps: &[MemberStep], span: Span) -> Result<Operand<'a>> {
        let mut object = object;
        for step in steps {
            let Some(class) = self.types.as_class(object.ty) else { return Err(Failure::Poisoned) };
            self.layout_if_defined(class, span)?;
            match *step {
                MemberStep::Field(index) => object = self.field_operand(object, class, index, span)?,
                MemberStep::Base(index) => {
                    let base = self.class(class).bases[index as usize].class;
                    object = self.upcast_operand(object, base, span)?;
                }
            }
        }
        Ok(object)
    }

    pub(super) fn field_operand(&mut self, object: Operand<'a>, class: ClassId, index: u32, span: Span) -> Result<Operand<'a>> {
        self.layout_if_defined(class, span)?;
        let field = self.class(class).fields[index as usize].clone();
        let is_union = self.class(class).ast.key == ast::ClassKey::Union;
        let is_const = object.ty.is_const && !field.is_mutable;
        // A temporary with a destructor needs an address, to be destroyed at.
        let ends = matches!(object.kind, OperandKind::Value(Some(_))) && self.has_destructor(class)?;
        let kind = match object.kind {
            OperandKind::Value(Some(value)) | OperandKind::Lvalue(Place::Value { value, param: None })
                if field.bits.is_none() && !is_union && !ends =>
            {
                let part = self.extract(value, field.ir_index, span)?;
                return self.part_operand(&object, field.ty, is_const, part, None, span);
            }
            OperandKind::Lvalue(Place::Value { value, param: Some(param) }) if field.bits.is_none() && !is_union => {
                let part = self.extract(value, field.ir_index, span)?;
                return self.part_operand(&object, field.ty, is_const, part, Some(param), span);
            }
            ref kind => kind.clone(),
        };
        let object = Operand { kind, ..object };
        let address = self.address_of(&object, span)?;
        let pointer = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
        if let Some(bits) = field.bits {
            let ty = field.ty.with_cv(is_const, object.ty.is_volatile);
            return Ok(Operand::lvalue(ty, Place::Bits { unit: pointer, field: bits }, span));
        }
        if self.types.is_ref(field.ty) {
            let target = self.types.strip_ref(field.ty);
            let pointer = self.load(pointer, false, span)?;
            return Ok(Operand::lvalue(target, Place::Memory(pointer), span));
        }
        let ty = self.types.qualify(field.ty, is_const, object.ty.is_volatile);
        let kind = match object.kind {
            OperandKind::Lvalue(_) => OperandKind::Lvalue(Place::Memory(pointer)),
            _ => OperandKind::Xvalue(Place::Memory(pointer)),
        };
        Ok(Operand { ty, kind, span })
    }

    /// A member of an object without address.
    fn part_operand(
        &mut self,
        object: &Operand<'a>,
        ty: CType,
        is_const: bool,
        part: ExprId,
        param: Option<u32>,
        span: Span,
    ) -> Result<Operand<'a>> {
        if self.types.is_ref(ty) {
            let target = self.types.strip_ref(ty);
            return Ok(Operand::lvalue(target, Place::Memory(part), span));
        }
        let ty = self.types.qualify(ty, is_const, object.ty.is_volatile);
        let place = Place::Value { value: part, param };
        let kind = if object.is_lvalue() { OperandKind::Lvalue(place) } else { OperandKind::Xvalue(place) };
        Ok(Operand { ty, kind, span })
    }
}

/// A data member hides a class or enum of its name ([basic.scope.hiding]/2).
fn without_hidden_types(entities: Vec<Entity>) -> Vec<Entity> {
    match entities.iter().copied().find(|entity| matches!(entity, Entity::Field(_))) {
        Some(field) if entities.len() > 1 => vec![field],
        _ => entities,
    }
}
