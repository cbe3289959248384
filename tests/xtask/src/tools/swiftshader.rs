//! SwiftShader, the second opinion in Vulkan on the CPU. Debian ships it inside Chromium; the two files are taken out alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt::Apt;
use super::lavapipe::{check_libraries, fetch_loader};
use super::{Tools, file_in, finished};
use crate::shell::output_of;

const LIBRARY: &str = "libvk_swiftshader.so";
const MANIFEST: &str = "vk_swiftshader_icd.json";

pub fn fetch(tools: &Path, found: &mut Tools) -> Result<(), String> {
    fetch_loader(tools, found)?;
    let folder = finished(tools, "swiftshader-1", |folder| make(tools, folder))?;
    found.add_driver("swiftshader", file_in(&folder, MANIFEST)?);
    Ok(())
}

fn make(tools: &Path, folder: &Path) -> Result<(), String> {
    let apt = Apt::new(tools)?;
    // In `chromium` itself before that package was split.
    let last = |package| apt.download(&[package], folder).and_then(|debs| take_out(&debs, folder));
    last("chromium-common").or_else(|_| last("chromium"))?;
    check_libraries(&file_in(folder, LIBRARY)?)
}

fn take_out(debs: &[PathBuf], folder: &Path) -> Result<(), String> {
    for deb in debs {
        let tar = folder.join("package.tar");
        let data = output_to(Command::new("dpkg-deb").arg("--fsys-tarfile").arg(deb), &tar);
        let files = data.and_then(|()| {
            let mut command = Command::new("tar");
            command.arg("--extract").arg("--file").arg(&tar).arg("--directory").arg(folder).arg("--wildcards");
            output_of(command.args([format!("*/{LIBRARY}"), format!("*/{MANIFEST}")]))
        });
        for file in [deb, &tar] {
            fs::remove_file(file).map_err(|error| error.to_string())?;
        }
        files?;
    }
    file_in(folder, MANIFEST).map(drop)
}

fn output_to(command: &mut Command, file: &Path) -> Result<(), String> {
    let file = fs::File::create(file).map_err(|error| error.to_string())?;
    output_of(command.stdout(file)).map(drop)
}
