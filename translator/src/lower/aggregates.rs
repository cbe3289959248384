//! Braced lists as values: arrays and classes, item by item (C++ [dcl.init.list], [dcl.init.aggr]).

use super::*;
use ast::{BraceInit, Designator, Init};
use ir::{Expr, Scalar, StmtKind};
use source::Code;

/// Arrays up to this length are initialised by one `Construct`; longer ones are zeroed and stored to.
const MAX_CONSTRUCT: u64 = 64;

impl<'a> Sema<'a> {
    /// `T x = {..}` as a value ([dcl.init.list]).
    pub fn init_value_braced(&mut self, ty: CType, init: &'a BraceInit, span: Span) -> Result<ExprId> {
        match self.types.kind(ty).clone() {
            TypeKind::Class(class) => {
                self.layout_class(class, span)?;
                if self.has_user_constructor(class)? {
                    let args = self.lower_items(init)?;
                    return self.construct_class(ty, args, span);
                }
                if let [only] = &init.items[..]
                    && only.designators.is_empty()
                    && !Self::is_braced(&only.value)
                {
                    let probe = self.unevaluated(|sema| sema.lower_expr(&only.value));
                    if probe.is_ok_and(|operand| self.types.as_class(operand.ty) == Some(class)) {
                        let operand = self.lower_expr(&only.value)?;
                        return self.copy_class(&operand, class, span);
                    }
                }
                let mut items = Items { list: &init.items, at: 0 };
                let value = self.aggregate_value(ty, &mut items, span)?;
                items.finish(span)?;
                Ok(value)
            }
            TypeKind::Array(element, count) => {
                if let [only] = &init.items[..]
                    && let ast::ExprKind::Str(text) = &only.value.without_parens().kind
                    && matches!(self.types.kind(element), TypeKind::Int(_))
                {
                    return self.text_value(element, count, text, ty, span);
                }
                if init.items.iter().any(|item| matches!(item.value.kind, ast::ExprKind::Pack(_))) {
                    return self.expanded_array(ty, element, count, init, span);
                }
                let mut items = Items { list: &init.items, at: 0 };
                let value = self.aggregate_value(ty, &mut items, span)?;
                items.finish(span)?;
                Ok(value)
            }
            _ => match &init.items[..] {
                [] => self.default_value(ty, span),
                [item] => {
                    let operand = self.lower_expr(&item.value)?;
                    match operand.kind {
                        OperandKind::Braced(inner) => self.init_value_braced(ty, inner, span),
                        _ => self.convert(&operand, ty, item.value.span),
                    }
                }
                _ => fail(Code::E0214, format!("`{}` takes one value, not {}", self.show(ty), init.items.len()), span),
            },
        }
    }

    /// `{v...}`: an array from a list that packs make longer.
    fn expanded_array(
        &mut self,
        ty: CType,
        element: CType,
        count: Option<u64>,
        init: &'a BraceInit,
        span: Span,
    ) -> Result<ExprId> {
        let operands = self.lower_items(init)?;
        let count = count.unwrap_or(operands.len() as u64);
        if operands.len() as u64 > count {
            return fail(Code::E0214, "the initialiser has more items than the object", span);
        }
        let mut values = Vec::new();
        for operand in &operands {
            let mark = self.mark();
            let value = match operand.kind {
                OperandKind::Braced(inner) => self.init_value_braced(element, inner, span)?,
                _ => self.convert(operand, element.unqualified(), operand.span)?,
            };
            for earlier in &mut values {
                *earlier = self.keep(*earlier, mark, span);
            }
            values.push(value);
        }
        if count > MAX_CONSTRUCT.max(operands.len() as u64) {
            return fail(Code::E0230, "a pack in the list of a long array is not supported", span);
        }
        while (values.len() as u64) < count {
            values.push(self.default_value(element, span)?);
        }
        let ir = self.ir_type(ty, span)?;
        let ir = self.array_of(ir, &values);
        self.construct(ir, values, span)
    }

    /// An aggregate from the items that are left: inner braces may be missing ([dcl.init.aggr]/15).
    fn aggregate_value(&mut self, ty: CType, items: &mut Items<'a>, span: Span) -> Result<ExprId> {
        let ir = self.ir_type(ty, span)?;
        match self.types.kind(ty).clone() {
            TypeKind::Array(element, Some(count)) => self.array_value(ir, element, count, items, span),
            TypeKind::Class(class) => self.class_value(ir, class, items, span),
            _ => fail(Code::E0214, "this type takes no list", span),
        }
    }

