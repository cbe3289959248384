//! What makes the text one that a person would have written: names, values in their places, spelling.

use super::common::program;
use super::{body, emit};
use backends::wgsl;

#[test]
fn functions_hide_the_names_that_they_do_not_use() {
    let text = emit(
        "\
struct Pair size 8 align 4 {
  a: f32 @0
  b: f32 @4
}
const twice: f32 = 2.0
global a: [f32]
global b: [f32]
global Box: [f32]

fn mul(a: f32, b: f32, mul: f32) -> f32 {
  let Pair = a * b
  return Pair * mul + twice
}

fn second(Pair: Pair, a: f32) -> f32 {
  let at = a + Box[0]
  let mul = call mul(Pair.b, at, at)
  var Box: f32 = 1.0
  if mul > 1.0 {
    Box = mul
  }
  let twice = Box * a
  return twice * twice
}

kernel k() {
  let %0 = call second(Pair(a[0], 1.0), 2.0)
  b[threadIdx.x] = %0
}
",
    );
    let functions: Vec<&str> = text.split("\n\n").filter(|item| item.starts_with("fn ")).collect();
    assert_eq!(
        functions.join("\n"),
        "\
fn mul(a: f32, b: f32, mul2: f32) -> f32 {
    let Pair = a * b;
    return Pair * mul2 + twice;
}
fn second(Pair2: Pair, a: f32) -> f32 {
    let at = a + Box[0];
    let mul2 = mul(Pair2.b, at, at);
    var Box2 = 1.0;
    if mul2 > 1.0 {
        Box2 = mul2;
    }
    let twice = Box2 * a;
    return twice * twice;
}"
    );
}

/// A value stands in place of its use where nothing between changes what it is computed of.
#[test]
fn loads_move_over_stores_to_other_variables() {
    let kernel = "\
global x: [f32]
global y: [f32]
kernel k() {
  var v: [f32; 2] = zero<[f32; 2]>
  let %0 = x[0u32]
  let %1 = x[1u32]
  v[0u32] = %0
  v[1u32] = %1
  let %2 = v[0u32]
  v[0u32] = 1.0
  y[0u32] = %2
  let %3 = x[2u32]
  x[3u32] = 1.0
  y[1u32] = %3
  let %4 = x[4u32]
  y[2u32] = 1.0
  v[1u32] = %4
  let %5 = x[5u32]
  if v[1u32] > 1.0 {
    v[1u32] = x[6u32]
  }
  y[3u32] = %5 + v[1u32]
  let %6 = x[7u32]
  v[1u32] = v[1u32] + %6
  y[4u32] = v[1u32]
}
";
    assert_eq!(
        body(kernel),
        "\
var v = array<f32, 2>();
v[0] = x[0];
v[1] = x[1];
let t = v[0];
v[0] = 1.0;
y[0] = t;
let t2 = x[2];
x[3] = 1.0;
y[1] = t2;
y[2] = 1.0;
v[1] = x[4];
let t3 = x[5];
if v[1] > 1.0 {
    v[1] = x[6];
}
y[3] = t3 + v[1];
v[1] += x[7];
y[4] = v[1];"
    );
    let options = wgsl::WgslOptions { aliased: true, ..Default::default() };
    let module = wgsl::emit(&program(kernel), options).expect("it can be written");
    assert!(module.text.contains("    let t3 = x[4];\n    y[2] = 1.0;\n    v[1] = t3;\n"), "{}", module.text);
}

#[test]
fn masks_are_hexadecimal() {
    let text = body(
        "\
global x: [u32]
kernel k() {
  let a = x[0u32]
  x[1u32] = (a & 2146435072u32) | (65535u32 << a)
  x[2u32] = a & 255u32 ^ 4294967295u32
  x[3u32] = a + 4294443008u32
  x[4u32] = x[4u32] | 524288u32
}
",
    );
    assert_eq!(
        text.lines().skip(1).collect::<Vec<_>>().join("\n"),
        "\
x[1] = (a & 0x7ff00000) | shlU(0xffff, a);
x[2] = (a & 255) ^ 0xffffffff;
x[3] = a + 4294443008;
x[4] |= 0x80000;"
    );
}

