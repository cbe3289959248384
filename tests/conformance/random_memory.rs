//! Random kernels about memory agree on every engine with the bytes that their generator computed, and the generator with g++.
//!
//! `TRANSLATE_RANDOM_MEMORY=FROM..TO` picks other seeds than the few that run always.

use crate::common::{TRANSLATE, left_out, scratch, with_deep_stack};
use harness::random::memory::{host_program, program};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use translate::check::{Checker, Settings, Verdict};
use translate::screen::Screen;

fn seeds(always: u64) -> Range<u64> {
    let Ok(text) = std::env::var("TRANSLATE_RANDOM_MEMORY") else { return 0..always };
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds.unwrap_or_else(|| panic!("TRANSLATE_RANDOM_MEMORY is FROM..TO, not {text}"))
}

/// Seeds after which a run of many says how far it is, and that go to g++ in one file.
const BATCH: u64 = 100;

fn batches(seeds: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = seeds.end;
    seeds.step_by(BATCH as usize).map(move |from| from..(from + BATCH).min(end))
}

/// What came of the rows of some seeds. Those that were left out are counted, not passed.
#[derive(Default)]
struct Tally {
    agree: usize,
    left_out: usize,
    wrong: Vec<String>,
}

/// Runs seeds on the interpreter before and behind the passes, and on the devices: one process a driver for all of them.
fn tally(seeds: Range<u64>, devices: &'static [DeviceInfo]) -> Tally {
    let folder = scratch("random-memory");
    with_deep_stack(move || {
        let settings = Settings { passes: true, ..Settings::default() };
        let mut checker = Checker::with_worker_program(settings, devices, Path::new(TRANSLATE));
        let mut tally = Tally::default();
        for batch in batches(seeds.clone()) {
            for seed in batch.clone() {
                let path = folder.join(format!("memory_{seed}.cu"));
                std::fs::write(&path, program(seed).to_string()).expect("a temporary file can be written");
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

#[test]
fn on_the_interpreter() {
    let tally = tally(seeds(128), &[]);
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
}

#[test]
fn on_devices() {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        return left_out("random kernels about memory on a device", "there is none");
    }
    let tally = tally(seeds(24), present.leak());
    if tally.left_out > 0 {
        left_out(&format!("{} runs of random kernels about memory", tally.left_out), "a device has no 64-bit types");
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
}

#[test]
fn as_the_host_compiler_has_it() {
    let seeds = seeds(128);
    let folder = scratch("random-memory-host");
    let (source, binary) = (folder.join("memory.cpp"), folder.join("memory"));
    let mut wrong = Vec::new();
    for batch in batches(seeds.clone()) {
        std::fs::write(&source, host_program(batch.clone())).expect("a temporary file can be written");
        let compiler = Command::new("g++")
            // GCC 12 computes seed 1994 otherwise from -O1 on, unless -fno-tree-ter or -fno-inline is there too.
            .args(["-std=c++17", "-O0", "-w", "-fno-strict-aliasing", "-o"])
            .arg(&binary)
            .arg(&source)
            .output();
        let Ok(compiled) = compiler else {
            return left_out("g++ on random kernels about memory", "there is no g++");
        };
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        let output = Command::new(&binary).output().expect("the program runs");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(printed.lines().count() as u64, batch.end - batch.start);
        let differs = batch.clone().zip(printed.lines()).filter(|(seed, line)| program(*seed).run().line(*seed) != *line);
        wrong.extend(differs.map(|(seed, _)| seed));
        println!("g++: seeds {}..{}: differs on {wrong:?}", seeds.start, batch.end);
    }
    assert!(wrong.is_empty(), "g++ differs on the seeds {wrong:?}");
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
}
