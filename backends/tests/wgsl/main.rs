//! Legal IR in, WGSL out: what each construct reads like, and that naga accepts it.

#[path = "../common/mod.rs"]
mod common;
mod reading;

use backends::{cross, wgsl};
use common::program;

#[track_caller]
fn emit(text: &str) -> String {
    let module = wgsl::emit(&program(text), wgsl::WgslOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = cross::check(&module.text, true) {
        panic!("{}\n{error}", module.text);
    }
    module.text
}

/// The lines between the geometry and the end of the kernel, without indentation of the kernel itself.
#[track_caller]
fn body(text: &str) -> String {
    let text = emit(text);
    let (_, tail) = text.split_once("        return;\n    }\n").expect("the kernel starts with its guard");
    let body = tail.trim_end().strip_suffix('}').expect("the kernel ends with a brace");
    body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect::<Vec<_>>().join("\n").trim().to_string()
}

#[test]
fn a_block_sum_reads_like_its_source() {
    let text = emit(
        "\
struct BlockSumArgs size 4 align 4 {
  n: i32 @0
}
constant args: BlockSumArgs
global in_data: [f32]
global sums: [f32]
dynamic shared partial: [f32] align 4

kernel blockSum() {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  partial[threadIdx.x] = 0.0
  let live = i < args.n
  if live {
    partial[threadIdx.x] = in_data[i]
  }
  barrier
  {
    var stride: i32 = i32(blockDim.x / 2u32)
    for stride > 0 {
      if live && i32(threadIdx.x) < stride {
        partial[threadIdx.x] = partial[threadIdx.x] + partial[threadIdx.x + u32(stride)]
      }
      barrier
    } update {
      stride = stride / 2
    }
  }
  if live && threadIdx.x == 0u32 {
    sums[blockIdx.x] = partial[0]
  }
}
",
    );
    assert_eq!(
        text,
        "\
struct Launch {
    gridDim: vec3u,
    firstBlock: u32,
}

struct BlockSumArgs {
    n: i32,
}

@group(0) @binding(0) var<uniform> launch: Launch;
@group(0) @binding(1) var<uniform> args: BlockSumArgs;
@group(0) @binding(2) var<storage, read> in_data: array<f32>;
@group(0) @binding(3) var<storage, read_write> sums: array<f32>;

override blockDimX: u32 = 256;

override partialLength: u32 = 256; // dynamic shared memory, in elements
var<workgroup> partial: array<f32, partialLength>;

@compute @workgroup_size(blockDimX)
fn blockSum(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let block = launch.firstBlock + group.x + groups.x * group.y;
    if block >= launch.gridDim.x {
        return;
    }
    let i = i32(block * blockDimX + thread);
    partial[thread] = 0.0;
    let live = i < args.n;
    if live {
        partial[thread] = in_data[i];
    }
    workgroupBarrier();
    for (var stride = i32(blockDimX / 2); stride > 0; stride /= 2) {
        if live && i32(thread) < stride {
            partial[thread] += partial[thread + u32(stride)];
        }
        workgroupBarrier();
    }
    if live && thread == 0 {
        sums[block] = partial[0];
    }
}
"
    );
}

#[test]
fn operators_have_the_parentheses_wgsl_asks_for() {
    let text = body(
        "\
global out: [i32]
kernel k() {
  let a = out[0]
  let b = out[1]
  out[2] = (a + b) * (a - (b - 1))
  out[3] = a & b | a ^ b & 3
  out[4] = (a & 31) << 2u32
  out[5] = (a + 1) << (u32(b) & 31u32)
  out[6] = -(-a) - -1
  out[7] = (a << 1u32) + b
  let c = a < b && (b < 3 || a == 1)
  let d = (a < b) == (b < a)
  if c || d && !(a == b) {
    out[8] = a % b * 2
  }
}
",
    );
    assert_eq!(
        text,
        "\
let a = out[0];
let b = out[1];
out[2] = (a + b) * (a - (b - 1));
out[3] = (a & b) | (a ^ (b & 3));
out[4] = (a & 31) << 2;
out[5] = (a + 1) << (u32(b) & 31);
out[6] = -(-a) - -1;
out[7] = (a << 1) + b;
let c = a < b && (b < 3 || a == 1);
let d = (a < b) == (b < a);
if c || (d && !(a == b)) {
    out[8] = a % b * 2;
}"
    );
}

#[test]
fn what_differs_from_cuda_goes_through_helpers() {
    let text = body(
        "\
global x: [f32]
global n: [i32]
kernel k() {
  let s = u32(n[0])
  n[1] = 1 << s
  n[2] = n[3] >> s
  n[4] = i32(x[0])
  if x[0] != x[1] {
    x[2] = min(x[0], x[1])
  }
  x[3] = bits<f32>(0x7f800000)
  n[5] = 2147483647 + 1
  x[4] = fma(x[0], x[1], x[2])
  n[6] = mul_high(n[0], n[1])
}
",
    );
    assert_eq!(
        text,
        "\
let s = u32(n[0]);
n[1] = shl(1, s);
n[2] = shr(n[3], s);
n[4] = toInt(x[0]);
if !(x[0] == x[1]) {
    x[2] = fminf(x[0], x[1]);
}
x[3] = floatFromBits(0x7f800000u);
n[5] = -2147483648;
x[4] = fmaf(x[0], x[1], x[2]);
n[6] = mulhi(n[0], n[1]);"
    );
}

