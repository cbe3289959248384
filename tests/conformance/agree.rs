//! Every sample, and every test of the language, agrees with its header on every engine.

use crate::common::{TRANSLATE, cuda_files, left_out, samples, short, with_deep_stack};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::path::{Path, PathBuf};
use translate::check::{Checker, Row, Settings, Verdict};
use translate::screen::Screen;

fn run_all(files: Vec<PathBuf>, devices: &'static [DeviceInfo]) -> Vec<(String, Row)> {
    with_deep_stack(move || {
        let settings = Settings { passes: true, ..Settings::default() };
        let mut checker = Checker::with_worker_program(settings, devices, Path::new(TRANSLATE));
        let rows = files.into_iter().flat_map(|path| {
            let rows = checker.sample(&path, &Screen::silent());
            rows.into_iter().map(|row| (short(&path), row)).collect::<Vec<_>>()
        });
        rows.collect()
    })
}

#[test]
fn every_sample_agrees_everywhere() {
    agree_everywhere("every sample", samples());
}

#[test]
fn the_language_means_the_same_everywhere() {
    agree_everywhere("the tests of the language", cuda_files("translator/tests/language"));
}

#[track_caller]
fn agree_everywhere(what: &str, files: Vec<PathBuf>) {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, refused) = found.expect("the worker lists its devices");
    if present.is_empty() {
        let reasons: Vec<&str> = refused.iter().map(|out| out.reason.as_str()).collect();
        left_out(&format!("{what} on a device"), &reasons.join("; "));
    }
    // The rows borrow the devices until the test ends.
    let rows = run_all(files, present.leak());
    let mut wrong = String::new();
    for (sample, row) in &rows {
        match row.verdict {
            Verdict::LeftOut => left_out(&format!("{sample} on {} by {}", row.device, row.route), &row.detail),
            verdict if verdict.is_good() => {}
            verdict => wrong += &format!("{sample} on {} by {}: {}: {}\n", row.device, row.route, verdict.name(), row.detail),
        }
    }
    assert!(wrong.is_empty(), "{} rows, of which wrong:\n{wrong}", rows.len());
}
