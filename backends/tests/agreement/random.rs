//! Random kernels, as text: small, defined for every input, and independent of the order of threads.
//!
//! Each thread writes its own part of the output; shared memory is written between barriers; atomics commute. What is
//! random is what the shader passes must rewrite: narrow and wide integers, bytes of buffers under several types, structs, pointers that are
//! variables, local arrays, early returns before barriers, switches that fall through.

use std::fmt::Write;

/// Threads a block, and elements of every input.
pub const SIZE: u32 = 64;
/// Words of output for each thread.
pub const WORDS: u32 = 16;

const SCALARS: [&str; 10] = ["i32", "u32", "i32", "u32", "i8", "u8", "i16", "u16", "i64", "u64"];

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xd1b5_4a32_d192_ed03)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

/// `Item` has no padding: what a copy does to padding is nobody's promise.
const HEAD: &str = "\
struct Item size 16 align 4 {
  a: i32 @0
  b: f32 @4
  c: u8 @8
  g: u8 @9
  d: i16 @10
  e: [u8; 4] @12
}
constant table: [i32; 8] = hex 01000000feffffff03000000fcffffff05000000faffffff07000000f8ffffff
global total: u32
shared tile: [i32; 64]
shared flags: [u8; 64]

fn mix(a: i32, b: i32) -> i32 {
  if a > b {
    return a * 31 ^ b
  }
  return b - a
}

fn bump(p: *local i32, by: i32) {
  p.* = p.* + by
}

fn sum(p: *global i32, n: i32) -> i32 {
  var s: i32 = 0
  var i: i32 = 0
  for i < n {
    s = s + p[i]
  } update {
    i = i + 1
  }
  return s
}
";

#[derive(Clone)]
struct Variable {
    name: String,
    ty: String,
}

struct Generator {
    random: Random,
    text: String,
    depth: usize,
    variables: Vec<Variable>,
    next: usize,
    /// In a loop's body, not in a switch: `break` and `continue` may stand here.
    in_loop: bool,
    /// Control flow is the same for all threads.
    uniform: bool,
}

/// The kernel of a seed: `k(input: *global i32, bytes: *global u8, items: *global Item, floats: *global f32, out: *global u32, n: i32)`.
pub fn kernel(seed: u64) -> String {
    let mut generator = Generator {
        random: Random::new(seed),
        text: String::from(HEAD),
        depth: 0,
        variables: Vec::new(),
        next: 0,
        in_loop: false,
        uniform: true,
    };
    generator.kernel();
    generator.text
}

impl Generator {
    fn line(&mut self, text: &str) {
        let indent = "  ".repeat(self.depth);
        let _ = writeln!(self.text, "{indent}{text}");
    }

    fn name(&mut self, stem: &str) -> String {
        self.next += 1;
        format!("{stem}{}", self.next)
    }

    fn kernel(&mut self) {
        self.line("\nkernel k(input: *global i32, bytes: *global u8, items: *global Item, floats: *global f32, out: *global u32, n: i32) {");
        self.depth = 1;
        self.line("let rank = blockRank * 64u32 + threadRank");
        self.line("let own = &out[rank * 16u32]");
        self.line("tile[threadRank] = i32(threadRank * 7u32) - 100");
        self.line("flags[threadRank] = u8(threadRank & 15u32)");
        self.line("var v0: i32 = input[threadRank]");
        self.line("var f0: f32 = floats[threadRank & 31u32]");
        self.line("barrier");
        self.variables.push(Variable { name: "v0".into(), ty: "i32".into() });
        self.variables.push(Variable { name: "f0".into(), ty: "f32".into() });
        let count = 4 + self.random.below(8);
        (0..count).for_each(|_| self.stmt(3));
        for index in 0..6 {
            let value = self.expr("u32", 2);
            self.line(&format!("own[{}] = {value}", index + 10));
        }
        self.depth = 0;
        self.line("}");
    }

    fn block(&mut self, budget: usize) {
        let (outer, in_loop) = (self.variables.len(), self.in_loop);
        self.depth += 1;
        for _ in 0..1 + self.random.below(3) {
            self.stmt(budget);
        }
        self.depth -= 1;
        self.variables.truncate(outer);
        self.in_loop = in_loop;
    }

