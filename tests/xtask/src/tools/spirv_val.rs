//! `spirv-val`, which judges every SPIR-V module that we emit.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::apt::{Apt, unpack};
use super::{Tools, file_in, finished};
use crate::shell::output_of;

pub fn fetch(tools: &Path, found: &mut Tools) -> Result<(), String> {
    let folder = finished(tools, "spirv-tools-1", |folder| {
        for deb in Apt::new(tools)?.download(&["spirv-tools"], folder)? {
            unpack(&deb, folder)?;
            fs::remove_file(deb).map_err(|error| error.to_string())?;
        }
        output_of(Command::new(file_in(folder, "spirv-val")?).arg("--version")).map(drop)
    })?;
    found.set("TRANSLATE_SPIRV_VAL", file_in(&folder, "spirv-val")?);
    Ok(())
}