#[test]
fn parts_of_words_are_calls_with_names() {
    let text = body(
        "\
global x: [u32]
global n: [i32]
kernel k() {
  let s = u32(n[0])
  x[0u32] = x[s >> 2u32] >> ((s & 3u32) << 3u32) & 255u32
  n[1] = i32(x[s >> 2u32] >> ((s & 2u32) << 3u32) & 65535u32) << 16 >> 16
  n[2] = i32(x[s >> 2u32] >> ((s & 3u32) << 3u32) & 255u32) << 16 >> 16
  x[1u32] = x[2u32] >> 8u32 & 255u32
}
",
    );
    assert_eq!(
        text,
        "\
let s = u32(n[0]);
x[0] = byteOf(x[s >> 2], s);
n[1] = signedHalfwordOf(x[s >> 2], s);
n[2] = (i32(byteOf(x[s >> 2], s)) << 16) >> 16;
x[1] = (x[2] >> 8) & 255;"
    );
}

#[test]
fn folded_constants_keep_their_types() {
    let text = body(
        "\
global x: [f32]
global n: [u32]
kernel k() {
  let limit = u32(100 * 100)
  var i: u32 = u32(3 * 3)
  while i < limit {
    i = i + limit
  }
  n[0] = i
  x[0] = bits<f32>(0xff800000)
}
",
    );
    assert_eq!(
        text,
        "\
let limit = 10000u;
var i = 9u;
while i < limit {
    i += limit;
}
n[0] = i;
x[0] = floatFromBits(0xff800000u);"
    );
}

#[test]
fn loops_keep_their_form() {
    let text = body(
        "\
global out: [i32]
kernel k() {
  var i: i32 = 0
  while i < 10 {
    i = i + 1
    if i == 5 {
      continue
    }
    out[i] = i
  }
  do {
    i = i - 1
  } until i < 3
  {
    var j: i32 = 0
    for j < i {
      switch j {
        case 1, 2 {
          out[j] = 0
          break
        }
        case default {
          out[j] = 1
        }
      }
    } update {
      j = j + 1
      i = i - 1
    }
  }
}
",
    );
    assert_eq!(
        text,
        "\
var i = 0;
while i < 10 {
    i++;
    if i == 5 {
        continue;
    }
    out[i] = i;
}
loop {
    i--;

    continuing {
        break if i < 3;
    }
}
var j = 0;
while j < i {
    switch j {
        case 1, 2: {
            out[j] = 0;
        }
        default: {
            out[j] = 1;
        }
    }
    j++;
    i--;
}"
    );
}

#[test]
fn calls_without_effects_are_folded_into_their_use() {
    let text = emit(
        "\
global x: [f32]
fn square(v: f32) -> f32 {
  return v * v
}
fn here() -> u32 {
  return threadIdx.y + blockIdx.x
}
fn put(v: f32) -> f32 {
  x[0] = v
  return v
}
kernel k() {
  let %0 = call square(x[1])
  let %1 = call square(%0)
  x[2] = %1 + 1.0
  let %2 = call here()
  x[%2] = 1.0
  let %3 = call put(2.0)
  x[3] = %3
  let %4 = call put(3.0)
  x[4] = x[0] + %4
  let %5 = call put(4.0)
  if blockDim.x > 5u32 && %5 > 1.0 {
    x[5] = 1.0
  }
}
",
    );
    assert!(text.contains("    x[2] = square(square(x[1])) + 1.0;\n"), "{text}");
    assert!(text.contains("    x[here(threadIdx, blockIdx)] = 1.0;\n"), "{text}");
    // With an effect: only where nothing else is read, and nothing decides whether it happens.
    assert!(text.contains("    x[3] = put(2.0);\n"), "{text}");
    assert!(text.contains("    let result = put(3.0);\n    x[4] = x[0] + result;\n"), "{text}");
    assert!(text.contains("    let result2 = put(4.0);\n    if blockDimX > 5 && result2 > 1.0 {\n"), "{text}");
}

/// A structure is selected part by part, and each part would call again.
#[test]
fn a_call_with_an_effect_is_no_part_of_a_selected_structure() {
    let text = emit(
        "\
struct Pair size 8 align 4 {
  a: f32 @0
  b: i32 @4
}
global p: [Pair]
global n: [i32]
fn next() -> Pair {
  n[0] = n[0] + 1
  return p[0]
}
fn count() -> i32 {
  n[0] = n[0] + 1
  return n[0]
}
kernel k() {
  let %0 = call next()
  let chosen = blockDim.x > 3u32 ? %0 : zero<Pair>
  p[1] = chosen
  let %2 = call count()
  let number = blockDim.x > 3u32 ? %2 : 7
  n[1] = number
}
",
    );
    assert_eq!(text.matches("next()").count(), 2, "{text}");
    assert!(text.contains("    let result = next();\n"), "{text}");
    assert!(text.contains("    let number = select(7, count(), blockDimX > 3);\n"), "{text}");
}

