//! Sizes and offsets as the Itanium C++ ABI has them on LP64, and the IR types that classes become.

use super::*;
use ast::AlignKind;
use ir::{Scalar, Space};

/// Objects larger than this are refused: no device has the memory.
const MAX_SIZE: u64 = (1 << 32) - 1;

impl<'a> Sema<'a> {
    pub fn size_of(&mut self, ty: CType, span: Span) -> Result<u64> {
        Ok(self.size_and_align(ty, span)?.0)
    }

    /// Bytes and alignment of a type. References count as what they refer to.
    pub fn size_and_align(&mut self, ty: CType, span: Span) -> Result<(u64, u64)> {
        match self.types.kind(ty).clone() {
            TypeKind::Bool => Ok((1, 1)),
            TypeKind::Int(kind) => Ok((kind.scalar().size(), kind.scalar().size())),
            TypeKind::Float => Ok((4, 4)),
            TypeKind::Double | TypeKind::Pointer(_) | TypeKind::Nullptr => Ok((8, 8)),
            TypeKind::LvalueRef(inner) | TypeKind::RvalueRef(inner) => self.size_and_align(inner, span),
            TypeKind::Enum(id) => {
                self.complete_enum(id)?;
                let underlying = self.enums[id.index()].underlying;
                self.size_and_align(underlying, span)
            }
            TypeKind::Array(element, count) => {
                let (size, align) = self.size_and_align(element, span)?;
                let Some(count) = count else { return fail(Code::E0211, "an array of unknown length has no size", span) };
                match size.checked_mul(count).filter(|&size| size <= MAX_SIZE) {
                    Some(size) => Ok((size, align)),
                    None => fail(Code::E0218, format!("`{}` is too large", self.show(ty)), span),
                }
            }
            TypeKind::Class(class) => {
                self.layout_class(class, span)?;
                Ok((self.class(class).size, self.class(class).align))
            }
            TypeKind::MemberPointer(_, member) => match self.types.kind(member) {
                TypeKind::Function(_) => {
                    fail(Code::E0225, "a pointer to a member function has no place in memory on the device", span)
                }
                _ => Ok((8, 8)),
            },
            TypeKind::Void | TypeKind::Function(_) | TypeKind::Unique(_) => {
                fail(Code::E0211, format!("`{}` has no size", self.show(ty)), span)
            }
        }
    }

    /// The IR type of a value; pointers point to global memory unless something else is known of them.
    pub fn ir_type(&mut self, ty: CType, span: Span) -> Result<TypeId> {
        let scalar = match self.types.kind(ty).clone() {
            TypeKind::Void => return Ok(self.module.tables.types.void()),
            TypeKind::Bool => Scalar::Bool,
            TypeKind::Int(kind) => kind.scalar(),
            TypeKind::Float => Scalar::F32,
            TypeKind::Double => Scalar::F64,
            TypeKind::Nullptr => {
                let void = self.module.tables.types.void();
                return Ok(self.module.tables.types.pointer(void, Space::Global));
            }
            TypeKind::Enum(id) => {
                self.complete_enum(id)?;
                let underlying = self.enums[id.index()].underlying;
                return self.ir_type(underlying, span);
            }
            // `sema/function_address.rs` numbers them.
            TypeKind::Pointer(_) | TypeKind::LvalueRef(_) | TypeKind::RvalueRef(_) if self.is_function_pointer(ty) => Scalar::U64,
            TypeKind::Pointer(pointee) | TypeKind::LvalueRef(pointee) | TypeKind::RvalueRef(pointee) => {
                let pointee = self.ir_pointee(pointee, span)?;
                return Ok(self.module.tables.types.pointer(pointee, Space::Global));
            }
            TypeKind::Array(element, count) => {
                if count.is_some() {
                    self.size_of(ty, span)?;
                }
                let element = self.ir_type(element, span)?;
                return Ok(self.module.tables.types.array(element, count));
            }
            TypeKind::Class(class) => {
                self.layout_class(class, span)?;
                return match self.class(class).ir {
                    Some(ir) => Ok(ir),
                    None => fail(Code::E0211, format!("`{}` contains itself", self.show_class(class)), span),
                };
            }
            // An object of function type is held by its number, like a pointer to it.
            TypeKind::Function(_) => Scalar::U64,
            // `lower/member_pointer.rs`
            TypeKind::MemberPointer(_, member) => match self.types.kind(member) {
                TypeKind::Function(_) => Scalar::U64,
                _ => Scalar::I64,
            },
            TypeKind::Unique(_) => return fail(Code::E0209, "a template parameter that is not bound", span),
        };
        Ok(self.module.tables.types.scalar(scalar))
    }

