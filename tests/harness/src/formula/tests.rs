use super::*;
use crate::scalar::Scalar;

fn eval(text: &str) -> Result<Value, FormulaError> {
    let words = Layout::plain(Scalar::I32);
    let bodies = Layout::structure([("v", "float2"), ("id", "i32")]).unwrap();
    let x: Vec<u8> = [3i32, 1, 2].iter().flat_map(|v| v.to_le_bytes()).collect();
    let mut ps = Vec::new();
    for (a, b, id) in [(0.5f32, 1.5f32, 7i32), (2.5, 3.5, 8)] {
        ps.extend(a.to_le_bytes().into_iter().chain(b.to_le_bytes()).chain(id.to_le_bytes()).chain([0; 4]));
    }
    let env = Env {
        numbers: vec![("n", Value::Int(3)), ("a", Value::Float(2.5))],
        memory: vec![Memory { name: "x", layout: &words, bytes: &x }, Memory { name: "ps", layout: &bodies, bytes: &ps }],
    };
    let mut machine = Machine::new(&env);
    machine.budget = 10_000;
    machine.run(&Formula::parse(text, &["i"], &env)?, &[Value::Int(5)])
}

#[track_caller]
fn int(text: &str, value: i128) {
    assert_eq!(eval(text), Ok(Value::Int(value)), "{text}");
}

#[track_caller]
fn float(text: &str, value: f64) {
    assert_eq!(eval(text), Ok(Value::Float(value)), "{text}");
}

#[track_caller]
fn fails(text: &str, at: usize, part: &str) {
    let error = eval(text).expect_err(text);
    assert!(error.message.contains(part) && error.at == at, "{text}: {error:?}");
}

#[test]
fn operators_bind_as_in_c() {
    int("2*i + 1", 11);
    int("1 + 2 << 3", 24);
    int("6 & 3 == 3", 0);
    int("1 | 2 ^ 3 & 1", 3);
    int("i > 3 && n < 4 || 0", 1);
    int("i == 5 ? i : 1/0", 5);
    int("-7 / 2", -3);
    int("-7 % 3", -1);
    int("~0 & 0xff", 255);
    int("!i", 0);
    int("10 - 4 - 3", 3);
    float("7 / 2.0", 3.5);
    float("a * n", 7.5);
    float("1e-3 * 1000", 1.0);
}

#[test]
fn memory_is_what_it_was() {
    int("x[0] * 100 + x[n - 1]", 302);
    int("ps.id[1]", 8);
    float("ps.v[3]", 3.5);
    int("sorted(x, 0) * 100 + sorted(x, 1) * 10 + sorted(x, 2)", 123);
    fails("x[3]", 0, "outside of `x`, which has 3");
    fails("x[-1]", 0, "outside");
    fails("1 + ps[0]", 6, "it has .v, .id");
    fails("x.y[0]", 1, "it has none");
}

#[test]
fn reductions_run_over_half_open_ranges() {
    int("sum(k, 0, n, x[k] * x[k])", 14);
    int("sum(k, 0, 0, 1/0)", 0);
    int("product(k, 1, 6, k)", 120);
    int("least(k, 0, n, x[k])", 1);
    int("most(k, 0, n, x[k])", 3);
    int("count(k, 0, n, x[k] >= 2)", 2);
    int("sum(r, 0, 3, sum(c, 0, 3, r * 3 + c))", 36);
    fails("least(k, 0, 0, k)", 0, "no values");
}

#[test]
fn functions_and_casts() {
    int("min(i, 3) + max(i, 3) + clamp(i, 0, 4)", 12);
    int("u8(-1) + i8(255)", 254);
    int("i32(2.9) + int(-2.9)", 0);
    float("f32(0.1)", f64::from(0.1f32));
    int("bits(1.0)", 0x3f80_0000);
    float("float_bits(0x40000000)", 2.0);
    float("sqrt(16) + floor(1.5) + fma(2, 3, 4)", 15.0);
    int("popcount(255) + clz(1) + ctz(8)", 42);
}

#[test]
fn blocks_loop() {
    int("{ let a = 0; let b = 1; for k in 0..i { let t = a + b; a = b; b = t; } a }", 5);
    int(
        "{ let v = 27; let steps = 0; while v != 1 { if v % 2 == 0 { v = v / 2; } else { v = 3*v + 1; } steps = steps + 1; } steps }",
        111,
    );
    int("{ let s = 0; for k in 0..100 { if k == 4 { break; } s = s + k; } s }", 6);
    int("1 + { 2 }", 3);
}

#[test]
fn mistakes_have_places() {
    fails("1 + ", 4, "a value");
    fails("1 + $", 4, "means nothing");
    fails("foo + 1", 0, "nothing is named `foo`");
    fails("1 + foo(2)", 4, "no function `foo`");
    fails("min(1)", 0, "takes 2");
    fails("1 / 0", 2, "division by zero");
    fails("1 2", 2, "an operator or the end");
    fails("i & 1.5", 2, "no whole number");
    fails("{ break; 1 }", 9, "a loop");
    fails(&"(".repeat(100_000), 100, "nested too deeply");
    fails(&"-".repeat(100_000), 100, "nested too deeply");
    fails(&"1+".repeat(100_000), 2001, "too long");
    fails("{ while 1 { } 0 }", 8, "takes too long");
}
