//! Legal IR in, SPIR-V out: the validator accepts it, and what matters is there.
//!
//! `TRANSLATE_SPIRV_VAL` names the validator, where there is one.

mod common;

use backends::shader::Features;
use backends::spirv::{SpirvOptions, emit};
use common::program;
use rspirv::binary::Disassemble;

/// Emits in every way there is, validates each, and gives the disassembly of the default one.
#[track_caller]
fn check(text: &str) -> String {
    check_with(text, Features { int64: true, float64: true, float16: true, atomic_int64: true })
}

#[track_caller]
fn check_with(text: &str, features: Features) -> String {
    let program = program(text);
    for checked in [true, false] {
        for (block, dynamic_shared_bytes) in [(None, None), (Some([8, 4, 2]), Some(1024)), (Some([64, 1, 1]), None)] {
            for aliased in [true, false] {
                let options = SpirvOptions { checked, block, dynamic_shared_bytes, aliased, features, ..Default::default() };
                let words = emit(&program, &options).unwrap_or_else(|error| panic!("{error}"));
                validate(&words);
            }
        }
    }
    let options = SpirvOptions { checked: false, features, ..Default::default() };
    let words = emit(&program, &options).unwrap_or_else(|error| panic!("{error}"));
    rspirv::dr::load_words(&words).unwrap_or_else(|error| panic!("{error}")).disassemble()
}

#[track_caller]
fn validate(words: &[u32]) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Some(validator) = std::env::var_os("TRANSLATE_SPIRV_VAL") else {
        return harness::left_out("spirv-val on modules of the emitter's tests", "TRANSLATE_SPIRV_VAL is not set");
    };
    let name = format!("backends-spirv-{}-{}.spv", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let file = std::env::temp_dir().join(name);
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    std::fs::write(&file, bytes).expect("the temporary folder is writable");
    let output = std::process::Command::new(validator).args(["--target-env", "vulkan1.1"]).arg(&file).output();
    let output = output.expect("the validator runs");
    let text = rspirv::dr::load_words(words).map(|module| module.disassemble()).unwrap_or_default();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let _ = std::fs::remove_file(&file);
}

#[test]
fn saxpy() {
    let text = check(
        "\
struct SaxpyArgs size 8 align 4 {
  n: i32 @0
  a: f32 @4
}
constant args: SaxpyArgs
global in_x: [f32]
global y: [f32]
kernel saxpy() {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  if i < args.n {
    y[i] = args.a * in_x[i] + y[i]
  }
}
",
    );
    assert!(text.contains("OpEntryPoint GLCompute"), "{text}");
    assert!(text.contains("NoContraction"), "{text}");
    assert!(text.contains("Aliased"), "{text}");
    assert!(text.contains("OpName %") && text.contains("\"blockDimX\""), "{text}");
}

#[test]
fn shared_memory_and_barriers() {
    check(
        "\
struct BlockSumArgs size 4 align 4 {
  n: i32 @0
}
constant args: BlockSumArgs
global in_data: [f32]
global sums: [f32]
dynamic shared partial: [f32] align 4
shared tile: [[f32; 17]; 16]
shared flags: [bool; 4]
kernel blockSum() {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  partial[threadIdx.x] = 0.0
  tile[threadIdx.y][threadIdx.x] = 1.0
  flags[lane & 3u32] = i < 3
  let live = i < args.n
  if live {
    partial[threadIdx.x] = in_data[i]
  }
  barrier
  {
    var stride: i32 = i32(blockDim.x / 2u32)
    for stride > 0 {
      if live && i32(threadIdx.x) < stride && partial[threadIdx.z] < 1.0 {
        partial[threadIdx.x] = partial[threadIdx.x] + partial[threadIdx.x + u32(stride)]
      }
      barrier
    } update {
      stride = stride / 2
    }
  }
  if live && threadIdx.x == 0u32 {
    sums[blockIdx.x + blockIdx.y + blockIdx.z + blockRank + warpRank + gridDim.x] = flags[0] ? partial[0] : tile[0][1]
  }
}
",
    );
}

