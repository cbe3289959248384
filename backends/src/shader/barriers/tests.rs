//! Before and after, as IR text. Variables whose name starts with `in` are read-only buffers, and so are constants.

use super::*;
use ir::Space;

fn read_only(module: &Module) -> FxHashSet<GlobalId> {
    let globals = module.tables.globals.iter();
    globals.filter(|(_, global)| global.space == Space::Constant || global.name.starts_with("in")).map(|(id, _)| id).collect()
}

#[track_caller]
fn repaired(text: &str) -> String {
    let mut module = ir::text::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let kernel = module.kernels().next().expect("the text has a kernel");
    let read_only = read_only(&module);
    if let Err(Divergent { .. }) = run(&mut module, kernel, |_| read_only.clone()) {
        panic!("still divergent:\n{}", ir::text::print(&module));
    }
    let text = ir::text::print(&module);
    let (_, body) = text.split_once("kernel k() {\n").expect("the kernel is called k");
    body.strip_suffix("}\n")
        .expect("the kernel ends with a brace")
        .lines()
        .map(|line| format!("{}\n", line.strip_prefix("  ").unwrap_or(line)))
        .collect()
}

const HEAD: &str = "\
struct Args size 4 align 4 {
  n: i32 @0
}
constant args: Args
global in_x: [f32]
global y: [f32]
global flags: [i32]
shared tile: [f32; 256]
kernel k() {
";

#[track_caller]
fn check(before: &str, after: &str) {
    let text = repaired(&format!("{HEAD}{before}}}\n"));
    assert!(text == after, "got:\n{text}\nwanted:\n{after}");
}

#[test]
fn uniform_code_stays_untouched() {
    let body = "\
{
  var stride: u32 = blockDim.x / 2u32
  for stride > 0u32 {
    if threadIdx.x < stride {
      tile[threadIdx.x] = tile[threadIdx.x] + tile[threadIdx.x + stride]
    }
    barrier
  } update {
    stride = stride / 2u32
  }
}
if args.n > i32(blockIdx.x) {
  barrier
}
";
    check(body, body);
}

#[test]
fn an_early_return_becomes_live() {
    check(
        "\
let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
if i >= args.n {
  return
}
tile[threadIdx.x] = in_x[i]
barrier
y[i] = tile[0]
",
        "\
let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
let live = i < args.n
if live {
  tile[threadIdx.x] = in_x[i]
}
barrier
if live {
  y[i] = tile[0]
}
",
    );
}

#[test]
fn a_return_behind_the_last_barrier_stays() {
    let body = "\
barrier
if threadIdx.x > 0u32 {
  return
}
y[0] = tile[0]
";
    check(body, body);
}

#[test]
fn two_returns_share_a_variable_and_values_survive_the_guard() {
    check(
        "\
if threadIdx.x > 100u32 {
  return
}
let v = in_x[threadIdx.x]
if v < 0.0 {
  y[0] = v
  return
}
barrier
y[threadIdx.x] = v
",
        "\
var live: bool = true
if live && threadIdx.x > 100u32 {
  live = false
}
var v: f32 = zero<f32>
if live {
  let v.1 = in_x[threadIdx.x]
  v = v.1
}
if live && v < 0.0 {
  y[0] = v
  live = false
}
barrier
if live {
  y[threadIdx.x] = v
}
",
    );
}

#[test]
fn a_condition_on_memory_is_broadcast() {
    check(
        "\
if tile[0] > 1.0 {
  barrier
}
while flags[0] > 0 {
  barrier
  if flags[1] == 2 {
    break
  }
  flags[2] = 1
}
",
        "\
let %0 = broadcast(tile[0] > 1.0)
if %0 {
  barrier
}
while {
  let %1 = broadcast(flags[0] > 0)
  if !%1 {
    break
  }
  barrier
  let %2 = broadcast(flags[1] == 2)
  if %2 {
    break
  }
  flags[2] = 1
}
",
    );
}

#[test]
fn a_varying_loop_runs_until_no_thread_wants_another_round() {
    check(
        "\
{
  var i: u32 = threadIdx.x
  for i < 100u32 {
    tile[i] = 1.0
    barrier
  } update {
    i = i + 32u32
  }
}
",
        "\
{
  var i: u32 = threadIdx.x
  var looping: bool = true
  while {
    looping = looping && i < 100u32
    let any = vote.any(looping)
    if any == 0 {
      break
    }
    if looping {
      tile[i] = 1.0
    }
    barrier
  } update {
    if looping {
      i = i + 32u32
    }
  }
}
",
    );
}

#[test]
fn uniform_jumps_are_taken_by_threads_that_returned() {
    check(
        "\
if threadIdx.x > 3u32 {
  return
}
{
  var i: i32 = 0
  for i < args.n {
    barrier
    if i == 7 {
      break
    }
    y[i] = 1.0
  } update {
    i = i + 1
  }
}
",
        "\
let live = threadIdx.x <= 3u32
{
  var i: i32 = 0
  for i < args.n {
    barrier
    if i == 7 {
      break
    }
    if live {
      y[i] = 1.0
    }
  } update {
    i = i + 1
  }
}
",
    );
}

