use super::*;

#[test]
fn shuffles() {
    check_body(
        "
  let down = warp.shuffle_down(lane, 16u32, 32)
  let up = warp.shuffle_up(lane, 1u32, 8)
  let xor = warp.shuffle_xor(lane, 3, 32)
  let idx = warp.shuffle(lane, 9, 8)
  if lane == 8u32 {
    out[0] = down
    out[1] = up
    out[2] = xor
    out[3] = idx
  }
  if lane == 20u32 {
    out[4] = down
    out[5] = up
  }",
        32,
        &[24, 8, 11, 9, 20, 19],
    );
}

#[test]
fn a_warp_sum_in_a_partial_warp() {
    check_body(
        "
  var sum: u32 = 1u32
  var step: u32 = 16u32
  for step > 0u32 {
    let other = warp.shuffle_xor[4294967295u32](sum, step, 32)
    sum = sum + other
  } update {
    step = step / 2u32
  }
  let total = warp.reduce_add[4294967295u32](threadRank)
  if lane == 0u32 {
    out[warpRank] = sum
    out[warpRank + 2u32] = total
  }",
        64,
        &[32, 32, 496, 1520],
    );
}

#[test]
fn votes_and_matches() {
    check_body(
        "
  let ballot = warp.ballot(lane % 4u32 == 0u32)
  let any = warp.any(lane == 3u32)
  let all = warp.all(lane < 8u32)
  let same = warp.match_any(lane / 4u32)
  let none = warp.match_all(lane / 4u32)
  let every = warp.match_all(5)
  if lane == 5u32 {
    out[0] = ballot
    out[1] = u32(any)
    out[2] = u32(all)
    out[3] = same
    out[4] = none
    out[5] = every
  }",
        8,
        &[0x11, 1, 1, 0xf0, 0, 0xff],
    );
}

#[test]
fn lanes_diverge_and_masks_are_honoured() {
    check_body(
        "
  if lane < 4u32 {
    let sum = warp.reduce_add[15u32](lane)
    out[lane] = sum
  } else {
    let sum = warp.reduce_max[240u32](lane)
    out[lane] = sum
  }
  warp_barrier
  let both = warp.reduce_min[255u32](out[lane])
  if lane == 0u32 {
    out[8] = both
  }",
        8,
        &[6, 6, 6, 6, 7, 7, 7, 7, 6],
    );
}

#[test]
fn the_active_mask_is_who_comes() {
    check_body(
        "
  if lane % 2u32 == 1u32 {
    let active = warp.active_mask()
    let rank = pop_count(active & (1u32 << lane) - 1u32)
    out[rank] = lane
    if rank == 0 {
      out[4] = active
    }
  }",
        8,
        &[1, 3, 5, 7, 0xaa],
    );
}

#[test]
fn lanes_that_have_ended_are_not_waited_for() {
    check_body(
        "
  if lane >= 3u32 {
    return
  }
  let sum = warp.reduce_add[4294967295u32](1u32)
  out[lane] = sum",
        8,
        &[3, 3, 3, 0],
    );
}

/// Lane 0 is at the second place first; it is waited for there.
#[test]
fn lanes_that_may_still_meet_are_found_together() {
    check_body(
        "
  var inside: u32 = 0u32
  if lane >= 2u32 {
    let active = warp.active_mask()
    inside = active
  }
  let together = warp.active_mask()
  out[lane] = inside * 16u32 + together",
        4,
        &[15, 15, 0xcf, 0xcf],
    );
}

#[test]
fn lanes_in_different_rounds_are_not_together() {
    check_body(
        "
  {
    var i: u32 = 0u32
    for i < 3u32 {
      if lane == i {
        let active = warp.active_mask()
        out[lane] = active
      }
    } update {
      i = i + 1u32
    }
  }",
        4,
        &[1, 2, 4, 0],
    );
}

/// Threads of 128 that write their word, come to barriers of tiles of 64 threads, and read the word of another one.
fn tiles(of_second_tile: &str, read: &str) -> String {
    format!(
        "shared words: [u32; 128]\nkernel k(out: *global u32) {{\n  words[threadRank] = threadRank * 3u32\n  if threadRank < 64u32 {{\n    tile_barrier(64u32)\n  }} else {{\n{of_second_tile}  }}\n  out[threadRank] = words[{read}]\n  tile_barrier(64u32)\n  words[threadRank] = 0u32\n}}\n"
    )
}

#[test]
fn tiles_wait_for_their_own_threads() {
    let second = "    if threadRank == 127u32 {\n      return\n    }\n    tile_barrier(64u32)\n    tile_barrier(64u32)\n";
    let (module, mut launch) = launch(&tiles(second, "threadRank ^ 63u32"), 1, 128, vec![vec![0; 512]], &[]);
    launch.options.sanitize = true;
    let outcome = run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}"));
    let expected: Vec<u32> = (0..128).map(|rank| if rank == 127 { 0 } else { (rank ^ 63) * 3 }).collect();
    assert_eq!(to_u32s(&outcome.buffers[0]), expected);
}

#[test]
fn tiles_do_not_wait_for_others() {
    let (module, mut launch) = launch(&tiles("    tile_barrier(64u32)\n", "threadRank ^ 64u32"), 1, 128, vec![vec![0; 512]], &[]);
    launch.options.sanitize = true;
    let fault = run(&module, &launch).expect_err("a race");
    assert!(matches!(*fault.kind, FaultKind::DataRace { .. }), "{fault}");
}

#[test]
fn a_tile_that_is_not_complete() {
    let text =
        tiles("    if threadRank < 90u32 {\n      tile_barrier(64u32)\n    } else {\n      tile_barrier(32u32)\n    }\n", "0");
    let (module, launch) = launch(&text, 1, 128, vec![vec![0; 512]], &[]);
    let fault = run(&module, &launch).expect_err("a tile waits in vain");
    assert!(matches!(*fault.kind, FaultKind::DivergentBarrier { waiting: 26, other: Some(_), .. }), "{fault}");
}
