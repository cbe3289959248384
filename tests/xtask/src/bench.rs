//! `cargo xtask bench`: all criterion benches, with the software drivers beside the machine's own devices.

use std::process::ExitCode;

use crate::shell;
use crate::tools::Tools;

pub fn run(args: &[String]) -> Result<ExitCode, String> {
    let tools = Tools::fetch_these(|tool| matches!(tool, "lavapipe" | "swiftshader"))?;
    for out in &tools.left_out {
        eprintln!("left out: {}: {}", out.tool, out.reason);
    }
    let status = shell::cargo().args(["bench", "--workspace"]).args(args).envs(&tools.env).status();
    let status = status.map_err(|error| format!("cargo cannot be started: {error}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