    fn array_value(&mut self, ir: TypeId, element: CType, count: u64, items: &mut Items<'a>, span: Span) -> Result<ExprId> {
        if items.rest().is_empty() {
            return Ok(self.zero(ir, span));
        }
        if count > MAX_CONSTRUCT {
            return self.large_array_value(ir, element, count, items, span);
        }
        let mut parts: Vec<Option<ExprId>> = vec![None; count as usize];
        let mut index = 0u64;
        while let Some(item) = items.peek() {
            if let Some(Designator::Index(at)) = item.designators.first() {
                index = u64::try_from(self.eval_integer(at)?).unwrap_or(u64::MAX);
            }
            if index >= count {
                break;
            }
            parts[index as usize] = Some(self.item_value(element, items, span)?);
            index += 1;
        }
        let mut values = Vec::new();
        for part in parts {
            values.push(match part {
                Some(value) => value,
                None => self.default_value(element, span)?,
            });
        }
        let ir = self.array_of(ir, &values);
        self.construct(ir, values, span)
    }

    /// The array's type where its elements are pointers: what they point to says the address space.
    fn array_of(&mut self, ir: TypeId, values: &[ExprId]) -> TypeId {
        let ir::Type::Array { element, count } = self.module.tables.types.get(ir) else { return ir };
        if self.module.tables.types.as_pointer(element).is_none() {
            return ir;
        }
        let mut joined: Option<TypeId> = None;
        for &value in values {
            if matches!(self.f.func.expr(value), Expr::Zero(_)) {
                continue;
            }
            let ty = self.ir_ty(value);
            joined = match joined {
                None => Some(ty),
                Some(known) => match self.join_types(known, ty) {
                    Some(both) => Some(both),
                    None => return ir,
                },
            };
        }
        match joined {
            Some(element) => self.module.tables.types.array(element, count),
            None => ir,
        }
    }

    fn large_array_value(&mut self, ir: TypeId, element: CType, count: u64, items: &mut Items<'a>, span: Span) -> Result<ExprId> {
        let zero = self.zero(ir, span);
        let local = self.declare_temporary(ir, Some(zero), span);
        let address = self.local_addr(local, span);
        let mut index = 0u64;
        while items.peek().is_some() && index < count {
            let value = self.item_value(element, items, span)?;
            let at = self.constant(Scalar::I32, index, span);
            let pointer = self.add(Expr::Element { base: address, index: at }, span)?;
            self.push(StmtKind::Store { pointer, value, volatile: false }, span);
            index += 1;
        }
        self.load(address, false, span)
    }

    /// How many elements a list has: inner braces may be missing.
    pub(super) fn elements_of(&mut self, element: CType, list: &'a BraceInit) -> Result<u64> {
        let mut items = Items { list: &list.items, at: 0 };
        let mut count = 0;
        while items.peek().is_some() {
            let before = items.at;
            self.item_value(element, &mut items, list.span)?;
            count += 1;
            if items.at == before {
                return fail(Code::E0214, "these elements take no values", list.span);
            }
        }
        Ok(count)
    }

    fn class_value(&mut self, ir: TypeId, class: ClassId, items: &mut Items<'a>, span: Span) -> Result<ExprId> {
        let info = self.class(class);
        let has_bits = info.fields.iter().any(|field| field.bits.is_some());
        let is_union = info.ast.key == ast::ClassKey::Union;
        let (fields, bases) = (info.fields.clone(), info.bases.clone());
        if items.rest().is_empty() && !self.needs_initialisation(class)? {
            return Ok(self.zero(ir, span));
        }
        if bases.iter().any(|base| base.flat) || self.class(class).polymorphic {
            if items.rest().is_empty() {
                let ty = self.class_type(class);
                return self.default_value(ty, span);
            }
            let shown = self.show_class(class);
            return fail(Code::E0230, format!("a list for `{shown}` and its base is not supported"), span);
        }
        // An initialiser that names members needs the object; one that does not is a value like an item.
        let names_members = fields.iter().filter_map(|field| field.init).any(|init| {
            let mut names = Vec::new();
            names_in_init(init, &mut names);
            !names.is_empty()
        });
        if has_bits || is_union || names_members || fields.iter().any(|field| field.name.is_none()) {
            return self.class_value_in_memory(ir, class, items, span);
        }
        let mut parts = Vec::new();
        for base in &bases {
            let ty = self.class_type(base.class);
            if base.ir_index.is_some() {
                parts.push(self.item_or_default(ty, items, None, span)?);
            } else if let Some(item) = items.peek() {
                // An empty base takes no room, but an item if that is for it.
                if Self::is_braced(&item.value) {
                    items.at += 1;
                } else if let Ok(operand) = self.unevaluated(|sema| sema.lower_expr(&item.value))
                    && self.implicit_conversion(&operand, ty)?.is_some()
                {
                    self.lower_expr(&item.value)?;
                    items.at += 1;
                }
            }
        }
        for field in &fields {
            let named = items.peek().and_then(|item| match item.designators.first() {
                Some(Designator::Field(ident)) => Some(ident.name),
                _ => None,
            });
            let skip = named.is_some() && named != field.name;
            let known = named.is_none() || fields.iter().any(|field| field.name == named);
            if !known {
                return fail(Code::E0214, format!("`{}` has no such member", self.show_class(class)), span);
            }
            let mut none = Items { list: &[], at: 0 };
            let from = if skip { &mut none } else { &mut *items };
            parts.push(self.item_or_default(field.ty, from, field.init, span)?);
        }
        self.construct(ir, parts, span)
    }

