//! Before and after, and what has to stay as it is.

const TYPES: &str = "\
struct Half size 2 align 2 {
  raw: u16 @0
}

struct Vec size 12 align 4 {
  x: f32 @0
  y: f32 @4
  z: f32 @8
}

global out: [f32]
global vecs: [Vec]

";

#[track_caller]
fn check(before: &str, after: &str) {
    let mut module = ir::text::parse(&format!("{TYPES}{before}")).unwrap_or_else(|error| panic!("{error}"));
    // Instances of one function have one place.
    module.forget_spans();
    ir::verify(&module).expect("the program is whole");
    super::run(&mut module);
    let kernel = module.kernels().next().expect("the text has a kernel");
    super::super::transplant::keep_reachable(&mut module, &mut { kernel });
    ir::verify(&module).unwrap_or_else(|error| panic!("{error:?}\n{}", ir::text::print(&module)));
    let printed = ir::text::print(&module);
    assert_eq!(printed.strip_prefix(TYPES).unwrap_or(&printed).trim(), after.trim());
}

#[track_caller]
fn stays(text: &str) {
    check(text, text);
}

#[test]
fn operators_take_and_give_values() {
    check(
        "\
fn make(self: *local Half, x: f32) {
  self->raw = u16(x)
}

fn mul(a: *local Half, b: *local Half) -> Half {
  let x = f32(a->raw)
  let y = f32(b->raw)
  var t1: Half
  call make(&t1, x * y)
  return t1
}

kernel k() {
  var p: Half = Half(1u16)
  var q: Half
  call make(&q, 2.0)
  let r = call mul(&p, &q)
  out[0] = f32(r.raw)
}
",
        "\
fn make(x: f32) -> Half {
  let %0 = u16(x)
  return Half(%0)
}

fn mul(a: Half, b: Half) -> Half {
  let x = f32(a.raw)
  let y = f32(b.raw)
  let %0 = call make(x * y)
  return %0
}

kernel k() {
  let p = Half(1u16)
  let q = call make(2.0)
  let r = call mul(p, q)
  out[0] = f32(r.raw)
}
",
    );
}

#[test]
fn instances_for_other_spaces_become_one() {
    check(
        "\
fn sum(v: *global Vec) -> f32 {
  return v->x + v->y + v->z
}

fn plus(v: *local Vec) -> f32 {
  return v->x + v->y + v->z
}

kernel k(i: i32) {
  var v: Vec = vecs[i]
  v.x = 1.0
  let a = call sum(&vecs[i])
  let b = call plus(&v)
  out[0] = a + b
}
",
        "\
fn sum(v: Vec) -> f32 {
  return v.x + v.y + v.z
}

kernel k(i: i32) {
  var v: Vec = vecs[i]
  v.x = 1.0
  let a = call sum(vecs[i])
  let b = call sum(v)
  out[0] = a + b
}
",
    );
}

#[test]
fn objects_that_are_put_together_in_branches_are_variables_of_the_function() {
    check(
        "\
fn fill(self: *local Vec, n: f32) {
  self->x = n
  self->y = n * 2.0
  if n > 1.0 {
    self->z = self->y
    return
  }
  self->z = 0.0
}

kernel k(i: i32) {
  var v: Vec
  call fill(&v, 3.0)
  vecs[i] = v
}
",
        "\
fn fill(n: f32) -> Vec {
  var self: Vec
  self.x = n
  self.y = n * 2.0
  if n > 1.0 {
    self.z = self.y
    return self
  }
  self.z = 0.0
  return self
}

kernel k(i: i32) {
  let v = call fill(3.0)
  vecs[i] = v
}
",
    );
}

#[test]
fn what_nobody_looks_at_goes() {
    check(
        "\
fn less(self: *local Vec, a: f32, b: f32) -> bool {
  return a < b && b < 9.0
}

kernel k() {
  var v: Vec = zero<Vec>
  let %0 = call less(&v, 1.0, out[1])
  out[0] = f32(%0)
}
",
        "\
fn less(a: f32, b: f32) -> bool {
  return a < b && b < 9.0
}

kernel k() {
  let v = zero<Vec>
  let %0 = call less(1.0, out[1])
  out[0] = f32(%0)
}
",
    );
}

