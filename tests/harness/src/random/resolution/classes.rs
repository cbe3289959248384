//! Classes with bases, constructors and conversions; methods and constructors to choose from.

use super::Builder;
use super::types::{Kind, Ty};

impl Builder {
    /// Some enums and classes for the other parts to use.
    pub fn vocabulary(&mut self) {
        if self.random.chance(2) {
            self.enums.push("E");
            self.declare("enum E { E0, E1, E2 };");
        }
        if self.random.chance(3) {
            self.enums.push("S");
            self.declare("enum class S { S0, S1 };");
        }
        if self.random.chance(4) {
            self.enums.push("U");
            self.declare("enum U : unsigned char { U0, U1 };");
        }
        if self.random.chance(2) {
            self.boxes = true;
            self.declare("template <class T> struct Box { int id = 3; };");
        }
        if self.random.chance(2) {
            self.classes.push("A");
            self.declare("struct A { int id = 4; };");
            if self.random.chance(2) {
                self.classes.push("B");
                self.declare("struct B : A { };");
                if self.random.chance(2) {
                    self.classes.push("C");
                    self.declare("struct C : B { };");
                }
                if self.boxes && self.random.chance(3) {
                    self.classes.push("D");
                    let base = self.random.pick(&["A, ", "B, ", ""]);
                    // One `id` alone: the other base is `Box` under another name.
                    self.declare(&format!(
                        "template <class T> struct Tag {{ }};\nstruct D : {base}Tag<int> {{ {} }};",
                        if base.is_empty() { "int id = 6;" } else { "" }
                    ));
                }
            }
        }
        for name in ["G", "H"] {
            if self.random.chance(3) {
                self.convertible(name);
                self.classes.push(name);
            }
        }
    }

    /// A class with converting constructors and conversion functions.
    fn convertible(&mut self, name: &'static str) {
        let mut members = format!("  int id = 5;\n  __device__ {name}() {{ }}\n");
        for index in 0..self.random.below(3) {
            let ty = self.param_type();
            let explicit = self.random.pick(&["", "", "", "explicit "]);
            members.push_str(&format!("  __device__ {explicit}{name}({}) : id({}) {{ }}\n", ty.text, 10 + index));
        }
        for index in 0..self.random.below(3) {
            let to = match self.random.below(5) {
                0 if !self.classes.is_empty() => self.some_class().to_string(),
                1 => "int*".to_string(),
                2 => "bool".to_string(),
                _ => self.scalar().text,
            };
            let explicit = self.random.pick(&["", "", "", "explicit "]);
            let quals = self.random.pick(&["const ", "const ", "", "& ", "&& ", "const& "]);
            let value = match to.as_str() {
                "int*" => "nullptr".to_string(),
                "bool" => "true".to_string(),
                to if self.classes.contains(&to) => "{}".to_string(),
                to => format!("({to}){}", 20 + index),
            };
            members.push_str(&format!("  __device__ {explicit}operator {to}() {quals}{{ return {value}; }}\n"));
        }
        if self.random.chance(5) {
            members.push_str("  template <class T> __device__ operator T() const { return T(); }\n");
        }
        if self.random.chance(6) {
            members.push_str(&format!("  template <class T> __device__ {name}(T) : id(30) {{ }}\n"));
        }
        self.declare(&format!("struct {name} {{\n{members}}};"));
    }

    /// The result of a function: its number, and its first argument if that can be seen.
    pub fn result(&mut self, ty: Option<&Ty>, name: &str) -> String {
        let number = self.number();
        match ty.map(|ty| ty.kind) {
            Some(Kind::Scalar) => format!("return {number} + (int){name};"),
            Some(Kind::Class) => format!("return {number} + {name}.id;"),
            _ => format!("return {number};"),
        }
    }

    pub fn methods(&mut self) {
        self.vocabulary();
        let mut base = String::new();
        let mut derived = String::new();
        for _ in 0..1 + self.random.below(3) {
            base.push_str(&self.method());
        }
        for _ in 0..self.random.below(4) {
            derived.push_str(&self.method());
        }
        if !derived.is_empty() && self.random.chance(2) {
            derived.push_str("  using Base::m;\n");
        }
        self.declare(&format!("struct Base {{\n{base}}};\nstruct Derived : Base {{\n{derived}}};"));
        self.say("Derived object; const Derived constant; (void)object; (void)constant;");
        let object = self.random.pick(&[
            "object",
            "constant",
            "helper::as_rvalue(object)",
            "(&object)[0]",
            "static_cast<Base&>(object)",
            "Derived()",
        ]);
        let args = self.arguments();
        self.say(&format!("return {object}.m({args});"));
    }

    fn method(&mut self) -> String {
        let head = self.signature_head();
        let quals = match self.random.chance(8) {
            true => "static",
            false => self.random.pick(&["", "", "const ", "const ", "& ", "&& ", "const& ", "volatile "]),
        };
        let (prefix, quals) = if quals == "static" { ("static ", "") } else { ("", quals) };
        format!("  {}__device__ {prefix}int m({}) {quals}{{ {} }}\n", head.template, head.params, head.body)
    }

    pub fn constructors(&mut self) {
        self.vocabulary();
        let mut members = String::from("  int id;\n");
        for _ in 0..2 + self.random.below(3) {
            let mut head = self.signature_head();
            head.body = head.body.replacen("return", "id =", 1);
            let explicit = self.random.pick(&["", "", "explicit "]);
            members.push_str(&format!("  {}__device__ {explicit}X({}) {{ {} }}\n", head.template, head.params, head.body));
        }
        self.declare(&format!("struct X {{\n{members}}};\n__device__ int take(X x) {{ return x.id; }}"));
        let arg = self.arguments();
        let call = match self.random.below(4) {
            0 if !arg.contains(", ") => format!("X x = {arg}; return x.id;"),
            1 => format!("return take({arg});"),
            2 if !arg.contains(", ") => format!("X x{{{arg}}}; return x.id;"),
            // Without the inner brackets `X x(A())` declares a function.
            _ if arg.ends_with("()") => format!("X x(({arg})); return x.id;"),
            _ => format!("X x({arg}); return x.id;"),
        };
        self.say(&call);
    }
}