    /// What a pointer points to: an incomplete class is an opaque struct, since only the pointer is used.
    fn ir_pointee(&mut self, ty: CType, span: Span) -> Result<TypeId> {
        match *self.types.kind(ty) {
            TypeKind::Class(class) => {
                if let Some(ir) = self.class(class).ir {
                    return Ok(ir);
                }
                if self.class(class).layout_state == Completion::Running {
                    return self.reserve_struct(class);
                }
                if self.class(class).ast.members.is_none() {
                    let name = self.output_name(self.show_class(class));
                    let empty = ir::Struct { name, fields: Vec::new(), size: 0, align: 1, is_union: false };
                    let ir = self.module.tables.types.add_struct(empty, span);
                    self.classes[class.index()].ir = Some(ir);
                    return Ok(ir);
                }
                self.ir_type(ty, span)
            }
            _ => self.ir_type(ty, span),
        }
    }

    fn reserve_struct(&mut self, class: ClassId) -> Result<TypeId> {
        let name = self.output_name(self.show_class(class));
        let span = self.class(class).ast.span;
        let empty = ir::Struct { name, fields: Vec::new(), size: 0, align: 1, is_union: false };
        let ir = self.module.tables.types.add_struct(empty, span);
        self.classes[class.index()].ir = Some(ir);
        Ok(ir)
    }

    /// Works out the offsets of bases and fields, once.
    pub fn layout_class(&mut self, class: ClassId, span: Span) -> Result<()> {
        match self.class(class).layout_state {
            Completion::Done => return Ok(()),
            Completion::Running => {
                return fail(Code::E0211, format!("`{}` contains itself or is not complete here", self.show_class(class)), span);
            }
            Completion::Open => {}
        }
        self.complete_members(class)?;
        if self.class(class).ast.members.is_none() {
            let at = self.class(class).ast.span;
            let error = failure(Code::E0211, format!("`{}` is declared but not defined", self.show_class(class)), span);
            return Err(error.map(|diagnostic| diagnostic.with_label(at, "declared here")));
        }
        self.classes[class.index()].layout_state = Completion::Running;
        let result = self.nested(span, |sema| sema.layout_open_class(class, span));
        let result = result.and_then(|()| self.check_member_assertions(class));
        let result = result.map_err(|error| self.instantiated_from(error, class, span));
        self.classes[class.index()].layout_state = if result.is_ok() { Completion::Done } else { Completion::Open };
        result
    }

    /// A `static_assert` among the members is checked where the class is complete (C++ [dcl.pre]).
    fn check_member_assertions(&mut self, class: ClassId) -> Result<()> {
        let tree = self.class(class).ast;
        let ctx = Ctx { class: Some(class), ..self.class(class).ctx };
        for member in tree.members.iter().flatten() {
            if let ast::DeclKind::StaticAssert(assert) = &member.kind {
                self.in_ctx(ctx, |sema| sema.check_static_assert(assert, member.span))?;
            }
        }
        Ok(())
    }

    /// Says of an error in a class template for which arguments, and who asked for them.
    fn instantiated_from(&self, error: Failure, class: ClassId, span: Span) -> Failure {
        if self.class(class).template.is_none() {
            return error;
        }
        let name = self.output_name(self.show_class(class));
        error.map(|diagnostic| match diagnostic.labels.len() {
            0..8 => diagnostic.with_label(span, format!("in the instantiation of `{name}`, requested here")),
            _ => diagnostic,
        })
    }

    fn layout_open_class(&mut self, class: ClassId, span: Span) -> Result<()> {
        self.resolve_fields(class)?;
        if self.find_vector(class)? {
            return Ok(());
        }
        let is_union = self.class(class).ast.key == ast::ClassKey::Union;
        let mut state = Layout { is_union, ..Layout::default() };
        let primary = self.place_vptr(class, &mut state)?;
        for index in primary.into_iter().chain((0..self.class(class).bases.len()).filter(|index| Some(*index) != primary)) {
            self.place_base(class, index, &mut state, span)?;
        }
        for index in 0..self.class(class).fields.len() {
            self.place_field(class, index, &mut state)?;
        }
        let asked = self.asked_alignment(class)?;
        let align = state.align.max(asked);
        let data_size = state.end;
        let size = data_size.max(1).next_multiple_of(align);
        if size > MAX_SIZE {
            return fail(Code::E0218, format!("`{}` is too large", self.show_class(class)), span);
        }
        self.finish_struct(class, state.fields, size, align, is_union)?;
        let info = &mut self.classes[class.index()];
        (info.size, info.align, info.data_size) = (size, align, data_size);
        Ok(())
    }