    fn item_or_default(&mut self, ty: CType, items: &mut Items<'a>, init: Option<&'a Init>, span: Span) -> Result<ExprId> {
        if items.peek().is_some() {
            return self.item_value(ty, items, span);
        }
        match init {
            Some(init) => self.init_value(ty, init, span),
            None if self.types.is_ref(ty) => fail(Code::E0214, "a reference member is not initialised", span),
            None => self.default_value(ty, span),
        }
    }

    /// One element: an inner list, a value, or as many items as an aggregate without braces takes.
    fn item_value(&mut self, ty: CType, items: &mut Items<'a>, span: Span) -> Result<ExprId> {
        let Some(item) = items.peek() else { return self.default_value(ty, span) };
        let ty = if self.types.is_ref(ty) { ty } else { ty.unqualified() };
        if let ast::ExprKind::Braced(inner) = &item.value.kind {
            items.at += 1;
            return self.init_value_braced(ty, inner, item.value.span);
        }
        if item.designators.len() > 1 {
            return fail(Code::E0230, "nested designators are not supported", span);
        }
        if let TypeKind::Array(..) | TypeKind::Class(_) = self.types.kind(ty) {
            let probe = self.unevaluated(|sema| sema.lower_expr(&item.value))?;
            if let (TypeKind::Array(element, count), OperandKind::Text(text)) = (self.types.kind(ty).clone(), &probe.kind) {
                items.at += 1;
                return self.text_value(element, count, text, ty, span);
            }
            if self.implicit_conversion(&probe, ty)?.is_none() {
                return self.aggregate_value(ty, items, span);
            }
        }
        items.at += 1;
        let operand = self.lower_expr(&item.value)?;
        self.convert(&operand, ty, item.value.span)
    }

    /// Unions, bit-fields and classes whose members begin with values of others: zeroed, then the members are stored one by one.
    fn class_value_in_memory(&mut self, ir: TypeId, class: ClassId, items: &mut Items<'a>, span: Span) -> Result<ExprId> {
        let zero = self.zero(ir, span);
        let local = self.declare_temporary(ir, Some(zero), span);
        let address = self.local_addr(local, span);
        let is_union = self.class(class).ast.key == ast::ClassKey::Union;
        let fields = self.class(class).fields.clone();
        for (index, base) in self.class(class).bases.clone().into_iter().enumerate() {
            let ty = self.class_type(base.class);
            if base.ir_index.is_some() {
                let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
                let value = self.item_or_default(ty, items, None, span)?;
                self.store_place(Place::Memory(at), ty, value, span)?;
            } else if items.peek().is_some_and(|item| Self::is_braced(&item.value)) {
                items.at += 1;
            }
        }
        for (index, field) in fields.iter().enumerate() {
            // Unnamed bit-fields are no elements ([dcl.init.aggr]/5).
            let is_bits = self.field_trees.get(&(class, index as u32)).is_some_and(|tree| tree.bits.is_some());
            if field.name.is_none() && is_bits {
                continue;
            }
            let named = items.peek().map(|item| match item.designators.first() {
                Some(Designator::Field(ident)) => field.name == Some(ident.name),
                _ => true,
            });
            if named != Some(true) {
                // Of a union one member begins: the one that is named, or else the one that has an initialiser.
                if !is_union || named.is_none() && field.init.is_some() {
                    self.init_field_at(address, class, index as u32, None, span)?;
                }
                continue;
            }
            let value = self.item_value(field.ty, items, span)?;
            let pointer = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
            let place = match field.bits {
                Some(bits) => Place::Bits { unit: pointer, field: bits },
                None => Place::Memory(pointer),
            };
            self.store_place(place, field.ty.unqualified(), value, span)?;
            if is_union {
                break;
            }
        }
        self.load(address, false, span)
    }
}

/// The items of a braced list that are still to be used.
pub(super) struct Items<'a> {
    list: &'a [ast::InitItem],
    at: usize,
}

impl<'a> Items<'a> {
    fn rest(&self) -> &'a [ast::InitItem] {
        &self.list[self.at.min(self.list.len())..]
    }

    fn peek(&self) -> Option<&'a ast::InitItem> {
        self.list.get(self.at)
    }

    fn finish(&self, span: Span) -> Result<()> {
        match self.peek() {
            Some(item) => fail(Code::E0214, "the initialiser has more items than the object", item.value.span.to(span)),
            None => Ok(()),
        }
    }
}

fn names_in_init(init: &Init, out: &mut Vec<Symbol>) {
    match init {
        Init::Copy(value) => names_in_expr(value, out),
        Init::Direct { args, .. } => args.iter().for_each(|arg| names_in_expr(arg, out)),
        Init::Braced(list) => list.items.iter().for_each(|item| names_in_expr(&item.value, out)),
    }
}
