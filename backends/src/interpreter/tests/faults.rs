use super::*;

#[test]
fn out_of_bounds() {
    check_body_fault(
        "  out[threadIdx.x * 5u32] = 1u32",
        8,
        "E0620: 4 bytes of `out` (64 bytes) at byte 80 are out of bounds (block (0, 0, 0), thread (4, 0, 0))",
    );
    check_body_fault(
        "  out[-1] = 1u32",
        1,
        "E0620: 4 bytes of `out` (64 bytes) at byte -4 are out of bounds (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_body_fault(
        "  var a: [u32; 4]\n  let i = threadIdx.x + 4u32\n  a[i] = 1u32",
        1,
        "E0620: 4 bytes of `a` (16 bytes) at byte 16 are out of bounds (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_fault(
        "shared tile: [u32; 4]\nkernel k(out: *global u32) {\n  let old = atomic.add.block(&tile[4], 1u32)\n}\n",
        1,
        "E0620: 4 bytes of `tile` (16 bytes) at byte 16 are out of bounds (block (0, 0, 0), thread (0, 0, 0))",
    );
}

#[test]
fn a_fault_has_its_place() {
    let text = "kernel k(out: *global u32) {\n  out[0] = 1u32\n  out[16] = out[17]\n}\n";
    let fault = fault_of(text, 1, Options::default());
    let start = text.find("out[17]").unwrap() as u32 + 1;
    assert_eq!(fault.span, source::Span::new(start, start + 7));
    assert_eq!(fault.diagnostic().notes, ["block (0, 0, 0), thread (0, 0, 0)"]);
}

#[test]
fn misaligned() {
    check_body_fault(
        "  cast<*global u32x2>(&out[1]).* = zero<u32x2>",
        1,
        "E0621: `out` (64 bytes) at byte 4 is not aligned to 8 bytes (block (0, 0, 0), thread (0, 0, 0))",
    );
}

#[test]
fn null_and_wild_pointers() {
    check_body_fault(
        "  let p = zero<*global u32>\n  p[2] = 1u32",
        1,
        "E0622: access through a null pointer, address 0x8 (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_body_fault(
        "  pointer<*global u32>(1311768467463790320u64).* = 1u32",
        1,
        "E0623: address 0x123456789abcdef0 points to no memory (block (0, 0, 0), thread (0, 0, 0))",
    );
}

#[test]
fn dead_locals() {
    let fault = fault_of(
        "
kernel k(out: *global u32) {
  var p: *local u32
  {
    var x: u32 = 1u32
    p = &x
  }
  p.* = 2u32
}
",
        1,
        Options::default(),
    );
    assert_eq!(fault.kind.code().as_str(), "E0624");
    let fault = fault_of(
        "
fn f() -> *local u32 {
  var x: u32 = 1u32
  return &x
}
kernel k(out: *global u32) {
  let p = call f()
  out[0] = p.*
}
",
        1,
        Options::default(),
    );
    assert_eq!(fault.kind.code().as_str(), "E0624");
}

