//! The software 64-bit integers and doubles (`backends/src/shader/wide/soft`): their IR is what their source says, and they compute
//! what the CPU computes.

use crate::common::{TRANSLATE, left_out, samples, scratch, short, with_deep_stack};
use runner::DeviceInfo;
use runner::worker::Worker;
use std::path::{Path, PathBuf};
use std::process::Command;
use translate::check::{Checker, Settings, Verdict};
use translate::pipeline::{Request, compile};
use translate::screen::Screen;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../backends/src/shader/wide/soft")
}

/// `BLESS=1 cargo test -p translate --test conformance soft` writes it anew.
#[test]
fn the_ir_of_the_soft_functions_is_fresh() {
    let made = soft_ir();
    let path = folder().join("soft.ir");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &made).expect("the file can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "soft.ir is not what int64.h and float64.h say; BLESS=1 writes it anew");
}

/// The functions of both headers in the text form of the IR, callees first.
fn soft_ir() -> String {
    let headers = ["int64.h", "float64.h"].map(|name| std::fs::read_to_string(folder().join(name)).expect("a file of text"));
    let is_code = |line: &&str| !line.starts_with("#pragma once") && !line.starts_with("#include");
    let text: String = headers.iter().flat_map(|text| text.lines()).filter(is_code).map(|line| format!("{line}\n")).collect();
    let calls: String = text.lines().filter_map(|line| line.strip_prefix("__device__ inline ")).map(call).collect();
    let unit = format!("{text}__global__ void all(unsigned int* at) {{\n{calls}}}\n");
    let compiled = compile("soft.cu", &unit, &Request::default(), source::SourceMap::new());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let printed = ir::text::print(&compiled.module);
    let (functions, _) = printed.split_once("\nkernel ").expect("the kernel comes last");
    format!("; Made of int64.h and float64.h by the test that keeps it fresh (tests/conformance/soft.rs).\n\n{functions}")
}

/// A call of the function that `head` declares, `uint2 add64(uint2 a, uint2 b)`, with operands from memory.
fn call(head: &str) -> String {
    let (before, after) = head.split_once('(').expect("a parameter list");
    let (result, name) = before.rsplit_once(' ').expect("a type and a name");
    let params = after.split(')').next().unwrap_or_default();
    let value = |ty: &str| match ty {
        "uint2" => "uint2{at[0], at[1]}",
        "uint4" => "uint4{at[0], at[1], at[2], at[3]}",
        "int" => "(int)at[0]",
        "float" => "__uint_as_float(at[0])",
        _ => "at[0]",
    };
    let types = params.split(", ").filter_map(|param| param.rsplit_once(' ').map(|(ty, _)| ty));
    let args = types.map(value).collect::<Vec<_>>().join(", ");
    match result {
        "uint2" | "uint3" | "uint4" => format!("    at[0] = {name}({args}).x;\n"),
        "float" => format!("    at[0] = __float_as_uint({name}({args}));\n"),
        _ => format!("    at[0] = (unsigned int){name}({args});\n"),
    }
}

/// Devices that have 64-bit types are given none.
#[test]
fn numbers_agree_without_the_features() {
    let found = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices();
    let (present, _) = found.expect("the worker lists its devices");
    if present.is_empty() {
        left_out("64-bit types in software on a device", "there is none");
    }
    let devices: &'static [DeviceInfo] = present.leak();
    let wrong = with_deep_stack(move || {
        let settings = Settings { portable: true, passes: true, ..Settings::default() };
        let mut checker = Checker::with_worker_program(settings, devices, Path::new(TRANSLATE));
        let numbers = samples().into_iter().filter(|path| short(path).starts_with("numbers/"));
        let rows: Vec<_> = numbers.flat_map(|path| checker.sample(&path, &Screen::silent())).collect();
        let bad = rows.iter().filter(|row| row.verdict != Verdict::LeftOut && !row.verdict.is_good());
        bad.map(|row| format!("{} on {} by {}: {}", row.case, row.device, row.route, row.detail)).collect::<Vec<_>>()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A small count of random operands here; tests/soft/soft.cpp says how to run 10^8.
#[test]
fn the_soft_functions_compute_what_the_cpu_computes() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/soft/soft.cpp");
    let program = scratch("soft").join("soft");
    let built = Command::new("g++").args(["-O1", "-std=c++17", "-ffp-contract=off"]).arg(source).arg("-o").arg(&program).output();
    let built = match built {
        Ok(built) => built,
        Err(error) => return left_out("soft 64-bit arithmetic against the CPU's", &format!("g++ does not run: {error}")),
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let output = Command::new(&program).arg("100000").output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
