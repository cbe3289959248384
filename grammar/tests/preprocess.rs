//! The preprocessor by what it leaves: the text of `RESULT` after expansion, and the places of tokens that macros made.

use grammar::{Headers, NoHeaders, Options};
use source::SourceMap;

/// The initialiser of `x` after preprocessing.
fn expand_with(text: &str, options: &Options, headers: &dyn Headers) -> String {
    let unit_text = format!("{text}\n__global__ void k() {{ result(RESULT); }}\n");
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("a.cu", &unit_text, options, headers, &mut map);
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.is_error()).map(|d| &d.message).collect();
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let printed: String = unit.reached().map(|(_, decl)| ast::print_decl(decl)).collect();
    let start = printed.find("result(").unwrap() + 7;
    printed[start..printed.rfind(");").unwrap()].to_string()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(expand_with(text, &Options::default(), &NoHeaders), expected, "{text}");
}

#[test]
fn macros_follow_the_standard() {
    check("#define RESULT 3", "3");
    check("#define A B\n#define B A\n#define RESULT A, B", "A, B");
    check("#define f(x) x + f(x)\n#define RESULT f(f(1))", "1 + f(1) + f(1 + f(1))");
    check("#define f(x, y) x * y\n#define RESULT f((1, 2), g(3, 4))", "(1, 2) * g(3, 4)");
    check("#define f() 1\n#define RESULT f() + f", "1 + f");
    check("#define f(x) [x]\n#define g f\n#define RESULT a g(1)", "a[1]");
    check("#define EMPTY\n#define f(x) 1 x\n#define RESULT f(EMPTY) + f()", "1 + 1");
    // C++ [cpp.rescan]: what an argument banned stays banned.
    check(
        "#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define RESULT f(y + 1) + f(f(1))",
        "f(2 * (y + 1)) + f(2 * (f(2 * (1))))",
    );
    check(
        "#define str(s) #s\n#define xstr(s) str(s)\n#define N 4\n#define RESULT str(N), xstr(N), str( a  +\"b\\n\" )",
        r#""N", "4", "a +\"b\\n\"""#,
    );
    check(
        "#define cat(a, b) a ## b\n#define xcat(a, b) cat(a, b)\n#define AB 1\n#define RESULT cat(A, B) + xcat(c, cat(d, e)) + cat(, z) + cat(z, )",
        "1 + cde + z + z",
    );
    check(
        "#define three(a, b, c) x + a ## b ## c\n#define RESULT three(, , 1), three(1, , 2), three(, 3, )",
        "x + 1, x + 12, x + 3",
    );
    check("#define NAME(n) v ## n ## _t\n#define RESULT NAME(4)", "v4_t");
    check(
        "#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n#define join(c, d) in_between(c hash_hash d)\n#define RESULT join(x, y)",
        "\"x ## y\"",
    );
}

#[test]
fn variadic_macros() {
    check("#define p(...) f(__VA_ARGS__)\n#define RESULT p(1, 2), p()", "f(1, 2), f()");
    check("#define p(a, ...) f(a, ##__VA_ARGS__)\n#define RESULT p(1), p(1, 2, 3)", "f(1), f(1, 2, 3)");
    check("#define p(a, rest...) f(a, rest)\n#define RESULT p(1, 2, 3)", "f(1, 2, 3)");
    check("#define p(a, ...) f(a __VA_OPT__(, __VA_ARGS__))\n#define RESULT p(1), p(1, 2)", "f(1), f(1, 2)");
    check("#define s(...) #__VA_ARGS__\n#define RESULT s(a, b)", "\"a, b\"");
}