#[test]
fn undefined_values() {
    check_fault(
        "shared tile: [u32; 4]\nkernel k(out: *global u32) {\n  tile[1] = 1u32\n  out[0] = tile[1] + tile[0]\n}\n",
        1,
        "E0625: `tile` (16 bytes) at byte 0 is read before it is written (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_body_fault(
        "  var x: u32\n  if threadIdx.x > 0u32 {\n    x = 1u32\n  }\n  out[0] = x",
        2,
        "E0625: the variable `x` is read before it has a value (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_body_fault(
        "  var a: [u32; 2]\n  a[1] = 1u32\n  out[0] = a[0]",
        1,
        "E0625: the variable `a` is read before it has a value (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_body_fault("  out[0] = undef<u32> + 1u32", 1, "E0625: an undefined value is used (block (0, 0, 0), thread (0, 0, 0))");
}

#[test]
fn undefined_values_may_be_moved_but_decide_nothing() {
    let text = |body: &str| {
        format!(
            "shared tile: [u32; 4]
fn next(x: u32) -> u32 {{
  return x + 1u32
}}
kernel k(out: *global u32) {{
  var none: u32
  tile[1] = tile[0] + none
  let y = call next(tile[1])
  let z = warp.shuffle(y, 0, 32)
  var w: u32 = z
{body}
}}
"
        )
    };
    check(&text("  w = 3u32\n  tile[1] = w\n  out[0] = tile[1]"), 1, &[3]);
    let uses = [
        "  out[0] = w",
        "  out[tile[1]] = 1u32",
        "  let old = atomic.add.block(&tile[2], 1u32)",
        "  atomic.add.device(out, w)",
        "  let all = warp.all(w == 1u32)",
        "  printf(\"%u\", z)",
    ];
    for use_of_it in uses {
        let fault = fault_of(&text(use_of_it), 1, Options::default());
        assert_eq!(fault.kind.code().as_str(), "E0625", "{use_of_it}");
    }
    for branch in ["  if w > 1u32 {\n  }", "  switch w {\n  }", "  out[0] = w > 1u32 ? 1u32 : 2u32"] {
        let (module, launch) = launch(&text(branch), 1, 1, vec![vec![0; 64]], &[]);
        assert!(run(&module, &launch).is_ok(), "{branch}");
        let fault = fault_of(&text(branch), 1, Options { sanitize: true, ..Options::default() });
        assert_eq!(fault.kind.code().as_str(), "E0625", "{branch}");
    }
}

#[test]
fn undefined_bytes_may_be_copied_with_their_struct() {
    let text = |store: &str| {
        format!(
            "
struct Pair size 8 align 4 {{
  a: u8 @0
  b: u32 @4
}}
kernel k(out: *global u32) {{
  var p: Pair
  p.a = 1u8
  var q: Pair = p
  q.b = 2u32
  p = q
  out[0] = u32(p.a) + p.b
  {store}
}}
"
        )
    };
    check(&text("cast<*global Pair>(&out[2]).* = p"), 1, &[3, 0, 1, 2]);
    let fault = fault_of(&text("cast<*global Pair>(&out[2]).* = Pair(undef<u8>, 2u32)"), 1, Options::default());
    assert_eq!(*fault.kind, FaultKind::Undefined);
}

#[test]
fn writes_to_constant_memory() {
    let fault =
        fault_of("constant c: u32\nkernel k(out: *global u32) {\n  cast<*generic u32>(&c).* = 1u32\n}\n", 1, Options::default());
    assert_eq!(fault.kind.to_string(), "`c` (4 bytes) at byte 0 is read only");
}

#[test]
fn divergent_barriers() {
    check_body_fault(
        "  if threadIdx.x < 2u32 {\n    barrier\n  } else {\n    barrier\n  }",
        4,
        "E0627: 2 threads of the block wait at this barrier, and 2 live ones at another place that they cannot leave (block (0, 0, 0), thread (0, 0, 0))",
    );
}

#[test]
fn divergent_warps() {
    check_body_fault(
        "  if lane < 2u32 {\n    warp_barrier[15u32]\n  } else {\n    let all = warp.all[15u32](true)\n  }",
        4,
        "E0628: lanes 0x0000000c of the mask 0x0000000f never come to this warp operation (block (0, 0, 0), thread (0, 0, 0))",
    );
    check_body_fault(
        "  warp_barrier[1u32]",
        2,
        "E0628: lane 1 takes part in a warp operation whose mask 0x00000001 leaves it out (block (0, 0, 0), thread (1, 0, 0))",
    );
    check_body_fault(
        "  let v = warp.shuffle(lane, 0, 5)",
        2,
        "E0630: the width 5 of a shuffle is none of 2, 4, 8, 16, 32 (block (0, 0, 0), thread (0, 0, 0))",
    );
}

#[test]
fn a_mask_error_names_both_places() {
    let text = "kernel k(out: *global u32) {\n  if lane < 2u32 {\n    warp_barrier[15u32]\n  } else {\n    barrier\n  }\n}\n";
    let fault = fault_of(text, 4, Options::default());
    let FaultKind::DivergentWarp { missing, elsewhere, .. } = *fault.kind else { panic!("{fault}") };
    assert_eq!((missing, elsewhere.thread.thread), (12, [2, 0, 0]));
    assert_eq!(&text[fault.span.lo as usize - 1..fault.span.hi as usize - 1], "warp_barrier[15u32]");
    assert_eq!(&text[elsewhere.span.lo as usize - 1..elsewhere.span.hi as usize - 1], "barrier");
}

#[test]
fn shuffles_from_inactive_lanes_are_reported_on_request() {
    let text = "kernel k(out: *global u32) {\n  let v = warp.shuffle(lane, 5, 32)\n  out[lane] = v\n}\n";
    let fault = fault_of(text, 2, Options { sanitize: true, ..Options::default() });
    assert_eq!(*fault.kind, FaultKind::InactiveLane { lane: 0, source_lane: 5 });
    check(text, 2, &[0, 1]);
}

#[test]
fn broadcasts_of_different_values() {
    let fault = fault_of("kernel k(out: *global u32) {\n  let v = broadcast(threadIdx.x)\n}\n", 2, Options::default());
    assert_eq!(*fault.kind, FaultKind::BroadcastDiffers);
}

#[test]
fn endless_loops() {
    check_body_fault(
        "  while {\n  }",
        1,
        "E0632: did not finish within 100000 steps of one thread (block (0, 0, 0), thread (0, 0, 0))",
    );
}

#[test]
fn assertions_and_traps() {
    check_body_fault(
        "  assert(threadIdx.x < 1u32, \"x < 1\", \"a.cu\", 3, \"void k()\")",
        2,
        "E0633: assertion `x < 1` failed (block (0, 0, 0), thread (1, 0, 0))",
    );
    check_body_fault("  trap", 1, "E0634: the kernel trapped (block (0, 0, 0), thread (0, 0, 0))");
}

#[test]
fn missing_returns() {
    let fault = fault_of("fn f() -> u32 {\n}\nkernel k(out: *global u32) {\n  let x = call f()\n}\n", 1, Options::default());
    assert_eq!(*fault.kind, FaultKind::MissingReturn);
}

#[test]
fn data_races() {
    let sanitize = Options { sanitize: true, ..Options::default() };
    let text = |body: &str| format!("shared tile: [u32; 64]\nkernel k(out: *global u32) {{\n{body}\n}}\n");
    let racy = text("  tile[threadIdx.x] = 1u32\n  out[threadIdx.x & 15u32] = tile[63u32 - threadIdx.x]");
    // Without the sanitizer this is a read of memory that is not yet written.
    assert_eq!(fault_of(&racy, 64, Options::default()).kind.code().as_str(), "E0625");
    let racy = text("  out[0] = threadIdx.x");
    let fault = fault_of(&racy, 2, sanitize);
    assert_eq!(
        fault.kind.to_string(),
        "data race on `out` (64 bytes) at byte 0: a write by thread 1 of block 0 and, with no order between them, a write by thread 0 of block 0"
    );
    let racy = text("  let v = out[0]\n  if threadIdx.x == 3u32 {\n    out[0] = v\n  }");
    assert_eq!(fault_of(&racy, 4, sanitize).kind.code().as_str(), "E0637");
    for fine in [
        "  tile[threadIdx.x] = 1u32\n  barrier\n  let v = tile[63u32 - threadIdx.x]",
        "  let old = atomic.add.device(&out[0], 1u32)",
        "  let old = out[0]\n  let new = atomic.compare_exchange.device(&out[0], old, old + 1u32)",
        "  tile[lane] = 1u32\n  warp_barrier\n  let v = tile[lane ^ 1u32]",
    ] {
        let threads = if fine.contains("warp_barrier") { 32 } else { 64 };
        let (module, mut launch) = launch(&text(fine), 1, threads, vec![vec![0; 64]], &[]);
        launch.options.sanitize = true;
        run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}"));
    }
}