#[test]
fn every_way_through_control_flow() {
    check(
        "\
global out: [i32]
fn find(limit: i32) -> i32 {
  var i: i32 = 0
  while true {
    if out[i] > limit {
      return i
    }
    i = i + 1
  }
  return 7
}
fn sign(x: i32) -> i32 {
  if x < 0 {
    return -1
  } else {
    return 1
  }
}
fn nothing(x: i32) {
}
kernel k() {
  var i: i32 = 0
  while i < 10 {
    i = i + 1
    if i == 5 {
      continue
    }
    if i == 7 {
      break
    }
    out[i] = i
  }
  do {
    i = i - 1
  } until i < 3 && out[i] > 0
  {
    var j: i32 = 0
    for j < i unroll 0 {
      switch j {
        case 1, 2 {
          out[j] = 0
          break
        }
        case 3 {
          continue
        }
        case 4 {
          switch i {
            case 0 {
              break
            }
            case default {
              return
            }
          }
          do {
            i = i + 1
            if i > 3 {
              break
            }
          } until false
        }
        case default {
          out[j] = 1
          return
        }
      }
      let %0 = call find(j)
      let %1 = call sign(%0)
      call nothing(%1)
      out[3] = %1
    } update {
      j = j + 1
      if j == 3 {
        i = i - 1
      }
    }
  }
  while i < 3 {
    switch i {
      case 1 {
        return
      }
      case default {
        return
      }
    }
  }
  for {
    out[0] = 1
    return
  }
}
",
    );
}

#[test]
fn arithmetic_of_words() {
    let text = check(
        "\
global x: [f32]
global n: [i32]
global u: [u32]
kernel k() {
  let s = u32(n[0])
  n[1] = 1 << s
  n[2] = n[3] >> s
  u[2] = u[3] >> 40u32
  u[1] = u[3] << (s & 31u32)
  n[4] = i32(x[0])
  u[4] = u32(x[0])
  x[1] = f32(n[4]) + f32(u[4]) + f32(n[1] < 3)
  if x[0] != x[1] {
    x[2] = min(x[0], x[1]) + max(x[0], 1.0) - abs(x[3]) * copy_sign(x[3], x[4]) / sqrt(x[5])
  }
  n[5] = n[6] / n[7] + n[6] % n[7] + n[6] / 3 + n[6] % 5 + min(n[1], n[2]) + abs(n[3])
  u[5] = u[6] / u[7] + u[6] % u[7] + u[6] / 3u32 + u[6] % 5u32 + max(u[1], u[2])
  n[8] = pop_count(u[0]) + count_leading_zeros(u[0]) + count_trailing_zeros(n[0])
  n[9] = mul_high(n[0], n[1]) + -n[3] + ~n[4]
  u[9] = mul_high(u[0], u[1]) ^ reverse_bits(u[0]) | u[4] & 3u32
  x[6] = floor(x[0]) + ceil(x[0]) + trunc(x[0]) + round_even(x[0]) + fma(x[0], x[1], x[2])
  x[7] = native_exp(x[0]) + native_log2(x[0]) + native_pow(x[0], x[1]) + native_rcp(x[2]) + native_rsqrt(x[3])
  x[8] = bitcast<f32>(n[3]) + add_rn(x[0], x[1]) + native_div(x[0], x[2]) - -x[3]
  let c = bool(x[0]) == bool(n[0])
  if !c || n[1] < 3 && n[n[2]] > 2 {
    n[10] = n[0] > 0 ? n[n[1]] : 3
  }
}
",
    );
    assert!(text.contains("OpFUnordNotEqual"), "{text}");
}

#[test]
fn arithmetic_of_wide_and_narrow_numbers() {
    check(
        "\
global d: [f64]
global l: [i64]
global v: [u64]
global h: [f16]
global n: [i32]
kernel k() {
  d[0] = d[1] + d[2] * d[3] / sqrt(d[4]) - fma(d[0], d[1], d[2])
  d[5] = floor(d[0]) + ceil(d[0]) + trunc(d[0]) + round_even(d[0]) + abs(d[1]) + copy_sign(d[1], d[2]) + min(d[1], d[2])
  l[0] = l[1] / l[2] + l[1] % l[2] + (l[1] << l[2]) + (l[1] >> n[2]) + mul_high(l[1], l[2]) + i64(n[1]) + i64(d[1])
  v[0] = v[1] / v[2] + (v[1] >> v[2]) + mul_high(v[1], v[2]) + reverse_bits(v[1]) + u64(n[1]) + u64(d[1])
  n[0] = i32(l[0]) + i32(d[0]) + pop_count(v[0]) + count_leading_zeros(l[0]) + count_trailing_zeros(v[0]) + i32(h[0])
  h[0] = h[1] * h[2] + fma(h[0], h[1], h[2]) + min(h[1], h[2]) + f16(d[0]) + f16(n[0]) + copy_sign(h[1], h[2])
  d[6] = f64(h[0]) + f64(l[0]) + f64(v[0]) + bitcast<f64>(l[3])
  switch l[0] {
    case 5i64, -1i64 {
      l[0] = 4i64
    }
  }
  atomic.add.device(&v[0], 1u64)
}
",
    );
}