#[test]
fn what_the_function_may_change_meanwhile_stays() {
    let add = "\
fn add(self: *local Vec, o: *local Vec) {
  self->x = self->x + o->x
  self->y = self->y + o->x
}

";
    // One variable twice: written out, as if by hand.
    check(
        &format!(
            "{add}\
kernel k(i: i32) {{
  var v: Vec = vecs[i]
  call add(&v, &v)
  vecs[i] = v
}}
"
        ),
        "\
kernel k(i: i32) {
  var v: Vec = vecs[i]
  v.x = v.x + v.x
  v.y = v.y + v.x
  vecs[i] = v
}
",
    );
    check(
        &format!(
            "{add}\
kernel k(i: i32) {{
  var v: Vec = vecs[i]
  var w: Vec = vecs[0]
  call add(&v, &w)
  vecs[i] = v
}}
"
        ),
        "\
fn add(self: *local Vec, o: Vec) {
  self->x = self->x + o.x
  self->y = self->y + o.x
}

kernel k(i: i32) {
  var v: Vec = vecs[i]
  let w = vecs[0]
  call add(&v, w)
  vecs[i] = v
}
",
    );
    stays(
        "\
fn mark(o: *global Vec) -> f32 {
  let sum = o->x + o->y + o->z
  vecs[0] = zero<Vec>
  return sum + o->x
}

kernel k(i: i32) {
  let %0 = call mark(&vecs[i])
  out[0] = %0
}
",
    );
}

#[test]
fn what_a_call_might_not_load_stays() {
    stays(
        "\
fn first(o: *global Vec, n: i32) -> f32 {
  if n > 0 {
    return o->x + o->y + o->z
  }
  return 0.0
}

kernel k(i: i32) {
  let %0 = call first(&vecs[i], i)
  out[0] = %0
}
",
    );
}

#[test]
fn what_is_not_filled_stays() {
    let kernel = "\
kernel k(i: i32) {
  var v: Vec = vecs[i]
  call fill(&v, i)
  vecs[i] = v
}
";
    for body in [
        "  self->x = 1.0\n  self->y = 2.0\n",
        "  self->x = self->y\n  self->y = 2.0\n  self->z = 3.0\n",
        "  if n > 0 {\n    return\n  }\n  self.* = zero<Vec>\n",
        "  while n > 0 {\n    self.* = zero<Vec>\n    break\n  }\n",
    ] {
        stays(&format!("fn fill(self: *local Vec, n: i32) {{\n{body}}}\n\n{kernel}"));
    }
}

#[test]
fn what_one_operation_says_needs_no_function() {
    check(
        "\
fn plus(a: *global f32, b: *global f32) -> f32 {
  return a.* + b.*
}

fn make(self: *local Vec, x: f32, y: f32) {
  self->x = x
  self->y = y
  self->z = 1.0
}

fn square(a: *global f32) -> f32 {
  return a.* * a.*
}

kernel k(i: i32) {
  var t1: Vec
  call make(&t1, out[i], 2.0)
  let sum = call plus(&out[i], &vecs[i].x)
  let %0 = call square(&out[0])
  out[0] = sum * %0 + t1.x
}
",
        "\
fn square(a: f32) -> f32 {
  return a * a
}

kernel k(i: i32) {
  let %0 = Vec(out[i], 2.0, 1.0)
  let sum = out[i] + vecs[i].x
  let %1 = call square(out[0])
  out[0] = sum * %1 + %0.x
}
",
    );
}

#[test]
fn copies_made_for_their_address_are_seen_through() {
    check(
        "\
fn sum(a: *local f32, b: *local f32) -> f32 {
  let c = a.* * b.*
  return c + a.*
}

fn twice(a: f32) -> f32 {
  var a.1: f32 = a
  var t1: f32 = a
  let %0 = call sum(&a.1, &t1)
  return %0
}

kernel k() {
  let %0 = call twice(out[1])
  out[0] = %0
}
",
        "\
fn sum(a: f32, b: f32) -> f32 {
  let c = a * b
  return c + a
}

fn twice(a: f32) -> f32 {
  let a.1 = a
  let %0 = a
  let %1 = call sum(a, a)
  return %1
}

kernel k() {
  let %0 = call twice(out[1])
  out[0] = %0
}
",
    );
}
