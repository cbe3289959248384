//! Random device functions that call each other round: in expressions, conditions, loops, branches and switches, at the end and in the
//! midst, with addresses of their own variables. Every level is one deeper, so all end.
//!
//! ```text
//! __device__ unsigned f0(int d, unsigned x, unsigned* acc)
//! {
//!     if (d <= 0) { *acc += x & 15u; return x; }
//!     unsigned own = d;
//!     for (unsigned i1 = 0; i1 < 2; i1++) {
//!         if (f1(d - 1, x ^ own, &own) > x) return f0(d - 2, own, acc);
//!     }
//!     ..
//! }
//! ```
//!
//! Everything is unsigned, so that C++ defines it. What a program gives a C++ compiler says.

use super::source::Random;
use std::ops::Range;

/// Threads of the one block; each stores two words.
pub const THREADS: usize = 4;

/// The depth that the kernel starts from.
const DEPTH: u32 = 3;
/// Calls in the text of one function: the calls of a program are a power of it.
const MAX_CALLS: u32 = 3;

/// The device functions and the kernel `test(unsigned* out)` of a seed.
pub fn program(seed: u64) -> String {
    let mut random = Random::new(seed);
    // The first numbers of neighbouring seeds are alike.
    for _ in 0..8 {
        random.next();
    }
    let functions: Vec<Function> =
        (0..1 + random.below(3)).map(|number| Function { number, is_void: random.chance(4) }).collect();
    let mut text: String = functions.iter().map(|function| format!("{};\n", function.head())).collect();
    for &function in &functions {
        let mut writer = Writer { random: &mut random, functions: &functions, function, names: 0, calls: 0, text: String::new() };
        writer.body();
        text += &writer.text;
    }
    text += "__global__ void test(unsigned* out)\n{\n    unsigned t = threadIdx.x, acc = t, r = 0;\n";
    for function in &functions {
        let result = if function.is_void { "" } else { "r += " };
        let number = function.number;
        text += &format!("    {result}f{number}({DEPTH}, t * 5 + {number}, &acc);\n");
    }
    text + "    out[2 * t] = r;\n    out[2 * t + 1] = acc;\n}\n"
}

/// A C++ program that prints a line for each seed: its words, with commas between them.
pub fn host_program(seeds: Range<u64>) -> String {
    let mut text = String::from(
        "#include <cstdio>\n#define __device__\n#define __global__\nstatic struct { unsigned x; } threadIdx;\ntypedef void Kernel(unsigned*);\n",
    );
    let words = 2 * THREADS;
    text += &format!(
        "static void print(Kernel* kernel)\n{{\n    unsigned out[{words}];\n    for (threadIdx.x = 0; threadIdx.x < {THREADS}; threadIdx.x++) kernel(out);\n    for (int i = 0; i < {words}; i++) std::printf(i ? \", %u\" : \"%u\", out[i]);\n    std::printf(\"\\n\");\n}}\n"
    );
    let mut main = String::from("int main()\n{\n");
    for seed in seeds {
        text += &format!("namespace p{seed} {{\n{}}}\n", program(seed));
        main += &format!("    print(p{seed}::test);\n");
    }
    text + &main + "}\n"
}

#[derive(Clone, Copy)]
struct Function {
    number: u64,
    is_void: bool,
}

impl Function {
    fn head(self) -> String {
        let result = if self.is_void { "void" } else { "unsigned" };
        format!("__device__ {result} f{}(int d, unsigned x, unsigned* acc)", self.number)
    }
}

/// What surrounds a statement.
#[derive(Clone, Copy, Default)]
struct Place {
    indent: usize,
    nest: usize,
    in_loop: bool,
    in_switch: bool,
}

impl Place {
    fn inside(self) -> Place {
        Place { indent: self.indent + 1, nest: self.nest + 1, ..self }
    }
}

struct Call {
    text: String,
    is_void: bool,
}

struct Writer<'a> {
    random: &'a mut Random,
    functions: &'a [Function],
    function: Function,
    names: u32,
    calls: u32,
    text: String,
}

