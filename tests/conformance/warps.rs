//! The matrix of warp operations: thousands of cases agree with the model on the interpreter, hundreds of them on every device and route.
//!
//! `TRANSLATE_WARPS=FROM..TO` picks other kernels of the matrix, and runs all their cases on the devices too; `TRANSLATE_WARPS=all` all. With
//! `--nocapture` each kernel says how it went, so that a run that was stopped can go on from there, and the last line is the verdict.

use crate::common::{TRANSLATE, left_out, scratch, with_deep_stack};
use harness::warps::{Matrix, all, all_with_warps_of};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};
use translate::check::{Checker, Row, Settings, Verdict};
use translate::screen::Screen;

/// So many kernels, and a piece of each, run on the devices where nothing else is asked for.
const ON_DEVICES: usize = 78;

/// Drivers compile vectors wider than the processor's slowly.
const ON_WIDE_DEVICES: usize = 12;

fn chosen() -> Option<Range<usize>> {
    let text = std::env::var("TRANSLATE_WARPS").ok()?;
    if text == "all" {
        return Some(0..all().len());
    }
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    Some(bounds.unwrap_or_else(|| panic!("TRANSLATE_WARPS is FROM..TO or all, not {text}")))
}

/// Kernels by their numbers in the matrix, each in pieces.
type Kernels = Vec<(usize, Vec<Matrix>)>;

fn in_pieces(all: &[Matrix], range: Range<usize>) -> Kernels {
    range.map(|index| (index, all[index].pieces().collect())).collect()
}

/// Another piece of each kernel, so that all operations have their turn.
fn one_piece_each(kernels: &[Matrix]) -> Kernels {
    let kernels = kernels.iter().enumerate();
    kernels.map(|(index, matrix)| (index, matrix.pieces().skip(index % 6).take(1).collect())).collect()
}

/// How cases ended on one route of one device.
#[derive(Default)]
struct Counts {
    agree: usize,
    left_out: usize,
    wrong: usize,
}

#[derive(Default)]
struct Tally {
    cases: usize,
    routes: BTreeMap<String, Counts>,
    wrong: Vec<String>,
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, index: usize, piece: &Matrix, row: &Row) {
        let counts = self.routes.entry(format!("{} by {}", row.device, row.route)).or_default();
        let cases = piece.cases.len();
        match row.verdict {
            Verdict::LeftOut => {
                counts.left_out += cases;
                *self.reasons.entry(format!("{}: {}", row.device, row.detail)).or_default() += cases;
            }
            verdict if verdict.is_good() => counts.agree += cases,
            verdict => {
                counts.wrong += cases;
                let (shape, block, verdict) = (piece.shape, piece.block, verdict.name());
                let place = format!("kernel {index}, {shape:?} in a block of {block:?}, on {} by {}", row.device, row.route);
                let line = format!("{place}: {verdict}: {}\n{:?}", row.detail, piece.cases);
                println!("{line}");
                self.wrong.push(line);
            }
        }
    }

    fn print(&self, kernels: usize) {
        println!(
            "verdict: {kernels} kernels, {} cases, {} routes, {} differences",
            self.cases,
            self.routes.len(),
            self.wrong.len()
        );
        for (route, Counts { agree, left_out, wrong }) in &self.routes {
            println!("{route}: {agree} agree, {left_out} left out, {wrong} wrong");
        }
        for (reason, cases) in &self.reasons {
            println!("left out on {reason} ({cases} cases)");
        }
    }
}

#[track_caller]
fn agree(kernels: Kernels, settings: Settings, devices: Vec<DeviceInfo>, name: &str) {
    agree_in(worker, kernels, settings, devices, name);
}

#[track_caller]
fn agree_in(worker: fn() -> Worker, kernels: Kernels, settings: Settings, devices: Vec<DeviceInfo>, name: &str) {
    // The rows borrow the devices until the test ends.
    let devices: &'static [DeviceInfo] = devices.leak();
    let folder = scratch(name);
    let tally = with_deep_stack(move || {
        let mut checker = Checker::with_workers(settings, devices, worker);
        let mut tally = Tally::default();
        for (index, pieces) in &kernels {
            let start = Instant::now();
            for (number, piece) in pieces.iter().enumerate() {
                let path = folder.join(format!("warps_{index}_{number}.cu"));
                std::fs::write(&path, piece.to_string()).expect("a temporary file can be written");
                for row in checker.sample(&path, &Screen::silent()) {
                    tally.add(*index, piece, &row);
                }
                tally.cases += piece.cases.len();
            }
            println!("kernel {index}: {} cases so far, {} wrong, {:.1?}", tally.cases, tally.wrong.len(), start.elapsed());
        }
        tally.print(kernels.len());
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        tally
    });
    assert!(tally.wrong.is_empty(), "{} pieces wrong:\n{}", tally.wrong.len(), tally.wrong.join("\n"));
}

