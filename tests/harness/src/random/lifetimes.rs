//! Random C++ programs about lives: objects that write down when they begin, are copied, are assigned and end, in blocks, loops,
//! conditions, as parts of others, as temporaries, left by `break`, `continue` and `return`.
//!
//! `run` gives a number that depends on every event and on their order; a C++ compiler says which. It must not leave out the copy of a
//! variable that is returned (`-fno-elide-constructors`), which it may do or not.

use super::source::Random;

/// What all programs of a file share.
pub const PRELUDE: &str =
    "namespace helper { __device__ inline void note(unsigned* log, int event) { *log = *log * 31u + event; } }\n";

/// The declarations and `run` of a seed, in a namespace `p<seed>`.
pub fn program(seed: u64) -> String {
    let random = Random::new(seed);
    let mut builder = Builder { random, text: String::new(), depth: 0, loops: 0, names: 0, live: Vec::new() };
    for _ in 0..8 {
        builder.random.next();
    }
    builder.classes();
    builder.text.push_str("__device__ int body(unsigned* log, int p) {\n");
    builder.block(4);
    builder.text.push_str("  return p;\n}\n");
    let mut text = builder.text;
    text.push_str("__device__ int run() {\n  unsigned log = 7;\n  int sum = 0;\n");
    text.push_str("  for (int p = 0; p < 5; p++) { sum = sum * 3 + body(&log, p); }\n  return (int)(log ^ (unsigned)sum);\n}\n");
    format!("namespace p{seed} {{\n{text}}}\n")
}

struct Builder {
    random: Random,
    text: String,
    depth: u32,
    /// Loops around the place.
    loops: u32,
    names: u32,
    /// Variables in scope: name and class.
    live: Vec<(String, &'static str)>,
}

impl Builder {
    fn classes(&mut self) {
        for (name, base) in [("A", 100), ("B", 200)] {
            let mut members = format!(
                "  unsigned* log; int v;\n  __device__ {name}(unsigned* l, int a) : log(l), v(a) {{ helper::note(log, {base} + v); }}\n"
            );
            if !self.random.chance(3) {
                members += &format!(
                    "  __device__ {name}(const {name}& o) : log(o.log), v(o.v + 1) {{ helper::note(log, {} + v); }}\n",
                    base + 20
                );
            }
            if self.random.chance(3) {
                members += &format!(
                    "  __device__ {name}({name}&& o) : log(o.log), v(o.v + 2) {{ o.v = 0; helper::note(log, {} + v); }}\n",
                    base + 30
                );
                members += &format!(
                    "  __device__ {name}& operator=({name}&& o) {{ v = o.v + 4; helper::note(log, {} + v); return *this; }}\n",
                    base + 35
                );
                if !members.contains("(const ") {
                    members += &format!("  __device__ {name}(const {name}& o) : log(o.log), v(o.v) {{}}\n");
                }
                members += &format!(
                    "  __device__ {name}& operator=(const {name}& o) {{ v = o.v; helper::note(log, {} + v); return *this; }}\n",
                    base + 40
                );
            } else if !self.random.chance(3) {
                members += &format!(
                    "  __device__ {name}& operator=(const {name}& o) {{ v = o.v + 3; helper::note(log, {} + v); return *this; }}\n",
                    base + 50
                );
            }
            if !self.random.chance(4) {
                members += &format!("  __device__ ~{name}() {{ helper::note(log, {} + v); }}\n", base + 60);
            }
            members += &format!("  __device__ int get() const {{ helper::note(log, {} + v); return v; }}\n", base + 70);
            self.text += &format!("struct {name} {{\n{members}}};\n");
        }
        let virtuals = self.random.chance(2);
        let (word, over) = if virtuals { ("virtual ", " override") } else { ("", "") };
        self.text += &format!(
            "struct D : A {{\n  B part; int extra;\n  __device__ D(unsigned* l, int a) : A(l, a), part(l, a + 1), extra(a) {{ helper::note(l, 301); }}\n  {word}__device__ int kind() const {{ return 5 + extra; }}\n"
        );
        if self.random.chance(2) {
            self.text += "  __device__ ~D() { helper::note(log, 302); }\n";
        }
        self.text += "};\n";
        self.text += &format!(
            "struct E : D {{\n  A last;\n  __device__ E(unsigned* l, int a) : D(l, a + 2), last(l, a) {{}}\n  __device__ int kind() const{over} {{ return 9 + last.v; }}\n}};\n"
        );
        for class in ["A", "B", "D", "E"] {
            self.text += &format!(
                "__device__ int value_{class}({class} x) {{ return x.v + 1; }}\n__device__ int reference_{class}(const {class}& x) {{ return x.v; }}\n__device__ {class} make_{class}(unsigned* log, int a) {{ return {class}(log, a); }}\n__device__ {class} copy_{class}(const {class}& x) {{ {class} y = x; y.v += 1; return y; }}\n"
            );
        }
        self.text += "__device__ int ask(const D& d) { return d.kind(); }\n";
    }

