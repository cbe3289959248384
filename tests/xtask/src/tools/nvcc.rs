//! NVIDIA's own compiler, which judges whether our samples are CUDA. It needs no GPU. It is used, never shipped.

use std::path::Path;
use std::process::Command;

use super::{Tools, file_in, finished};
use crate::shell::{has, output_of};

/// The compiler brings cicc, headers and runtime along; cccl is Thrust, CUB and libcu++.
const PACKAGES: [&str; 2] = ["nvidia-cuda-nvcc==13.5.37", "nvidia-cuda-cccl==13.3.5.0.6"];

pub fn fetch(tools: &Path, found: &mut Tools) -> Result<(), String> {
    if !has("python3") {
        return Err("this machine has no Python".to_string());
    }
    if !has("g++") {
        return Err("nvcc needs a host compiler and this machine has no g++".to_string());
    }
    let folder = finished(tools, "nvcc-13.5.37", |folder| {
        let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--target"];
        output_of(Command::new("python3").args(options).arg(folder).args(PACKAGES))?;
        output_of(Command::new(file_in(folder, "nvcc")?).arg("--version")).map(drop)
    })?;
    found.set("TRANSLATE_NVCC", file_in(&folder, "nvcc")?);
    Ok(())
}
