//! The shader passes, before and after, in the text form of the IR.

use backends::shader::{Options, Program, Refusal, legalise};
use ir::text::{parse, print};

fn run(text: &str) -> Result<Program, Vec<Refusal>> {
    let module = parse(text).unwrap_or_else(|error| panic!("{error}"));
    let kernels: Vec<_> = module.kernels().collect();
    legalise(&module, &kernels, &Options::default())
}

#[track_caller]
fn check(before: &str, after: &str) {
    let program = run(before).unwrap_or_else(|refusals| panic!("{refusals:?}"));
    let got = print(&program.module);
    assert_eq!(got.trim(), after.trim(), "\n{got}");
}

#[test]
fn saxpy_keeps_its_shape() {
    check(
        "
kernel saxpy(n: i32, a: f32, x: *global f32 const, y: *global f32) {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  if i < n {
    y[i] = a * x[i] + y[i]
  }
}
",
        "
struct SaxpyArgs size 8 align 4 {
  n: i32 @0
  a: f32 @4
}

constant args: SaxpyArgs
global y: [f32]
global x: [f32]

kernel saxpy() {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  if i < args.n {
    y[i] = args.a * x[i] + y[i]
  }
}
",
    );
}
