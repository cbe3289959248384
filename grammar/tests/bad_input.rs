//! Whatever comes in: a diagnostic with a place, within a bounded time, never a panic.

use grammar::{NoHeaders, Options};
use source::{Diagnostic, SourceMap};

/// Reads on a thread with a small stack, as a test harness or a server may have.
fn read(text: String) -> Vec<Diagnostic> {
    let run = move || {
        let mut map = SourceMap::new();
        let (unit, diagnostics) = grammar::parse("bad.cu", &text, &Options::default(), &NoHeaders, &mut map);
        for diagnostic in &diagnostics {
            assert!(map.place(diagnostic.span()).is_some(), "{} has no place", diagnostic.message);
        }
        drop(unit);
        diagnostics
    };
    std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap().join().unwrap()
}

fn kernel(body: &str) -> String {
    format!("__global__ void k(int a) {{ {body} }}\n")
}

fn check(text: String, code: &str) {
    let diagnostics = read(text);
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert!(codes.contains(&code), "expected {code}, got {codes:?}");
}

#[test]
fn nothing_is_a_unit_without_items() {
    assert!(read(String::new()).is_empty());
    assert!(read("\n\n// only a comment\n".to_string()).is_empty());
}

#[test]
fn nesting_is_capped() {
    let n = 100_000;
    let around = |open: &str, close: &str| kernel(&format!("int x = {}1{};", open.repeat(n), close.repeat(n)));
    check(around("(", ")"), "E0116");
    check(around("[", "]"), "E0116");
    check(around("{", "}"), "E0116");
    check(around("f(", ")"), "E0116");
    check(kernel(&"if (a) ".repeat(n)), "E0116");
    check(format!("{}__device__ int x;", "template <class T> ".repeat(n)) + &kernel("x;"), "E0116");
    check(kernel(&format!("A<{}int{} x;", "A<".repeat(n), ">".repeat(n + 1))), "E0116");
}

#[test]
fn chains_are_capped() {
    let n = 20_000;
    for piece in ["a + ", "- ", "(int)", "a = ", "a ? a : ", "a, ", "*", "a < ", "sizeof ", "!"] {
        check(kernel(&format!("int x; x = {}a;", piece.repeat(n))), "E0116");
    }
    check(kernel(&format!("a{};", ".b".repeat(n))), "E0116");
    check(kernel(&format!("a{};", "[0]".repeat(n))), "E0116");
    check(kernel(&format!("int {}p;", "*".repeat(n))), "E0116");
    check(kernel(&format!("int p{};", "[1]".repeat(n))), "E0116");
    check(kernel(&format!("{} a = 1;", "if (a) a = 2; else ".repeat(n))), "E0116");
    check(kernel(&format!("a {};", "operator ".repeat(n))), "E0116");
}

#[test]
fn what_is_long_but_flat_is_read() {
    assert!(read(format!("__constant__ int t[] = {{{}1}};\n{}", "1, ".repeat(50_000), kernel("a = t[0];"))).is_empty());
    assert!(read(kernel(&"a = a + 1;\n".repeat(20_000))).is_empty());
    assert!(read(kernel(&format!("a = {}1;", "a + ".repeat(1_000)))).is_empty());
}

#[test]
fn macros_are_bounded() {
    let mut bomb = String::from("#define A0 x\n");
    (1..40).for_each(|i| bomb.push_str(&format!("#define A{i} A{} A{}\n", i - 1, i - 1)));
    check(bomb + &kernel("A39;"), "E0104");
    check(format!("#define F(x) x x\n{}", kernel(&format!("{}a{};", "F(".repeat(60), ")".repeat(60)))), "E0104");
    check(format!("#define F(x) x\n{}", kernel(&format!("{}a{};", "F(".repeat(5_000), ")".repeat(5_000)))), "E0104");
    check(format!("#if {}1{}\n#endif\n", "(".repeat(100_000), ")".repeat(100_000)), "E0106");
    check("#define F(x) x\nint y = F(1".to_string(), "E0109");
}

