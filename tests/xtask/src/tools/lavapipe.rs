//! lavapipe, Mesa's Vulkan on the CPU, release 25 or newer: earlier ones silently end loops after 65,535 iterations.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::apt::{Apt, unpack};
use super::{Tools, file_in, finished};
use crate::shell::output_of;

/// The driver and what it needs in a newer release than the system's.
const PACKAGES: [&str; 4] = ["mesa-vulkan-drivers", "mesa-libgallium", "libdrm2", "libdrm-amdgpu1"];
const DRIVER: &str = "libvulkan_lvp.so";
const OLDEST_MESA: u32 = 25;

pub fn fetch(tools: &Path, found: &mut Tools) -> Result<(), String> {
    fetch_loader(tools, found)?;
    let folder = finished(tools, "lavapipe-1", |folder| make(tools, folder))?;
    for path in library_folders(&file_in(&folder, DRIVER)?) {
        found.add_library_path(path);
    }
    found.add_driver("lavapipe", folder.join("lvp_icd.json"));
    Ok(())
}

fn make(tools: &Path, folder: &Path) -> Result<(), String> {
    let apt = Apt::new(tools)?;
    let debs = apt.download_with_missing(&PACKAGES, folder)?;
    check_release(&debs)?;
    for deb in &debs {
        unpack(deb, folder)?;
        fs::remove_file(deb).map_err(|error| error.to_string())?;
    }
    let driver = file_in(folder, DRIVER)?;
    check_libraries(&driver)?;
    // A bare name: the library path finds it, wherever the folder is moved.
    let manifest = format!(
        "{{\"file_format_version\": \"1.0.0\", \"ICD\": {{\"library_path\": \"{DRIVER}\", \"api_version\": \"1.3.0\"}}}}\n"
    );
    fs::write(folder.join("lvp_icd.json"), manifest).map_err(|error| error.to_string())
}

/// `mesa-vulkan-drivers_25.0.7-2~bpo12+1_amd64.deb`
fn check_release(debs: &[PathBuf]) -> Result<(), String> {
    let names = debs.iter().filter_map(|deb| deb.file_name()?.to_str());
    let version = names.filter_map(|name| name.strip_prefix("mesa-vulkan-drivers_")).next().unwrap_or_default();
    let version = version.split("%3a").last().unwrap_or_default();
    match version.split('.').next().and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST_MESA => Ok(()),
        _ => Err(format!("the newest Mesa to be had is {version}, and {OLDEST_MESA} is needed")),
    }
}

/// `usr/lib/TRIPLE`, where the driver is, and `lib/TRIPLE`, where Debian keeps a few old libraries.
fn library_folders(driver: &Path) -> Vec<PathBuf> {
    let beside = driver.parent().unwrap_or(driver);
    let old = beside.ancestors().nth(3).zip(beside.file_name()).map(|(root, triple)| root.join("lib").join(triple));
    [Some(beside.to_path_buf()), old.filter(|path| path.is_dir())].into_iter().flatten().collect()
}

/// Every library that the driver needs is either beside it or in the system.
pub fn check_libraries(library: &Path) -> Result<(), String> {
    let paths = std::env::join_paths(library_folders(library)).map_err(|error| error.to_string())?;
    let text = output_of(Command::new("ldd").arg(library).env("LD_LIBRARY_PATH", paths))?;
    let missing: Vec<&str> = text.lines().filter_map(|line| line.trim().strip_suffix(" => not found")).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("libraries are missing: {}", missing.join(", "))) }
}

/// The Vulkan loader, where the system has none.
pub fn fetch_loader(tools: &Path, found: &mut Tools) -> Result<(), String> {
    let known = output_of(Command::new("/sbin/ldconfig").arg("-p")).unwrap_or_default();
    if known.contains("libvulkan.so.1 ") {
        return Ok(());
    }
    let folder = finished(tools, "vulkan-loader-1", |folder| {
        for deb in Apt::new(tools)?.download(&["libvulkan1"], folder)? {
            unpack(&deb, folder)?;
            fs::remove_file(deb).map_err(|error| error.to_string())?;
        }
        file_in(folder, "libvulkan.so.1").map(drop)
    })?;
    let loader = file_in(&folder, "libvulkan.so.1")?;
    found.add_library_path(loader.parent().unwrap_or(&folder).to_path_buf());
    Ok(())
}