    fn finish_struct(&mut self, class: ClassId, fields: Vec<ir::Field>, size: u64, align: u64, is_union: bool) -> Result<()> {
        let ir = match self.class(class).ir {
            Some(ir) => ir,
            None => self.reserve_struct(class)?,
        };
        if let ir::Type::Struct(id) = self.module.tables.types.get(ir) {
            let definition = self.module.tables.types.struct_mut(id);
            (definition.fields, definition.size, definition.align, definition.is_union) = (fields, size, align, is_union);
        }
        Ok(())
    }

    fn resolve_fields(&mut self, class: ClassId) -> Result<()> {
        let ctx = Ctx { class: Some(class), ..self.class(class).ctx };
        for index in 0..self.class(class).fields.len() {
            let Some(&tree) = self.field_trees.get(&(class, index as u32)) else { continue };
            let ty = self.in_ctx(ctx, |sema| sema.resolve_type(&tree.ty))?;
            self.classes[class.index()].fields[index].ty = ty;
        }
        self.check_member_names(class)
    }

    /// [class.mem]: a member is declared once.
    fn check_member_names(&self, class: ClassId) -> Result<()> {
        let mut seen = FxHashMap::default();
        for field in &self.class(class).fields {
            if let Some(name) = field.name
                && let Some(first) = seen.insert(name, field.span)
            {
                return fail(Code::E0238, "the class has a member of this name already", field.span)
                    .map_err(|error: Failure| error.map(|text| text.with_label(first, "the first one")));
            }
        }
        Ok(())
    }

    /// A shipped struct of two to four equal scalars x, y, z, w is a vector of the IR, unless it asks for a stricter alignment.
    fn find_vector(&mut self, class: ClassId) -> Result<bool> {
        let info = self.class(class);
        let count = info.fields.len();
        let names = ["x", "y", "z", "w"];
        let plain = info.shipped && info.bases.is_empty() && info.members.len() == count && (2..=4).contains(&count);
        if !plain || !info.fields.iter().zip(names).all(|(field, name)| field.name.is_some_and(|symbol| symbol == name)) {
            return Ok(false);
        }
        let first = info.fields[0].ty;
        let scalar = match self.types.kind(first) {
            TypeKind::Int(kind) => kind.scalar(),
            TypeKind::Float => Scalar::F32,
            TypeKind::Double => Scalar::F64,
            _ => return Ok(false),
        };
        if info.fields.iter().any(|field| field.ty != first) {
            return Ok(false);
        }
        let ir = self.module.tables.types.vector(scalar, count as u8);
        let (size, align) = (self.module.tables.types.size_of(ir), self.module.tables.types.align_of(ir));
        if self.asked_alignment(class)? > align {
            return Ok(false);
        }
        let info = &mut self.classes[class.index()];
        (info.vector, info.ir, info.size, info.align, info.data_size) =
            (Some((scalar, count as u8)), Some(ir), size, align, size);
        for (index, field) in info.fields.iter_mut().enumerate() {
            (field.ir_index, field.offset) = (index as u32, scalar.size() * index as u64);
        }
        Ok(true)
    }

    fn place_base(&mut self, class: ClassId, index: usize, state: &mut Layout, span: Span) -> Result<()> {
        let base = self.class(class).bases[index].class;
        self.layout_class(base, span)?;
        let info = self.class(base);
        let (size, align, name, ir) = (info.size, info.align, info.name.clone(), info.ir);
        let has_tail = info.data_size < size;
        let data_size = info.data_size;
        let alone = self.class(class).fields.is_empty() && self.class(class).bases.len() == 1;
        let reusable = has_tail && !alone && self.is_not_pod(base)?;
        state.align = state.align.max(align);
        if self.is_empty_class(base) {
            return Ok(());
        }
        let offset = state.end.next_multiple_of(align);
        let ty = match ir {
            Some(ir) => ir,
            None => return fail(Code::E0211, format!("`{name}` is not complete"), span),
        };
        let base = &mut self.classes[class.index()].bases[index];
        base.offset = offset;
        if let (true, ir::Type::Struct(id)) = (reusable, self.module.tables.types.get(ty)) {
            // The derived class goes on in the padding, so the parts of the base lie in it one by one.
            base.flat = true;
            for field in self.module.tables.types.structs()[id].fields.clone() {
                let taken = state.fields.iter().any(|known| known.name == field.name);
                let name = if taken { format!("{}{}", field.name, state.fields.len()) } else { field.name };
                state.fields.push(ir::Field { name, ty: field.ty, offset: offset + field.offset });
            }
            state.end = offset + data_size;
            return Ok(());
        }
        base.ir_index = Some(state.fields.len() as u32);
        state.fields.push(ir::Field { name, ty, offset });
        state.end = offset + size;
        Ok(())
    }

