//! The compiler's own traits, `__is_same(T, U)` and its kind, which the shipped `<type_traits>` is written over.

use super::*;
use crate::lower::Operand;
use ir::Scalar;

impl<'a> Sema<'a> {
    pub(crate) fn lower_trait(&mut self, name: &ast::Ident, args: &'a [ast::TemplateArg], span: Span) -> Result<Operand<'a>> {
        if name.name == "__builtin_offsetof" || name.name == "offsetof" {
            return self.lower_offsetof(args, span);
        }
        let given = self.eval_template_args(args)?;
        let mut types = Vec::new();
        for arg in given {
            match arg {
                TemplateArg::Type(ty) => types.push(ty),
                _ => return fail(Code::E0202, "a type is needed here", span),
            }
        }
        let Some(answer) = self.type_trait(name.name.as_str(), &types, span)? else {
            return fail(Code::E0230, format!("trait `{name}` is not supported"), span);
        };
        let value = self.constant(Scalar::Bool, u64::from(answer), span);
        Ok(Operand::value(CType::BOOL, value, span))
    }

    fn lower_offsetof(&mut self, args: &'a [ast::TemplateArg], span: Span) -> Result<Operand<'a>> {
        let [class, member] = args else { return fail(Code::E0237, "`offsetof` takes a class and a member", span) };
        let given = self.eval_template_args(std::slice::from_ref(class))?;
        let name = match &member.kind {
            ast::TemplateArgKind::Name(name) => name.symbol(),
            ast::TemplateArgKind::Expr(ast::Expr { kind: ast::ExprKind::Name(name), .. }) => name.symbol(),
            _ => None,
        };
        let (Some(TemplateArg::Type(ty)), Some(name)) = (given.first(), name) else {
            return fail(Code::E0237, "`offsetof` takes a class and a member", span);
        };
        let Some(class) = self.types.as_class(*ty) else { return fail(Code::E0202, "a class is needed here", span) };
        self.layout_class(class, span)?;
        let field = self.class(class).fields.iter().find(|field| field.name == Some(name));
        match field.map(|field| field.offset) {
            Some(offset) => Ok(self.size_value(offset, span)),
            None => fail(Code::E0210, format!("`{}` has no member `{name}`", self.show_class(class)), span),
        }
    }

    fn type_trait(&mut self, name: &str, types: &[CType], span: Span) -> Result<Option<bool>> {
        if let ("__is_constructible" | "__is_trivially_constructible", [to, from @ ..]) = (name, types) {
            return self.is_constructible(*to, from, span).map(Some);
        }
        let answer = match (name, types) {
            ("__is_same", [a, b]) => a == b,
            ("__is_base_of", [base, derived]) => match (self.types.as_class(*base), self.types.as_class(*derived)) {
                (Some(base), Some(derived)) => self.base_path(derived, base)?.is_some(),
                _ => false,
            },
            ("__is_convertible" | "__is_convertible_to", [from, to]) => {
                if self.types.is_void(*to) {
                    return Ok(Some(self.types.is_void(*from)));
                }
                let from = self.types.rvalue_ref(*from);
                let probe = self.declval(from, span)?;
                self.implicit_conversion(&probe, *to)?.is_some()
            }
            ("__is_assignable" | "__is_trivially_assignable", [to, _]) => !self.types.strip_ref(*to).is_const,
            (_, [ty]) => return self.unary_trait(name, *ty, span),
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn unary_trait(&mut self, name: &str, ty: CType, span: Span) -> Result<Option<bool>> {
        let class = self.types.as_class(ty);
        let is_union = |sema: &Self| class.is_some_and(|class| sema.class(class).ast.key == ast::ClassKey::Union);
        let answer = match name {
            "__is_class" => class.is_some() && !is_union(self),
            "__is_union" => is_union(self),
            "__is_enum" => self.is_enum(ty),
            "__is_scoped_enum" => self.is_scoped_enum(ty),
            "__is_integral" => self.types.is_integral(ty),
            "__is_floating_point" => self.types.is_floating(ty),
            "__is_arithmetic" => self.types.is_arithmetic(ty),
            "__is_void" => self.types.is_void(ty),
            "__is_pointer" => self.types.is_pointer(ty),
            "__is_array" => matches!(self.types.kind(ty), TypeKind::Array(..)),
            "__is_function" => matches!(self.types.kind(ty), TypeKind::Function(_)),
            "__is_reference" => self.types.is_ref(ty),
            "__is_lvalue_reference" => matches!(self.types.kind(ty), TypeKind::LvalueRef(_)),
            "__is_rvalue_reference" => matches!(self.types.kind(ty), TypeKind::RvalueRef(_)),
            "__is_const" => self.is_const(ty),
            "__is_volatile" => ty.is_volatile,
            "__is_signed" => self.is_signed(ty),
            "__is_unsigned" => self.types.is_integral(ty) && !self.is_signed(ty),
            "__is_empty" => match class {
                Some(class) => {
                    self.layout_class(class, span)?;
                    self.is_empty_class(class)
                }
                None => false,
            },
            "__is_polymorphic" => match class {
                Some(class) => self.is_polymorphic(class)?,
                None => false,
            },
            "__is_abstract" | "__is_final" => false,
            "__is_trivially_copyable" | "__is_trivial" | "__is_pod" | "__is_standard_layout" | "__is_literal_type" => match class
            {
                Some(class) => !self.has_destructor(class)?,
                None => !self.types.is_ref(ty),
            },
            "__is_aggregate" => match class {
                Some(class) => !self.has_user_constructor(class)?,
                None => matches!(self.types.kind(ty), TypeKind::Array(..)),
            },
            "__has_trivial_destructor" | "__is_trivially_destructible" | "__is_destructible" => match class {
                Some(class) => !self.has_destructor(class)?,
                None => true,
            },
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }

    fn is_const(&self, ty: CType) -> bool {
        match *self.types.kind(ty) {
            TypeKind::Array(element, _) => self.is_const(element),
            _ => ty.is_const,
        }
    }

    fn is_signed(&self, ty: CType) -> bool {
        match self.types.kind(ty) {
            TypeKind::Int(kind) => kind.scalar().is_signed(),
            TypeKind::Float | TypeKind::Double => true,
            _ => false,
        }
    }

    /// An operand of type `T&&`.
    fn declval(&mut self, ty: CType, span: Span) -> Result<Operand<'a>> {
        let mut probe = self.probe(ty, span)?;
        if let (TypeKind::RvalueRef(_), crate::lower::OperandKind::Value(Some(value))) = (self.types.kind(ty), &probe.kind) {
            probe.kind = crate::lower::OperandKind::Xvalue(crate::lower::Place::Value { value: *value, param: None });
        }
        Ok(probe)
    }

    fn is_constructible(&mut self, to: CType, from: &[CType], span: Span) -> Result<bool> {
        let mut args = Vec::new();
        for &ty in from {
            let ty = self.types.rvalue_ref(ty);
            args.push(self.declval(ty, span)?);
        }
        if self.types.as_class(to).is_some() {
            return Ok(self.unevaluated(|sema| sema.construct_class(to, args, span)).is_ok());
        }
        match &args[..] {
            [] => Ok(!self.types.is_ref(to) && !self.types.is_void(to)),
            [only] => Ok(self.implicit_conversion(only, to)?.is_some()),
            _ => Ok(false),
        }
    }
}