    fn stmt(&mut self, budget: usize) {
        let nested = budget > 0;
        match self.random.below(20) {
            0..=2 => self.declare(),
            3..=5 => self.assign(),
            6 if nested => self.if_stmt(budget - 1),
            7 if nested => self.loop_stmt(budget - 1),
            8 if nested => self.switch(budget - 1),
            9 => self.local_array(),
            10 => self.item(),
            11 => self.pointer(),
            12 | 13 => self.shared(),
            14 => self.call(),
            15 => self.bytes(),
            16 => {
                let value = self.expr("u32", 1);
                self.line(&format!("atomic.add.device(&total, {value})"));
                self.line(&format!("atomic.max.device(&out[2048], {value})"));
            }
            17 if self.in_loop => {
                let condition = self.condition();
                let word = self.random.pick(&["break", "continue"]);
                self.line(&format!("if {condition} {{"));
                self.line(&format!("  {word}"));
                self.line("}");
            }
            18 if self.uniform && !self.in_loop && self.depth == 1 && self.random.chance(30) => {
                let condition = self.condition();
                self.line(&format!("if {condition} {{"));
                self.line("  return");
                self.line("}");
            }
            _ => self.store(),
        }
    }

    fn declare(&mut self) {
        let ty = match self.random.below(8) {
            0 | 1 => "f32",
            2 => "f64",
            _ => self.random.pick(&SCALARS),
        };
        let (name, value) = (self.name("v"), self.expr(ty, 3));
        self.line(&format!("var {name}: {ty} = {value}"));
        self.variables.push(Variable { name, ty: ty.into() });
    }

    fn assign(&mut self) {
        let variable = self.random.pick(&self.variables.clone());
        let value = self.expr(&variable.ty, 3);
        self.line(&format!("{} = {value}", variable.name));
    }

    fn store(&mut self) {
        let (index, value) = (self.random.below(8), self.expr("u32", 3));
        self.line(&format!("own[{index}] = {value}"));
    }

    fn if_stmt(&mut self, budget: usize) {
        let condition = self.condition();
        let uniform = std::mem::replace(&mut self.uniform, false);
        self.line(&format!("if {condition} {{"));
        self.block(budget);
        if self.random.chance(50) {
            self.line("} else {");
            self.block(budget);
        }
        self.line("}");
        self.uniform = uniform;
    }

    fn loop_stmt(&mut self, budget: usize) {
        let name = self.name("index");
        let uniform = self.uniform && self.random.chance(50);
        let bound = if uniform { "n & 3".into() } else { format!("{} & 3", self.expr("i32", 1)) };
        self.line("{");
        self.depth += 1;
        let limit = self.name("limit");
        self.line(&format!("let {limit} = {bound}"));
        self.line(&format!("var {name}: i32 = 0"));
        self.line(&format!("for {name} < {limit} {{"));
        let (outer_uniform, outer_loop) = (self.uniform, self.in_loop);
        // A loop with a `break` is uniform only if the break is, so there is none in a uniform one.
        self.uniform = uniform;
        self.in_loop = !uniform;
        self.block(budget);
        (self.uniform, self.in_loop) = (outer_uniform, outer_loop);
        self.line("} update {");
        self.line(&format!("  {name} = {name} + 1"));
        self.line("}");
        self.depth -= 1;
        self.line("}");
    }

    fn switch(&mut self, budget: usize) {
        let selector = self.expr("i32", 2);
        let (uniform, in_loop) = (std::mem::replace(&mut self.uniform, false), std::mem::replace(&mut self.in_loop, false));
        self.line(&format!("switch {selector} & 7 {{"));
        self.depth += 1;
        for labels in ["0, 3", "1", "5, default", "2"] {
            self.line(&format!("case {labels} {{"));
            self.block(budget);
            let end = if self.random.chance(30) && labels != "2" { "} fallthrough" } else { "}" };
            self.line(end);
        }
        self.depth -= 1;
        self.line("}");
        (self.uniform, self.in_loop) = (uniform, in_loop);
    }

    fn local_array(&mut self) {
        let (name, ty) = (self.name("a"), self.random.pick(&["i32", "u8", "i16", "f32"]));
        let parts: Vec<String> = (0..4).map(|_| self.expr(ty, 1)).collect();
        self.line(&format!("var {name}: [{ty}; 4] = [{ty}; 4]({})", parts.join(", ")));
        let (index, value) = (self.index(3), self.expr(ty, 2));
        self.line(&format!("{name}[{index}] = {value}"));
        let (index, target) = (self.index(3), self.name("v"));
        self.line(&format!("var {target}: {ty} = {name}[{index}]"));
        self.variables.push(Variable { name: target, ty: ty.into() });
    }