#[test]
fn conditions() {
    let both = |condition: &str, expected: &str| {
        check(&format!("#define N 3\n#if {condition}\n#define RESULT yes\n#else\n#define RESULT no\n#endif"), expected)
    };
    both("N == 3 && defined(N) && defined N", "yes");
    both("!defined(M) && M == 0", "yes");
    both("(1 << 4) + 2 * 3 == 22 && 7 / 2 == 3 && -7 % 4 == -3", "yes");
    both("1 > 2 ? 1 : 0", "no");
    both("-1 > 0u", "yes");
    both("0x10 >= 020 && 'A' == 65 && 8 >> 1 == 4", "yes");
    both("0 && 1 / 0", "no");
    both("__has_include(<nowhere.h>)", "no");
    both("__cplusplus >= 201703L && __CUDA_ARCH__ >= 800 && defined(__CUDACC__)", "yes");
    check("#if 0\n#elif 1\n#define RESULT second\n#elif 1\n#define RESULT third\n#else\n#error never\n#endif", "second");
    check("#ifndef A\n#if 0\n#error never\n#else\n#define RESULT inner\n#endif\n#else\n#error never\n#endif", "inner");
    check("#if 0\nthis isn't \"text\n#endif\n#define RESULT 1", "1");
}

#[test]
fn the_command_line_defines() {
    let options = Options {
        defines: vec![("A".into(), None), ("F(x)".into(), Some("x + A".into())), ("B".into(), Some("2".into()))],
        undefines: vec!["B".into()],
        ..Options::default()
    };
    assert_eq!(expand_with("#define RESULT F(B)", &options, &NoHeaders), "B + 1");
}

struct Shipped;

impl Headers for Shipped {
    fn header(&self, name: &str) -> Option<&'static str> {
        match name {
            "once.h" => Some("#pragma once\n#define COUNT COUNT + 1\n#define ONCE 1\n"),
            "guarded.h" => Some("#ifndef GUARD\n#define GUARD\nstruct Guarded { int x; };\n#endif\n"),
            "repeated.h" => Some("__device__ int PREFIX(f)(int);\n#undef PREFIX\n"),
            _ => None,
        }
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        Some(("prelude.h", "#define FROM_PRELUDE 7\n"))
    }
}

#[test]
fn headers() {
    let expand = |text: &str| expand_with(text, &Options::default(), &Shipped);
    assert_eq!(expand("#include <once.h>\n#include \"once.h\"\n#define RESULT ONCE"), "1");
    assert_eq!(expand("#include <guarded.h>\n#include <guarded.h>\n#define RESULT FROM_PRELUDE"), "7");
    assert_eq!(expand("#define NAME <once.h>\n#include NAME\n#define RESULT ONCE"), "1");
    let twice = "#define PREFIX(n) a_##n\n#include <repeated.h>\n#define PREFIX(n) b_##n\n#include <repeated.h>\n#define RESULT a_f(1) + b_f(2)";
    assert_eq!(expand(twice), "a_f(1) + b_f(2)");
}

#[test]
fn tokens_of_macros_know_where_they_are_used() {
    let text = "#define TILE 16\n#define HALF(x) ((x) / 2)\n__global__ void k(int n) {\n  n = HALF(TILE) + n;\n}\n";
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("a.cu", text, &Options::default(), &NoHeaders, &mut map);
    assert!(diagnostics.is_empty());
    let tile = &unit.macros[0];
    assert_eq!((tile.name.as_str(), tile.uses.len()), ("TILE", 1));
    let place = map.place(tile.uses[0]).unwrap();
    assert_eq!((place.line, place.column), (4, 12));
    assert_eq!(map.expansion(tile.uses[0].lo).unwrap().macro_name.as_ref(), "TILE");
    // A span that starts in an expansion and ends in the file covers the use and what follows.
    let (_, decl) = unit.reached().next().unwrap();
    let ast::DeclKind::Function(function) = &decl.kind else { panic!("no function") };
    let ast::FunctionBody::Block(block) = &function.body else { panic!("no body") };
    assert_eq!(map.snippet(block.stmts[0].span), Some("n = HALF(TILE) + n;"));
    let ast::StmtKind::Expr(expr) = &block.stmts[0].kind else { panic!("no expression") };
    let ast::ExprKind::Assign { rhs, .. } = &expr.kind else { panic!("no assignment") };
    assert_eq!(map.snippet(rhs.span), Some("HALF(TILE) + n"));
}
