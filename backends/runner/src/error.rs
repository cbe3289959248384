//! What can go wrong with a device or a launch: one variant per cause, each with its code.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use source::{Code, Diagnostic, Span};

/// Travels from the worker process to its parent, hence texts instead of wgpu's own errors.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
pub enum RunError {
    /// E0601. No device of that name, or none at all.
    #[error("no device `{wanted}`: {reason}")]
    NoDevice { wanted: String, reason: String },
    /// E0602. The device is there, but its results cannot be trusted.
    #[error("device `{device}` is not used: {reason}")]
    RefusedDevice { device: String, reason: String },
    /// E0603. The driver would not open the device.
    #[error("device `{device}` cannot be opened: {reason}")]
    Open { device: String, reason: String },
    /// E0604. The shader module is not valid.
    #[error("the shader module is not accepted: {reason}")]
    InvalidModule { reason: String },
    /// E0605. The module is valid, but no pipeline can be made of it on this device.
    #[error("no pipeline can be made for `{entry}`: {reason}")]
    Pipeline { entry: String, reason: String },
    /// E0606. The shader compiler panicked.
    #[error("the shader compiler panicked: {reason}")]
    CompilerPanicked { reason: String },
    /// E0607. The device lacks something that the launch needs.
    #[error("the device lacks {what}")]
    Missing { what: String },
    /// E0608. Buffers and bindings do not fit the kernel or the device.
    #[error("the bindings do not fit: {reason}")]
    Bindings { reason: String },
    /// E0609. The device has not enough memory.
    #[error("the device is out of memory for {what}")]
    OutOfMemory { what: String },
    /// E0610. The kernel did not end in time.
    #[error("the kernel did not end within {} s", limit.as_secs_f64())]
    Timeout { limit: Duration },
    /// E0611. The driver took its process down.
    #[error("the device's driver crashed: {reason}")]
    DeviceCrashed { reason: String },
    /// E0612. The driver gave the device up.
    #[error("the device was lost: {reason}")]
    DeviceLost { reason: String },
    /// E0613. The grid is empty or too large.
    #[error("a grid of {} x {} x {} blocks cannot be launched: {reason}", grid[0], grid[1], grid[2])]
    Grid { grid: [u64; 3], reason: String },
    /// E0614. wgpu rejected the dispatch or a copy.
    #[error("the dispatch is not accepted: {reason}")]
    Dispatch { reason: String },
    /// E0615. The worker process could not be started or talked nonsense.
    #[error("the worker process failed: {reason}")]
    Worker { reason: String },
    /// E0616. The launch is right, and too large for this device.
    #[error("the launch is too large for this device: {reason}")]
    TooLarge { reason: String },
}

impl RunError {
    pub fn code(&self) -> Code {
        match self {
            RunError::NoDevice { .. } => Code::E0601,
            RunError::RefusedDevice { .. } => Code::E0602,
            RunError::Open { .. } => Code::E0603,
            RunError::InvalidModule { .. } => Code::E0604,
            RunError::Pipeline { .. } => Code::E0605,
            RunError::CompilerPanicked { .. } => Code::E0606,
            RunError::Missing { .. } => Code::E0607,
            RunError::Bindings { .. } => Code::E0608,
            RunError::OutOfMemory { .. } => Code::E0609,
            RunError::Timeout { .. } => Code::E0610,
            RunError::DeviceCrashed { .. } => Code::E0611,
            RunError::DeviceLost { .. } => Code::E0612,
            RunError::Grid { .. } => Code::E0613,
            RunError::Dispatch { .. } => Code::E0614,
            RunError::Worker { .. } => Code::E0615,
            RunError::TooLarge { .. } => Code::E0616,
        }
    }

    /// As every other stage reports. A launch has no place in the source, so the caller adds one if it knows it.
    pub fn to_diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.code(), self.to_string(), Span::NONE)
    }
}
