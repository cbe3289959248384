//! Overloads of free functions, templates among them, and of operators.

use super::Builder;
use super::types::{Kind, Ty};

/// The parts of a function's declaration.
pub struct Head {
    pub template: String,
    pub params: String,
    pub body: String,
}

impl Builder {
    pub fn free_functions(&mut self) {
        self.vocabulary();
        for _ in 0..2 + self.random.below(4) {
            let head = self.signature_head();
            self.declare(&format!("{}__device__ int f({}) {{ {} }}", head.template, head.params, head.body));
        }
        let args = self.arguments();
        let given = if self.random.chance(12) { format!("<{}>", self.scalar().text) } else { String::new() };
        self.say(&format!("return f{given}({args});"));
    }

    pub fn arguments(&mut self) -> String {
        let count = self.random.pick(&["1", "1", "1", "2", "2", "3"]).parse().unwrap_or(1);
        let mut args = Vec::new();
        for _ in 0..count {
            args.push(self.argument());
        }
        args.join(", ")
    }

    /// A plain function or a template with one to three parameters.
    pub fn signature_head(&mut self) -> Head {
        if self.random.chance(2) { self.template_head() } else { self.plain_head() }
    }

    fn plain_head(&mut self) -> Head {
        let first = self.param_type();
        let mut params = vec![format!("{} a", first.text)];
        let count = self.random.below(5);
        for index in 0..count.saturating_sub(2) {
            let ty = self.param_type();
            let default = match ty.kind {
                Kind::Scalar if self.random.chance(3) && !ty.text.ends_with('&') => format!(" = ({})1", ty.text),
                _ => String::new(),
            };
            params.push(format!("{} b{index}{default}", ty.text));
        }
        // Behind a default argument each parameter has one.
        if let Some(first) = params.iter().position(|param| param.contains('=')) {
            params.truncate(first + 1);
        }
        if self.random.chance(12) {
            params = vec![params[0].clone(), "...".to_string()];
        }
        let body = match params[0].contains("...") {
            true => self.result(None, ""),
            false => self.result(Some(&first), "a"),
        };
        Head { template: String::new(), params: params.join(", "), body }
    }

    fn template_head(&mut self) -> Head {
        let number = self.number();
        let body = format!("return {number};");
        let (template, mut params) = match self.random.below(20) {
            0 | 1 => ("class T", "T a"),
            2 => ("class T", "T& a"),
            3 | 4 => ("class T", "const T& a"),
            5 => ("class T", "T&& a"),
            6 | 7 => ("class T", "T* a"),
            8 => ("class T", "const T* a"),
            9 => ("class T, int N", "T (&a)[N]"),
            10 => ("class T, int N", "const T (&a)[N]"),
            11 => ("class T", "T** a"),
            12 if self.boxes => ("class T", "Box<T> a"),
            13 if self.boxes => ("template <class> class C, class T", "C<T> a"),
            14 => ("class... Ts", "Ts... a"),
            15 => ("class T, class... Ts", "T a, Ts... rest"),
            16 => ("class T, typename helper::enable_if<helper::is_pointer<T>::value, int>::type = 0", "T a"),
            17 => ("class T, typename helper::enable_if<!helper::is_pointer<T>::value, int>::type = 0", "T a"),
            18 => ("class T, class = decltype(helper::declval<T>().id)", "T a"),
            19 => ("class T, class U = int", "T a"),
            _ => ("class T", "T a"),
        };
        let mut template = template.to_string();
        let mut more = String::new();
        if !params.contains("...") && self.random.chance(2) {
            let (second, text) = match self.random.below(6) {
                0 => (", class V", ", V b".to_string()),
                1 => (", class V", ", V* b".to_string()),
                2 => (", class V", ", const V& b".to_string()),
                3 if params == "T a" => ("", ", T b".to_string()),
                4 => ("", format!(", {} b = 1", self.scalar().text)),
                _ => ("", format!(", {} b", self.param_type().text)),
            };
            // The pack of a template comes last, a defaulted parameter too.
            if second.is_empty() || !template.contains('=') {
                template.push_str(second);
                more = text;
            }
        }
        let joined = format!("{params}{more}");
        params = &joined;
        Head { template: format!("template <{template}> "), params: params.to_string(), body }
    }