#[test]
fn integers_alone_fuse_too() {
    let text = check_with(
        "\
global x: [f32]
kernel k() {
  x[0] = fma(x[1], x[2], x[3])
  x[4] = fma(x[5], x[6], x[7])
}
",
        Features::default(),
    );
    assert_eq!(text.matches("OpFunctionCall").count(), 2, "{text}");
    assert!(!text.contains("OpCapability Float64"), "{text}");
}

#[test]
fn structs_arrays_and_vectors_are_copied_between_layouts() {
    check(
        "\
struct Inner size 16 align 8 {
  a: f32x2 @0
  b: [i32; 2] @8
}
struct Outer size 48 align 16 {
  v: f32x4 @0
  inner: [Inner; 2] @16
}
global in_data: [Outer]
global out: [Outer]
global f: [f32]
fn norm(v: f32x4, o: Outer) -> f32 {
  return (v).x * (v).y + ((o).inner).#1.a.y
}
fn fill(p: *local Outer, i: i32) {
  p->inner[i].b[1] = 3
  p->v.z = 1.0
}
fn pass(p: *local Outer) {
  call fill(p, 1)
}
kernel k() {
  var o: Outer = in_data[threadIdx.x]
  let copy = o
  out[threadIdx.x] = copy
  o.v.x = 4.0
  o.inner[i32(threadIdx.y)].b[threadIdx.z] = 5
  call fill(&o, 0)
  call pass(&o)
  let %0 = call norm(o.v, o)
  var p: Outer = zero<Outer>
  p = threadIdx.x < 3u32 ? o : p
  out[1] = p
  f[0] = %0 + (in_data[3]).v.y + (p.inner[1]).a.x
  var w: f32x4 = f32x4(1.0, 2.0, f[3], 4.0)
  w = f[1] < 2.0 ? w : out[2].v
  out[2].v = w
  var u: [i32; 4] = [i32; 4](1, 2, 3, 4)
  u[f[3] < 1.0 ? 1 : 2] = 5
  f[2] = f32(u[threadIdx.x])
}
",
    );
}

#[test]
fn atomics_fences_and_votes() {
    let text = check(
        "\
global counts: [u32]
global n: [i32]
shared bins: [u32; 32]
kernel k() {
  bins[threadIdx.x] = 0u32
  barrier
  let old = atomic.add.device(&counts[bins[0]], 1u32)
  let seen = atomic.compare_exchange.device(&bins[old], 0u32, 1u32)
  counts[1] = seen
  atomic.min.device(&n[0], -3)
  atomic.max.block(&bins[1], 3u32)
  atomic.store.device(&counts[2], 3u32)
  let now = atomic.load.device(&counts[2], 0u32)
  let before = atomic.exchange.system(&counts[3], now)
  fence device
  let any = vote.any(before == 3u32)
  let all = vote.all(before == 3u32)
  let count = vote.count(before == 3u32)
  let same = broadcast(any)
  n[1] = any + all + count + same
  volatile n[2] = volatile(n[3])
}
",
    );
    assert!(text.contains("OpMemoryBarrier"), "{text}");
    assert!(text.contains("Coherent"), "{text}");
}

#[test]
fn two_kernels_in_one_module() {
    check(
        "\
global a: [f32]
shared s: [f32; 64]
fn twice(i: u32) -> f32 {
  return a[i] * 2.0 + s[threadIdx.x]
}
kernel `scale<float, 1>`() {
  let %0 = call twice(threadIdx.x)
  a[0] = %0
}
kernel `scale<float, 2>`() {
  let %0 = call twice(blockIdx.x)
  a[1] = %0
}
",
    );
}
