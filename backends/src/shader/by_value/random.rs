//! Random functions that take each other's variables by address, twice the same one too: what they compute stays. `BY_VALUE=FROM..TO` runs other
//! seeds than the few that run always.

use crate::interpreter::{self, ArgValue, Launch};
use std::fmt::Write;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

struct Function {
    params: Vec<&'static str>,
    has_result: bool,
}

struct Generator {
    random: Random,
    text: String,
    functions: Vec<Function>,
    names: usize,
    /// Addresses in scope, and their types.
    places: Vec<(String, &'static str)>,
}

const PART: &str = "struct S size 16 align 4 {\n  a: i32 @0\n  b: i32 @4\n  c: [i32; 2] @8\n}\n\nglobal common: S\n\n";

fn program(seed: u64) -> String {
    let random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xd1b5_4a32_d192_ed03);
    let mut it = Generator { random, text: PART.into(), functions: Vec::new(), names: 0, places: Vec::new() };
    (0..5).for_each(|_| it.function());
    it.places = (0..3).map(|index| (format!("&items[{index}]"), "*global S")).collect();
    it.places.push(("&common".into(), "*global S"));
    it.text += "kernel k(items: *global S, out: *global i32, n: i32) {\n";
    for name in ["u", "v"] {
        let _ = writeln!(it.text, "var {name}: S = S(n, 2, [i32; 2](n + 3, 4))");
        it.places.push((format!("&{name}"), "*local S"));
    }
    it.statements(8, false);
    let sum = it.places.clone().iter().map(|(place, ty)| value_at(place, ty, 0)).collect::<Vec<_>>().join(" * 3 + ");
    let _ = writeln!(it.text, "out[0] = {sum}\n}}");
    it.text
}

/// A value behind an address.
fn value_at(place: &str, ty: &str, part: usize) -> String {
    let part = ["->a", "->b", "->c[0]", "->c[1]"][part];
    match (ty.ends_with('S'), place.strip_prefix('&')) {
        (true, Some(variable)) => format!("{variable}{}", part.replace("->", ".")),
        (true, None) => format!("{place}{part}"),
        (false, Some(variable)) => variable.to_string(),
        (false, None) => format!("{place}.*"),
    }
}

impl Generator {
    fn function(&mut self) {
        let number = self.functions.len();
        let count = 1 + self.random.below(3);
        let types = ["*local S", "*local S", "*global S", "*local i32"];
        let params: Vec<&'static str> = (0..count).map(|_| types[self.random.below(4)]).collect();
        let has_result = self.random.below(2) == 0;
        let list: Vec<String> = params.iter().enumerate().map(|(index, ty)| format!("p{index}: {ty}")).collect();
        let result = if has_result { " -> i32" } else { "" };
        let _ = writeln!(self.text, "fn f{number}({}, n: i32){result} {{", list.join(", "));
        self.places = params.iter().enumerate().map(|(index, ty)| (format!("p{index}"), *ty)).collect();
        if self.random.below(3) == 0 {
            self.places.push(("&common".into(), "*global S"));
        }
        if !has_result && self.random.below(3) > 0 {
            // What may become a result.
            let value = self.value();
            for part in if params[0].ends_with('S') { 0..4 } else { 0..1 } {
                let _ = writeln!(self.text, "{} = {value} + {part}", value_at("p0", params[0], part));
            }
        }
        if self.random.below(2) == 0 {
            self.names += 1;
            let parts: Vec<String> = (0..4).map(|part| value_at("p0", params[0], part)).collect();
            let _ = writeln!(self.text, "let s{} = {}", self.names, parts.join(" ^ "));
        }
        let most = self.random.below(5);
        self.statements(most, has_result);
        if has_result {
            let value = self.value();
            let _ = writeln!(self.text, "return {value}");
        }
        self.text += "}\n\n";
        self.functions.push(Function { params, has_result });
    }

    fn value(&mut self) -> String {
        let leaf = |it: &mut Generator| match it.random.below(4) {
            0 => "n".to_string(),
            1 => it.random.below(9).to_string(),
            _ => it.place_value(),
        };
        let (a, b) = (leaf(self), leaf(self));
        let op = self.random.pick(&["+", "*", "-", "^"]);
        format!("({a} {op} {b})")
    }

