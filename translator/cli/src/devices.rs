//! `translate devices`: what this machine can run kernels on.

use crate::args::DevicesArgs;
use crate::screen::{Screen, print};
use crate::table;
use runner::worker::Worker;
use runner::{DeviceInfo, DeviceKind, LeftOut, RunError};
use std::process::ExitCode;

pub fn run(args: &DevicesArgs, screen: &Screen) -> ExitCode {
    let (present, left_out) = match ask() {
        Ok(found) => found,
        Err(error) => {
            screen.error(error.code(), error.to_string());
            return ExitCode::FAILURE;
        }
    };
    if args.json {
        let list = serde_json::json!({ "devices": present, "left_out": left_out });
        print(format!("{list:#}\n").as_bytes());
        return ExitCode::SUCCESS;
    }
    let mut rows = vec![["device", "kind", "name", "backend", "driver"].map(String::from).to_vec()];
    rows.push(["interpreter", "exact", "runs the IR as CUDA defines it", "", ""].map(String::from).to_vec());
    rows.extend(present.iter().map(row));
    print(table::render(&rows).as_bytes());
    for out in &left_out {
        screen.note(&format!("left out: {}: {}", out.device, out.reason));
    }
    if present.is_empty() {
        screen.note(HOW_TO_GET_ONE);
    }
    ExitCode::SUCCESS
}

/// What to tell a user without a device.
pub const HOW_TO_GET_ONE: &str = "no GPU adapter was found: install your GPU's Vulkan driver, or the software device lavapipe of Mesa 25 or \
newer (Debian: mesa-vulkan-drivers from backports), or let `cargo xtask test` fetch one into the target folder";

/// Asks in a process of its own: a driver that crashes must not take us along.
pub fn ask() -> Result<(Vec<DeviceInfo>, Vec<LeftOut>), RunError> {
    Worker::of_this_program()?.devices()
}

fn row(info: &DeviceInfo) -> Vec<String> {
    let kind = match info.kind {
        DeviceKind::Gpu => "gpu",
        DeviceKind::Software => "software",
    };
    let driver = format!("{} {}", info.driver, info.driver_version);
    vec![info.id.clone(), kind.into(), info.name.clone(), info.backend.clone(), driver.trim().to_string()]
}
