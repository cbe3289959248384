//! Legal IR through the SPIR-V emitter on every device, against the interpreter: bit for bit.

use backends::interpreter;
use backends::reflect::needed_features;
use backends::shader::{Binding, BindingKind, BindingSource, Entry, Features, Program};
use backends::spirv::{self, SpirvOptions};
use ir::{Space, Type};
use runner::{Device, Launch, Module, SlotKind};

use crate::common::{LIMIT, bytes_of, on_every_device, words_of};

/// Every `global` of the text is a binding, in order from 1.
fn program(text: &str) -> Program {
    let module = ir::text::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let mut bindings = Vec::new();
    for (id, global) in module.tables.globals.iter() {
        if global.space == Space::Global {
            let binding = bindings.len() as u32 + 1;
            let source = BindingSource::Parameter(binding - 1);
            bindings.push(Binding { binding, global: id, kind: BindingKind::StorageReadWrite, source });
        }
    }
    let is_dynamic = |global: &ir::Global| {
        global.space == Space::Shared && matches!(module.tables.types.get(global.ty), Type::Array { count: None, .. })
    };
    let dynamic_shared = module.tables.globals.iter().find(|(_, global)| is_dynamic(global)).map(|(id, _)| id);
    let kernel = module.kernels().next().expect("a kernel");
    let entries = vec![Entry {
        kernel,
        bindings,
        arguments: Vec::new(),
        dynamic_shared,
        shared_bytes: 0,
        sites: Vec::new(),
        phases: None,
        moved_shared: Vec::new(),
        coarsened: None,
        device_heap: None,
        windows: Default::default(),
    }];
    Program { module, entries }
}

struct Test<'a> {
    text: &'a str,
    grid: [u32; 3],
    block: [u32; 3],
    dynamic_shared: u32,
    buffers: Vec<Vec<u8>>,
}

fn device_features(device: &Device) -> Features {
    let info = device.info();
    Features {
        int64: info.has("SHADER_INT64"),
        float64: info.has("SHADER_F64"),
        float16: info.has("SHADER_F16"),
        atomic_int64: info.has("SHADER_INT64_ATOMIC_ALL_OPS"),
    }
}

/// What the interpreter computes.
fn expected(program: &Program, test: &Test<'_>) -> Vec<Vec<u8>> {
    let entry = &program.entries[0];
    let launch = interpreter::Launch {
        kernel: entry.kernel,
        grid: test.grid,
        block: test.block,
        dynamic_shared: test.dynamic_shared,
        args: Vec::new(),
        buffers: test.buffers.clone(),
        globals: Vec::new(),
        bindings: entry.bindings.iter().map(|b| (b.global, b.binding as usize - 1)).collect(),
        options: interpreter::Options::default(),
    };
    interpreter::run(&program.module, &launch).unwrap_or_else(|fault| panic!("{fault:?}")).buffers
}

fn on_device(device: &mut Device, program: &Program, test: &Test<'_>, options: &SpirvOptions) -> Vec<Vec<u8>> {
    let words = spirv::emit(program, options).unwrap_or_else(|error| panic!("{error}"));
    let names = spirv::names(program, options);
    let mut launch = Launch::new(Module::Spirv { words }, names.entries[0].entry_point.clone(), LIMIT);
    if options.block.is_none() {
        for (name, size) in names.block_constants().iter().zip(test.block) {
            launch.constant(*name, f64::from(size));
        }
    }
    if let (Some(name), None) = (&names.entries[0].dynamic_length, options.dynamic_shared_bytes) {
        launch.constant(name, f64::from(test.dynamic_shared / 4));
    }
    let uniform = launch.buffer(vec![0; 16]);
    launch.bind(0, SlotKind::Uniform, uniform);
    for (index, bytes) in test.buffers.iter().enumerate() {
        let buffer = launch.buffer(bytes.clone());
        launch.bind(index as u32 + 1, SlotKind::ReadWriteStorage, buffer).read_back(buffer);
    }
    let limit = device.info().limits.max_groups_per_dimension;
    launch.dispatch_grid(test.grid.map(u64::from), limit, uniform).expect("the grid folds");
    device.run(&launch).unwrap_or_else(|error| panic!("{error}")).buffers
}