#[test]
fn atomics_make_their_variable_atomic() {
    let text = emit(
        "\
global counts: [u32]
shared bins: [u32; 32]
kernel k() {
  bins[threadIdx.x] = 0u32
  barrier
  let old = atomic.add.device(&counts[bins[0]], 1u32)
  let seen = atomic.compare_exchange.device(&bins[old], 0u32, 1u32)
  counts[1] = seen
}
",
    );
    assert!(text.contains("var<storage, read_write> counts: array<atomic<u32>>;"), "{text}");
    assert!(text.contains("let old = atomicAdd(&counts[atomicLoad(&bins[0])], 1);"), "{text}");
    assert!(text.contains("atomicStore(&counts[1], seen);"), "{text}");
}

/// 64-bit types are naga's own; the text is not portable.
#[test]
fn wide_types_are_native_where_they_are_wanted() {
    let program = program(
        "\
global out: [i64]
global d: [f64]
kernel k() {
  let s = u32(out[0])
  out[1] = out[2] << s
  out[3] = i64(d[0])
  out[4] = i64(pop_count(out[5]) + count_leading_zeros(out[6]))
  out[7] = mul_high(out[0], out[1])
  d[1] = min(d[2], 0.5f64)
  d[3] = bits<f64>(0x7ff0000000000000)
  if out[1] != 0i64 {
    d[4] = f64(out[1]) * 2.0f64
  }
}
",
    );
    let text = wgsl::emit(&program, wgsl::WgslOptions::default()).expect("it is legal").text;
    cross::check(&text, false).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert!(cross::check(&text, true).is_err());
    assert!(text.contains("out[1] = shlL(out[2], s);"), "{text}");
    assert!(text.contains("out[3] = doubleToLong(d[0]);"), "{text}");
    assert!(text.contains("d[1] = fmin_(d[2], 0.5lf);"), "{text}");
}

#[test]
fn structs_are_selected_part_by_part() {
    let text = body(
        "\
struct Pair size 8 align 4 {
  a: f32 @0
  b: i32 @4
}
global p: [Pair]
global out: [f32]
kernel k() {
  let chosen = out[0] > 1.0 ? p[0] : p[1]
  out[1] = (chosen).a
}
",
    );
    assert!(
        text.starts_with("let chosen = Pair(select(p[1].a, p[0].a, out[0] > 1.0), select(p[1].b, p[0].b, out[0] > 1.0));"),
        "{text}"
    );
}

/// naga computes with a constant `let` when it makes a pipeline, and would refuse what overflows.
#[test]
fn a_constant_that_may_overflow_is_a_variable() {
    let body = body(
        "\
global out: [f32]

kernel k() {
  let big = 1e30
  let stride = 4
  out[threadIdx.x] = big * big
  out[i32(threadIdx.x) * stride] = 1.0
}
",
    );
    assert!(body.contains("var big = 1e30;"), "{body}");
    assert!(body.contains("let stride = 4;"), "{body}");
}

/// naga loses its way where it takes a part of a constant structure or array.
#[test]
fn a_constant_whose_parts_are_used_is_a_variable() {
    let body = body(
        "\
struct S size 12 align 4 {
  a: i32 @0
  d: [i32; 2] @4
}
global out: [i32]

kernel k() {
  let s = S(1, [i32; 2](4, 5))
  out[threadIdx.x] = s.a
}
",
    );
    assert!(body.contains("var s = S(1, array<i32, 2>(4, 5));"), "{body}");
}

#[test]
fn a_sum_that_cancels_is_held() {
    let text = emit(
        "\
global x: [f32]
fn plus(a: f32, b: f32) -> f32 {
  return a + b
}
kernel k() {
  var sum: f32 = 0.0
  var lost: f32 = 0.0
  var i: i32 = 0
  while i < 100 {
    let %0 = x[i] - lost
    let %1 = sum + %0
    lost = %1 - sum - %0
    sum = %1
    i = i + 1
  }
  x[0] = sum
  let %2 = call plus(x[1], 12582912.0)
  x[8] = %2 - 12582912.0
  x[2] = x[3] - x[4] + x[5] - 1.0
  x[6] = x[6] - x[7] * 2.0
}
",
    );
    assert!(text.contains("        lost = roundedF32(t2) - sum - t;\n"), "{text}");
    assert!(text.contains("    x[8] = roundedF32(plus(x[1], 12582912.0)) - 12582912.0;\n"), "{text}");
    assert!(text.contains("    x[2] = x[3] - x[4] + x[5] - 1.0;\n    x[6] -= x[7] * 2.0;\n"), "{text}");
    assert_eq!(text.matches("roundedF32(").count(), 3, "{text}");
}