#[test]
fn the_matrix_of_warp_operations_holds_on_the_interpreter() {
    let all = all();
    agree(in_pieces(&all, chosen().unwrap_or(0..all.len())), Settings::default(), Vec::new(), "warps");
}

#[test]
fn warp_operations_agree_on_devices() {
    let present = devices();
    if present.is_empty() {
        return left_out("warp operations on a device", "there is none");
    }
    let all = all();
    let kernels = chosen().map_or_else(|| one_piece_each(&all[..ON_DEVICES]), |range| in_pieces(&all, range));
    agree(kernels, patient(), present, "warps-on-devices");
}

/// Many run beside other work: a busy machine is no difference.
fn patient() -> Settings {
    Settings { time_limit: Duration::from_secs(600), ..Settings::default() }
}

fn worker() -> Worker {
    Worker::new(TRANSLATE, [runner::worker::COMMAND])
}

fn devices() -> Vec<DeviceInfo> {
    worker().devices().expect("the worker lists its devices").0
}

/// Warps as subgroups on the interpreter: of 32 lanes as a GPU with such subgroups is given them, and of 16.
#[test]
fn subgroups_of_any_size_hold_on_the_interpreter() {
    for size in [ir::WARP_SIZE, 16] {
        let all = all_with_warps_of(size);
        let kernels = chosen().map_or_else(|| one_piece_each(&all[..ON_DEVICES]), |range| in_pieces(&all, range));
        let settings = Settings { passes: true, subgroups: Some(size), ..Settings::default() };
        agree(kernels, settings, Vec::new(), "warps-as-subgroups");
    }
}

/// lavapipe's subgroups are as many lanes as its vectors have words, and it takes vectors wider than the processor's.
fn wide_worker<const BITS: u32>() -> Worker {
    worker().env("LP_NATIVE_VECTOR_WIDTH", BITS.to_string())
}

/// lavapipe with subgroups of `lanes`; `None` where there is none, or it does not take such vectors.
fn wide_lavapipe(worker: fn() -> Worker, lanes: u32) -> Option<DeviceInfo> {
    let (present, _) = worker().devices().expect("the worker lists its devices");
    present.into_iter().find(|device| device.id == "lavapipe" && device.limits.subgroup_size == [lanes, lanes])
}

#[test]
fn subgroups_of_16_agree_on_a_device() {
    let Some(device) = wide_lavapipe(wide_worker::<512>, 16) else {
        return left_out("subgroups of 16 on a device", "no lavapipe takes vectors of 512 bits");
    };
    assert!(wide_worker::<512>().has_warps(&device, 256, 16));
    let all = all_with_warps_of(16);
    let kernels = chosen().map_or_else(|| one_piece_each(&all[..ON_WIDE_DEVICES]), |range| in_pieces(&all, range));
    let settings = Settings { subgroups: Some(16), ..patient() };
    agree_in(wide_worker::<512>, kernels, settings, vec![device], "warps-in-subgroups-of-16");
}

/// Mesa 25 says 32 here, as a GPU does, and has 16: without the probe of the order of threads these differ.
#[test]
fn a_driver_may_be_wrong_about_its_subgroups() {
    let Some(device) = wide_lavapipe(wide_worker::<1024>, 32) else {
        return left_out("a device that is wrong about its subgroups", "no lavapipe takes vectors of 1,024 bits");
    };
    let all = all();
    let kernels = chosen().map_or_else(|| one_piece_each(&all[..ON_WIDE_DEVICES]), |range| in_pieces(&all, range));
    agree_in(wide_worker::<1024>, kernels, patient(), vec![device], "warps-of-32");
}

/// The drivers as they are have other subgroups than CUDA has warps, so the warps of these kernels are as large as each driver's
/// subgroups, on the interpreter too.
#[test]
fn subgroups_agree_on_devices() {
    let fits = |device: &DeviceInfo| device.has("SUBGROUP") && device.limits.subgroup_size[0] == device.limits.subgroup_size[1];
    let present: Vec<DeviceInfo> = devices().into_iter().filter(fits).collect();
    if present.is_empty() {
        return left_out("operations of subgroups on a device", "there is none that has subgroups of one size");
    }
    for device in present {
        let size = device.limits.subgroup_size[0];
        // Larger blocks are carried by fewer invocations, whose lanes are no subgroups.
        let fits = |matrix: &Matrix| matrix.threads() <= device.limits.max_block_threads;
        let all: Vec<Matrix> = all_with_warps_of(size).into_iter().filter(fits).collect();
        let kernels = chosen().map_or_else(
            || one_piece_each(&all[..ON_DEVICES / 2]),
            |range| in_pieces(&all, range.start.min(all.len())..range.end.min(all.len())),
        );
        println!("{}: warps of {size} lanes, {} kernels", device.id, all.len());
        let settings = Settings { passes: true, subgroups: Some(size), ..patient() };
        agree(kernels, settings, vec![device], "warps-as-subgroups-on-devices");
    }
}