    pub fn operators(&mut self) {
        self.vocabulary();
        let op = self.random.pick(&["+", "-", "*", "==", "<", "<<", "&&", "+=", "()", "[]"]);
        let mut members = String::from("  int id = 7;\n");
        let unary = matches!(op, "-" | "*") && self.random.chance(3);
        for _ in 0..self.random.below(3) {
            let head = self.signature_head();
            let quals = self.random.pick(&["", "const ", "const "]);
            let params = if unary { "" } else { &head.params[..] };
            let params = if op == "()" { params } else { first_param(params) };
            let params = without_default(params);
            if unary && !head.template.is_empty() {
                continue;
            }
            let body = if unary { format!("return {};", self.number()) } else { head.body };
            members.push_str(&format!("  {}__device__ int operator{op}({params}) {quals}{{ {body} }}\n", head.template));
        }
        if self.random.chance(2) {
            let to = self.random.pick(&["int", "float", "bool", "unsigned int", "long"]);
            let explicit = self.random.pick(&["", "", "explicit "]);
            members.push_str(&format!("  __device__ {explicit}operator {to}() const {{ return 9; }}\n"));
        }
        if self.random.chance(3) {
            members.push_str("  __device__ X() { }\n  __device__ X(int v) : id(v) { }\n");
        }
        if self.random.chance(3) && !matches!(op, "()" | "[]") && !unary {
            let number = self.number();
            members.push_str(&format!("  friend __device__ int operator{op}(const X& a, int b) {{ return {number} + a.id; }}\n"));
        }
        self.declare(&format!("struct X {{\n{members}}};"));
        if !matches!(op, "()" | "[]") && !unary {
            for _ in 0..self.random.below(3) {
                let number = self.number();
                let (template, params) = match self.random.below(8) {
                    0 => ("", "X a, X b"),
                    1 => ("", "const X& a, const X& b"),
                    2 => ("", "const X& a, int b"),
                    3 => ("", "int a, const X& b"),
                    4 => ("", "X& a, double b"),
                    5 => ("template <class T> ", "const X& a, T b"),
                    6 => ("template <class T> ", "T a, const X& b"),
                    _ => ("template <class T, class V> ", "const T& a, const V& b"),
                };
                self.declare(&format!("{template}__device__ int operator{op}({params}) {{ return {number}; }}"));
            }
        }
        self.say("X object; const X constant{}; (void)object; (void)constant;");
        let object = self.random.pick(&["object", "object", "constant", "X()", "helper::as_rvalue(object)"]);
        let arg = match self.random.below(3) {
            0 => self.random.pick(&["object", "constant", "X()"]).to_string(),
            _ => self.argument(),
        };
        let call = match op {
            "()" => format!("{object}({arg})"),
            "[]" => format!("{object}[{arg}]"),
            _ if unary => format!("{op}{object}"),
            _ if self.random.chance(4) => format!("{arg} {op} {object}"),
            _ => format!("{object} {op} {arg}"),
        };
        self.say(&format!("return (int)({call});"));
    }

    /// Functions in the namespaces of the arguments' types, as friends, and where the call stands.
    pub fn by_arguments(&mut self) {
        let mut inner = String::new();
        let types = ["Q", "R<int>", "K"];
        let mut friend = String::new();
        if self.random.chance(2) {
            let number = self.number();
            friend = format!(" friend __device__ int g(const Q& a, {} b) {{ return {number}; }}", self.scalar().text);
        }
        inner.push_str(&format!(
            "struct Q {{ int id = 1;{friend} }};\ntemplate <class T> struct R {{ int id = 2; }};\nenum K {{ K0, K1 }};\n"
        ));
        for _ in 0..self.random.below(4) {
            let number = self.number();
            let ty = self.random.pick(&types);
            let param = self.random.pick(&["", "const ", "*", "&&"]);
            let text = match param {
                "const " => format!("const {ty}& a"),
                "" => format!("{ty} a"),
                other => format!("{ty}{other} a"),
            };
            let second = self.scalar().text;
            inner.push_str(&format!("__device__ int g({text}, {second} b) {{ return {number}; }}\n"));
        }
        if self.random.chance(2) {
            let number = self.number();
            inner.push_str(&format!("template <class T> __device__ int g(T a, int b) {{ return {number}; }}\n"));
        }
        let inline = self.random.pick(&["", "inline "]);
        self.declare(&format!(
            "namespace n {{\n{inline}namespace v {{\n{inner}}}\n{} }}",
            if inline.is_empty() { "using namespace v;" } else { "" }
        ));
        for _ in 0..self.random.below(3) {
            let number = self.number();
            let ty = self.random.pick(&types);
            let second = self.scalar().text;
            self.declare(&format!("__device__ int g(n::v::{ty} a, {second} b) {{ return {number}; }}"));
        }
        if self.random.chance(3) {
            let number = self.number();
            self.declare(&format!("template <class T, class V> __device__ int g(const T& a, V b) {{ return {number}; }}"));
        }
        let ty = self.random.pick(&types);
        let object = Ty { text: format!("n::v::{ty}"), kind: if ty == "K" { Kind::Scalar } else { Kind::Class } };
        let first = self.variable(&object);
        let second = match self.random.chance(6) {
            true => "n::v::K0".to_string(),
            false => self.random.pick(&["1", "2u", "3.0", "4.0f", "'c'", "5l", "true"]).to_string(),
        };
        self.say(&format!("return g({first}, {second});"));
    }
}

/// The first of several parameters.
fn first_param(params: &str) -> &str {
    let end = params.find(',').unwrap_or(params.len());
    &params[..end]
}

fn without_default(params: &str) -> String {
    params.split(", ").map(|param| param.split(" = ").next().unwrap_or(param)).collect::<Vec<_>>().join(", ")
}
