//! `translate check`: runs cases on every engine there is, and says whether they agree.

mod launches;
mod relocate;
mod report;
mod run;
mod undefined;
mod work;

pub use report::{Report, Row, Verdict};
pub use run::{Checker, Settings};

use crate::args::CheckArgs;
use crate::devices::{self, HOW_TO_GET_ONE};
use crate::screen::{Screen, print};
use source::Code;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(args: &CheckArgs, screen: &Screen) -> ExitCode {
    let samples = match find_files(&args.paths, |path| path.extension().is_some_and(|e| e == "cu")) {
        Ok(samples) => samples,
        Err((path, error)) => {
            screen.error(Code::E0660, format!("cannot read {}: {error}", path.display()));
            return ExitCode::from(2);
        }
    };
    let present = match present_devices(args, screen) {
        Ok(present) => present,
        Err(status) => return status,
    };
    let mut settings = Settings::new(args);
    if let ([_], true) = (samples.as_slice(), args.launch.is_empty()) {
        // One sample is looked at closely, so its shader is left for reading.
        settings.shaders.get_or_insert_with(shader_folder);
    }
    let mut checker = Checker::new(settings, &present);
    let mut report = Report::default();
    if args.launch.is_empty() {
        for sample in &samples {
            report.rows.extend(checker.sample(sample, screen));
        }
    } else {
        let folders = match find_files(&args.launch, |path| path.file_name().is_some_and(|name| name == "launch.toml")) {
            Ok(files) => files.into_iter().filter_map(|file| file.parent().map(Path::to_path_buf)).collect::<Vec<_>>(),
            Err((path, error)) => {
                screen.error(Code::E0660, format!("cannot read {}: {error}", path.display()));
                return ExitCode::from(2);
            }
        };
        for sample in &samples {
            report.rows.extend(checker.replay(sample, &folders, screen));
        }
    }
    if report.rows.is_empty() {
        screen.error(Code::E0671, "there is nothing to check here");
        return ExitCode::from(2);
    }
    print(if args.json { report.to_json() } else { report.to_text() }.as_bytes());
    if present.is_empty() && args.device.as_deref() != Some("none") {
        screen.note(HOW_TO_GET_ONE);
    }
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Below cargo's folder in a checkout, else among the temporary files.
fn shader_folder() -> PathBuf {
    let target = Path::new("target");
    if target.is_dir() { target.join("shaders") } else { std::env::temp_dir().join("translate-shaders") }
}

fn present_devices(args: &CheckArgs, screen: &Screen) -> Result<Vec<runner::DeviceInfo>, ExitCode> {
    if args.device.as_deref() == Some("none") {
        return Ok(Vec::new());
    }
    let (mut present, left_out) = devices::ask().map_err(|error| {
        screen.error(error.code(), error.to_string());
        ExitCode::FAILURE
    })?;
    if let Some(wanted) = &args.device {
        let lower = wanted.to_lowercase();
        present.retain(|info| info.id == lower || info.name.to_lowercase().contains(&lower));
        if present.is_empty() {
            screen.error(Code::E0601, format!("there is no device `{wanted}`; `translate devices` lists them"));
            return Err(ExitCode::from(2));
        }
    }
    for out in left_out {
        screen.note(&format!("left out: {}: {}", out.device, out.reason));
    }
    Ok(present)
}

/// Files given by name, and those below folders that `wanted` picks, in order of their names.
pub fn find_files(paths: &[PathBuf], wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, (PathBuf, std::io::Error)> {
    let mut found = Vec::new();
    for path in paths {
        let kind = std::fs::metadata(path).map_err(|error| (path.clone(), error))?;
        if kind.is_dir() {
            walk(path, &wanted, &mut found, 0).map_err(|error| (path.clone(), error))?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

/// Folders are not followed deeper than this, in case a link leads back.
const MAX_FOLDERS: usize = 32;

fn walk(folder: &Path, wanted: &impl Fn(&Path) -> bool, found: &mut Vec<PathBuf>, depth: usize) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if depth < MAX_FOLDERS && !path.is_symlink() {
                walk(&path, wanted, found, depth + 1)?;
            }
        } else if wanted(&path) {
            found.push(path);
        }
    }
    Ok(())
}
