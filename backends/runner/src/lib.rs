//! Runs shaders on the devices that wgpu reaches: plain data in, plain data out.
//!
//! * [`devices`] says what is there and what was left out, and why.
//! * [`Device::run`] runs one [`Launch`]: module, constants, buffers, dispatches. Whole programs use the pieces
//!   ([`Device::allocate`], [`Device::prepare`], [`Device::launch`]) and keep their buffers.
//! * [`worker::Worker::has_warps`] tells whether a device's subgroups can be a kernel's warps.
//! * [`worker::Worker`] does the same in a child process, because a kernel that does not end, or kills its driver,
//!   must not take us with it.
//!
//! What must hold: every failure is a [`RunError`] with a code, never a panic and never a result; every result
//! carries its [`Provenance`], because a number proves nothing without device, driver and route.
//!
//! Knows nothing of CUDA, the IR or the translator. Nothing else in the workspace uses wgpu.

mod adapters;
mod buffers;
mod device;
mod error;
mod grid;
mod kernel;
mod launch;
mod run;
mod spirv;
mod subgroups;
mod wgsl;
pub mod worker;

pub use adapters::{Adapter, DeviceInfo, DeviceKind, Devices, LeftOut, Limits, devices};
pub use buffers::DeviceBuffer;
pub use device::Device;
pub use error::RunError;
pub use grid::{FoldedDispatch, fold_grid, launch_uniform};
pub use kernel::PreparedKernel;
pub use launch::{Binding, Checks, Dispatch, Kernel, Launch, Module, Outcome, Phases, Provenance, Route, Slot, SlotKind, Write};
pub use run::{Bound, Timing};