    fn place_value(&mut self) -> String {
        let (place, ty) = self.places[self.random.below(self.places.len())].clone();
        value_at(&place, ty, self.random.below(4))
    }

    fn statements(&mut self, count: usize, may_return: bool) {
        for _ in 0..count {
            match self.random.below(9) {
                0 | 1 => {
                    let (place, value) = (self.place_value(), self.value());
                    let _ = writeln!(self.text, "{place} = {value}");
                }
                2 => {
                    let (value, outer) = (self.value(), self.places.len());
                    let _ = writeln!(self.text, "if {value} > 9 {{");
                    self.statements(2, may_return);
                    if may_return && self.random.below(2) == 0 {
                        let value = self.value();
                        let _ = writeln!(self.text, "return {value}");
                    }
                    self.text += "}\n";
                    self.places.truncate(outer);
                }
                3 => {
                    self.names += 1;
                    let (name, value) = (format!("l{}", self.names), self.value());
                    let _ = writeln!(self.text, "var {name}: S = S({value}, 1, [i32; 2](n, 6))");
                    self.places.push((format!("&{name}"), "*local S"));
                }
                _ => self.call(),
            }
        }
    }

    fn call(&mut self) {
        if self.functions.is_empty() {
            return;
        }
        let number = self.random.below(self.functions.len());
        let mut args = Vec::new();
        for wanted in self.functions[number].params.clone() {
            let fitting: Vec<String> = self.places.iter().filter_map(|(place, ty)| argument(place, ty, wanted)).collect();
            if fitting.is_empty() {
                return;
            }
            args.push(fitting[self.random.below(fitting.len())].clone());
        }
        args.push(self.value());
        let call = format!("call f{number}({})", args.join(", "));
        if !self.functions[number].has_result {
            let _ = writeln!(self.text, "{call}");
            return;
        }
        self.names += 1;
        let (name, place) = (format!("r{}", self.names), self.place_value());
        let _ = writeln!(self.text, "let {name} = {call}\n{place} = {place} + {name}");
    }
}

/// An address as an argument of type `wanted`, or one of its parts.
fn argument(place: &str, ty: &str, wanted: &str) -> Option<String> {
    let part = match place.strip_prefix('&') {
        Some(variable) => format!("&{variable}.b"),
        None => format!("&{place}->b"),
    };
    match (ty, wanted) {
        _ if ty == wanted => Some(place.to_string()),
        ("*local S", "*local i32") => Some(part),
        _ => None,
    }
}

fn run(module: &ir::Module) -> Vec<Vec<u8>> {
    let pointers = (0..2).map(|buffer| ArgValue::Pointer { buffer, offset: 0 });
    let launch = Launch {
        kernel: module.kernels().next().expect("the text has a kernel"),
        grid: [1, 1, 1],
        block: [1, 1, 1],
        dynamic_shared: 0,
        args: pointers.chain([ArgValue::Scalar(5)]).collect(),
        buffers: vec![(0..48).collect(), vec![0; 4]],
        globals: Vec::new(),
        bindings: Vec::new(),
        options: interpreter::Options::default(),
    };
    interpreter::run(module, &launch).unwrap_or_else(|fault| panic!("{fault:?}\n{}", ir::text::print(module))).buffers
}

#[test]
fn aliases_keep_their_meaning() {
    let wanted = std::env::var("BY_VALUE").ok();
    let bounds = wanted.as_deref().and_then(|text| text.split_once(".."));
    let seeds = bounds.map_or(0..300, |(from, to)| from.parse().expect("FROM..TO")..to.parse().expect("FROM..TO"));
    let mut changed = 0;
    for seed in seeds.clone() {
        let text = program(seed);
        let module = ir::text::parse(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"));
        let mut after = module.clone();
        super::run(&mut after);
        ir::verify(&after).unwrap_or_else(|errors| panic!("seed {seed}: {errors:?}\n{}", ir::text::print(&after)));
        changed += usize::from(ir::text::print(&module) != ir::text::print(&after));
        assert_eq!(run(&module), run(&after), "seed {seed}\n{text}\n{}", ir::text::print(&after));
    }
    println!("seeds {seeds:?}: {changed} changed, all as before");
    assert!(changed > 0);
}