    /// Where virtual functions begin there is a place for the number of the object's class, where the ABI has the address of its table.
    /// Returns the base that has it already, which then comes first.
    fn place_vptr(&mut self, class: ClassId, state: &mut Layout) -> Result<Option<usize>> {
        if !self.is_polymorphic(class)? {
            return Ok(None);
        }
        self.classes[class.index()].polymorphic = true;
        for (index, base) in self.class(class).bases.clone().into_iter().enumerate() {
            if self.is_polymorphic(base.class)? {
                return Ok(Some(index));
            }
        }
        let ty = self.module.tables.types.scalar(Scalar::U64);
        state.fields.push(ir::Field { name: "vptr".to_string(), ty, offset: 0 });
        (state.end, state.align, state.bit_end) = (8, 8, 64);
        self.classes[class.index()].vptr = Some(0);
        Ok(None)
    }

    /// Not a POD in the sense of the ABI: a derived class may use the padding at its end ([Itanium 2.2]).
    fn is_not_pod(&mut self, class: ClassId) -> Result<bool> {
        let assigns = self.class(class).members.contains_key(&NameKey::Operator(ast::OperatorName::Assign));
        let hidden = self.class(class).ast.key == ast::ClassKey::Class && !self.class(class).fields.is_empty();
        let special = self.class(class).polymorphic || !self.class(class).bases.is_empty() || assigns || hidden;
        Ok(special || self.has_user_constructor(class)? || self.has_destructor(class)?)
    }

    /// Does a store of the whole object touch what a derived class may have in its padding, or the number of its class?
    pub(crate) fn is_stored_by_parts(&mut self, class: ClassId, span: Span) -> Result<bool> {
        self.layout_class(class, span)?;
        let info = self.class(class);
        Ok(info.polymorphic || info.data_size < info.size && self.is_not_pod(class)?)
    }

    pub fn is_empty_class(&self, class: ClassId) -> bool {
        let info = self.class(class);
        let bases = info.bases.iter().all(|base| base.ir_index.is_none() && !base.flat);
        info.fields.is_empty() && info.vptr.is_none() && bases
    }

    fn place_field(&mut self, class: ClassId, index: usize, state: &mut Layout) -> Result<()> {
        let field = self.class(class).fields[index].clone();
        let tree = self.field_trees.get(&(class, index as u32)).copied();
        if let Some(width) = tree.and_then(|tree| tree.bits.as_ref()) {
            return self.place_bit_field(class, index, width, state);
        }
        let ty = self.field_ir_type(class, index as u32)?;
        let (size, mut align) = match self.types.is_ref(field.ty) {
            true => (8, 8),
            false => self.size_and_align(field.ty, field.span)?,
        };
        if let Some(tree) = tree {
            align = align.max(self.field_alignment(class, tree)?);
        }
        let offset = if state.is_union { 0 } else { state.end.next_multiple_of(align) };
        let name = field.name.map_or_else(|| format!("anonymous{index}"), |symbol| symbol.as_str().to_string());
        let info = &mut self.classes[class.index()].fields[index];
        (info.offset, info.ir_index) = (offset, state.fields.len() as u32);
        state.fields.push(ir::Field { name, ty, offset });
        state.align = state.align.max(align);
        state.end = state.end.max(offset + size);
        state.bit_end = state.end * 8;
        Ok(())
    }

    /// A pointer member's address space is global unless the program stores another kind of pointer there.
    fn field_ir_type(&mut self, class: ClassId, index: u32) -> Result<TypeId> {
        let field = &self.class(class).fields[index as usize];
        let (ty, span) = (field.ty, field.span);
        let ir = self.ir_type(ty, span)?;
        let key = (self.show_class(class), index);
        match (self.field_spaces.get(&key), self.module.tables.types.as_pointer(ir)) {
            (Some(&space), Some((pointee, _))) => Ok(self.module.tables.types.pointer(pointee, space)),
            _ => Ok(ir),
        }
    }

