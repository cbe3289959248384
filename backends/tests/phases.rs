//! Kernels with barriers of the grid: the interpreter with all blocks alive, and phase by phase behind the shader passes.

use backends::interpreter::{self, ArgValue, FaultKind, Launch, run_legal};
use backends::shader::{Options, Program, Refusal, legalise};

fn parse(body: &str) -> ir::Module {
    let text = format!("shared tile: [u32; 8]\nshared one: u32\nkernel k(a: *global u32, n: u32) {{\n{body}\n}}\n");
    ir::text::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn program(module: &ir::Module) -> Result<Program, Vec<Refusal>> {
    let kernels: Vec<_> = module.kernels().collect();
    legalise(module, &kernels, &Options::default())
}

fn launch(module: &ir::Module, n: u32) -> Launch {
    Launch {
        kernel: module.kernels().last().expect("a kernel"),
        grid: [3, 2, 1],
        block: [4, 2, 1],
        dynamic_shared: 0,
        args: vec![ArgValue::Pointer { buffer: 0, offset: 0 }, ArgValue::Scalar(n.into())],
        buffers: vec![(0..64u32).flat_map(u32::to_le_bytes).collect()],
        globals: Vec::new(),
        bindings: Vec::new(),
        options: interpreter::Options { sanitize: true, ..interpreter::Options::default() },
    }
}

/// Both ways leave the same memory; gives it, and the number of phases.
#[track_caller]
fn check(body: &str, n: u32) -> (Vec<u32>, u32) {
    let module = parse(body);
    let launch = launch(&module, n);
    let free = interpreter::run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}\n{body}"));
    let program = program(&module).unwrap_or_else(|refusals| panic!("{refusals:?}\n{body}"));
    let legal = run_legal(&program, 0, &launch).unwrap_or_else(|error| panic!("{error}\n{}", ir::text::print(&program.module)));
    assert_eq!(free.buffers, legal.buffers, "{body}");
    let words = free.buffers[0].chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    (words.collect(), program.entries[0].phases.expect("phases"))
}

const RANK: &str = "  let i = blockRank * 8u32 + threadRank\n";

#[test]
fn values_and_variables_live_on() {
    let body = format!(
        "{RANK}  let x = a[47u32 - i]\n  var y: u32 = x + 1u32\n  grid_barrier\n  a[i] = x * 100u32 + y\n  y = y + 1u32\n  grid_barrier\n  a[i] = a[i] + y\n"
    );
    let (words, phases) = check(&body, 0);
    assert_eq!(phases, 3);
    assert_eq!(words[..3], [47 * 100 + 48 + 49, 46 * 100 + 47 + 48, 45 * 100 + 46 + 47]);
}

#[test]
fn shared_memory_lives_on() {
    let body = format!(
        "{RANK}  tile[threadRank] = i\n  if threadRank == 0u32 {{\n    one = blockRank\n  }}\n  grid_barrier\n  a[i] = tile[7u32 - threadRank] + one * 1000u32\n"
    );
    let (words, _) = check(&body, 0);
    assert_eq!(words[..2], [7, 6]);
    assert_eq!(words[8..10], [1015, 1014]);
}

#[test]
fn loops_with_barriers() {
    let text = format!(
        "{RANK}  var k: u32 = 0u32\n  while k < n {{\n    let x = a[(i + 1u32) % 48u32]\n    grid_barrier\n    a[i] = x\n    grid_barrier\n    k = k + 1u32\n  }}\n"
    );
    for n in [0, 1, 3] {
        let (words, _) = check(&text, n);
        assert_eq!(words[..2], [n, n + 1]);
        assert_eq!(words[47], (47 + n) % 48);
    }
}

#[test]
fn loops_that_are_left_and_gone_on_with() {
    let text = format!(
        "{RANK}  var k: u32 = 0u32\n  while {{\n    k = k + 1u32\n    if k > n {{\n      break\n    }}\n    a[i] = a[i] + k\n    grid_barrier\n    if k == 2u32 {{\n      a[i] = a[i] + 10u32\n      continue\n    }}\n    a[i] = a[i] * 2u32\n    grid_barrier\n  }}\n  a[i] = a[i] + 1000u32\n"
    );
    let (words, _) = check(&text, 3);
    // ((0 + 1) * 2 + 2 + 10 + 3) * 2 + 1000
    assert_eq!(words[0], 1034);
}

#[test]
fn branches_with_barriers() {
    let text = format!(
        "{RANK}  if n > 1u32 {{\n    let x = a[47u32 - i]\n    grid_barrier\n    a[i] = x\n  }} else {{\n    a[i] = 7u32\n    grid_barrier\n    a[i] = a[i] + i\n  }}\n  a[i] = a[i] + 1u32\n"
    );
    assert_eq!(check(&text, 2).0[..2], [48, 47]);
}

#[test]
fn threads_that_returned_do_nothing_behind_it() {
    let text =
        format!("{RANK}  if threadRank > 5u32 {{\n    return\n  }}\n  let x = a[i + 1u32]\n  grid_barrier\n  a[i] = x * 10u32\n");
    let (words, _) = check(&text, 0);
    assert_eq!(words[5..9], [60, 6, 7, 90]);
}

