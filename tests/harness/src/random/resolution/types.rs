//! Types, and arguments of them.

use super::Builder;

const SCALARS: [&str; 14] = [
    "bool",
    "char",
    "signed char",
    "unsigned char",
    "short",
    "unsigned short",
    "int",
    "unsigned int",
    "long",
    "unsigned long",
    "long long",
    "float",
    "double",
    "int",
];

/// A type and what of it is interesting for the result.
#[derive(Clone, Debug)]
pub struct Ty {
    pub text: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Scalar,
    /// Has a member `id`.
    Class,
    Opaque,
}

impl Builder {
    pub fn scalar(&mut self) -> Ty {
        Ty { text: self.random.pick(&SCALARS).to_string(), kind: Kind::Scalar }
    }

    /// One of the classes, which there must be.
    pub fn some_class(&mut self) -> &'static str {
        let index = self.random.below(self.classes.len() as u64) as usize;
        self.classes[index]
    }

    fn some_enum(&mut self) -> &'static str {
        let index = self.random.below(self.enums.len() as u64) as usize;
        self.enums[index]
    }

    /// A type of objects: scalars, enums, classes, instances of `Box`, pointers.
    pub fn object_type(&mut self) -> Ty {
        match self.random.below(10) {
            0..=3 => self.scalar(),
            4 | 5 if !self.classes.is_empty() => Ty { text: self.some_class().to_string(), kind: Kind::Class },
            6 if !self.enums.is_empty() => Ty { text: self.some_enum().to_string(), kind: Kind::Scalar },
            7 if self.boxes => Ty { text: format!("Box<{}>", self.scalar().text), kind: Kind::Class },
            8 | 9 => self.pointer_type(),
            _ => self.scalar(),
        }
    }

    fn pointer_type(&mut self) -> Ty {
        let pointee = match self.random.below(5) {
            0 => "void".to_string(),
            1 if !self.classes.is_empty() => self.some_class().to_string(),
            2 => format!("{}*", self.scalar().text),
            _ => self.random.pick(&["int", "float", "char", "int", "double"]).to_string(),
        };
        let quals = self.random.pick(&["", "", "const ", "const ", "volatile "]);
        Ty { text: format!("{quals}{pointee}*"), kind: Kind::Opaque }
    }

    /// The type of a parameter.
    pub fn param_type(&mut self) -> Ty {
        let object = self.object_type();
        let text = match self.random.below(8) {
            0 => format!("{}&", object.text),
            1 | 2 => format!("{} const&", object.text),
            3 => format!("{}&&", object.text),
            _ => object.text,
        };
        Ty { text, ..object }
    }

    /// An expression to call a function with; what it needs is declared in `run`.
    pub fn argument(&mut self) -> String {
        match self.random.below(12) {
            0 => self
                .random
                .pick(&["1", "2u", "3l", "4ul", "5ll", "6.0f", "7.0", "'a'", "true", "nullptr", "0", "(short)3"])
                .to_string(),
            1 => self.random.pick(&["0", "nullptr", "1", "2.0f"]).to_string(),
            2 if !self.enums.is_empty() => {
                let name = self.some_enum();
                format!("{name}::{name}1")
            }
            3 if !self.classes.is_empty() => format!("{}()", self.some_class()),
            4 => self.array_argument(),
            _ => {
                let ty = self.object_type();
                self.variable(&ty)
            }
        }
    }

    fn array_argument(&mut self) -> String {
        let name = self.local_name();
        let ty = self.random.pick(&["int", "float", "char"]);
        let quals = self.random.pick(&["", "const "]);
        let size = 2 + self.random.below(3);
        self.say(&format!("{quals}{ty} {name}[{size}] = {{}};"));
        name
    }

    fn local_name(&mut self) -> String {
        format!("x{}", self.body.lines().count())
    }

    /// A variable of a type: itself, as a const object, or as an rvalue.
    pub fn variable(&mut self, ty: &Ty) -> String {
        let name = self.local_name();
        let init = match ty.kind {
            Kind::Scalar => format!(" = ({})2", ty.text),
            Kind::Class => String::new(),
            Kind::Opaque => " = nullptr".to_string(),
        };
        self.say(&format!("{} {name}{init};", ty.text));
        match self.random.below(5) {
            0 => format!("const_cast<{} const&>({name})", ty.text),
            1 => format!("helper::as_rvalue({name})"),
            2 if ty.kind != Kind::Opaque => format!("&{name}"),
            _ => name,
        }
    }
}