/// Every device and every way of emitting agrees with the interpreter.
#[track_caller]
fn agree(name: &str, test: &Test<'_>) {
    let program = program(test.text);
    let expected = expected(&program, test);
    check_on_devices(name, &program, test, &expected);
}

#[track_caller]
fn check_on_devices(name: &str, program: &Program, test: &Test<'_>, expected: &[Vec<u8>]) {
    let needed = needed_features(&program.module, &program.entries[0]);
    on_every_device(name, |device| {
        let features = device_features(device);
        let lacks = |need: bool, has: bool| need && !has;
        if lacks(needed.int64, features.int64)
            || lacks(needed.float64, features.float64)
            || lacks(needed.float16, features.float16)
        {
            println!("left out: {name} on {}: it lacks a type", device.info().id);
            return;
        }
        let without_double = Features { float64: false, ..features };
        for (checked, block, features) in
            [(true, None, features), (false, Some(test.block), features), (false, Some(test.block), without_double)]
        {
            let options = SpirvOptions {
                checked,
                block,
                full_geometry: test.grid[1..] != [1, 1] || test.block[1..] != [1, 1],
                dynamic_shared_bytes: block.map(|_| u64::from(test.dynamic_shared)),
                features,
                ..Default::default()
            };
            let found = on_device(device, program, test, &options);
            for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                compare(&format!("{name} on {}, buffer {index}, {options:?}", device.info().id), found, expected);
            }
        }
    });
}

#[track_caller]
fn compare(what: &str, found: &[u8], expected: &[u8]) {
    if found == expected {
        return;
    }
    let (found, expected) = (words_of(found), words_of(expected));
    let differences: Vec<String> = found
        .iter()
        .zip(&expected)
        .enumerate()
        .filter(|(_, (found, expected))| found != expected)
        .take(24)
        .map(|(at, (f, e))| format!("[{at}] {f:#010x} ({}) for {e:#010x} ({})", f32::from_bits(*f), f32::from_bits(*e)))
        .collect();
    panic!("{what}:\n{}", differences.join("\n"));
}

fn random(seed: &mut u64) -> u32 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*seed >> 32) as u32
}

/// Integers where things happen.
const EDGES: [u32; 16] =
    [0, 1, 2, 3, 5, 31, 32, 33, 63, 64, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff, 0x1234_5678];

/// Floats where things happen: no denormals, which not all devices keep.
const FLOAT_EDGES: [f32; 24] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3.5,
    -0.99,
    1e10,
    -1e10,
    2147483520.0,
    2147483648.0,
    -2147483648.0,
    4294967040.0,
    4294967296.0,
    8388607.5,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::MAX,
    f32::MIN_POSITIVE,
    f32::NAN,
];

fn pairs<T: Copy>(values: &[T]) -> (Vec<T>, Vec<T>) {
    let left = values.iter().flat_map(|a| values.iter().map(move |_| *a)).collect();
    let right = values.iter().flat_map(|_| values.iter().copied()).collect();
    (left, right)
}

