//! `cargo xtask bench`: all criterion benches.

use std::process::ExitCode;

use crate::shell;

pub fn run(args: &[String]) -> Result<ExitCode, String> {
    let status = shell::cargo().args(["bench", "--workspace"]).args(args).status();
    let status = status.map_err(|error| format!("cargo cannot be started: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
