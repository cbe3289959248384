//! Tint, which judges every WGSL text that we emit as browsers do. It comes inside Dawn's package for Node.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Tools, finished};
use crate::shell::{has, output_of};

const PACKAGE: &str = "webgpu@0.6.2";
const SCRIPT: &str = include_str!("tint.mjs");
const PROBE: &str = "@compute @workgroup_size(1) fn probe() { workgroupBarrier(); }\n";

pub fn fetch(tools: &Path, found: &mut Tools) -> Result<(), String> {
    if !has("node") || !has("npm") {
        return Err("this machine has no Node".to_string());
    }
    let folder = finished(tools, "tint-0.6.2", make)?;
    let script = folder.join("tint.mjs");
    // The script is ours and may be newer than the package.
    fs::write(&script, SCRIPT).map_err(|error| error.to_string())?;
    found.set("TRANSLATE_TINT", script);
    Ok(())
}

fn make(folder: &Path) -> Result<(), String> {
    let files = [("package.json", "{\"private\": true}\n"), ("tint.mjs", SCRIPT), ("probe.wgsl", PROBE)];
    for (name, text) in files {
        fs::write(folder.join(name), text).map_err(|error| error.to_string())?;
    }
    let options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", PACKAGE];
    output_of(Command::new("npm").args(options).current_dir(folder))?;
    let answer = output_of(Command::new("node").args(["tint.mjs", "probe.wgsl"]).current_dir(folder))?;
    if answer.contains("\"ok\":true") { Ok(()) } else { Err(format!("Tint does not work here: {answer}")) }
}