#[test]
fn a_block_that_has_ended_is_missed() {
    let module = parse("  if blockRank == 1u32 {\n    return\n  }\n  grid_barrier\n  a[0] = 1u32\n");
    let fault = interpreter::run(&module, &launch(&module, 0)).expect_err("a block is missing");
    assert!(matches!(*fault.kind, FaultKind::DivergentBarrier { elsewhere: 8, .. }), "{fault}");
}

#[test]
fn threads_that_returned_stay_away_from_loops() {
    let loops = "  var k: u32 = 0u32\n  while k < n {\n    let x = a[(i + 1u32) % 48u32]\n    grid_barrier\n    a[i] = x + one\n    if k == 1u32 && threadRank == 3u32 {\n      return\n    }\n    grid_barrier\n    k = k + 1u32\n  }\n  a[i] = a[i] + 1000u32\n";
    let text = format!(
        "{RANK}  if threadRank == 0u32 {{\n    one = blockRank\n  }}\n  grid_barrier\n  if threadRank > 5u32 {{\n    return\n  }}\n{loops}"
    );
    for n in [0, 1, 2, 4] {
        let (words, _) = check(&text, n);
        assert_eq!(words[6..8], [6, 7]);
        assert_eq!(words[3] >= 1000, n < 2, "{words:?}");
    }
}

#[test]
fn loops_that_all_threads_leave_by_returning() {
    let text = format!(
        "{RANK}  var k: u32 = 0u32\n  while {{\n    a[i] = a[i] + k\n    if k == n {{\n      return\n    }}\n    grid_barrier\n    k = k + 1u32\n  }}\n"
    );
    for n in [0, 3] {
        let (words, _) = check(&text, n);
        assert_eq!(words[1], 1 + n * (n + 1) / 2);
    }
}

#[test]
fn switches() {
    let text = format!(
        "{RANK}  var k: u32 = 0u32\n  while k < 4u32 {{\n    switch (k + n) % 4u32 {{\n      case 0u32, 3u32 {{\n        a[i] = a[i] * 2u32\n        grid_barrier\n        a[i] = a[i] + 1u32\n        if k == 3u32 {{\n          break\n        }}\n        grid_barrier\n      }}\n      case 1u32 {{\n        grid_barrier\n        k = k + 1u32\n        continue\n      }}\n      case default {{\n        a[i] = a[i] + 7u32\n      }}\n    }}\n    grid_barrier\n    k = k + 1u32\n  }}\n"
    );
    let expected = |mut value: u32, n: u32| {
        for k in 0..4 {
            match (k + n) % 4 {
                0 | 3 => value = value * 2 + 1,
                1 => {}
                _ => value += 7,
            }
        }
        value
    };
    for n in 0..4 {
        let (words, _) = check(&text, n);
        assert_eq!(words[..2], [expected(0, n), expected(1, n)], "{n}");
    }
}

#[test]
fn what_cannot_be_cut() {
    let part = "  if n > 1u32 {\n    while n > 2u32 {\n      grid_barrier\n    }\n  }\n";
    let text = format!("kernel k(a: *global u32, n: u32) {{\n{}}}\n", part.repeat(12));
    let module = ir::text::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let refusals = program(&module).expect_err("there are too many ways");
    assert_eq!(refusals[0].code().as_str(), "E0416");
}

/// The kernel for a target without fences, with what is left of them.
#[track_caller]
fn check_fences(body: &str, cut: bool) {
    let module = parse(body);
    let options = Options { cut_at_fences: true, ..Options::default() };
    let kernels: Vec<_> = module.kernels().collect();
    let program = legalise(&module, &kernels, &options).unwrap_or_else(|refusals| panic!("{refusals:?}\n{body}"));
    assert_eq!(program.entries[0].phases.is_some(), cut, "{body}");
    let mut fences = 0;
    for (_, function) in program.module.functions.iter() {
        function.body.walk(&mut |stmt| fences += usize::from(matches!(stmt.kind, ir::StmtKind::Fence(_))));
    }
    assert_eq!(fences == 0, cut, "{body}");
    let launch = launch(&module, 3);
    let free = interpreter::run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}\n{body}"));
    let legal = run_legal(&program, 0, &launch).unwrap_or_else(|error| panic!("{error}\n{body}"));
    assert_eq!(free.buffers, legal.buffers, "{body}");
}

#[test]
fn the_last_block_adds_up() {
    let body = "  if threadRank == 0u32 {\n    a[blockRank] = blockRank + 5u32\n    fence device\n    let before = atomic.add.device(&a[60], 1u32)\n    one = (before == 65u32 ? 1u32 : 0u32)\n  }\n  barrier\n  if one == 1u32 && threadRank == 0u32 {\n    a[50] = a[0] + a[1] + a[2] + a[3] + a[4] + a[5]\n  }\n";
    check_fences(body, true);
}

#[test]
fn fences_that_stay() {
    // In a loop, and behind a loop that waits for another block.
    check_fences(
        "  var k: u32 = 0u32\n  while k < n {\n    let i = blockRank * 8u32 + threadRank\n    a[i] = a[i] + 6u32\n    fence device\n    k = k + 1u32\n  }\n",
        false,
    );
    check_fences(
        "  if threadRank == 0u32 {\n    while a[63] == 0u32 {\n    }\n    a[blockRank] = 1u32\n    fence device\n    let x = atomic.add.device(&a[63], 1u32)\n  }\n",
        false,
    );
}
