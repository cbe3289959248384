//! Random kernels agree on every engine with the results that their generator computed, which shares no code with the translator.
//!
//! `TRANSLATE_RANDOM=FROM..TO` picks other seeds than the few that run always.

use crate::common::{TRANSLATE, left_out, scratch, with_deep_stack};
use harness::random::program;
use runner::DeviceInfo;
use runner::worker::Worker;
use std::ops::Range;
use std::path::Path;
use translate::check::{Checker, Settings, Verdict};
use translate::screen::Screen;

fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("TRANSLATE_RANDOM") else { return 0..16 };
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds.unwrap_or_else(|| panic!("TRANSLATE_RANDOM is FROM..TO, not {text}"))
}

fn wrong_rows(devices: &'static [DeviceInfo]) -> Vec<String> {
    let folder = scratch("random");
    with_deep_stack(move || {
        let mut checker = Checker::with_worker_program(Settings::default(), devices, Path::new(TRANSLATE));
        let mut wrong = Vec::new();
        for seed in seeds() {
            let path = folder.join(format!("random_{seed}.cu"));
            std::fs::write(&path, program(seed).to_string()).expect("a temporary file can be written");
            let rows = checker.sample(&path, &Screen::silent());
            let bad = rows.iter().filter(|row| row.verdict != Verdict::LeftOut && !row.verdict.is_good());
            wrong.extend(
                bad.map(|row| format!("seed {seed} on {} by {}: {}: {}", row.device, row.route, row.verdict.name(), row.detail)),
            );
        }
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        wrong
    })
}

#[test]
fn random_kernels_agree_everywhere() {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        left_out("random kernels on a device", "there is none");
    }
    let wrong = wrong_rows(present.leak());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