    /// `alignas` in front of a member stands with its whole declaration, so it is looked for there.
    fn field_alignment(&mut self, class: ClassId, tree: &'a ast::Var) -> Result<u64> {
        let ctx = Ctx { class: Some(class), ..self.class(class).ctx };
        let members = self.class(class).ast.members.iter().flatten();
        let mut specs = None;
        for member in members {
            if let ast::DeclKind::Vars(vars) = &member.kind
                && vars.vars.iter().any(|var| std::ptr::eq(var, tree))
            {
                specs = Some(&vars.specs);
            }
        }
        match specs {
            Some(specs) if !specs.aligns.is_empty() => self.in_ctx(ctx, |sema| sema.eval_aligns(&specs.aligns)),
            _ => Ok(1),
        }
    }

    fn asked_alignment(&mut self, class: ClassId) -> Result<u64> {
        let (tree, ctx) = (self.class(class).ast, self.class(class).ctx);
        if tree.specs.aligns.is_empty() {
            return Ok(1);
        }
        self.in_ctx(ctx, |sema| sema.eval_aligns(&tree.specs.aligns))
    }

    /// The strictest of several `alignas`.
    pub fn eval_aligns(&mut self, aligns: &'a [ast::Align]) -> Result<u64> {
        let mut strictest = 1;
        for align in aligns {
            let bytes = match &align.kind {
                AlignKind::Bytes(expr) => self.eval_integer(expr)?,
                AlignKind::AsType(ty) => {
                    let ty = self.resolve_type(ty)?;
                    i128::from(self.size_and_align(ty, align.span)?.1)
                }
            };
            match u64::try_from(bytes) {
                Ok(0) => {}
                Ok(bytes) if bytes.is_power_of_two() && bytes <= 1 << 20 => strictest = strictest.max(bytes),
                _ => return fail(Code::E0207, "an alignment must be a power of two", align.span),
            }
        }
        Ok(strictest)
    }

    /// A bit-field starts at the next bit unless it would cross a boundary of its type.
    fn place_bit_field(&mut self, class: ClassId, index: usize, width: &'a ast::Expr, state: &mut Layout) -> Result<()> {
        let field = self.class(class).fields[index].clone();
        let ctx = Ctx { class: Some(class), ..self.class(class).ctx };
        let width = self.in_ctx(ctx, |sema| sema.eval_integer(width))?;
        let (size, align) = self.size_and_align(field.ty, field.span)?;
        let integral = self.types.is_integral(field.ty) || self.is_enum(field.ty);
        let Ok(width @ 0..=64) = u64::try_from(width) else {
            return fail(Code::E0207, "the width of a bit-field does not fit its type", field.span);
        };
        if !integral || width > size * 8 {
            return fail(Code::E0207, "the width of a bit-field does not fit its type", field.span);
        }
        let unit_bits = size * 8;
        if width == 0 {
            state.bit_end = state.bit_end.next_multiple_of(unit_bits);
            state.end = state.bit_end / 8;
            return Ok(());
        }
        let mut start = if state.is_union { 0 } else { state.bit_end.max(state.end.saturating_sub(1) * 8).max(state.bit_end) };
        if start / unit_bits != (start + width - 1) / unit_bits {
            start = start.next_multiple_of(unit_bits);
        }
        let offset = start / unit_bits * size;
        let unit = match size {
            1 => Scalar::U8,
            2 => Scalar::U16,
            4 => Scalar::U32,
            _ => Scalar::U64,
        };
        let ty = self.module.tables.types.scalar(unit);
        let known = state.fields.iter().position(|f| f.offset == offset && f.ty == ty && f.name.starts_with("bits"));
        let ir_index = known.unwrap_or(state.fields.len());
        if known.is_none() {
            state.fields.push(ir::Field { name: format!("bits{index}"), ty, offset });
        }
        let info = &mut self.classes[class.index()].fields[index];
        (info.offset, info.ir_index) = (offset, ir_index as u32);
        info.bits = Some(BitField { shift: (start - offset * 8) as u32, width: width as u32, unit });
        if field.name.is_some() {
            state.align = state.align.max(align);
        }
        state.bit_end = start + width;
        state.end = state.end.max(state.bit_end.div_ceil(8));
        Ok(())
    }
}

/// Where the next member goes.
struct Layout {
    is_union: bool,
    fields: Vec<ir::Field>,
    /// First free byte, and first free bit.
    end: u64,
    bit_end: u64,
    align: u64,
}

impl Default for Layout {
    fn default() -> Self {
        Layout { is_union: false, fields: Vec::new(), end: 0, bit_end: 0, align: 1 }
    }
}
