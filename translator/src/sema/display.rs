//! Types, template arguments and functions as messages show them.

use super::*;

impl<'a> Sema<'a> {
    /// `const float*`, `Box<int, 4>&`
    pub fn show(&self, ty: CType) -> String {
        let mut text = match self.types.kind(ty) {
            TypeKind::Void => "void".to_string(),
            TypeKind::Bool => "bool".to_string(),
            TypeKind::Int(kind) => kind.name().to_string(),
            TypeKind::Float => "float".to_string(),
            TypeKind::Double => "double".to_string(),
            TypeKind::Nullptr => "std::nullptr_t".to_string(),
            TypeKind::Class(class) => self.show_class(*class),
            TypeKind::Enum(id) => self.enums[id.index()].name.clone(),
            TypeKind::Unique(index) => format!("T{index}"),
            TypeKind::LvalueRef(inner) => return format!("{}&", self.show(*inner)),
            TypeKind::RvalueRef(inner) => return format!("{}&&", self.show(*inner)),
            TypeKind::Array(element, count) => {
                let own = format!("[{}]", count.map_or_else(String::new, |count| count.to_string()));
                let element = self.show(*element);
                // `int[2][3]` is two arrays of three.
                let at = element.find('[').filter(|_| element.ends_with(']')).unwrap_or(element.len());
                return format!("{}{own}{}", &element[..at], &element[at..]);
            }
            TypeKind::Function(sig) => {
                let params: Vec<String> = sig.params.iter().map(|&param| self.show(param)).collect();
                let quals = if sig.is_const { " const" } else { "" };
                return format!("{}({}){quals}", self.show(sig.result), params.join(", "));
            }
            TypeKind::MemberPointer(class, member) => format!("{} {}::*", self.show(*member), self.show(*class)),
            TypeKind::Pointer(pointee) => {
                let stars = format!("{}*", self.show(*pointee));
                return match (ty.is_const, ty.is_volatile) {
                    (false, false) => stars,
                    (true, false) => format!("{stars} const"),
                    (false, true) => format!("{stars} volatile"),
                    (true, true) => format!("{stars} const volatile"),
                };
            }
        };
        if ty.is_volatile {
            text.insert_str(0, "volatile ");
        }
        if ty.is_const {
            text.insert_str(0, "const ");
        }
        text
    }

    pub fn show_class(&self, class: ClassId) -> String {
        let info = self.class(class);
        match &info.template {
            Some((_, args)) => format!("{}<{}>", info.name, self.show_args(args)),
            None => info.name.clone(),
        }
    }

    /// A name for the output: CUDA's own namespaces say nothing there that the rest of the name does not. `std` tells from WGSL's functions.
    pub fn output_name(&self, mut name: String) -> String {
        for namespace in ["nvcuda::wmma::precision::", "nvcuda::wmma::", "cooperative_groups::", "thrust::", "cub::"] {
            let mut from = 0;
            while let Some(at) = name[from..].find(namespace).map(|at| from + at) {
                let is_whole = !name[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | ':'));
                if is_whole {
                    name.replace_range(at..at + namespace.len(), "");
                }
                from = at + if is_whole { 0 } else { namespace.len() };
            }
        }
        name
    }

    pub fn show_args(&self, args: &[TemplateArg]) -> String {
        let shown: Vec<String> = args.iter().map(|arg| self.show_arg(arg)).filter(|text| !text.is_empty()).collect();
        shown.join(", ")
    }

    fn show_arg(&self, arg: &TemplateArg) -> String {
        match arg {
            TemplateArg::Type(ty) => self.show(*ty),
            TemplateArg::Template(id) => self.templates.get(id.index()).map_or_else(String::new, |info| info.name.clone()),
            TemplateArg::Pack(args) => self.show_args(args),
            TemplateArg::Value(ty, bits) => match self.types.kind(*ty) {
                TypeKind::Pointer(_) => match self.numbered_function(*bits) {
                    Some(function) => self.show_function(function),
                    None => bits.to_string(),
                },
                TypeKind::Bool => if *bits != 0 { "true" } else { "false" }.to_string(),
                TypeKind::Int(kind) if kind.scalar().is_signed() => (*bits as i64).to_string(),
                TypeKind::Enum(id) => format!("({}){}", self.enums[id.index()].name, *bits as i64),
                _ => bits.to_string(),
            },
        }
    }

    /// `scale<float, 256>`: as a launch writes it.
    pub fn show_function(&self, function: FnId) -> String {
        let info = self.function(function);
        match &info.template {
            Some((_, args)) => format!("{}<{}>", info.name, self.show_args(args)),
            None => info.name.clone(),
        }
    }

    /// What `__PRETTY_FUNCTION__` gives in CUDA: `void scale(T *, int) [with T = float]`. Types are those of the instance, so
    /// the parameters of a template show its arguments.
    pub fn show_pretty(&self, function: FnId) -> String {
        let info = self.function(function);
        let class = info.ctx.class.map_or_else(String::new, |class| format!("{}::", self.show_class(class)));
        let spaced = |ty: CType| self.show(ty).replacen('*', " *", 1);
        let (result, params) = match &info.signature {
            Some(signature) => {
                let params: Vec<String> = signature.params.iter().map(|param| spaced(param.ty)).collect();
                (signature.result.map_or_else(|| "auto".into(), spaced), params.join(", "))
            }
            None => ("void".into(), String::new()),
        };
        let with = match &info.template {
            Some((template, args)) => {
                let params = self.templates.get(template.index()).map_or(&[][..], |template| template.params);
                let named = params
                    .iter()
                    .zip(args)
                    .filter_map(|(param, arg)| Some(format!("{} = {}", param.name.as_ref()?.name.as_str(), self.show_arg(arg))));
                format!(" [with {}]", named.collect::<Vec<_>>().join(", "))
            }
            None => String::new(),
        };
        format!("{result} {class}{}({params}){with}", info.name)
    }

    /// The name with its parameters' types: `scale(float*, int)`.
    pub fn show_signature(&self, function: FnId) -> String {
        let name = self.show_function(function);
        let Some(signature) = &self.function(function).signature else { return name };
        let params: Vec<String> = signature.params.iter().map(|param| self.show(param.ty)).collect();
        format!("{name}({})", params.join(", "))
    }
}
