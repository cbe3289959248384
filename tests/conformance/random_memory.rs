//! Random kernels about memory agree on every engine with the bytes that their generator computed, and the generator with g++.
//!
//! `TRANSLATE_RANDOM_MEMORY=FROM..TO` picks other seeds than the few that run always.

use crate::common::{left_out, scratch};
use crate::seeds::{Tally, batches, devices};
use harness::random::memory::{host_program, program};
use runner::DeviceInfo;
use std::ops::Range;
use std::process::Command;

fn seeds(always: u64) -> Range<u64> {
    crate::seeds::seeds("TRANSLATE_RANDOM_MEMORY", always)
}

fn tally(seeds: Range<u64>, devices: &'static [DeviceInfo]) -> Tally {
    crate::seeds::tally("random-memory", seeds, devices, |seed| program(seed).to_string())
}

#[test]
fn on_the_interpreter() {
    let tally = tally(seeds(128), &[]);
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
}

#[test]
fn on_devices() {
    let Some(present) = devices("random kernels about memory") else { return };
    let tally = tally(seeds(24), present);
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
