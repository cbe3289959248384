//! Random functions that call each other agree on every engine with what g++ makes of them.
//!
//! `TRANSLATE_RANDOM_RECURSION=FROM..TO` picks other seeds than the few that run always.

use crate::common::{left_out, scratch};
use crate::seeds::{batches, devices, seeds, tally};
use harness::random::recursion::{THREADS, host_program, program};
use runner::DeviceInfo;
use std::collections::BTreeMap;
use std::ops::Range;
use std::process::Command;

/// What g++ gives for each seed, as the list of an `expect`; `None` without g++.
fn expected(seeds: Range<u64>) -> Option<BTreeMap<u64, String>> {
    let folder = scratch("random-recursion-host");
    let (source, binary) = (folder.join("recursion.cpp"), folder.join("recursion"));
    let mut lists = BTreeMap::new();
    for batch in batches(seeds) {
        std::fs::write(&source, host_program(batch.clone())).expect("a temporary file can be written");
        let compiled = Command::new("g++").args(["-std=c++17", "-O1", "-w", "-o"]).arg(&binary).arg(&source).output().ok()?;
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        let output = Command::new(&binary).output().expect("the program runs");
        lists.extend(batch.zip(String::from_utf8_lossy(&output.stdout).lines().map(str::to_string)));
    }
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    Some(lists)
}

fn check(always: u64, devices: &'static [DeviceInfo]) {
    let seeds = seeds("TRANSLATE_RANDOM_RECURSION", always);
    let Some(lists) = expected(seeds.clone()) else {
        return left_out("random functions that call each other", "there is no g++");
    };
    let header = move |seed: u64| {
        let words = 2 * THREADS;
        format!(
            "// Seed {seed}.\n//# launch = {{ kernel = \"test\", grid = 1, block = {THREADS} }}\n//# args = [{{ out = \"zeros u32 {words}\" }}]\n//# expect = {{ out = [{}] }}\n",
            lists[&seed]
        )
    };
    let tally = tally("random-recursion", seeds, devices, move |seed| header(seed) + &program(seed));
    if tally.left_out > 0 {
        left_out(&format!("{} runs of random functions that call each other", tally.left_out), "a device cannot run them");
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
}

#[test]
fn on_the_interpreter() {
    check(100, &[]);
}

#[test]
fn on_devices() {
    if let Some(devices) = devices("random functions that call each other") {
        check(12, devices);
    }
}
