//! Runs other programs and finds the workspace's folders.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where cargo builds, and we keep the tools.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), |dir| workspace().join(dir))
}

/// The cargo that started us.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace());
    command
}

/// Runs a program to its end and returns its standard output. The error is its last words.
pub fn output_of(command: &mut Command) -> Result<String, String> {
    let output = run(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("`{}` failed: {}", name_of(command), last_words(&output)))
}

pub fn run(command: &mut Command) -> Result<Output, String> {
    command.output().map_err(|error| format!("`{}` cannot be started: {error}", name_of(command)))
}

fn name_of(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The last line that says something, of standard error or else of standard output.
pub fn last_words(output: &Output) -> String {
    let streams = [&output.stderr, &output.stdout];
    let lines = streams.map(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        text.lines().rev().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_string())
    });
    lines.into_iter().flatten().next().unwrap_or_else(|| output.status.to_string())
}

/// Whether a program of this name is on the path.
pub fn has(program: &str) -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&paths).any(|dir| dir.join(program).is_file())
}