#[test]
fn integers_behave_as_on_nvidia() {
    let (left, right) = pairs(&EDGES);
    agree(
        "integers",
        &Test {
            text: "\
global a: [u32]
global b: [u32]
global out: [u32]
kernel k() {
  let i = blockIdx.x * blockDim.x + threadIdx.x
  if i < 256u32 {
    let x = a[i]
    let y = b[i]
    let s = i32(x)
    let t = i32(y)
    let at = i * 24u32
    out[at] = x / y
    out[at + 1u32] = x % y
    out[at + 2u32] = u32(s / t)
    out[at + 3u32] = u32(s % t)
    out[at + 4u32] = x << y
    out[at + 5u32] = x >> y
    out[at + 6u32] = u32(s >> t)
    out[at + 7u32] = mul_high(x, y)
    out[at + 8u32] = u32(mul_high(s, t))
    out[at + 9u32] = u32(pop_count(x)) | u32(count_leading_zeros(x)) << 8u32 | u32(count_trailing_zeros(x)) << 16u32
    out[at + 10u32] = reverse_bits(x) ^ ~y
    out[at + 11u32] = u32(min(s, t)) + max(x, y) + u32(abs(s)) + u32(-t)
    out[at + 12u32] = u32(s < t) | u32(x < y) << 1u32 | u32(s >= t) << 2u32 | u32(x == y) << 3u32
    out[at + 13u32] = s / -1 == t ? 1u32 : 2u32
    out[at + 14u32] = u32(s % 7 + s / 3) + x % 7u32 + x / 3u32
    out[at + 15u32] = (x << (y & 31u32)) + u32(s >> (y % 32u32))
    out[at + 16u32] = x * y + x - y
    out[at + 17u32] = bitcast<u32>(f32(s)) ^ bitcast<u32>(f32(x))
  }
}
",
            grid: [4, 1, 1],
            block: [64, 1, 1],
            dynamic_shared: 0,
            buffers: vec![bytes_of(&left), bytes_of(&right), vec![0; 256 * 24 * 4]],
        },
    );
}

#[test]
fn floats_behave_as_on_nvidia() {
    let bits = FLOAT_EDGES.map(f32::to_bits);
    let (left, right) = pairs(&bits);
    agree(
        "floats",
        &Test {
            text: "\
global a: [f32]
global b: [f32]
global out: [u32]
kernel k() {
  let i = blockIdx.x * blockDim.x + threadIdx.x
  if i < 576u32 {
    let x = a[i]
    let y = b[i]
    let at = i * 16u32
    out[at] = u32(i32(x))
    out[at + 1u32] = u32(x)
    out[at + 2u32] = u32(x < y) | u32(x <= y) << 1u32 | u32(x == y) << 2u32 | u32(x != y) << 3u32 | u32(bool(x)) << 4u32
    let low = min(x, y)
    out[at + 3u32] = low == low ? bitcast<u32>(low) : 7u32
    let high = max(x, y)
    out[at + 4u32] = high == high ? bitcast<u32>(high) : 7u32
    out[at + 5u32] = bitcast<u32>(copy_sign(x, y)) & 4290772992u32
    let f = floor(x)
    out[at + 6u32] = f == f ? bitcast<u32>(f) : 7u32
    let c = ceil(x)
    out[at + 7u32] = c == c ? bitcast<u32>(c) : 7u32
    let t = trunc(x)
    out[at + 8u32] = t == t ? bitcast<u32>(t) : 7u32
    let r = round_even(x)
    out[at + 9u32] = r == r ? bitcast<u32>(r) : 7u32
    let d = x - y
    out[at + 10u32] = d == d ? bitcast<u32>(d) : 7u32
    let m = x * y
    out[at + 11u32] = m == m && abs(m) > 0.000000001 ? bitcast<u32>(m) : 7u32
    let back = x + 100000000.0 - 100000000.0
    out[at + 12u32] = back == back ? bitcast<u32>(back) : 7u32
    let n = min(x, 3.0) + max(-2.0, x)
    out[at + 13u32] = n == n ? bitcast<u32>(n) : 7u32
    let q = abs(x) / 3.0 + sqrt(abs(y))
    out[at + 14u32] = q == q && y > 0.0001 && abs(x) > 0.0001 ? bitcast<u32>(q) : 7u32
  }
}
",
            grid: [9, 1, 1],
            block: [64, 1, 1],
            dynamic_shared: 0,
            buffers: vec![bytes_of(&left), bytes_of(&right), vec![0; 576 * 16 * 4]],
        },
    );
}

