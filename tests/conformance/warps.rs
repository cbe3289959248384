//! The matrix of warp operations: thousands of cases agree with the model on the interpreter, hundreds of them on every device and route.
//!
//! `TRANSLATE_WARPS=FROM..TO` picks other kernels of the matrix, and runs all their cases on the devices too; `TRANSLATE_WARPS=all` all. With
//! `--nocapture` each kernel says how it went, so that a run that was stopped can go on from there, and the last line is the verdict.

use crate::common::{TRANSLATE, left_out, scratch, with_deep_stack};
use harness::warps::{Matrix, all};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;
use translate::check::{Checker, Row, Settings, Verdict};
use translate::screen::Screen;

/// So many kernels, and a piece of each, run on the devices where nothing else is asked for.
const ON_DEVICES: usize = 78;

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

fn in_pieces(range: Range<usize>) -> Kernels {
    let all = all();
    range.map(|index| (index, all[index].pieces().collect())).collect()
}

/// Another piece of each kernel, so that all operations have their turn.
fn one_piece_each() -> Kernels {
    let all = all();
    let kernels = all[..ON_DEVICES].iter().enumerate();
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
                self.wrong.push(format!("{place}: {verdict}: {}\n{:?}", row.detail, piece.cases));
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
fn agree(kernels: Kernels, devices: &'static [DeviceInfo], name: &str) {
    let folder = scratch(name);
    let tally = with_deep_stack(move || {
        let mut checker = Checker::with_worker_program(Settings::default(), devices, Path::new(TRANSLATE));
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
    agree(in_pieces(chosen().unwrap_or(0..all().len())), &[], "warps");
}

#[test]
fn warp_operations_agree_on_devices() {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        return left_out("warp operations on a device", "there is none");
    }
    let kernels = chosen().map_or_else(one_piece_each, in_pieces);
    agree(kernels, present.leak(), "warps-on-devices");
}
