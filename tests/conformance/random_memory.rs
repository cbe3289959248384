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

/// Runs seeds on the interpreter before and behind the passes, and on the devices. Rows that were left out are counted, not passed.
fn wrong_rows(seeds: Range<u64>, devices: &'static [DeviceInfo]) -> (Vec<String>, usize) {
    let folder = scratch("random-memory");
    with_deep_stack(move || {
        let settings = Settings { passes: true, ..Settings::default() };
        let mut checker = Checker::with_worker_program(settings, devices, Path::new(TRANSLATE));
        let (mut wrong, mut skipped) = (Vec::new(), 0);
        for seed in seeds {
            let path = folder.join(format!("memory_{seed}.cu"));
            std::fs::write(&path, program(seed).to_string()).expect("a temporary file can be written");
            for row in checker.sample(&path, &Screen::silent()) {
                match row.verdict {
                    Verdict::LeftOut => skipped += 1,
                    verdict if verdict.is_good() => {}
                    verdict => {
                        wrong.push(format!("seed {seed} on {} by {}: {}: {}", row.device, row.route, verdict.name(), row.detail));
                    }
                }
            }
        }
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        (wrong, skipped)
    })
}

#[test]
fn on_the_interpreter() {
    let (wrong, _) = wrong_rows(seeds(48), &[]);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn on_devices() {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        return left_out("random kernels about memory on a device", "there is none");
    }
    let (wrong, skipped) = wrong_rows(seeds(8), present.leak());
    if skipped > 0 {
        left_out(&format!("{skipped} runs of random kernels about memory"), "a device has no 64-bit types");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn as_the_host_compiler_has_it() {
    let seeds = seeds(48);
    let folder = scratch("random-memory-host");
    let (source, binary) = (folder.join("memory.cpp"), folder.join("memory"));
    std::fs::write(&source, host_program(seeds.clone())).expect("a temporary file can be written");
    let compiler =
        Command::new("g++").args(["-std=c++17", "-O1", "-w", "-fno-strict-aliasing", "-o"]).arg(&binary).arg(&source).output();
    let Ok(compiled) = compiler else {
        return left_out("g++ on random kernels about memory", "there is no g++");
    };
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let output = Command::new(&binary).output().expect("the program runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let wrong: Vec<u64> = seeds
        .clone()
        .zip(printed.lines())
        .filter(|(seed, line)| program(*seed).run().line(*seed) != *line)
        .map(|(seed, _)| seed)
        .collect();
    assert_eq!(printed.lines().count() as u64, seeds.end - seeds.start);
    assert!(wrong.is_empty(), "g++ differs on the seeds {wrong:?}");
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
}
