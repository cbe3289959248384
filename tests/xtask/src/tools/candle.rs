//! Kernels of a machine-learning framework, which the tests only read: the crate `candle-kernels`, templates and macros throughout.

use std::fs;
use std::path::Path;

use super::{Tools, finished};
use crate::shell;

const MANIFEST: &str = "[package]\nname = \"kernels\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\n\
    candle-kernels = \"=0.11.1\"\n\n[workspace]\n";

pub fn fetch(tools: &Path, found: &mut Tools) -> Result<(), String> {
    let folder = finished(tools, "candle-kernels-0.11.1", make)?;
    found.set("TRANSLATE_CANDLE_KERNELS", folder.join("vendor/candle-kernels/src"));
    Ok(())
}

fn make(folder: &Path) -> Result<(), String> {
    let source = folder.join("src");
    fs::create_dir(&source).map_err(|error| error.to_string())?;
    for (path, text) in [(folder.join("Cargo.toml"), MANIFEST), (source.join("lib.rs"), "")] {
        fs::write(path, text).map_err(|error| error.to_string())?;
    }
    let mut command = shell::cargo();
    command.args(["vendor", "--quiet", "vendor"]).current_dir(folder);
    shell::output_of(&mut command).map(drop)
}