/// Triples that cancel, that lie half way between two floats, that are random.
fn triples() -> Vec<[f32; 3]> {
    let mut seed = 7;
    let mut triples = Vec::new();
    for _ in 0..3000 {
        let mut exponent = |low: u32, range: u32| (low + random(&mut seed) % range) << 23;
        let exponents = [exponent(90, 70), exponent(90, 70), exponent(60, 130)];
        let [a, b, c] = exponents.map(|e| f32::from_bits(e | random(&mut seed) & 0x807f_ffff));
        triples.push([a, b, c]);
        triples.push([a, b, -(a * b)]);
        triples.push([a, b, f32::from_bits((a * b).to_bits() ^ 0x8000_0000 ^ random(&mut seed) & 3)]);
        // A product with few digits, far from the addend: ties that the far end decides.
        let [x, y] = [a, b].map(|v| f32::from_bits(v.to_bits() & 0xffff_f000));
        triples.push([x, y, x * y * 8388608.0]);
        triples.push([x, y, x * y * 16777216.0 * 1.0000001]);
    }
    for a in FLOAT_EDGES {
        for b in FLOAT_EDGES {
            for c in FLOAT_EDGES {
                triples.push([a, b, c]);
            }
        }
    }
    triples
}

#[test]
fn fused_multiply_add_rounds_once() {
    let triples = triples();
    let column = |at: usize| bytes_of(&triples.iter().map(|t| t[at].to_bits()).collect::<Vec<_>>());
    // NaNs differ in their bits; denormal results are exact on every device.
    let bits = |[a, b, c]: &[f32; 3]| Some(a.mul_add(*b, *c)).filter(|r| !r.is_nan()).map_or(0x7fc0_0000, f32::to_bits);
    let expected = bytes_of(&triples.iter().map(bits).collect::<Vec<_>>());
    let text = "\
global a: [f32]
global b: [f32]
global c: [f32]
global out: [u32]
kernel k() {
  let i = blockIdx.x * blockDim.x + threadIdx.x
  if i < bits<u32>(COUNT) {
    let r = fma(a[i], b[i], c[i])
    out[i] = r == r ? bitcast<u32>(r) : 2143289344u32
  }
}
";
    let count = triples.len();
    let text = text.replace("COUNT", &count.to_string());
    let grid = [count.div_ceil(64) as u32, 1, 1];
    let buffers = vec![column(0), column(1), column(2), vec![0; count * 4]];
    let inputs: Vec<Vec<u8>> = buffers[..3].to_vec();
    let test = Test { text: &text, grid, block: [64, 1, 1], dynamic_shared: 0, buffers };
    let expected: Vec<Vec<u8>> = inputs.into_iter().chain([expected]).collect();
    check_on_devices("fma", &program(test.text), &test, &expected);
}

