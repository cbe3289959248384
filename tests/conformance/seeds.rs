//! Many random programs, by their seeds: what the tests of generated kernels share.

use crate::common::{TRANSLATE, left_out, scratch, with_deep_stack};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::ops::Range;
use std::path::Path;
use translate::check::{Checker, Settings, Verdict};
use translate::screen::Screen;

/// Those of `FROM..TO` in a variable of the environment, else the few that run always.
pub fn seeds(variable: &str, always: u64) -> Range<u64> {
    let Ok(text) = std::env::var(variable) else { return 0..always };
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds.unwrap_or_else(|| panic!("{variable} is FROM..TO, not {text}"))
}

/// The devices of this machine; that there is none is noted as left out.
pub fn devices(what: &str) -> Option<&'static [DeviceInfo]> {
    let (present, _) = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices().expect("the worker lists its devices");
    if present.is_empty() {
        left_out(&format!("{what} on a device"), "there is none");
        return None;
    }
    Some(present.leak())
}

/// Seeds after which a run of many says how far it is, and that go to g++ in one file.
const BATCH: u64 = 100;

pub fn batches(seeds: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = seeds.end;
    seeds.step_by(BATCH as usize).map(move |from| from..(from + BATCH).min(end))
}

/// What came of the rows of some seeds. Those that were left out are counted, not passed.
#[derive(Default)]
pub struct Tally {
    agree: usize,
    pub left_out: usize,
    pub wrong: Vec<String>,
}

/// Runs the programs of seeds, with the header of a sample each, on the interpreter before and behind the passes, and on the devices: one
/// process a driver for all of them.
pub fn tally(
    name: &'static str,
    seeds: Range<u64>,
    devices: &'static [DeviceInfo],
    program: impl Fn(u64) -> String + Send + 'static,
) -> Tally {
    let folder = scratch(name);
    with_deep_stack(move || {
        let settings = Settings { passes: true, ..Settings::default() };
        let mut checker = Checker::with_worker_program(settings, devices, Path::new(TRANSLATE));
        let mut tally = Tally::default();
        for batch in batches(seeds.clone()) {
            for seed in batch.clone() {
                let path = folder.join(format!("{name}_{seed}.cu"));
                std::fs::write(&path, program(seed)).expect("a temporary file can be written");
                for row in checker.sample(&path, &Screen::silent()) {
                    match row.verdict {
                        Verdict::LeftOut => tally.left_out += 1,
                        verdict if verdict.is_good() => tally.agree += 1,
                        verdict => {
                            let (device, route, detail) = (row.device, row.route, row.detail);
                            tally.wrong.push(format!("seed {seed} on {device} by {route}: {}: {detail}", verdict.name()));
                        }
                    }
                }
                std::fs::remove_file(&path).expect("a temporary file can be removed");
            }
            println!("{}: {}", devices_text(devices), tally.text(seeds.start..batch.end));
        }
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        tally
    })
}

fn devices_text(devices: &[DeviceInfo]) -> String {
    let names: Vec<&str> = std::iter::once("interpreter").chain(devices.iter().map(|info| info.id.as_str())).collect();
    names.join(", ")
}

impl Tally {
    fn text(&self, seeds: Range<u64>) -> String {
        let Range { start, end } = seeds;
        let Tally { agree, left_out, wrong } = self;
        let wrong = wrong.iter().map(|line| format!("\n    {line}")).collect::<String>();
        format!("seeds {start}..{end}: {agree} rows agree, {left_out} left out, {} wrong{wrong}", self.wrong.len())
    }
}