    fn item(&mut self) {
        let name = self.name("s");
        let index = self.index(31);
        self.line(&format!("var {name}: Item = items[{index}]"));
        let (field, ty) = self.random.pick(&[("a", "i32"), ("b", "f32"), ("c", "u8"), ("d", "i16"), ("e[1]", "u8")]);
        let value = self.expr(ty, 2);
        self.line(&format!("{name}.{field} = {value}"));
        if self.random.chance(50) {
            let at = self.random.below(4);
            self.line(&format!("cast<*global Item>(&own[{at}]).* = {name}"));
        }
        for (field, ty) in [("a", "i32"), ("c", "u8"), ("d", "i16"), ("b", "f32")] {
            self.variables.push(Variable { name: format!("{name}.{field}"), ty: ty.into() });
        }
    }

    fn pointer(&mut self) {
        let (name, condition) = (self.name("p"), self.condition());
        let (a, b, c) = (self.index(15), self.index(15), self.index(15));
        self.line(&format!("var {name}: *global i32 = &input[{a}]"));
        self.line(&format!("if {condition} {{"));
        self.line(&format!("  {name} = &{name}[{b}]"));
        self.line("}");
        let target = self.name("v");
        self.line(&format!("var {target}: i32 = {name}[{c}] + i32(diff({name}, input))"));
        self.variables.push(Variable { name: target, ty: "i32".into() });
    }

    /// Writes and reads shared memory, with barriers around; or only reads where not all threads are.
    fn shared(&mut self) {
        let index = self.index(63);
        let target = self.name("v");
        if self.uniform && !self.in_loop {
            let (value, flag) = (self.expr("i32", 2), self.expr("u8", 2));
            self.line("barrier");
            self.line(&format!("tile[threadRank] = {value}"));
            self.line(&format!("flags[threadRank] = {flag}"));
            self.line("barrier");
        }
        self.line(&format!("var {target}: i32 = tile[{index}] + i32(flags[{index}])"));
        self.variables.push(Variable { name: target, ty: "i32".into() });
    }

    fn call(&mut self) {
        let (result, a, b) = (self.name("r"), self.expr("i32", 2), self.expr("i32", 2));
        match self.random.below(3) {
            0 => self.line(&format!("let {result} = call mix({a}, {b})")),
            1 => {
                let index = self.index(31);
                self.line(&format!("let {result} = call sum(&input[{index}], {a} & 15)"));
            }
            _ => {
                let variable = self.name("v");
                self.line(&format!("var {variable}: i32 = {a}"));
                self.line(&format!("call bump(&{variable}, {b})"));
                self.variables.push(Variable { name: variable, ty: "i32".into() });
                return;
            }
        }
        let target = self.name("v");
        self.line(&format!("var {target}: i32 = {result}"));
        self.variables.push(Variable { name: target, ty: "i32".into() });
    }

    /// Bytes of buffers under other types.
    fn bytes(&mut self) {
        let (ty, align) =
            self.random.pick(&[("u16", 2), ("i16", 2), ("u32", 4), ("u8", 1), ("i8", 1), ("f32", 4), ("i64", 8), ("f64", 8)]);
        let (index, at) = (self.index(31), self.random.below(4) * 8);
        if self.random.chance(50) {
            let value = self.expr(ty, 2);
            self.line(&format!("cast<*global {ty}>(&own[{}]).* = {value}", at / 4));
        }
        let target = self.name("v");
        self.line(&format!("var {target}: {ty} = cast<*global {ty}>(&bytes[({index}) * {align}u32]).*"));
        self.variables.push(Variable { name: target, ty: ty.into() });
    }

    /// A `u32` below or equal to `mask`.
    fn index(&mut self, mask: u32) -> String {
        let value = self.expr("u32", 1);
        format!("({value}) & {mask}u32")
    }

    fn condition(&mut self) -> String {
        match self.random.below(5) {
            0 => format!("threadRank > {}u32", self.random.below(60)),
            1 => {
                let ty = self.random.pick(&["f32", "f64"]);
                let (a, b) = (self.expr(ty, 1), self.expr(ty, 1));
                let op = self.random.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({a}) {op} ({b})")
            }
            2 => {
                let ty = self.random.pick(&["i64", "u64"]);
                let (a, b) = (self.expr(ty, 1), self.expr(ty, 1));
                let op = self.random.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({a}) {op} ({b}) && n > 0")
            }
            _ => {
                let (a, b) = (self.expr("i32", 1), self.expr("i32", 1));
                let op = self.random.pick(&["<", ">=", "==", "!="]);
                format!("({a}) {op} ({b})")
            }
        }
    }

