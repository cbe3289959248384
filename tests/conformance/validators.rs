//! What samples are made into, in the judgement of Tint and of spirv-val. (naga sees every WGSL text before it is written.)

use crate::common::{TRANSLATE, left_out, samples, scratch, short};
use harness::{Plan, Route, read_header};
use source::SourceMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every sample in one language, and those with warp operations a second time, with subgroups in their place. Those that need more than core
/// WGSL are named as left out.
fn translated(target: &str, extension: &str) -> Vec<PathBuf> {
    let folder = scratch(target);
    let mut made = in_language(target, extension, &folder);
    let with_warps = samples().into_iter().filter(|path| short(path).starts_with("warps/"));
    for path in with_warps {
        let out = folder.join(short(&path).replace('/', "-subgroups-")).with_extension(extension);
        let output = run(&path, target, &out, &["--subgroups", "32"]);
        assert!(output.status.success(), "{}: {}", short(&path), String::from_utf8_lossy(&output.stderr));
        made.push(out);
    }
    made
}

fn in_language(target: &str, extension: &str, folder: &Path) -> Vec<PathBuf> {
    let mut made = Vec::new();
    let mut wrong = String::new();
    for path in samples() {
        let out = folder.join(short(&path).replace('/', "-")).with_extension(extension);
        let first = run(&path, target, &out, &[]);
        if first.status.success() {
            made.push(out);
        } else if run(&path, target, &out, &["--features", "f16,f64,i64,atomic-i64"]).status.success() {
            if target == "wgsl" {
                left_out(&format!("{} in core WGSL", short(&path)), "it needs what core WGSL has not");
            } else {
                made.push(out);
            }
        } else if !matches!(target, "wgsl" | "spirv") && String::from_utf8_lossy(&first.stderr).contains("E0410") {
            // In WGSL and SPIR-V it is made with the feature; naga's other writers have not got it.
            left_out(&format!("{} in {target}", short(&path)), "it needs 64-bit atomics");
        } else if !is_planned_refusal(&path, target) {
            wrong += &format!("{}: {}\n", short(&path), String::from_utf8_lossy(&first.stderr));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    made
}

fn run(sample: &Path, target: &str, out: &Path, more: &[&str]) -> std::process::Output {
    let case = case_of(sample);
    let mut command = Command::new(TRANSLATE);
    command.arg(sample).args(["--target", target, "-o"]).arg(out).args(more);
    for launch in &case.launches {
        command.args(["--kernel", &launch.kernel]);
    }
    for define in &case.options.define {
        command.arg(format!("-D{define}"));
    }
    if let Some(mode) = &case.options.bindings {
        command.args(["--bindings", mode]);
    }
    let output = command.output().expect("the command runs");
    // As `check` does where a sample leaves it open.
    let asks_for_heap = String::from_utf8_lossy(&output.stderr).contains("`--bindings heap`");
    if !output.status.success() && case.options.bindings.is_none() && asks_for_heap {
        return command.args(["--bindings", "heap"]).output().expect("the command runs");
    }
    output
}

pub fn case_of(sample: &Path) -> harness::Case {
    let text = std::fs::read_to_string(sample).expect("samples are UTF-8");
    let mut map = SourceMap::new();
    let file = map.add_file(sample.to_string_lossy(), text).expect("samples are small");
    read_header(&map, file, sample.parent().expect("samples lie in folders")).expect("headers read")
}

fn is_planned_refusal(sample: &Path, target: &str) -> bool {
    let route = if target == "spirv" { Route::Spirv } else { Route::Wgsl };
    matches!(case_of(sample).plan(route), Plan::Refuse(_) | Plan::Skip(_))
}

#[test]
fn tint_accepts_every_wgsl() {
    let files = translated("wgsl", "wgsl");
    let Some(tint) = std::env::var_os("TRANSLATE_TINT") else {
        return left_out("Tint on every sample's WGSL", "TRANSLATE_TINT is not set");
    };
    let output = Command::new("node").arg(tint).args(&files).output().expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    // Tint prints its warnings in between.
    let verdicts: Vec<&str> = text.lines().filter(|line| line.starts_with('{')).collect();
    let rejected: Vec<&str> = verdicts.iter().filter(|line| !line.contains("\"ok\":true")).copied().collect();
    assert!(
        output.status.success() && rejected.is_empty(),
        "{}\n{}",
        rejected.join("\n"),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(verdicts.len(), files.len());
}

#[test]
fn spirv_val_accepts_every_module() {
    let files = translated("spirv", "spv");
    let Some(validator) = std::env::var_os("TRANSLATE_SPIRV_VAL") else {
        return left_out("spirv-val on every sample's SPIR-V", "TRANSLATE_SPIRV_VAL is not set");
    };
    let mut wrong = String::new();
    for file in &files {
        let output = Command::new(&validator).args(["--target-env", "vulkan1.1"]).arg(file).output().expect("spirv-val runs");
        if !output.status.success() {
            wrong += &format!("{}: {}\n", file.display(), String::from_utf8_lossy(&output.stderr));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn other_languages_are_written() {
    for target in ["msl", "hlsl", "glsl"] {
        translated(target, target);
    }
}