#[test]
fn shared_memory_votes_and_folded_grids() {
    agree(
        "block sums",
        &Test {
            text: "\
global data: [u32]
global sums: [u32]
global where: [u32]
dynamic shared partial: [u32] align 4
shared flags: [bool; 32]
fn rank() -> u32 {
  return threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)
}
fn add(p: *local [u32; 4], i: u32, v: u32) {
  p.*[i % 4u32] = p.*[i % 4u32] + v
}
kernel k() {
  let t = call rank()
  let b = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z)
  partial[t] = data[(b * 32u32 + t) % 1000u32]
  flags[t] = partial[t] % 3u32 == 0u32
  var bins: [u32; 4] = zero<[u32; 4]>
  barrier
  {
    var stride: u32 = 16u32
    for stride > 0u32 {
      if t < stride {
        partial[t] = partial[t] + partial[t + stride]
      }
      barrier
    } update {
      stride = stride / 2u32
    }
  }
  let any = vote.any(flags[t])
  let all = vote.all(flags[t])
  let count = vote.count(flags[31u32 - t])
  {
    var i: u32 = 0u32
    for i < 40u32 {
      if i == 30u32 {
        break
      }
      switch i % 5u32 {
        case 1u32, 2u32 {
          call add(&bins, i, 1u32)
        }
        case 3u32 {
          continue
        }
        case default {
          call add(&bins, i, 100u32)
          if i > 20u32 {
            break
          }
          call add(&bins, 0u32, 10000u32)
        }
      }
    } update {
      i = i + 1u32
    }
  }
  if t == 0u32 {
    sums[b] = partial[0] + u32(any) * 1000000u32 + u32(all) * 10000000u32 + u32(count) * 100000000u32
    where[b] = b == blockRank ? blockIdx.x + blockIdx.y * 256u32 + blockIdx.z * 65536u32 : 4294967295u32
  }
  atomic.add.device(&where[2000], bins[0] + bins[1] * 3u32 + bins[2] * 5u32 + bins[t % 4u32] + warpRank + lane)
}
",
            grid: [5, 20, 17],
            block: [4, 4, 2],
            dynamic_shared: 128,
            buffers: vec![bytes_of(&(0..1000).map(|i| i * i % 117).collect::<Vec<_>>()), vec![0; 1700 * 4], vec![0; 2004 * 4]],
        },
    );
}

#[test]
fn doubles_and_wide_integers() {
    let mut seed = 3;
    let mut doubles = vec![0.0, -0.0, 0.3, -0.3, 0.5, -0.5, 1.5, 2.5, -1.7, 1e10 + 0.25, -1e15 - 0.5, 4503599627370497.5, 1e300];
    doubles.extend([f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 9.3e18, -9.3e18, 1.9e19, 2147483647.9, -2147483648.9, 1e-200]);
    let edges = [0, 1, 3, 63, 64, 65, u64::MAX, 1 << 63, (1 << 63) - 1, 0xffff_ffff, 1 << 32, 0x1234_5678_9abc_def0];
    doubles.extend((0..42).map(|_| f64::from(random(&mut seed)) * 1e-5 - 20000.0));
    let wide: Vec<u64> = (0..64).map(|i| edges.get(i).copied().unwrap_or(u64::from(random(&mut seed)) << 32 | 77)).collect();
    doubles.truncate(64);
    let bytes = |values: &[u64]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let bits: Vec<u64> = doubles.iter().map(|v| v.to_bits()).collect();
    agree(
        "wide numbers",
        &Test {
            text: "\
global d: [f64]
global v: [u64]
global out: [u64]
kernel k() {
  let i = blockIdx.x * blockDim.x + threadIdx.x
  let x = d[i / 64u32]
  let z = d[i % 64u32]
  let p = v[i / 64u32]
  let q = v[i % 64u32]
  let s = i64(p)
  let t = i64(q)
  let at = i * 16u32
  let a = floor(x) + ceil(x) * 3.0f64 - trunc(z) + round_even(z)
  out[at] = a == a ? bitcast<u64>(a) : 7u64
  out[at + 1u32] = u64(i64(x)) ^ u64(x)
  out[at + 2u32] = u64(i32(x)) + u64(u32(x))
  let m = min(x, z) - max(x, z)
  out[at + 3u32] = m == m ? bitcast<u64>(m) : 7u64
  let f = fma(x, z, 1.5f64)
  out[at + 4u32] = f == f ? bitcast<u64>(f) : 7u64
  out[at + 5u32] = p / q + p % q * 3u64
  out[at + 6u32] = u64(s / t + s % t * 5i64)
  out[at + 7u32] = (p << q) + (p >> q) + u64(s >> t)
  out[at + 8u32] = mul_high(p, q) ^ u64(mul_high(s, t))
  out[at + 9u32] = u64(pop_count(p) + count_leading_zeros(p) * 100 + count_trailing_zeros(q) * 10000) + reverse_bits(q)
  out[at + 10u32] = u64(bitcast<u32>(f32(s))) + u64(bitcast<u32>(f32(p))) * 4294967296u64
  out[at + 11u32] = bitcast<u64>(f64(s)) ^ bitcast<u64>(f64(p))
  let n = f32(x)
  out[at + 12u32] = n == n ? u64(bitcast<u32>(n)) : 7u64
  out[at + 13u32] = bitcast<u64>(copy_sign(x, z)) & 18410715276690587648u64
  let q2 = x / z + sqrt(abs(x))
  out[at + 14u32] = q2 == q2 ? bitcast<u64>(q2) : 7u64
  let narrow = f64(f32(x)) + f64(f32(i64(z)))
  out[at + 15u32] = narrow == narrow ? bitcast<u64>(narrow) : 7u64
}
",
            grid: [64, 1, 1],
            block: [64, 1, 1],
            dynamic_shared: 0,
            buffers: vec![bytes(&bits), bytes(&wide), vec![0; 64 * 64 * 16 * 8]],
        },
    );
}

