//! Initialisation: aggregates, constructors, braced lists (C++ [dcl.init]).

use super::copies::Copying;
use super::*;
use ast::{BraceInit, Init};
use ir::{Expr, Scalar, StmtKind};
use source::Code;

impl<'a> Sema<'a> {
    /// `T(a, b)` and `T{a, b}` of a class as an operand.
    pub(super) fn construct_operand(&mut self, to: CType, args: Vec<Operand<'a>>, span: Span) -> Result<Operand<'a>> {
        self.check_not_abstract(to, span)?;
        let value = self.construct_class(to, args, span)?;
        Ok(Operand::value(to.unqualified(), value, span))
    }

    pub(super) fn braced_operand(&mut self, to: CType, init: &'a BraceInit, span: Span) -> Result<Operand<'a>> {
        if self.types.is_ref(to) {
            let [item] = &init.items[..] else { return fail(Code::E0214, "a reference is initialised by one object", span) };
            return self.lower_cast(to, &item.value, casts::CastKind::C, span);
        }
        let value = self.init_value_braced(to.unqualified(), init, span)?;
        Ok(Operand::value(to.unqualified(), value, span))
    }

    /// The value of a class from constructor arguments.
    pub fn construct_class(&mut self, to: CType, args: Vec<Operand<'a>>, span: Span) -> Result<ExprId> {
        let to = to.unqualified();
        let Some(class) = self.types.as_class(to) else {
            return fail(Code::E0399, "internal error while lowering: no class", span);
        };
        self.layout_class(class, span)?;
        if let [only] = &args[..] {
            let same = self.types.as_class(only.ty) == Some(class);
            if same && !matches!(only.kind, OperandKind::Braced(_)) {
                return self.copy_class(only, class, span);
            }
        }
        if self.has_user_constructor(class)?
            && let Some(function) = self.choose_constructor(class, &args, span)?
        {
            return self.construct_with(function.function, to, args, span);
        }
        if args.is_empty() {
            return self.default_value(to, span);
        }
        if let [only] = &args[..] {
            // A conversion function of the argument, or of a base.
            if let Some(conversion) = self.explicit_conversion(only, to)?
                && !matches!(conversion.kind, ConversionKind::Constructor(_))
            {
                return self.apply_conversion(only, &conversion, span);
            }
        }
        let shown = self.show(to);
        fail(Code::E0204, format!("`{shown}` has no constructor that takes these arguments"), span)
    }

    fn choose_constructor(&mut self, class: ClassId, args: &[Operand<'a>], span: Span) -> Result<Option<Resolved>> {
        let entities = self.constructors(class)?;
        let name = self.show_class(class);
        let defaulted_only = args.is_empty()
            && entities.iter().any(|entity| {
                matches!(entity, Entity::Function(f)
                if self.is_defaulted(self.function(*f).ast) && self.function(*f).ast.ty().params.is_empty())
            });
        // The default constructor is not inherited: the class has its implicit one ([class.inhctor.init], [over.match.funcs]/8).
        let all_inherited = args.is_empty() && !entities.iter().any(|&entity| self.is_own_constructor(entity, class));
        if defaulted_only || all_inherited {
            return Ok(None);
        }
        let candidates = Candidates { entities, args: None, name };
        match self.try_overload(&candidates, None, args, span)? {
            Ok(resolved) => Ok(Some(resolved)),
            Err(reasons) => {
                if args.len() == 1 {
                    let to = self.class_type(class);
                    // An explicit conversion function may give what the copy constructor takes ([over.match.funcs]/4, [over.match.copy]).
                    if self.explicit_conversion(&args[0], to)?.is_some() {
                        return Ok(None);
                    }
                }
                let shown: Vec<String> = args.iter().map(|arg| self.show(arg.ty)).collect();
                let error =
                    failure(Code::E0204, format!("no constructor `{}` takes ({})", candidates.name, shown.join(", ")), span);
                Err(self.with_reasons(error, reasons))
            }
        }
    }

    fn is_own_constructor(&self, entity: Entity, class: ClassId) -> bool {
        match entity {
            Entity::Function(function) => self.function(function).ctx.class == Some(class),
            Entity::Template(template) => self.templates[template.index()].ctx.class == Some(class),
            _ => true,
        }
    }

    /// Runs a constructor on a new object and returns its value.
    pub fn construct_with(&mut self, function: FnId, to: CType, args: Vec<Operand<'a>>, span: Span) -> Result<ExprId> {
        let ir = self.ir_type(to, span)?;
        let local = self.declare_temporary(ir, None, span);
        let address = self.local_addr(local, span);
        let Some(class) = self.types.as_class(to) else { return Err(Failure::Poisoned) };
        self.clear_bit_fields(address, to, span)?;
        self.run_constructor(class, function, address, args, span)?;
        self.load(address, false, span)
    }

    fn run_constructor(
        &mut self,
        class: ClassId,
        function: FnId,
        address: ExprId,
        args: Vec<Operand<'a>>,
        span: Span,
    ) -> Result<()> {
        if let Some(owner) = self.function(function).ctx.class
            && owner != class
        {
            return self.run_inherited_constructor(class, owner, function, address, args, span);
        }
        let signature = self.signature(function)?;
        let mut conversions = Vec::new();
        for (arg, param) in args.iter().zip(&signature.params) {
            match self.implicit_conversion(arg, param.ty)? {
                Some(conversion) => conversions.push(conversion),
                None => return Err(self.no_conversion(arg, param.ty, span)),
            }
        }
        if self.is_deleted(function) {
            return fail(Code::E0204, "this constructor is deleted", span);
        }
        let mut values = vec![address];
        self.convert_args(function, &conversions, &args, &mut values, span)?;
        self.emit_call(function, values, span)?;
        Ok(())
    }

    /// `using Base::Base`: the base is made by its constructor, everything else by default ([class.inhctor.init]).
    fn run_inherited_constructor(
        &mut self,
        class: ClassId,
        owner: ClassId,
        function: FnId,
        address: ExprId,
        args: Vec<Operand<'a>>,
        span: Span,
    ) -> Result<()> {
        for (index, base) in self.class(class).bases.clone().into_iter().enumerate() {
            let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
            if self.base_path(base.class, owner)?.is_some() {
                self.run_constructor(base.class, function, at, args.clone(), span)?;
            } else {
                let ty = self.class_type(base.class);
                self.init_default_at(at, ty, span)?;
            }
        }
        self.set_class_numbers(address, class, span)?;
        for index in 0..self.class(class).fields.len() {
            self.init_field_at(address, class, index as u32, None, span)?;
        }
        Ok(())
    }

    /// A copy: the implicit one takes the bytes, a user's constructor is called.
    pub fn copy_class(&mut self, from: &Operand<'a>, class: ClassId, span: Span) -> Result<ExprId> {
        if !matches!(from.kind, OperandKind::Value(_))
            && let Some(function) = self.user_copy_constructor(class, from)?
        {
            let ty = self.class_type(class);
            return self.construct_with(function, ty, vec![from.clone()], span);
        }
        if !matches!(from.kind, OperandKind::Value(_)) && self.parts_copy_themselves(class, Copying::Construct, span)? {
            return self.copy_parts(from, class, span);
        }
        let value = self.rvalue(from)?;
        if self.class(class).polymorphic && !matches!(from.kind, OperandKind::Value(_)) {
            // The copy is of the class as written, whatever the other object is.
            let ty = self.ir_ty(value);
            let local = self.declare_temporary(ty, Some(value), span);
            let address = self.local_addr(local, span);
            self.set_class_numbers(address, class, span)?;
            return self.load(address, false, span);
        }
        Ok(value)
    }

    fn user_copy_constructor(&mut self, class: ClassId, from: &Operand<'a>) -> Result<Option<FnId>> {
        let mut chosen = None;
        for entity in self.constructors(class)? {
            let Entity::Function(function) = entity else { continue };
            let signature = self.signature(function)?;
            let Some(first) = signature.params.first() else { continue };
            let is_ref = self.types.is_ref(first.ty);
            let same = self.types.as_class(self.types.strip_ref(first.ty)) == Some(class);
            let rest = signature.params[1..].iter().all(|param| param.ast.default.is_some());
            if !is_ref || !same || !rest {
                continue;
            }
            let is_move = matches!(self.types.kind(first.ty), TypeKind::RvalueRef(_));
            if is_move != from.is_lvalue() || !is_move && chosen.is_none() {
                chosen = Some(function);
            }
        }
        // One that is defaulted may be the better choice, and takes the bytes.
        Ok(chosen.filter(|&function| !self.is_defaulted(self.function(function).ast)))
    }

    /// `T()`: members with initialisers have those, everything else is zero.
    pub(super) fn default_value(&mut self, ty: CType, span: Span) -> Result<ExprId> {
        let ir = self.ir_type(ty, span)?;
        match self.types.kind(ty).clone() {
            TypeKind::Class(class) if self.needs_initialisation(class)? => {
                let local = self.declare_temporary(ir, None, span);
                let address = self.local_addr(local, span);
                let zero = self.zero(ir, span);
                self.push(StmtKind::Store { pointer: address, value: zero, volatile: false }, span);
                self.init_default_at(address, ty, span)?;
                self.load(address, false, span)
            }
            _ => Ok(self.zero(ir, span)),
        }
    }

    /// Does default initialisation do anything: a constructor, or a member initialiser, here or further in?
    pub(super) fn needs_initialisation(&mut self, class: ClassId) -> Result<bool> {
        self.layout_class(class, self.class(class).ast.span)?;
        if self.class(class).polymorphic || self.has_user_constructor(class)? {
            return Ok(true);
        }
        let fields: Vec<(CType, bool)> = self.class(class).fields.iter().map(|field| (field.ty, field.init.is_some())).collect();
        let bases: Vec<ClassId> = self.class(class).bases.iter().map(|base| base.class).collect();
        for (ty, has_init) in fields {
            let mut element = ty;
            while let TypeKind::Array(inner, _) = *self.types.kind(element) {
                element = inner;
            }
            let inner = self.types.as_class(element);
            if has_init || matches!(inner, Some(class) if self.needs_initialisation(class)?) {
                return Ok(true);
            }
        }
        for base in bases {
            if self.needs_initialisation(base)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Default initialisation of an object in memory ([dcl.init]/7).
    pub(super) fn init_default_at(&mut self, address: ExprId, ty: CType, span: Span) -> Result<()> {
        match self.types.kind(ty).clone() {
            TypeKind::Array(element, Some(count)) => {
                let mut inner = element;
                while let TypeKind::Array(next, _) = *self.types.kind(inner) {
                    inner = next;
                }
                let Some(class) = self.types.as_class(inner) else { return Ok(()) };
                if !self.needs_initialisation(class)? {
                    return Ok(());
                }
                self.for_each_element(address, element, count, span, |sema, element_address, element| {
                    sema.init_default_at(element_address, element, span)
                })
            }
            TypeKind::Class(class) if self.needs_initialisation(class)? => {
                if self.has_user_constructor(class)?
                    && let Some(resolved) = self.choose_constructor(class, &[], span)?
                {
                    return self.run_constructor(class, resolved.function, address, Vec::new(), span);
                }
                self.init_members_at(address, class, &[], span)
            }
            _ => Ok(()),
        }
    }

    /// A loop over the elements of an array in memory.
    pub(super) fn for_each_element(
        &mut self,
        address: ExprId,
        element: CType,
        count: u64,
        span: Span,
        work: impl Fn(&mut Self, ExprId, CType) -> Result<()>,
    ) -> Result<()> {
        if count <= 4 {
            for index in 0..count {
                let index = self.constant(Scalar::I32, index, span);
                let at = self.add(Expr::Element { base: address, index }, span)?;
                work(self, at, element)?;
            }
            return Ok(());
        }
        let count = self.constant(Scalar::U32, count, span);
        self.repeat(count, span, |sema, index| {
            let at = sema.add(Expr::Element { base: address, index }, span)?;
            work(sema, at, element)
        })
    }

    /// Bases and members in order: those that `inits` names, the others by their own initialisers.
    pub(super) fn init_members_at(
        &mut self,
        address: ExprId,
        class: ClassId,
        inits: &'a [ast::MemberInit],
        span: Span,
    ) -> Result<()> {
        let bases = self.class(class).bases.clone();
        for (index, base) in bases.iter().enumerate() {
            let ty = self.class_type(base.class);
            let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
            match self.base_initialiser(base.class, inits)? {
                Some(init) => self.init_object_at(at, ty, Some(&init.init), init.span)?,
                None => self.init_default_at(at, ty, span)?,
            }
        }
        self.set_class_numbers(address, class, span)?;
        for index in 0..self.class(class).fields.len() {
            let field = self.class(class).fields[index].clone();
            let explicit = inits.iter().find(|init| init.name.symbol() == field.name && field.name.is_some());
            let explicit = explicit.or_else(|| self.anonymous_initialiser(&field, inits));
            self.init_field_at(address, class, index as u32, explicit, span)?;
        }
        Ok(())
    }

    /// `x(1)` where `x` belongs to an anonymous union of the class.
    fn anonymous_initialiser(&self, field: &FieldInfo<'a>, inits: &'a [ast::MemberInit]) -> Option<&'a ast::MemberInit> {
        if field.name.is_some() {
            return None;
        }
        let inner = self.types.as_class(field.ty)?;
        let fields = &self.class(inner).fields;
        inits.iter().find(|init| fields.iter().any(|member| member.name.is_some() && member.name == init.name.symbol()))
    }

    pub(super) fn init_field_at(
        &mut self,
        address: ExprId,
        class: ClassId,
        index: u32,
        explicit: Option<&'a ast::MemberInit>,
        span: Span,
    ) -> Result<()> {
        let field = self.class(class).fields[index as usize].clone();
        let ctx = Ctx { class: Some(class), ..self.class(class).ctx };
        if field.name.is_none() && field.bits.is_none() {
            let Some(inner) = self.types.as_class(field.ty) else { return Ok(()) };
            let at = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
            let Some(init) = explicit else { return Ok(()) };
            let position = self.class(inner).fields.iter().position(|member| member.name == init.name.symbol());
            return match position {
                Some(position) => self.init_field_at(at, inner, position as u32, Some(init), span),
                None => Ok(()),
            };
        }
        if let Some(bits) = field.bits {
            let Some(init) = explicit.map(|init| &init.init).or(field.init) else { return Ok(()) };
            let unit = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
            let value = self.init_value(field.ty, init, span)?;
            return self.store_place(Place::Bits { unit, field: bits }, field.ty, value, span);
        }
        let at = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
        match (explicit, field.init) {
            (Some(init), _) => self.init_object_at(at, field.ty, Some(&init.init), init.span),
            (None, Some(init)) => {
                let this = This { pointer: address, class: self.class_type(class) };
                let outer = self.f.this.replace(this);
                let result = self.with_names(ctx, |sema| sema.init_object_at(at, field.ty, Some(init), span));
                self.f.this = outer;
                result
            }
            (None, None) if self.types.is_ref(field.ty) => fail(Code::E0214, "a reference member is not initialised", span),
            (None, None) => self.init_default_at(at, field.ty, span),
        }
    }

    fn base_initialiser(&mut self, base: ClassId, inits: &'a [ast::MemberInit]) -> Result<Option<&'a ast::MemberInit>> {
        for init in inits {
            let is_field = self.f.ctx.class.is_some_and(|class| {
                self.class(class).fields.iter().any(|field| field.name.is_some() && field.name == init.name.symbol())
            });
            if is_field {
                continue;
            }
            let ty = self.resolve_type_name(&init.name, ast::TypeNameKey::Plain)?;
            if self.types.as_class(ty) == Some(base) {
                return Ok(Some(init));
            }
        }
        Ok(None)
    }

    /// Initialises an object in memory; classes in place, everything else by a store.
    pub(super) fn init_object_at(&mut self, address: ExprId, ty: CType, init: Option<&'a Init>, span: Span) -> Result<()> {
        let Some(init) = init else { return self.init_default_at(address, ty, span) };
        if let Some(class) = self.types.as_class(ty) {
            self.layout_class(class, span)?;
            if self.has_user_constructor(class)? {
                if let Init::Copy(value) = init
                    && !Self::is_braced(value)
                {
                    return self.copy_initialise_at(address, ty, class, value, span);
                }
                let args = self.constructor_args(init)?;
                {
                    let copy = matches!(&args[..], [only] if self.types.as_class(only.ty) == Some(class));
                    if !copy {
                        if let Some(resolved) = self.choose_constructor(class, &args, span)? {
                            return self.run_constructor(class, resolved.function, address, args, span);
                        }
                        if args.is_empty() {
                            return self.init_members_at(address, class, &[], span);
                        }
                    }
                    let value = self.construct_class(ty, args, span)?;
                    return self.store_place(Place::Memory(address), ty.unqualified(), value, span);
                }
            }
        }
        let value = self.init_value(ty, init, span)?;
        self.store_place(Place::Memory(address), ty.unqualified(), value, span)
    }

    /// `T x = e`: as `e` converts, without `explicit` constructors ([dcl.init]/17.6.3).
    fn copy_initialise_at(&mut self, address: ExprId, ty: CType, class: ClassId, value: &'a ast::Expr, span: Span) -> Result<()> {
        let operand = self.lower_expr(value)?;
        if self.types.as_class(operand.ty) != Some(class) {
            match self.implicit_conversion(&operand, ty)? {
                Some(ImplicitConversion { kind: ConversionKind::Constructor(function), .. }) => {
                    return self.run_constructor(class, function, address, vec![operand], span);
                }
                Some(conversion) => {
                    let value = self.apply_conversion(&operand, &conversion, span)?;
                    return self.store_place(Place::Memory(address), ty.unqualified(), value, span);
                }
                None => return Err(self.no_conversion(&operand, ty, span)),
            }
        }
        let value = self.construct_class(ty, vec![operand], span)?;
        self.store_place(Place::Memory(address), ty.unqualified(), value, span)
    }

    /// The arguments that an initialiser gives to a constructor.
    fn constructor_args(&mut self, init: &'a Init) -> Result<Vec<Operand<'a>>> {
        match init {
            Init::Direct { args, .. } => self.lower_args(args),
            Init::Copy(value) => match &value.kind {
                ast::ExprKind::Braced(list) => self.lower_items(list),
                _ => Ok(vec![self.lower_expr(value)?]),
            },
            Init::Braced(list) => self.lower_items(list),
        }
    }

    /// The items of a braced list as the arguments of a constructor.
    pub(crate) fn braced_operands(&mut self, list: &'a BraceInit) -> Result<Vec<Operand<'a>>> {
        self.lower_items(list)
    }

    pub(super) fn lower_items(&mut self, list: &'a BraceInit) -> Result<Vec<Operand<'a>>> {
        let mut out = Vec::new();
        for item in &list.items {
            out.extend(self.lower_args(std::slice::from_ref(&item.value))?);
        }
        Ok(out)
    }

    /// The value of an initialiser for an object of type `ty`; an address for a reference.
    pub(super) fn init_value(&mut self, ty: CType, init: &'a Init, span: Span) -> Result<ExprId> {
        let ty = if self.types.is_ref(ty) { ty } else { ty.unqualified() };
        match init {
            Init::Copy(value) => {
                if let ast::ExprKind::Braced(list) = &value.kind {
                    return self.init_value_braced(ty, list, value.span);
                }
                let operand = self.lower_expr(value)?;
                if let (TypeKind::Array(element, count), OperandKind::Text(text)) = (self.types.kind(ty).clone(), &operand.kind) {
                    return self.text_value(element, count, text, ty, span);
                }
                self.convert(&operand, ty, value.span)
            }
            Init::Direct { args, .. } => {
                if self.types.as_class(ty).is_some() {
                    let args = self.lower_args(args)?;
                    return self.construct_class(ty, args, span);
                }
                match &args[..] {
                    [] => self.default_value(ty, span),
                    [only] => {
                        let operand = self.lower_expr(only)?;
                        self.convert_directly(&operand, ty, only.span)
                    }
                    _ => fail(Code::E0214, format!("`{}` takes one value", self.show(ty)), span),
                }
            }
            Init::Braced(list) => {
                if self.types.is_ref(ty) {
                    let [item] = &list.items[..] else {
                        return fail(Code::E0214, "a reference is initialised by one object", span);
                    };
                    let operand = self.lower_expr(&item.value)?;
                    return self.convert(&operand, ty, span);
                }
                // An enum with a fixed type takes its integers ([dcl.init.list]/3.8).
                if let ([item], TypeKind::Enum(id)) = (&list.items[..], self.types.kind(ty).clone())
                    && (self.enums[id.index()].ast.underlying.is_some() || self.is_scoped_enum(ty))
                {
                    return self.lower_cast(ty, &item.value, casts::CastKind::C, span).and_then(|value| self.rvalue(&value));
                }
                if let [item] = &list.items[..]
                    && self.types.is_arithmetic(ty)
                    && !Self::is_braced(&item.value)
                {
                    let operand = self.lower_expr(&item.value)?;
                    return self.convert_directly(&operand, ty, span);
                }
                self.init_value_braced(ty, list, span)
            }
        }
    }

    /// `T x(e)`: explicit conversion functions of a class take part ([over.match.conv]).
    fn convert_directly(&mut self, operand: &Operand<'a>, ty: CType, span: Span) -> Result<ExprId> {
        match self.types.as_class(operand.ty) {
            Some(_) if !self.types.is_ref(ty) => self.convert_explicitly(operand, ty, span),
            _ => self.convert(operand, ty, span),
        }
    }

    pub(super) fn text_value(
        &mut self,
        element: CType,
        count: Option<u64>,
        text: &ast::StrLit,
        ty: CType,
        span: Span,
    ) -> Result<ExprId> {
        let Some(count) = count else { return fail(Code::E0211, "the array has no length", span) };
        if !self.types.is_integral(element) {
            let shown = self.show(element);
            return fail(Code::E0214, format!("a string is no value for an array of `{shown}`"), span);
        }
        if text.value.len() as u64 >= count || count > 4096 {
            return fail(Code::E0214, "the string is too long for the array", span);
        }
        let ir_element = self.ir_type(element, span)?;
        let scalar = self.module.tables.types.as_scalar(ir_element).unwrap_or(Scalar::I8);
        let bytes = text.value.iter().copied().map(u64::from).chain(std::iter::repeat(0)).take(count as usize);
        let bytes: Vec<u64> = bytes.collect();
        let parts = bytes.into_iter().map(|byte| self.constant(scalar, byte, span)).collect();
        let ir = self.ir_type(ty, span)?;
        self.construct(ir, parts, span)
    }
}