#[test]
fn a_return_inside_a_plain_loop_leaves_it_and_everything_behind() {
    check(
        "\
{
  var i: i32 = 0
  for i < 8 {
    if in_x[threadIdx.x] > 2.0 {
      return
    }
    y[threadIdx.x] = 2.0
  } update {
    i = i + 1
  }
}
barrier
y[threadIdx.x] = 1.0
",
        "\
var live: bool = true
{
  var i: i32 = 0
  if live {
    for i < 8 {
      if in_x[threadIdx.x] > 2.0 {
        live = false
        break
      }
      y[threadIdx.x] = 2.0
    } update {
      i = i + 1
    }
  }
}
barrier
if live {
  y[threadIdx.x] = 1.0
}
",
    );
}

#[test]
fn a_loop_with_constant_bounds_inside_of_a_condition_stays_as_it_is() {
    check(
        "\
if threadIdx.x < 32u32 {
  var sum: f32 = tile[threadIdx.x]
  {
    var step: i32 = 16
    for step > 0 {
      let other = warp.shuffle_down[4294967295u32](sum, step, 32)
      sum = sum + other
    } update {
      step = step / 2
    }
  }
  y[0] = sum
}
",
        "\
let inside = threadIdx.x < 32u32
{
  var sum: f32 = zero<f32>
  if inside {
    sum = tile[threadIdx.x]
  }
  {
    var step: i32 = 16
    for step > 0 {
      let other = warp.shuffle_down[inside ? 4294967295u32 : 0u32](sum, step, 32)
      if inside {
        sum = sum + other
      }
    } update {
      step = step / 2
    }
  }
  if inside {
    y[0] = sum
  }
}
",
    );
}

#[test]
fn what_only_some_threads_assign_is_no_bound_for_all() {
    check(
        "\
if in_x[threadIdx.x] > 0.0 {
  var step: i32 = 16
  if args.n > 3 {
    step = 4
  }
  for step > 0 {
    barrier
  } update {
    step = step / 2
  }
}
",
        "\
let inside = in_x[threadIdx.x] > 0.0
let any = vote.any(inside)
if any != 0 {
  var step: i32 = 16
  if inside && args.n > 3 {
    step = 4
  }
  var looping: bool = true
  while {
    looping = inside && looping && step > 0
    let any.1 = vote.any(inside && looping)
    if any.1 == 0 {
      break
    }
    barrier
  } update {
    if inside && looping {
      step = step / 2
    }
  }
}
",
    );
}

#[test]
fn a_switch_that_differs_between_threads_becomes_conditions() {
    check(
        "\
switch threadIdx.x / 32u32 {
  case 0u32, 2u32 {
    let low = warp.shuffle[4294967295u32](flags[threadIdx.x], 0, 32)
    flags[threadIdx.x] = low
    break
  }
  case default {
    y[0] = 1.0
  }
}
",
        "\
let selected = threadIdx.x / 32u32
{
  let inside = selected == 0u32 || selected == 2u32
  {
    var value: i32 = zero<i32>
    if inside {
      value = flags[threadIdx.x]
    }
    let low = warp.shuffle[inside ? 4294967295u32 : 0u32](value, 0, 32)
    if inside {
      flags[threadIdx.x] = low
    }
  }
  let otherwise = !inside
  if otherwise {
    y[0] = 1.0
  }
}
",
    );
}

#[test]
fn operations_of_two_arms_that_wait_for_each_other_become_one() {
    check(
        "\
if threadIdx.x % 32u32 < 12u32 {
  let low = flags[0] + 1
  let mine = warp.shuffle[4294967295u32](low, 20, 32)
  flags[threadIdx.x] = mine + low
} else {
  let other = warp.shuffle[4294967295u32](7, 3, 32)
  flags[threadIdx.x] = other
}
",
        "\
let taken = threadIdx.x % 32u32 < 12u32
var low: i32 = zero<i32>
var value: i32 = zero<i32>
var value.1: i32 = zero<i32>
if taken {
  let low.1 = flags[0] + 1
  low = low.1
  value = low
  value.1 = 20
} else {
  value = 7
  value.1 = 3
}
let mine = warp.shuffle[4294967295u32](value, value.1, 32)
if taken {
  flags[threadIdx.x] = mine + low
} else {
  flags[threadIdx.x] = mine
}
",
    );
}

#[test]
fn a_uniform_return_where_not_all_threads_are() {
    let before = "\
if threadIdx.x == 0u32 {
  if args.n > 4 {
    y[0] = 1.0
    return
  }
}
barrier
y[threadIdx.x] = 2.0
";
    let after = "\
var live: bool = true
if live && threadIdx.x == 0u32 {
  if args.n > 4 {
    y[0] = 1.0
    live = false
  }
}
barrier
if live {
  y[threadIdx.x] = 2.0
}
";
    check(before, after);
}