/// Noted are the bytes of wide accesses that race, and the launch goes on.
#[test]
fn races_on_more_than_a_word() {
    let torn = |ty: &str, threads| {
        let text =
            format!("kernel k(out: *global {ty}) {{\n  let v = out[1]\n  if threadIdx.x == 1u32 {{\n    out[1] = v\n  }}\n}}\n");
        let (module, mut launch) = launch(&text, 1, threads, vec![vec![0; 64]], &[]);
        launch.options.note_torn = true;
        run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}")).torn
    };
    assert_eq!(torn("u64", 3), BTreeMap::from([(0, BTreeSet::from_iter(8..16))]));
    assert!(torn("u32", 3).is_empty() && torn("u64", 1).is_empty());
}

#[test]
fn launches_that_do_not_fit() {
    let (module, mut launch) = launch("kernel k(out: *global u32) {\n}\n", 1, 1, vec![vec![0; 4]], &[1]);
    assert_eq!(
        run(&module, &launch).unwrap_err().to_string(),
        "E0666: the launch does not fit the kernel: `k` takes 1 arguments, not 2"
    );
    launch.args = vec![ArgValue::Scalar(3)];
    assert!(run(&module, &launch).is_ok());
    launch.args = vec![ArgValue::Bytes(vec![1])];
    assert!(run(&module, &launch).is_err());
    launch.block = [0, 1, 1];
    assert!(run(&module, &launch).is_err());
}
