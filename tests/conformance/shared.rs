//! Devices with no room for shared memory: it stands in global memory, and everything that it is used for gives what it gives.

use crate::common::{TRANSLATE, left_out, samples, short, with_deep_stack};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::path::Path;
use translate::check::{Checker, Row, Settings, Verdict};
use translate::screen::Screen;

/// Tiles, trees, dynamic arrays, atomics, votes, warps, large blocks, barriers of the grid.
const SAMPLES: [&str; 9] = [
    "memory/large_tile.cu",
    "memory/large_block.cu",
    "memory/transpose.cu",
    "reductions/block_sum.cu",
    "reductions/scan_blelloch.cu",
    "atomics/histogram.cu",
    "warps/block_of_1024.cu",
    "libraries/block_primitives.cu",
    "grid/sum.cu",
];

fn rows(settings: Settings, names: &'static [&'static str]) -> Vec<Row> {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        left_out("devices without room for shared memory", "there is none");
    }
    let devices: &'static [DeviceInfo] = present.leak();
    with_deep_stack(move || {
        let mut checker = Checker::with_worker_program(settings, devices, Path::new(TRANSLATE));
        let chosen = samples().into_iter().filter(|path| names.contains(&short(path).as_str()));
        chosen.flat_map(|path| checker.sample(&path, &Screen::silent())).collect()
    })
}

#[test]
fn shared_memory_without_room_is_global_memory() {
    let rows = rows(Settings { passes: true, max_shared: Some(0), ..Settings::default() }, &SAMPLES);
    let bad = rows.iter().filter(|row| row.verdict != Verdict::Agrees);
    let bad: Vec<_> = bad.map(|row| format!("{} on {} by {}: {}", row.case, row.device, row.route, row.detail)).collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    for row in rows.iter().filter(|row| !["interpreter", "passes"].contains(&row.device.as_str())) {
        assert!(row.detail.contains("E0418"), "{} on {}: nothing was moved", row.case, row.device);
    }
}

#[test]
fn the_largest_variable_moves_first_and_strict_refuses_it() {
    let tile = &SAMPLES[..1];
    let webgpu = Settings { max_shared: Some(16384), ..Settings::default() };
    for row in rows(webgpu.clone(), tile).iter().filter(|row| row.device != "interpreter") {
        assert!(row.verdict == Verdict::Agrees && row.detail.matches("E0418").count() == 1, "{row:?}");
    }
    for row in rows(Settings { strict: true, ..webgpu }, tile).iter().filter(|row| row.device != "interpreter") {
        assert!(row.verdict == Verdict::Refused && row.detail.starts_with("E0418 `tile` has 24576 bytes"), "{row:?}");
    }
}