#[test]
fn halves() {
    let mut seed = 11;
    let mut floats: Vec<f32> =
        vec![0.0, -0.0, 1.0, 2049.0, 2051.0, 65504.0, 65519.9, 65520.0, 1e9, -1e9, 0.1, -3.3, f32::INFINITY];
    floats.extend((floats.len()..64).map(|_| f32::from_bits(random(&mut seed) % (26 << 23) + (113 << 23))));
    let doubles: Vec<u8> = (0..64u32)
        .flat_map(|i| {
            // Half way between two halves, and a little to one side: a way over f32 rounds twice.
            let half = f64::from(1024 + i % 7) + 0.5;
            (half + [0.0, 1e-9, -1e-9, 0.25][i as usize % 4]).to_bits().to_le_bytes()
        })
        .collect();
    agree(
        "halves",
        &Test {
            text: "\
global a: [f32]
global d: [f64]
global out: [u32]
kernel k() {
  let i = blockIdx.x * blockDim.x + threadIdx.x
  let x = f16(a[i / 64u32])
  let y = f16(a[i % 64u32])
  let z = f16(d[i % 64u32])
  let at = i * 16u32
  let s = f32(x + y)
  out[at] = s == s ? bitcast<u32>(s) : 7u32
  let p = f32(x * y)
  out[at + 1u32] = p == p && abs(p) > 0.0001 ? bitcast<u32>(p) : 7u32
  let q = f32(x / y)
  out[at + 2u32] = q == q && abs(q) > 0.0001 ? bitcast<u32>(q) : 7u32
  let f = f32(fma(x, y, f16(1.0)))
  out[at + 3u32] = f == f ? bitcast<u32>(f) : 7u32
  let m = f32(min(x, y)) - f32(max(x, y))
  out[at + 4u32] = m == m ? bitcast<u32>(m) : 7u32
  out[at + 5u32] = bitcast<u32>(f32(copy_sign(x, y)))
  out[at + 6u32] = u32(i32(x)) + u32(x < y) * 65536u32 + u32(x != y) * 131072u32
  out[at + 7u32] = bitcast<u32>(f32(z))
  out[at + 8u32] = bitcast<u32>(f32(f16(i)) + f32(f16(i32(i) * -17)))
  let r = f32(floor(x)) + f32(ceil(y)) * 3.0 + f32(round_even(x)) - f32(trunc(y)) + f32(abs(x))
  out[at + 9u32] = r == r ? bitcast<u32>(r) : 7u32
  let t = f32(sqrt(abs(x)))
  out[at + 10u32] = t == t ? bitcast<u32>(t) : 7u32
}
",
            grid: [64, 1, 1],
            block: [64, 1, 1],
            dynamic_shared: 0,
            buffers: vec![bytes_of(&floats.iter().map(|v| v.to_bits()).collect::<Vec<_>>()), doubles, vec![0; 64 * 64 * 16 * 4]],
        },
    );
}