#[test]
fn braces_stand_where_a_name_would_meet_another() {
    assert_eq!(
        body(
            "\
global x: [u32]
kernel k() {
  {
    x[0u32] = 1u32
  }
  {
    let a = x[1u32]
    x[2u32] = a + a
  }
  {
    let b = x[3u32]
    x[4u32] = b + b
  }
  if x[5u32] > 1u32 {
    var a: u32 = x[5u32]
    a = a + a
    x[6u32] = a
  }
}
"
        ),
        "\
x[0] = 1;
{
    let a = x[1];
    x[2] = a + a;
}
let b = x[3];
x[4] = b + b;
if x[5] > 1 {
    var a = x[5];
    a += a;
    x[6] = a;
}"
    );
}

#[test]
fn a_second_name_for_one_value_is_not_written() {
    assert_eq!(
        body(
            "\
global x: [u32]
kernel k() {
  let a = x[0u32]
  let %0 = a
  let a.1 = %0
  let b = a.1
  x[1u32] = %0 + a.1 + b
}
"
        ),
        "\
let a = x[0];
let b = a;
x[1] = a + a + b;"
    );
}

#[test]
fn a_variable_that_keeps_its_value_needs_no_copy() {
    assert_eq!(
        body(
            "\
global x: [u32]
kernel k() {
  var i: u32 = 0u32
  while i < 9u32 {
    let %0 = i
    x[%0] = %0 + 1u32
    i = i + 2u32
  }
  while i < 20u32 {
    let %1 = i
    i = i + 2u32
    x[%1] = %1 + 1u32
  }
  let %2 = i
  let %3 = x[%2]
  i = i + 1u32
  x[7u32] = %3
  let %4 = i
  x[%4] = %4 + 1u32
}
"
        ),
        "\
var i = 0u;
while i < 9 {
    x[i] = i + 1;
    i += 2;
}
while i < 20 {
    let t = i;
    i += 2;
    x[t] = t + 1;
}
let t = x[i];
i++;
x[7] = t;
x[i] = i + 1;"
    );
}

/// Who tries again anyway needs no exchange that is sure.
#[test]
fn an_attempt_that_is_repeated_may_fail_without_a_reason() {
    let attempt = |last: &str| {
        format!(
            "\
global x: [u32]
kernel k() {{
  let %0 = atomic.load.device(&x[0u32], 0u32)
  var old: u32 = %0
  for {{
    let %1 = old * 2u32
    let %2 = atomic.compare_exchange.device(&x[0u32], old, %1)
    if %2 == old {{
      break
    }}
    {last}
  }}
}}
"
        )
    };
    assert_eq!(
        body(&attempt("old = %2")),
        "\
var old = atomicLoad(&x[0]);
loop {
    let exchange = atomicCompareExchangeWeak(&x[0], old, old * 2);
    if exchange.exchanged {
        break;
    }
    old = exchange.old_value;
}"
    );
    assert!(body(&attempt("old = %2 + 1u32")).contains("if exchange.exchanged || old2 != expected {"));
}

#[test]
fn what_a_parameter_points_to_has_parentheses_where_its_parts_are_named() {
    let text = emit(
        "\
struct Pair size 8 align 4 {
  a: f32 @0
  b: f32 @4
}
global x: [f32]
fn change(p: *local Pair, n: *local i32, other: *local Pair) -> f32 {
  n.* = n.* * n.* - -n.*
  n.* = n.* + 2
  n.* = n.* + 1
  p->a = p->b * 2.0
  let pair = n.* > 3 ? p.* : other.*
  p.* = other.*
  return p.*.a + pair.a
}
kernel k() {
  var p: Pair = Pair(1.0, 2.0)
  var q: Pair = Pair(3.0, 4.0)
  var n: i32 = 3
  let %0 = call change(&p, &n, &q)
  x[n] = %0 + p.a + q.a
}
",
    );
    let (_, function) = text.split_once("-> f32 {\n").expect("the function is there");
    let (body, _) = function.split_once("\n}").expect("the function ends");
    assert_eq!(
        body,
        "    *n = *n * *n - -(*n);
    *n += 2;
    (*n)++;
    (*p).a = (*p).b * 2.0;
    let pair = Pair(select((*other).a, (*p).a, *n > 3), select((*other).b, (*p).b, *n > 3));
    *p = *other;
    return (*p).a + pair.a;"
    );
}
