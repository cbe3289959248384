//! Steps per second of the interpreter on a tiled matrix product and on integer arithmetic.

use backends::interpreter::{ArgValue, Launch, Options, run};
use std::time::Instant;

const MATMUL: &str = "
shared a: [[f32; 16]; 16]
shared b: [[f32; 16]; 16]
kernel matmul(x: *global f32, y: *global f32, z: *global f32, n: i32) {
  let row = i32(blockIdx.y * 16u32 + threadIdx.y)
  let column = i32(blockIdx.x * 16u32 + threadIdx.x)
  var sum: f32 = 0.0
  var tile: i32 = 0
  for tile < n / 16 {
    a[threadIdx.y][threadIdx.x] = x[row * n + tile * 16 + i32(threadIdx.x)]
    b[threadIdx.y][threadIdx.x] = y[(tile * 16 + i32(threadIdx.y)) * n + column]
    barrier
    var k: i32 = 0
    for k < 16 {
      sum = fma(a[threadIdx.y][k], b[k][threadIdx.x], sum)
    } update {
      k = k + 1
    }
    barrier
  } update {
    tile = tile + 1
  }
  z[row * n + column] = sum
}
";

const HASH: &str = "
kernel hash(x: *global u32) {
  var h: u32 = threadIdx.x
  var i: i32 = 0
  for i < 10000 {
    h = (h ^ h >> 16) * 2246822519u32 + u32(i)
  } update {
    i = i + 1
  }
  x[threadIdx.x] = h
}
";

fn main() {
    let n = 256;
    let buffers = vec![vec![0; n * n * 4]; 3];
    let args = (0..3).map(|buffer| ArgValue::Pointer { buffer, offset: 0 }).chain([ArgValue::Scalar(n as u64)]).collect();
    measure("matmul", MATMUL, [n as u32 / 16, n as u32 / 16, 1], [16, 16, 1], args, buffers);
    measure("hash", HASH, [8, 1, 1], [256, 1, 1], vec![ArgValue::Pointer { buffer: 0, offset: 0 }], vec![vec![0; 1024]]);
}

fn measure(name: &str, text: &str, grid: [u32; 3], block: [u32; 3], args: Vec<ArgValue>, buffers: Vec<Vec<u8>>) {
    let module = ir::text::parse(text).expect("the text is a module");
    let kernel = module.kernels().next().expect("the text has a kernel");
    let launch = Launch {
        kernel,
        grid,
        block,
        dynamic_shared: 0,
        args,
        buffers,
        globals: Vec::new(),
        bindings: Vec::new(),
        options: Options::default(),
    };
    let start = Instant::now();
    let outcome = run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}"));
    let seconds = start.elapsed().as_secs_f64();
    let steps = outcome.statistics.steps as f64;
    println!("{name}: {:.0} million steps in {seconds:.2} s, {:.0} million a second", steps / 1e6, steps / seconds / 1e6);
}