#[test]
fn includes_are_bounded() {
    let folder = std::env::temp_dir().join(format!("grammar-includes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("self.cu");
    std::fs::write(&path, "#include \"self.cu\"\n").unwrap();
    let mut map = SourceMap::new();
    let text = std::fs::read_to_string(&path).unwrap();
    let (_, diagnostics) = grammar::parse(path.to_str().unwrap(), &text, &Options::default(), &NoHeaders, &mut map);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(diagnostics[0].code.as_str(), "E0103");
}

#[test]
fn a_missing_include_is_a_warning_unless_strict() {
    let text = "#include <nowhere.h>\n__global__ void k() {}\n";
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("a.cu", text, &Options::default(), &NoHeaders, &mut map);
    assert!(!diagnostics[0].is_error() && unit.reached().count() == 1);
    let strict = Options { strict_includes: true, ..Options::default() };
    let (_, diagnostics) = grammar::parse("a.cu", text, &strict, &NoHeaders, &mut SourceMap::new());
    assert!(diagnostics[0].is_error());
}

#[test]
fn bytes_that_are_no_text_have_a_place() {
    let mut map = SourceMap::new();
    let error = grammar::decode("latin.cu", b"// caf\xe9\n".to_vec(), &mut map).unwrap_err();
    let place = map.place(error.span()).unwrap();
    assert_eq!((error.code.as_str(), place.line, place.column), ("E0101", 1, 7));
}

/// A small generator of its own (xorshift), so that the tests are the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

#[test]
fn random_bytes_do_not_hang() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let bytes: Vec<u8> = (0..2_000_000).map(|_| random.next(256) as u8).collect();
    assert!(!read(String::from_utf8_lossy(&bytes).into_owned()).is_empty());
}

const PIECES: &[&str] = &[
    "int ",
    "x ",
    "y ",
    "a ",
    "template ",
    "struct ",
    "S ",
    "<<<",
    ">>>",
    "::",
    "for ",
    "if ",
    "else ",
    "while ",
    "do ",
    "void ",
    "operator ",
    "case ",
    "switch ",
    "->",
    "...",
    "asm ",
    "1 ",
    "2.0f ",
    "sizeof ",
    "class ",
    "using ",
    "typename ",
    "return ",
    "const ",
    "auto ",
    "enum ",
    "new ",
    "delete ",
    "this ",
    "decltype ",
    "static_cast ",
    "[[a]] ",
    "typedef ",
    "namespace ",
    "extern ",
    "\"s\" ",
    "'c' ",
    "friend ",
    "virtual ",
    "requires ",
    "goto ",
    "try ",
    "catch ",
    "throw ",
    "noexcept ",
    "alignas ",
    "<",
    ">",
    ";",
    ",",
    ":",
    "?",
    ".",
    "+",
    "-",
    "*",
    "/",
    "&",
    "&&",
    "|",
    "!",
    "~",
    "=",
    "==",
    "+=",
    "++",
    "\n#pragma unroll\n",
    "__shared__ ",
    "__device__ ",
    "__launch_bounds__ ",
    "__attribute__ ",
    "constexpr ",
    "__is_same ",
    "union ",
    "public ",
];

/// Random tokens in balanced brackets, so that the classifier sees them.
fn soup(random: &mut Random, depth: usize, out: &mut String) {
    for _ in 0..1 + random.next(8) {
        if random.next(4) == 0 && depth > 0 {
            let (open, close) = [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">")][random.next(4)];
            out.push_str(open);
            soup(random, depth - 1, out);
            out.push_str(close);
        } else {
            out.push_str(PIECES[random.next(PIECES.len())]);
        }
    }
}

#[test]
fn random_tokens_do_not_panic() {
    let mut random = Random(std::env::var("SOUP_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(42));
    for _ in 0..40 {
        let mut text = String::new();
        for _ in 0..100 {
            text.push_str("__global__ void k(");
            soup(&mut random, 2, &mut text);
            text.push_str(") {");
            soup(&mut random, 6, &mut text);
            text.push_str("}\n");
            soup(&mut random, 3, &mut text);
            text.push_str(";\n");
        }
        read(text);
    }
}
