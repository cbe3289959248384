//! Types with the declarators inside them, names, parameters.

use super::Printer;
use crate::*;

impl Printer {
    /// `ty name`, the name in the middle of its declarator: `int (*name)[3]`.
    pub(super) fn typed(&mut self, ty: &Type, name: &str) {
        let (base, declarator) = self.declarator(ty, name.to_string());
        self.base_type(base);
        if !declarator.is_empty() {
            if !base.is_none() {
                self.put(" ");
            }
            self.put(&declarator);
        }
    }

    /// Only the declarator, and the type before it.
    pub(super) fn declarator<'t>(&mut self, ty: &'t Type, inner: String) -> (&'t Type, String) {
        let needs_group = |inner: &str| inner.starts_with(['*', '&']) || inner.contains("::*");
        match &ty.kind {
            TypeKind::Pointer(to) => {
                let inner = format!("*{}{inner}", quals_text(ty.quals));
                self.declarator(to, inner)
            }
            TypeKind::LvalueRef(to) => self.declarator(to, format!("&{inner}")),
            TypeKind::RvalueRef(to) => self.declarator(to, format!("&&{inner}")),
            TypeKind::MemberPointer { class, pointee } => {
                let class = self.apart(|p| p.name(class));
                let inner = format!("{class}::*{}{inner}", quals_text(ty.quals));
                self.declarator(pointee, inner)
            }
            TypeKind::Array { element, size } => {
                let size = self.apart(|p| size.iter().for_each(|size| p.expr(size)));
                let inner = if needs_group(&inner) { format!("({inner})[{size}]") } else { format!("{inner}[{size}]") };
                self.declarator(element, inner)
            }
            TypeKind::Function(function) => {
                let rest = self.apart(|p| p.function_rest(function));
                let inner = if needs_group(&inner) { format!("({inner}){rest}") } else { format!("{inner}{rest}") };
                if function.trailing { (&AUTO, inner) } else { self.declarator(&function.result, inner) }
            }
            _ => (ty, inner),
        }
    }

    /// Parameters and what follows them.
    pub(super) fn function_rest(&mut self, function: &FunctionType) {
        self.put("(");
        self.params(&function.params, function.variadic);
        self.put(")");
        let quals = quals_text(function.quals);
        if !quals.is_empty() {
            self.put(" ");
            self.put(quals.trim_end());
        }
        match function.ref_qual {
            RefQual::None => {}
            RefQual::Lvalue => self.put(" &"),
            RefQual::Rvalue => self.put(" &&"),
        }
        match &function.noexcept {
            Noexcept::No => {}
            Noexcept::Yes => self.put(" noexcept"),
            Noexcept::If(condition) => {
                self.put(" noexcept(");
                self.expr(condition);
                self.put(")");
            }
        }
        if function.trailing {
            self.put(" -> ");
            self.typed(&function.result, "");
        }
    }

    pub(super) fn params(&mut self, params: &[Param], variadic: bool) {
        self.list(params, Printer::param);
        if variadic {
            self.put(if params.is_empty() { "..." } else { ", ..." });
        }
    }

    pub(super) fn param(&mut self, param: &Param) {
        self.specs(&param.specs);
        let pack = if param.pack { "..." } else { "" };
        let name = param.name.map_or("", |name| name.name.as_str());
        let (base, declarator) = self.declarator(&param.ty, format!("{pack}{name}"));
        self.base_type(base);
        if !declarator.is_empty() {
            self.put(" ");
            self.put(&declarator);
        }
        if let Some(default) = &param.default {
            self.put(" = ");
            self.expr(default);
        }
    }

    /// A type without declarator.
    pub(super) fn base_type(&mut self, ty: &Type) {
        self.put(&quals_text(ty.quals));
        match &ty.kind {
            TypeKind::Builtin(builtin) => self.put(builtin.as_str()),
            TypeKind::Name(named) => {
                self.put(match named.key {
                    TypeNameKey::Plain => "",
                    TypeNameKey::Typename => "typename ",
                    TypeNameKey::Struct => "struct ",
                    TypeNameKey::Class => "class ",
                    TypeNameKey::Union => "union ",
                    TypeNameKey::Enum => "enum ",
                });
                self.name(&named.name);
            }
            TypeKind::Auto => self.put("auto"),
            TypeKind::DecltypeAuto => self.put("decltype(auto)"),
            TypeKind::Decltype(expr) => {
                self.put("decltype(");
                self.expr(expr);
                self.put(")");
            }
            TypeKind::TypeofType(ty) => {
                self.put("__typeof__(");
                self.typed(ty, "");
                self.put(")");
            }
            TypeKind::Class(class) => self.class(class),
            TypeKind::Enum(enumeration) => self.enumeration(enumeration),
            TypeKind::None => {}
            TypeKind::Error => self.put("/* error */"),
            TypeKind::Pointer(_)
            | TypeKind::LvalueRef(_)
            | TypeKind::RvalueRef(_)
            | TypeKind::MemberPointer { .. }
            | TypeKind::Array { .. }
            | TypeKind::Function(_) => self.typed(ty, ""),
        }
    }

    pub(super) fn name(&mut self, name: &Name) {
        if name.global {
            self.put("::");
        }
        for (at, segment) in name.segments.iter().enumerate() {
            if at > 0 {
                self.put("::");
            }
            self.segment(segment);
        }
    }

    fn segment(&mut self, segment: &Segment) {
        match &segment.id {
            Id::Ident(symbol) => self.put(symbol.as_str()),
            Id::Operator(operator) => self.operator_name(*operator),
            Id::Conversion(ty) => {
                self.put("operator ");
                self.typed(ty, "");
            }
            Id::Destructor(symbol) => {
                self.put("~");
                self.put(symbol.as_str());
            }
            Id::Decltype(expr) => {
                self.put("decltype(");
                self.expr(expr);
                self.put(")");
            }
        }
        if let Some(args) = &segment.args {
            self.template_args(args);
        }
    }

    pub(super) fn template_args(&mut self, args: &[TemplateArg]) {
        self.put("<");
        self.list(args, Printer::template_arg);
        self.put(">");
    }

    pub(super) fn template_arg(&mut self, arg: &TemplateArg) {
        match &arg.kind {
            TemplateArgKind::Type(ty) => self.typed(ty, ""),
            TemplateArgKind::Expr(expr) => self.expr(expr),
            TemplateArgKind::Name(name) => self.name(name),
        }
        if arg.pack {
            self.put("...");
        }
    }

    fn operator_name(&mut self, operator: OperatorName) {
        self.put("operator");
        match operator {
            OperatorName::Call => self.put("()"),
            OperatorName::Index => self.put("[]"),
            OperatorName::Arrow => self.put("->"),
            OperatorName::ArrowStar => self.put("->*"),
            OperatorName::Comma => self.put(","),
            OperatorName::Not => self.put("!"),
            OperatorName::BitNot => self.put("~"),
            OperatorName::Increment => self.put("++"),
            OperatorName::Decrement => self.put("--"),
            OperatorName::Binary(op) => self.put(op.as_str()),
            OperatorName::Assign => self.put("="),
            OperatorName::CompoundAssign(op) => {
                self.put(op.as_str());
                self.put("=");
            }
            OperatorName::New => self.put(" new"),
            OperatorName::NewArray => self.put(" new[]"),
            OperatorName::Delete => self.put(" delete"),
            OperatorName::DeleteArray => self.put(" delete[]"),
            OperatorName::Literal(suffix) => {
                self.put("\"\"");
                self.put(suffix.as_str());
            }
        }
    }
}

static AUTO: Type = Type { kind: TypeKind::Auto, quals: Quals::NONE, span: source::Span::NONE };

/// With a blank behind each.
fn quals_text(quals: Quals) -> String {
    let mut text = String::new();
    for (set, word) in [(quals.const_, "const "), (quals.volatile, "volatile "), (quals.restrict, "__restrict__ ")] {
        if set {
            text.push_str(word);
        }
    }
    text
}