impl Writer<'_> {
    fn body(&mut self) {
        self.line(0, &self.function.head());
        self.line(0, "{");
        let result = if self.function.is_void { "" } else { " x" };
        self.line(1, &format!("if (d <= 0) {{ *acc += x & 15u; return{result}; }}"));
        self.line(1, "x %= 1000u;");
        self.line(1, "unsigned own = d;");
        let vars = vec!["x".to_string(), "own".to_string()];
        self.block(vars.clone(), Place { indent: 1, ..Place::default() });
        self.line(1, "*acc += own % 17u;");
        let last = if self.random.chance(3) { self.call(&vars) } else { None };
        match last {
            Some(call) if self.function.is_void || !call.is_void => {
                let word = if self.function.is_void { "" } else { "return " };
                self.line(1, &format!("{word}{};", call.text));
            }
            _ if self.function.is_void => {}
            _ => self.line(1, "return x + own;"),
        }
        self.line(0, "}");
    }

    fn line(&mut self, indent: usize, line: &str) {
        self.text += &"    ".repeat(indent);
        self.text += line;
        self.text.push('\n');
    }

    /// `vars` may be assigned.
    fn block(&mut self, mut vars: Vec<String>, place: Place) {
        for _ in 0..1 + self.random.below(4) {
            self.statement(&mut vars, place);
        }
    }

    fn statement(&mut self, vars: &mut Vec<String>, place: Place) {
        let indent = place.indent;
        match self.random.below(32) {
            0..=5 => {
                let (name, value) = (self.name("v"), self.expr(vars, 0));
                self.line(indent, &format!("unsigned {name} = {value};"));
                vars.push(name);
            }
            6..=10 => {
                let (name, op, value) = (self.random.pick(vars), self.random.pick(&["=", "+=", "^=", "-="]), self.expr(vars, 0));
                self.line(indent, &format!("{name} {op} {value};"));
            }
            11..=12 => {
                let value = self.expr(vars, 0);
                self.line(indent, &format!("*acc = (*acc * 3u + {value}) % 100003u;"));
            }
            13..=19 => self.calling(vars, place),
            20..=23 if place.nest < 3 => {
                let condition = self.condition(vars);
                self.line(indent, &format!("if ({condition}) {{"));
                self.block(vars.clone(), place.inside());
                if self.random.chance(2) {
                    self.line(indent, "} else {");
                    self.block(vars.clone(), place.inside());
                }
                self.line(indent, "}");
            }
            24..=26 if place.nest < 2 => self.repeated(vars, place),
            27..=28 if place.nest < 2 => self.switched(vars, place),
            29 if place.in_loop || place.in_switch => {
                let word = if place.in_loop && self.random.chance(2) { "continue" } else { "break" };
                let condition = self.condition(vars);
                self.line(indent, &format!("if ({condition}) {word};"));
            }
            _ => {
                let (condition, value) = (self.condition(vars), self.expr(vars, 0));
                let value = if self.function.is_void { String::new() } else { format!(" {value}") };
                self.line(indent, &format!("if ({condition}) return{value};"));
            }
        }
    }

    /// A statement with a call in it, if there may be one more.
    fn calling(&mut self, vars: &mut Vec<String>, place: Place) {
        let Some(Call { text: call, is_void }) = self.call(vars) else { return };
        let returns = !self.function.is_void;
        let line = match self.random.below(7) {
            _ if is_void => format!("{call};"),
            0..=1 => {
                let name = self.name("v");
                vars.push(name.clone());
                format!("unsigned {name} = {call};")
            }
            2 => format!("x += {call} * {}u;", 1 + self.random.below(3)),
            3 if returns => format!("if ({}) return {call};", self.condition(vars)),
            4 => format!("x ^= ({}) ? {call} : {};", self.condition(vars), self.expr(vars, 0)),
            5 => format!("if ({call} > own && {}) own++;", self.condition(vars)),
            _ => format!("{call};"),
        };
        self.line(place.indent, &line);
    }

    fn repeated(&mut self, vars: &[String], place: Place) {
        let (name, count, indent) = (self.name("i"), 1 + self.random.below(3), place.indent);
        let inside = Place { in_loop: true, in_switch: false, ..place.inside() };
        match self.random.below(3) {
            0 => self.line(indent, &format!("for (unsigned {name} = 0; {name} < {count}; {name}++) {{")),
            1 => self.line(indent, &format!("for (unsigned {name} = {count}; {name}-- > 0;) {{")),
            _ => {
                self.line(indent, &format!("unsigned {name} = 0;"));
                self.line(indent, "do {");
                self.block(vars.to_vec(), inside);
                return self.line(indent, &format!("}} while (++{name} < {count});"));
            }
        }
        self.block(vars.to_vec(), inside);
        self.line(indent, "}");
    }

    fn switched(&mut self, vars: &[String], place: Place) {
        let selector = self.expr(vars, 0);
        self.line(place.indent, &format!("switch ({selector} & 3u) {{"));
        let labels: Vec<&str> =
            ["case 2", "case 0", "default", "case 3"].into_iter().filter(|_| !self.random.chance(3)).collect();
        for label in labels {
            self.line(place.indent, &format!("{label}: {{"));
            self.block(vars.to_vec(), Place { in_switch: true, ..place.inside() });
            self.line(place.indent, "}");
            if !self.random.chance(3) {
                self.line(place.indent + 1, "break;");
            }
        }
        self.line(place.indent, "}");
    }

    fn call(&mut self, vars: &[String]) -> Option<Call> {
        if self.calls == MAX_CALLS {
            return None;
        }
        self.calls += 1;
        let Function { number, is_void } = self.random.pick(self.functions);
        let address = self.random.pick(&["acc", "acc", "&own"]);
        let (less, value) = (1 + self.random.below(2), self.expr(vars, 0));
        Some(Call { text: format!("f{number}(d - {less}, {value}, {address})"), is_void })
    }

    fn name(&mut self, letter: &str) -> String {
        self.names += 1;
        format!("{letter}{}", self.names)
    }

    fn expr(&mut self, vars: &[String], depth: u32) -> String {
        if depth > 2 || self.random.chance(3) {
            return match self.random.below(4) {
                0 => format!("{}u", self.random.below(10)),
                1 => "(unsigned)d".to_string(),
                _ => self.random.pick(vars),
            };
        }
        let (left, op) = (self.expr(vars, depth + 1), self.random.pick(&["+", "-", "*", "^", "&", "|", "%"]));
        match op {
            "%" => format!("({left} % {}u)", 2 + self.random.below(10)),
            _ => format!("({left} {op} {})", self.expr(vars, depth + 1)),
        }
    }

    fn condition(&mut self, vars: &[String]) -> String {
        let op = self.random.pick(&["<", ">", "==", "!=", "<="]);
        format!("{} {op} {}", self.expr(vars, 1), self.expr(vars, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn a_seed_is_a_program() {
        assert_eq!(program(7), program(7));
        assert_ne!(program(7), program(8));
    }
}
