use super::*;

#[test]
fn saxpy_with_a_guard() {
    let text = "
kernel saxpy(x: *global f32, y: *global f32, n: i32, a: f32) {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  if i < n {
    y[i] = fma(a, x[i], y[i])
  }
}
";
    let x = f32s(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let (module, launch) = launch(text, 2, 4, vec![x, f32s(&[1.0; 5])], &[5, u64::from(2f32.to_bits())]);
    let outcome = run(&module, &launch).unwrap();
    assert_eq!(outcome.buffers[1], f32s(&[3.0, 5.0, 7.0, 9.0, 11.0]));
    assert_eq!(outcome.statistics.threads, 8);
}

#[test]
fn loops_and_their_exits() {
    check_body(
        "
  var sum: u32 = 0u32
  {
    var i: u32 = 0u32
    for i < 10u32 {
      if i == 3u32 {
        continue
      }
      if i == 6u32 {
        break
      }
      sum = sum + i
    } update {
      i = i + 1u32
    }
  }
  out[0] = sum
  var n: u32 = 0u32
  do {
    n = n + 1u32
  } until n >= 3u32
  out[1] = n
  while {
    n = n * 2u32
    if n > 50u32 {
      break
    }
  }
  out[2] = n",
        1,
        &[12, 3, 96],
    );
}

#[test]
fn switches() {
    check_body(
        "
  var r: u32 = 0u32
  let t = i32(threadIdx.x) - 1
  switch t {
    case -1 {
      r = 1u32
    } fallthrough
    case 0, 7 {
      r = r + 10u32
    }
    case default {
      r = 5u32
    } fallthrough
    case 2 {
      if t == 2 {
        break
      }
      r = r + 100u32
    }
  }
  out[threadIdx.x] = r",
        4,
        &[11, 10, 105, 0],
    );
}

#[test]
fn continue_in_a_switch_goes_to_the_loop() {
    check_body(
        "
  var i: u32 = 0u32
  var sum: u32 = 0u32
  for i < 5u32 {
    switch i {
      case 2u32 {
        continue
      }
      case default {
        break
      }
    }
    sum = sum + i
  } update {
    i = i + 1u32
  }
  out[0] = sum",
        1,
        &[8],
    );
}

#[test]
fn calls_pass_and_return_aggregates() {
    check(
        "
struct Pair size 12 align 4 {
  a: u32 @0
  b: [u32; 2] @4
}
fn swap(pair: Pair, by: u32) -> Pair {
  var copy: Pair = pair
  copy.a = (pair).b.#1 + by
  copy.b[1] = (pair).a
  return copy
}
kernel k(out: *global u32) {
  var p: Pair = Pair(1u32, [u32; 2](2u32, 3u32))
  let q = call swap((p), 10u32)
  out[0] = q.a
  out[1] = q.b.#0
  out[2] = q.b.#1
  cast<*global Pair>(&out[3]).* = q
}
",
        1,
        &[13, 2, 1, 13, 2, 1],
    );
}

#[test]
fn vectors_and_bitcasts() {
    check_body(
        "
  var v: f32x4 = f32x4(1.0, 2.0, 3.0, 4.0)
  v.z = v.x + v.w
  cast<*global f32x4>(out).* = v
  let w = bitcast<u32x4>((v))
  out[4] = w.z
  out[5] = bitcast<u32>(f16x2(1.0f16, -2.0f16))",
        1,
        &[0x3f80_0000, 0x4000_0000, 0x40a0_0000, 0x4080_0000, 0x40a0_0000, 0xc000_3c00],
    );
}

#[test]
fn pointers_in_memory_and_as_integers() {
    check_body(
        "
  var x: u32 = 7u32
  var p: *local u32 = &x
  var pp: *local *local u32 = &p
  pp.*.* = 8u32
  out[0] = x
  let back = pointer<*global u32>(address(out) + 4u64)
  back.* = 9u32
  out[2] = u32(diff(&out[5], back))
  out[3] = u32(address(out) % 256u64)
  out[4] = u32(&out[1] == back && !(cast<*generic u8>(&x) == zero<*generic u8>))",
        1,
        &[8, 9, 4, 0, 1],
    );
}

#[test]
fn lazy_operands() {
    check_body(
        "
  let far = &out[1000]
  out[0] = threadIdx.x == 5u32 ? far.* : 3u32
  let no = threadIdx.x != 0u32 && far.* == 1u32
  let yes = threadIdx.x == 0u32 || far.* == 1u32
  out[1] = u32(no) * 2u32 + u32(yes)
  var c: bool = true
  c = !c || c && c
  out[2] = u32(c)",
        1,
        &[3, 1, 1],
    );
}

#[test]
fn block_reduction_in_shared_memory() {
    check(
        "
shared tile: [u32; 64]
kernel k(out: *global u32) {
  tile[threadIdx.x] = threadIdx.x
  barrier
  var step: u32 = 32u32
  for step > 0u32 {
    if threadIdx.x < step {
      tile[threadIdx.x] = tile[threadIdx.x] + tile[threadIdx.x + step]
    }
    barrier
  } update {
    step = step >> 1
  }
  if threadIdx.x == 0u32 {
    out[0] = tile[0]
  }
  let n = vote.count(threadIdx.x < 10u32)
  let any = vote.any(threadIdx.x == 63u32)
  let all = vote.all(threadIdx.x == 63u32)
  let same = broadcast(tile[0])
  out[1] = u32(n)
  out[2] = u32(any)
  out[3] = u32(all)
  out[4] = same
}
",
        64,
        &[2016, 10, 1, 0, 2016],
    );
}

#[test]
fn early_return_before_a_barrier() {
    check(
        "
shared flag: u32
kernel k(out: *global u32) {
  if threadIdx.x >= 2u32 {
    return
  }
  if threadIdx.x == 1u32 {
    flag = 5u32
  }
  barrier
  out[threadIdx.x] = flag
}
",
        4,
        &[5, 5, 0],
    );
}

#[test]
fn atomics() {
    check(
        "
global counter: u32
kernel k(out: *global u32) {
  let old = atomic.add.device(&counter, 2u32)
  out[old / 2u32] = threadIdx.x
  atomic.max.device(&out[4], threadIdx.x)
  let inc = atomic.inc.device(&out[5], 2u32)
  let dec = atomic.dec.device(&out[6], 2u32)
  let cas = atomic.compare_exchange.device(&out[7], threadIdx.x, threadIdx.x + 1u32)
  atomic.add.device(cast<*global f32>(&out[8]), 0.5)
  atomic.sub.device(&out[9], 1u32)
  let now = atomic.load.device(&out[9], 0u32)
  if threadIdx.x == 3u32 {
    atomic.store.device(&out[10], now)
  }
}
",
        4,
        &[0, 1, 2, 3, 3, 1, 2, 4, 2f32.to_bits(), -4i32 as u32, -4i32 as u32],
    );
}

#[test]
fn a_thread_may_spin_on_another_one() {
    let (module, launch) = launch(
        "
shared flag: u32
kernel k(out: *global u32) {
  if threadIdx.x == 0u32 {
    while out[0] == 0u32 {
    }
    out[1] = 1u32
  } else {
    out[0] = 1u32
  }
}
",
        1,
        2,
        vec![vec![0; 8]],
        &[],
    );
    let launch = Launch { options: Options::default(), ..launch };
    assert_eq!(to_u32s(&run(&module, &launch).unwrap().buffers[0]), [1, 1]);
}

#[test]
fn module_variables_and_dynamic_shared_memory() {
    let (module, mut launch) = launch(
        "
constant table: [u32; 2] = hex 0500000006000000
global total: u32
dynamic shared bytes: [u8] align 16
dynamic shared words: [u32]
kernel k(out: *global u32) {
  words[1] = 257u32
  out[0] = u32(bytes[4]) + u32(bytes[5])
  out[1] = table[1]
  total = total + table[0]
}
",
        2,
        1,
        vec![vec![0; 8]],
        &[],
    );
    launch.dynamic_shared = 8;
    launch.globals = vec![("total".into(), u32s(&[100]))];
    let outcome = run(&module, &launch).unwrap();
    assert_eq!(to_u32s(&outcome.buffers[0]), [2, 6]);
    assert_eq!(outcome.globals[1], ("total".to_owned(), u32s(&[110])));
}

#[test]
fn variables_bound_to_buffers() {
    let (module, mut launch) = launch(
        "
global data: [u32]
kernel k() {
  data[threadIdx.x] = data[threadIdx.x] * 2u32
}
",
        1,
        3,
        vec![],
        &[],
    );
    launch.buffers = vec![u32s(&[1, 2, 3])];
    launch.bindings = vec![(module.tables.globals.handles().next().unwrap(), 0)];
    assert_eq!(to_u32s(&run(&module, &launch).unwrap().buffers[0]), [2, 4, 6]);
}

#[test]
fn geometry_of_blocks() {
    let text = "
kernel k(out: *global u32) {
  out[blockRank * 8u32 + threadRank] = blockIdx.x + 10u32 * blockIdx.y + 100u32 * threadIdx.y + 1000u32 * threadIdx.x
}
";
    let (module, mut launch) = launch(text, 1, 1, vec![vec![0; 4 * 16]], &[]);
    (launch.grid, launch.block) = ([1, 2, 1], [4, 2, 1]);
    let outcome = run(&module, &launch).unwrap();
    let out = to_u32s(&outcome.buffers[0]);
    assert_eq!(out[8..], [10, 1010, 2010, 3010, 110, 1110, 2110, 3110]);
}

#[test]
fn printf_writes_in_the_order_of_the_threads() {
    let text = "
constant word: [u8; 3] = hex 686900
kernel k(out: *global u32) {
  printf(\"%d: %5.1f %s\\n\", threadIdx.x, f64(threadIdx.x) / 2.0f64, &word[0])
}
";
    let (module, mut launch) = launch(text, 1, 2, vec![vec![0; 4]], &[]);
    assert_eq!(run(&module, &launch).unwrap().output, b"0:   0.0 hi\n1:   0.5 hi\n");
    launch.options.order = ThreadOrder::Descending;
    assert_eq!(run(&module, &launch).unwrap().output, b"0:   0.0 hi\n1:   0.5 hi\n");
}

/// Both threads find the place free before one of them takes it, only if they run in lockstep.
#[test]
fn interleaved_threads_take_a_step_each_in_turn() {
    let text = "
kernel k(out: *global u32) {
  if out[0] == 0u32 {
    atomic.exchange.device(&out[0], 1u32)
    atomic.add.device(&out[1], 1u32)
  }
}
";
    let (module, mut launch) = launch(text, 1, 4, vec![vec![0; 8]], &[]);
    let taken = |launch: &Launch| to_u32s(&run(&module, launch).unwrap().buffers[0])[1];
    assert_eq!(taken(&launch), 1);
    launch.options.order = ThreadOrder::Descending;
    assert_eq!(taken(&launch), 1);
    launch.options.order = ThreadOrder::Interleaved;
    assert_eq!(taken(&launch), 4);
}

#[test]
fn an_order_visits_everyone_once() {
    for count in 1..70 {
        for seed in [0, 1, 7, 100] {
            let mut seen: Vec<usize> = (0..count).map(|turn| ThreadOrder::Shuffled(seed).pick(turn, count)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..count).collect::<Vec<_>>());
        }
    }
}

/// Operators with instructions of their own give what the functions give that serve all types.
#[test]
fn common_operators_are_as_the_others() {
    let edges =
        [0u32, 1, 2, 31, 32, 33, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff, 0x3fc0_0000, 0x7f80_0000, 0x7fc0_0001];
    let pairs: Vec<(u32, u32)> = edges.iter().flat_map(|&a| edges.iter().map(move |&b| (a, b))).collect();
    let (left, right): (Vec<u32>, Vec<u32>) = pairs.iter().copied().unzip();
    let ints = ["&", "|", "^", "+", "-", "*", "<<", ">>"];
    let floats = ["+", "-", "*"];
    let of = |list: &[&'static str], scalar: ir::Scalar| list.iter().map(|&op| (op, scalar)).collect::<Vec<_>>();
    for (op, scalar) in [of(&ints, ir::Scalar::I32), of(&ints, ir::Scalar::U32), of(&floats, ir::Scalar::F32)].concat() {
        let ty = scalar.name();
        let params = format!("a: *global {ty}, b: *global {ty}, out: *global {ty}");
        let text = format!("kernel k({params}) {{\n  let i = threadIdx.x\n  out[i] = a[i] {op} b[i]\n}}\n");
        let buffers = vec![u32s(&left), u32s(&right), vec![0; pairs.len() * 4]];
        let (module, launch) = launch(&text, 1, pairs.len() as u32, buffers, &[]);
        let outcome = run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}"));
        let operator = [
            ("&", ir::BinaryOp::And),
            ("|", ir::BinaryOp::Or),
            ("^", ir::BinaryOp::Xor),
            ("+", ir::BinaryOp::Add),
            ("-", ir::BinaryOp::Sub),
            ("*", ir::BinaryOp::Mul),
            ("<<", ir::BinaryOp::Shl),
            (">>", ir::BinaryOp::Shr),
        ];
        let (_, operator) = operator.into_iter().find(|(text, _)| *text == op).expect("one of these");
        let function = super::numbers::binary(operator, scalar).expect("the operator is there");
        let canonical = |bits: u32| super::numbers::canonical(scalar, bits.into());
        let expected: Vec<u32> = pairs.iter().map(|&(a, b)| function(canonical(a), canonical(b)) as u32).collect();
        assert_eq!(to_u32s(&outcome.buffers[2]), expected, "{op} {scalar:?}");
    }
}
