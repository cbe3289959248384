//! Print → parse → print gives the same text.

use ir::text::{parse, print};

#[track_caller]
fn check(text: &str) {
    let module = parse(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(print(&module), text);
}

#[test]
fn items() {
    check(
        "\
struct Node size 16 align 8 {
  value: f32 @0
  next: *global Node @8
}

union `Any<4>` size 16 align 8 {
  whole: [u8; 16] @0
  parts: f32x4 @0
}

const TILE: i32 = 16
const HUGE: f32 = bits<f32>(0x7f800000)
const HALF: f16 = 0.5f16
shared tile: [[f32; 17]; 16]
dynamic shared bytes: [u8] align 16
constant table: [u16; 2] = hex 01000200
global counter: u64

kernel `scale<float, 4>`(data: *global f32 restrict, from: *global f32 restrict const, n: i32) max_threads 256 {
}

fn one(any: `Any<4>`) -> f32 {
  return 1.0
}
",
    );
}

#[test]
fn expressions() {
    check(
        "\
struct Pair size 8 align 4 {
  a: f32 @0
  b: i32 @4
}

shared tile: [[f32; 17]; 16]

kernel k(p: *global f32, q: *global Pair, n: i32, u: u32, h: f16) {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  let i.1 = (i + 1) * (i - (1 - n)) / -3 % -(7)
  let wide = i64(i) << 3 ^ ~5i64 & 255i64 | 1i64
  let %0 = i < n && (u == 4294967295u32 || !(h != 1.5f16))
  let x = %0 ? p[i] : -p[i.1]
  let less = %0 == true ? zero<f32> : undef<f32>
  var pair: Pair = Pair(x, i)
  var array: [f32; 2] = [f32; 2](x, less)
  var v: f32x4 = f32x4(x, x, less, 1e-7)
  pair.a = v.x + (v).y + (pair).a
  q[i].b = q->b + q[1].b
  tile[i][threadIdx.y] = array[i & 1] + (array).#1
  p.* = fma(sqrt(x), abs(less), native_exp(2.0))
  let a = cast<*generic u8>(&q[n].a)
  let b = pointer<*generic u8>(address(p) + 4u64)
  let c = diff(a, b) == 0i64 || a < b
  let d = bitcast<u32>(bits<f32>(0x7fc00000)) >> lane
  let e = volatile(p[d])
  volatile p[d] = e
  (c ? p : &p[4])[2] = 1.0
  cast<*global [f32; 4]>(p).*[i] = 0.0
  let f = cast<*shared f32>(&tile)[3]
}
",
    );
}

#[test]
fn statements() {
    check(
        "\
global counter: u32

fn add(a: i32, b: i32) -> i32 {
  return a + b
}

fn nothing() {
  return
}

kernel k(n: i32, p: *global f32) {
  let sum = call add(n, 1)
  call add(n, 2)
  call nothing()
  {
    var i: i32 = 0
    for i < n unroll 4 {
      if i == 3 {
        continue
      } else if i == 4 {
        break
      } else {
        barrier
      }
    } update {
      i = i + 1
    }
  }
  while {
    trap
  }
  do {
    warp_barrier
    warp_barrier[255u32]
  } until n > 3
  switch n {
    case 1, -2 {
      break
    } fallthrough
    case default {
      return
    }
  }
  let old = atomic.add.device(&counter, 1u32)
  let swapped = atomic.compare_exchange.block(&counter, old, 2u32)
  atomic.max.system(p, 1.0)
  let any = vote.any(n < 3)
  let same = broadcast(n)
  let other = warp.shuffle_down[4294967295u32](sum, 1, 32)
  let mask = warp.active_mask()
  let all = warp.all(true)
  fence device
  grid_barrier
  let now = clock.i64
  assert(n != 0, \"n must not be \\\"0\\\"\\n\", \"a.cu\", 7, \"void k(int)\")
  printf(\"%d\\n\", n, p)
}
",
    );
}

#[test]
fn numbers_names_in_the_order_of_the_text() {
    check(
        "\
kernel k(i: i32) {
  {
    let i.1 = i
    var i.2: i32 = i.1
    let `size` = i.2
  }
  let i.3 = i
}
",
    );
}

#[test]
fn errors_have_a_place() {
    let error = parse("kernel k() {\n  let a = b + 1\n}\n").unwrap_err();
    assert_eq!(error.to_string(), "2:11: there is no `b`");
    let error = parse("kernel k(p: *global f32) {\n  p[0] = 1 + 1.0\n}\n").unwrap_err();
    assert_eq!(error.to_string(), "2:10: `Add` of i32 and f32");
    let deep = format!("kernel k() {{\n  let a = {}1\n}}\n", "(".repeat(100_000));
    assert_eq!(parse(&deep).unwrap_err().message, "nested too deep");
}
