//! The matrix of warp operations: thousands of cases agree with the model on the interpreter, hundreds of them on every device and route.
//!
//! `TRANSLATE_WARPS=FROM..TO` picks other kernels of the matrix, and runs them on the devices too; `TRANSLATE_WARPS=all` all.

use crate::common::{TRANSLATE, left_out, scratch, with_deep_stack};
use harness::warps::{Matrix, all};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::path::Path;
use translate::check::{Checker, Settings, Verdict};
use translate::screen::Screen;

/// As many kernels, and as many cases of each, run on the devices where nothing else is asked for: drivers compile large kernels slowly.
const ON_DEVICES: usize = 78;
const CASES_ON_DEVICES: usize = 4;

fn chosen() -> Option<Vec<Matrix>> {
    let text = std::env::var("TRANSLATE_WARPS").ok()?;
    if text == "all" {
        return Some(all());
    }
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    let bounds = bounds.unwrap_or_else(|| panic!("TRANSLATE_WARPS is FROM..TO or all, not {text}"));
    Some(all()[bounds].to_vec())
}

fn first_cases() -> Vec<Matrix> {
    let mut kernels = all()[..ON_DEVICES].to_vec();
    // Others of each kernel, so that all operations have their turn.
    for (index, matrix) in kernels.iter_mut().enumerate() {
        matrix.cases.rotate_left(index % 6 * CASES_ON_DEVICES);
        matrix.cases.truncate(CASES_ON_DEVICES);
    }
    kernels
}

#[track_caller]
fn agree(kernels: Vec<Matrix>, devices: &'static [DeviceInfo], name: &str) {
    let folder = scratch(name);
    let wrong = with_deep_stack(move || {
        let mut checker = Checker::with_worker_program(Settings::default(), devices, Path::new(TRANSLATE));
        let mut wrong = Vec::new();
        let mut cases = 0;
        for (index, matrix) in kernels.iter().enumerate() {
            let path = folder.join(format!("warps_{index}.cu"));
            std::fs::write(&path, matrix.to_string()).expect("a temporary file can be written");
            for row in checker.sample(&path, &Screen::silent()) {
                match row.verdict {
                    Verdict::LeftOut => {}
                    verdict if verdict.is_good() => cases += matrix.cases.len(),
                    verdict => wrong.push(format!(
                        "{:?} in a block of {:?} on {} by {}: {}: {}",
                        matrix.shape,
                        matrix.block,
                        row.device,
                        row.route,
                        verdict.name(),
                        row.detail
                    )),
                }
            }
        }
        println!("{cases} cases agree");
        std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
        wrong
    });
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_matrix_of_warp_operations_holds_on_the_interpreter() {
    agree(chosen().unwrap_or_else(all), &[], "warps");
}

#[test]
fn warp_operations_agree_on_devices() {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        return left_out("warp operations on a device", "there is none");
    }
    let kernels = chosen().unwrap_or_else(first_cases);
    agree(kernels, present.leak(), "warps-on-devices");
}