    fn class(&mut self) -> &'static str {
        ["A", "B", "D", "E"][self.random.below(4) as usize]
    }

    fn line(&mut self, line: &str) {
        self.text += &"  ".repeat(self.depth as usize + 1);
        self.text += line;
        self.text.push('\n');
    }

    fn block(&mut self, budget: u64) {
        let mark = self.live.len();
        for _ in 0..1 + self.random.below(4) {
            self.statement(budget);
        }
        self.live.truncate(mark);
    }

    fn nested(&mut self, head: &str, budget: u64) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        self.block(budget);
        self.depth -= 1;
        self.line("}");
    }

    fn declare(&mut self, class: &'static str, init: &str) {
        let name = format!("x{}", self.names);
        self.names += 1;
        self.line(&init.replace("NAME", &format!("{class} {name}")));
        self.live.push((name, class));
    }

    fn statement(&mut self, budget: u64) {
        let class = self.class();
        let number = self.random.below(9);
        let at = self.random.below(self.live.len().max(1) as u64) as usize;
        let known = self.live.get(at).cloned();
        let compound = budget > 0 && self.random.chance(3);
        match (compound, self.random.below(14), known) {
            (true, 0..=3, _) => self.nested(&format!("if ((p + {number}) % 3 == 0)"), budget - 1),
            (true, 4..=6, _) => self.nested("", budget - 1),
            (true, 7..=10, _) => {
                self.loops += 1;
                let counter = format!("i{}", self.names);
                self.names += 1;
                self.nested(&format!("for (int {counter} = 0; {counter} < {}; {counter}++)", 1 + number % 3), budget - 1);
                self.loops -= 1;
            }
            (_, 0 | 1, Some((name, of))) => self.declare(of, &format!("NAME = {name};")),
            (_, 2, Some((name, of))) => self.line(&format!("p = p * 2 + value_{of}({name});")),
            (_, 3, Some((name, of))) => self.line(&format!("p += reference_{of}({name});")),
            (_, 4, Some((name, of))) => {
                let other = self.live.iter().find(|(other, class)| *class == of && *other != name).cloned();
                match other {
                    Some((other, _)) => self.line(&format!("{name} = {other};")),
                    None => self.line(&format!("{name} = {of}(log, {number});")),
                }
            }
            (_, 5, _) => self.line(&format!("p += {class}(log, {number}).v;")),
            (_, 6, _) => self.line(&format!("p ^= {class}(log, {number}).get();")),
            (_, 7, _) => self.line(&format!("make_{class}(log, {number});")),
            (_, 8, _) => self.declare(class, &format!("NAME = make_{class}(log, {number});")),
            (_, 9, Some((name, of))) => self.declare(of, &format!("NAME = copy_{of}({name});")),
            (_, 10, _) if self.loops > 0 => {
                let jump = if self.random.chance(2) { "break" } else { "continue" };
                self.line(&format!("if ((p + {number}) % 2) {jump};"));
            }
            (_, 11, _) => self.line(&format!("if ((p + {number}) % 5 == 1) return p + {number};")),
            (_, 12, Some((name, "D" | "E"))) => self.line(&format!("p = p * 3 + ask({name});")),
            (_, 12, _) => {
                let name = format!("r{}", self.names);
                self.names += 1;
                self.line(&format!("const {class}& {name} = {class}(log, {number}); p += {name}.v;"));
            }
            (_, 13, _) if class == "A" || class == "B" => {
                let name = format!("a{}", self.names);
                self.names += 1;
                self.line(&format!("{class} {name}[2] = {{{class}(log, {number}), {class}(log, 1)}}; p += {name}[p & 1].v;"));
            }
            _ => self.declare(class, &format!("NAME(log, {number});")),
        }
    }
}