    fn expr(&mut self, ty: &str, depth: usize) -> String {
        if depth == 0 || self.random.chance(20) {
            return self.leaf(ty);
        }
        if matches!(ty, "f32" | "f64") {
            let (a, b) = (self.expr(ty, depth - 1), self.expr(ty, depth - 1));
            return match self.random.below(12) {
                0 => format!("(({a}) * ({b}))"),
                1 => format!("(({a}) / ({b}))"),
                2 => format!("min({a}, {b})"),
                3 => format!("floor({a})"),
                4 => {
                    let from = self.random.pick(&SCALARS);
                    format!("{ty}({})", self.expr(from, depth - 1))
                }
                5 => format!("({} ? {a} : {b})", self.condition()),
                6 => format!("{ty}({})", self.expr(if ty == "f32" { "f64" } else { "f32" }, depth - 1)),
                7 => {
                    let function = self.random.pick(&["sqrt", "abs", "ceil", "trunc", "round_even", "-"]);
                    format!("{function}({a})")
                }
                8 => {
                    let function = self.random.pick(&["max", "copy_sign"]);
                    format!("{function}({a}, {b})")
                }
                9 => format!("fma({a}, {b}, {})", self.leaf(ty)),
                _ => format!("(({a}) + ({b}))"),
            };
        }
        if matches!(ty, "i32" | "i64" | "u64") && self.random.chance(10) {
            let from = if ty == "i32" { self.random.pick(&["i64", "u64"]) } else { ty };
            let (a, b) = (self.expr(from, depth - 1), self.expr(from, depth - 1));
            return match self.random.below(4) {
                _ if ty == "i32" => {
                    let function = self.random.pick(&["pop_count", "count_leading_zeros", "count_trailing_zeros"]);
                    format!("{function}({a})")
                }
                0 => format!("reverse_bits({a})"),
                1 if ty == "i64" => format!("abs({a})"),
                _ => {
                    let function = self.random.pick(&["min", "max", "mul_high"]);
                    format!("{function}({a}, {b})")
                }
            };
        }
        let (a, b) = (self.expr(ty, depth - 1), self.expr(ty, depth - 1));
        match self.random.below(14) {
            0 => format!("(({a}) - ({b}))"),
            1 => format!("(({a}) * ({b}))"),
            2 => format!("(({a}) / ({b}))"),
            3 => format!("(({a}) % ({b}))"),
            4 => format!("(({a}) & ({b}))"),
            5 => format!("(({a}) ^ ({b}))"),
            6 => format!("(({a}) << ({}))", self.expr("i32", depth - 1)),
            7 => {
                let by = self.random.pick(&["i32", "u64", "u8"]);
                format!("(({a}) >> ({}))", self.expr(by, depth - 1))
            }
            8 | 9 => {
                let from = self.random.pick(&SCALARS);
                format!("{ty}({})", self.expr(from, depth - 1))
            }
            10 => {
                let from = self.random.pick(&["f32", "f64"]);
                format!("{ty}({})", self.expr(from, depth - 1))
            }
            11 => format!("({} ? {a} : {b})", self.condition()),
            12 => format!("{ty}({})", self.condition()),
            _ => format!("(({a}) + ({b}))"),
        }
    }

    fn leaf(&mut self, ty: &str) -> String {
        let fitting: Vec<Variable> = self.variables.iter().filter(|variable| variable.ty == ty).cloned().collect();
        if !fitting.is_empty() && self.random.chance(60) {
            return self.random.pick(&fitting).name;
        }
        let literal = self.random.pick(&[0, 1, 2, 3, 7, 15, 100, 127]);
        match ty {
            "f64" => {
                self.random.pick(&["1.5f64", "-0.1f64", "1e300f64", "f64(n)", "f64(f0)", "bits<f64>(0x8000000000000001)"]).into()
            }
            "f32" => self.random.pick(&["1.5", "0.25", "-3.0", "100.0", "f32(n)", "floats[threadRank & 31u32]"]).into(),
            "i32" => match self.random.below(5) {
                0 => "n".into(),
                1 => "i32(threadRank)".into(),
                2 => "table[threadRank & 7u32]".into(),
                3 => "input[threadRank ^ 5u32]".into(),
                _ => literal.to_string(),
            },
            "u32" if self.random.chance(50) => self.random.pick(&["threadRank", "rank", "u32(v0)", "blockIdx.x"]).into(),
            "u8" if self.random.chance(50) => "bytes[threadRank]".into(),
            _ => format!("{literal}{ty}"),
        }
    }
}
